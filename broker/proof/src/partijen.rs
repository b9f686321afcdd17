//! Who the parties of a covenant are, by their own signatures.
//!
//! Joining takes two: the party and the covenant manager, who has seen who the party is. Leaving takes the party alone. A hub that
//! serves these statements can leave one out; it can neither make a party nor keep one.

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    ConvenantId, Oin, Tijdstip,
    convenant::{Partijen, Toetreding, Uittreding},
    gids::Medeondertekend,
};

use crate::{
    certificate::{Anchors, CertificateError},
    gids::{Gidsfoutsoort, check_medeondertekening},
    jws::{self, JwsError, SigningKey, Typ, VerifyingKey},
};

/// A statement of a party that was refused, and whose it says it is.
#[derive(Debug, thiserror::Error)]
#[error("statement of a party is refused{}", partij.map_or_else(String::new, |o| format!(" ({o})")))]
pub struct Partijfout {
    /// The party that the statement names; nothing when it cannot be read. Not verified.
    pub partij: Option<Oin>,
    /// Why.
    #[source]
    pub soort: Partijfoutsoort,
}

/// Why a statement of a party was refused.
#[derive(Debug, thiserror::Error)]
pub enum Partijfoutsoort {
    /// It cannot be read, or its signature does not fit the certificate in it.
    #[error("statement does not hold")]
    Verklaring(#[source] JwsError),
    /// The certificate in it is refused.
    #[error("certificate in the statement is refused")]
    Certificaat(#[from] CertificateError),
    /// The certificate in it is not base64 of DER.
    #[error("certificate in the statement cannot be read")]
    Keten,
    /// The certificate is of another organisation.
    #[error("certificate is of another organisation")]
    AndereOrganisatie,
    /// The covenant manager did not countersign it.
    #[error("countersignature does not hold")]
    Medeondertekening(#[source] Gidsfoutsoort),
    /// It is about another covenant.
    #[error("statement is about another covenant")]
    AnderConvenant,
}

/// Signs that a party joins, as the party.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_toetreding(partij: &SigningKey, toetreding: &Toetreding) -> Result<String, JwsError> {
    jws::sign(partij, Typ::Toetreding, toetreding)
}

/// Signs that a party leaves, as the party.
///
/// # Errors
/// [`JwsError`] when signing fails.
pub fn sign_uittreding(partij: &SigningKey, uittreding: &Uittreding) -> Result<String, JwsError> {
    jws::sign(partij, Typ::Uittreding, uittreding)
}

/// Verifies that a party joins. Its certificate must have been good when the covenant manager countersigned, and not be revoked
/// since: a certificate that expires later takes no signature away, a key that is compromised does.
///
/// # Errors
/// [`Partijfout`].
pub fn verify_toetreding(
    verklaring: &Medeondertekend,
    anchors: &Anchors,
    convenantbeheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<Toetreding, Partijfout> {
    let toetreding: Toetreding = gelezen(&verklaring.verklaring)?;
    let fout = |soort| Partijfout { partij: Some(toetreding.partij), soort };
    let mede =
        check_medeondertekening(verklaring, convenantbeheerder, nu).map_err(|e| fout(Partijfoutsoort::Medeondertekening(e)))?;
    let toetreding = verify_eigen_toetreding(&verklaring.verklaring, anchors, mede)?;
    let fout = |soort| Partijfout { partij: Some(toetreding.partij), soort };
    if let Some(blad) = keten(&toetreding.certificaten).map_err(fout)?.first() {
        anchors.check_revocation(blad, nu).map_err(|e| fout(e.into()))?;
    }
    Ok(toetreding)
}

/// Verifies the party's own part of joining, under a certificate that is good at this instant: what the covenant manager sees to
/// before it countersigns. It makes nobody a party.
///
/// # Errors
/// [`Partijfout`].
pub fn verify_eigen_toetreding(verklaring: &str, anchors: &Anchors, op: Tijdstip) -> Result<Toetreding, Partijfout> {
    let toetreding: Toetreding = gelezen(verklaring)?;
    let fout = |soort| Partijfout { partij: Some(toetreding.partij), soort };
    let keten = keten(&toetreding.certificaten).map_err(fout)?;
    let certificaat = anchors.signing_certificate(&keten, op).map_err(|e| fout(e.into()))?;
    let houder = (certificaat.oin, certificaat.key);
    van_partij::<Toetreding>(verklaring, Typ::Toetreding, &houder, toetreding.partij).map_err(fout)?;
    Ok(toetreding)
}

/// Verifies that a party leaves. That its certificate has expired or was revoked since does not bring it back: leaving only takes
/// away.
///
/// # Errors
/// [`Partijfout`].
pub fn verify_uittreding(verklaring: &str, anchors: &Anchors) -> Result<Uittreding, Partijfout> {
    let uittreding: Uittreding = gelezen(verklaring)?;
    let fout = |soort| Partijfout { partij: Some(uittreding.partij), soort };
    let keten = keten(&uittreding.certificaten).map_err(fout)?;
    let houder = anchors.issued_to(&keten).map_err(|e| fout(e.into()))?;
    van_partij::<Uittreding>(verklaring, Typ::Uittreding, &houder, uittreding.partij).map_err(fout)?;
    Ok(uittreding)
}

/// The parties of a covenant by these statements. What is refused is left out and reported.
#[must_use]
pub fn partijen(
    convenant: &ConvenantId,
    toetredingen: &[Medeondertekend],
    uittredingen: &[String],
    anchors: &Anchors,
    convenantbeheerder: &VerifyingKey,
    nu: Tijdstip,
) -> (Partijen, Vec<Partijfout>) {
    let mut fouten = Vec::new();
    let ander = |partij| Partijfout { partij: Some(partij), soort: Partijfoutsoort::AnderConvenant };
    let (mut toe, mut uit) = (Vec::new(), Vec::new());
    for verklaring in toetredingen {
        match verify_toetreding(verklaring, anchors, convenantbeheerder, nu) {
            Ok(t) if t.tekst.convenant == *convenant => toe.push(t),
            Ok(t) => fouten.push(ander(t.partij)),
            Err(fout) => fouten.push(fout),
        }
    }
    for verklaring in uittredingen {
        match verify_uittreding(verklaring, anchors) {
            Ok(u) if u.convenant == *convenant => uit.push(u),
            Ok(u) => fouten.push(ander(u.partij)),
            Err(fout) => fouten.push(fout),
        }
    }
    (Partijen::van_geverifieerd(toe, uit), fouten)
}

/// What it says, before its signer is known: the certificate to verify it with stands in it.
fn gelezen<T: serde::de::DeserializeOwned>(jws: &str) -> Result<T, Partijfout> {
    jws::unverified_payload(jws).map_err(|e| Partijfout { partij: None, soort: Partijfoutsoort::Verklaring(e) })
}

fn keten(certificaten: &[String]) -> Result<Vec<Vec<u8>>, Partijfoutsoort> {
    certificaten.iter().map(|tekst| STANDARD.decode(tekst).map_err(|_| Partijfoutsoort::Keten)).collect()
}

/// The same bytes, verified under the certificate that they name.
fn van_partij<T: serde::de::DeserializeOwned>(
    jws: &str,
    typ: Typ,
    (oin, sleutel): &(Oin, VerifyingKey),
    partij: Oin,
) -> Result<(), Partijfoutsoort> {
    if *oin != partij {
        return Err(Partijfoutsoort::AndereOrganisatie);
    }
    jws::verify::<T>(jws, typ, sleutel).map(drop).map_err(Partijfoutsoort::Verklaring)
}

#[cfg(test)]
mod tests;
