//! The transport itself: protocols, resumption, and what is refused before HTTP.

use std::{io::Write, net::TcpStream, path::Path, sync::Arc, time::Duration};

use inbreng_certs::Partnermap;
use inbreng_harness::{Hub, Regio, slug};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, ProtocolVersion, RootCertStore, StreamOwned, SupportedProtocolVersion,
    crypto::aws_lc_rs,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::starten;

pub type Verbinding = StreamOwned<ClientConnection, TcpStream>;

/// What the police's own client is configured with.
pub fn config(regio: &Regio, versies: &[&'static SupportedProtocolVersion], alpn: &[&[u8]]) -> Arc<ClientConfig> {
    config_van(regio, "politie", versies, alpn)
}

/// What a partner's own client is.
pub fn config_van(regio: &Regio, wie: &str, versies: &[&'static SupportedProtocolVersion], alpn: &[&[u8]]) -> Arc<ClientConfig> {
    config_uit(regio, &regio.pki.partnermap(&slug(wie)).unwrap(), versies, alpn)
}

/// What the client of whoever has the certificates of a folder is.
pub fn config_uit(
    regio: &Regio,
    map: &Partnermap,
    versies: &[&'static SupportedProtocolVersion],
    alpn: &[&[u8]],
) -> Arc<ClientConfig> {
    let pem = |pad: &Path| CertificateDer::pem_file_iter(pad).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    let mut wortels = RootCertStore::empty();
    wortels.add_parsable_certificates(pem(&regio.pki.dir().join("root.pem")));
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versies)
        .unwrap()
        .with_root_certificates(wortels)
        .with_client_auth_cert(pem(&map.tls_pem()), PrivateKeyDer::from_pem_file(map.tls_key()).unwrap())
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|a| a.to_vec()).collect();
    Arc::new(config)
}

/// A connection below HTTP.
pub fn verbinden(hub: &Hub, config: &Arc<ClientConfig>) -> Verbinding {
    let tcp = TcpStream::connect(hub.adres).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::clone(config), "localhost".try_into().unwrap()).unwrap(), tcp)
}

/// Asks something, so that the handshake and what follows it have taken place.
fn vragen(verbinding: &mut Verbinding) -> String {
    use std::io::Read;
    verbinding.write_all(b"GET /v1/partners HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut antwoord = String::new();
    let _closed = verbinding.read_to_string(&mut antwoord);
    antwoord
}

#[test]
fn both_versions_and_no_resumption() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    for (versie, naam) in [(&TLS13, ProtocolVersion::TLSv1_3), (&TLS12, ProtocolVersion::TLSv1_2)] {
        // One configuration, so that the client would resume if it could.
        let config = config(&regio, &[versie], &[]);
        for keer in 0..3 {
            let mut verbinding = verbinden(&hub, &config);
            let antwoord = vragen(&mut verbinding);
            assert!(antwoord.starts_with("HTTP/1.1 401") && antwoord.contains("token-ontbreekt"), "{antwoord}");
            assert_eq!(verbinding.conn.protocol_version(), Some(naam));
            assert_eq!(verbinding.conn.handshake_kind(), Some(HandshakeKind::Full), "{naam:?} {keer}");
            let suite = verbinding.conn.negotiated_cipher_suite().unwrap().suite();
            assert!(versie.version == ProtocolVersion::TLSv1_3 || format!("{suite:?}").contains("ECDHE"), "{suite:?}");
        }
    }
}

#[test]
fn http_2_and_http_1_1_are_both_offered() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    for (alpn, gekozen) in
        [(&[b"h2".as_slice(), b"http/1.1"][..], b"h2".as_slice()), (&[b"http/1.1".as_slice()][..], b"http/1.1")]
    {
        let mut verbinding = verbinden(&hub, &config(&regio, &[&TLS13], alpn));
        verbinding.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
        assert_eq!(verbinding.conn.alpn_protocol(), Some(gekozen));
    }
}

#[test]
fn plain_http_gets_nothing() {
    use std::io::Read;
    let regio = Regio::maken();
    let hub = starten(&regio);
    let mut tcp = TcpStream::connect(hub.adres).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    tcp.write_all(b"GET /v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut antwoord = Vec::new();
    let _closed = tcp.read_to_end(&mut antwoord);
    assert!(!antwoord.windows(4).any(|w| w == b"HTTP"), "{antwoord:?}");
}
