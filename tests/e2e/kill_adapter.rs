//! `kill -9` of an adapter: what it confirmed to its own system gets there, once; what it took from the hub is handed on, once.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use inbreng_domain::{BerichtId, Randomness, randomness::SeededRandomness};
use inbreng_harness::{Adapter, Brief, Deelnemer, Regio, wachten_tot};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, mutatie, toeval};

/// A pause of at most some milliseconds, another one each time.
async fn even(toeval: &SeededRandomness, hoogstens: u64) {
    let mut bytes = [0; 8];
    toeval.fill(&mut bytes);
    tokio::time::sleep(Duration::from_micros(u64::from_le_bytes(bytes) % (hoogstens * 1000))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_sending_adapter_confirmed_arrives_once() {
    const RONDEN: usize = 5;
    const PER_RONDE: usize = 5;
    let toeval = toeval();
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let vt = Deelnemer::new(&regio, &hub, "veilig-thuis");
    let mut adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
    let pad = "/mutaties/huiselijk-geweld";
    let mut bevestigd: BTreeMap<String, BerichtId> = BTreeMap::new();
    let bericht = |antwoord: &Value| serde_json::from_value::<BerichtId>(antwoord["bericht"].clone()).unwrap();
    for ronde in 0..RONDEN {
        let mutaties: Vec<Value> = (0..PER_RONDE).map(|i| mutatie(ronde * PER_RONDE + i)).collect();
        let sturen = async {
            let mut antwoorden = Vec::new();
            for mutatie in &mutaties {
                antwoorden.push(adapter.proberen(pad, mutatie).await.ok());
            }
            antwoorden
        };
        // Killed while it takes, seals and sends; what it did not answer, the own system offers again.
        let mut antwoorden = tokio::select! {
            antwoorden = sturen => antwoorden,
            () = async { even(&toeval, 150).await } => Vec::new(),
        };
        even(&toeval, 40).await;
        adapter.kill_9();
        adapter.herstarten().await;
        antwoorden.resize(PER_RONDE, None);
        for (mutatie, eerder) in mutaties.iter().zip(antwoorden) {
            let (status, antwoord) = adapter.sturen(pad, mutatie).await;
            assert_eq!(status, 202, "{antwoord}");
            if let Some((eerder_status, eerder)) = eerder {
                assert_eq!(
                    (eerder_status, bericht(&eerder)),
                    (202, bericht(&antwoord)),
                    "the same message under the same number"
                );
            }
            bevestigd.insert(mutatie["registratienummer"].as_str().unwrap().to_owned(), bericht(&antwoord));
        }
    }
    adapter.rust().await;
    let mut gekomen = Vec::new();
    for levering in vt.postvak().await {
        gekomen.push(serde_json::from_value::<BerichtId>(levering["bericht"]["id"].clone()).unwrap());
    }
    gekomen.sort_unstable();
    let mut verwacht: Vec<_> = bevestigd.values().copied().collect();
    verwacht.sort_unstable();
    assert_eq!(gekomen, verwacht, "each once, and no other");
    assert_eq!(gekomen.len(), RONDEN * PER_RONDE);
    for kenmerk in bevestigd.keys() {
        assert_eq!(adapter.ophalen(&format!("/verzonden/{kenmerk}")).await.1["stand"], "bevestigd");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_receiving_adapter_took_is_handed_on_once() {
    const BERICHTEN: usize = 10;
    let toeval = toeval();
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let politie = Deelnemer::new(&regio, &hub, "politie");
    let vt = regio.partner("veilig-thuis");
    let mut adapter = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let mut verstuurd = BTreeSet::new();
    let mut bevestigd: BTreeSet<String> = BTreeSet::new();
    while bevestigd.len() < BERICHTEN {
        while verstuurd.len() < BERICHTEN && verstuurd.len() < bevestigd.len() + 4 {
            let brief = Brief::incidentmelding(&regio, &politie.partner, &vt, "Er was ruzie.");
            let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
            verstuurd.insert(brief.id);
        }
        // Killed while it fetches, verifies and opens.
        even(&toeval, 200).await;
        adapter.kill_9();
        adapter.herstarten().await;
        let postbus = wachten_tot("something to take", async || {
            let postbus = adapter.postbus().await;
            postbus.iter().any(|l| l["lichaam"].is_object()).then_some(postbus)
        })
        .await;
        for levering in postbus.iter().filter(|l| l["lichaam"].is_object()) {
            let id = levering["levering"].as_str().unwrap().to_owned();
            adapter.bevestigen(levering).await;
            assert!(bevestigd.insert(id), "offered again after it was confirmed: {levering}");
        }
        // And between the own system's word and the hub's.
        adapter.kill_9();
        adapter.herstarten().await;
    }
    adapter.rust().await;
    let gezien: Vec<Value> = adapter.postbus().await;
    let berichten: BTreeSet<BerichtId> = gezien.iter().map(|l| serde_json::from_value(l["bericht"].clone()).unwrap()).collect();
    assert_eq!(gezien.len(), BERICHTEN, "no message in two deliveries");
    assert_eq!(berichten, verstuurd);
    for id in verstuurd {
        let status = politie.status(id).await;
        assert_eq!((&status["ontvangers"][0]["stand"], status["ontvangers"].as_array().unwrap().len()), (&json!("ontvangen"), 1));
    }
    assert_eq!(hub.tellingen().await["open"], 0);
}
