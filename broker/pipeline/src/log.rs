//! The log as it is shown and proven: signed heads, proofs, and a check of the whole.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use inbreng_domain::{
    Digest, Tijdstip,
    antwoorden::{Checkpointantwoord, Insluitingsbewijs, Logboekcontrole, Samenhangbewijs},
    problem::ProblemCode,
    receipts::Checkpoint,
};
use inbreng_proof::{Typ, jws};

use crate::{Fout, Hub, Logfout, Narekening};

/// The last head that was signed: a head is signed once per size.
#[derive(Debug, Default)]
pub(crate) struct Kop(ArcSwapOption<(u64, String)>);

/// The newest head, signed.
pub(crate) async fn checkpoint(hub: &Hub) -> Result<Checkpointantwoord, Fout> {
    let (omvang, wortel) = hub.store.hoofd().await?;
    if let Some(laatste) = hub.kop.0.load_full()
        && laatste.0 == omvang
    {
        return Ok(Checkpointantwoord { checkpoint: laatste.1.clone() });
    }
    let (tijd, soort_vanaf): (Tijdstip, _) = (hub.clock.now(), Some(hub.store.soort_vanaf().await?));
    let kop = Checkpoint { hub: hub.oin, omvang, wortel, tijd, soort_vanaf, hersteld: hub.herstel.punt() };
    let checkpoint =
        jws::sign(&hub.sleutel, Typ::Checkpoint, &kop).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    hub.kop.0.store(Some(Arc::new((omvang, checkpoint.clone()))));
    Ok(Checkpointantwoord { checkpoint })
}

/// Proof of a leaf by its hash.
pub(crate) async fn insluiting(hub: &Hub, hash: Digest, omvang: Option<u64>) -> Result<Insluitingsbewijs, Fout> {
    let onbekend = || Fout::new(ProblemCode::NietGevonden);
    let index = hub.store.bladindex(hash).await?.ok_or_else(onbekend)?;
    let omvang = match omvang {
        Some(omvang) => omvang,
        None => hub.store.hoofd().await?.0,
    };
    let pad = hub.store.insluitingsbewijs(index, omvang).await?.ok_or_else(onbekend)?;
    Ok(Insluitingsbewijs { index, omvang, pad })
}

/// Proof that the log only grew.
pub(crate) async fn samenhang(hub: &Hub, van: u64, naar: u64) -> Result<Samenhangbewijs, Fout> {
    let pad = hub.store.samenhangbewijs(van, naar).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    Ok(Samenhangbewijs { van, naar, pad })
}

/// Computes every leaf from its record, every node from its leaves, and compares all of them with what is stored.
pub(crate) async fn controleren(hub: &Hub) -> Result<Logboekcontrole, Fout> {
    let intern = |error: Logfout| Fout::new(ProblemCode::InterneFout).door(error);
    let mut narekening = Narekening::default();
    let fout = match narekening.uit_opslag(hub.store(), hub.clock.now()).await {
        Err(Logfout::Opslag(error)) => return Err(error.into()),
        Err(fout) => Some(fout),
        Ok(()) => None,
    };
    let wortel = narekening.wortel().map_err(intern)?;
    let eerste_fout = fout.as_ref().and_then(Logfout::blad);
    Ok(Logboekcontrole { bladen: narekening.omvang(), wortel, klopt: fout.is_none(), eerste_fout })
}
