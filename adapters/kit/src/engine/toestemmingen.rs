//! Consent as we know it ourselves: statements (41, 42) that we sent and the hub accepted, or received under a signature
//! that holds. A hub that says that somebody consented is not believed (R10).

use inbreng_domain::{
    Bericht, BerichtId, CasusRef, Datum, Oin, PersoonRef, Tijdstip, Toestemming, TypeNaam,
    vocabulary::{Categorie, Doel, Gezag, Toestemmingsgever, Toestemmingsstand},
};
use serde::Deserialize;
use serde_json::Value;

use crate::concept::Ontvangen;

/// The type by which consent is withdrawn (42): its statement has the scope, and no moment of its own.
const INGETROKKEN: &str = "toestemming-ingetrokken";
/// The type by which consent is given or refused (41).
const GEGEVEN: &str = "toestemming-gegeven";

/// The members of both statements that count; their schemas have judged the whole.
#[derive(Debug, Deserialize)]
struct Verklaring {
    persoon: PersoonRef,
    #[serde(default)]
    stand: Option<Toestemmingsstand>,
    door: Toestemmingsgever,
    #[serde(default)]
    gezag: Option<Gezag>,
    #[serde(default, rename = "incidentOp")]
    incident_op: Option<Datum>,
    eigenaar: Oin,
    ontvangers: Vec<Oin>,
    categorieen: Vec<Categorie>,
    doelen: Vec<Doel>,
    volgnummer: u32,
    #[serde(default)]
    vanaf: Option<Tijdstip>,
    #[serde(default)]
    tot: Option<Tijdstip>,
}

/// A message that may hold consent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bron<'a> {
    pub id: BerichtId,
    pub soort: &'a TypeNaam,
    pub casus: Option<CasusRef>,
    pub van: Oin,
    pub tijd: Tijdstip,
    pub verklaring: &'a Value,
}

impl<'a> Bron<'a> {
    /// An own message, as it was signed.
    pub(super) fn eigen(bericht: &'a Bericht) -> Self {
        let Bericht { id, casus, van, tijd, verklaring, .. } = bericht;
        Self { id: *id, soort: bericht.berichttype.naam(), casus: *casus, van: *van, tijd: *tijd, verklaring }
    }

    /// One that was received, verified.
    pub(super) fn ontvangen(ontvangen: &'a Ontvangen) -> Self {
        let Ontvangen { bericht, soort, casus, van, tijd, verklaring, .. } = ontvangen;
        let casus = casus.as_ref().map(|c| c.verwijzing);
        Self { id: *bericht, soort, casus, van: van.oin, tijd: *tijd, verklaring }
    }
}

/// The consent that a message holds; nothing for other types, and for what cannot be read as consent.
pub(super) fn uit(bron: Bron<'_>) -> Option<Toestemming> {
    let ingetrokken = match &*bron.soort.as_str() {
        GEGEVEN => false,
        INGETROKKEN => true,
        _ => return None,
    };
    let Verklaring {
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
    } = Verklaring::deserialize(bron.verklaring).ok()?;
    Some(Toestemming {
        casus: bron.casus?,
        persoon,
        stand: if ingetrokken { Toestemmingsstand::Ingetrokken } else { stand? },
        door,
        gezag,
        incident_op,
        eigenaar,
        ontvangers,
        categorieen,
        doelen,
        volgnummer,
        vanaf: vanaf.unwrap_or(bron.tijd),
        tot: tot.unwrap_or(bron.tijd),
        geregistreerd_door: bron.van,
        bericht: bron.id,
    })
}
