//! No room: a store that may not grow, a disk that is full, of a hub and of an adapter. Whoever brings something is told so and keeps
//! it; what is there is read and goes on; and when there is room again everything does, without anybody starting anything.

use std::{collections::BTreeSet, path::Path};

use inbreng_domain::ProblemCode;
use inbreng_harness::{Adapter, Brief, Deelnemer, Hub, Regio, Schijf, wachten_tot};
use serde_json::{Value, json};

use crate::{PROGRAMMA, log_klopt, mutatie};

const PAD: &str = "/mutaties/huiselijk-geweld";
/// Messages that must be enough to fill what is left.
const GENOEG: usize = 400;

fn melding(regio: &Regio, van: &Deelnemer, aan: &Deelnemer) -> Brief {
    Brief::incidentmelding(regio, &van.partner, &aan.partner, &"Er was ruzie, en hij bleef staan. ".repeat(60))
}

/// Sends until there is no room. What was accepted, and the first that was not.
async fn vullen(regio: &Regio, van: &Deelnemer, aan: &Deelnemer) -> (Vec<String>, Brief) {
    let mut aangenomen = Vec::new();
    for _ in 0..GENOEG {
        let brief = melding(regio, van, aan);
        let antwoord = van.sturen(brief.bytes()).await;
        if antwoord.status == 202 {
            aangenomen.push(brief.id.to_string());
            continue;
        }
        let problem = antwoord.probleem();
        assert_eq!((problem.code, problem.status), (ProblemCode::SchijfVol, 507));
        return (aangenomen, brief);
    }
    panic!("never full");
}

fn berichten(postvak: &[Value]) -> BTreeSet<String> {
    postvak.iter().map(|l| l["bericht"]["id"].as_str().unwrap().to_owned()).collect()
}

/// Everything in a mailbox, of which one look gives a part.
async fn alles(wie: &Deelnemer) -> BTreeSet<String> {
    let (mut gezien, mut na) = (BTreeSet::new(), String::new());
    loop {
        let bladzij = wie.ophalen("postvak", &format!("/postvak?wacht=0{na}")).await.met_status(200).json();
        let leveringen = bladzij["leveringen"].as_array().unwrap();
        gezien.extend(berichten(leveringen));
        match bladzij["verder"].as_str() {
            Some(verder) if !leveringen.is_empty() => na = format!("&na={verder}"),
            _ => return gezien,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_may_not_grow_says_507_and_what_is_signed_for_makes_room() {
    let regio = Regio::maken();
    let map = regio.kamer("krap", "");
    let config = map.join("hub.toml");
    let tekst = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, tekst.replace("pad = \"hub.sqlite\"", "pad = \"hub.sqlite\"\ngrootste_mib = 2")).unwrap();
    let hub = Hub::in_map(Path::new(PROGRAMMA), &map);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let (aangenomen, vol) = vullen(&regio, &politie, &vt).await;
    assert_eq!(alles(&vt).await, aangenomen.iter().cloned().collect(), "all that was accepted, and nothing of what was not");
    assert_eq!(hub.readyz().await["gereed"], true, "it reads, and brings");
    assert_eq!(hub.getal("inbreng_opslag_hoogstens_bytes").await, 2 << 20);
    let gebruikt = hub.getal("inbreng_opslag_bytes").await;
    assert!((18 << 20) / 10 < gebruikt && gebruikt <= 2 << 20, "whoever watches sees that it is full: {gebruikt}");
    assert_eq!(hub.getal("inbreng_verzoeken_geweigerd_total{code=\"schijf-vol\"}").await, 1);
    for levering in vt.postvak().await {
        vt.ontvangen(&levering).await;
    }
    let _accepted = politie.sturen(vol.bytes()).await.met_status(202);
    assert_eq!(hub.tellingen().await["berichten"], aangenomen.len() + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a file system of its own: cargo xtask test --only schijf"]
async fn a_hub_on_a_full_disk_refuses_by_507_reads_and_goes_on_by_itself() {
    let regio = Regio::maken();
    let schijf = Schijf::maken(&regio.pad("vol"));
    let hub = Hub::in_kamer(Path::new(PROGRAMMA), &regio, "vol", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let adapter = Adapter::starten(Path::new(PROGRAMMA), &regio, "politie", hub.adres).await;
    let mut verwacht = BTreeSet::new();
    for _ in 0..3 {
        let brief = melding(&regio, &politie, &vt);
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        verwacht.insert(brief.id.to_string());
    }
    let _token_while_there_is_room = vt.postvak().await;

    schijf.vol(true);
    let (aangenomen, vol) = vullen(&regio, &politie, &vt).await;
    verwacht.extend(aangenomen);
    assert_eq!(alles(&vt).await, verwacht, "what was accepted is read; nothing is half there");
    let stand = hub.readyz().await;
    assert!(stand["opslag"] == true && hub.getal("inbreng_leveringen_open").await > 0, "{stand}");
    // An adapter keeps what its own system gave it.
    let (status, antwoord) = adapter.sturen(PAD, &mutatie(1)).await;
    assert_eq!(status, 202, "{antwoord}");
    wachten_tot("the hub to have refused it", async || {
        let vol = hub.logregels("geweigerd").iter().filter(|r| r["code"] == "schijf-vol").count();
        (vol > 1).then_some(())
    })
    .await;

    schijf.vol(false);
    let _accepted = politie.sturen(vol.bytes()).await.met_status(202);
    adapter.rust().await;
    verwacht.insert(vol.id.to_string());
    verwacht.insert(antwoord["bericht"].as_str().unwrap().to_owned());
    assert_eq!(alles(&vt).await, verwacht, "each once");
    for levering in vt.postvak().await {
        vt.ontvangen(&levering).await;
    }
    assert_eq!(hub.tellingen().await["berichten"], verwacht.len());
    assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], json!([]));
    let (kop, map) = (politie.checkpoint().await, hub.map().to_owned());
    assert!(hub.stoppen());
    log_klopt(&map.join("hub.sqlite"), &kop, &regio.pki.knooppuntmap().ondertekening_pem());
}

/// An adapter whose store stands on a disk of its own; its log does not.
async fn op_schijf(regio: &Regio, naam: &str, hub: &Hub) -> (Schijf, Adapter) {
    let map = regio.pad(&format!("adapter-{naam}"));
    let schijf = Schijf::maken(&map);
    std::os::unix::fs::symlink(regio.pad(&format!("{naam}.log")), map.join("adapter.log")).unwrap();
    (schijf, Adapter::starten(Path::new(PROGRAMMA), regio, naam, hub.adres).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a file system of its own: cargo xtask test --only schijf"]
async fn an_adapter_on_a_full_disk_takes_nothing_from_its_own_system_and_the_first_again_when_there_is_room() {
    let regio = Regio::maken();
    let hub = crate::hub(&regio, "hub", "");
    let vt = Deelnemer::new(&regio, &hub, "veilig-thuis");
    let (schijf, adapter) = op_schijf(&regio, "politie", &hub).await;
    let (mut verwacht, mut nummer) = (BTreeSet::new(), 0);
    for _keer in 0..2 {
        schijf.vol(true);
        let (mut geweigerd, einde) = (0, nummer + GENOEG);
        while geweigerd < 3 {
            assert!(nummer < einde, "never full");
            let (status, antwoord) = adapter.sturen(PAD, &mutatie(nummer)).await;
            if status == 202 {
                verwacht.insert(antwoord["bericht"].as_str().unwrap().to_owned());
                nummer += 1;
                continue;
            }
            assert_eq!((status, &antwoord["code"]), (503, &json!("opslag-niet-beschikbaar")), "{antwoord}");
            assert!(antwoord["detail"].as_str().unwrap().starts_with("De schijf van de adapter is vol."), "{antwoord}");
            geweigerd += 1;
        }
        schijf.vol(false);
        let (status, antwoord) = adapter.sturen(PAD, &mutatie(nummer)).await;
        assert_eq!(status, 202, "{antwoord}");
        verwacht.insert(antwoord["bericht"].as_str().unwrap().to_owned());
        nummer += 1;
    }
    adapter.rust().await;
    assert_eq!(alles(&vt).await, verwacht, "each once, and nothing of what was refused");
    assert_eq!(hub.tellingen().await["berichten"], nummer);
    assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a file system of its own: cargo xtask test --only schijf"]
async fn an_adapter_on_a_full_disk_signs_for_nothing_and_takes_everything_when_there_is_room() {
    let regio = Regio::maken();
    let hub = crate::hub(&regio, "hub", "");
    let politie = Deelnemer::new(&regio, &hub, "politie");
    let (schijf, mut adapter) = op_schijf(&regio, "veilig-thuis", &hub).await;
    let vt = regio.partner("veilig-thuis");
    let sturen = async || {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt, "Er was ruzie, en hij bleef staan.");
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        brief.id.to_string()
    };
    let mut verwacht = BTreeSet::from([sturen().await]);
    wachten_tot("the first to be there", async || (adapter.postbus().await.len() == 1).then_some(())).await;
    // A write-ahead log that it has is room too: after this it begins a new one.
    assert!(adapter.ten_einde());
    adapter.herstarten().await;

    schijf.vol(true);
    while !adapter.logtekst().contains("disk of the adapter's store is full") {
        assert!(verwacht.len() < GENOEG, "never full");
        verwacht.insert(sturen().await);
    }
    for _ in 0..5 {
        verwacht.insert(sturen().await);
    }
    let gehouden = berichtnummers(&adapter.postbus().await);
    assert!(gehouden.len() < verwacht.len() && gehouden.is_subset(&verwacht), "{gehouden:?}");
    let open = hub.getal("inbreng_leveringen_open").await;
    assert_eq!(usize::try_from(open).unwrap(), verwacht.len(), "nothing was signed for");

    schijf.vol(false);
    wachten_tot("everything to be there", async || (adapter.postbus().await.len() >= verwacht.len()).then_some(())).await;
    let postbus = adapter.postbus().await;
    assert_eq!((postbus.len(), berichtnummers(&postbus)), (verwacht.len(), verwacht), "each once");
    for levering in &postbus {
        adapter.bevestigen(levering).await;
    }
    adapter.rust().await;
    wachten_tot("everything to be signed for", async || (hub.getal("inbreng_leveringen_open").await == 0).then_some(())).await;
    assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], json!([]));
}

fn berichtnummers(postbus: &[Value]) -> BTreeSet<String> {
    postbus.iter().map(|l| l["bericht"].as_str().unwrap().to_owned()).collect()
}
