//! The log as it is shown and proven: signed heads, proofs, and a check of the whole.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwapOption;
use inbreng_domain::{
    Digest, Tijdstip,
    antwoorden::{Checkpointantwoord, Insluitingsbewijs, Logboekcontrole, Samenhangbewijs},
    problem::ProblemCode,
    receipts::Checkpoint,
};
use inbreng_proof::{
    Typ, jws,
    merkle::{self, blad_hash},
};

use crate::{Fout, Hub};

/// Leaves that are read at once.
const BLADZIJDE: u32 = 10_000;

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
    let tijd: Tijdstip = hub.clock.now();
    let checkpoint = jws::sign(&hub.sleutel, Typ::Checkpoint, &Checkpoint { hub: hub.oin, omvang, wortel, tijd })
        .map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
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

/// Computes every leaf from its record, and the root from the leaves, and compares both with what is stored.
pub(crate) async fn controleren(hub: &Hub) -> Result<Logboekcontrole, Fout> {
    let intern = |error: merkle::MerkleError| Fout::new(ProblemCode::InterneFout).door(error);
    let (omvang, bewaard) = hub.store.hoofd().await?;
    let mut nodes: HashMap<(u8, u64), [u8; 32]> = HashMap::new();
    let mut gelezen: u64 = 0;
    let mut eerste_fout = None;
    while gelezen < omvang {
        let rest = u32::try_from(omvang - gelezen).unwrap_or(BLADZIJDE).min(BLADZIJDE);
        let bladen = hub.store.bladen(gelezen, rest).await?;
        if bladen.is_empty() {
            eerste_fout = eerste_fout.or(Some(gelezen));
            break;
        }
        let mut hashes = Vec::with_capacity(bladen.len());
        for (verwacht, blad) in (gelezen..).zip(&bladen) {
            let hash = blad_hash(&blad.zout, blad.record.as_bytes());
            if hash != blad.hash || blad.index != verwacht {
                eerste_fout = eerste_fout.or(Some(verwacht));
            }
            hashes.push(*hash.as_bytes());
        }
        let nieuw = merkle::append(&nodes, gelezen, &hashes).map_err(intern)?;
        nodes.extend(nieuw.into_iter().map(|node| ((node.level, node.index), node.hash)));
        gelezen += u64::try_from(hashes.len()).unwrap_or(u64::MAX);
        // Only the roots of the complete subtrees are needed to go on.
        let nodig: std::collections::HashSet<_> = merkle::nodes_for_root(gelezen).into_iter().collect();
        nodes.retain(|plaats, _| nodig.contains(plaats));
    }
    let wortel = merkle::root(&nodes, gelezen).map_err(intern)?;
    let klopt = eerste_fout.is_none() && gelezen == omvang && wortel == bewaard;
    Ok(Logboekcontrole { bladen: gelezen, wortel, klopt, eerste_fout })
}
