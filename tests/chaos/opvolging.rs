//! A new version takes the place of the former while partners send: hubs one after the other, then adapters one after the other, each on
//! the store that the former left. The former program is of an earlier commit of this repository (`vorige-versie`);
//! `cargo xtask test --only opvolging` builds it and says where it lies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use inbreng_domain::{Clock, clock::SystemClock, randomness::SeededRandomness};
use inbreng_harness::{Hub, Regio};

use crate::{
    getal,
    grond::{Grond, PARTNERS, PROGRAMMA},
    kloppen,
    nacht::Nacht,
    plan::{self, Bericht},
};

/// So many are taken between two steps: both versions have their part in it.
const TUSSEN: usize = 25;
const DUUR: Duration = Duration::from_secs(60);
const GEDULD: Duration = Duration::from_secs(180);

/// The former program, and the mappings that its partners had.
fn vorige() -> (PathBuf, PathBuf) {
    let genoemd = |naam: &str| std::env::var_os(naam).unwrap_or_else(|| panic!("{naam}: cargo xtask test --only opvolging"));
    (genoemd("INBRENG_VORIGE").into(), Path::new(&genoemd("INBRENG_VORIGE_BRON")).join("adapters"))
}

async fn beginnen(grond: Grond, aantal: usize) -> (Nacht, Vec<Bericht>) {
    let seed = getal("INBRENG_SEED").unwrap_or_else(|| u64::try_from(SystemClock.now().unix_millis()).unwrap());
    eprintln!("INBRENG_SEED={seed}");
    let plan = plan::maken(&SeededRandomness::new(seed.wrapping_mul(31).wrapping_add(1)), aantal);
    (Nacht::beginnen(grond, SeededRandomness::new(seed)).await, plan)
}

/// Waits until a good deal more has been taken, or all was sent.
async fn verder(nacht: &Nacht, klaar: impl Fn() -> bool) {
    let (eerder, begin) = (nacht.boek.regels().len(), Instant::now());
    while nacht.boek.regels().len() < eerder + TUSSEN && !klaar() {
        assert!(begin.elapsed() < GEDULD, "nothing comes any more");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many messages this process accepted.
async fn aangenomen(hub: &Hub) -> u64 {
    let bladzijde = reqwest::get(format!("http://{}/metrics", hub.beheer)).await.unwrap().text().await.unwrap();
    let regel = "inbreng_verzoeken_total{methode=\"POST\",route=\"/v1/berichten\",status=\"202\"} ";
    bladzijde.lines().find_map(|r| r.strip_prefix(regel)).map_or(0, |n| n.parse().unwrap())
}

/// One hub is replaced, and what happens goes on.
async fn hub_vervangen(nacht: &mut Nacht, n: usize) {
    let hub = &mut nacht.grond.hubs[n];
    let goed = tokio::task::block_in_place(|| hub.vervangen(Path::new(PROGRAMMA)));
    assert!(goed, "the former did not end well:\n{}", hub.logtekst());
    nacht.kop_bewaren().await;
}

/// What the hubs refused for a while, by its code: none of it is a fault of theirs, and all of it was sent again.
fn opgehouden(nacht: &Nacht) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for hub in &nacht.grond.hubs {
        for regel in hub.logregels("geweigerd") {
            let (status, code) = (regel["status"].as_u64().unwrap(), regel["code"].as_str().unwrap().to_owned());
            assert!(status < 500 || status == 503, "a fault of the hub: {regel}");
            *codes.entry(code).or_default() += 1;
        }
    }
    codes
}

/// Both hubs, and then every adapter.
async fn opvolgen(mut nacht: Nacht, plan: &[Bericht]) -> Nacht {
    let (mut zenders, klaar) = nacht.laten_zenden(plan, DUUR);
    let is_klaar = || klaar.load(Ordering::SeqCst) == PARTNERS.len();
    verder(&nacht, is_klaar).await;
    for n in 0..nacht.grond.hubs.len() {
        let blijvers: Vec<u64> = match nacht.grond.hubs.get(n + 1) {
            Some(blijver) => vec![aangenomen(blijver).await],
            None => Vec::new(),
        };
        hub_vervangen(&mut nacht, n).await;
        verder(&nacht, is_klaar).await;
        // The former version goes on beside the new one, on what that has made of the store.
        for (blijver, eerder) in nacht.grond.hubs[n + 1..].iter().zip(blijvers) {
            assert!(aangenomen(blijver).await > eerder, "the former version accepts nothing any more");
        }
    }
    assert!(!is_klaar(), "all was sent before both hubs were replaced: nothing was tried");
    for n in 0..nacht.grond.adapters.len() {
        assert!(nacht.grond.adapters[n].vervangen(Path::new(PROGRAMMA)).await, "adapter {n} did not end well");
        verder(&nacht, is_klaar).await;
    }
    while let Some(einde) = zenders.join_next().await {
        einde.unwrap();
    }
    nacht
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs the former version, RabbitMQ and PostgreSQL: cargo xtask test --only opvolging"]
async fn two_hubs_of_the_former_version_are_replaced_one_by_one() {
    let (programma, mappen) = vorige();
    let grond = Grond::twee_op(&programma, Regio::maken(), Vec::new(), (programma.clone(), mappen)).await;
    let (nacht, plan) = beginnen(grond, 300).await;
    let mut nacht = opvolgen(nacht, &plan).await;
    let bevestigd = kloppen(&mut nacht, &plan).await;
    eprintln!("{} sent, {bevestigd} accepted, held up: {:?}", plan.len(), opgehouden(&nacht));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs the former version: cargo xtask test --only opvolging"]
async fn a_store_of_the_former_version_is_opened_where_it_lies() {
    let (programma, mappen) = vorige();
    let grond = Grond::een_op(&programma, Regio::maken(), Vec::new(), (programma.clone(), mappen));
    let (nacht, plan) = beginnen(grond, 200).await;
    let mut nacht = opvolgen(nacht, &plan).await;
    let bevestigd = kloppen(&mut nacht, &plan).await;
    eprintln!("{} sent, {bevestigd} accepted, held up: {:?}", plan.len(), opgehouden(&nacht));
    // Every decision of either version is read, and comes out the same when it is made again.
    let (db, uit) = (nacht.grond.log(), nacht.grond.regio.pad("besluiten.jsonl"));
    let gezegd = Hub::uitvoeren(Path::new(PROGRAMMA), &["log", "besluiten", "--db", &db, "--uit", uit.to_str().unwrap()]);
    assert!(gezegd.status.success(), "{}", String::from_utf8_lossy(&gezegd.stderr));
    let regels = std::fs::read_to_string(uit).unwrap().lines().count();
    assert!(regels >= bevestigd, "{regels} decisions on {bevestigd} messages");
}
