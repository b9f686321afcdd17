//! Signing keys and labels for tests, made on the spot.

use inbreng_domain::{
    BerichtId, Berichttype, Code, ConvenantId, DeelId, Labels, Oin, Randomness, Tijdstip,
    randomness::SeededRandomness,
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Noodzaak, Urgentie},
};
use inbreng_proof::SigningKey;
use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::PKey,
    x509::{X509Builder, X509NameBuilder},
};

pub(crate) const GGZ: &str = "00000001003214345001";
pub(crate) const VEILIG_THUIS: &str = "00000001003214345002";
pub(crate) const WIJKTEAM: &str = "00000001003214345003";

pub(crate) fn oin(digits: &str) -> Oin {
    Oin::parse(digits).unwrap()
}

pub(crate) fn nu() -> Tijdstip {
    Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap()
}

pub(crate) fn random() -> impl Randomness {
    SeededRandomness::new(7)
}

/// A signing key with a self-signed certificate: enough where only the key counts.
pub(crate) fn ondertekening() -> SigningKey {
    let key = PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()).unwrap()).unwrap();
    let mut naam = X509NameBuilder::new().unwrap();
    naam.append_entry_by_text("CN", "ondertekening").unwrap();
    let naam = naam.build();
    let mut cert = X509Builder::new().unwrap();
    cert.set_version(2).unwrap();
    cert.set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap()).unwrap();
    cert.set_subject_name(&naam).unwrap();
    cert.set_issuer_name(&naam).unwrap();
    cert.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    cert.set_not_after(&Asn1Time::from_unix(4_000_000_000).unwrap()).unwrap();
    cert.set_pubkey(&key).unwrap();
    cert.sign(&key, MessageDigest::sha256()).unwrap();
    let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    SigningKey::from_pem(&pem, &cert.build().to_der().unwrap()).unwrap()
}

pub(crate) fn labels(eigenaar: &str) -> Labels {
    Labels {
        bericht: BerichtId::mint(nu(), &random()),
        berichttype: Berichttype::parse("nl.inbreng.informatie-antwoord.v1").unwrap(),
        variant: None,
        antwoord_op: None,
        urgentie: Urgentie::Normaal,
        convenant: ConvenantId::parse("voorbeeldregio").unwrap(),
        id: DeelId::mint(nu(), &random()),
        casus: None,
        eigenaar: oin(eigenaar),
        namens: None,
        functie: Code::parse("behandelaar").unwrap(),
        betrokkenen: vec![],
        categorie: Categorie::Medisch,
        status: None,
        waargenomen_op: None,
        doel: Doel::Beoordelen,
        grondslagen: vec![Grondslag::Toestemming],
        noodbesluit: JaNee::Nee,
        noodzaak: Noodzaak::Toegelicht,
        afgeschermd: JaNee::Nee,
        briefing: JaNee::Nee,
        overlegdeel: None,
    }
}
