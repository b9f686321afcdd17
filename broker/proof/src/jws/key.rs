//! Signing and verifying keys: P-256 only, named by the certificate they belong to.

use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey};
use inbreng_domain::jwe::Jwk;
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

use crate::{
    certificate, encoding,
    jwk::{jwk_of_point, jwk_thumbprint, point_of_jwk},
};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No `PRIVATE KEY` (PKCS#8) in the PEM text.
    #[error("no PKCS#8 private key in the PEM text")]
    Pem,
    /// The private key is not one on P-256.
    #[error("private key is not on P-256")]
    Private,
    /// The certificate holds another public key.
    #[error("private key and certificate do not belong together")]
    Mismatch,
    /// The public key is not a point on P-256.
    #[error("public key is not an uncompressed point on P-256")]
    Public,
    /// The certificate cannot be read.
    #[error("certificate cannot be used")]
    Certificate(#[from] certificate::CertificateError),
}

/// A private key with the certificate that names it. `Debug` shows the name only.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<EcdsaKeyPair>,
    public: VerifyingKey,
}

impl SigningKey {
    /// Takes a PKCS#8 PEM text and the DER of the certificate of the same key.
    ///
    /// # Errors
    /// [`KeyError`] when either cannot be read, is not P-256, or they do not belong together.
    pub fn from_pem(pkcs8_pem: &str, certificate_der: &[u8]) -> Result<Self, KeyError> {
        let pair = pair(pkcs8_pem)?;
        let public = VerifyingKey::from_certificate_der(certificate_der)?;
        if pair.public_key().as_ref() != public.point() {
            return Err(KeyError::Mismatch);
        }
        Ok(Self { pair: Arc::new(pair), public })
    }

    /// Takes a PKCS#8 PEM text of an encryption key, for the one thing that it signs: its successor. Named by its thumbprint (RFC 7638).
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be read or is not on P-256.
    pub fn of_encryption_key(pkcs8_pem: &str) -> Result<Self, KeyError> {
        let pair = pair(pkcs8_pem)?;
        let jwk = jwk_of_point(pair.public_key().as_ref())?;
        Ok(Self { pair: Arc::new(pair), public: VerifyingKey::of_jwk(&jwk)? })
    }

    /// Base64url of the SHA-256 of the certificate; of an encryption key its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The public half.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    pub(super) fn pair(&self) -> &EcdsaKeyPair {
        &self.pair
    }
}

fn pair(pkcs8_pem: &str) -> Result<EcdsaKeyPair, KeyError> {
    let der = PrivatePkcs8KeyDer::from_pem_slice(pkcs8_pem.as_bytes()).map_err(|_| KeyError::Pem)?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.secret_pkcs8_der()).map_err(|_| KeyError::Private)
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey(kid {})", self.kid())
    }
}

/// A public key with its name. Parsed once; cloning is cheap.
#[derive(Clone)]
pub struct VerifyingKey(Arc<Inner>);

struct Inner {
    public: ParsedPublicKey,
    point: [u8; 65],
    kid: String,
}

impl VerifyingKey {
    /// The key of a certificate, named by the certificate's thumbprint. Says nothing about whether the certificate may be
    /// trusted: see [`certificate::Anchors::signing_certificate`].
    ///
    /// # Errors
    /// [`KeyError`] when the certificate cannot be read or its key is not on P-256.
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::new(certificate::p256_point(der)?, certificate::thumbprint(der))
    }

    /// An encryption key, named by its thumbprint (RFC 7638): for the proof of its successor.
    ///
    /// # Errors
    /// [`KeyError::Public`] when it is not a point on the curve.
    pub fn of_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::new(point_of_jwk(jwk)?, jwk_thumbprint(jwk))
    }

    /// A bare point, with the name it goes by.
    ///
    /// # Errors
    /// [`KeyError::Public`] when it is not an uncompressed point on the curve.
    pub fn new(point: [u8; 65], kid: String) -> Result<Self, KeyError> {
        // The header is compared as text, so its name must not need escaping.
        if encoding::decoded_len(&kid) != Ok(32) {
            return Err(KeyError::Public);
        }
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| KeyError::Public)?;
        Ok(Self(Arc::new(Inner { public, point, kid })))
    }

    /// The name: base64url of the SHA-256 of the certificate; of an encryption key its thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The uncompressed point (SEC 1): `04`, x, y.
    #[must_use]
    pub fn point(&self) -> &[u8; 65] {
        &self.0.point
    }

    pub(super) fn public(&self) -> &ParsedPublicKey {
        &self.0.public
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.point == other.0.point && self.0.kid == other.0.kid
    }
}

impl Eq for VerifyingKey {}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VerifyingKey(kid {})", self.kid())
    }
}
