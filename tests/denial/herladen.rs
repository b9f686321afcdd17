//! What is replaced while a hub runs: its certificate and its trust anchors under connections that stay, its configuration, and a bad one
//! that is refused.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use inbreng_certs::{Partnermap, Partnerspec, Pki, PkiSpec};
use inbreng_domain::{
    Clock,
    clock::SystemClock,
    gids::{Gidsvermelding, Sleutelaanleiding},
};
use inbreng_harness::{Brief, Client, Deelnemer, Hub, Regio, slug, wachten_tot};
use inbreng_proof::gids::{bevestigen, medeonderteken};
use reqwest::Method;
use rustls::version::TLS13;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;

use crate::{
    drempels::{lezen, tot_te_vaak},
    starten,
    tls::{Verbinding, config, config_uit, config_van, verbinden},
};

/// Asks once on a connection that stays open: the status of the answer.
pub fn vragen(verbinding: &mut Verbinding, token: &str) -> u16 {
    stellen(verbinding, "/v1/partners", token);
    antwoord(verbinding).0
}

/// Asks, and does not wait.
fn stellen(verbinding: &mut Verbinding, pad: &str, token: &str) {
    let vraag = format!("GET {pad} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n");
    verbinding.write_all(vraag.as_bytes()).unwrap();
    verbinding.flush().unwrap();
}

/// The answer to what was asked: status and body.
pub fn antwoord(verbinding: &mut Verbinding) -> (u16, Vec<u8>) {
    let mut kop = Vec::new();
    while !kop.ends_with(b"\r\n\r\n") {
        let mut een = [0];
        verbinding.read_exact(&mut een).unwrap();
        kop.extend(een);
    }
    let kop = String::from_utf8(kop).unwrap().to_lowercase();
    let lengte = kop.lines().find_map(|regel| regel.strip_prefix("content-length: ")).unwrap();
    let mut lichaam = vec![0; lengte.trim().parse().unwrap()];
    verbinding.read_exact(&mut lichaam).unwrap();
    (kop.split(' ').nth(1).unwrap().parse().unwrap(), lichaam)
}

/// What the hub showed on this connection.
fn getoond(verbinding: &Verbinding) -> CertificateDer<'static> {
    verbinding.conn.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lives_through_a_new_certificate_and_a_new_one_sees_it() {
    let mut regio = Regio::maken();
    let hub = starten(&regio);
    let token = Client::partner(&regio, &hub, "politie").token("gids").await;
    let klant = config(&regio, &[&TLS13], &[]);
    let mut blijft = verbinden(&hub, &klant);
    assert_eq!(vragen(&mut blijft, &token), 200);
    let oud = getoond(&blijft);

    regio.pki.heruitgeven(&slug(inbreng_certs::KNOOPPUNT)).unwrap();
    hub.signaal("HUP");
    let nieuw = wachten_tot("a connection that is shown the new certificate", async || {
        let mut verbinding = verbinden(&hub, &klant);
        assert_eq!(vragen(&mut verbinding, &token), 200);
        Some(getoond(&verbinding)).filter(|getoond| *getoond != oud)
    });
    let nieuw = nieuw.await;
    assert_eq!(nieuw, CertificateDer::from_pem_file(regio.pki.knooppuntmap().tls_pem()).unwrap());
    // The same socket, and the session that began under the former one.
    assert_eq!(vragen(&mut blijft, &token), 200);
    assert_eq!(getoond(&blijft), oud);
}

/// Over both versions of HTTP: who waits for an answer gets it, and who asks nothing may ask again. Certificate, list and configuration
/// are others each time, and it is told more often than it can read.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_ends_no_connection_whether_it_waits_or_rests() {
    const KEER: usize = 3;
    let mut regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "kamer", RUIM);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let [gids, postvak] = [vt.token("gids").await.unwrap(), vt.token("postvak").await.unwrap()];
    let klant = config_van(&regio, "veilig-thuis", &[&TLS13], &[]);
    let (mut rust, mut wacht) = (verbinden(&hub, &klant), verbinden(&hub, &klant));
    assert_eq!(vragen(&mut rust, &gids), 200);
    stellen(&mut wacht, "/v1/postvak?wacht=60", &postvak);
    let over_2 = {
        let (vt, postvak) = (vt.client.clone(), postvak.clone());
        tokio::spawn(async move { vt.aanroep(reqwest::Method::GET, "/v1/postvak?wacht=60").token(&postvak).sturen().await })
    };
    // Both are there when they are asked for another.
    wachten_tot("both to wait", async || (hub.getal("inbreng_verzoeken_onderhanden").await >= 2).then_some(())).await;

    let bestand = regio.pad("kamer").join("hub.toml");
    for keer in 1..=KEER {
        let herladen = hub.logregels("configuratie-herladen").len();
        regio.pki.heruitgeven(&slug(inbreng_certs::KNOOPPUNT)).unwrap();
        regio.pki.crl(time::Duration::days(7)).unwrap();
        let tekst = fs::read_to_string(&bestand).unwrap();
        let [oud, nieuw] = [keer - 1, keer].map(|n| format!("missers_per_minuut = {}", 1000 - n));
        assert!(tekst.contains(&oud), "{tekst}");
        fs::write(&bestand, tekst.replace(&oud, &nieuw)).unwrap();
        for _ in 0..5 {
            hub.signaal("HUP");
        }
        wachten_tot("it to be read", async || (hub.logregels("configuratie-herladen").len() > herladen).then_some(())).await;
        assert_eq!(vragen(&mut rust, &gids), 200, "{keer}");
    }
    assert!(hub.logregels("niet-herladen").is_empty(), "{}", hub.logtekst());
    // It is told that what signs is another too, which nothing that rests on it would bear.
    assert!(velden(&hub, "herstart-nodig", "sleutel").contains(&"pki.ondertekening_certificaat".into()), "{}", hub.logtekst());
    assert!(!over_2.is_finished(), "nothing is there for who waits");

    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    politie.sturen(brief.bytes()).await.met_status(202);
    let (status, lichaam) = antwoord(&mut wacht);
    assert!(status == 200 && String::from_utf8(lichaam).unwrap().contains(&brief.id.to_string()), "{status}");
    let antwoord_2 = over_2.await.unwrap();
    assert_eq!(antwoord_2.version(), reqwest::Version::HTTP_2);
    assert!(antwoord_2.text().await.unwrap().contains(&brief.id.to_string()));
    assert!(hub.logregels("verbinding-beeindigd").is_empty(), "{}", hub.logtekst());
}

/// A partner with certificates of authorities that the region does not trust, and its entry in the directory, which the region's own covenant
/// manager countersigned.
fn nieuwkomer(regio: &Regio) -> (Pki, Partnermap, Gidsvermelding) {
    let spec = Partnerspec {
        slug: slug("nieuwkomer"),
        naam: "Organisatie nieuwkomer (test)".to_owned(),
        oin: "00000099000000008000".parse().unwrap(),
        partnertype: "wijkteam".parse().unwrap(),
        gebied: vec!["0518".parse().unwrap()],
        functies: Vec::new(),
        noodontvanger: false,
        namen: vec!["localhost".to_owned()],
    };
    let pki = regio.pki.ernaast(&regio.pad("pki2"), &PkiSpec { partners: vec![spec], ..PkiSpec::default() }).unwrap();
    let (beheerder, nu) = (regio.pki.beheerdersleutel().unwrap(), SystemClock.now());
    let Gidsvermelding { vermelding, sleutels, bevriezingen } = pki.gidsvermelding(&slug("nieuwkomer")).unwrap();
    let vermelding = medeonderteken(&beheerder, vermelding.verklaring, nu).unwrap();
    let eerste = |verklaring| bevestigen(&beheerder, verklaring, Sleutelaanleiding::Eerste, nu).unwrap();
    let sleutels = sleutels.into_iter().map(|sleutel| eerste(sleutel.verklaring)).collect();
    let map = pki.partnermap(&slug("nieuwkomer")).unwrap();
    (pki, map, Gidsvermelding { vermelding, sleutels, bevriezingen })
}

/// What says who is trusted and who there is, and its text.
fn vertrouwd(regio: &Regio) -> Vec<(PathBuf, String)> {
    let paden = ["root.pem", "tussen.pem", "crl.pem", "gids.json"].map(|naam| regio.pki.dir().join(naam));
    paden.into_iter().map(|pad| (pad.clone(), fs::read_to_string(pad).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn anchors_are_replaced_while_it_runs_and_whoever_is_under_one_stays() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let token = Client::partner(&regio, &hub, "politie").token("gids").await;
    let mut blijft = verbinden(&hub, &config(&regio, &[&TLS13], &[]));
    assert_eq!(vragen(&mut blijft, &token), 200);
    let (pki, map, vermelding) = nieuwkomer(&regio);
    let klant = config_uit(&regio, &map, &[&TLS13], &[]);
    let komt_niet_binnen = async || {
        let client = Client::zal_worden_geweigerd(&regio, &hub, (map.tls_pem(), map.tls_key()), &map);
        assert!(client.aanroep(Method::GET, "/v1/partners").proberen().await.is_err_and(|f| !f.is_timeout()));
    };
    komt_niet_binnen().await;

    // A second root, its intermediate and lists, and who has its certificates from there.
    let van_toen = vertrouwd(&regio);
    for (pad, tekst) in &van_toen {
        let met = if pad.ends_with("gids.json") {
            let mut gids: Vec<Gidsvermelding> = serde_json::from_str(tekst).unwrap();
            gids.push(vermelding.clone());
            serde_json::to_string(&gids).unwrap()
        } else {
            format!("{tekst}{}", fs::read_to_string(pki.dir().join(pad.file_name().unwrap())).unwrap())
        };
        fs::write(pad, met).unwrap();
    }
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", 1).await;
    let van_nieuwkomer = Client::met(&regio, &hub, Some(&map), &map).token("gids").await;
    let mut nieuw = verbinden(&hub, &klant);
    assert_eq!(vragen(&mut nieuw, &van_nieuwkomer), 200);
    assert_eq!(vragen(&mut blijft, &token), 200, "the same socket as before");

    // And without it again: who came from there is refused on the connection that it has, and gets no other.
    let keren = hub.logregels("herladen").len();
    for (pad, tekst) in &van_toen {
        fs::write(pad, tekst).unwrap();
    }
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", keren + 1).await;
    assert_eq!(vragen(&mut nieuw, &van_nieuwkomer), 403);
    komt_niet_binnen().await;
    assert_eq!(vragen(&mut blijft, &token), 200, "still the same socket");
}

pub const RUIM: &str = "
[drempels]
per_seconde = 1000
tegelijk = 1000
acuut_per_seconde = 1000
acuut_tegelijk = 1000
missers_per_minuut = 1000
";

/// The values of a field in the lines of an event.
pub fn velden(hub: &Hub, gebeurtenis: &str, veld: &str) -> Vec<Value> {
    hub.logregels(gebeurtenis).into_iter().map(|regel| regel[veld].clone()).collect()
}

pub async fn gebeurd(hub: &Hub, gebeurtenis: &str) {
    wachten_tot(gebeurtenis, async || (!hub.logregels(gebeurtenis).is_empty()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_while_it_runs_and_bad_ones_are_refused() {
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "kamer", RUIM);
    let [politie, vt, ggz] = ["politie", "veilig-thuis", "ggz"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let bestand = regio.pad("kamer").join("hub.toml");
    let ruim = fs::read_to_string(&bestand).unwrap();
    for _ in 0..40 {
        assert_eq!(lezen(&politie).await.status(), 200);
    }

    // Less room, a quieter log, and one thing that waits for the next start.
    let krap = ruim
        .replace("per_seconde = 1000\ntegelijk = 1000", "per_seconde = 1\ntegelijk = 20")
        .replace("niveau = \"debug\"", "niveau = \"warn\"")
        .replace("pad = \"hub.sqlite\"", "pad = \"hub.sqlite\"\ngrootste_mib = 20000");
    fs::write(&bestand, &krap).unwrap();
    hub.signaal("HUP");
    gebeurd(&hub, "herstart-nodig").await;
    assert_eq!(velden(&hub, "configuratie-herladen", "niveau"), ["info"]);
    assert!(velden(&hub, "herstart-nodig", "sleutel").iter().all(|sleutel| sleutel == "opslag"), "{}", hub.logtekst());
    let gevuld = tot_te_vaak(&politie).await;
    assert!((15..=25).contains(&gevuld), "{gevuld}");
    assert!(!velden(&hub, "geweigerd", "code").contains(&"te-vaak".into()), "an ordinary refusal is no warning");

    // One that cannot be read leaves the one before in force, and says why.
    fs::write(&bestand, krap.replace("tegelijk = 20\n", "tegelijk = 0\n")).unwrap();
    hub.signaal("HUP");
    gebeurd(&hub, "configuratie-geweigerd").await;
    assert!(velden(&hub, "bevinding", "sleutel").contains(&"drempels.tegelijk".into()), "{}", hub.logtekst());
    let gevuld = tot_te_vaak(&vt).await;
    assert!((15..=25).contains(&gevuld), "{gevuld}");
    // So does one that can be read and would not work.
    fs::write(&bestand, krap.replace("[drempels]", "[grenzen]\nparts = 0\n\n[drempels]")).unwrap();
    wachten_tot("the second refusal", async || (hub.logregels("configuratie-geweigerd").len() >= 2).then_some(())).await;
    assert!(velden(&hub, "bevinding", "sleutel").contains(&"grenzen.parts".into()), "{}", hub.logtekst());

    // And back, by the change of the file alone.
    fs::write(&bestand, &ruim).unwrap();
    wachten_tot("the room of before", async || {
        for _ in 0..40 {
            if lezen(&ggz).await.status() != 200 {
                return None;
            }
        }
        Some(())
    })
    .await;
    assert_eq!(lezen(&politie).await.status(), 200);
}
