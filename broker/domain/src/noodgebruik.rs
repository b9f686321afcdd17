//! How often the emergency path was used (R35): care and speed pull against each other, so that much use is looked at. Counts of
//! months, without any person.

use serde::{Deserialize, Serialize};

use crate::{
    Oin,
    strengheid::{Maand, ONDERGRENS},
    vocabulary::JaNee,
};

/// Above how many messages in a month use is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nooddrempel(u16);

impl Nooddrempel {
    /// `None` where a count above it could be so small that someone is recognised in it (R43).
    #[must_use]
    pub fn new(drempel: u16) -> Option<Self> {
        (u64::from(drempel) + 1 >= ONDERGRENS).then_some(Self(drempel))
    }

    /// The number.
    #[must_use]
    pub fn aantal(self) -> u64 {
        self.0.into()
    }
}

impl Default for Nooddrempel {
    fn default() -> Self {
        Self(5)
    }
}

/// The counts of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noodgebruik {
    /// The month in which the messages were accepted.
    pub maand: Maand,
    /// Use above this is reported.
    pub drempel: u64,
    /// The counts, in order of organisation.
    pub regels: Vec<Noodregel>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noodregel {
    /// Whose professionals decided.
    pub organisatie: Oin,
    /// Messages on the emergency path.
    pub aantal: u64,
    /// Of how many of them its privacy officer recorded the review.
    pub getoetst: u64,
    /// Whether that is above the threshold.
    pub boven: JaNee,
}

impl Noodgebruik {
    /// What an organisation sees: all of its own, small numbers too.
    #[must_use]
    pub fn van(&self, organisatie: Oin) -> Self {
        let regels = self.regels.iter().filter(|r| r.organisatie == organisatie).cloned().collect();
        Self { regels, ..self.clone() }
    }

    /// What is reported to others: only who is above the threshold, which keeps small numbers out (R43).
    #[must_use]
    pub fn boven(&self) -> Self {
        let regels = self.regels.iter().filter(|r| r.boven == JaNee::Ja).cloned().collect();
        Self { regels, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_threshold_lets_a_small_number_out() {
        for (drempel, mag) in [(0, false), (3, false), (4, true), (5, true), (u16::MAX, true)] {
            assert_eq!(Nooddrempel::new(drempel).is_some(), mag, "{drempel}");
        }
    }
}
