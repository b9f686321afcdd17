//! Certificates of partners: the chain, revocation, and the OIN in `subject.serialNumber`.

mod anchors;
mod fields;

use inbreng_domain::{Oin, Tijdstip};

pub use anchors::Anchors;
pub use fields::{oin_of, p256_point, thumbprint};

use crate::jws::VerifyingKey;

/// A certificate that was found good for signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningCertificate {
    /// The organisation.
    pub oin: Oin,
    /// Its name: `organizationName`, or else `commonName`.
    pub naam: String,
    /// Base64url of the SHA-256 of the certificate; the `kid` of what it signs.
    pub thumbprint: String,
    /// Its key.
    pub key: VerifyingKey,
    /// From when the certificate itself counts.
    pub geldig_vanaf: Tijdstip,
    /// Until when the certificate itself counts.
    pub geldig_tot: Tijdstip,
    /// The serial number, in hexadecimal.
    pub serial: String,
}

/// Why a certificate was refused.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A PEM text cannot be read.
    #[error("PEM text cannot be read")]
    Pem,
    /// No root given.
    #[error("no root certificate to trust")]
    NoRoot,
    /// No revocation list given: revocation could not be known.
    #[error("no revocation list (CRL)")]
    NoCrl,
    /// A revocation list that cannot be read or that no known authority signed.
    #[error("revocation list (CRL) is not signed by a trusted authority")]
    Crl,
    /// Not an X.509 certificate.
    #[error("not a certificate")]
    Malformed,
    /// An empty chain.
    #[error("no certificate given")]
    Empty,
    /// Not exactly one `subject.serialNumber` of 20 digits.
    #[error("certificate holds no OIN in subject.serialNumber")]
    Oin,
    /// Another key than one on P-256.
    #[error("certificate key is not on P-256")]
    Key,
    /// Not meant for signatures, or meant for TLS.
    #[error("certificate is not meant for signing")]
    Usage,
    /// Revoked, it or the authority above it.
    #[error("certificate is revoked")]
    Revoked,
    /// Too late.
    #[error("certificate has expired")]
    Expired,
    /// Too early.
    #[error("certificate is not valid yet")]
    NotYetValid,
    /// The revocation list is too old to rely on.
    #[error("revocation list (CRL) has expired")]
    CrlExpired,
    /// Revocation cannot be known: no list of this issuer.
    #[error("no revocation list (CRL) of this issuer")]
    CrlMissing,
    /// No path to a trusted root.
    #[error("certificate does not lead to a trusted root")]
    Untrusted(#[source] webpki::Error),
}

impl From<webpki::Error> for CertificateError {
    fn from(e: webpki::Error) -> Self {
        match e {
            webpki::Error::CertRevoked => Self::Revoked,
            webpki::Error::CertExpired { .. } => Self::Expired,
            webpki::Error::CertNotValidYet { .. } => Self::NotYetValid,
            webpki::Error::CrlExpired { .. } => Self::CrlExpired,
            webpki::Error::UnknownRevocationStatus => Self::CrlMissing,
            other => Self::Untrusted(other),
        }
    }
}

#[cfg(test)]
mod tests;
