//! The one error of the application: a contract on the outside, a cause on the inside.

use std::error::Error;

use inbreng_domain::{
    problem::{Problem, ProblemCode},
    receipts::Bewijsbesluit,
};
use inbreng_storage::StoreError;

/// Why something was not done. Nothing was accepted.
///
/// The outside ([`Fout::problem`]) is what the partner sees; the cause goes to the log only, and holds no data of a
/// message.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct Fout {
    code: ProblemCode,
    pad: Option<String>,
    besluiten: Vec<Bewijsbesluit>,
    #[source]
    bron: Option<Box<dyn Error + Send + Sync>>,
}

impl Fout {
    /// A refusal with this code.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self { code, pad: None, besluiten: Vec::new(), bron: None }
    }

    /// Points at the offending field with a JSON Pointer.
    #[must_use]
    pub fn at(mut self, pad: impl Into<String>) -> Self {
        self.pad = Some(pad.into());
        self
    }

    /// Keeps the cause, for the log.
    #[must_use]
    pub fn door(mut self, bron: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.bron = Some(bron.into());
        self
    }

    /// Says per part and recipient why not, and what would be allowed.
    #[must_use]
    pub fn met_besluiten(mut self, besluiten: Vec<Bewijsbesluit>) -> Self {
        self.besluiten = besluiten;
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        self.code
    }

    /// Where, as a JSON Pointer.
    #[must_use]
    pub fn pad(&self) -> Option<&str> {
        self.pad.as_deref()
    }

    /// Per part and recipient why not.
    #[must_use]
    pub fn besluiten(&self) -> &[Bewijsbesluit] {
        &self.besluiten
    }

    /// What the partner sees.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.code);
        problem.pad.clone_from(&self.pad);
        problem.besluiten.clone_from(&self.besluiten);
        problem
    }
}

impl From<ProblemCode> for Fout {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<StoreError> for Fout {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Unavailable(_) => ProblemCode::OpslagNietBeschikbaar,
            StoreError::Full => ProblemCode::SchijfVol,
            _ => ProblemCode::InterneFout,
        };
        Self::new(code).door(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_stays_inside() {
        let fout = Fout::from(StoreError::Corrupt { what: "berichten.bericht" }).at("/data");
        let outside = serde_json::to_string(&fout.problem()).unwrap();
        assert!(!outside.contains("berichten.bericht"));
        assert!(outside.contains("interne-fout") && outside.contains("/data"));
        assert!(std::error::Error::source(&fout).unwrap().to_string().contains("berichten.bericht"));
    }

    #[test]
    fn a_store_that_is_full_or_gone_says_so() {
        assert_eq!(Fout::from(StoreError::Full).code(), ProblemCode::SchijfVol);
        assert_eq!(Fout::from(StoreError::Unavailable("gone".into())).code(), ProblemCode::OpslagNietBeschikbaar);
    }
}
