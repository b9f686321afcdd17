//! How and where is brought may change while the hub runs.

use std::fs;

use super::*;

/// Writes the configuration of the hub with this behind it, and waits until it is in force.
async fn herladen(hub: &Hub, eerst: &str, tabel: &str) {
    let keer = hub.logregels("configuratie-herladen").len();
    fs::write(hub.map().join("hub.toml"), format!("{eerst}\n{tabel}")).unwrap();
    hub.signaal("HUP");
    wachten_tot("it to be read", async || (hub.logregels("configuratie-herladen").len() > keer).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_are_allowed_and_forbidden_while_it_runs() {
    let regio = Regio::maken();
    let hub = hub(&regio, "eerste", "");
    let eerst = fs::read_to_string(hub.map().join("hub.toml")).unwrap();
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 1_000)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    mislukt_door(&politie, &brief, &vt, "adres-niet-toegestaan").await;
    assert!(punt.gekomen().is_empty());

    herladen(&hub, &eerst, HIER).await;
    wordt(&politie, &brief, &vt, "ontvangen").await;
    assert_eq!(punt.genomen(), [brief.id.to_string()]);

    // A connection to it rests, and is not used again.
    herladen(&hub, &eerst, "").await;
    let tweede = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &tweede).await;
    mislukt_door(&politie, &tweede, &vt, "adres-niet-toegestaan").await;
    assert_eq!(punt.genomen().len(), 1);
}

/// What is under way when there may be less stays under way; from then on there is as much as was said, and then as much more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_much_is_under_way_as_was_said_last() {
    let Toneel { regio, hub, politie, vt, .. } = Toneel::new();
    let eerst = fs::read_to_string(hub.map().join("hub.toml")).unwrap();
    let zonder = eerst.replace(HIER, "");
    assert_ne!(eerst, zonder);
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Neemt);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 60, 1_000)).await;
    sturen(&politie, &melding(&regio, &politie, &vt.partner)).await;
    wachten_tot("it to be known", async || (punt.genomen().len() == 1).then_some(())).await;
    punt.wordt(Gedrag::Hangt);
    for _ in 0..3 {
        sturen(&politie, &melding(&regio, &politie, &vt.partner)).await;
    }
    wachten_tot("three under way", async || (punt.gekomen().len() == 4).then_some(())).await;

    herladen(&hub, &zonder, &format!("{HIER}per_ontvanger = 4\n")).await;
    for _ in 0..3 {
        sturen(&politie, &melding(&regio, &politie, &vt.partner)).await;
    }
    wachten_tot("a fourth", async || (punt.gekomen().len() == 5).then_some(())).await;
    // Each look at the lane of these begins with one at the other's.
    for al in [5, 6] {
        let acuut = Brief { urgentie: Urgentie::Acuut, ..melding(&regio, &politie, &vt.partner) };
        sturen(&politie, &acuut).await;
        wachten_tot("what is acute", async || (punt.gekomen().len() > al).then_some(())).await;
    }
    assert_eq!(punt.gekomen().len(), 7, "four are under way, and there may be four");
    herladen(&hub, &zonder, &format!("{HIER}per_ontvanger = 5\n")).await;
    wachten_tot("a fifth", async || (punt.gekomen().len() == 8).then_some(())).await;
    assert!(hub.logregels("herstart-nodig").is_empty(), "{}", hub.logtekst());
}
