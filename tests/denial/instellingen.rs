//! Settings that count while a hub runs, on a connection that stays; and those that do not, which is said.

use std::{fs, io::Write, path::Path};

use inbreng_domain::envelope::MEDIA_TYPE;
use inbreng_harness::{Brief, Deelnemer, Hub, Regio, wachten_tot};
use rustls::version::TLS13;
use serde_json::Value;

use crate::{
    herladen::{RUIM, antwoord, gebeurd, velden, vragen},
    tls::{Verbinding, config, verbinden},
};

/// Sends a message on a connection that stays open: the status of the answer, and the code of a problem.
fn sturen(verbinding: &mut Verbinding, token: &str, brief: &Brief) -> (u16, Option<String>) {
    let lijf = brief.bytes();
    let kop = format!(
        "POST /v1/berichten HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: {MEDIA_TYPE}\r\n\
         content-length: {}\r\n\r\n",
        lijf.len()
    );
    verbinding.write_all(kop.as_bytes()).unwrap();
    verbinding.write_all(&lijf).unwrap();
    verbinding.flush().unwrap();
    let (status, lichaam) = antwoord(verbinding);
    let lichaam: Value = serde_json::from_slice(&lichaam).unwrap();
    (status, lichaam["code"].as_str().map(str::to_owned))
}

/// Writes a configuration, says so, and waits until the hub has it in force.
async fn herladen(hub: &Hub, bestand: &Path, tekst: &str) {
    let keer = hub.logregels("configuratie-herladen").len();
    fs::write(bestand, tekst).unwrap();
    hub.signaal("HUP");
    wachten_tot("it to be read", async || (hub.logregels("configuratie-herladen").len() > keer).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_limits_hold_on_the_connection_that_is_there() {
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "kamer", RUIM);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let [berichten, gids] = [politie.token("berichten").await.unwrap(), politie.token("gids").await.unwrap()];
    let mut blijft = verbinden(&hub, &config(&regio, &[&TLS13], &[]));
    let melding = || Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    assert_eq!(sturen(&mut blijft, &berichten, &melding()).0, 202);

    // Less fits than the open part of any message.
    let bestand = regio.pad("kamer").join("hub.toml");
    let ruim = fs::read_to_string(&bestand).unwrap();
    let krap = format!("{ruim}\n[grenzen]\nheader_bytes = 200\n");
    herladen(&hub, &bestand, &krap).await;
    let te_groot = (413, Some("te-groot".to_owned()));
    let brief = melding();
    assert_eq!(sturen(&mut blijft, &berichten, &brief), te_groot);

    // What cannot be read, or would not work, changes nothing of it.
    for (keer, onbruikbaar) in
        [format!("{ruim}\n[grenzen]\nheader_bytes = \"alles\"\n"), format!("{ruim}\n[bezorgen]\ngezond = 0\n")].iter().enumerate()
    {
        fs::write(&bestand, onbruikbaar).unwrap();
        hub.signaal("HUP");
        wachten_tot("the refusal", async || (hub.logregels("configuratie-geweigerd").len() > keer).then_some(())).await;
        assert_eq!(sturen(&mut blijft, &berichten, &brief), te_groot);
    }
    let sleutels = velden(&hub, "bevinding", "sleutel");
    assert!(sleutels.contains(&"grenzen.header_bytes".into()) && sleutels.contains(&"bezorgen.gezond".into()), "{sleutels:?}");

    // Room again for the message, and less for questions.
    let traag = ruim.replace("per_seconde = 1000\ntegelijk = 1000", "per_seconde = 1\ntegelijk = 20");
    herladen(&hub, &bestand, &traag).await;
    assert_eq!(sturen(&mut blijft, &berichten, &brief).0, 202, "the same message, of which nothing was kept");
    let antwoorden: Vec<u16> = (0..60).map(|_| vragen(&mut blijft, &gids)).collect();
    let binnen = antwoorden.iter().filter(|status| **status == 200).count();
    assert!((15..=30).contains(&binnen), "{antwoorden:?}");
    assert!(antwoorden.iter().all(|status| [200, 429].contains(status)), "{antwoorden:?}");
    assert!(hub.logregels("herstart-nodig").is_empty() && hub.logregels("verbinding-beeindigd").is_empty(), "{}", hub.logtekst());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_restart_is_named_and_the_rest_is_not() {
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "kamer", RUIM);
    let bestand = regio.pad("kamer").join("hub.toml");
    let eerst = fs::read_to_string(&bestand).unwrap();
    // Everything that counts at once.
    let meteen = eerst.replacen("[partners]\n", "[partners]\nmebibytes = 64\n", 1)
        + "\n[grenzen]\nparts = 8\n\n[bezorgen]\nper_ontvanger = 2\ngezond = 8\nmebibytes = 1\n\n[bewaren]\nelke_minuten = 5\n\
           \n[sporen]\notlp = \"http://127.0.0.1:9/v1/traces\"\n";
    assert_ne!(meteen.len(), eerst.len());
    herladen(&hub, &bestand, &meteen).await;
    hub.signaal("HUP");
    wachten_tot("another look", async || (hub.logregels("herladen").len() >= 2).then_some(())).await;
    assert!(hub.logregels("herstart-nodig").is_empty(), "{}", hub.logtekst());

    // Another address: said, and the one that it has goes on to be served.
    let elders = meteen.replacen("adres = \"127.0.0.1:0\"", "adres = \"127.0.0.2:0\"", 1);
    assert_ne!(elders, meteen);
    herladen(&hub, &bestand, &elders).await;
    gebeurd(&hub, "herstart-nodig").await;
    for (veld, waarde) in [("sleutel", "partners"), ("niveau", "warn")] {
        assert!(velden(&hub, "herstart-nodig", veld).iter().all(|v| v == waarde), "{}", hub.logtekst());
    }
    let politie = Deelnemer::new(&regio, &hub, "politie");
    assert_eq!(politie.ophalen("gids", "/partners").await.status, 200);
    // And it is said no more once it is what it was.
    let keer = hub.logregels("herstart-nodig").len();
    herladen(&hub, &bestand, &meteen).await;
    assert_eq!(hub.logregels("herstart-nodig").len(), keer, "{}", hub.logtekst());
}
