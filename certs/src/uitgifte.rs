//! Issuing certificates to organisations.

use inbreng_domain::{Oin, Tijdstip};
use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::{BigNum, MsbOption},
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{HasPublic, PKey, PKeyRef, Private},
    x509::{
        X509, X509Builder, X509Name, X509NameRef,
        extension::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName, SubjectKeyIdentifier,
        },
    },
};
use time::Duration;

use crate::{
    PkiFout,
    autoriteit::Autoriteit,
    bestanden::{self, Leesbaar},
    register::Certificaatsoort,
};

/// How long before now a certificate counts, for clocks that run behind.
const VOORSPRONG: Duration = Duration::hours(1);
/// id-kp-documentSigning (RFC 9336). Without any extended usage a certificate would pass for a TLS client's.
pub(crate) const DOCUMENT_SIGNING: &str = "1.3.6.1.5.5.7.3.36";

/// Whom a certificate is for.
pub(crate) struct Houder<'a> {
    pub(crate) oin: Oin,
    pub(crate) naam: &'a str,
    /// Names and addresses of a server: the hub, and partners that are brought to.
    pub(crate) server: Option<&'a [String]>,
}

impl Houder<'_> {
    /// The common name of its certificate.
    pub(crate) fn cn(&self, soort: Certificaatsoort) -> &str {
        match (soort, self.server.and_then(<[String]>::first)) {
            (Certificaatsoort::Tls, Some(server)) => server.as_str(),
            (Certificaatsoort::Tls, None) => "tls",
            (Certificaatsoort::Ondertekening, _) => "ondertekening",
        }
    }
}

/// A certificate with its key.
pub(crate) struct Uitgegeven {
    pub(crate) certificaat: X509,
    pub(crate) sleutel: PKey<Private>,
    pub(crate) serie: String,
}

/// Issues one certificate, valid from shortly before `vanaf`.
pub(crate) fn uitgeven(
    tussen: &Autoriteit,
    houder: &Houder<'_>,
    soort: Certificaatsoort,
    vanaf: Tijdstip,
    tot: Tijdstip,
) -> Result<Uitgegeven, PkiFout> {
    let sleutel = nieuwe_sleutel()?;
    let (certificaat, serie) = ondertekenen(tussen, houder, soort, &sleutel, vanaf, tot)?;
    Ok(Uitgegeven { certificaat, sleutel, serie })
}

/// A certificate for this public key, with its serial number in hexadecimal.
pub(crate) fn ondertekenen(
    tussen: &Autoriteit,
    houder: &Houder<'_>,
    soort: Certificaatsoort,
    sleutel: &PKeyRef<impl HasPublic>,
    vanaf: Tijdstip,
    tot: Tijdstip,
) -> Result<(X509, String), PkiFout> {
    let subject = naam(houder.naam, houder.cn(soort), Some(houder.oin))?;
    ondertekenen_op_naam(tussen, houder, &subject, soort, sleutel, (vanaf, tot))
}

/// The same under this name.
pub(crate) fn ondertekenen_op_naam(
    tussen: &Autoriteit,
    houder: &Houder<'_>,
    subject: &X509NameRef,
    soort: Certificaatsoort,
    sleutel: &PKeyRef<impl HasPublic>,
    (vanaf, tot): (Tijdstip, Tijdstip),
) -> Result<(X509, String), PkiFout> {
    let (mut bouw, serie) = beginnen(subject, sleutel, vanaf, tot)?;
    bouw.set_issuer_name(tussen.certificaat.subject_name())?;
    bouw.append_extension(BasicConstraints::new().critical().build()?)?;
    bouw.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
    bouw.append_extension(gebruik(soort, houder.server.is_some()).build()?)?;
    let ski = SubjectKeyIdentifier::new().build(&bouw.x509v3_context(Some(&tussen.certificaat), None))?;
    bouw.append_extension(ski)?;
    let aki = AuthorityKeyIdentifier::new().keyid(true).build(&bouw.x509v3_context(Some(&tussen.certificaat), None))?;
    bouw.append_extension(aki)?;
    if let (Certificaatsoort::Tls, Some(server)) = (soort, houder.server) {
        let mut namen = SubjectAlternativeName::new();
        for naam in server {
            if naam.parse::<std::net::IpAddr>().is_ok() {
                namen.ip(naam)
            } else {
                namen.dns(naam)
            };
        }
        let san = namen.build(&bouw.x509v3_context(Some(&tussen.certificaat), None))?;
        bouw.append_extension(san)?;
    }
    bouw.sign(&tussen.sleutel, MessageDigest::sha256())?;
    Ok((bouw.build(), serie))
}

impl Uitgegeven {
    /// Writes certificate (with the intermediate behind it) and key.
    pub(crate) fn schrijven(&self, tussen: &Autoriteit, pem: &std::path::Path, key: &std::path::Path) -> Result<(), PkiFout> {
        let mut keten = self.certificaat.to_pem()?;
        keten.extend(tussen.certificaat.to_pem()?);
        bestanden::schrijven(key, &self.sleutel.private_key_to_pem_pkcs8()?, Leesbaar::Eigenaar)?;
        bestanden::schrijven(pem, &keten, Leesbaar::Ieder)
    }
}

fn gebruik(soort: Certificaatsoort, server: bool) -> ExtendedKeyUsage {
    let mut gebruik = ExtendedKeyUsage::new();
    match soort {
        Certificaatsoort::Ondertekening => gebruik.other(DOCUMENT_SIGNING),
        Certificaatsoort::Tls if server => gebruik.server_auth().client_auth(),
        Certificaatsoort::Tls => gebruik.client_auth(),
    };
    gebruik
}

pub(crate) fn nieuwe_sleutel() -> Result<PKey<Private>, PkiFout> {
    let p256 = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    Ok(PKey::from_ec_key(EcKey::generate(&p256)?)?)
}

/// A builder with version, a random serial number, subject, key and validity; the serial number too, in hexadecimal.
pub(crate) fn beginnen(
    subject: &X509NameRef,
    sleutel: &PKeyRef<impl HasPublic>,
    vanaf: Tijdstip,
    tot: Tijdstip,
) -> Result<(X509Builder, String), PkiFout> {
    let mut bouw = X509::builder()?;
    bouw.set_version(2)?;
    // 127 bits of which the first is set: positive, always 16 bytes, and not to be guessed (CA/B Forum asks 64 bits).
    let mut serie = BigNum::new()?;
    serie.rand(127, MsbOption::ONE, false)?;
    let serienummer = Asn1Integer::from_bn(&serie)?;
    bouw.set_serial_number(&serienummer)?;
    bouw.set_subject_name(subject)?;
    bouw.set_pubkey(sleutel)?;
    let (begin, einde) = (tijd(vanaf.plus(-VOORSPRONG))?, tijd(tot)?);
    bouw.set_not_before(&begin)?;
    bouw.set_not_after(&einde)?;
    Ok((bouw, serie.to_hex_str()?.to_lowercase()))
}

pub(crate) fn naam(organisatie: &str, cn: &str, oin: Option<Oin>) -> Result<X509Name, PkiFout> {
    let mut naam = X509Name::builder()?;
    naam.append_entry_by_nid(Nid::COUNTRYNAME, "NL")?;
    naam.append_entry_by_nid(Nid::ORGANIZATIONNAME, organisatie)?;
    naam.append_entry_by_nid(Nid::COMMONNAME, cn)?;
    if let Some(oin) = oin {
        // PKIoverheid practice: the OIN of the subscriber stands in subject.serialNumber.
        naam.append_entry_by_nid(Nid::SERIALNUMBER, &oin.as_str())?;
    }
    Ok(naam.build())
}

/// Whole seconds, as X.509 counts.
pub(crate) fn tijd(at: Tijdstip) -> Result<Asn1Time, PkiFout> {
    Ok(Asn1Time::from_unix(at.unix_millis().div_euclid(1000))?)
}
