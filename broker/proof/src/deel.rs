//! Parts: what their owner signs, and what a recipient verifies before it opens one.

use inbreng_domain::{
    Deel, DeelId, Digest, Labels,
    jwe::{Inhoud, Sleutelwrap},
    part::Deelbewijs,
};
use serde::Serialize;

use crate::{
    canonical::{CanonicalError, canonical, digest_of},
    encoding::{decode_array, encode},
    hash::{equal, hmac_sha256},
    jwe::JweShapeError,
    jws::{self, JwsError, SigningKey, Typ, VerifyingKey},
};

pub use crate::{
    jwe::check_jwe_shape,
    jwk::jwk_thumbprint,
    toegang::{Gedekt, check_gedekt, check_toegang, sign_toegang, verify_toegang},
};

/// Why a part is not to be believed.
#[derive(Debug, thiserror::Error)]
pub enum DeelError {
    /// The owner's proof is not one of this key.
    #[error("owner's proof does not hold")]
    Bewijs(#[from] JwsError),
    /// The proof is about another part.
    #[error("owner's proof is about another part")]
    AnderDeel,
    /// The labels are not those that were signed.
    #[error("labels are not those that were signed")]
    Labels,
    /// The content is not the one that was signed.
    #[error("content is not the one that was signed")]
    Inhoud,
    /// The `aad` that was sealed is not the labels.
    #[error("aad is not the labels")]
    Aad,
    /// The key commitment has not the form of one.
    #[error("key commitment is not 32 bytes")]
    Sleutelbinding,
    /// The content has not the agreed form.
    #[error("content has not the agreed form")]
    Vorm(#[from] JweShapeError),
    /// A value has no canonical form.
    #[error("part has no canonical form")]
    Canonical(#[from] CanonicalError),
}

/// The content without its wraps: what proofs and access statements bind.
#[derive(Serialize)]
struct ZonderWraps<'a> {
    protected: &'a str,
    aad: &'a str,
    iv: &'a str,
    ciphertext: &'a str,
    tag: &'a str,
}

/// Digest of the content without its `recipients`, so that it is the same for everyone who gets the part.
///
/// # Errors
/// [`CanonicalError`]; never, for content of this type.
pub fn inhoud_digest(inhoud: &Inhoud) -> Result<Digest, CanonicalError> {
    let Inhoud { protected, aad, iv, ciphertext, tag, recipients: _ } = inhoud;
    digest_of(&ZonderWraps { protected, aad, iv, ciphertext, tag })
}

/// Digest of one wrapped key.
///
/// # Errors
/// [`CanonicalError`]; never, for a wrap of this type.
pub fn wrap_digest(wrap: &Sleutelwrap) -> Result<Digest, CanonicalError> {
    digest_of(wrap)
}

/// Base64url of the RFC 8785 form of the labels: the `aad` of the sealed content.
///
/// # Errors
/// [`CanonicalError`]; never, for labels of this type.
pub fn labels_aad(labels: &Labels) -> Result<String, CanonicalError> {
    Ok(encode(&canonical(labels)?))
}

/// The commitment to a content key: base64url of HMAC-SHA-256 under that key over the part. GCM alone does not commit: one
/// ciphertext can be made to open to two texts under two keys.
#[must_use]
pub fn sleutelbinding(inhoudssleutel: &[u8], deel: DeelId) -> String {
    encode(&hmac_sha256(inhoudssleutel, format!("inbreng-sleutelbinding-v1:{deel}").as_bytes()))
}

/// Whether an unwrapped content key is the one that the owner committed to. Constant time.
#[must_use]
pub fn is_gebonden(inhoudssleutel: &[u8], bewijs: &Deelbewijs) -> bool {
    equal(sleutelbinding(inhoudssleutel, bewijs.deel).as_bytes(), bewijs.sleutelbinding.as_bytes())
}

/// Signs a part: the owner's proof over its labels, its sealed content and the key it was sealed with.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_deel(key: &SigningKey, labels: &Labels, inhoud: &Inhoud, inhoudssleutel: &[u8]) -> Result<String, JwsError> {
    let bewijs = Deelbewijs {
        deel: labels.id,
        labels: digest_of(labels)?,
        inhoud: inhoud_digest(inhoud)?,
        sleutelbinding: sleutelbinding(inhoudssleutel, labels.id),
    };
    jws::sign(key, Typ::Deel, &bewijs)
}

/// Verifies a part with the key of its owner (`labels.eigenaar`, looked up by the caller): form, proof, labels, `aad` and
/// content. Says nothing about access: see [`check_toegang`].
///
/// # Errors
/// [`DeelError`], whichever fails first.
pub fn verify_deel(deel: &Deel, eigenaar: &VerifyingKey) -> Result<Deelbewijs, DeelError> {
    check_jwe_shape(&deel.inhoud)?;
    let bewijs: Deelbewijs = jws::verify(&deel.eigenaarsbewijs, Typ::Deel, eigenaar)?;
    if bewijs.deel != deel.labels.id {
        return Err(DeelError::AnderDeel);
    }
    let labels = canonical(&deel.labels)?;
    if bewijs.labels != crate::sha256(&labels) {
        return Err(DeelError::Labels);
    }
    if deel.inhoud.aad != encode(&labels) {
        return Err(DeelError::Aad);
    }
    if bewijs.inhoud != inhoud_digest(&deel.inhoud)? {
        return Err(DeelError::Inhoud);
    }
    decode_array::<32>(&bewijs.sleutelbinding).map_err(|_| DeelError::Sleutelbinding)?;
    Ok(bewijs)
}

#[cfg(test)]
pub(crate) mod tests;
