//! Making directory statements: by the partner, and by the covenant manager.

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Digest, Tijdstip,
    gids::{
        Bevriezing, Medeondertekend, Medeondertekening, Opvolging, Sleutelaanleiding, Sleutelverklaring, Sleutelvermelding,
        Vermelding,
    },
};

use crate::{
    hash::sha256,
    jws::{self, JwsError, SigningKey, Typ},
};

/// Signs a directory statement, as the partner.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_vermelding(partner: &SigningKey, vermelding: &Vermelding) -> Result<String, JwsError> {
    jws::sign(partner, Typ::Vermelding, vermelding)
}

/// Signs a key statement, as the partner.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_sleutel(partner: &SigningKey, sleutel: &Sleutelverklaring) -> Result<String, JwsError> {
    jws::sign(partner, Typ::Sleutel, sleutel)
}

/// Countersigns a statement, as the covenant manager, who has seen who the partner is.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn medeonderteken(beheerder: &SigningKey, verklaring: String, tijd: Tijdstip) -> Result<Medeondertekend, JwsError> {
    let mede = Medeondertekening { verklaring: verklaring_digest(&verklaring), tijd, bevestigt: None };
    let medeondertekening = jws::sign(beheerder, Typ::Medeondertekening, &mede)?;
    Ok(Medeondertekend { verklaring, medeondertekening })
}

/// Confirms a key statement, as the covenant manager, who has asked the organisation out of band.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn bevestigen(
    beheerder: &SigningKey,
    verklaring: String,
    aanleiding: Sleutelaanleiding,
    tijd: Tijdstip,
) -> Result<Sleutelvermelding, JwsError> {
    let mede = Medeondertekening { verklaring: verklaring_digest(&verklaring), tijd, bevestigt: Some(aanleiding) };
    let medeondertekening = Some(jws::sign(beheerder, Typ::Medeondertekening, &mede)?);
    Ok(Sleutelvermelding { verklaring, medeondertekening, opvolging: None })
}

/// Proves a new key statement by the key of the statement before it. `oud` is that encryption key
/// ([`SigningKey::of_encryption_key`]), `vorige` its statement (compact JWS).
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn opvolgen(oud: &SigningKey, vorige: &str, verklaring: String) -> Result<Sleutelvermelding, JwsError> {
    let opvolging = Opvolging { verklaring: verklaring_digest(&verklaring), vorige: verklaring_digest(vorige) };
    let opvolging = Some(jws::sign(oud, Typ::Opvolging, &opvolging)?);
    Ok(Sleutelvermelding { verklaring, medeondertekening: None, opvolging })
}

/// Freezes a key, as its organisation or as the covenant manager.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_bevriezing(door: &SigningKey, bevriezing: &Bevriezing) -> Result<String, JwsError> {
    jws::sign(door, Typ::Bevriezing, bevriezing)
}

/// The digest by which a signed statement is named: in a countersignature, and by the key statement that follows it.
#[must_use]
pub fn verklaring_digest(jws: &str) -> Digest {
    sha256(jws.as_bytes())
}

/// A certificate chain as it stands in a directory statement: base64 (not url) of each DER, leaf first (`x5c`).
#[must_use]
pub fn certificaatketen(chain_der: &[Vec<u8>]) -> Vec<String> {
    chain_der.iter().map(|der| STANDARD.encode(der)).collect()
}
