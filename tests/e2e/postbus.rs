//! A partner's own system that asks its adapter for its mailbox while it takes what is in it: over and over, several at a time, and saying
//! more than once that it has something.

use std::path::Path;

use inbreng_harness::{Adapter, Regio, wachten_tot};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, mutatie, teruggezet::open};

/// How many messages, who asks beside who confirms, and how often each is confirmed.
const BERICHTEN: usize = 12;
const VRAGERS: usize = 4;
const KEER: usize = 3;

/// Whoever asked opens what it read before another said that it was taken: it must not stand open again, where nobody looks for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_asks_for_the_mailbox_while_it_is_taken_puts_nothing_back() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let programma = Path::new(PROGRAMMA);
    let politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let vt = Adapter::starten(programma, &regio, "veilig-thuis", hub.adres).await;
    for nummer in 0..BERICHTEN {
        let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld", &mutatie(nummer)).await;
        assert_eq!(status, 202, "{antwoord}");
    }
    let vragers = (0..VRAGERS).map(|_| {
        let ingang = vt.ingang();
        tokio::spawn(async move {
            loop {
                let (status, antwoord) = ingang.ophalen("/postbus").await;
                assert_eq!(status, 200, "{antwoord}");
            }
        })
    });
    let vragers: Vec<_> = vragers.collect();
    let mut genomen = std::collections::BTreeSet::new();
    wachten_tot("everything to be taken", async || {
        for levering in open(&vt).await {
            let pad = format!("/postbus/{}/ontvangen", levering["levering"].as_str().unwrap());
            let zeggen = (0..KEER).map(|_| vt.sturen(&pad, &Value::Null));
            for (status, antwoord) in futures_util::future::join_all(zeggen).await {
                assert_eq!(status, 204, "{antwoord}");
            }
            genomen.insert(levering["bericht"].as_str().unwrap().to_owned());
        }
        (genomen.len() == BERICHTEN).then_some(())
    })
    .await;
    vt.rust().await;
    for vrager in vragers {
        vrager.abort();
        assert!(vrager.await.is_err_and(|einde| einde.is_cancelled()), "it was answered all the while");
    }
    let standen: Vec<Value> = vt.postbus().await.into_iter().map(|mut levering| levering["stand"].take()).collect();
    assert_eq!(standen, vec![json!("gemeld"); BERICHTEN]);
    assert_eq!(hub.tellingen().await["open"], 0);
    assert_eq!(vt.ophalen("/gezondheid").await.1["alarmen"], json!([]));
}
