//! Words for who reads how a decision came about: names of rules, steps, duties, fields. No decision depends on them.

use std::collections::BTreeMap;

use inbreng_domain::{Code, RegelId, Uitkomst, vocabulary::Handeling};
use serde::Deserialize;

use crate::{BeleidFout, Laag, Stap};

/// What a rule is called and says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regelnaam {
    /// Its name.
    pub naam: String,
    /// What it says, in one or two sentences.
    pub wat: String,
}

/// What a step is called and asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stapnaam {
    /// Its name.
    pub naam: String,
    /// What it asks.
    pub vraag: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regelnamen {
    regels: BTreeMap<RegelId, Regelnaam>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uitlegwoorden {
    stappen: BTreeMap<Stap, Stapnaam>,
    uitkomsten: BTreeMap<Uitkomst, String>,
    lagen: BTreeMap<Laag, String>,
    plichten: BTreeMap<Code, String>,
    velden: BTreeMap<String, String>,
    handelingen: BTreeMap<Handeling, String>,
    wijzigingen: BTreeMap<Code, String>,
}

/// The words that the project ships, plain Dutch (B1).
pub struct Woordenboek {
    regels: BTreeMap<RegelId, Regelnaam>,
    uitleg: Uitlegwoorden,
}

impl std::fmt::Debug for Woordenboek {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Woordenboek").field("regels", &self.regels.len()).finish_non_exhaustive()
    }
}

impl Woordenboek {
    /// Reads them.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`]; a test holds that there is none.
    pub fn ingebouwd() -> Result<Self, BeleidFout> {
        fn lezen<T: serde::de::DeserializeOwned>(wat: &str, tekst: &str) -> Result<T, BeleidFout> {
            toml::from_str(tekst).map_err(|e| BeleidFout::Onleesbaar { wat: wat.to_owned(), waarom: e.to_string() })
        }
        let Regelnamen { regels } = lezen("zinnen/regelnamen.toml", include_str!("../zinnen/regelnamen.toml"))?;
        Ok(Self { regels, uitleg: lezen("zinnen/uitleg.toml", include_str!("../zinnen/uitleg.toml"))? })
    }

    /// What a rule is called and says.
    #[must_use]
    pub fn regel(&self, regel: RegelId) -> Option<&Regelnaam> {
        self.regels.get(&regel)
    }

    /// Every rule, in order.
    pub fn regels(&self) -> impl Iterator<Item = (RegelId, &Regelnaam)> {
        self.regels.iter().map(|(r, naam)| (*r, naam))
    }

    /// What a step is called and asks.
    #[must_use]
    pub fn stap(&self, stap: Stap) -> Option<&Stapnaam> {
        self.uitleg.stappen.get(&stap)
    }

    /// What an outcome means, as a sentence.
    #[must_use]
    pub fn uitkomst(&self, uitkomst: Uitkomst) -> &str {
        self.uitleg.uitkomsten.get(&uitkomst).map_or(uitkomst.as_str(), String::as_str)
    }

    /// Where a row comes from.
    #[must_use]
    pub fn laag(&self, laag: Laag) -> &str {
        self.uitleg.lagen.get(&laag).map_or(laag.as_str(), String::as_str)
    }

    /// What a duty asks, as a sentence; nothing for a duty of another's making.
    #[must_use]
    pub fn plicht(&self, soort: &Code) -> Option<&str> {
        self.uitleg.plichten.get(soort).map(String::as_str)
    }

    /// What a field of a request is.
    #[must_use]
    pub fn veld(&self, naam: &str) -> Option<&str> {
        self.uitleg.velden.get(naam).map(String::as_str)
    }

    /// What a recipient does.
    #[must_use]
    pub fn handeling(&self, handeling: Handeling) -> &str {
        self.uitleg.handelingen.get(&handeling).map_or(handeling.as_str(), String::as_str)
    }

    /// What can be changed.
    #[must_use]
    pub fn wijziging(&self, wijziging: &Code) -> Option<&str> {
        self.uitleg.wijzigingen.get(wijziging).map(String::as_str)
    }
}
