//! A PKI in a temporary folder.

use std::{fs, path::Path, sync::Arc};

use inbreng_certs::{Partnerspec, Pki, PkiSpec};
use inbreng_domain::{
    Code, Tijdstip,
    clock::{Clock, SystemClock},
};
use tempfile::TempDir;

pub const POLITIE: &str = "00000099000000003000";

pub fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

pub fn nu() -> Tijdstip {
    SystemClock.now()
}

pub fn partner(naam: &str, oin: &str, soort: &str) -> Partnerspec {
    Partnerspec {
        slug: slug(naam),
        naam: format!("Organisatie {naam} (test)"),
        oin: oin.parse().unwrap(),
        partnertype: soort.parse().unwrap(),
        gebied: vec!["0518".parse().unwrap()],
        functies: vec![slug("piketdesk")],
        noodontvanger: naam == "politie",
        namen: Vec::new(),
    }
}

/// The system clock, since the `openssl` command line has no other.
pub fn maken() -> (TempDir, Pki) {
    let dir = tempfile::tempdir().unwrap();
    let spec = PkiSpec {
        namen: vec!["hub.voorbeeld.test".to_owned(), "10.0.0.1".to_owned()],
        partners: vec![partner("politie", POLITIE, "politie"), partner("ggz", "00000099000000004000", "ggz")],
        ..PkiSpec::default()
    };
    let pki = Pki::create(&dir.path().join("pki"), &spec, Arc::new(SystemClock)).unwrap();
    (dir, pki)
}

/// The certificates of a PEM file, leaf first.
pub fn keten(pad: &Path) -> Vec<Vec<u8>> {
    use rustls_pki_types::{CertificateDer, pem::PemObject};
    let pem = fs::read(pad).unwrap();
    CertificateDer::pem_slice_iter(&pem).map(|c| c.unwrap().to_vec()).collect()
}
