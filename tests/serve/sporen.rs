//! Traces go to the collector that the configuration names, with nothing of a message in them; a collector that is not there costs nobody
//! anything.

use std::{
    fs,
    time::{Duration, Instant},
};

use inbreng_harness::{Brief, Deelnemer, Geheim, Kanaries, Regio, Verzamelaar, wachten_tot};

use crate::starten;

#[tokio::test(flavor = "multi_thread")]
async fn traces_name_steps_and_nothing_of_a_message() {
    let regio = Regio::maken();
    let verzamelaar = Verzamelaar::starten();
    let mut config = fs::read_to_string(regio.config()).unwrap();
    config.push_str(&verzamelaar.tabel());
    fs::write(regio.config(), config).unwrap();
    let hub = starten(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = Geheim::melding(&regio, &politie.partner, &vt.partner);
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    // In clear where it may not be, and refused: an error has a trace too.
    let open = brief.delen.iter().map(|s| s.inhoud.to_string()).collect::<String>();
    let _refused = politie.sturen(open.into_bytes()).await;
    let oin = politie.partner.oin.to_string();
    let geadresseerd = vt.partner.oin.to_string();
    assert!(tokio::task::spawn_blocking(move || hub.stoppen()).await.unwrap());

    let alles = verzamelaar.alles();
    let staat = |wat: &str| alles.windows(wat.len()).any(|w| w == wat.as_bytes());
    assert!(staat("POST /v1/traces") && staat("inbreng") && staat("aannemen"), "{}", String::from_utf8_lossy(&alles));
    let gevonden = Geheim::kanaries().in_bytes(&alles);
    assert!(gevonden.is_empty(), "{gevonden:?}");
    // Nor who sent what to whom, in which case and of whom, from which a reader of traces could follow someone.
    for geheim in ["incidentmelding", oin.as_str(), geadresseerd.as_str(), "politie"] {
        assert!(!staat(geheim), "{geheim}");
    }
    let personen = brief.delen.iter().flat_map(|d| d.betrokkenen.iter().map(ToString::to_string));
    let verwijzingen = Kanaries::new(personen.chain([brief.casus.unwrap().to_string(), brief.id.to_string()]));
    assert!(verwijzingen.in_bytes(&alles).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_costs_nothing() {
    let regio = Regio::maken();
    let mut config = fs::read_to_string(regio.config()).unwrap();
    config.push_str("\n[sporen]\notlp = \"http://127.0.0.1:9/v1/traces\"\nprocent = 10\n");
    fs::write(regio.config(), config).unwrap();
    let hub = starten(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    let begin = Instant::now();
    assert!(tokio::task::spawn_blocking(move || hub.stoppen()).await.unwrap());
    assert!(begin.elapsed() < Duration::from_secs(30));
}

/// From the moment that the configuration names one, and not any more once it names none.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_comes_changes_and_goes_while_the_hub_runs() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let eerst = fs::read_to_string(regio.config()).unwrap();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let sturen = async || {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    };
    let herladen = async |tabel: &str| {
        let keer = hub.logregels("configuratie-herladen").len();
        fs::write(regio.config(), format!("{eerst}{tabel}")).unwrap();
        hub.signaal("HUP");
        wachten_tot("it to be read", async || (hub.logregels("configuratie-herladen").len() > keer).then_some(())).await;
    };
    let aantal = |waar: &Verzamelaar| waar.alles().windows(8).filter(|w| *w == b"aannemen").count();
    let [een, twee] = [Verzamelaar::starten(), Verzamelaar::starten()];
    sturen().await;
    for verzamelaar in [&een, &twee] {
        herladen(&verzamelaar.tabel()).await;
        sturen().await;
        wachten_tot("a trace", async || (aantal(verzamelaar) > 0).then_some(())).await;
    }
    let per_bericht = aantal(&een);
    herladen("").await;
    for _ in 0..4 {
        sturen().await;
    }
    assert!(hub.logregels("herstart-nodig").is_empty(), "{}", hub.logtekst());
    assert!(tokio::task::spawn_blocking(move || hub.stoppen()).await.unwrap(), "which sends what there is");
    assert_eq!(aantal(&een), per_bericht, "once there is another, it gets nothing");
    assert!(aantal(&twee) <= 2 * per_bericht, "{} of five messages, {per_bericht} of one", aantal(&twee));
}
