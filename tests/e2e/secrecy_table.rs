//! Each place where something could lie, searched for each class of what is secret: one list of both, so that neither a new class nor a
//! new place is forgotten. (What is done in each place more closely: `secrecy`, `secrecy_rest`, and of the memory of an adapter that
//! has worked `adapters/kit/tests/keten/geheugen.rs`.)

use std::{collections::BTreeMap, fs, path::Path};

use inbreng_harness::{Adapter, Geheim, Hub, Kanaries, Klasse, Regio, Verzamelaar, wachten_tot};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, mutatie};

/// Where it could lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Plek {
    /// Store, write-ahead log and whatever else stands in its folder.
    HubOpslag,
    HubLog,
    /// All that operators see: counts and whether it is well.
    HubMetrieken,
    /// What its collector of traces got. (An adapter sends none.)
    HubSporen,
    HubGeheugen,
    /// A copy of the store, and an export of the log.
    HubKopie,
    AdapterOpslag,
    AdapterLog,
    AdapterMetrieken,
    /// Of an adapter that was started on a store with messages, at rest.
    AdapterGeheugen,
}

impl Plek {
    const ALLE: [Self; 10] = [
        Self::HubOpslag,
        Self::HubLog,
        Self::HubMetrieken,
        Self::HubSporen,
        Self::HubGeheugen,
        Self::HubKopie,
        Self::AdapterOpslag,
        Self::AdapterLog,
        Self::AdapterMetrieken,
        Self::AdapterGeheugen,
    ];

    /// What does stand there: the search reaches it.
    const fn er_staat(self) -> &'static str {
        match self {
            Self::HubOpslag | Self::HubKopie => "nl.inbreng.incidentmelding",
            Self::HubLog => "\"gebeurtenis\"",
            Self::HubMetrieken => "inbreng_berichten_total",
            Self::HubSporen => "POST /v1/traces",
            Self::HubGeheugen | Self::AdapterGeheugen => "Organisatie",
            Self::AdapterOpslag => "convenantbeheerder",
            Self::AdapterLog => "adapter",
            Self::AdapterMetrieken => "inbreng_adapter_",
        }
    }
}

/// Every byte below a folder.
fn bestanden(map: &Path) -> Vec<u8> {
    let mut alles = Vec::new();
    for wat in fs::read_dir(map).unwrap().flatten() {
        if wat.file_type().unwrap().is_dir() {
            alles.extend(bestanden(&wat.path()));
        } else {
            alles.extend(fs::read(wat.path()).unwrap_or_default());
        }
    }
    alles
}

fn kopie(hub: &Hub) -> Vec<u8> {
    let map = hub.map().join("uit");
    fs::create_dir(&map).unwrap();
    let db = hub.map().join("hub.sqlite");
    for (soort, rest) in [("backup", vec!["kopie.sqlite"]), ("log", vec!["log.jsonl"])] {
        let uit = map.join(rest[0]);
        let (db, uit) = (db.to_str().unwrap(), uit.to_str().unwrap());
        let args = if soort == "log" { vec!["log", "export", "--db", db, "--uit", uit] } else { vec!["backup", "--db", db, uit] };
        let gedaan = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
        assert!(gedaan.status.success(), "{gedaan:?}");
    }
    bestanden(&map)
}

/// What an adapter has for its own system, opened for this answer.
async fn open(wie: &Adapter) -> Vec<Value> {
    wie.postbus().await.into_iter().filter(|l| l["lichaam"].is_object()).collect()
}

async fn ligt_open(wie: &Adapter, soort: &str) -> Value {
    wachten_tot(soort, async || open(wie).await.into_iter().find(|l| l["soort"] == soort)).await
}

/// Veilig Thuis asks the GGZ, which has a case by that. A professional there breaks the secret in it (49), and says what was weighed: who must
/// act reads that.
async fn noodgeval(vt: &Adapter, ggz: &Adapter, naar: [&Adapter; 2]) {
    const VRAAG: &str = include_str!("../../adapters/veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    const NOOD: &str = include_str!("../../adapters/ggz/fixtures/noodmeldingen/guave.json");
    let nood: Value = serde_json::from_str(NOOD).unwrap();
    let (status, antwoord) = vt.sturen("/informatie/verzoeken?wacht=20", &serde_json::from_str(VRAAG).unwrap()).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    let vraag = ligt_open(ggz, "informatieverzoek").await;
    let nummers = json!({"verzoeknummer": "VZ-0001", "dossiernummer": nood["dossiernummer"]});
    let pad = format!("/postbus/{}/ontvangen", vraag["levering"].as_str().unwrap());
    assert_eq!(ggz.sturen(&pad, &nummers).await.0, 204);
    let (status, antwoord) = ggz.sturen("/noodmeldingen?wacht=20", &Geheim::in_noodmelding(nood)).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    for wie in naar {
        let geleverd = ligt_open(wie, "noodopening").await.to_string();
        for woord in [Geheim::NOODMOTIEF, Geheim::MOTIEF] {
            assert!(geleverd.contains(woord), "{woord}: {geleverd}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_place_holds_a_word_of_any_class() {
    let regio = Regio::met_noodontvangers(&["politie", "veilig-thuis"]);
    let verzamelaar = Verzamelaar::starten();
    let hub = hub(&regio, "hub", &verzamelaar.tabel());
    let starten = async |naam| Adapter::starten(PROGRAMMA.as_ref(), &regio, naam, hub.adres).await;
    let (mut politie, mut vt, mut ggz) = (starten("politie").await, starten("veilig-thuis").await, starten("ggz").await);
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &Geheim::in_mutatie(mutatie(1))).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    // What is searched for went over the wire, in every class: here it stands, opened for this answer.
    let bij_vt = wachten_tot("the report", async || Some(open(&vt).await).filter(|l| l.len() == 1)).await;
    Geheim::is_vol("what was delivered", json!(bij_vt).to_string().as_bytes());
    noodgeval(&vt, &ggz, [&politie, &vt]).await;

    let mut plekken: BTreeMap<Plek, Vec<u8>> = BTreeMap::new();
    plekken.insert(Plek::HubGeheugen, hub.geheugen());
    plekken.insert(Plek::HubMetrieken, hub.voor_beheerders().await.into_bytes());
    plekken.insert(Plek::HubOpslag, bestanden(hub.map()));
    plekken.insert(Plek::HubKopie, kopie(&hub));
    let adapters = [&mut politie, &mut vt, &mut ggz];
    for adapter in adapters {
        plekken.entry(Plek::AdapterOpslag).or_default().extend(bestanden(adapter.map()));
        for pad in ["/metrics", "/gezondheid", "/readyz"] {
            let antwoord = adapter.ingang().vragen(Method::GET, pad, &[], None).await;
            plekken.entry(Plek::AdapterMetrieken).or_default().extend(antwoord.inhoud);
        }
        adapter.kill_9();
        adapter.herstarten().await;
        plekken.entry(Plek::AdapterGeheugen).or_default().extend(adapter.geheugen());
        plekken.entry(Plek::AdapterLog).or_default().extend(adapter.logtekst().into_bytes());
    }
    plekken.insert(Plek::HubLog, hub.logtekst().into_bytes());
    assert!(tokio::task::spawn_blocking(move || hub.stoppen()).await.unwrap());
    plekken.insert(Plek::HubSporen, verzamelaar.alles());

    for plek in Plek::ALLE {
        let bytes = plekken.get(&plek).unwrap_or_else(|| panic!("{plek:?} was not searched"));
        let er_staat = plek.er_staat();
        assert!(bytes.windows(er_staat.len()).any(|w| w == er_staat.as_bytes()), "{plek:?} has no {er_staat}");
        for klasse in Klasse::ALLE {
            let gevonden = Kanaries::new(klasse.woorden().iter().copied()).in_bytes(bytes);
            assert!(gevonden.is_empty(), "{klasse:?} in {plek:?}: {gevonden:?}");
        }
    }
}
