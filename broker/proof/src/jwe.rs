//! The form of sealed content, looked at without opening it: exactly the agreed JWE, or nothing.
//!
//! A lenient JOSE library takes one-byte tags, `zip`, and an `enc` outside the protected header. Neither hub nor adapter
//! hands it anything that has not passed here.

use inbreng_domain::{
    jwe::{Inhoud, Sleutelwrap},
    limits::SIZE_CLASSES,
};

use crate::{
    encoding::{decode_array, decoded_len},
    jwk::{check_jwk, point_of_jwk},
};

/// Base64url of `{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}`: the one protected header.
pub const PROTECTED: &str = "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00ifQ";

/// Why a sealed content does not have the agreed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JweShapeError {
    /// Another algorithm, `zip`, or anything else in the protected header.
    #[error("protected header is not the agreed one")]
    Protected,
    /// `aad` is not base64url.
    #[error("aad is not base64url")]
    Aad,
    /// Not 12 bytes.
    #[error("iv is not 12 bytes")]
    Iv,
    /// Not 16 bytes: a shorter tag can be guessed.
    #[error("tag is not 16 bytes")]
    Tag,
    /// Not padded to a size class.
    #[error("ciphertext has not the length of a size class")]
    Ciphertext,
    /// A wrapped key that is not 40 bytes.
    #[error("wrapped key is not 40 bytes")]
    Wrap,
    /// A `kid` that is not a thumbprint.
    #[error("key name is not a thumbprint")]
    Kid,
    /// An ephemeral key whose coordinates are not 32 bytes, or (when opening) that is not on the curve.
    #[error("ephemeral key is not one on P-256")]
    Epk,
    /// Two wraps for one key.
    #[error("two wraps for one key")]
    DuplicateRecipient,
}

/// Checks the form of content and wraps. Zero wraps are well-formed: a view-only part is delivered without.
///
/// # Errors
/// [`JweShapeError`], whichever is found first.
pub fn check_jwe_shape(inhoud: &Inhoud) -> Result<(), JweShapeError> {
    if inhoud.protected != PROTECTED {
        return Err(JweShapeError::Protected);
    }
    decoded_len(&inhoud.aad).map_err(|_| JweShapeError::Aad)?;
    decode_array::<12>(&inhoud.iv).map_err(|_| JweShapeError::Iv)?;
    decode_array::<16>(&inhoud.tag).map_err(|_| JweShapeError::Tag)?;
    let length = decoded_len(&inhoud.ciphertext).map_err(|_| JweShapeError::Ciphertext)?;
    if !SIZE_CLASSES.contains(&length) {
        return Err(JweShapeError::Ciphertext);
    }
    for (i, wrap) in inhoud.recipients.iter().enumerate() {
        check_wrap_shape(wrap)?;
        if inhoud.recipients.iter().take(i).any(|other| other.header.kid == wrap.header.kid) {
            return Err(JweShapeError::DuplicateRecipient);
        }
    }
    Ok(())
}

/// Checks the form of one wrap.
///
/// # Errors
/// [`JweShapeError::Wrap`], [`JweShapeError::Kid`] or [`JweShapeError::Epk`].
pub fn check_wrap_shape(wrap: &Sleutelwrap) -> Result<(), JweShapeError> {
    decode_array::<40>(&wrap.encrypted_key).map_err(|_| JweShapeError::Wrap)?;
    decode_array::<32>(&wrap.header.kid).map_err(|_| JweShapeError::Kid)?;
    point_of_jwk(&wrap.header.epk).map_err(|_| JweShapeError::Epk)?;
    Ok(())
}

/// Checks, before a private key meets it, that the ephemeral key of a wrap is on the curve.
///
/// # Errors
/// [`JweShapeError::Epk`].
pub fn check_epk(wrap: &Sleutelwrap) -> Result<(), JweShapeError> {
    check_jwk(&wrap.header.epk).map_err(|_| JweShapeError::Epk)
}

#[cfg(test)]
pub(crate) mod tests;
