//! `inbreng serve`, `check` and `log` as processes: ready, stopped, restarted, and what they say when something is wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails where it stands")]

mod fouten;
mod klok;
mod sporen;

use std::{fs, path::Path, time::Instant};

use inbreng_harness::{Client, Hub, Regio};
use reqwest::Method;
use serde_json::Value;

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");

fn starten(regio: &Regio) -> Hub {
    Hub::starten(Path::new(PROGRAMMA), regio)
}

fn check(regio: &Regio) -> (bool, Value) {
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &["check", "--json", "--config", regio.config().to_str().unwrap()]);
    (uit.status.success(), serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_counts_and_an_orderly_stop() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let operatie = |pad: &str| reqwest::get(format!("http://{}{pad}", hub.beheer));
    assert_eq!(operatie("/healthz").await.unwrap().status(), 200);
    let gereed: Value = operatie("/readyz").await.unwrap().json().await.unwrap();
    assert_eq!(gereed["gereed"], true);
    let tellingen: Value = operatie("/tellingen").await.unwrap().json().await.unwrap();
    assert_eq!(tellingen["berichten"], 0);
    assert!(operatie("/metrics").await.unwrap().text().await.unwrap().contains("inbreng_berichten_total 0\n"));
    assert_eq!(operatie("/v1/partners").await.unwrap().status(), 404, "operators see counts, not the API");

    let log = Hub::log(&regio);
    let gereed = log.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()).find(|l| l["gebeurtenis"] == "gereed").unwrap();
    assert_eq!(gereed["adres"], hub.adres.to_string());

    // A mailbox that waits is answered when the hub stops, and does not hold it up.
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token("postvak").await;
    let wachtend = tokio::spawn(politie.aanroep(Method::GET, "/v1/postvak?wacht=60").token(&token).sturen());
    let eerst = Client::partner(&regio, &hub, "politie");
    assert_eq!(eerst.aanroep(Method::GET, "/v1/postvak").token(&token).sturen().await.status(), 200);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let begin = Instant::now();
    let gestopt = tokio::task::spawn_blocking(move || hub.stoppen());
    let antwoord = wachtend.await.unwrap();
    assert_eq!(antwoord.status().as_u16(), 200);
    assert!(antwoord.text().await.unwrap().starts_with("{\"leveringen\":[],\"verder\":\""));
    assert!(gestopt.await.unwrap(), "{}", Hub::log(&regio));
    assert!(begin.elapsed().as_secs() < 30);
    assert!(Hub::log(&regio).contains("\"gebeurtenis\":\"gestopt\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_the_directory_and_the_log_verifies() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token("gids logboek").await;
    let vragen = |client: &Client, pad: &str| client.aanroep(Method::GET, pad).token(&token).sturen();
    let partners: Value = vragen(&politie, "/v1/partners").await.json().await.unwrap();
    assert_eq!(partners["partners"].as_array().unwrap().len(), Regio::PARTNERS);
    let checkpoint: Value = vragen(&politie, "/v1/logboek/checkpoint").await.json().await.unwrap();
    assert!(hub.stoppen());

    // Restarted without the file: the store remembers.
    let zonder = fs::read_to_string(regio.config()).unwrap().replace("[gids]\nbestand = \"pki/gids.json\"", "");
    fs::write(regio.config(), zonder).unwrap();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    assert_eq!(vragen(&politie, "/v1/partners").await.json::<Value>().await.unwrap(), partners);
    assert!(hub.stoppen());

    // The log, offline: from the store, from an export, against the kept head; and an export that was tampered with.
    let kop = regio.pad("kop.jws");
    fs::write(&kop, checkpoint["checkpoint"].as_str().unwrap()).unwrap();
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let (db, export) = (regio.pad("hub.sqlite"), regio.pad("log.jsonl"));
    let verify = |bron: &[&str]| {
        let kop = ["--checkpoint", kop.to_str().unwrap(), "--certificaat", certificaat.to_str().unwrap(), "--json"];
        let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &[&["log", "verify"], bron, &kop[..]].concat());
        (uit.status.success(), serde_json::from_slice::<Value>(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}")))
    };
    let (goed, uitslag) = verify(&["--db", db.to_str().unwrap()]);
    assert!(goed && uitslag["bladen"].as_u64() >= Some(4), "{uitslag}");
    let uit =
        Hub::uitvoeren(Path::new(PROGRAMMA), &["log", "export", "--db", db.to_str().unwrap(), "--uit", export.to_str().unwrap()]);
    assert!(uit.status.success(), "{uit:?}");
    assert_eq!(verify(&["--export", export.to_str().unwrap()]), (true, uitslag));
    let text = fs::read_to_string(&export).unwrap();
    for (wat, anders) in [
        ("a record changed", text.replacen("politie", "politia", 1).replacen("00000099000000003000", "00000099000000003001", 1)),
        ("the first line gone", text.split_once('\n').unwrap().1.to_owned()),
        ("the last line gone", text.trim_end().rsplit_once('\n').unwrap().0.to_owned()),
    ] {
        assert_ne!(anders, text, "{wat}");
        fs::write(&export, anders).unwrap();
        assert!(!verify(&["--export", export.to_str().unwrap()]).0, "{wat}");
    }
    let weg = regio.pad("weg.sqlite");
    assert!(!verify(&["--db", weg.to_str().unwrap()]).0, "a store that is not there does not verify");
    assert!(!weg.exists());
}
