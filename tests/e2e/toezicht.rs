//! What a collector reads of a hub: well-formed, in bounds, and all that the alert rules and the dashboard ask for.

use std::collections::BTreeSet;

use inbreng_domain::vocabulary::Noodzaak;
use inbreng_harness::{Brief, Deelnemer, Regio};

use crate::hub;

/// What is written for a collector and for people who look at it.
const VRAGEN: [&str; 4] = [
    include_str!("../../compose/prometheus/meldingen.yml"),
    include_str!("../../compose/grafana/inbreng.json"),
    include_str!("../../docs/operations/failures.md"),
    include_str!("../../docs/operations/capacity.md"),
];

/// Names of metrics in a text.
fn namen(tekst: &str) -> BTreeSet<&str> {
    tekst
        .split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
        .filter(|woord| woord.starts_with("inbreng_") || woord.starts_with("process_"))
        // Where there is a RabbitMQ: tests/e2e/bezorgen/knooppunten.rs.
        .filter(|woord| !woord.starts_with("inbreng_bus_"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_finds_every_number_that_rules_and_dashboard_ask_for() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let melding = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Een ruzie.");
    let _accepted = politie.sturen(melding.bytes()).await.met_status(202);
    let mut zonder_grond = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Een ruzie.");
    for stuk in &mut zonder_grond.delen {
        (stuk.noodzaak, stuk.grondslagen) = (Noodzaak::NietToegelicht, Vec::new());
    }
    let geweigerd = politie.sturen(zonder_grond.bytes()).await.status;
    assert!((400..500).contains(&geweigerd), "{geweigerd}");

    let antwoord = reqwest::get(format!("http://{}/metrics", hub.beheer)).await.unwrap();
    assert!(antwoord.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let bladzijde = antwoord.text().await.unwrap();
    assert_eq!(bladzijde.lines().last(), Some("# EOF"));
    for regel in bladzijde.lines().filter(|l| !l.starts_with('#')) {
        let (_, waarde) = regel.rsplit_once(' ').unwrap();
        assert!(waarde.parse::<f64>().is_ok(), "{regel}");
    }
    let staat = |regel: &str| assert!(bladzijde.lines().any(|l| l == regel), "{regel} in\n{bladzijde}");
    staat("inbreng_berichten_total 1");
    staat("inbreng_leveringen_open 1");
    staat("inbreng_gereed{onderdeel=\"opslag\"} 1");
    staat("inbreng_verzoeken_total{methode=\"POST\",route=\"/v1/berichten\",status=\"202\"} 1");
    staat("inbreng_verzoek_duur_seconden_count{route=\"/v1/berichten\"} 2");

    let getoond = namen(&bladzijde);
    for vraag in VRAGEN.iter().flat_map(|v| namen(v)).filter(|n| !n.starts_with("inbreng_adapter")) {
        assert!(getoond.contains(vraag), "{vraag} is asked for and not shown in\n{bladzijde}");
    }
    // No organisation, no message, no case among the labels.
    for verborgen in [politie.partner.oin.to_string(), melding.id.to_string(), melding.casus.unwrap().to_string()] {
        assert!(!bladzijde.contains(&verborgen), "{verborgen}");
    }
}
