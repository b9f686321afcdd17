//! Traces go to the collector that the configuration names, with nothing of a message in them; a collector that is not there costs nobody
//! anything.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use inbreng_harness::{Brief, Deelnemer, Regio};

use crate::starten;

/// A collector that answers everything with 200 and keeps what it got.
fn verzamelaar() -> (u16, Arc<Mutex<Vec<u8>>>) {
    let luisteraar = TcpListener::bind("127.0.0.1:0").unwrap();
    let (poort, alles) = (luisteraar.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
    let bewaard = Arc::clone(&alles);
    thread::spawn(move || {
        for verbinding in luisteraar.incoming() {
            let (Ok(mut verbinding), bewaard) = (verbinding, Arc::clone(&bewaard)) else { return };
            thread::spawn(move || {
                let mut buffer = [0; 65_536];
                while let Ok(gelezen @ 1..) = verbinding.read(&mut buffer) {
                    bewaard.lock().unwrap().extend_from_slice(&buffer[..gelezen]);
                    // Every request of the exporter fits in few reads; an answer too many is read as the next one's.
                    if verbinding.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").is_err() {
                        return;
                    }
                }
            });
        }
    });
    (poort, alles)
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_name_steps_and_nothing_of_a_message() {
    let regio = Regio::maken();
    let (poort, alles) = verzamelaar();
    let mut config = fs::read_to_string(regio.config()).unwrap();
    config.push_str(&format!("\n[sporen]\notlp = \"http://127.0.0.1:{poort}/v1/traces\"\n"));
    fs::write(regio.config(), config).unwrap();
    let hub = starten(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "KANARIE-INHOUD");
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    let oin = politie.partner.oin.to_string();
    assert!(tokio::task::spawn_blocking(move || hub.stoppen()).await.unwrap());

    let alles = alles.lock().unwrap().clone();
    let staat = |wat: &str| alles.windows(wat.len()).any(|w| w == wat.as_bytes());
    assert!(staat("POST /v1/traces") && staat("inbreng") && staat("aannemen"), "{}", String::from_utf8_lossy(&alles));
    for geheim in ["KANARIE", "incidentmelding", oin.as_str(), "politie"] {
        assert!(!staat(geheim), "{geheim}");
    }
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
