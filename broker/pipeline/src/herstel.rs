//! A hub that was put back from a copy. It gives out nothing until its partners have sent again what the copy cannot have: a recall
//! that is not in it would undo itself otherwise. That it was put back, who has come in, and since when it gives out again, are
//! leaves of the log, so that nothing of it can be forgotten and every process on one store knows the same.

use std::{
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicBool, Ordering},
};

use inbreng_domain::{
    Clock, Digest, Oin, Randomness, Tijdstip,
    problem::ProblemCode,
    receipts::{Herstelpunt, Nazending},
};
use inbreng_proof::{
    Typ,
    blad::OVERGANG,
    merkle::{nodes_for_root, root},
    sha256,
};
use inbreng_storage::Store;
use serde::{Deserialize, Serialize};

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
    words,
};

/// How far before the newest leaf of the copy a partner begins to send again: its clock is not the hub's.
pub(crate) const MARGE: time::Duration = time::Duration::minutes(10);

/// The record of who has come in.
#[derive(Debug, Serialize, Deserialize)]
struct Nazendingrecord {
    partner: Oin,
    verklaring: Digest,
}

/// The record of giving out again.
#[derive(Debug, Serialize, Deserialize)]
struct Heropeningrecord {
    /// Who was in the directory and had not come in: named by whoever opened the hub without them.
    zonder: BTreeSet<Oin>,
}

/// The last restoration, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Herstelstand {
    /// Which copy.
    pub punt: Herstelpunt,
    /// Who has sent again what it cannot have.
    pub binnen: BTreeSet<Oin>,
    /// Whether the hub gives out again.
    pub heropend: bool,
    /// Who had not come in when it was opened.
    pub zonder: BTreeSet<Oin>,
}

impl Herstelstand {
    /// Whether everyone has sent again what the copy cannot have, also those whom the hub was opened without.
    fn volledig(&self) -> bool {
        self.heropend && self.zonder.is_subset(&self.binnen)
    }
}

/// What a hub process knows of it.
#[derive(Debug)]
pub(crate) struct Herstel {
    punt: Option<Herstelpunt>,
    /// Once it gives out, it does so until the process ends: no store is put back under a running hub.
    open: AtomicBool,
}

impl Herstel {
    pub(crate) async fn lezen(store: &dyn Store) -> Result<Self, Fout> {
        let stand = stand(store).await?;
        let open = AtomicBool::new(stand.as_ref().is_none_or(|s| s.heropend));
        Ok(Self { punt: stand.map(|s| s.punt), open })
    }

    /// The copy that the hub goes on from, where it was put back.
    pub(crate) fn punt(&self) -> Option<Herstelpunt> {
        self.punt.clone()
    }
}

/// The last restoration of a store, where there was one.
///
/// # Errors
/// When the store does not answer.
pub async fn stand(store: &dyn Store) -> Result<Option<Herstelstand>, Fout> {
    Ok(standen(store).await?.pop())
}

/// All restorations of a store, the first in front.
async fn standen(store: &dyn Store) -> Result<Vec<Herstelstand>, Fout> {
    let mut standen: Vec<Herstelstand> = Vec::new();
    for een in store.herstelbladen().await? {
        let (soort, record) = (een.soort.as_str(), een.record.as_str());
        match (soort.as_ref(), standen.last_mut()) {
            ("herstel", _) => standen.push(Herstelstand {
                punt: gelezen(record)?,
                binnen: BTreeSet::new(),
                heropend: false,
                zonder: BTreeSet::new(),
            }),
            ("nazending", Some(stand)) => {
                stand.binnen.insert(gelezen::<Nazendingrecord>(record)?.partner);
            }
            ("heropening", Some(stand)) => {
                stand.heropend = true;
                stand.zonder = gelezen::<Heropeningrecord>(record)?.zonder;
            }
            // Of a restoration that was itself put back to before it.
            _ => {}
        }
    }
    Ok(standen)
}

/// Who is in the directory and has not come in.
///
/// # Errors
/// When the store does not answer.
pub async fn ontbreken(store: &dyn Store, stand: &Herstelstand) -> Result<BTreeSet<Oin>, Fout> {
    let (gids, _) = store.gids().await?;
    Ok(gids.into_iter().map(|regel| regel.oin).filter(|oin| !stand.binnen.contains(oin)).collect())
}

/// Marks a store that was put back from a copy: whatever opens it from now on gives out nothing. Before it is put in its place.
///
/// # Errors
/// When the store does not answer.
pub async fn merken(store: &dyn Store, clock: &dyn Clock, random: &dyn Randomness) -> Result<Herstelpunt, Fout> {
    merken_sinds(store, None, clock, random).await
}

/// The same, of a store that misses something of since then: what came later is asked again too.
///
/// # Errors
/// When the store does not answer.
pub async fn merken_sinds(
    store: &dyn Store,
    sinds: Option<Tijdstip>,
    clock: &dyn Clock,
    random: &dyn Randomness,
) -> Result<Herstelpunt, Fout> {
    let (omvang, wortel) = gekopieerd(store).await?;
    let nu = clock.now();
    // A copy without leaves has nothing: then everything may be lost. What earlier restorations are still owed is owed now.
    let tot = jongste(store).await?.unwrap_or(Tijdstip::from_unix_millis(0));
    let standen = standen(store).await?;
    let nog = standen.iter().rev().take_while(|s| !s.volledig()).map(|s| s.punt.tot);
    let tot = nog.chain(sinds).fold(tot, Tijdstip::min);
    let punt = Herstelpunt { omvang, wortel, tot, op: nu };
    store.bladen_toevoegen(vec![leaf::maken(Soort::Herstel, &punt, nu, random)?]).await?;
    Ok(punt)
}

/// How many leaves the copy has, and their root. The leaf that begins the second form counts for none of the copy where it is the last:
/// it came when the copy was opened, and the hub that the copy is of may have another leaf there.
async fn gekopieerd(store: &dyn Store) -> Result<(u64, Digest), Fout> {
    let (omvang, wortel) = store.hoofd().await?;
    let Some(laatste) = omvang.checked_sub(1) else { return Ok((omvang, wortel)) };
    if store.bladen(laatste, 1).await?.first().is_none_or(|blad| &*blad.soort.as_str() != OVERGANG) {
        return Ok((omvang, wortel));
    }
    let welke = nodes_for_root(laatste);
    let knopen: HashMap<_, _> =
        welke.iter().copied().zip(store.knopen(&welke).await?).filter_map(|(plaats, hash)| Some((plaats, hash?))).collect();
    let wortel = root(&knopen, laatste).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    Ok((laatste, wortel))
}

/// The moment of the newest leaf.
///
/// # Errors
/// When the store does not answer.
pub async fn jongste(store: &dyn Store) -> Result<Option<Tijdstip>, Fout> {
    let (omvang, _) = store.hoofd().await?;
    let Some(index) = omvang.checked_sub(1) else { return Ok(None) };
    Ok(store.bladen(index, 1).await?.pop().map(|blad| blad.tijd))
}

/// Has a hub give out again without those who have not come in. Gives false where who they are is not what was said: nobody is
/// left out unawares.
///
/// # Errors
/// When the store does not answer.
pub async fn heropenen(
    store: &dyn Store,
    zonder: &BTreeSet<Oin>,
    clock: &dyn Clock,
    random: &dyn Randomness,
) -> Result<bool, Fout> {
    let Some(stand) = stand(store).await?.filter(|s| !s.heropend) else { return Ok(true) };
    if ontbreken(store, &stand).await? != *zonder {
        return Ok(false);
    }
    let record = Heropeningrecord { zonder: zonder.clone() };
    store.bladen_toevoegen(vec![leaf::maken(Soort::Heropening, &record, clock.now(), random)?]).await?;
    Ok(true)
}

/// Whether the hub gives out.
pub(crate) async fn geeft_uit(hub: &Hub) -> Result<bool, Fout> {
    if hub.herstel.open.load(Ordering::Acquire) {
        return Ok(true);
    }
    let open = stand(hub.store()).await?.is_none_or(|s| s.heropend);
    hub.herstel.open.store(open, Ordering::Release);
    Ok(open)
}

/// Refuses while the hub gives out nothing.
pub(crate) async fn uitgeven(hub: &Hub) -> Result<(), Fout> {
    if geeft_uit(hub).await? { Ok(()) } else { Err(Fout::new(ProblemCode::KnooppuntHersteld)) }
}

/// A partner has sent again what the copy cannot have. The last one to come in opens the hub. The same word again changes nothing.
pub(crate) async fn nagezonden(hub: &Hub, van: Oin, jws: &str) -> Result<(), Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let sleutel = &gids.aangeslotene(van, nu)?.certificaat.key;
    let nazending: Nazending = words::ondertekend(jws, Typ::Nazending, sleutel)?;
    let stand = stand(hub.store()).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    if nazending.partner != van || nazending.hub != hub.oin || nazending.hersteld != stand.punt {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    if !stand.binnen.contains(&van) {
        let record = Nazendingrecord { partner: van, verklaring: sha256(jws.as_bytes()) };
        hub.store.bladen_toevoegen(vec![leaf::maken(Soort::Nazending, &record, nu, hub.random.as_ref())?]).await?;
        tracing::info!(gebeurtenis = "nagezonden", partner = %van);
    }
    if heropenen(hub.store(), &BTreeSet::new(), hub.clock.as_ref(), hub.random.as_ref()).await? && !stand.heropend {
        tracing::info!(gebeurtenis = "heropend");
    }
    Ok(())
}

fn gelezen<T: for<'a> Deserialize<'a>>(record: &str) -> Result<T, Fout> {
    serde_json::from_str(record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))
}
