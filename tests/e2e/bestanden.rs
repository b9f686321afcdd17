//! No file descriptors left: more connections than a process may have. Whoever was there goes on; nothing that was taken is lost, and
//! no recipient is given up for it; afterwards everything is as before.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use inbreng_harness::{Adapter, Brief, Deelnemer, Hub, Regio, wachten_tot};
use serde_json::json;

use crate::{
    PROGRAMMA,
    bezorgen::{Gedrag, Punt, aanmelden, melding, schema, wordt},
    mutatie,
};

/// Descriptors that the process may have, and connections that nobody says a word on.
const MAG: u32 = 128;
const STIL: usize = 400;
const HIER: &str = "[bezorgen]\nnetten = [\"127.0.0.0/8\", \"::1/128\"]\n";

/// The program, with that few.
fn krap(regio: &Regio) -> PathBuf {
    let programma = regio.pad("krap.sh");
    fs::write(&programma, format!("#!/bin/sh\nulimit -n {MAG}\nexec {PROGRAMMA} \"$@\"\n")).unwrap();
    fs::set_permissions(&programma, fs::Permissions::from_mode(0o755)).unwrap();
    programma
}

/// Keeps more connections open than there are descriptors, until told to stop: as soon as they are closed there are new ones.
struct Vloed {
    stop: Arc<AtomicBool>,
    draad: Option<std::thread::JoinHandle<()>>,
}

impl Vloed {
    fn op(adres: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let einde = Arc::clone(&stop);
        let draad = std::thread::spawn(move || {
            while !einde.load(Ordering::SeqCst) {
                let stil: Vec<TcpStream> =
                    (0..STIL).filter_map(|_| TcpStream::connect_timeout(&adres, Duration::from_millis(200)).ok()).collect();
                for _ in 0..20 {
                    if !einde.load(Ordering::SeqCst) {
                        std::thread::sleep(Duration::from_millis(100));
                    }
                }
                drop(stil);
            }
        });
        Self { stop, draad: Some(draad) }
    }
}

impl Drop for Vloed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(draad) = self.draad.take() {
            let _ended = draad.join();
        }
    }
}

/// Waits until the process has as many as it may: then it cannot even be asked how many, or not count them.
async fn op(hub: &Hub) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
    let bladzijde = async || client.get(format!("http://{}/metrics", hub.beheer)).send().await?.text().await;
    wachten_tot("no descriptor to be left", async || {
        let Ok(tekst) = bladzijde().await else { return Some(()) };
        let open = tekst.lines().find_map(|r| r.strip_prefix("process_open_fds ")?.parse::<u32>().ok());
        open.is_none_or(|open| open + 4 >= MAG).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hub_without_descriptors_goes_on_with_who_is_there_and_gives_up_nobody() {
    let regio = Regio::maken();
    let hub = Hub::in_kamer(&krap(&regio), &regio, "krap", HIER);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let map = regio.pki.partnermap(&inbreng_harness::slug("veilig-thuis")).unwrap();
    let punt = Punt::openen(&regio, &map, &vt.partner, "127.0.0.1:0".parse().unwrap(), Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 1_000)).await;
    let mut brieven: Vec<Brief> = Vec::new();
    let eerste = melding(&regio, &politie, &vt.partner);
    let _accepted = politie.sturen(eerste.bytes()).await.met_status(202);
    wordt(&politie, &eerste, &vt, "ontvangen").await;
    brieven.push(eerste);

    let vloed = Vloed::op(hub.adres);
    op(&hub).await;
    for _ in 0..10 {
        let brief = melding(&regio, &politie, &vt.partner);
        // Its connection is there; where it has to be made anew, that takes a while.
        wachten_tot("it to be accepted", async || {
            let antwoord = politie.proberen(brief.bytes()).await.ok()?;
            assert!(matches!(antwoord.status, 202 | 503), "{antwoord:?}");
            (antwoord.status == 202).then_some(())
        })
        .await;
        brieven.push(brief);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    drop(vloed);
    for brief in &brieven {
        wordt(&politie, brief, &vt, "ontvangen").await;
    }
    let (mut gekomen, mut verwacht) = (punt.genomen(), brieven.iter().map(|b| b.id.to_string()).collect::<Vec<_>>());
    gekomen.sort();
    verwacht.sort();
    assert_eq!(gekomen, verwacht, "each once");
    assert!(hub.logregels("dode-letter").is_empty());
    assert!(hub.stoppen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_adapter_without_descriptors_loses_nothing_and_goes_on() {
    let regio = Regio::maken();
    let hub = crate::hub(&regio, "hub", "");
    let vt = Deelnemer::new(&regio, &hub, "veilig-thuis");
    let adapter = Adapter::starten(&krap(&regio), &regio, "politie", hub.adres).await;
    let adres: SocketAddr = fs::read_to_string(adapter.map().join("adres")).unwrap().trim().parse().unwrap();
    let vloed = Vloed::op(adres);
    let mut verwacht = Vec::new();
    for nummer in 0..8 {
        let bericht = wachten_tot("it to be taken", async || {
            let (status, antwoord) = adapter.proberen("/mutaties/huiselijk-geweld", &mutatie(nummer)).await.ok()?;
            assert!(matches!(status, 202 | 503), "{status} {antwoord}");
            (status == 202).then(|| antwoord["bericht"].as_str().unwrap().to_owned())
        });
        verwacht.push(bericht.await);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    drop(vloed);
    adapter.rust().await;
    let mut gekomen: Vec<String> = Vec::new();
    for levering in vt.postvak().await {
        gekomen.push(levering["bericht"]["id"].as_str().unwrap().to_owned());
    }
    gekomen.sort();
    verwacht.sort();
    assert_eq!(gekomen, verwacht, "each once");
    assert_eq!(adapter.ophalen("/gezondheid").await.1["alarmen"], json!([]));
}
