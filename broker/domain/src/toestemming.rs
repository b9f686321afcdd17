//! Registered consent: of one person, for one owner (R10, R11, R26).

use serde::{Deserialize, Serialize};

use crate::{
    BerichtId, CasusRef, Datum, Oin, PersoonRef, Tijdstip,
    vocabulary::{Categorie, Doel, Gezag, Toestemmingsgever, Toestemmingsstand},
};

/// One statement of the consent register. Statements of the same registrar, person and owner replace each other: the
/// highest `volgnummer` counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Toestemming {
    /// The case.
    pub casus: CasusRef,
    /// The person whose consent it is.
    pub persoon: PersoonRef,
    /// Given, refused or withdrawn.
    pub stand: Toestemmingsstand,
    /// Who said so: a yes counts from who may give it for a person of that age (R26).
    #[serde(default = "betrokkene")]
    pub door: Toestemmingsgever,
    /// Which of those who hold authority said it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gezag: Option<Gezag>,
    /// The day of the incident in which one who holds authority is suspected: a role in it, and no label on a person (R29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_op: Option<Datum>,
    /// Whose information it is about.
    pub eigenaar: Oin,
    /// Who may receive.
    pub ontvangers: Vec<Oin>,
    /// Which categories.
    pub categorieen: Vec<Categorie>,
    /// For which purposes.
    pub doelen: Vec<Doel>,
    /// The highest counts.
    pub volgnummer: u32,
    /// From.
    pub vanaf: Tijdstip,
    /// Until; 12 months by default (R10, PD).
    pub tot: Tijdstip,
    /// The professional's organisation that spoke with the person.
    pub geregistreerd_door: Oin,
    /// The message that holds it.
    pub bericht: BerichtId,
}

/// What was registered before it was said who gave it.
const fn betrokkene() -> Toestemmingsgever {
    Toestemmingsgever::Betrokkene
}
