//! The signed receipt, and the log leaves of a message and its decisions.

use inbreng_domain::{
    BerichtId, DeelId, Digest, Oin, Randomness, RegelId, Tijdstip, Uitkomst,
    antwoorden::{Aannameantwoord, Waarschuwing},
    problem::ProblemCode,
    receipts::{Bewijsbesluit, Ontvangstbewijs},
};
use inbreng_proof::{SigningKey, Typ, digest_of, jws, ontvangstbewijs::Berichtrecord, sha256};
use inbreng_storage::{NieuwBesluit, NieuwBlad};
use serde::Serialize;

use crate::{
    Fout,
    decide::Beslissing,
    leaf::{self, Soort},
};

/// The record behind a decision's leaf: the outcome, and the digest of the full record in the store.
#[derive(Debug, Serialize)]
struct Besluitrecord<'a> {
    bericht: Option<BerichtId>,
    van: Oin,
    deel: Option<DeelId>,
    ontvanger: Oin,
    uitkomst: Uitkomst,
    regels: &'a [RegelId],
    beleid: Digest,
    record: Digest,
}

/// What a receipt is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aangenomen {
    pub(crate) bericht: BerichtId,
    pub(crate) van: Oin,
    pub(crate) digest: Digest,
    pub(crate) op: Tijdstip,
    pub(crate) beleid: Digest,
}

/// The body of the 202, and the message's leaf.
pub(crate) fn maken(
    over: Aangenomen,
    besluiten: Vec<Bewijsbesluit>,
    waarschuwingen: Vec<Waarschuwing>,
    sleutel: &SigningKey,
    random: &dyn Randomness,
) -> Result<(String, NieuwBlad), Fout> {
    let Aangenomen { bericht, van, digest, op, beleid } = over;
    let record =
        Berichtrecord { bericht, van, digest, aangenomen_op: op, beleid, besluiten: digest_of(&besluiten).map_err(intern)? };
    let blad = leaf::maken(Soort::Bericht, &record, op, random)?;
    let bewijs = Ontvangstbewijs { bericht, van, digest, aangenomen_op: op, beleid, besluiten, blad: leaf::opening(&blad) };
    let ontvangstbewijs = jws::sign(sleutel, Typ::Ontvangstbewijs, &bewijs).map_err(intern)?;
    let body = serde_json::to_string(&Aannameantwoord { ontvangstbewijs, besluiten: bewijs.besluiten, waarschuwingen })
        .map_err(intern)?;
    Ok((body, blad))
}

/// Each decision with its leaf.
pub(crate) fn besluiten<'a>(
    van: Oin,
    bericht: Option<BerichtId>,
    beslissingen: impl IntoIterator<Item = &'a Beslissing>,
    nu: Tijdstip,
    random: &dyn Randomness,
) -> Result<(Vec<NieuwBesluit>, Vec<NieuwBlad>), Fout> {
    let (mut opslag, mut bladen) = (Vec::new(), Vec::new());
    for beslissing in beslissingen {
        let nieuw = beslissing.opslag()?;
        let record = Besluitrecord {
            bericht,
            van,
            deel: beslissing.deel,
            ontvanger: beslissing.ontvanger,
            uitkomst: beslissing.besluit.uitkomst,
            regels: &beslissing.besluit.regels,
            beleid: beslissing.besluit.beleid,
            record: sha256(nieuw.record.as_bytes()),
        };
        bladen.push(leaf::maken(Soort::Besluit, &record, nu, random)?);
        opslag.push(nieuw);
    }
    Ok((opslag, bladen))
}

fn intern(error: impl std::error::Error + Send + Sync + 'static) -> Fout {
    Fout::new(ProblemCode::InterneFout).door(error)
}
