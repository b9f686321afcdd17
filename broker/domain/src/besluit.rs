//! A decision, as the policy makes it and as the wire shows it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    Code, Digest, Tijdstip,
    ids::InvalidId,
    macros::{string_newtype, vocabulary},
    vocabulary::{Categorie, Grondslag, Ontvangersoort},
};

vocabulary!(
    /// What is decided for one part, one recipient, one purpose, one moment; strictest last
    /// (`docs/privacy/README.md`, section 0).
    Uitkomst, "uitkomst" {
        /// Deliver.
        Toestaan = "toestaan",
        /// Deliver; obligations travel along.
        ToestaanMetPlicht = "toestaan-met-plicht",
        /// A human must decide first.
        Vragen = "vragen",
        /// Not now.
        Aanhouden = "aanhouden",
        /// No delivery.
        Weigeren = "weigeren",
    }
);

impl Uitkomst {
    /// Whether this outcome delivers.
    #[must_use]
    pub const fn levert(self) -> bool {
        matches!(self, Self::Toestaan | Self::ToestaanMetPlicht)
    }

    /// Whether someone else must act first. A question is its sender's own to answer: held, it would wait for nobody.
    #[must_use]
    pub const fn wacht(self) -> bool {
        matches!(self, Self::Aanhouden)
    }
}

/// A rule of the acceptance test: `R1` … `R44`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegelId(u8);

impl RegelId {
    /// Rule number `n`.
    ///
    /// # Errors
    /// [`InvalidId`] outside 1 to 44.
    pub const fn new(n: u8) -> Result<Self, InvalidId> {
        if n >= 1 && n <= 44 { Ok(Self(n)) } else { Err(InvalidId::new("regel", "R1 tot en met R44")) }
    }

    /// Parses `R8`.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("regel", "R1 tot en met R44");
        let digits = s.strip_prefix('R').filter(|d| !d.starts_with('0') && d.bytes().all(|b| b.is_ascii_digit())).ok_or(RULE)?;
        Self::new(digits.parse().map_err(|_| RULE)?)
    }

    /// The number.
    #[must_use]
    pub const fn nummer(self) -> u8 {
        self.0
    }

    /// `R8`.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(format!("R{}", self.0))
    }
}
string_newtype!(RegelId);

/// A duty that travels with a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Verplichting {
    /// Which duty: `transparantiebericht`, `niet-in-dossier`, `niet-doorverstrekken`, `alleen-inzien`, `toets-achteraf`, ….
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// By when, where there is a term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uiterlijk: Option<Tijdstip>,
}

/// The smallest change that would make it allowed, found by evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Alternatief {
    /// What to change: `grondslag`, `toestemming`, `categorie`, `ontvanger`, `noodzaak`, `eigenaarsbesluit`.
    pub wijziging: Code,
    /// The ground that would carry it, where the change is one of ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// The category that would pass, where the change is one of category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categorie: Option<Categorie>,
    /// The recipient that would be allowed, where the change is one of recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ontvanger: Option<Ontvangersoort>,
    /// What would be decided then.
    pub uitkomst: Uitkomst,
    /// What the sender can do, in plain Dutch (B1).
    pub zin: String,
}

/// The reason in plain Dutch: one sentence for the sender and, where the recipient may not know the reason (R16, R21),
/// another for the recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uitleg {
    /// For the sender.
    pub afzender: String,
    /// For the recipient.
    pub ontvanger: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Besluit {
    /// What is decided.
    pub uitkomst: Uitkomst,
    /// The rules that decided, the one shown first in front.
    pub regels: Vec<RegelId>,
    /// The ground that carried it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// The duties that travel along.
    pub verplichtingen: Vec<Verplichting>,
    /// Why, in plain Dutch.
    pub uitleg: Uitleg,
    /// What would be allowed.
    pub alternatieven: Vec<Alternatief>,
    /// Digest of the policy version that decided.
    pub beleid: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strictest_is_greatest() {
        assert_eq!(Uitkomst::ALL.iter().max(), Some(&Uitkomst::Weigeren));
        assert!(Uitkomst::Aanhouden > Uitkomst::Vragen && Uitkomst::Vragen > Uitkomst::ToestaanMetPlicht);
        assert!(Uitkomst::ALL.iter().filter(|u| u.levert()).count() == 2);
    }

    #[test]
    fn there_are_forty_four_rules() {
        assert_eq!(RegelId::parse("R44").unwrap().nummer(), 44);
        for wrong in ["R0", "R45", "R08", "8", "r8", "R"] {
            assert!(RegelId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
