//! A copy of a running hub, and a hub that is put back from it: it gives out nothing until its partners have sent again what came
//! after the copy, so that what was recalled stays recalled (attack 5). Adapters do so by themselves.

use std::{
    fs,
    path::{Path, PathBuf},
};

use inbreng_domain::{
    Clock, DeelId, Oin,
    clock::SystemClock,
    receipts::{Checkpoint, Nazending},
    vocabulary::Doel,
};
use inbreng_harness::{Adapter, Antwoord, Brief, Deelnemer, Geheim, Hub, Regio, Stuk, inzageverzoek, wachten_tot};
use inbreng_proof::{Typ, jws};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{PROGRAMMA, hub, log_klopt, mutatie};

pub(crate) const ALLEN: [&str; 5] = ["politie", "veilig-thuis", "ggz", "om", "school"];

/// Runs a command that speaks JSON.
fn opdracht(args: &[&str]) -> (bool, Value) {
    let alle: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &alle);
    let json = serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}"));
    (uit.status.success(), json)
}

fn goed(args: &[&str]) -> Value {
    let (goed, json) = opdracht(args);
    assert!(goed, "{args:?}: {json}");
    json
}

/// Makes a copy beside the hub.
pub(crate) fn backup(hub: &Hub, naam: &str) -> (PathBuf, Value) {
    let (db, doel) = (hub.map().join("hub.sqlite"), hub.map().join(naam));
    let gemaakt = goed(&["backup", "--db", db.to_str().unwrap(), doel.to_str().unwrap()]);
    (doel, gemaakt)
}

/// The disk of the hub is gone; it is put back from a copy, in its own place.
pub(crate) fn terugzetten(hub: &mut Hub, kopie: &Path) -> Value {
    hub.kill_9();
    let db = hub.map().join("hub.sqlite");
    for deel in ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm"] {
        let _not_there = fs::remove_file(hub.map().join(deel));
    }
    let uit = goed(&["restore", kopie.to_str().unwrap(), "--db", db.to_str().unwrap()]);
    hub.herstarten();
    uit
}

pub(crate) fn heropen(hub: &Hub, zonder: &[&str]) -> (bool, Value) {
    let db = hub.map().join("hub.sqlite");
    let mut args = vec!["heropen", "--db", db.to_str().unwrap()];
    if !zonder.is_empty() {
        args.push("--zonder");
        args.extend(zonder);
    }
    opdracht(&args)
}

/// Reads a view-only part, as an adapter does.
async fn inzien(lezer: &Deelnemer, deel: DeelId) -> Antwoord {
    let jws = inzageverzoek(&lezer.partner, lezer.partner.oin, deel, Doel::Huisverbod);
    lezer.verklaren(&format!("/delen/{deel}/inzage"), jws).await
}

pub(crate) async fn kop(wie: &Deelnemer) -> Checkpoint {
    jws::unverified_payload(&wie.checkpoint().await).unwrap()
}

/// Says that everything was sent again.
async fn nagezonden(wie: &Deelnemer, hub: Oin, kop: &Checkpoint) -> Antwoord {
    let nazending = Nazending { hub, partner: wie.partner.oin, hersteld: kop.hersteld.clone().unwrap(), tijd: SystemClock.now() };
    let verklaring = jws::sign(&wie.partner.sleutel, Typ::Nazending, &nazending).unwrap();
    let token = wie.token("logboek").await.unwrap();
    let aanroep = wie.client.aanroep(reqwest::Method::POST, "/v1/logboek/nazending").token(&token);
    let aanroep = aanroep.kop("content-type", "application/json").lijf(json!({ "verklaring": verklaring }).to_string());
    Antwoord::lezen(aanroep.sturen().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_5_what_was_recalled_after_the_copy_stays_recalled() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let stuk = Stuk::incident(Doel::Huisverbod, "Er was ruzie.", &[&vt.partner]).alleen_inzien();
    let verbod = Brief::huisverbod(&regio, &politie.partner).aan(&[&vt.partner]).met(stuk);
    politie.sturen(verbod.bytes()).await.met_status(202);
    let levering = vt.postvak().await.remove(0);
    vt.ontvangen(&levering).await;
    let deel = verbod.delen[0].id;
    inzien(&vt, deel).await.met_status(200);
    assert_eq!(kop(&vt).await.hersteld, None);

    let (kopie, gemaakt) = backup(&hub, "kopie.sqlite");
    assert_eq!((&gemaakt["berichten"], &gemaakt["leveringen"]), (&json!(1), &json!(1)), "{gemaakt}");
    let intrekking = Brief {
        casus: verbod.casus,
        verklaring: json!({"bericht": verbod.id, "reden": "geen-grond"}),
        ..Brief::new(&regio, &politie.partner, "intrekking")
    };
    let intrekking = intrekking.bytes();
    politie.sturen(intrekking.clone()).await.met_status(202);
    let geweigerd = inzien(&vt, deel).await.status;
    assert!(matches!(geweigerd, 403 | 404), "{geweigerd}");

    let teruggezet = terugzetten(&mut hub, &kopie);
    assert_eq!(teruggezet["wacht_op"].as_array().unwrap().len(), ALLEN.len(), "{teruggezet}");
    let allen = ALLEN.map(|naam| Deelnemer::new(&regio, &hub, naam));
    let [politie, vt, ..] = &allen;
    // The copy knows of no recall, and would hand out the key.
    assert_eq!(inzien(vt, deel).await.met_status(503).json()["code"], "knooppunt-hersteld");
    let dicht = vt.ophalen("postvak", "/postvak?wacht=0").await.met_status(503).probleem();
    assert!(dicht.code.as_str() == "knooppunt-hersteld" && dicht.detail.contains("nagezonden"), "{dicht:?}");

    // Each comes in; a word about another restoration, or in another's name, opens nothing.
    let oin = regio.knooppunt();
    let kop_nu = kop(vt).await;
    let mut ander = kop_nu.clone();
    ander.hersteld.as_mut().unwrap().omvang += 1;
    assert_eq!(nagezonden(vt, oin, &ander).await.met_status(422).json()["code"], "niet-gelijk");
    for wie in &allen[1..] {
        nagezonden(wie, oin, &kop_nu).await.met_status(204);
        nagezonden(wie, oin, &kop_nu).await.met_status(204);
    }
    assert_eq!(inzien(vt, deel).await.status, 503, "the police have not: the recall is theirs");
    let (_, stand) = heropen(&hub, &[]);
    assert_eq!(stand["wacht_op"], json!([politie.partner.oin]), "{stand}");
    politie.sturen(intrekking).await.met_status(202);
    nagezonden(politie, oin, &kop_nu).await.met_status(204);

    let geweigerd = inzien(vt, deel).await.status;
    assert!(matches!(geweigerd, 403 | 404), "open, and recalled: {geweigerd}");
    vt.postvak().await;
    assert_eq!(heropen(&hub, &[]).1["heropend"], true);
    // It says so for good, also to who comes later; its log is whole and goes on from the copy.
    assert_eq!(kop(vt).await.hersteld, kop_nu.hersteld);
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let laatste = vt.checkpoint().await;
    hub.kill_9();
    log_klopt(&hub.opslag_kopieren("eind"), &laatste, &certificaat);
}

/// The worst that a copy can do: the hub is put back and opened without the one who recalled, so that it knows of no recall. The key of
/// the part is destroyed all the same, and so is that of what was received: the policy allows a reading that nobody can give.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_5_the_old_wrap_opens_for_nobody_where_the_recall_is_forgotten() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let stuk = || Stuk::incident(Doel::Huisverbod, "Er was ruzie.", &[&vt.partner]);
    let verbod = |stuk: Stuk| Brief::huisverbod(&regio, &politie.partner).aan(&[&vt.partner]).met(stuk);
    let (bekijken, ontvangen) = (verbod(stuk().alleen_inzien()), verbod(stuk()));
    for brief in [&bekijken, &ontvangen] {
        politie.sturen(brief.bytes()).await.met_status(202);
    }
    let deel = bekijken.delen[0].id;
    inzien(&vt, deel).await.met_status(200);
    let (kopie, _) = backup(&hub, "kopie.sqlite");
    assert!(!hub.map().join("kopie.sqlite.sleutels").exists(), "no key comes along");

    let sleutels = hub.map().join("hub.sqlite.sleutels");
    let vernietigd = async |toen: Vec<u8>| {
        wachten_tot("a key to be destroyed", async || (fs::read(&sleutels).unwrap() != toen).then_some(())).await
    };
    let toen = fs::read(&sleutels).unwrap();
    let intrekking = Brief {
        casus: bekijken.casus,
        verklaring: json!({"bericht": bekijken.id, "reden": "geen-grond"}),
        ..Brief::new(&regio, &politie.partner, "intrekking")
    };
    politie.sturen(intrekking.bytes()).await.met_status(202);
    vernietigd(toen).await;
    let toen = fs::read(&sleutels).unwrap();
    for levering in vt.postvak().await {
        vt.ontvangen(&levering).await;
    }
    vernietigd(toen).await;

    let teruggezet = terugzetten(&mut hub, &kopie);
    let allen: Vec<&str> = teruggezet["wacht_op"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    assert!(heropen(&hub, &allen).0);
    let vt = Deelnemer::new(&regio, &hub, "veilig-thuis");
    assert_eq!(inzien(&vt, deel).await.status, 404, "there is no key any more");
    // The view-only part may come again, without its key; the other not at all.
    let postvak = vt.postvak().await;
    let delen: Vec<&Value> = postvak.iter().flat_map(|l| l["bericht"]["data"]["delen"].as_array().unwrap()).collect();
    assert!(delen.iter().all(|d| d["inhoud"]["recipients"] == json!([])), "{delen:?}");
}

/// A hub whose erasure keys are lost does not start as if nothing had happened; told so, it asks again for what waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_that_lost_its_erasure_keys_gets_what_waits_again() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.").bytes();
    politie.sturen(brief.clone()).await.met_status(202);
    hub.kill_9();
    fs::remove_file(hub.map().join("hub.sqlite.sleutels")).unwrap();
    let (db, config) = (hub.map().join("hub.sqlite"), hub.map().join("hub.toml"));
    let (gelukt, check) = opdracht(&["check", "--config", config.to_str().unwrap()]);
    let bevinding = check["bevindingen"].as_array().unwrap().iter().find(|b| b["sleutel"] == "opslag.sleutels");
    assert!(!gelukt && bevinding.is_some_and(|b| b["oplossing"].as_str().unwrap().contains("--sleutels-verloren")), "{check}");

    let verloren = goed(&["restore", "--sleutels-verloren", "--db", db.to_str().unwrap()]);
    hub.herstarten();
    let allen: Vec<&str> = verloren["wacht_op"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    politie.sturen(brief).await.met_status(202);
    assert!(heropen(&hub, &allen).0);
    let levering = vt.postvak().await.remove(0);
    vt.ontvangen(&levering).await;
    assert_eq!(hub.tellingen().await["open"], 0);
}

/// What a sender's adapter had confirmed, and what a recipient's took, after the copy: both send it again by themselves, and the
/// recipient's own system gets nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn adapters_send_again_what_came_after_the_copy() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let programma = Path::new(PROGRAMMA);
    let politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let vt = Adapter::starten(programma, &regio, "veilig-thuis", hub.adres).await;
    let sturen = async |nummer| {
        let mutatie = Geheim::in_mutatie(mutatie(nummer));
        let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
        assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
        let levering = wachten_tot("the delivery", async || open(&vt).await.pop()).await;
        vt.bevestigen(&levering).await;
        vt.rust().await;
        (mutatie, levering)
    };
    let leest = async |levering: &Value| {
        let pad = format!("/postbus/{}/gelezen", levering["levering"].as_str().unwrap());
        let (status, antwoord) = vt.sturen(&pad, &json!({"functie": "piketdesk"})).await;
        assert_eq!(status, 204, "{antwoord}");
    };
    let (eerste, levering) = sturen(1).await;
    let (kopie, gemaakt) = backup(&hub, "kopie.sqlite");
    assert_eq!(gemaakt["open"], 0, "{gemaakt}");
    // Nothing that was sealed is readable in a copy.
    assert!(Geheim::kanaries().in_bytes(&fs::read(&kopie).unwrap()).is_empty());
    // Received before the copy and read after it; and both after it.
    leest(&levering).await;
    let (tweede, levering) = sturen(2).await;
    leest(&levering).await;
    assert_eq!(hub.tellingen().await["berichten"], 2);

    terugzetten(&mut hub, &kopie);
    let stand = wachten_tot("both adapters to have sent again", async || {
        let (_, stand) = heropen(&hub, &[]);
        (stand["binnen"].as_array().unwrap().len() == 2).then_some(stand)
    })
    .await;
    assert_eq!(hub.tellingen().await["berichten"], 2, "what was lost is there again");
    // Nobody is left out unawares.
    let ontbreken: Vec<&str> = stand["wacht_op"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    assert_eq!(ontbreken.len(), 3);
    assert!(!heropen(&hub, &ontbreken[..2]).0);
    let (gelukt, stand) = heropen(&hub, &ontbreken);
    assert!(gelukt && stand["heropend"] == true, "{stand}");

    wachten_tot("the second message to be signed for again", async || {
        let tellingen = hub.tellingen().await;
        (tellingen["open"] == 0 && tellingen["leveringen"] == 2).then_some(())
    })
    .await;
    vt.rust().await;
    assert_eq!(open(&vt).await, Vec::<Value>::new(), "the own system gets nothing twice");
    for (adapter, bij) in [(&politie, "politie"), (&vt, "veilig-thuis")] {
        let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
        let alarmen: Vec<_> = gezondheid["alarmen"].as_array().unwrap().iter().map(|a| a["soort"].as_str().unwrap()).collect();
        assert_eq!(alarmen, ["knooppunt-hersteld"], "{bij}");
    }
    for mutatie in [&eerste, &tweede] {
        let kenmerk = mutatie["registratienummer"].as_str().unwrap();
        let status = wachten_tot("the hub to know that it was read", async || {
            let (_, status) = politie.ophalen(&format!("/verzonden/{kenmerk}")).await;
            (status["ontvangers"][0]["status"]["stand"] == "gelezen").then_some(status)
        })
        .await;
        assert_eq!(status["stand"], "bevestigd", "{status}");
    }
}

/// The first of these fields anywhere in it.
fn eerste(waarde: &Value, veld: &str) -> Option<String> {
    match waarde {
        Value::Object(leden) => {
            let hier = leden.get(veld).and_then(Value::as_str).map(str::to_owned);
            hier.or_else(|| leden.values().find_map(|v| eerste(v, veld)))
        }
        Value::Array(items) => items.iter().find_map(|v| eerste(v, veld)),
        _ => None,
    }
}

/// What Veilig Thuis owes to persons who asked, as the hub has it.
async fn te_vertellen(regio: &Regio, hub: &Hub) -> Vec<Value> {
    let vt = Deelnemer::new(regio, hub, "veilig-thuis");
    let mut plichten = vt.ophalen("berichten", "/plichten").await.met_status(200).json();
    let alle: Vec<Value> = serde_json::from_value(plichten["plichten"].take()).unwrap();
    alle.into_iter().filter(|p| p["soort"] == "overzicht-geven").collect()
}

/// What a person asked after the copy (R33) is asked again once the hub gives out, so that it still follows that the person is told;
/// under the same number and term.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_person_asked_after_the_copy_is_owed_again() {
    let regio = Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let programma = Path::new(PROGRAMMA);
    let politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let vt = Adapter::starten(programma, &regio, "veilig-thuis", hub.adres).await;
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie(1)).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    let levering = wachten_tot("the delivery", async || open(&vt).await.pop()).await;
    let pad = format!("/postbus/{}/ontvangen", levering["levering"].as_str().unwrap());
    let nummers = json!({"meldingnummer": "M-0001", "dossiernummer": "D-1"});
    assert_eq!(vt.sturen(&pad, &nummers).await.0, 204);
    vt.rust().await;
    let (kopie, _) = backup(&hub, "kopie.sqlite");

    let persoon = eerste(&levering["lichaam"], "clientnummer").unwrap_or_else(|| panic!("{levering}"));
    let vandaag = SystemClock.now().to_string()[..10].to_owned();
    let vraag = json!({"zaak": "D-1", "persoon": persoon, "gevraagdOp": vandaag, "functie": "casusregisseur"});
    let (status, overzicht) = vt.sturen("/overzichten", &vraag).await;
    assert_eq!(status, 200, "{overzicht}");
    let toen = te_vertellen(&regio, &hub).await;
    assert_eq!((toen.len(), &toen[0]["bericht"]), (1, &overzicht["verzoek"]), "{toen:?}");

    terugzetten(&mut hub, &kopie);
    let stand = wachten_tot("both adapters to have sent again", async || {
        let (_, stand) = heropen(&hub, &[]);
        (stand["binnen"].as_array().unwrap().len() == 2).then_some(stand)
    })
    .await;
    assert_eq!(
        te_vertellen(&regio, &hub).await,
        Vec::<Value>::new(),
        "the copy knows of no question, and a closed hub tells nobody anything"
    );
    let ontbreken: Vec<&str> = stand["wacht_op"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    assert!(heropen(&hub, &ontbreken).0);
    let weer =
        wachten_tot("the question to be owed again", async || Some(te_vertellen(&regio, &hub).await).filter(|o| !o.is_empty()))
            .await;
    let kern = |p: &Value| json!([p["bericht"], p["uiterlijk"], p["regel"]]);
    assert_eq!((weer.len(), kern(&weer[0])), (1, kern(&toen[0])), "{weer:?}");
    let (_, gezondheid) = vt.ophalen("/gezondheid").await;
    let alarmen: Vec<_> = gezondheid["alarmen"].as_array().unwrap().iter().map(|a| a["soort"].as_str().unwrap()).collect();
    assert_eq!(alarmen, ["knooppunt-hersteld"]);
}

/// What waits for the own system.
pub(crate) async fn open(adapter: &Adapter) -> Vec<Value> {
    adapter.postbus().await.into_iter().filter(|l| l["lichaam"].is_object()).collect()
}

/// A copy is made while the hub works, continues what a partner kept, is never written over anything, and one that is damaged is
/// not put back.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_of_a_running_hub_is_whole_or_is_none() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let sturen = async |aantal: usize| {
        for _ in 0..aantal {
            let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
            politie.sturen(brief.bytes()).await.met_status(202);
        }
    };
    sturen(3).await;
    let bewaard = regio.pad("kop.jws");
    fs::write(&bewaard, vt.checkpoint().await).unwrap();
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let db = hub.map().join("hub.sqlite").to_str().unwrap().to_owned();
    let map = regio.pad("kopieen");
    fs::create_dir(&map).unwrap();
    let doel = map.to_str().unwrap().to_owned();
    let met_kop = ["--checkpoint", bewaard.to_str().unwrap(), "--certificaat", certificaat.to_str().unwrap()].map(str::to_owned);
    let onderwijl = tokio::task::spawn_blocking({
        let (db, met_kop) = (db.clone(), met_kop.clone());
        move || {
            let een = || {
                let args: Vec<&str> =
                    ["backup", "--db", &db, &doel].into_iter().chain(met_kop.iter().map(String::as_str)).collect();
                goed(&args)
            };
            [een(), een(), een()]
        }
    });
    while !onderwijl.is_finished() {
        sturen(1).await;
    }
    let kopieen = onderwijl.await.unwrap();
    let berichten: Vec<u64> = kopieen.iter().map(|k| k["berichten"].as_u64().unwrap()).collect();
    assert!(berichten.is_sorted() && berichten[0] >= 3, "{berichten:?}");
    let bestanden: Vec<PathBuf> = fs::read_dir(&map).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(bestanden.len(), 3, "a file each, and nothing unfinished: {bestanden:?}");

    // Never over anything.
    let kopie = kopieen[2]["bestand"].as_str().unwrap();
    let bytes = fs::read(kopie).unwrap();
    for args in [["backup", "--db", &db, kopie], ["restore", kopie, "--db", &db]] {
        let (gelukt, waarom) = opdracht(&args);
        assert!(!gelukt && waarom["reden"].as_str().unwrap().contains("overschreven"), "{waarom}");
    }
    assert_eq!(fs::read(kopie).unwrap(), bytes);

    // A leaf that was changed, or half a file: not put back, and nothing left behind.
    let nieuw = regio.pad("nieuw");
    fs::create_dir(&nieuw).unwrap();
    let (stuk, naar) = (regio.pad("stuk.sqlite"), nieuw.join("hub.sqlite"));
    for heel in [true, false] {
        fs::write(&stuk, if heel { &bytes } else { &bytes[..bytes.len() / 2] }).unwrap();
        if heel {
            let mut verbinding = SqliteConnectOptions::new().filename(&stuk).connect().await.unwrap();
            let wijziging = "UPDATE blad SET record = replace(record, ':', ': ') WHERE nr = (SELECT max(nr) FROM blad)";
            sqlx::query(wijziging).execute(&mut verbinding).await.unwrap();
            verbinding.close().await.unwrap();
        }
        let (gelukt, waarom) = opdracht(&["restore", stuk.to_str().unwrap(), "--db", naar.to_str().unwrap()]);
        assert!(!gelukt && waarom["reden"].is_string(), "{waarom}");
        assert_eq!(fs::read_dir(&nieuw).unwrap().count(), 0);
    }
    assert!(hub.stoppen());
}
