//! A new partner, as docs/partners/new-partner.md says it: a folder with a mapping and a fixture, three commands, and a first
//! message that arrives. No code.

use std::{fs, path::Path, process::Command};

use inbreng_adapter::{Config, start};
use inbreng_domain::Code;
use serde_json::Value;

use crate::regio::{self, Partner, Regio, bestand, client, clock, fixture, random};

/// What the command says, and that it succeeded.
fn adapter(opdracht: &[&str]) -> String {
    let uit = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter")).args(opdracht).output().unwrap();
    let tekst = format!("{}{}", String::from_utf8_lossy(&uit.stdout), String::from_utf8_lossy(&uit.stderr));
    assert!(uit.status.success(), "{opdracht:?}: {tekst}");
    tekst
}

fn tekst(pad: &Path) -> &str {
    pad.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_partner_is_a_folder_and_three_commands() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let (huisarts, map) = (bestand("huisarts"), regio.pad("praktijk"));

    // At the desk: the mapping, and what a message becomes.
    let mapping = huisarts.join("mapping.toml");
    let bericht = huisarts.join("fixtures/zorgmelding/tomaat.json");
    assert!(adapter(&["mapping", tekst(&mapping)]).contains("/zorgmelding"));
    let proef: Value =
        serde_json::from_str(&adapter(&["mapping", tekst(&mapping), "--pad", "/zorgmelding", "--bericht", tekst(&bericht)]))
            .unwrap();
    assert_eq!(proef["delen"].as_array().unwrap().len(), 2);

    // init, and what others give.
    let knooppunt = regio::oin_van(regio.pki.knooppuntmap().pad()).to_string();
    let (oin, adres) = (regio::oin(Partner::Huisarts), regio.adres().to_owned());
    let gemaakt = adapter(&[
        "init",
        tekst(&map),
        "--oin",
        &oin,
        "--naam",
        "Huisartsenpraktijk Voorbeeld",
        "--partnertype",
        "huisarts",
        "--systeem",
        "his",
        "--knooppunt",
        &adres,
        "--knooppunt-oin",
        &knooppunt,
    ]);
    assert!(gemaakt.contains("tls.csr") && gemaakt.contains("Controleer"), "{gemaakt}");
    let van = regio.pki.partnermap(&Code::parse("huisarts").unwrap()).unwrap();
    for (bron, naam) in [
        // The development PKI makes keys with its certificates; a real authority signs the requests.
        (van.tls_pem(), "tls.pem"),
        (van.tls_key(), "tls.key"),
        (van.ondertekening_pem(), "ondertekening.pem"),
        (van.ondertekening_key(), "ondertekening.key"),
        (van.verzegeling_key(1), "verzegeling-1.key"),
        (regio.pki.dir().join("root.pem"), "root.pem"),
        (regio.pki.dir().join("tussen.pem"), "tussen.pem"),
        (regio.pki.dir().join("crl.pem"), "crl.pem"),
        (regio.pki.knooppuntmap().ondertekening_pem(), "knooppunt.pem"),
        (regio.pki.beheerdersmap().ondertekening_pem(), "convenantbeheerder.pem"),
        (mapping, "mapping.toml"),
    ] {
        fs::copy(bron, map.join(naam)).unwrap();
    }
    let config = map.join("adapter.toml");
    // Only because many of these run on one machine.
    let vrij = fs::read_to_string(&config).unwrap().replace("127.0.0.1:8450", "127.0.0.1:0");
    fs::write(&config, vrij).unwrap();

    // check, with a real connection to the hub; and run.
    assert_eq!(adapter(&["check", "--config", tekst(&config)]).trim(), "Alles klopt.");
    let handle = start(Config::lezen(&config).unwrap(), clock(), random()).await.unwrap();
    let geheim = fs::read_to_string(map.join("geheim")).unwrap();
    let post = |pad: &str, lichaam: &Value| client(geheim.trim()).post(format!("http://{}{pad}", handle.adres())).json(lichaam);
    let melding = fixture("huisarts/fixtures/zorgmelding/tomaat.json");
    let mut antwoord = post("/zorgmelding?wacht=20", &melding).send().await.unwrap();
    for _ in 0..1800 {
        if antwoord.status() != 503 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        antwoord = post("/zorgmelding?wacht=20", &melding).send().await.unwrap();
    }
    let status = antwoord.status();
    let json: Value = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap();
    assert_eq!((status.as_u16(), &json["stand"]), (202, &"bevestigd".into()), "{json}");
    let binnen = vt.systeem.ontvangt("/meldingen/professionals").await;
    assert!(binnen.to_string().contains("Testpersoon Tomaat"), "{binnen}");
    handle.stoppen().await;
}
