//! Verifying directory statements.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Gidsvermelding, MAX_KEY_DAYS, Medeondertekend, Medeondertekening, Sleutelverklaring, Vermelding},
};
use time::Duration;

use super::{Gids, Partner, sign::verklaring_digest};
use crate::{
    certificate::{Anchors, CertificateError, SigningCertificate},
    jwk::{check_jwk, jwk_thumbprint},
    jws::{self, JwsError, Typ, VerifyingKey},
};

/// How far the clock of the covenant manager may run ahead.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A statement that was refused, and whose it says it is.
#[derive(Debug, thiserror::Error)]
#[error("directory statement refused{}", oin.map_or_else(String::new, |o| format!(" ({o})")))]
pub struct Gidsfout {
    /// The partner that the statement names; nothing when it cannot be read. Not verified.
    pub oin: Option<Oin>,
    /// Why.
    #[source]
    pub soort: Gidsfoutsoort,
}

/// Why a directory statement was refused.
#[derive(Debug, thiserror::Error)]
pub enum Gidsfoutsoort {
    /// The directory statement cannot be read, or its signature does not fit the certificate in it.
    #[error("directory statement does not hold")]
    Vermelding(#[source] JwsError),
    /// The certificate in it is refused.
    #[error("certificate in the directory statement is refused")]
    Certificaat(#[from] CertificateError),
    /// The certificate in it is not base64 of DER.
    #[error("certificate in the directory statement cannot be read")]
    Keten,
    /// The certificate is of another organisation.
    #[error("certificate is of another organisation")]
    AndereOrganisatie,
    /// The countersignature of the covenant manager does not hold.
    #[error("countersignature does not hold")]
    Medeondertekening(#[source] JwsError),
    /// The countersignature is for another statement.
    #[error("countersignature is for another statement")]
    AndereVerklaring,
    /// The countersignature is dated in the future.
    #[error("countersignature is dated in the future")]
    Toekomst,
    /// Not valid at this instant.
    #[error("statement is not valid now")]
    Geldigheid,
    /// A newer or equally numbered statement of the same partner stands beside it.
    #[error("another statement of this partner counts")]
    Vervangen,
    /// A key statement that cannot be read, or that the partner did not sign.
    #[error("key statement does not hold")]
    Sleutel(#[source] JwsError),
    /// A key statement of another organisation.
    #[error("key statement is of another organisation")]
    SleutelAnder,
    /// A key that is not its thumbprint, or not on the curve.
    #[error("key does not fit its thumbprint or is not on P-256")]
    SleutelVorm,
    /// A key statement that is valid longer than the maximum, or backwards.
    #[error("key statement is valid for more than {MAX_KEY_DAYS} days")]
    SleutelDuur,
    /// Key statements that do not follow on each other.
    #[error("key statements do not follow on each other")]
    SleutelKeten,
}

impl Gids {
    /// Verifies the statements of all partners. What is refused is left out and reported. A partner whose own statement
    /// holds but one of whose key statements does not, stays without keys: it can be heard, and nothing is sealed for it.
    #[must_use]
    pub fn build(
        vermeldingen: &[Gidsvermelding],
        anchors: &Anchors,
        convenantbeheerder: &VerifyingKey,
        nu: Tijdstip,
    ) -> (Self, Vec<Gidsfout>) {
        let mut per_partner: BTreeMap<Oin, Vec<Partner>> = BTreeMap::new();
        let mut fouten = Vec::new();
        for vermelding in vermeldingen {
            match verify_gidsvermelding(vermelding, anchors, convenantbeheerder, nu) {
                Ok((partner, sleutelfout)) => {
                    fouten.extend(sleutelfout);
                    per_partner.entry(partner.vermelding.oin).or_default().push(partner);
                }
                Err(fout) => fouten.push(fout),
            }
        }
        let mut partners = BTreeMap::new();
        for (oin, mut kandidaten) in per_partner {
            let nieuwste = geldende(&mut kandidaten);
            fouten.extend(kandidaten.iter().map(|_| Gidsfout { oin: Some(oin), soort: Gidsfoutsoort::Vervangen }));
            partners.extend(nieuwste.map(|partner| (oin, Arc::new(partner))));
        }
        (Self { partners }, fouten)
    }
}

/// Takes out the one with the highest number; of several with that number none, since only one should exist.
fn geldende(kandidaten: &mut Vec<Partner>) -> Option<Partner> {
    kandidaten.sort_by_key(|p| p.vermelding.volgnummer);
    let nieuwste = kandidaten.pop()?;
    match kandidaten.last() {
        Some(tweede) if tweede.vermelding.volgnummer == nieuwste.vermelding.volgnummer => {
            kandidaten.push(nieuwste);
            None
        }
        _ => Some(nieuwste),
    }
}

/// Verifies the statements of one partner. The second value says what is wrong with its keys, which are then left out.
///
/// # Errors
/// [`Gidsfout`] when the directory statement itself does not hold.
pub fn verify_gidsvermelding(
    gids: &Gidsvermelding,
    anchors: &Anchors,
    convenantbeheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<(Partner, Option<Gidsfout>), Gidsfout> {
    let vermelding: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring)
        .map_err(|e| Gidsfout { oin: None, soort: Gidsfoutsoort::Vermelding(e) })?;
    let fout = |soort| Gidsfout { oin: Some(vermelding.oin), soort };
    let certificaat = check_vermelding(gids, &vermelding, anchors, convenantbeheerder, nu).map_err(fout)?;
    let (sleutels, sleutelfout) = match check_sleutels(gids, &certificaat, convenantbeheerder, nu) {
        Ok(sleutels) => (sleutels, None),
        Err(soort) => (Vec::new(), Some(fout(soort))),
    };
    Ok((Partner { vermelding, certificaat, sleutels, gids: gids.clone() }, sleutelfout))
}

fn check_vermelding(
    gids: &Gidsvermelding,
    vermelding: &Vermelding,
    anchors: &Anchors,
    beheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<SigningCertificate, Gidsfoutsoort> {
    let keten: Vec<Vec<u8>> = vermelding
        .certificaten
        .iter()
        .map(|text| STANDARD.decode(text).map_err(|_| Gidsfoutsoort::Keten))
        .collect::<Result<_, _>>()?;
    let certificaat = anchors.signing_certificate(&keten, nu)?;
    if certificaat.oin != vermelding.oin {
        return Err(Gidsfoutsoort::AndereOrganisatie);
    }
    // The payload was read before its signer was known; now the same bytes are verified.
    let _: Vermelding =
        jws::verify(&gids.vermelding.verklaring, Typ::Vermelding, &certificaat.key).map_err(Gidsfoutsoort::Vermelding)?;
    check_medeondertekening(&gids.vermelding, beheerder, nu)?;
    if nu < vermelding.geldig_vanaf || nu >= vermelding.geldig_tot {
        return Err(Gidsfoutsoort::Geldigheid);
    }
    Ok(certificaat)
}

/// Verifies the covenant manager's countersignature of a statement, not of the future; gives when it was made.
///
/// # Errors
/// [`Gidsfoutsoort`] says why not.
pub fn check_medeondertekening(
    verklaring: &Medeondertekend,
    beheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<Tijdstip, Gidsfoutsoort> {
    let mede: Medeondertekening = jws::verify(&verklaring.medeondertekening, Typ::Medeondertekening, beheerder)
        .map_err(Gidsfoutsoort::Medeondertekening)?;
    if mede.verklaring != verklaring_digest(&verklaring.verklaring) {
        return Err(Gidsfoutsoort::AndereVerklaring);
    }
    if mede.tijd > nu.plus(CLOCK_SKEW) {
        return Err(Gidsfoutsoort::Toekomst);
    }
    Ok(mede.tijd)
}

/// All key statements, newest first. Each is signed and countersigned; each names the digest of the one before it. The
/// oldest shown may have predecessors that are no longer shown, but a first one has none.
fn check_sleutels(
    gids: &Gidsvermelding,
    certificaat: &SigningCertificate,
    beheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<Vec<Sleutelverklaring>, Gidsfoutsoort> {
    let mut sleutels = Vec::with_capacity(gids.sleutels.len());
    for verklaring in &gids.sleutels {
        let sleutel: Sleutelverklaring =
            jws::verify(&verklaring.verklaring, Typ::Sleutel, &certificaat.key).map_err(Gidsfoutsoort::Sleutel)?;
        check_medeondertekening(verklaring, beheerder, nu)?;
        check_sleutel(&sleutel, certificaat.oin)?;
        sleutels.push((sleutel, verklaring_digest(&verklaring.verklaring)));
    }
    sleutels.sort_by_key(|(s, _)| std::cmp::Reverse(s.volgnummer));
    let volgend = sleutels.iter().zip(sleutels.iter().skip(1)).all(|((nieuw, _), (oud, digest))| {
        nieuw.volgnummer.checked_sub(1) == Some(oud.volgnummer) && nieuw.vorige == Some(*digest)
    });
    let begin = sleutels.last().is_none_or(|(s, _)| s.volgnummer >= 1 && s.vorige.is_none() == (s.volgnummer == 1));
    if volgend && begin { Ok(sleutels.into_iter().map(|(s, _)| s).collect()) } else { Err(Gidsfoutsoort::SleutelKeten) }
}

fn check_sleutel(sleutel: &Sleutelverklaring, oin: Oin) -> Result<(), Gidsfoutsoort> {
    if sleutel.oin != oin {
        return Err(Gidsfoutsoort::SleutelAnder);
    }
    if sleutel.kid != jwk_thumbprint(&sleutel.jwk) || check_jwk(&sleutel.jwk).is_err() {
        return Err(Gidsfoutsoort::SleutelVorm);
    }
    let duur = sleutel.geldig_tot.since(sleutel.geldig_vanaf);
    if duur <= Duration::ZERO || duur > Duration::days(MAX_KEY_DAYS) {
        return Err(Gidsfoutsoort::SleutelDuur);
    }
    Ok(())
}
