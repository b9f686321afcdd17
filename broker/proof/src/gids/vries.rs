//! Freezes of encryption keys: by the organisation itself or by the covenant manager, for ever.

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Bevriezing, Gidsvermelding},
};

use super::build::{CLOCK_SKEW, Gidsfoutsoort};
use crate::{
    certificate::Anchors,
    jws::{self, Typ, VerifyingKey},
};

/// Verifies a freeze. That the certificate of the organisation has expired or was revoked since does not thaw a key: a freeze only takes
/// away from who signed it.
///
/// # Errors
/// [`Gidsfoutsoort`] says why not.
pub fn verify_bevriezing(
    jws: &str,
    anchors: &Anchors,
    convenantbeheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<Bevriezing, Gidsfoutsoort> {
    let gelezen: Bevriezing = jws::unverified_payload(jws).map_err(Gidsfoutsoort::Bevriezing)?;
    let bevriezing: Bevriezing = if gelezen.certificaten.is_empty() {
        jws::verify(jws, Typ::Bevriezing, convenantbeheerder).map_err(Gidsfoutsoort::Bevriezing)?
    } else {
        let keten: Vec<Vec<u8>> = gelezen
            .certificaten
            .iter()
            .map(|text| STANDARD.decode(text).map_err(|_| Gidsfoutsoort::Keten))
            .collect::<Result<_, _>>()?;
        let (oin, sleutel) = anchors.issued_to(&keten)?;
        if oin != gelezen.oin {
            return Err(Gidsfoutsoort::AndereOrganisatie);
        }
        jws::verify(jws, Typ::Bevriezing, &sleutel).map_err(Gidsfoutsoort::Bevriezing)?
    };
    if bevriezing.tijd > nu.plus(CLOCK_SKEW) {
        return Err(Gidsfoutsoort::Toekomst);
    }
    Ok(bevriezing)
}

/// The freezes beside an entry that hold and are of this partner. Others count for nothing: whoever shows them could have left them out.
pub(super) fn bevriezingen(
    gids: &Gidsvermelding,
    oin: Oin,
    anchors: &Anchors,
    beheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Vec<Bevriezing> {
    let gelezen = gids.bevriezingen.iter().filter_map(|jws| verify_bevriezing(jws, anchors, beheerder, nu).ok());
    gelezen.filter(|b| b.oin == oin).collect()
}
