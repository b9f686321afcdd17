//! The sealed content of a part: JWE general JSON serialisation (RFC 7516 §7.2.1), in the one form that is accepted.

use serde::{Deserialize, Serialize};

/// A sealed content.
///
/// `protected` is exactly `{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}`; `aad` is the base64url of the RFC 8785 form of the
/// part's labels; no `zip`, no shared unprotected header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhoud {
    /// Base64url of the protected header.
    pub protected: String,
    /// Base64url of the RFC 8785 form of the labels.
    pub aad: String,
    /// Base64url, 12 bytes.
    pub iv: String,
    /// Base64url.
    pub ciphertext: String,
    /// Base64url, 16 bytes.
    pub tag: String,
    /// One wrapped key per recipient. Empty where a delivery withholds the wrap of a view-only part.
    pub recipients: Vec<Sleutelwrap>,
}

/// The content key, wrapped for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sleutelwrap {
    /// Exactly `kid` and `epk`.
    pub header: Wrapheader,
    /// Base64url of the 40 bytes of an A256KW-wrapped 256-bit key.
    pub encrypted_key: String,
}

/// The per-recipient header: whose key, and the sender's ephemeral key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrapheader {
    /// RFC 7638 SHA-256 thumbprint of the recipient's public key, base64url.
    pub kid: String,
    /// The ephemeral public key.
    pub epk: Jwk,
}

/// A public key on P-256 (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    /// Always `EC`.
    pub kty: Kty,
    /// Always `P-256`.
    pub crv: Crv,
    /// Base64url, 32 bytes.
    pub x: String,
    /// Base64url, 32 bytes.
    pub y: String,
}

/// `EC`, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kty {
    /// Elliptic curve.
    #[serde(rename = "EC")]
    Ec,
}

/// `P-256`, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Crv {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
}
