//! Attack 10: a hub that keeps two logs and shows each adapter its own. What crosses from one side to the other carries the head that
//! its sender holds, and the first message is enough.

use std::fs;

use inbreng_harness::{Adapter, Brief, Deelnemer, Hub, Regio, wachten_tot};
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{PROGRAMMA, hub, mutatie};

/// The alarms that an adapter has called.
async fn alarmen(adapter: &Adapter) -> Vec<String> {
    let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
    gezondheid["alarmen"].as_array().unwrap().iter().map(|a| a["soort"].as_str().unwrap().to_owned()).collect()
}

/// The bytes of the one message that an adapter sent.
async fn verstuurd(adapter: &Adapter) -> Vec<u8> {
    let opslag = SqliteConnectOptions::new().filename(adapter.map().join("adapter.sqlite")).read_only(true);
    let mut verbinding = opslag.connect().await.unwrap();
    let envelop: String = sqlx::query_scalar("SELECT envelop FROM uitgaand").fetch_one(&mut verbinding).await.unwrap();
    verbinding.close().await.unwrap();
    envelop.into_bytes()
}

/// So many messages, so that one log gets ahead of the other.
async fn vooruit(regio: &Regio, hub: &Hub, aantal: usize) {
    let politie = Deelnemer::new(regio, hub, "politie");
    for _ in 0..aantal {
        let brief = Brief::incidentmelding(regio, &politie.partner, &regio.partner("om"), "Er was ruzie.");
        let status = politie.sturen(brief.bytes()).await.status;
        assert!(status == 202 || status == 403, "{status}: a message or a refusal, in the log either way");
    }
}

/// A hub that splits after a common beginning; the message of the one side is carried to the other.
async fn gesplitst(voor_afzender: usize, voor_ontvanger: usize) {
    let regio = Regio::maken();
    let mut een = hub(&regio, "een", "");
    vooruit(&regio, &een, 2).await;
    een.kill_9();
    let ander = regio.kamer("ander", "");
    for deel in ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite.sleutels"] {
        if een.map().join(deel).exists() {
            fs::copy(een.map().join(deel), ander.join(deel)).unwrap();
        }
    }
    een.herstarten();
    let ander = Hub::in_map(PROGRAMMA.as_ref(), &ander);
    vooruit(&regio, &een, voor_afzender).await;
    vooruit(&regio, &ander, voor_ontvanger).await;

    let politie = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", een.adres).await;
    let vt = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", ander.adres).await;
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie(1)).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    let bytes = verstuurd(&politie).await;
    let envelop: Value = serde_json::from_slice(&bytes).unwrap();
    assert!(envelop["data"]["bericht"]["checkpoint"].is_string(), "it carries the head that its sender holds");
    // Each side alone sees a log that only grows.
    assert_eq!((alarmen(&politie).await, alarmen(&vt).await), (vec![], vec![]));

    // The operator of both carries it over, so that nobody misses it.
    Deelnemer::new(&regio, &ander, "politie").sturen(bytes).await.met_status(202);
    let gemeld = wachten_tot("an alarm", async || Some(alarmen(&vt).await).filter(|a| !a.is_empty())).await;
    assert_eq!(gemeld, ["logboek-gesplitst"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attack_10_a_hub_with_two_logs_is_noticed_at_the_first_message() {
    // The sender saw more of its log than the other has: the hub cannot prove a size that it never had there.
    gesplitst(5, 1).await;
    // And less: it can prove, but not from that root.
    gesplitst(1, 5).await;
}
