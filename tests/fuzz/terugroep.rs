//! Whole requests to the callback of a running adapter, as the hub makes them: deliveries bent in every place, and headers.

use std::{fs, path::Path};

use inbreng_harness::{Adapter, Antwoord, Brief, Deelnemer, Hub, Regio, wachten_tot};
use reqwest::{Certificate, Client, Identity};

use crate::{WOORDEN, draad::ZENDING, mutaties::een_van};

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");

/// The hub's own connection, whatever it brings.
fn knooppunt(regio: &Regio) -> Client {
    let map = regio.pki.knooppuntmap();
    let root = Certificate::from_pem(&fs::read(regio.pki.dir().join("root.pem")).unwrap()).unwrap();
    let mut pem = fs::read(map.tls_pem()).unwrap();
    pem.extend(fs::read(map.tls_key()).unwrap());
    let client = Client::builder().tls_certs_only([root]).identity(Identity::from_pem(&pem).unwrap()).http1_only();
    client.timeout(std::time::Duration::from_secs(60)).build().unwrap()
}

#[test]
fn no_delivery_that_is_brought_makes_an_adapter_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(PROGRAMMA), &regio, "terugroep", "");
    let luister = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let tabel = format!("[terugroep]\nluister = \"{luister}\"\n");
    let vt = runtime.block_on(Adapter::starten_met(Path::new(PROGRAMMA), &regio, "veilig-thuis", hub.adres, &tabel));
    let (client, adres) = (knooppunt(&regio), format!("https://localhost:{}/leveringen", luister.port()));
    let brengen = |media: &[u8], lichaam: &[u8]| {
        let media = reqwest::header::HeaderValue::from_bytes(media).ok()?;
        let verzoek = client.post(&adres).header("content-type", media).body(lichaam.to_vec());
        Some(runtime.block_on(async { Antwoord::lezen(verzoek.send().await.unwrap()).await.unwrap().status }))
    };

    // Of another region, or as a real delivery would be: what it says is looked at after it was taken.
    let json = b"application/json";
    een_van(2, "brought", &ZENDING.leveringen(), &WOORDEN, 60, |bytes| {
        let status = brengen(json, bytes).unwrap();
        assert!(matches!(status, 202 | 400), "{status}: {}", String::from_utf8_lossy(bytes));
    });
    let goed = &ZENDING.leveringen()[0];
    een_van(2, "brought as", &[json.to_vec(), b"application/json; charset=utf-8".to_vec()], &[], 30, |bytes| {
        let status = brengen(bytes, goed);
        assert!(matches!(status, None | Some(202 | 415)), "{status:?}");
    });

    // It is well, and takes what is real.
    runtime.block_on(async {
        let politie = Deelnemer::new(&regio, &hub, "politie");
        let brief = Brief::incidentmelding(&regio, &politie.partner, &regio.partner("veilig-thuis"), "Er was ruzie.");
        politie.sturen(brief.bytes()).await.met_status(202);
        let levering = wachten_tot("the real delivery", async || vt.postbus().await.pop()).await;
        vt.bevestigen(&levering).await;
        assert_eq!(vt.ophalen("/readyz").await.0, 200);
    });
    let log = vt.logtekst();
    assert!(!log.contains("panicked"), "{log}");
    assert!(hub.stoppen());
}
