//! Verifying directory statements.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Gidsvermelding, MAX_KEY_DAYS, MAX_SLEUTELS, Medeondertekend, Medeondertekening, Vermelding},
};
use time::Duration;

use super::{
    Gids, Partner,
    sign::verklaring_digest,
    sleutels::{Reeks, check_sleutels},
    vries::bevriezingen,
};
use crate::{
    certificate::{Anchors, CertificateError, SigningCertificate},
    jws::{self, JwsError, Typ, VerifyingKey},
};

/// How far the clock of the covenant manager may run ahead.
pub(super) const CLOCK_SKEW: Duration = Duration::minutes(5);

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
    /// More key statements than an entry has to show.
    #[error("more than {MAX_SLEUTELS} key statements")]
    SleutelsVeel,
    /// The proof by the previous key does not hold, or there is no previous key to hold it against.
    #[error("proof by the previous key does not hold")]
    Opvolging(#[source] Option<JwsError>),
    /// A key statement that neither the previous key proves nor the covenant manager confirmed.
    #[error("key statement is neither proven by the previous key nor confirmed")]
    SleutelOnbewezen,
    /// A freeze that cannot be read, or that neither the organisation nor the covenant manager signed.
    #[error("freeze does not hold")]
    Bevriezing(#[source] JwsError),
    /// A freeze that is larger than a freeze has to be.
    #[error("freeze is too large")]
    BevriezingGroot,
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
    let bevriezingen = bevriezingen(gids, vermelding.oin, anchors, convenantbeheerder, nu);
    let (Reeks { sleutels, vervallen, bevestigd }, sleutelfout) =
        match check_sleutels(gids, &certificaat, convenantbeheerder, &bevriezingen, nu) {
            Ok(reeks) => (reeks, None),
            Err(soort) => (Reeks::default(), Some(fout(soort))),
        };
    Ok((Partner { vermelding, certificaat, sleutels, vervallen, bevestigd, bevriezingen, gids: gids.clone() }, sleutelfout))
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
    mede_van(&verklaring.verklaring, &verklaring.medeondertekening, beheerder, nu).map(|mede| mede.tijd)
}

/// The covenant manager's word on this statement.
pub(super) fn mede_van(
    verklaring: &str,
    medeondertekening: &str,
    beheerder: &VerifyingKey,
    nu: Tijdstip,
) -> Result<Medeondertekening, Gidsfoutsoort> {
    let mede: Medeondertekening =
        jws::verify(medeondertekening, Typ::Medeondertekening, beheerder).map_err(Gidsfoutsoort::Medeondertekening)?;
    if mede.verklaring != verklaring_digest(verklaring) {
        return Err(Gidsfoutsoort::AndereVerklaring);
    }
    if mede.tijd > nu.plus(CLOCK_SKEW) {
        return Err(Gidsfoutsoort::Toekomst);
    }
    Ok(mede)
}
