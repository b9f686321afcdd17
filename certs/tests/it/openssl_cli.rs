//! The same verdicts from the `openssl` command line, where there is one.

use std::{path::Path, process::Command};

use super::gemeen::{maken, slug};
use inbreng_certs::{Certificaatsoort, Pki};
use time::Duration;

/// What `openssl verify` says of a certificate with the files of the PKI; nothing when there is no `openssl`.
fn verify(pki: &Pki, certificate: &Path, purpose: &str) -> Option<(bool, String)> {
    let dir = pki.dir();
    let done = Command::new("openssl")
        .args(["verify", "-x509_strict", "-crl_check_all", "-purpose", purpose, "-CAfile"])
        .arg(dir.join("root.pem"))
        .arg("-untrusted")
        .arg(dir.join("tussen.pem"))
        .arg("-CRLfile")
        .arg(dir.join("crl.pem"))
        .arg(certificate)
        .output()
        .ok()?;
    let text = [done.stdout, done.stderr].concat();
    Some((done.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[test]
fn it_agrees_on_chain_use_revocation_and_expiry() {
    let (_dir, mut pki) = maken();
    let map = pki.partnermap(&slug("politie")).unwrap();
    let Some((ok, said)) = verify(&pki, &map.tls_pem(), "sslclient") else {
        eprintln!("not run: there is no openssl command here");
        return;
    };
    assert!(ok, "{said}");
    let verdict = |pki: &Pki, pad: &Path, purpose: &str| verify(pki, pad, purpose).unwrap();
    assert!(verdict(&pki, &map.ondertekening_pem(), "any").0);
    assert!(verdict(&pki, &pki.knooppuntmap().tls_pem(), "sslserver").0);
    assert!(!verdict(&pki, &map.ondertekening_pem(), "sslclient").0);
    assert!(!verdict(&pki, &map.tls_pem(), "sslserver").0);

    pki.intrekken(&slug("politie"), &Certificaatsoort::ALLE).unwrap();
    for pad in [map.tls_pem(), map.ondertekening_pem()] {
        let (ok, said) = verdict(&pki, &pad, "any");
        assert!(!ok && said.contains("certificate revoked"), "{said}");
    }
    let ggz = pki.partnermap(&slug("ggz")).unwrap().tls_pem();
    assert!(verdict(&pki, &ggz, "sslclient").0);
    pki.heruitgeven(&slug("politie")).unwrap();
    assert!(verdict(&pki, &map.tls_pem(), "sslclient").0);

    pki.crl(Duration::days(-1)).unwrap();
    let (ok, said) = verdict(&pki, &ggz, "sslclient");
    assert!(!ok && said.contains("CRL has expired"), "{said}");
}
