//! A new partner, as docs/partners/new-partner.md says it: a folder with a mapping and a fixture, and commands. The practice is in nothing at
//! the start, makes its own keys and keeps them; others sign its requests and its entry. No code.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Parser as _;
use inbreng_adapter::{Config, start};
use inbreng_domain::{Code, gids::Vermelding};
use inbreng_harness::wachten_tot;
use inbreng_proof::{gids::sign_vermelding, jws::unverified_payload};
use serde_json::{Value, json};

use crate::{
    beleid::{Uit, opdracht},
    regio::{self, Partner, Regio, bestand, client, clock, fixture, random},
};

/// What the command says, and that it succeeded.
fn adapter(opdracht: &[&str]) -> String {
    let (goed, tekst) = proberen(opdracht);
    assert!(goed, "{opdracht:?}: {tekst}");
    tekst
}

fn proberen(opdracht: &[&str]) -> (bool, String) {
    let uit = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter")).args(opdracht).output().unwrap();
    (uit.status.success(), format!("{}{}", String::from_utf8_lossy(&uit.stdout), String::from_utf8_lossy(&uit.stderr)))
}

fn tekst(pad: &Path) -> &str {
    pad.to_str().unwrap()
}

/// The authority signs a request.
fn tekenen(regio: &Regio, map: &Path, naam: &str, oin: &str) -> Result<(), inbreng_certs::PkiFout> {
    let (pki, csr, pem) = (regio.pki.dir(), map.join(format!("{naam}.csr")), map.join(format!("{naam}.pem")));
    let getypt =
        ["inbreng-certs", "--dir", tekst(pki), "sign-csr", tekst(&csr), "--oin", oin, "--uit", tekst(&pem)].map(str::to_owned);
    inbreng_certs::cli::uitvoeren(&inbreng_certs::cli::Opdracht::parse_from(getypt), clock(), &mut std::io::sink())
}

/// The folder of a practice that has its certificates and what others give, and stands in no directory.
fn praktijk(regio: &Regio) -> PathBuf {
    let map = regio.pad("praktijk");
    let knooppunt = regio::oin_van(regio.pki.knooppuntmap().pad()).to_string();
    let oin = regio::oin(Partner::Huisarts);
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
        regio.adres(),
        "--knooppunt-oin",
        &knooppunt,
    ]);
    for stap in
        ["tls.csr", "root.pem", "mapping.toml", "vermelding maken", "verzegeling-1.key", "vermelding brengen", "check", "run"]
    {
        assert!(gemaakt.contains(stap), "{stap}: {gemaakt}");
    }
    assert!(tekenen(regio, &map, "tls", "00000001000000000010").is_err(), "of another organisation");
    for naam in ["tls", "ondertekening"] {
        tekenen(regio, &map, naam, &oin).unwrap();
    }
    for (bron, naam) in [
        (regio.pki.dir().join("root.pem"), "root.pem"),
        (regio.pki.dir().join("tussen.pem"), "tussen.pem"),
        (regio.pki.dir().join("crl.pem"), "crl.pem"),
        (regio.pki.knooppuntmap().ondertekening_pem(), "knooppunt.pem"),
        (regio.pki.beheerdersmap().ondertekening_pem(), "convenantbeheerder.pem"),
        (bestand("huisarts/mapping.toml"), "mapping.toml"),
    ] {
        fs::copy(bron, map.join(naam)).unwrap();
    }
    let config = map.join("adapter.toml");
    // Only because many of these run on one machine.
    let vrij = fs::read_to_string(&config).unwrap().replace("127.0.0.1:8450", "127.0.0.1:0");
    fs::write(&config, vrij).unwrap();
    map
}

async fn vermelding(woorden: &[&str], getypt: &'static str) -> Uit {
    opdracht("vermelding", woorden.iter().map(|w| (*w).to_owned()).collect(), getypt).await
}

/// The covenant manager signs too what an organisation made with this command.
pub async fn meetekenen(wat: &'static str, regio: &Regio, aanvraag: &Path, uit: &Path, getypt: &'static str) -> Uit {
    let (beheer, pki) = (regio.pki.beheerdersmap(), regio.pki.dir());
    let (pem, key) = (beheer.ondertekening_pem(), beheer.ondertekening_key());
    let [root, tussen, crl] = ["root.pem", "tussen.pem", "crl.pem"].map(|naam| pki.join(naam));
    let paden = [("--certificaat", &pem), ("--sleutel", &key), ("--root", &root), ("--tussen", &tussen), ("--crl", &crl)];
    let mut woorden = vec!["meetekenen", tekst(aanvraag), "--uit", tekst(uit)];
    woorden.extend(paden.into_iter().flat_map(|(optie, pad)| [optie, tekst(pad)]));
    opdracht(wat, woorden.iter().map(|w| (*w).to_owned()).collect(), getypt).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_partner_is_a_folder_and_its_commands() {
    let regio = Regio::zonder(Partner::Huisarts).await;
    let vt = regio.partner(Partner::VeiligThuis).await;

    // At the desk: the mapping, and what a message becomes.
    let huisarts = bestand("huisarts");
    let (mapping, bericht) = (huisarts.join("mapping.toml"), huisarts.join("fixtures/zorgmelding/tomaat.json"));
    assert!(adapter(&["mapping", tekst(&mapping)]).contains("/zorgmelding"));
    let proef: Value =
        serde_json::from_str(&adapter(&["mapping", tekst(&mapping), "--pad", "/zorgmelding", "--bericht", tekst(&bericht)]))
            .unwrap();
    assert_eq!(proef["delen"].as_array().unwrap().len(), 2);

    // init, and what others give. It is in nothing yet, and check says so.
    let map = praktijk(&regio);
    let config = map.join("adapter.toml");
    let (goed, gezegd) = proberen(&["check", "--config", tekst(&config)]);
    assert!(!goed && gezegd.contains("niet-in-de-gids") && gezegd.contains("vermelding maken"), "{gezegd}");

    // The entry through three hands, with the key that init made.
    let [gemaakt, mee] = ["vermelding.json", "mee.json"].map(|naam| regio.pad(naam));
    let maken = ["maken", "--config", tekst(&config), "--bevestigd", "voorbeeldregio:1", "--uit", tekst(&gemaakt)];
    vermelding(&maken, "nee\n").await.mislukt("U zei geen ja.");
    assert!(!gemaakt.exists());
    let gezien = vermelding(&maken, "ja\n").await.gelukt();
    let kid = gezien.klacht.split("(kid): ").nth(1).unwrap().lines().next().unwrap().to_owned();
    meetekenen("vermelding", &regio, &gemaakt, &mee, "nee\n").await.mislukt("U zei geen ja.");
    let gelezen = meetekenen("vermelding", &regio, &gemaakt, &mee, "ja\n").await.gelukt();
    assert!(gelezen.klacht.contains(&kid) && gelezen.klacht.contains("voorbeeldregio versie 1"), "{}", gelezen.klacht);
    vermelding(&["brengen", "--config", tekst(&config), tekst(&gemaakt)], "").await.mislukt("vermelding.json");
    let binnen = vermelding(&["brengen", "--config", tekst(&config), tekst(&mee)], "").await.gelukt();
    assert!(binnen.gezegd.contains("Geplaatst.") && binnen.gezegd.contains(&kid), "{}", binnen.gezegd);

    // check, with a real connection to the hub; and run.
    assert_eq!(adapter(&["check", "--config", tekst(&config)]).trim(), "Alles klopt.");
    let handle = start(Config::lezen(&config).unwrap(), clock(), random()).await.unwrap();
    let geheim = fs::read_to_string(map.join("geheim")).unwrap();
    let post = |pad: &str, lichaam: &Value| client(geheim.trim()).post(format!("http://{}{pad}", handle.adres())).json(lichaam);
    let melding = fixture("huisarts/fixtures/zorgmelding/tomaat.json");
    let antwoord = wachten_tot("the adapter to be ready", async || {
        let antwoord = post("/zorgmelding?wacht=20", &melding).send().await.unwrap();
        (antwoord.status() != 503).then_some(antwoord)
    })
    .await;
    let status = antwoord.status();
    let json: Value = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap();
    assert_eq!((status.as_u16(), &json["stand"]), (202, &"bevestigd".into()), "{json}");
    let binnen = vt.systeem.ontvangt("/meldingen/professionals").await;
    assert!(binnen.to_string().contains("Testpersoon Tomaat"), "{binnen}");

    // Who is in says something else of itself in the same way; its key stays.
    let maken = ["maken", "--config", tekst(&config), "--functie", "praktijkassistent", "--uit", tekst(&gemaakt), "--ja"];
    vermelding(&maken, "").await.gelukt();
    let aanvraag: Value = serde_json::from_slice(&fs::read(&gemaakt).unwrap()).unwrap();
    assert_eq!(aanvraag.get("sleutel"), None);
    meetekenen("vermelding", &regio, &gemaakt, &mee, "ja\n").await.gelukt();
    let na = vermelding(&["brengen", "--config", tekst(&config), tekst(&mee), "--json"], "").await.gelukt().json();
    assert_eq!((&na["volgnummer"], &na["functies"]), (&json!(2), &json!(["praktijkassistent"])));
    vermelding(&["brengen", "--config", tekst(&config), tekst(&mee)], "").await.gelukt();
    handle.stoppen().await;
}

/// Without the covenant manager's signature nobody comes in, whatever certificate it has; and nobody brings another's entry.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_certificate_alone_lets_nobody_in() {
    let regio = Regio::zonder(Partner::Huisarts).await;
    let map = praktijk(&regio);
    let (config, oin) = (map.join("adapter.toml"), regio::oin(Partner::Huisarts));
    let [gemaakt, mee] = ["vermelding.json", "mee.json"].map(|naam| regio.pad(naam));
    vermelding(&["maken", "--config", tekst(&config), "--uit", tekst(&gemaakt), "--ja"], "").await.gelukt();
    meetekenen("vermelding", &regio, &gemaakt, &mee, "ja\n").await.gelukt();
    let goed: Value = serde_json::from_slice(&fs::read(&mee).unwrap()).unwrap();
    let pem = [fs::read(map.join("tls.pem")).unwrap(), fs::read(map.join("tls.key")).unwrap()].concat();
    let http = reqwest::Client::builder()
        .identity(reqwest::Identity::from_pem(&pem).unwrap())
        .tls_certs_only([reqwest::Certificate::from_pem(&fs::read(map.join("root.pem")).unwrap()).unwrap()])
        .build()
        .unwrap();
    let brengen = async |oin: &str, lichaam: &Value| {
        let antwoord = http.put(format!("{}/v1/partners/{oin}/vermelding", regio.adres())).json(lichaam).send().await.unwrap();
        let status = antwoord.status().as_u16();
        let lichaam: Value = serde_json::from_slice(&antwoord.bytes().await.unwrap()).unwrap_or_default();
        (status, lichaam["code"].as_str().unwrap_or_default().to_owned())
    };
    let geweigerd = |status, code: &str| (status, code.to_owned());
    let mut zonder = goed.clone();
    zonder["medeondertekening"] = zonder["verklaring"].clone();
    assert_eq!(brengen(&oin, &zonder).await, geweigerd(422, "handtekening-ongeldig"));
    let mut zonder = goed.clone();
    zonder["sleutels"][0].as_object_mut().unwrap().remove("medeondertekening");
    assert_eq!(brengen(&oin, &zonder).await, geweigerd(422, "opvolging-onbewezen"));
    let ander = regio::oin(Partner::Politie);
    assert_eq!(brengen(&ander, &goed).await, geweigerd(403, "bron-niet-eigen"));
    let van_ander = regio.pki.gidsvermelding(&Code::parse("politie").unwrap()).unwrap();
    assert_eq!(brengen(&oin, &json!(van_ander.vermelding)).await, geweigerd(403, "bron-niet-eigen"));
    // A name with a line of its own: the covenant manager is not asked about it, and who is called so does not sign it.
    let politie = Code::parse("politie").unwrap();
    let eigen: Vermelding = unverified_payload(&van_ander.vermelding.verklaring).unwrap();
    let vals = Vermelding { naam: "Politie\nGecontroleerd: ja".to_owned(), ..eigen };
    let vals = sign_vermelding(&regio.pki.ondertekensleutel(&politie).unwrap(), &vals).unwrap();
    let [aanvraag, uit] = ["vals.json", "uit.json"].map(|naam| regio.pad(naam));
    fs::write(&aanvraag, json!({ "vermelding": vals }).to_string()).unwrap();
    let gezien = meetekenen("vermelding", &regio, &aanvraag, &uit, "ja\n").await.mislukt("de naam erin").klacht;
    assert!(!gezien.contains("Gecontroleerd") && !uit.exists(), "{gezien}");
    let toml = fs::read_to_string(&config).unwrap();
    let anders = toml.replace("Huisartsenpraktijk Voorbeeld", "Huisartsenpraktijk\\nGecontroleerd: ja");
    assert_ne!(anders, toml);
    fs::write(&config, anders).unwrap();
    vermelding(&["maken", "--config", tekst(&config), "--uit", tekst(&uit), "--ja"], "").await.mislukt("organisatie.naam");
    assert!(!uit.exists());
    fs::write(&config, toml).unwrap();

    // It opens nothing else.
    let gids = http.get(format!("{}/v1/partners", regio.adres())).send().await.unwrap();
    assert_eq!(gids.status(), 403);
    assert_eq!(brengen(&oin, &goed).await, (204, String::new()));
    // Who is in needs a token, as everybody.
    assert_eq!(brengen(&oin, &goed).await, geweigerd(401, "token-ontbreekt"));
}
