//! Trials that need keys of their own, or a false hub: what an intruder would try, and who must refuse it.

use super::setup::Region;

/// The trials, with what they need.
#[derive(Debug)]
pub struct Trials {
    region: Region,
    partners: String,
}

impl Trials {
    /// Trials in this region, against the hub at this address.
    pub const fn new(region: Region, partners: String) -> Self {
        Self { region, partners }
    }

    /// Where partners connect.
    pub fn partners(&self) -> &str {
        &self.partners
    }

    /// Deliveries that a trial itself took, and that so did not go to an own system.
    pub const fn deliveries(&self) -> usize {
        0
    }

    /// Runs a trial; says what was found, or why it failed.
    ///
    /// # Errors
    /// When the intruder got in, or the trial could not be held.
    pub async fn run(&self, name: &str) -> Result<String, String> {
        let _ = &self.region;
        Err(format!("there is no trial {name}"))
    }
}
