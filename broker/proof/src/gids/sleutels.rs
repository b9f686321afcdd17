//! The row of key statements of one partner: each signed, each following on the one before it, each resting on the proof of the previous
//! key or on the word of the covenant manager (ADR 20).

use std::collections::BTreeSet;

use inbreng_domain::{
    Digest, Oin, Tijdstip,
    gids::{
        Bevriezing, Gidsvermelding, MAX_KEY_DAYS, MAX_SLEUTELS, Medeondertekening, Opvolging, Sleutelverklaring,
        Sleutelvermelding, bevestiging_vanaf,
    },
};
use time::Duration;

use super::{
    build::{Gidsfoutsoort, mede_van},
    sign::verklaring_digest,
};
use crate::{
    certificate::SigningCertificate,
    jwk::{check_jwk, jwk_thumbprint},
    jws::{self, Typ, VerifyingKey},
};

/// Key statements that follow on each other, newest first.
#[derive(Debug, Default)]
pub(super) struct Reeks {
    pub(super) sleutels: Vec<Sleutelverklaring>,
    /// Numbers of those that rest on a key that was frozen before them: they keep their place, and count for nothing.
    pub(super) vervallen: BTreeSet<u32>,
    /// Numbers of those that the covenant manager confirmed.
    pub(super) bevestigd: BTreeSet<u32>,
}

/// A statement that its partner signed, with its digest.
struct Gelezen<'a> {
    sleutel: Sleutelverklaring,
    digest: Digest,
    vermelding: &'a Sleutelvermelding,
}

/// All key statements, newest first. The oldest shown may have predecessors that are no longer shown, but a first one has none; and it is
/// one that the covenant manager confirmed, since nobody can hold the proof of a key that is not shown against anything.
pub(super) fn check_sleutels(
    gids: &Gidsvermelding,
    certificaat: &SigningCertificate,
    beheerder: &VerifyingKey,
    bevriezingen: &[Bevriezing],
    nu: Tijdstip,
) -> Result<Reeks, Gidsfoutsoort> {
    if gids.sleutels.len() > MAX_SLEUTELS {
        return Err(Gidsfoutsoort::SleutelsVeel);
    }
    let mut alle = Vec::with_capacity(gids.sleutels.len());
    for vermelding in &gids.sleutels {
        let sleutel: Sleutelverklaring =
            jws::verify(&vermelding.verklaring, Typ::Sleutel, &certificaat.key).map_err(Gidsfoutsoort::Sleutel)?;
        check_sleutel(&sleutel, certificaat.oin)?;
        alle.push(Gelezen { sleutel, digest: verklaring_digest(&vermelding.verklaring), vermelding });
    }
    alle.sort_by_key(|een| een.sleutel.volgnummer);
    let volgend = alle.iter().zip(alle.iter().skip(1)).all(|(oud, nieuw)| {
        nieuw.sleutel.volgnummer.checked_sub(1) == Some(oud.sleutel.volgnummer) && nieuw.sleutel.vorige == Some(oud.digest)
    });
    let begin = alle
        .first()
        .is_none_or(|een| een.sleutel.volgnummer >= 1 && een.sleutel.vorige.is_none() == (een.sleutel.volgnummer == 1));
    if !volgend || !begin {
        return Err(Gidsfoutsoort::SleutelKeten);
    }
    let bevestigd = gestaafd(&alle, beheerder, nu)?;
    let vervallen = vervallen(&alle, &bevestigd, bevriezingen);
    let sleutels = alle.into_iter().rev().map(|een| een.sleutel).collect();
    Ok(Reeks { sleutels, vervallen, bevestigd })
}

/// Whether each rests on something; gives the numbers of those that were confirmed.
fn gestaafd(alle: &[Gelezen<'_>], beheerder: &VerifyingKey, nu: Tijdstip) -> Result<BTreeSet<u32>, Gidsfoutsoort> {
    let mut bevestigde = BTreeSet::new();
    let mut vorige: Option<&Gelezen<'_>> = None;
    for een in alle {
        let bevestigd = is_bevestigd(een, beheerder, nu)?;
        match (&een.vermelding.opvolging, vorige) {
            (None, _) | (Some(_), None) if bevestigd => {}
            (None, _) => return Err(Gidsfoutsoort::SleutelOnbewezen),
            (Some(_), None) => return Err(Gidsfoutsoort::Opvolging(None)),
            (Some(bewijs), Some(oud)) => check_opvolging(bewijs, oud, een)?,
        }
        if bevestigd {
            bevestigde.insert(een.sleutel.volgnummer);
        }
        vorige = Some(een);
    }
    Ok(bevestigde)
}

/// The numbers of those whose proof a freeze takes away: of the frozen key, or of one that rests on it. What was confirmed stands by itself.
fn vervallen(alle: &[Gelezen<'_>], bevestigd: &BTreeSet<u32>, bevriezingen: &[Bevriezing]) -> BTreeSet<u32> {
    let mut weg = BTreeSet::new();
    for (oud, een) in alle.iter().zip(alle.iter().skip(1)) {
        let rust_op = || weg.contains(&oud.sleutel.volgnummer) || komt_na_bevriezing(oud, een, alle, bevriezingen);
        if !bevestigd.contains(&een.sleutel.volgnummer) && rust_op() {
            weg.insert(een.sleutel.volgnummer);
        }
    }
    weg
}

/// A statement as it stands.
fn ongetoetst(vermelding: &Sleutelvermelding) -> Option<Gelezen<'_>> {
    let sleutel = jws::unverified_payload(&vermelding.verklaring).ok()?;
    Some(Gelezen { sleutel, digest: verklaring_digest(&vermelding.verklaring), vermelding })
}

/// The keys of a row that stood and that count for nothing only since they rest on a frozen one ([`super::Partner::vervallen_kids`]), and
/// are not frozen themselves; by thumbprint. Nothing is verified here: the row and its freezes were when they were placed, and the
/// certificate under them may have been revoked since.
#[must_use]
pub fn vervallen_in(stond: &Gidsvermelding) -> BTreeSet<String> {
    let mut alle: Vec<Gelezen<'_>> = stond.sleutels.iter().filter_map(ongetoetst).collect();
    alle.sort_by_key(|een| een.sleutel.volgnummer);
    let bevestigd = |een: &&Gelezen<'_>| {
        let mede = een.vermelding.medeondertekening.as_deref().and_then(|jws| jws::unverified_payload(jws).ok());
        mede.is_some_and(|mede| bevestigt(&mede))
    };
    let bevestigd = alle.iter().filter(bevestigd).map(|een| een.sleutel.volgnummer).collect();
    let bevriezingen: Vec<Bevriezing> = stond.bevriezingen.iter().filter_map(|jws| jws::unverified_payload(jws).ok()).collect();
    let weg = vervallen(&alle, &bevestigd, &bevriezingen);
    let (weg, telt): (Vec<_>, Vec<_>) = alle.iter().map(|een| &een.sleutel).partition(|s| weg.contains(&s.volgnummer));
    let telt_of_bevroren = |kid: &str| telt.iter().any(|s| s.kid == kid) || bevriezingen.iter().any(|b| b.kid == kid);
    weg.into_iter().map(|s| s.kid.clone()).filter(|kid| !telt_of_bevroren(kid)).collect()
}

/// The keys in a row that stood, by thumbprint, those that count no more too. Nothing is verified here, as in [`vervallen_in`]: a key is
/// its organisation's also while the entry holds for nobody, until it is renewed.
#[must_use]
pub fn kids_in(stond: &Gidsvermelding) -> BTreeSet<String> {
    stond.sleutels.iter().filter_map(ongetoetst).map(|een| een.sleutel.kid).collect()
}

/// Whether the covenant manager confirmed it. A countersignature that does not hold is an error, not a no.
fn is_bevestigd(een: &Gelezen<'_>, beheerder: &VerifyingKey, nu: Tijdstip) -> Result<bool, Gidsfoutsoort> {
    let Some(mede) = &een.vermelding.medeondertekening else { return Ok(false) };
    let mede = mede_van(&een.vermelding.verklaring, mede, beheerder, nu)?;
    Ok(bevestigt(&mede))
}

/// Whether a countersignature of a key statement confirms the key.
fn bevestigt(mede: &Medeondertekening) -> bool {
    mede.bevestigt.is_some() || mede.tijd < bevestiging_vanaf()
}

/// The key of `oud` signed that `nieuw` comes after it.
fn check_opvolging(bewijs: &str, oud: &Gelezen<'_>, nieuw: &Gelezen<'_>) -> Result<(), Gidsfoutsoort> {
    let sleutel = VerifyingKey::of_jwk(&oud.sleutel.jwk).map_err(|_| Gidsfoutsoort::SleutelVorm)?;
    let opvolging: Opvolging = jws::verify(bewijs, Typ::Opvolging, &sleutel).map_err(|e| Gidsfoutsoort::Opvolging(Some(e)))?;
    if opvolging.vorige == oud.digest && opvolging.verklaring == nieuw.digest {
        Ok(())
    } else {
        Err(Gidsfoutsoort::Opvolging(None))
    }
}

/// Whether the key of `oud` was frozen before `nieuw` came. A proof bears no date that could be believed: what stood at the freeze is what
/// the freeze names, and what that rests on.
fn komt_na_bevriezing(oud: &Gelezen<'_>, nieuw: &Gelezen<'_>, alle: &[Gelezen<'_>], bevriezingen: &[Bevriezing]) -> bool {
    let stond = |laatste: Digest| alle.iter().any(|s| s.digest == laatste && s.sleutel.volgnummer >= nieuw.sleutel.volgnummer);
    bevriezingen.iter().any(|b| b.kid == oud.sleutel.kid && !stond(b.laatste))
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
