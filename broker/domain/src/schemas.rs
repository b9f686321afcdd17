//! The published JSON Schemas (2020-12) of the wire, each with examples whose signatures and digests hold.
//!
//! They bind whoever writes; what this crate reads is tested to be the same. `verklaring` stands open here: its schema
//! belongs to the message type and is the catalogue's.

/// What the names of the schemas begin with. Names, not pages: nothing is ever fetched.
pub const BASIS: &str = "https://inbreng.example/schemas/";

macro_rules! schemas {
    ($($naam:literal),+ $(,)?) => {
        /// Every schema: its name (without `.json`) and its text. `basis` holds the pieces that the others refer to.
        pub const ALL: &[(&str, &str)] = &[$(($naam, include_str!(concat!("../schemas/", $naam, ".json")))),+];
    };
}

schemas!(
    "basis",
    "bericht-envelop",
    "data",
    "bericht",
    "kop",
    "deel",
    "labels",
    "inhoud",
    "deelbewijs",
    "toegangsverklaring",
    "toetsverzoek",
    "toetsantwoord",
    "besluit",
    "aannameantwoord",
    "ontvangstbewijs",
    "levering",
    "postvak",
    "ontvangst",
    "gelezen",
    "weigering",
    "inzageverzoek",
    "toetsuitslag",
    "overzichtverzoek",
    "gidsvermelding",
    "vermelding",
    "sleutelverklaring",
    "opvolging",
    "bevriezing",
    "medeondertekening",
    "checkpoint",
    "beheerhandeling",
    "activering",
    "convenanttekst",
    "toetreding",
    "uittreding",
    "terugroep",
    "herbezorging",
    "nazending",
    "problem",
);

/// The text of one schema.
#[must_use]
pub fn schema(naam: &str) -> Option<&'static str> {
    ALL.iter().find(|(n, _)| *n == naam).map(|(_, tekst)| *tekst)
}
