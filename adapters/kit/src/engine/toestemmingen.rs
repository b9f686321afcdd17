//! Consent as we know it ourselves: statements (41, 42) that we sent and the hub accepted, or received under a signature
//! that holds. A hub that says that somebody consented is not believed (R10).

use inbreng_domain::{
    Bericht, BerichtId, CasusRef, Oin, Tijdstip, Toestemming, Toestemmingsbericht, Toestemmingsverklaring, TypeNaam,
    vocabulary::Toestemmingsstand,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{concept::Ontvangen, eigenaar::TOESTEMMING_INGETROKKEN};

/// The type by which consent is given or refused (41).
const GEGEVEN: &str = "toestemming-gegeven";

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

/// The consent that a message holds; nothing for other types, and for what cannot be read as consent. A withdrawal has no moments of
/// its own.
pub(super) fn uit(bron: Bron<'_>) -> Option<Toestemming> {
    let ingetrokken = match &*bron.soort.as_str() {
        GEGEVEN => false,
        TOESTEMMING_INGETROKKEN => true,
        _ => return None,
    };
    let verklaring = Toestemmingsverklaring::deserialize(bron.verklaring).ok()?;
    let bericht = Toestemmingsbericht { casus: bron.casus?, van: bron.van, id: bron.id };
    let stand = if ingetrokken { Toestemmingsstand::Ingetrokken } else { verklaring.stand? };
    let periode = (verklaring.vanaf.unwrap_or(bron.tijd), verklaring.tot.unwrap_or(bron.tijd));
    Some(verklaring.registreren(bericht, stand, periode))
}
