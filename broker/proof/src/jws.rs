//! JWS, compact and detached, in the one form that is accepted (RFC 7515): ES256, three header members, canonical payload.
//!
//! The protected header is exactly `{"alg":"ES256","kid":…,"typ":…}`. Since it has one spelling for a key and a use, it is
//! compared as text before anything of it is read: an algorithm is never chosen by who sends.

mod key;
mod typ;

use aws_lc_rs::rand::SystemRandom;
use serde::{Serialize, de::DeserializeOwned};

pub use key::{KeyError, SigningKey, VerifyingKey};
pub use typ::Typ;

use crate::{
    canonical::{CanonicalError, CanonicalText, canonical},
    encoding::{self, decode_array, encode_onto},
    strict::{StrictError, parse_strict},
};

/// Nesting that a payload may have.
pub const PAYLOAD_NESTING: usize = 32;

/// Why a signature was refused or could not be made.
#[derive(Debug, thiserror::Error)]
pub enum JwsError {
    /// Not three base64url parts, or (detached) a payload where none may be.
    #[error("not a compact JWS")]
    Format,
    /// The protected header is not exactly `alg`, `kid` and `typ` with `ES256`.
    #[error("protected header is not the agreed one")]
    Header,
    /// Made for another use.
    #[error("signed for another use (typ)")]
    Typ,
    /// Made with another key.
    #[error("signed with another key (kid)")]
    Kid,
    /// The signature does not fit.
    #[error("signature does not fit")]
    Signature,
    /// The payload is not strict JSON.
    #[error("payload is not strict JSON")]
    Payload(#[source] StrictError),
    /// The payload is JSON, but not in RFC 8785 form.
    #[error("payload is not in canonical form")]
    NotCanonical,
    /// The payload is not the statement that was expected.
    #[error("payload has an unexpected shape")]
    Shape(#[source] serde_json::Error),
    /// The value to be signed has no canonical form.
    #[error("payload has no canonical form")]
    Canonical(#[from] CanonicalError),
    /// The signing itself failed.
    #[error("signing failed")]
    Signing,
}

/// Signs a statement: compact JWS over its RFC 8785 form.
///
/// # Errors
/// [`JwsError::Canonical`] or [`JwsError::Signing`].
pub fn sign<T: Serialize + ?Sized>(key: &SigningKey, typ: Typ, payload: &T) -> Result<String, JwsError> {
    let mut text = signing_input(&header(key.kid(), typ), &canonical(payload)?);
    let signature = signature(key, &text)?;
    text.push('.');
    text.push_str(&signature);
    Ok(text)
}

/// Signs bytes that stand elsewhere: `header..signature` (RFC 7515, appendix F). The bytes must be in RFC 8785 form.
///
/// # Errors
/// [`JwsError::Signing`].
pub fn sign_detached(key: &SigningKey, typ: Typ, canonical_payload: &[u8]) -> Result<String, JwsError> {
    let header = header(key.kid(), typ);
    let signature = signature(key, &signing_input(&header, canonical_payload))?;
    Ok(format!("{header}..{signature}"))
}

/// Verifies a compact JWS and reads its payload.
///
/// # Errors
/// [`JwsError`], unless header, signature, form and shape are all as agreed.
pub fn verify<T: DeserializeOwned>(jws: &str, typ: Typ, key: &VerifyingKey) -> Result<T, JwsError> {
    let parts = Parts::of(jws)?;
    parts.check_header(typ, key.kid())?;
    let payload = encoding::decode(parts.payload).map_err(|_| JwsError::Format)?;
    check_signature(key, parts.signing_input.as_bytes(), parts.signature)?;
    read_payload(&payload)
}

/// Verifies a detached JWS over bytes that the caller has put in RFC 8785 form.
///
/// # Errors
/// [`JwsError`], unless header and signature are as agreed.
pub fn verify_detached(jws: &str, typ: Typ, canonical_payload: &[u8], key: &VerifyingKey) -> Result<(), JwsError> {
    let parts = Parts::of(jws)?;
    if !parts.payload.is_empty() {
        return Err(JwsError::Format);
    }
    parts.check_header(typ, key.kid())?;
    check_signature(key, signing_input(parts.header, canonical_payload).as_bytes(), parts.signature)
}

/// Reads a payload without believing it: only to find out, from a statement that names its own signer, which key to verify
/// it with.
///
/// # Errors
/// [`JwsError`] for a payload that [`verify`] would refuse whatever the key.
pub fn unverified_payload<T: DeserializeOwned>(jws: &str) -> Result<T, JwsError> {
    read_payload(&encoding::decode(Parts::of(jws)?.payload).map_err(|_| JwsError::Format)?)
}

/// The `kid` that a JWS claims, to look its key up. Nothing is verified yet; the header is the agreed one.
///
/// # Errors
/// [`JwsError::Format`] or [`JwsError::Header`].
pub fn unverified_kid(jws: &str) -> Result<String, JwsError> {
    Parts::of(jws)?.read_header().map(|h| h.kid)
}

/// Whether a JWS says that this key signed it for this use. Nothing is verified; the header is the agreed one, as text.
#[must_use]
pub fn names_signer(jws: &str, expected: Typ, kid: &str) -> bool {
    Parts::of(jws).is_ok_and(|parts| parts.header == header(kid, expected))
}

struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    signing_input: &'a str,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

impl<'a> Parts<'a> {
    fn of(jws: &'a str) -> Result<Self, JwsError> {
        let (signing_input, signature) = jws.rsplit_once('.').ok_or(JwsError::Format)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Format)?;
        if payload.contains('.') {
            return Err(JwsError::Format);
        }
        Ok(Self { header, payload, signature, signing_input })
    }

    fn check_header(&self, typ: Typ, kid: &str) -> Result<(), JwsError> {
        if self.header == header(kid, typ) {
            return Ok(());
        }
        // Refused; what follows only finds the best word for it.
        let read = self.read_header()?;
        Err(if read.typ != typ.as_str() {
            JwsError::Typ
        } else if read.kid != kid {
            JwsError::Kid
        } else {
            JwsError::Header
        })
    }

    fn read_header(&self) -> Result<Header, JwsError> {
        let bytes = encoding::decode(self.header).map_err(|_| JwsError::Format)?;
        let value = parse_strict(&bytes, 1).map_err(|_| JwsError::Header)?;
        let header: Header = serde_json::from_value(value).map_err(|_| JwsError::Header)?;
        if header.alg == ALG { Ok(header) } else { Err(JwsError::Header) }
    }
}

const ALG: &str = "ES256";

// INVARIANT: a `kid` is base64url and a `typ` a fixed word, so neither needs escaping; members stand in RFC 8785 order.
fn header(kid: &str, typ: Typ) -> String {
    encoding::encode(format!(r#"{{"alg":"{ALG}","kid":"{kid}","typ":"{typ}"}}"#).as_bytes())
}

fn signing_input(header: &str, payload: &[u8]) -> String {
    // Room for the payload in base64, two dots and the 86 characters of a signature.
    let mut text = String::with_capacity(header.len() + payload.len().div_ceil(3) * 4 + 88);
    text.push_str(header);
    text.push('.');
    encode_onto(payload, &mut text);
    text
}

fn signature(key: &SigningKey, signing_input: &str) -> Result<String, JwsError> {
    let signature = key.pair().sign(&SystemRandom::new(), signing_input.as_bytes()).map_err(|_| JwsError::Signing)?;
    Ok(encoding::encode(signature.as_ref()))
}

fn check_signature(key: &VerifyingKey, signing_input: &[u8], signature: &str) -> Result<(), JwsError> {
    // RFC 7518 §3.4: R and S, 32 bytes each; nothing shorter, longer or in DER.
    let signature: [u8; 64] = decode_array(signature).map_err(|_| JwsError::Signature)?;
    key.public().verify_sig(signing_input, &signature).map_err(|_| JwsError::Signature)
}

fn read_payload<T: DeserializeOwned>(payload: &[u8]) -> Result<T, JwsError> {
    if CanonicalText::read(payload, PAYLOAD_NESTING).is_some() {
        return serde_json::from_slice(payload).map_err(JwsError::Shape);
    }
    // Refused; this finds the best word for it.
    Err(parse_strict(payload, PAYLOAD_NESTING).map_or_else(JwsError::Payload, |_| JwsError::NotCanonical))
}

#[cfg(test)]
mod tests;
