//! What a certificate says of itself, read without judging whether it may be trusted.

use inbreng_domain::{Oin, Tijdstip};
use x509_parser::{
    oid_registry::{OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_X509_SERIALNUMBER},
    prelude::{FromDer, X509Certificate},
    time::ASN1Time,
};

use super::CertificateError;
use crate::{encoding::encode, hash::sha256};

/// Base64url of the SHA-256 of the certificate (as `x5t#S256`, RFC 7515 §4.1.8).
#[must_use]
pub fn thumbprint(der: &[u8]) -> String {
    encode(sha256(der).as_bytes())
}

/// The OIN: the one `subject.serialNumber`, 20 digits (PKIoverheid practice).
///
/// # Errors
/// [`CertificateError::Malformed`], or [`CertificateError::Oin`] when there is none, another form, or more than one.
pub fn oin_of(der: &[u8]) -> Result<Oin, CertificateError> {
    oin(&parse(der)?)
}

/// The uncompressed point of a P-256 key.
///
/// # Errors
/// [`CertificateError::Malformed`], or [`CertificateError::Key`] for any other key.
pub fn p256_point(der: &[u8]) -> Result<[u8; 65], CertificateError> {
    let certificate = parse(der)?;
    let spki = certificate.public_key();
    let curve = spki.algorithm.parameters.as_ref().and_then(|p| p.as_oid().ok());
    if spki.algorithm.algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY || curve != Some(OID_EC_P256) {
        return Err(CertificateError::Key);
    }
    spki.subject_public_key.data.as_ref().try_into().map_err(|_| CertificateError::Key)
}

pub(super) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, CertificateError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(CertificateError::Malformed),
    }
}

pub(super) fn oin(certificate: &X509Certificate<'_>) -> Result<Oin, CertificateError> {
    let mut found = certificate.subject().iter_by_oid(&OID_X509_SERIALNUMBER);
    match (found.next(), found.next()) {
        (Some(one), None) => one.as_str().ok().and_then(|digits| Oin::parse(digits).ok()).ok_or(CertificateError::Oin),
        _ => Err(CertificateError::Oin),
    }
}

pub(super) fn naam(certificate: &X509Certificate<'_>) -> String {
    let subject = certificate.subject();
    let name = subject.iter_organization().chain(subject.iter_common_name()).find_map(|a| a.as_str().ok());
    name.unwrap_or_default().to_owned()
}

/// Whether the key may make signatures and may not serve TLS, so that neither of a partner's two certificates stands in for
/// the other.
pub(super) fn is_for_signing(certificate: &X509Certificate<'_>) -> bool {
    let signs = matches!(certificate.key_usage(), Ok(Some(usage)) if usage.value.digital_signature());
    let tls = match certificate.extended_key_usage() {
        Ok(Some(usage)) => usage.value.any || usage.value.client_auth || usage.value.server_auth,
        Ok(None) => false,
        Err(_) => true,
    };
    signs && !tls
}

pub(super) fn instant(at: ASN1Time) -> Tijdstip {
    Tijdstip::from_offset(at.to_datetime())
}
