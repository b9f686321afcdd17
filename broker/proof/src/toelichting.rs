//! The explanation for another purpose (R28): sealed for one recipient of one part, for one purpose, and named by the owner's access
//! statement. What was explained for help is no explanation for a criminal case.

use inbreng_domain::{DeelId, Digest, Oin, jwe::Inhoud, limits::TOELICHTING_BYTES, part::Toegangsverklaring, vocabulary::Doel};
use serde::Serialize;

use crate::{
    canonical::{CanonicalError, canonical, digest_of},
    encoding::{decoded_len, encode},
    jwe::{JweShapeError, check_jwe_shape},
};

/// Why an explanation does not belong to the access statement that it came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ToelichtingError {
    /// The statement names none, and one came; or it names one, and none came.
    #[error("explanation and access statement do not both name one")]
    EenVanBeide,
    /// The purpose is the part's own: why it is needed stands in the part itself.
    #[error("explanation for the purpose that the part was sealed for")]
    EigenDoel,
    /// It has not the agreed form.
    #[error("explanation has not the agreed form")]
    Vorm(#[from] JweShapeError),
    /// It is larger than [`TOELICHTING_BYTES`].
    #[error("explanation is too large")]
    TeGroot,
    /// It has not exactly one wrap, under the key that the statement names.
    #[error("explanation is not for this key alone")]
    Sleutel,
    /// It is bound to another part, recipient or purpose.
    #[error("explanation is bound to another part, recipient or purpose")]
    Binding,
    /// It is another than the statement names.
    #[error("explanation is not the one that was signed")]
    Digest,
    /// A value has no canonical form.
    #[error("explanation has no canonical form")]
    Canonical,
}

impl From<CanonicalError> for ToelichtingError {
    fn from(_: CanonicalError) -> Self {
        Self::Canonical
    }
}

/// What an explanation is bound to, in the order of RFC 8785.
#[derive(Serialize)]
struct Binding {
    deel: DeelId,
    doel: Doel,
    ontvanger: Oin,
}

/// Base64url of the RFC 8785 form of part, purpose and recipient: the `aad` of a sealed explanation.
///
/// # Errors
/// [`CanonicalError`]; never, for values of these types.
pub fn toelichting_aad(deel: DeelId, doel: Doel, ontvanger: Oin) -> Result<String, CanonicalError> {
    Ok(encode(&canonical(&Binding { deel, doel, ontvanger })?))
}

/// Digest of a sealed explanation, its one wrap included: what the access statement names.
///
/// # Errors
/// [`CanonicalError`]; never, for a value of this type.
pub fn toelichting_digest(toelichting: &Inhoud) -> Result<Digest, CanonicalError> {
    digest_of(toelichting)
}

/// Checks, without opening it, that the explanation that came is the one that this statement names, for this part, recipient, key and
/// purpose; or that there is none on either side. `eigen` is the purpose that the part was sealed for.
///
/// # Errors
/// [`ToelichtingError`], whichever is found first.
pub fn check_toelichting(
    toelichting: Option<&Inhoud>,
    verklaring: &Toegangsverklaring,
    eigen: Doel,
) -> Result<(), ToelichtingError> {
    let (toelichting, digest) = match (toelichting, verklaring.toelichting) {
        (None, None) => return Ok(()),
        (Some(toelichting), Some(digest)) => (toelichting, digest),
        _ => return Err(ToelichtingError::EenVanBeide),
    };
    if verklaring.doel == eigen {
        return Err(ToelichtingError::EigenDoel);
    }
    check_jwe_shape(toelichting)?;
    if decoded_len(&toelichting.ciphertext).is_ok_and(|n| n > TOELICHTING_BYTES) {
        return Err(ToelichtingError::TeGroot);
    }
    let [wrap] = toelichting.recipients.as_slice() else { return Err(ToelichtingError::Sleutel) };
    if wrap.header.kid != verklaring.sleutel {
        return Err(ToelichtingError::Sleutel);
    }
    if toelichting.aad != toelichting_aad(verklaring.deel, verklaring.doel, verklaring.ontvanger)? {
        return Err(ToelichtingError::Binding);
    }
    if toelichting_digest(toelichting)? == digest { Ok(()) } else { Err(ToelichtingError::Digest) }
}

#[cfg(test)]
mod tests;
