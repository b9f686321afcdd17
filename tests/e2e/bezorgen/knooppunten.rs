//! Two hubs on one PostgreSQL and one RabbitMQ, each killed at any moment while partners send to both: nothing that was
//! answered is lost, nothing comes twice in effect, what is sent in one case comes in that order, and the log is one.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use inbreng_harness::{postgres, rabbitmq};

use super::*;
use crate::log_klopt;

/// What asks for the numbers of the bus.
const VRAGEN: &str = concat!(
    include_str!("../../../compose/prometheus/meldingen-bus.yml"),
    include_str!("../../../compose/grafana/inbreng.json"),
    include_str!("../../../docs/operations/failures.md")
);
const ZENDERS: usize = 4;
const RONDEN: usize = 2;

/// The hubs, and where their store is.
fn hubs(regio: &Regio) -> (Vec<Hub>, String) {
    hubs_op(regio, &rabbitmq::tabel())
}

/// The same, on this bus.
pub(super) fn hubs_op(regio: &Regio, bus: &str) -> (Vec<Hub>, String) {
    hubs_met(regio, bus, |tekst| tekst)
}

/// The same, with what else stands in their configuration.
fn hubs_met(regio: &Regio, bus: &str, anders: impl Fn(String) -> String) -> (Vec<Hub>, String) {
    let url = postgres::basis();
    let hub = |naam: &str| {
        let map = postgres::kamer(regio, naam, &url);
        let config = map.join("hub.toml");
        fs::write(&config, format!("{}{HIER}{bus}", anders(fs::read_to_string(&config).unwrap()))).unwrap();
        Hub::in_map(Path::new(PROGRAMMA), &map)
    };
    (["eerste", "tweede"].map(hub).into(), url)
}

/// Sends one message until it is answered, now to this hub and then to the other, always the same bytes.
async fn zeker(bij: &[Deelnemer], bytes: Vec<u8>) {
    for wie in bij.iter().cycle() {
        match wie.proberen(bytes.clone()).await {
            Ok(antwoord) if antwoord.status == 202 => return,
            Ok(antwoord) => assert!(antwoord.status >= 500 || antwoord.status == 429, "{antwoord:?}"),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// One sender, with one case after another, until told to stop. Gives the messages of each case in their order.
async fn zenden(regio: Arc<Regio>, bij: Vec<Deelnemer>, stop: Arc<AtomicBool>) -> Vec<Vec<Brief>> {
    let vt = regio.partner("veilig-thuis");
    let mut casussen = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let mut casus: Vec<Brief> = Vec::new();
        for _ in 0..4 {
            let brief = match casus.first() {
                None => Brief::incidentmelding(&regio, &bij[0].partner, &vt, "Er was ruzie."),
                Some(eerste) => nog_een(&regio, &bij[0], &vt, eerste),
            };
            zeker(&bij, brief.bytes()).await;
            casus.push(brief);
        }
        casussen.push(casus);
    }
    casussen
}

/// Waits until nothing is open any more, as long as it gets less.
pub(super) async fn ontvangen(hubs: &[Hub]) {
    let mut laatst = (u64::MAX, std::time::Instant::now());
    loop {
        let open = hubs[0].tellingen().await["open"].as_u64().unwrap();
        if open == 0 {
            return;
        }
        if open < laatst.0 {
            laatst = (open, std::time::Instant::now());
        }
        let stil = laatst.1.elapsed();
        assert!(stil < Duration::from_secs(30), "{open} stay: {} {}", hubs[0].readyz().await, hubs[1].readyz().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn either_of_two_hubs_may_be_killed_at_any_time_on_rabbitmq() {
    let regio = Arc::new(Regio::maken());
    let (mut hubs, url) = hubs(&regio);
    let vt = Deelnemer::new(&regio, &hubs[0], "veilig-thuis");
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;
    for hub in &hubs {
        wachten_tot("the bus", async || (hub.readyz().await["bus"]["verbonden"] == true).then_some(())).await;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut zenders = tokio::task::JoinSet::new();
    for n in 0..ZENDERS {
        let mut bij: Vec<_> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
        bij.rotate_left(n % 2);
        zenders.spawn(zenden(Arc::clone(&regio), bij, Arc::clone(&stop)));
    }
    for _ in 0..RONDEN {
        for hub in &mut hubs {
            let eerder = punt.gekomen().len();
            wachten_tot("deliveries", async || (punt.gekomen().len() > eerder + 10).then_some(())).await;
            hub.kill_9();
            // The other goes on alone, also with what this one brought.
            let nu = punt.gekomen().len();
            wachten_tot("the other to take over", async || (punt.gekomen().len() > nu + 10).then_some(())).await;
            hub.herstarten();
        }
    }
    stop.store(true, Ordering::SeqCst);
    let casussen: Vec<Vec<Brief>> = zenders.join_all().await.into_iter().flatten().collect();
    let verstuurd = casussen.iter().map(Vec::len).sum::<usize>();

    ontvangen(&hubs).await;
    assert_eq!(hubs[1].tellingen().await["berichten"], verstuurd, "each was accepted once");
    // What came, by the delivery's number, which is how a recipient knows a repetition.
    let mut eerste: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (plek, gekomen) in punt.gekomen().iter().enumerate() {
        let levering = gekomen.levering["id"].as_str().unwrap().to_owned();
        let (_, bericht) = eerste.entry(levering).or_insert_with(|| (plek, gekomen.bericht().to_owned()));
        assert_eq!(bericht, gekomen.bericht());
    }
    let plekken: BTreeMap<String, usize> = eerste.values().map(|(plek, bericht)| (bericht.clone(), *plek)).collect();
    assert_eq!((plekken.len(), eerste.len()), (verstuurd, verstuurd), "each came, under one number");
    for casus in &casussen {
        let volgorde: Vec<usize> = casus.iter().map(|brief| plekken[&brief.id.to_string()]).collect();
        assert!(volgorde.is_sorted(), "{volgorde:?}");
    }
    let kop = Deelnemer::new(&regio, &hubs[0], "politie").checkpoint().await;
    for hub in hubs {
        assert!(hub.stoppen());
    }
    log_klopt(Path::new(&url), &kop, &regio.pki.knooppuntmap().ondertekening_pem());
}

/// One of them brings to a recipient, whichever accepts; and the hubs say how it stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn two_hubs_divide_the_work_and_say_so_on_rabbitmq() {
    let regio = Regio::maken();
    let (hubs, _) = hubs(&regio);
    wachten_tot("the work to be divided", async || {
        let (a, b) = (hubs[0].readyz().await, hubs[1].readyz().await);
        (a["bus"]["aandelenHier"] == 8 && b["bus"]["aandelenHier"] == 8).then_some(())
    })
    .await;
    let partners: Vec<Deelnemer> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
    let vt = Deelnemer::new(&regio, &hubs[0], "veilig-thuis");
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;
    for n in 0..20 {
        let politie = &partners[n % 2];
        let brief = melding(&regio, politie, &vt.partner);
        sturen(politie, &brief).await;
        wordt(politie, &brief, &vt, "ontvangen").await;
    }
    assert_eq!(punt.gekomen().len(), 20, "nobody else tried beside it");
    for hub in &hubs {
        assert_eq!(hub.readyz().await["gereed"], true);
        let metrics = reqwest::get(format!("http://{}/metrics", hub.beheer)).await.unwrap().text().await.unwrap();
        assert!(metrics.contains("inbreng_bus_verbonden 1\n") && metrics.contains("uitkomst=\"teruggekomen\"} 0"), "{metrics}");
        let gevraagd = VRAGEN.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).filter(|w| w.starts_with("inbreng_bus_"));
        for naam in gevraagd {
            assert!(metrics.contains(naam), "{naam} is asked for and not shown in\n{metrics}");
        }
        let config = hub.map().join("hub.toml");
        let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &["check", "--config", config.to_str().unwrap(), "--json"]);
        let bevindingen: Value = serde_json::from_slice(&uit.stdout).unwrap();
        let van_de_bus = |b: &&Value| b["sleutel"].as_str().unwrap().starts_with("bus");
        assert_eq!(bevindingen["bevindingen"].as_array().unwrap().iter().find(van_de_bus), None);
    }
    // A password that is none: the hub would start and go on without; whoever looks is told.
    let fout = hubs[0].map().join("fout.toml");
    let tekst = fs::read_to_string(hubs[0].map().join("hub.toml")).unwrap();
    let regel = tekst.lines().find(|r| r.starts_with("wachtwoord_bestand")).unwrap().to_owned();
    fs::write(hubs[0].map().join("leeg"), "verkeerd").unwrap();
    fs::write(&fout, tekst.replace(&regel, "wachtwoord_bestand = \"leeg\"")).unwrap();
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &["check", "--config", fout.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&uit.stdout).contains("bus.urls"), "{uit:?}");
}

/// What a partner used at one hub, the other takes out of its own bucket: asking at both gives no more than asking at one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn two_hubs_hold_a_partner_to_one_measure_on_rabbitmq() {
    const TEGELIJK: usize = 1000;
    let regio = Regio::maken();
    let (hubs, _) = hubs_met(&regio, &rabbitmq::tabel(), |tekst| {
        let ruim = "\nper_seconde = 1000000\ntegelijk = 1000000\n";
        assert!(tekst.contains(ruim), "{tekst}");
        tekst.replace(ruim, &format!("\nper_seconde = 1\ntegelijk = {TEGELIJK}\n"))
    });
    for hub in &hubs {
        wachten_tot("the bus", async || (hub.readyz().await["bus"]["verbonden"] == true).then_some(())).await;
    }
    let bij: Vec<Deelnemer> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
    let vragen = async |wie: &Deelnemer| wie.ophalen("gids", "/routering/0518").await.status;
    let mut hier = 0;
    while vragen(&bij[0]).await == 200 {
        hier += 1;
        assert!(hier < 2 * TEGELIJK, "a flood that nobody holds");
    }
    assert!(hier >= TEGELIJK - 10, "{hier}");
    // The other hears of it before it has given much more itself; alone it would give as much again.
    let mut daar = 0;
    while vragen(&bij[1]).await == 200 {
        daar += 1;
    }
    assert!(daar < TEGELIJK / 2, "{hier} here and {daar} there");
    // Of another partner they have heard nothing.
    let om = Deelnemer::new(&regio, &hubs[1], "om");
    assert_eq!(vragen(&om).await, 200);
}
