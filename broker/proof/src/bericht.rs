//! Messages: the sender's signatures over `bericht` and `kop`, and the digests that bind a message together.
//!
//! Both are verified on the object as it was received, not on a type read from it, so that nothing a type would leave out
//! or spell anew can hide.

use inbreng_domain::{Bericht, Deel, DeelId, Digest, Kop};
use serde::Serialize;
use serde_json::Value;

use crate::{
    canonical::{CanonicalError, Part, Without, canonical, digest_of},
    jws::{self, JwsError, SigningKey, Typ, VerifyingKey},
};

/// The member that holds the signature of the object it stands in.
const HANDTEKENING: &str = "handtekening";

/// Signs a `bericht`: puts its `handtekening`.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_bericht(key: &SigningKey, bericht: &mut Bericht) -> Result<(), JwsError> {
    bericht.handtekening = sign_object(key, Typ::Bericht, bericht)?;
    Ok(())
}

/// Signs a `kop`: puts its `handtekening`.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_kop(key: &SigningKey, kop: &mut Kop) -> Result<(), JwsError> {
    kop.handtekening = sign_object(key, Typ::Kop, kop)?;
    Ok(())
}

/// Verifies a `bericht` as received with the key of its sender.
///
/// # Errors
/// [`JwsError`].
pub fn verify_bericht(bericht: &Value, afzender: &VerifyingKey) -> Result<(), JwsError> {
    verify_object(bericht, Typ::Bericht, afzender)
}

/// Verifies a `kop` as received with the key of its sender.
///
/// # Errors
/// [`JwsError`].
pub fn verify_kop(kop: &Value, afzender: &VerifyingKey) -> Result<(), JwsError> {
    verify_object(kop, Typ::Kop, afzender)
}

/// Verifies a `kop` as it stands in a message's text.
///
/// # Errors
/// [`JwsError`].
pub fn verify_kop_text(kop: Part<'_>, afzender: &VerifyingKey) -> Result<(), JwsError> {
    let handtekening = kop.member(HANDTEKENING).ok_or(JwsError::Format)?;
    let handtekening: String = serde_json::from_str(handtekening.as_str()).map_err(|_| JwsError::Format)?;
    let signed = kop.without(HANDTEKENING).ok_or(JwsError::Format)?;
    jws::verify_detached(&handtekening, Typ::Kop, signed.as_bytes(), afzender)
}

/// Digest of a whole `bericht` (typed or as received), its signature included.
///
/// # Errors
/// [`CanonicalError`].
pub fn bericht_digest<T: Serialize + ?Sized>(bericht: &T) -> Result<Digest, CanonicalError> {
    digest_of(bericht)
}

/// Digest of a whole part object (typed or as received), its statements included.
///
/// # Errors
/// [`CanonicalError`].
pub fn deel_digest<T: Serialize + ?Sized>(deel: &T) -> Result<Digest, CanonicalError> {
    digest_of(deel)
}

/// Why a message is not the one that its `kop` was signed for.
#[derive(Debug, thiserror::Error)]
pub enum SamenhangError {
    /// The `bericht` is another one.
    #[error("bericht is not the one in the kop")]
    Bericht,
    /// The `kop` names other parts, or in another order.
    #[error("parts are not those in the kop")]
    Delen,
    /// A part is another one.
    #[error("part {0} is not the one in the kop")]
    Deel(DeelId),
    /// A value has no canonical form.
    #[error("message has no canonical form")]
    Canonical(#[from] CanonicalError),
}

/// Checks that a verified `kop` binds this `bericht` and these parts (as received, in the same order): with its one
/// signature the whole message is then bound.
///
/// # Errors
/// [`SamenhangError`], whichever fails first.
pub fn check_samenhang(kop: &Kop, bericht: &Value, delen: &[Value]) -> Result<(), SamenhangError> {
    if kop.bericht != bericht_digest(bericht)? {
        return Err(SamenhangError::Bericht);
    }
    if kop.delen.len() != delen.len() {
        return Err(SamenhangError::Delen);
    }
    for (named, deel) in kop.delen.iter().zip(delen) {
        let id = deel.pointer("/labels/id").and_then(Value::as_str);
        if id != Some(named.id.as_str().as_ref()) {
            return Err(SamenhangError::Delen);
        }
        if named.digest != deel_digest(deel)? {
            return Err(SamenhangError::Deel(named.id));
        }
    }
    Ok(())
}

/// The part references of a `kop`, in the order of the parts.
///
/// # Errors
/// [`CanonicalError`].
pub fn deelverwijzingen(delen: &[Deel]) -> Result<Vec<inbreng_domain::envelope::Deelverwijzing>, CanonicalError> {
    delen
        .iter()
        .map(|deel| Ok(inbreng_domain::envelope::Deelverwijzing { id: deel.labels.id, digest: deel_digest(deel)? }))
        .collect()
}

fn sign_object<T: Serialize>(key: &SigningKey, typ: Typ, object: &T) -> Result<String, JwsError> {
    let value = serde_json::to_value(object).map_err(JwsError::Shape)?;
    jws::sign_detached(key, typ, &signed_bytes(&value)?.0)
}

fn verify_object(object: &Value, typ: Typ, key: &VerifyingKey) -> Result<(), JwsError> {
    let (bytes, handtekening) = signed_bytes(object)?;
    jws::verify_detached(handtekening, typ, &bytes, key)
}

/// The bytes under the signature, and the signature.
fn signed_bytes(object: &Value) -> Result<(Vec<u8>, &str), JwsError> {
    let object = object.as_object().ok_or(JwsError::Format)?;
    let handtekening = object.get(HANDTEKENING).and_then(Value::as_str).ok_or(JwsError::Format)?;
    Ok((canonical(&Without { object, member: HANDTEKENING })?, handtekening))
}

#[cfg(test)]
mod tests;
