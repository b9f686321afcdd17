//! A covenant as the hub shows it to officers' tools. Who it says is a party is not read: the statements are.

use inbreng_domain::{
    ConvenantId, Digest,
    convenant::{Convenanttekst, Partijverklaringsoort},
    versie::Versiestaat,
};
use serde::Deserialize;

/// A covenant.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Inzage {
    pub convenant: ConvenantId,
    pub teksten: Vec<Tekstweergave>,
    pub verklaringen: Vec<Getoond>,
    /// How many statements there are: what is changed is what was seen.
    pub stand: u32,
}

/// A text that can be signed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Tekstweergave {
    pub digest: Digest,
    pub tekst: Convenanttekst,
    pub versies: Vec<Tekstversie>,
}

/// A version that works a text out.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Tekstversie {
    pub versie: Digest,
    pub nummer: u32,
    pub staat: Versiestaat,
}

/// A statement of a party, as it was signed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Getoond {
    pub soort: Partijverklaringsoort,
    pub verklaring: String,
    #[serde(default)]
    pub medeondertekening: Option<String>,
}

/// The covenants, by name.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Convenantlijst {
    pub convenanten: Vec<Convenantregel>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Convenantregel {
    pub convenant: ConvenantId,
}
