//! What the own privacy officer found of a decision in an emergency (R9, R35): signed, logged, and the duty is met.

use inbreng_domain::{
    BerichtId, Code, Digest, Oin,
    problem::ProblemCode,
    receipts::{Toetsoordeel, Toetsuitslag},
};
use inbreng_proof::{Typ, sha256};
use inbreng_storage::Plichtuitslag;
use serde::Serialize;

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
    words,
};

/// The record of a review: of which message, what was found, in which function, and the digest of what was signed.
#[derive(Debug, Serialize)]
struct Toetsrecord<'a> {
    bericht: BerichtId,
    organisatie: Oin,
    functie: &'a Code,
    oordeel: Toetsoordeel,
    verklaring: Digest,
}

/// Verifies it and writes it with its leaf. The first counts; the same again changes nothing.
pub(crate) async fn vastleggen(hub: &Hub, van: Oin, bericht: BerichtId, jws: &str) -> Result<(), Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let uitslag: Toetsuitslag = words::ondertekend(jws, Typ::Toetsuitslag, &gids.aangeslotene(van, nu)?.certificaat.key)?;
    if uitslag.organisatie != van || uitslag.bericht != bericht {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    let Toetsuitslag { functie, oordeel, .. } = &uitslag;
    let record = Toetsrecord { bericht, organisatie: van, functie, oordeel: *oordeel, verklaring: sha256(jws.as_bytes()) };
    let blad = leaf::maken(Soort::Toetsuitslag, &record, nu, hub.random.as_ref())?;
    let uitkomst = Code::parse(oordeel.as_str()).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    match hub.store.toets_vastleggen(van, bericht, uitkomst, jws.to_owned(), blad).await? {
        Plichtuitslag::Vastgelegd | Plichtuitslag::AlVastgelegd => Ok(()),
        Plichtuitslag::Onbekend => Err(Fout::new(ProblemCode::NietGevonden)),
    }
}
