//! `inbreng log prove` and `verify`, from an export and kept heads alone.

use std::path::{Path, PathBuf};

use inbreng_domain::{Digest, receipts::Checkpoint};
use inbreng_harness::{Brief, Deelnemer, Hub, Regio};
use inbreng_proof::{
    jws::unverified_payload,
    merkle::{verify_consistency, verify_inclusion},
};
use serde_json::Value;

use crate::{Uit, inbreng};

/// Keeps the head as a file.
async fn kop(regio: &Regio, partner: &Deelnemer, naam: &str) -> (PathBuf, Checkpoint) {
    let jws = partner.checkpoint().await;
    let pad = regio.pad(naam);
    std::fs::write(&pad, &jws).unwrap();
    (pad, unverified_payload(jws.trim()).unwrap())
}

fn prove(rest: &[&Path], woorden: &[&str]) -> Uit {
    let paden = rest.iter().map(|p| p.to_str().unwrap());
    let alle: Vec<&str> =
        ["log", "prove", "--json", "--export"].into_iter().chain(paden).chain(woorden.iter().copied()).collect();
    inbreng(&alle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_and_growth_are_proven_without_the_hub() {
    let regio = Regio::maken();
    let mut hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let sturen = async || {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
        politie.sturen(brief.bytes()).await.met_status(202)
    };
    let _first = sturen().await;
    let (eerder, kop_eerder) = kop(&regio, &vt, "eerder.jws").await;
    for _ in 0..3 {
        let _more = sturen().await;
    }
    let (nu, kop_nu) = kop(&regio, &vt, "nu.jws").await;
    let _later = sturen().await;
    hub.kill_9();
    let db = hub.opslag_kopieren("kopie");
    let export = regio.pad("log.jsonl");
    inbreng(&["log", "export", "--db", db.to_str().unwrap(), "--uit", export.to_str().unwrap()]).goed();
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    let cert = certificaat.to_str().unwrap();

    // A leaf by its hash, in the head that was kept; and that this head follows on the earlier one.
    let regels = std::fs::read_to_string(&export).unwrap();
    let blad: Value = serde_json::from_str(regels.lines().nth(2).unwrap()).unwrap();
    let met = ["--checkpoint", nu.to_str().unwrap(), "--eerder", eerder.to_str().unwrap(), "--certificaat", cert];
    let bewijs = prove(&[&export], &[&["--blad", blad["hash"].as_str().unwrap()], &met[..]].concat()).json();
    let pad = |v: &Value| serde_json::from_value::<Vec<Digest>>(v["pad"].clone()).unwrap();
    let i = &bewijs["insluiting"];
    assert_eq!((&i["index"], &i["omvang"]), (&2.into(), &kop_nu.omvang.into()), "{bewijs}");
    let hash: Digest = serde_json::from_value(i["hash"].clone()).unwrap();
    verify_inclusion(&hash, 2, kop_nu.omvang, &pad(i), &kop_nu.wortel).unwrap();
    let s = &bewijs["samenhang"];
    verify_consistency(kop_eerder.omvang, &kop_eerder.wortel, kop_nu.omvang, &kop_nu.wortel, &pad(s)).unwrap();

    // By number, from the store, in words.
    let uit = inbreng(&["log", "prove", "--db", db.to_str().unwrap(), "--blad", "2"]);
    assert!(uit.goed().contains("Blad 2 staat in het logboek"), "{}", uit.tekst());

    // No proof of what is not there, beyond the head, or out of a log that does not hold.
    let vreemd = prove(&[&export], &["--blad", &Digest::from_bytes([7; 32]).to_string()]);
    assert_eq!((vreemd.status(), &vreemd.json()["ok"]), (1, &false.into()));
    let na = (kop_nu.omvang).to_string();
    assert_eq!(prove(&[&export], &[&["--blad", &na], &met[..]].concat()).status(), 1);
    std::fs::write(&export, regels.replacen("\"index\":1,", "\"index\":9,", 1)).unwrap();
    let kapot = prove(&[&export], &["--blad", "2"]);
    assert_eq!(kapot.status(), 1);
    assert!(kapot.json()["reden"].as_str().unwrap().contains("blad 1"), "{}", kapot.tekst());
}
