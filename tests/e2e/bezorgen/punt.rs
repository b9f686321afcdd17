//! A callback that the test plays: real TLS with a partner's real certificate, HTTP/1.1 by hand, so that it can do what no
//! decent server does.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use inbreng_certs::Partnermap;
use inbreng_domain::{Clock, Oin, clock::SystemClock, levering::Levering, receipts::Ontvangst};
use inbreng_harness::{Partner, Regio};
use inbreng_proof::{Typ, certificate::oin_of, digest_of, jws};
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, server::WebPkiClientVerifier};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

/// What it does with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gedrag {
    /// Takes it (202).
    Neemt,
    /// Takes it, and signs for it in the answer.
    Tekent,
    /// Answers nothing.
    Hangt,
    /// Answers a byte at a time.
    Druppelt,
    /// Answers without end.
    Stroomt,
    /// Answers what is no HTTP.
    Rommelt,
    /// Hangs up.
    Verbreekt,
    /// Sends elsewhere.
    Stuurt(String),
    /// Answers with this status.
    Zegt(u16),
}

/// A delivery that came.
#[derive(Debug, Clone)]
pub struct Gekomen {
    /// As it came.
    pub levering: Value,
    /// Which attempt the hub says it is.
    pub poging: u32,
    /// How it was treated.
    pub gedrag: Gedrag,
}

impl Gekomen {
    /// The message in it.
    pub fn bericht(&self) -> &str {
        self.levering["bericht"]["id"].as_str().unwrap()
    }
}

type Kiezer = Arc<dyn Fn(&Value) -> Gedrag + Send + Sync>;

/// A callback. Ends when dropped.
pub struct Punt {
    /// Where it listens.
    pub adres: SocketAddr,
    gekomen: Arc<Mutex<Vec<Gekomen>>>,
    kiezer: Arc<Mutex<Kiezer>>,
    klaar: Arc<AtomicBool>,
}

impl Punt {
    /// Listens with the certificate of this folder, and signs as this partner.
    pub fn openen(regio: &Regio, map: &Partnermap, partner: &Partner, adres: SocketAddr, gedrag: Gedrag) -> Self {
        Self::kiezend(regio, map, partner, adres, move |_| gedrag.clone())
    }

    /// Does per delivery what is chosen.
    pub fn kiezend(
        regio: &Regio,
        map: &Partnermap,
        partner: &Partner,
        adres: SocketAddr,
        kiezer: impl Fn(&Value) -> Gedrag + Send + Sync + 'static,
    ) -> Self {
        let config = tls(regio, map);
        let listener = TcpListener::bind(adres).unwrap();
        let adres = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let kiezer: Kiezer = Arc::new(kiezer);
        let (gekomen, kiezer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(kiezer)));
        let klaar = Arc::new(AtomicBool::new(false));
        let (partner, hub) = (partner.clone(), regio.knooppunt());
        let (lijst, keuze, einde) = (Arc::clone(&gekomen), Arc::clone(&kiezer), Arc::clone(&klaar));
        std::thread::spawn(move || {
            while !einde.load(Ordering::SeqCst) {
                let Ok((stroom, _)) = listener.accept() else {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                };
                let (config, partner) = (Arc::clone(&config), partner.clone());
                let (lijst, keuze, einde) = (Arc::clone(&lijst), Arc::clone(&keuze), Arc::clone(&einde));
                std::thread::spawn(move || {
                    // What the other end does with its connection is what the tests are about.
                    drop(behandelen(stroom, config, &partner, hub, &lijst, &keuze, &einde));
                });
            }
        });
        Self { adres, gekomen, kiezer, klaar }
    }

    /// From now on it does this.
    pub fn wordt(&self, gedrag: Gedrag) {
        *self.kiezer.lock().unwrap() = Arc::new(move |_| gedrag.clone());
    }

    /// What came, in order.
    pub fn gekomen(&self) -> Vec<Gekomen> {
        self.gekomen.lock().unwrap().clone()
    }

    /// The messages that it took, in order.
    pub fn genomen(&self) -> Vec<String> {
        let genomen = |g: &Gekomen| matches!(g.gedrag, Gedrag::Neemt | Gedrag::Tekent);
        self.gekomen().iter().filter(|g| genomen(g)).map(|g| g.bericht().to_owned()).collect()
    }
}

impl Drop for Punt {
    fn drop(&mut self) {
        self.klaar.store(true, Ordering::SeqCst);
    }
}

fn tls(regio: &Regio, map: &Partnermap) -> Arc<ServerConfig> {
    let lezen = |pad| std::fs::read(pad).unwrap();
    let mut roots = RootCertStore::empty();
    for der in CertificateDer::pem_slice_iter(&lezen(regio.pki.dir().join("root.pem"))) {
        roots.add(der.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let keten = CertificateDer::pem_slice_iter(&lezen(map.tls_pem())).map(Result::unwrap).collect();
    let sleutel = PrivateKeyDer::from_pem_slice(&lezen(map.tls_key())).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_client_cert_verifier(verifier).with_single_cert(keten, sleutel).unwrap())
}

fn behandelen(
    stroom: TcpStream,
    config: Arc<ServerConfig>,
    partner: &Partner,
    hub: Oin,
    lijst: &Mutex<Vec<Gekomen>>,
    keuze: &Mutex<Kiezer>,
    einde: &AtomicBool,
) -> std::io::Result<()> {
    stroom.set_nonblocking(false)?;
    stroom.set_nodelay(true)?;
    stroom.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stroom);
    while let Some((poging, lichaam)) = verzoek(&mut tls)? {
        let klant = tls.conn.peer_certificates().and_then(|k| k.first()).map(|der| oin_of(der).unwrap());
        assert_eq!(klant, Some(hub), "the hub shows its own certificate");
        let levering: Value = serde_json::from_slice(&lichaam).unwrap();
        let kiezer = Arc::clone(&keuze.lock().unwrap());
        let gedrag = kiezer(&levering);
        lijst.lock().unwrap().push(Gekomen { levering: levering.clone(), poging, gedrag: gedrag.clone() });
        let mut zeg = |tekst: &str| tls.write_all(tekst.as_bytes()).and_then(|()| tls.flush());
        match gedrag {
            Gedrag::Neemt => zeg("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")?,
            Gedrag::Zegt(status) => zeg(&format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"))?,
            Gedrag::Stuurt(naar) => zeg(&format!("HTTP/1.1 307 X\r\nlocation: {naar}\r\ncontent-length: 0\r\n\r\n"))?,
            Gedrag::Rommelt => return zeg("dit is geen HTTP\r\n\r\n"),
            Gedrag::Verbreekt => return Ok(()),
            Gedrag::Tekent => {
                let woord = json!({ "verklaring": ontvangst(partner, &levering) }).to_string();
                let kop = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", woord.len());
                zeg(&format!("{kop}{woord}"))?;
            }
            Gedrag::Hangt => {
                while !einde.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
            Gedrag::Druppelt => {
                zeg("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")?;
                while !einde.load(Ordering::SeqCst) {
                    zeg("x")?;
                    std::thread::sleep(Duration::from_millis(50));
                }
            }
            Gedrag::Stroomt => {
                zeg("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")?;
                let veel = "x".repeat(16 * 1024);
                while !einde.load(Ordering::SeqCst) {
                    zeg(&veel)?;
                }
            }
        }
    }
    Ok(())
}

/// One request; nothing when the other end is done.
fn verzoek(van: &mut impl Read) -> std::io::Result<Option<(u32, Vec<u8>)>> {
    let (mut alles, mut stuk) = (Vec::new(), [0; 16 * 1024]);
    let einde = loop {
        if let Some(plek) = alles.windows(4).position(|w| w == b"\r\n\r\n") {
            break plek + 4;
        }
        let n = van.read(&mut stuk)?;
        if n == 0 {
            return Ok(None);
        }
        alles.extend_from_slice(&stuk[..n]);
    };
    let koppen = String::from_utf8(alles[..einde].to_vec()).unwrap().to_lowercase();
    assert!(koppen.starts_with("post /leveringen http/1.1\r\n"), "{koppen}");
    let kop = |naam: &str| koppen.lines().find_map(|r| r.strip_prefix(naam)).map(|w| w.trim().to_owned());
    let lengte: usize = kop("content-length:").unwrap().parse().unwrap();
    let mut lichaam = alles[einde..].to_vec();
    while lichaam.len() < lengte {
        let n = van.read(&mut stuk)?;
        if n == 0 {
            return Ok(None);
        }
        lichaam.extend_from_slice(&stuk[..n]);
    }
    Ok(Some((kop("inbreng-poging:").unwrap().parse().unwrap(), lichaam)))
}

/// A signed receipt for a delivery as it came.
pub fn ontvangst(partner: &Partner, levering: &Value) -> String {
    let gelezen: Levering = serde_json::from_value(levering.clone()).unwrap();
    let woord = Ontvangst {
        levering: gelezen.id,
        bericht: gelezen.bericht.id,
        digest: digest_of(&levering["bericht"]["data"]["bericht"]).unwrap(),
        delen: gelezen.bericht.data.delen.iter().map(|d| d.labels.id).collect(),
        ontvanger: partner.oin,
        tijd: SystemClock.now(),
    };
    jws::sign(&partner.sleutel, Typ::Ontvangst, &woord).unwrap()
}
