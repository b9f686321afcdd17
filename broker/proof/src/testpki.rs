//! A small PKI for the tests of this crate: real certificates and lists, made on the spot.

use inbreng_domain::{Oin, Tijdstip};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};
use time::Duration;

use crate::{Anchors, SigningKey};

pub(crate) const POLITIE: &str = "00000001003214345000";
pub(crate) const GGZ: &str = "00000001003214345001";

pub(crate) fn oin(digits: &str) -> Oin {
    Oin::parse(digits).unwrap()
}

pub(crate) fn nu() -> Tijdstip {
    Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap()
}

pub(crate) fn dagen(n: i64) -> Tijdstip {
    nu().plus(Duration::days(n))
}

/// Root, intermediate, and what is revoked by each.
pub(crate) struct TestPki {
    root: Issuer<'static, KeyPair>,
    tussen: Issuer<'static, KeyPair>,
    pub(crate) root_pem: String,
    pub(crate) tussen_pem: String,
    pub(crate) tussen_der: Vec<u8>,
}

/// A partner's certificate with its key.
pub(crate) struct Getekend {
    pub(crate) key_pem: String,
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) serial: Vec<u8>,
}

impl Getekend {
    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::from_pem(&self.key_pem, &self.chain[0]).unwrap()
    }
}

fn ca(naam: &str) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, naam);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = dagen(-400).offset();
    params.not_after = dagen(4000).offset();
    (params, KeyPair::generate().unwrap())
}

impl TestPki {
    pub(crate) fn new() -> Self {
        let (root_params, root_key) = ca("Testwortel");
        let root_pem = root_params.self_signed(&root_key).unwrap().pem();
        let root = Issuer::new(root_params, root_key);
        let (mut params, key) = ca("Testtussenpartij");
        params.serial_number = Some(SerialNumber::from_slice(&[0x11, 7]));
        let certificate = params.signed_by(&key, &root).unwrap();
        Self {
            root,
            tussen: Issuer::new(params, key),
            root_pem,
            tussen_pem: certificate.pem(),
            tussen_der: certificate.der().to_vec(),
        }
    }

    /// A signing certificate, changed as the test wants.
    pub(crate) fn certificaat(&self, digits: &str, change: impl FnOnce(&mut CertificateParams)) -> Getekend {
        self.certificaat_met(KeyPair::generate().unwrap(), digits, change)
    }

    pub(crate) fn certificaat_met(&self, key: KeyPair, digits: &str, change: impl FnOnce(&mut CertificateParams)) -> Getekend {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, "Testorganisatie");
        params.distinguished_name.push(DnType::CommonName, "ondertekening");
        params.distinguished_name.push(DnType::from_oid(&[2, 5, 4, 5]), digits);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.not_before = dagen(-10).offset();
        params.not_after = dagen(365).offset();
        params.use_authority_key_identifier_extension = true;
        let mut serial = [0; 12];
        aws_lc_rs::rand::fill(&mut serial).unwrap();
        serial[0] = 0x21;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        change(&mut params);
        let certificate = params.signed_by(&key, &self.tussen).unwrap();
        let chain = vec![certificate.der().to_vec(), self.tussen_der.clone()];
        Getekend { key_pem: key.serialize_pem(), chain, serial: serial.to_vec() }
    }

    pub(crate) fn partner(&self, digits: &str) -> Getekend {
        self.certificaat(digits, |_| ())
    }

    /// A certificate meant for TLS.
    pub(crate) fn tls(&self, digits: &str) -> Getekend {
        self.certificaat(digits, |p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
    }

    fn crl(issuer: &Issuer<'_, KeyPair>, revoked: &[Vec<u8>], until: Tijdstip) -> String {
        let revoked_certs = revoked
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial),
                revocation_time: dagen(-1).offset(),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
            .collect();
        let params = CertificateRevocationListParams {
            this_update: dagen(-200).offset(),
            next_update: until.offset(),
            crl_number: SerialNumber::from_slice(&[1]),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(issuer).unwrap().pem().unwrap()
    }

    pub(crate) fn root_crl(&self, revoked: &[Vec<u8>], until: Tijdstip) -> String {
        Self::crl(&self.root, revoked, until)
    }

    pub(crate) fn tussen_crl(&self, revoked: &[Vec<u8>], until: Tijdstip) -> String {
        Self::crl(&self.tussen, revoked, until)
    }

    /// Anchors with these partners' certificates revoked.
    pub(crate) fn anchors(&self, revoked: &[Vec<u8>]) -> Anchors {
        self.anchors_tot(dagen(30), revoked)
    }

    pub(crate) fn anchors_tot(&self, tot: Tijdstip, revoked: &[Vec<u8>]) -> Anchors {
        let crls = self.root_crl(&[], tot) + &self.tussen_crl(revoked, tot);
        Anchors::from_pem(&self.root_pem, &self.tussen_pem, &crls).unwrap()
    }
}
