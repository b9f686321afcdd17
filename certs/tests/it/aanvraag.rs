//! A certificate on a request: exactly what docs/certs.md says, for the OIN that the authority knows, and for nothing else.

use inbreng_certs::{Certificaatsoort, PkiFout};
use inbreng_domain::Oin;
use openssl::{
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    stack::Stack,
    x509::{
        X509, X509Extension, X509NameBuilder, X509Req, X509ReqBuilder,
        extension::{ExtendedKeyUsage, KeyUsage, SubjectAlternativeName},
    },
};

use super::gemeen::{maken, slug};

const NIEUW: &str = "00000099000000007000";

fn sleutel(kromme: Nid) -> PKey<Private> {
    PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(kromme).unwrap()).unwrap()).unwrap()
}

/// What a request says; each test changes one thing.
struct Vraag {
    oins: Vec<&'static str>,
    gebruik: &'static [&'static str],
    server: bool,
    kromme: Nid,
    vreemd_getekend: bool,
}

impl Vraag {
    fn goed(gebruik: &'static [&'static str]) -> Self {
        Self { oins: vec![NIEUW], gebruik, server: false, kromme: Nid::X9_62_PRIME256V1, vreemd_getekend: false }
    }

    fn pem(&self) -> (Vec<u8>, PKey<Private>) {
        let eigen = sleutel(self.kromme);
        let mut naam = X509NameBuilder::new().unwrap();
        naam.append_entry_by_nid(Nid::ORGANIZATIONNAME, "Praktijk De Verzonnen Linde").unwrap();
        for oin in &self.oins {
            naam.append_entry_by_nid(Nid::SERIALNUMBER, oin).unwrap();
        }
        let mut bouw = X509ReqBuilder::new().unwrap();
        bouw.set_subject_name(&naam.build()).unwrap();
        bouw.set_pubkey(&eigen).unwrap();
        let mut extensies: Stack<X509Extension> = Stack::new().unwrap();
        extensies.push(KeyUsage::new().critical().digital_signature().build().unwrap()).unwrap();
        let mut gebruik = ExtendedKeyUsage::new();
        for een in self.gebruik {
            gebruik.other(een);
        }
        extensies.push(gebruik.build().unwrap()).unwrap();
        if self.server {
            let leeg = X509::builder().unwrap();
            let san = SubjectAlternativeName::new().dns("ander.voorbeeld.test").build(&leeg.x509v3_context(None, None)).unwrap();
            extensies.push(san).unwrap();
        }
        bouw.add_extensions(&extensies).unwrap();
        let vreemd = sleutel(Nid::X9_62_PRIME256V1);
        bouw.sign(if self.vreemd_getekend { &vreemd } else { &eigen }, MessageDigest::sha256()).unwrap();
        (bouw.build().to_pem().unwrap(), eigen)
    }
}

#[test]
fn a_request_becomes_a_certificate_for_its_own_key_that_can_be_revoked() {
    let (_dir, mut pki) = maken();
    let oin: Oin = NIEUW.parse().unwrap();
    for (gebruik, soort) in
        [(&["clientAuth"] as &[_], Certificaatsoort::Tls), (&["1.3.6.1.5.5.7.3.36"], Certificaatsoort::Ondertekening)]
    {
        let (pem, eigen) = Vraag::goed(gebruik).pem();
        let op = pki.aanvraag_ondertekenen(&pem, oin).unwrap();
        assert_eq!((op.soort, op.houder.clone()), (soort, slug(&format!("oin-{NIEUW}"))));
        let keten = X509::stack_from_pem(&op.pem).unwrap();
        assert!(keten.len() == 2 && keten[0].public_key().unwrap().public_eq(&eigen));
        if soort == Certificaatsoort::Ondertekening {
            let der: Vec<_> = keten.iter().map(|c| c.to_der().unwrap()).collect();
            let gelezen = pki.anchors().unwrap().signing_certificate(&der, super::gemeen::nu()).unwrap();
            assert_eq!((gelezen.oin, gelezen.naam.as_str()), (oin, "Praktijk De Verzonnen Linde"));
            assert_eq!(pki.intrekken(&op.houder, &[soort]).unwrap().len(), 1);
            pki.anchors().unwrap().signing_certificate(&der, super::gemeen::nu()).unwrap_err();
        }
    }
}

#[test]
fn what_is_not_the_profile_or_another_organisation_is_refused() {
    let (_dir, mut pki) = maken();
    const TLS: &[&str] = &["clientAuth"];
    let anders: [(&str, Vraag); 9] = [
        ("serialNumber", Vraag { oins: vec!["00000099000000003000"], ..Vraag::goed(TLS) }),
        ("serialNumber", Vraag { oins: vec![], ..Vraag::goed(TLS) }),
        ("serialNumber", Vraag { oins: vec![NIEUW, "00000099000000003000"], ..Vraag::goed(TLS) }),
        ("iets anders", Vraag::goed(&["serverAuth"])),
        ("iets anders", Vraag::goed(&["clientAuth", "1.3.6.1.5.5.7.3.36"])),
        ("iets anders", Vraag::goed(&["codeSigning"])),
        ("iets anders", Vraag { server: true, ..Vraag::goed(TLS) }),
        ("P-256", Vraag { kromme: Nid::SECP384R1, ..Vraag::goed(TLS) }),
        ("eigen sleutel", Vraag { vreemd_getekend: true, ..Vraag::goed(TLS) }),
    ];
    for (waarom, vraag) in anders {
        let fout = pki.aanvraag_ondertekenen(&vraag.pem().0, NIEUW.parse().unwrap()).unwrap_err();
        assert!(matches!(&fout, PkiFout::Opgave(wat) if wat.contains(waarom)), "{waarom}: {fout}");
    }
    assert!(
        X509Req::from_pem(b"geen aanvraag").is_err()
            && pki.aanvraag_ondertekenen(b"geen aanvraag", NIEUW.parse().unwrap()).is_err()
    );
    // Nobody gets a certificate of the hub or of the covenant manager.
    let beheerder: Oin = std::fs::read_to_string(pki.beheerdersmap().oin()).unwrap().trim().parse().unwrap();
    let (pem, _) = Vraag::goed(TLS).pem();
    assert!(matches!(pki.aanvraag_ondertekenen(&pem, beheerder), Err(PkiFout::Dubbel(_))));
}
