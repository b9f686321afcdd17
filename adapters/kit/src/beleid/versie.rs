//! Versions as the hub shows them.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort, Versietabel},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A version in a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Versieregel {
    pub versie: Digest,
    pub convenant: ConvenantId,
    pub nummer: u32,
    pub tabellen: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auteur: Option<Oin>,
    pub staat: Versiestaat,
    /// The number of its last step: what is changed is what was seen.
    pub stand: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Versielijst {
    pub versies: Vec<Versieregel>,
}

/// What a simulation found, and its digest, which approvals name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Simulatie {
    pub digest: Digest,
    pub uitslag: Value,
}

/// One step of a version's history.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stap {
    pub nummer: usize,
    pub soort: Versiestapsoort,
    pub tijd: Tijdstip,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<Oin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functie: Option<Beheerfunctie>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verklaring: Option<String>,
}

/// A version with its history.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Versie {
    #[serde(flatten)]
    pub regel: Versieregel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingang: Option<Tijdstip>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volgnummer: Option<u32>,
    pub goedkeuringen: Vec<Oin>,
    pub nodig: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulatie: Option<Simulatie>,
    pub stappen: Vec<Stap>,
}

impl Versie {
    /// Whether it was in force before: it comes back by approvals of that, and needs no further trial.
    pub fn gold_eerder(&self) -> bool {
        let in_kracht = [Versiestapsoort::Activeren, Versiestapsoort::Inlezen];
        self.regel.staat != Versiestaat::Actief && self.stappen.iter().any(|s| in_kracht.contains(&s.soort))
    }
}

/// The content of a version.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Inhoud {
    pub bundel: Value,
    pub tabellen: Vec<Versietabel>,
}

/// What running the tables gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Toets {
    pub geslaagd: bool,
    pub gevallen: usize,
    pub mislukt: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fout: Option<String>,
    #[serde(default)]
    pub tabellen: Vec<Value>,
}
