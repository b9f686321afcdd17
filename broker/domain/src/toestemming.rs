//! Registered consent: of one person, for one owner (R10, R11, R26).

use serde::{Deserialize, Serialize};

use crate::{
    BerichtId, CasusRef, Datum, Oin, PersoonRef, Tijdstip,
    vocabulary::{Categorie, Doel, Gezag, Toestemmingsgever, Toestemmingsstand},
};

/// One statement of the consent register. Statements of the same registrar, person and owner replace each other: the
/// highest `volgnummer` counts, a withdrawal only for what it names (R11).
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

/// What consent that is given or refused (41) and its withdrawal (42) say, in `verklaring`: the members that count. Their schemas have
/// judged the whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Toestemmingsverklaring {
    /// The person whose consent it is.
    pub persoon: PersoonRef,
    /// Given or refused; a withdrawal has none.
    pub stand: Option<Toestemmingsstand>,
    /// Who said so.
    pub door: Toestemmingsgever,
    /// Which of those who hold authority said it, where one did.
    pub gezag: Option<Gezag>,
    /// The day of the incident in which one who holds authority is suspected.
    pub incident_op: Option<Datum>,
    /// Whose information it is about.
    pub eigenaar: Oin,
    /// Who may, or may not, receive.
    pub ontvangers: Vec<Oin>,
    /// Which categories.
    pub categorieen: Vec<Categorie>,
    /// For which purposes.
    pub doelen: Vec<Doel>,
    /// The highest counts.
    pub volgnummer: u32,
    /// From; a withdrawal has none.
    pub vanaf: Option<Tijdstip>,
    /// Until; a withdrawal has none.
    pub tot: Option<Tijdstip>,
}

/// The message that a statement of consent came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toestemmingsbericht {
    /// Its case.
    pub casus: CasusRef,
    /// Who sent it: the organisation that spoke with the person.
    pub van: Oin,
    /// Its id.
    pub id: BerichtId,
}

impl Toestemmingsverklaring {
    /// As it stands in the register, with this period.
    #[must_use]
    pub fn registreren(
        self,
        bericht: Toestemmingsbericht,
        stand: Toestemmingsstand,
        (vanaf, tot): (Tijdstip, Tijdstip),
    ) -> Toestemming {
        let Self { persoon, door, gezag, incident_op, eigenaar, ontvangers, categorieen, doelen, volgnummer, .. } = self;
        Toestemming {
            casus: bericht.casus,
            persoon,
            stand,
            door,
            gezag,
            incident_op,
            eigenaar,
            ontvangers,
            categorieen,
            doelen,
            volgnummer,
            vanaf,
            tot,
            geregistreerd_door: bericht.van,
            bericht: bericht.id,
        }
    }
}
