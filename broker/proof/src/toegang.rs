//! Access statements: the owner's word that one recipient may have one key of one part.

use inbreng_domain::{Deel, DeelId, Digest, Oin, jwe::Sleutelwrap, part::Toegangsverklaring, vocabulary::Doel};

use crate::{
    canonical::CanonicalError,
    deel::{inhoud_digest, wrap_digest},
    jws::{self, JwsError, SigningKey, Typ, VerifyingKey},
};

/// Why an access statement does not cover what it came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ToegangError {
    /// About another part.
    #[error("access statement is about another part")]
    AnderDeel,
    /// About another content under the same part.
    #[error("access statement is about another content")]
    Inhoud,
    /// For another recipient.
    #[error("access statement is for another recipient")]
    Ontvanger,
    /// For another key than the one that would open.
    #[error("access statement is for another key")]
    Sleutel,
    /// For another wrap.
    #[error("access statement is for another wrap")]
    Wrap,
    /// For another purpose than the part was sealed for.
    #[error("access statement is for another purpose")]
    Doel,
    /// A value has no canonical form.
    #[error("part has no canonical form")]
    Canonical,
}

impl From<CanonicalError> for ToegangError {
    fn from(_: CanonicalError) -> Self {
        Self::Canonical
    }
}

/// Signs an access statement.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_toegang(key: &SigningKey, verklaring: &Toegangsverklaring) -> Result<String, JwsError> {
    jws::sign(key, Typ::Toegang, verklaring)
}

/// Verifies an access statement with the key of the part's owner.
///
/// # Errors
/// [`JwsError`].
pub fn verify_toegang(jws: &str, eigenaar: &VerifyingKey) -> Result<Toegangsverklaring, JwsError> {
    jws::verify(jws, Typ::Toegang, eigenaar)
}

/// Checks that a statement covers exactly this part, recipient, key (`kid`), wrap and purpose, so that hub and recipient
/// together cannot pass a part on under the owner's name, and what was decided for one purpose is not used for another.
///
/// # Errors
/// [`ToegangError`], whichever fails first.
pub fn check_toegang(
    verklaring: &Toegangsverklaring,
    deel: &Deel,
    ontvanger: Oin,
    kid: &str,
    wrap: &Sleutelwrap,
) -> Result<(), ToegangError> {
    if wrap.header.kid != kid {
        return Err(ToegangError::Sleutel);
    }
    let over = Gedekt {
        deel: deel.labels.id,
        ontvanger,
        kid,
        wrap: wrap_digest(wrap)?,
        inhoud: inhoud_digest(&deel.inhoud)?,
        // In answer to a request its owner may give it for what was asked; the hub decided upon that (R28).
        doel: if verklaring.verzoek.is_some() { verklaring.doel } else { deel.labels.doel },
    };
    check_gedekt(verklaring, &over)
}

/// What an access statement must cover, by its digests.
#[derive(Debug, Clone, Copy)]
pub struct Gedekt<'a> {
    /// The part.
    pub deel: DeelId,
    /// Who gets it.
    pub ontvanger: Oin,
    /// The key that would open.
    pub kid: &'a str,
    /// Digest of the wrap under that key: see [`wrap_digest`].
    pub wrap: Digest,
    /// Digest of the content: see [`inhoud_digest`].
    pub inhoud: Digest,
    /// The purpose that was decided upon: what its labels give, or what was asked of its owner.
    pub doel: Doel,
}

/// As [`check_toegang`], for who has the digests already.
///
/// # Errors
/// [`ToegangError`], whichever fails first.
pub fn check_gedekt(verklaring: &Toegangsverklaring, over: &Gedekt<'_>) -> Result<(), ToegangError> {
    for (same, error) in [
        (verklaring.deel == over.deel, ToegangError::AnderDeel),
        (verklaring.ontvanger == over.ontvanger, ToegangError::Ontvanger),
        (verklaring.sleutel == over.kid, ToegangError::Sleutel),
        (verklaring.wrap == over.wrap, ToegangError::Wrap),
        (verklaring.inhoud == over.inhoud, ToegangError::Inhoud),
        (verklaring.doel == over.doel, ToegangError::Doel),
    ] {
        if !same {
            return Err(error);
        }
    }
    Ok(())
}
