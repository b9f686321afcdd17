//! A covenant as its makers write it down: who signed, who takes what, which routes; and the national minimum beside it.

use serde::{Deserialize, Serialize};

use inbreng_domain::{
    ConvenantId, Tijdstip,
    vocabulary::{Categorie, Partnertype},
};

use crate::{
    BeleidFout,
    bundel::{Instellingen, Ondertekenaars, Rij, Route, Standaardontvangers},
};

/// The source of a covenant: TOML under `convenanten/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convenantbron {
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// The version of its policy, counting up.
    pub versie: u32,
    /// From when it is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// Who signed.
    pub ondertekenaars: Ondertekenaars,
    /// Partner types that may receive on the emergency path (R35).
    pub noodontvangers: Vec<Partnertype>,
    /// Categories that the covenant is no ground for (R8).
    pub buiten_convenant: Vec<Categorie>,
    /// Project defaults, where they differ.
    #[serde(default)]
    pub instellingen: Instellingen,
    /// Who fills a role in a municipality.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Who receives a type when the sender names nobody.
    #[serde(default)]
    pub ontvangers: Vec<Standaardontvangers>,
    /// Stricter rows of the region and of organisations: they hold back, they never allow.
    #[serde(default)]
    pub rijen: Vec<Rij>,
}

impl Convenantbron {
    /// Reads a source.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`] with place and reason.
    pub fn lezen(toml: &str) -> Result<Self, BeleidFout> {
        toml::from_str(toml).map_err(|e| BeleidFout::Onleesbaar { wat: "the covenant source".to_owned(), waarom: e.to_string() })
    }
}
