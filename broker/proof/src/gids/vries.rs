//! Freezes of encryption keys: by the organisation itself or by the covenant manager, for ever.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Bevriezing, Gidsvermelding, MAX_BEVRIEZING_CERTIFICATEN, Sleutelverklaring, Sleutelvermelding},
};

use super::{
    build::{CLOCK_SKEW, Gidsfoutsoort},
    sign::verklaring_digest,
};
use crate::{
    certificate::Anchors,
    jws::{self, Typ, VerifyingKey},
};

/// Bytes of a freeze (compact JWS): everyone keeps each for ever, and four certificates of a usual size fit.
const GROOTSTE_BEVRIEZING: usize = 24 * 1024;

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
    if jws.len() > GROOTSTE_BEVRIEZING {
        return Err(Gidsfoutsoort::BevriezingGroot);
    }
    let gelezen: Bevriezing = jws::unverified_payload(jws).map_err(Gidsfoutsoort::Bevriezing)?;
    if gelezen.certificaten.len() > MAX_BEVRIEZING_CERTIFICATEN {
        return Err(Gidsfoutsoort::BevriezingGroot);
    }
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

/// Whether a freeze takes anything away that those of before do not: the first of its key by this signer (the organisation or the covenant
/// manager), or one that a further statement in the row does not outlast. What is frozen again in other words is no other freeze, so that
/// a row of statements bounds how many there are: at most two for each statement, XX.
///
/// Nothing is verified here: `eerder` and `nieuw` were.
#[must_use]
pub fn bevriest_meer(sleutels: &[Sleutelvermelding], eerder: &[Bevriezing], nieuw: &Bevriezing) -> bool {
    let zelfde = |b: &&Bevriezing| b.kid == nieuw.kid && b.certificaten.is_empty() == nieuw.certificaten.is_empty();
    let mut eerder = eerder.iter().filter(zelfde).peekable();
    if eerder.peek().is_none() {
        return true;
    }
    let reeks: Vec<_> = sleutels
        .iter()
        .filter_map(|v| {
            let sleutel: Sleutelverklaring = jws::unverified_payload(&v.verklaring).ok()?;
            Some((sleutel.volgnummer, sleutel.kid, verklaring_digest(&v.verklaring)))
        })
        .collect();
    // The numbers of the statements that come after what a freeze names, and on the key that it freezes.
    let weg = |b: &Bevriezing| -> BTreeSet<u32> {
        let laatste = reeks.iter().find(|(.., digest)| *digest == b.laatste).map_or(0, |(nummer, ..)| *nummer);
        let volgende = reeks.iter().filter(|(_, kid, _)| *kid == b.kid).filter_map(|(nummer, ..)| nummer.checked_add(1));
        volgende.filter(|nummer| *nummer > laatste).collect()
    };
    let al: BTreeSet<u32> = eerder.flat_map(weg).collect();
    !weg(nieuw).is_subset(&al)
}
