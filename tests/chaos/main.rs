//! Chaos: a night of messages between four partners in which processes are killed and stand still, lines are cut, and the partners'
//! own systems are busy or lose an answer. Afterwards the ledger that the own systems kept agrees with what they sent: nothing lost,
//! nothing twice, order kept per case and lane, nothing that was refused has arrived, and the log is whole.
//!
//! One suite on two grounds: a hub with a store of its own, and two hubs that share a PostgreSQL and a RabbitMQ.
//!
//! By the seed that is printed (`INBRENG_SEED`) the same messages are sent, the same things go wrong in the same order and the same
//! pauses are taken; where in their work that finds the processes, the machine decides. `INBRENG_CHAOS_BERICHTEN` says how many
//! messages one hub gets, `INBRENG_CHAOS_MINUTEN` for how long two hubs get them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails where it stands"
)]

mod grond;
mod grootboek;
mod lijn;
mod merk;
mod nacht;
mod opvolging;
mod plan;
mod storing;

use std::{collections::BTreeMap, time::Duration};

use inbreng_domain::{Clock, Randomness, clock::SystemClock, randomness::SeededRandomness};

use grond::Grond;
use grootboek::Regel;
use nacht::Nacht;
use plan::Bericht;

/// How many messages where nothing else is said: what a debug build does within a minute.
const BERICHTEN: usize = 240;
/// How many each minute where two hubs go on for minutes.
const PER_MINUUT: usize = 240;

/// One of so many.
fn kies(toeval: &SeededRandomness, uit: usize) -> usize {
    let mut bytes = [0; 8];
    toeval.fill(&mut bytes);
    usize::try_from(u64::from_le_bytes(bytes) % uit as u64).unwrap()
}

/// True so many times in a hundred.
fn kans(toeval: &SeededRandomness, op_honderd: u64) -> bool {
    kies(toeval, 100) < usize::try_from(op_honderd).unwrap()
}

fn getal(naam: &str) -> Option<u64> {
    std::env::var(naam).ok().and_then(|s| s.parse().ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_ledger_of_the_partners_agrees_after_a_night_of_kills() {
    let aantal = getal("INBRENG_CHAOS_BERICHTEN").map_or(BERICHTEN, |n| usize::try_from(n).unwrap());
    overleven(Grond::een(), aantal, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn the_ledger_agrees_after_two_hubs_lost_each_other_and_everything_else_on_rabbitmq() {
    let minuten = getal("INBRENG_CHAOS_MINUTEN").unwrap_or(1);
    let aantal = PER_MINUUT * usize::try_from(minuten).unwrap();
    overleven(Grond::twee().await, aantal, Duration::from_secs(60 * minuten)).await;
}

/// A night on a ground: so many messages over this time.
async fn overleven(grond: Grond, aantal: usize, duur: Duration) {
    let seed = getal("INBRENG_SEED").unwrap_or_else(|| u64::try_from(SystemClock.now().unix_millis()).unwrap());
    eprintln!("INBRENG_SEED={seed} for {aantal} messages over {} s", duur.as_secs());
    // Each with chance of its own, so that one does not shift the other's.
    let toeval = |wat: u64| SeededRandomness::new(seed.wrapping_mul(31).wrapping_add(wat));
    let plan = plan::maken(&toeval(1), aantal);

    let mut nacht = Nacht::beginnen(grond, toeval(2)).await;
    nacht.doorstaan(&plan, duur, &toeval(3)).await;
    let bevestigd = kloppen(&mut nacht, &plan).await;
    let gebracht = nacht.gebracht();
    assert!(gebracht > 0, "nothing was brought to {}", grond::GEBRACHT);
    eprintln!("{} sent, {bevestigd} accepted, {gebracht} brought, {} times something went wrong", plan.len(), nacht.storingen);
}

/// Waits until it is quiet, and compares everything. How many were accepted.
async fn kloppen(nacht: &mut Nacht, plan: &[Bericht]) -> usize {
    let standen = nacht.tot_rust(plan).await;
    let regels = nacht.boek.regels();
    aangekomen(plan, &standen, &nacht.boek.per_bericht());
    op_volgorde(plan, &regels);
    let bevestigd = standen.values().filter(|s| *s == "bevestigd").count();
    nacht.hub_klopt(bevestigd).await;
    bevestigd
}

/// Every message that was confirmed was taken by its recipient, under one delivery, and by nobody else; what was refused by
/// nobody. And exactly that was refused which should be.
fn aangekomen(
    plan: &[Bericht],
    standen: &BTreeMap<usize, String>,
    genomen: &BTreeMap<usize, std::collections::BTreeSet<(String, String)>>,
) {
    for bericht in plan {
        let bij: Vec<&str> = genomen.get(&bericht.nummer).into_iter().flatten().map(|(bij, _)| bij.as_str()).collect();
        let verwacht: Vec<&str> = bericht.aan().into_iter().collect();
        assert_eq!(bij, verwacht, "who took it, each once: {bericht:?}");
        let stand = if bericht.aan().is_some() { "bevestigd" } else { "geweigerd" };
        assert_eq!(standen[&bericht.nummer], stand, "what its sender was told: {bericht:?}");
    }
    assert_eq!(genomen.keys().filter(|n| **n >= plan.len()).count(), 0, "nobody took what nobody sent");
}

/// Within a case, a lane, a sender and a recipient, what was sent first was taken first.
fn op_volgorde(plan: &[Bericht], regels: &[Regel]) {
    let mut laatste = BTreeMap::new();
    for regel in regels {
        let bericht = &plan[regel.nummer];
        let Some(zaak) = bericht.zaak else { continue };
        let baan = (bericht.van(), regel.bij.as_str(), zaak, bericht.acuut);
        if let Some(eerder) = laatste.insert(baan, regel.nummer) {
            assert!(eerder < regel.nummer, "{} came after {eerder} in {baan:?}", regel.nummer);
        }
    }
    assert!(laatste.len() < regels.len(), "no case had two messages: nothing was tried");
}
