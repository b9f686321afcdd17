//! Mistakes that only a connection with the hub shows, and what `check` says of each to mend it.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
};

use inbreng_certs::Partnerspec;
use inbreng_domain::{Oin, vocabulary::Partnertype};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{Map, slug};
use crate::regio::Regio;

/// What is found, a piece of its mend, and the mistake, made when all was well.
pub(super) type Netfout = (&'static str, &'static str, fn(&mut Regio, &Map));

pub(super) const OVER_HET_NETWERK: &[Netfout] = &[
    ("knooppunt-onbereikbaar", "firewall", |regio, map| map.config(regio.adres(), "https://localhost:9")),
    ("niet-in-de-gids", "inbreng-adapter vermelding maken", |regio, map| {
        // It has its certificates; nobody has brought its entry.
        let oin = "00000001000000000150";
        let crisisdienst = Partnerspec {
            slug: slug("crisisdienst"),
            naam: "Crisisdienst Voorbeeldregio".to_owned(),
            oin: Oin::parse(oin).unwrap(),
            partnertype: Partnertype::Crisisdienst,
            gebied: vec![],
            functies: vec![],
            noodontvanger: false,
            namen: vec![],
        };
        regio.pki.partner_toevoegen(&crisisdienst).unwrap();
        map.van(&regio.pki, "crisisdienst");
        map.config("00000001000000000050", oin);
        map.config("partnertype = \"ggz\"", "partnertype = \"crisisdienst\"");
    }),
    ("ander-partnertype", "organisatie.partnertype", |_, map| map.config("partnertype = \"ggz\"", "partnertype = \"school\"")),
    ("knooppunt-weigert", "met dit ondertekencertificaat", |regio, map| {
        // New certificates, of which the directory knows nothing yet.
        regio.pki.heruitgeven(&slug("ggz")).unwrap();
        let nieuw = regio.pki.partnermap(&slug("ggz")).unwrap();
        map.zetten(&nieuw.ondertekening_pem(), "ondertekening.pem");
        map.zetten(&nieuw.ondertekening_key(), "ondertekening.key");
    }),
    ("knooppunt-vreemd-antwoord", "geen andere server tussen", |regio, map| {
        map.config(regio.adres(), &format!("https://localhost:{}", webpagina(regio)));
    }),
    ("verbinding-niet-op-te-zetten", "sleutels op P-256 (PKCS#8, PEM)", |regio, map| {
        // A curve that no TLS takes. Certificate and key do belong together.
        let kromme = EcGroup::from_curve_name(Nid::SECP256K1).unwrap();
        let pem = PKey::from_ec_key(EcKey::generate(&kromme).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
        let vreemd = regio.pki.certificaten_voor_sleutel(&slug("ggz"), &regio.pad("kromme"), &pem).unwrap();
        map.zetten(&vreemd.tls_pem(), "tls.pem");
        map.zetten(&vreemd.tls_key(), "tls.key");
    }),
];

/// A server with the certificate of the hub that shows everybody a page, as one that stands before it might; its port.
fn webpagina(regio: &Regio) -> u16 {
    let hub = regio.pki.knooppuntmap();
    let keten = CertificateDer::pem_file_iter(hub.tls_pem()).unwrap().map(Result::unwrap).collect();
    let sleutel = PrivateKeyDer::from_pem_file(hub.tls_key()).unwrap();
    let tls = Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(keten, sleutel).unwrap());
    let luisteraar = TcpListener::bind("127.0.0.1:0").unwrap();
    let poort = luisteraar.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for draad in luisteraar.incoming() {
            tonen(draad.unwrap(), Arc::clone(&tls));
        }
    });
    poort
}

/// Reads a request to the end of its head and answers. Who asks may go away at any moment.
fn tonen(draad: TcpStream, tls: Arc<ServerConfig>) {
    const BLADZIJDE: &str = "<html>Onderhoud</html>";
    let mut verbinding = StreamOwned::new(ServerConnection::new(tls).unwrap(), draad);
    let (mut gelezen, mut stuk) = (Vec::new(), [0; 4096]);
    while !gelezen.windows(4).any(|w| w == b"\r\n\r\n") {
        match verbinding.read(&mut stuk) {
            Ok(n @ 1..) => gelezen.extend_from_slice(&stuk[..n]),
            _ => return,
        }
    }
    let kop = format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n", BLADZIJDE.len());
    let _gone = verbinding.write_all(format!("{kop}{BLADZIJDE}").as_bytes()).and_then(|()| verbinding.flush());
}
