//! Certificates: each way in which one is refused.

use rcgen::{BasicConstraints, DnType, IsCa, KeyPair, KeyUsagePurpose};

use super::*;
use crate::SigningKey;
use crate::testpki::{GGZ, POLITIE, TestPki, dagen, nu, oin};

fn judge(anchors: &Anchors, chain: &[Vec<u8>]) -> Result<SigningCertificate, CertificateError> {
    anchors.signing_certificate(chain, nu())
}

#[test]
fn a_good_chain_gives_organisation_and_key() {
    let pki = TestPki::new();
    let politie = pki.partner(POLITIE);
    let good = judge(&pki.anchors(&[]), &politie.chain).unwrap();
    assert_eq!(good.oin, oin(POLITIE));
    assert_eq!(good.naam, "Testorganisatie");
    assert_eq!(good.thumbprint, politie.key().kid());
    assert_eq!(&good.key, politie.key().verifying_key());
    assert_eq!((good.geldig_vanaf, good.geldig_tot), (dagen(-10), dagen(365)));
    assert_eq!(good.serial, politie.serial.iter().map(|b| format!("{b:02x}")).collect::<String>());
    assert_eq!(oin_of(&politie.chain[0]).unwrap(), oin(POLITIE));
    // The intermediate may come with the chain or with the anchors.
    assert!(judge(&pki.anchors(&[]), &politie.chain[..1]).is_ok());
}

#[test]
fn revoked_is_refused_wherever_in_the_chain() {
    let pki = TestPki::new();
    let (politie, ggz) = (pki.partner(POLITIE), pki.partner(GGZ));
    let anchors = pki.anchors(std::slice::from_ref(&politie.serial));
    assert!(matches!(judge(&anchors, &politie.chain), Err(CertificateError::Revoked)));
    assert!(anchors.is_revoked(&politie.chain[0]) && !anchors.is_revoked(&ggz.chain[0]));
    assert!(matches!(anchors.check_revocation(&politie.chain[0], nu()), Err(CertificateError::Revoked)));
    anchors.check_revocation(&ggz.chain[0], nu()).unwrap();
    assert!(judge(&anchors, &ggz.chain).is_ok());

    let crls = pki.root_crl(&[vec![0x11, 7]], dagen(30)) + &pki.tussen_crl(&[], dagen(30));
    let anchors = Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, &crls).unwrap();
    assert!(matches!(judge(&anchors, &ggz.chain), Err(CertificateError::Revoked)));
    assert!(anchors.is_revoked(&ggz.chain[0]), "with the authority above it");
}

#[test]
fn an_expired_list_is_refused() {
    let pki = TestPki::new();
    let politie = pki.partner(POLITIE);
    let expired = [
        pki.root_crl(&[], dagen(30)) + &pki.tussen_crl(&[], dagen(-1)),
        pki.root_crl(&[], dagen(-1)) + &pki.tussen_crl(&[], dagen(30)),
    ];
    for crls in &expired {
        let anchors = Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, crls).unwrap();
        assert!(matches!(judge(&anchors, &politie.chain), Err(CertificateError::CrlExpired)));
    }
    let anchors = Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, &expired[0]).unwrap();
    assert!(matches!(anchors.check_revocation(&politie.chain[0], nu()), Err(CertificateError::CrlExpired)));
}

#[test]
fn a_missing_list_is_refused() {
    let pki = TestPki::new();
    let politie = pki.partner(POLITIE);
    let anchors = Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, &pki.root_crl(&[], dagen(30))).unwrap();
    assert!(matches!(judge(&anchors, &politie.chain), Err(CertificateError::CrlMissing)));
    assert!(anchors.is_revoked(&politie.chain[0]), "what cannot be known counts as revoked");
    assert!(matches!(Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, ""), Err(CertificateError::NoCrl)));
    assert!(matches!(Anchors::from_pem("", &pki.tussen_pem, ""), Err(CertificateError::NoRoot)));
}

#[test]
fn a_list_of_a_stranger_is_refused_at_once() {
    let (pki, stranger) = (TestPki::new(), TestPki::new());
    // Same names, other keys.
    let crls = pki.root_crl(&[], dagen(30)) + &stranger.tussen_crl(&[], dagen(30));
    assert!(matches!(Anchors::from_pem(&pki.root_pem, &pki.tussen_pem, &crls), Err(CertificateError::Crl)));
}

#[test]
fn only_in_its_own_time() {
    let pki = TestPki::new();
    let early = pki.certificaat(POLITIE, |p| p.not_before = dagen(1).offset());
    let late = pki.certificaat(POLITIE, |p| p.not_after = dagen(-1).offset());
    let anchors = pki.anchors(&[]);
    assert!(matches!(judge(&anchors, &early.chain), Err(CertificateError::NotYetValid)));
    assert!(matches!(judge(&anchors, &late.chain), Err(CertificateError::Expired)));
}

#[test]
fn only_for_signing() {
    let pki = TestPki::new();
    let anchors = pki.anchors(&[]);
    let no_usage = pki.certificaat(POLITIE, |p| p.key_usages.clear());
    let other_usage = pki.certificaat(POLITIE, |p| p.key_usages = vec![KeyUsagePurpose::KeyAgreement]);
    for wrong in [pki.tls(POLITIE), no_usage, other_usage] {
        assert!(matches!(judge(&anchors, &wrong.chain), Err(CertificateError::Usage)));
    }
    let authority = pki.certificaat(POLITIE, |p| p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    assert!(matches!(judge(&anchors, &authority.chain), Err(CertificateError::Untrusted(webpki::Error::CaUsedAsEndEntity))));
}

#[test]
fn only_on_p256() {
    let pki = TestPki::new();
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let p384 = pki.certificaat_met(key, POLITIE, |_| ());
    assert!(matches!(judge(&pki.anchors(&[]), &p384.chain), Err(CertificateError::Key)));
    assert!(SigningKey::from_pem(&p384.key_pem, &p384.chain[0]).is_err());
    let (a, b) = (pki.partner(POLITIE), pki.partner(POLITIE));
    assert!(SigningKey::from_pem(&a.key_pem, &b.chain[0]).is_err());
}

#[test]
fn only_of_a_trusted_root() {
    let (pki, stranger) = (TestPki::new(), TestPki::new());
    let foreign = stranger.partner(POLITIE);
    assert!(matches!(judge(&pki.anchors(&[]), &foreign.chain), Err(CertificateError::Untrusted(_))));
    assert!(matches!(judge(&pki.anchors(&[]), &foreign.chain[..1]), Err(CertificateError::Untrusted(_))));
    assert!(matches!(judge(&pki.anchors(&[]), &[]), Err(CertificateError::Empty)));
}

#[test]
fn exactly_one_oin() {
    let pki = TestPki::new();
    let anchors = pki.anchors(&[]);
    for digits in ["", "0000000100321434500", "0000000100321434500x", "PASNL-12345678901234"] {
        let wrong = pki.partner(digits);
        assert!(matches!(judge(&anchors, &wrong.chain), Err(CertificateError::Oin)), "{digits}");
    }
    let none = pki.certificaat(POLITIE, |p| {
        p.distinguished_name.remove(DnType::from_oid(&[2, 5, 4, 5]));
    });
    assert!(matches!(oin_of(&none.chain[0]), Err(CertificateError::Oin)));
}

#[test]
fn any_byte_changed_in_a_certificate_is_refused() {
    let pki = TestPki::new();
    let politie = pki.partner(POLITIE);
    let anchors = pki.anchors(&[]);
    for i in 0..politie.chain[0].len() {
        let mut chain = politie.chain.clone();
        chain[0][i] ^= 1;
        assert!(judge(&anchors, &chain).is_err(), "byte {i}");
    }
    let mut longer = politie.chain.clone();
    longer[0].push(0);
    assert!(judge(&anchors, &longer).is_err());
}
