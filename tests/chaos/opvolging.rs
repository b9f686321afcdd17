//! A new version takes the place of the former while partners send: hubs one after the other, each on the store that the former left,
//! then adapters one after the other (docs/operations/README.md). The former program is of an earlier commit of this repository (`vorige-versie`);
//! `cargo xtask test --only opvolging` builds it and says where it lies.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use inbreng_domain::{Clock, Tijdstip, clock::SystemClock, randomness::SeededRandomness};
use inbreng_harness::{Hub, Regio, wachten_tot};
use serde_json::Value;

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
/// So long a hub of before stands beside a new one: who replaces them by hand is no faster.
const NAAST: Duration = Duration::from_secs(5);

/// The former program, and the mappings that its partners had.
fn vorige() -> (PathBuf, PathBuf) {
    let genoemd = |naam: &str| std::env::var_os(naam).unwrap_or_else(|| panic!("{naam}: cargo xtask test --only opvolging"));
    (genoemd("INBRENG_VORIGE").into(), Path::new(&genoemd("INBRENG_VORIGE_BRON")).join("adapters"))
}

/// A region under the policy that the former program ships: its successor may ask more of a covenant than it knows, and less.
fn regio(programma: &Path) -> Regio {
    let uit = Hub::uitvoeren(programma, &["policy", "export"]);
    assert!(uit.status.success(), "{}", String::from_utf8_lossy(&uit.stderr));
    Regio::van_eerder(serde_json::from_slice(&uit.stdout).unwrap())
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

/// What this hub refused for a while, by its code: none of it is a fault, and all of it is asked again.
fn opgehouden(hub: &Hub) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for regel in hub.logregels("geweigerd") {
        let (status, code) = (regel["status"].as_u64().unwrap(), regel["code"].as_str().unwrap().to_owned());
        assert!(status < 500 || status == 503, "a fault of the hub: {regel}");
        *codes.entry(code).or_default() += 1;
    }
    codes
}

/// When this hub answered 503 to a partner, each time.
fn even_niet(hub: &Hub) -> Vec<Tijdstip> {
    let regels = hub.logregels("geweigerd").into_iter().filter(|regel| regel["status"] == 503);
    regels.map(|regel| regel["tijd"].as_str().unwrap().parse().unwrap()).collect()
}

/// Every adapter.
async fn adapters_vervangen(nacht: &mut Nacht, is_klaar: impl Fn() -> bool) {
    for n in 0..nacht.grond.adapters.len() {
        assert!(nacht.grond.adapters[n].vervangen(Path::new(PROGRAMMA)).await, "adapter {n} did not end well");
        verder(nacht, &is_klaar).await;
    }
}

/// One hub. Gives how long it was away.
async fn hub_vervangen(nacht: &mut Nacht, n: usize) -> Duration {
    let (hub, begin) = (&mut nacht.grond.hubs[n], Instant::now());
    let goed = tokio::task::block_in_place(|| hub.vervangen(Path::new(PROGRAMMA)));
    assert!(goed, "the former did not end well:\n{}", hub.logtekst());
    nacht.grond.hub_gereed(n).await;
    let weg = begin.elapsed();
    nacht.kop_bewaren_van(n).await;
    weg
}

/// Beside a new hub one of before goes on taking messages.
async fn gaat_door(nacht: &Nacht, n: usize, eerder: u64) {
    let hub = &nacht.grond.hubs[n];
    wachten_tot("a hub of before to take a message beside a new one", async || (aangenomen(hub).await > eerder).then_some(()))
        .await;
    tokio::time::sleep(NAAST).await;
}

/// Hubs, then adapters.
async fn opvolgen(mut nacht: Nacht, plan: &[Bericht]) -> Nacht {
    let (mut zenders, klaar) = nacht.laten_zenden(plan, DUUR);
    let is_klaar = || klaar.load(Ordering::SeqCst) == PARTNERS.len();
    verder(&nacht, is_klaar).await;
    let (hubs, begin) = (nacht.grond.hubs.len(), Instant::now());
    for n in 0..hubs {
        let weg = hub_vervangen(&mut nacht, n).await;
        eprintln!("{:>6} ms hub {n} is new, and was away for {} ms", begin.elapsed().as_millis(), weg.as_millis());
        if n + 1 < hubs {
            let eerder = aangenomen(&nacht.grond.hubs[n + 1]).await;
            gaat_door(&nacht, n + 1, eerder).await;
        }
    }
    assert!(!is_klaar(), "all was sent before the hubs were replaced: nothing was tried");
    verder(&nacht, is_klaar).await;
    adapters_vervangen(&mut nacht, is_klaar).await;
    while let Some(einde) = zenders.join_next().await {
        einde.unwrap();
    }
    nacht
}

/// Compares everything, and says what was seen. How many messages were accepted.
async fn afsluiten(nacht: &mut Nacht, plan: &[Bericht]) -> usize {
    let bevestigd = kloppen(nacht, plan).await;
    for (n, hub) in nacht.grond.hubs.iter().enumerate() {
        eprintln!("hub {n} put off: {:?}", opgehouden(hub));
        assert_eq!(even_niet(hub), [], "hub {n} could not serve");
    }
    let duren = nacht.onderweg();
    let (helft, langst) = (duren[duren.len() / 2].as_millis(), duren[duren.len() - 1].as_millis());
    let opgehouden = duren.iter().filter(|duur| duur.as_millis() > 1_000).count();
    eprintln!(
        "{} sent, {bevestigd} accepted: half within {helft} ms, {opgehouden} after more than a second, all in {langst}",
        plan.len()
    );
    bevestigd
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs the former version, RabbitMQ and PostgreSQL: cargo xtask test --only opvolging"]
async fn two_hubs_of_the_former_version_are_replaced_one_by_one() {
    let (programma, mappen) = vorige();
    let grond = Grond::twee_op(&programma, regio(&programma), Vec::new(), (programma.clone(), mappen)).await;
    let (nacht, plan) = beginnen(grond, 300).await;
    let mut nacht = opvolgen(nacht, &plan).await;
    afsluiten(&mut nacht, &plan).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs the former version: cargo xtask test --only opvolging"]
async fn a_store_of_the_former_version_is_opened_where_it_lies() {
    let (programma, mappen) = vorige();
    let grond = Grond::een_op(&programma, regio(&programma), Vec::new(), (programma.clone(), mappen));
    let (nacht, plan) = beginnen(grond, 200).await;
    let mut nacht = opvolgen(nacht, &plan).await;
    let bevestigd = afsluiten(&mut nacht, &plan).await;
    // Every decision of either version comes out the same when it is made again, by the new program under the policy of then.
    let (db, regio) = (nacht.grond.log(), &nacht.grond.regio);
    let (beleid, beheerder) = (regio.pad("voorbeeldregio.jws"), regio.pki.beheerdersmap().ondertekening_pem());
    let (beleid, beheerder) = (beleid.to_str().unwrap(), beheerder.to_str().unwrap());
    let args = ["policy", "replay", "--json", "--alles", "--db", &db, "--convenant", beleid, "--certificaat", beheerder];
    let gezegd = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
    assert!(gezegd.status.success(), "{}{}", String::from_utf8_lossy(&gezegd.stdout), String::from_utf8_lossy(&gezegd.stderr));
    let gezegd: Value = serde_json::from_slice(&gezegd.stdout).unwrap();
    let bevestigd = u64::try_from(bevestigd).unwrap();
    assert!(gezegd["gelijk"].as_u64() >= Some(bevestigd), "{gezegd}, on {bevestigd} messages");
    eprintln!("{} decisions, {} came out the same", gezegd["bekeken"], gezegd["gelijk"]);
}
