//! Placing directory statements: signed by the partner, countersigned by the covenant manager, numbered upwards.

use inbreng_domain::{
    Digest, Oin, Tijdstip,
    gids::{Gidsvermelding, Medeondertekend, Sleutelverklaring, Sleutelvermelding, Vermelding, naam_past},
    problem::ProblemCode,
};
use inbreng_proof::{
    Partner,
    gids::{kids_in, verklaring_digest, vervallen_in},
    jws::unverified_payload,
};
use inbreng_storage::Gidsregel;
use serde::Serialize;

use crate::{
    Fout, Hub, bevriezing, herzien,
    leaf::{self, Soort},
};

/// The record of a statement: whose, which number, and its digest.
#[derive(Debug, Serialize)]
struct Gidsrecord {
    oin: Oin,
    volgnummer: u32,
    verklaring: Digest,
}

/// A partner's own directory statement.
pub(crate) async fn vermelding(hub: &Hub, van: Oin, nieuw: Medeondertekend) -> Result<(), Fout> {
    if gelezen(&nieuw)?.oin != van {
        return Err(Fout::new(ProblemCode::BronNietEigen));
    }
    let huidig = huidige(hub, van).await?;
    if huidig.as_ref().is_some_and(|g| g.vermelding == nieuw) {
        return Ok(());
    }
    let (sleutels, bevriezingen) = huidig.as_ref().map(|g| (g.sleutels.clone(), g.bevriezingen.clone())).unwrap_or_default();
    let gids = Gidsvermelding { vermelding: nieuw, sleutels, bevriezingen };
    let nu = hub.clock.now();
    let partner = eigen(hub, van, &gids, nu)?;
    benoemd(&partner)?;
    let volgnummer = partner.vermelding.volgnummer;
    if let Some(huidig) = &huidig {
        hoger(gelezen(&huidig.vermelding)?.volgnummer, volgnummer)?;
    }
    let verklaring = verklaring_digest(&gids.vermelding.verklaring);
    plaatsen(hub, Soort::Vermelding, Gidsrecord { oin: van, volgnummer, verklaring }, gids, nu).await
}

/// A partner's own directory statement with its key statements. So a new signing certificate is placed: it signs the key
/// statements too, and those of before no longer verify under it.
pub(crate) async fn samen(hub: &Hub, van: Oin, mut gids: Gidsvermelding) -> Result<(), Fout> {
    if gelezen(&gids.vermelding)?.oin != van {
        return Err(Fout::new(ProblemCode::BronNietEigen));
    }
    let huidig = huidige(hub, van).await?;
    gids.bevriezingen = huidig.as_ref().map(|g| g.bevriezingen.clone()).unwrap_or_default();
    if huidig.as_ref() == Some(&gids) {
        return Ok(());
    }
    let nu = hub.clock.now();
    let partner = eigen(hub, van, &gids, nu)?;
    benoemd(&partner)?;
    telt(&partner)?;
    huidig.iter().try_for_each(|huidig| vergeet_niets(huidig, &partner))?;
    van_niemand_anders(hub, &partner).await?;
    let volgnummer = partner.vermelding.volgnummer;
    if let Some(huidig) = &huidig {
        hoger(gelezen(&huidig.vermelding)?.volgnummer, volgnummer)?;
        volgt_op(huidig, &partner)?;
    }
    let verklaring = verklaring_digest(&gids.vermelding.verklaring);
    plaatsen(hub, Soort::Vermelding, Gidsrecord { oin: van, volgnummer, verklaring }, gids, nu).await
}

/// The keys go on from the newest that stood: the next one names its digest, whatever certificate signed the two.
fn volgt_op(huidig: &Gidsvermelding, partner: &Partner) -> Result<(), Fout> {
    let Some((oud, digest)) = nieuwste(huidig) else { return Ok(()) };
    let volgende = partner.sleutels.iter().find(|s| s.volgnummer.checked_sub(1) == Some(oud.volgnummer));
    if volgende.is_some_and(|s| s.vorige == Some(digest)) {
        Ok(())
    } else {
        Err(Fout::new(ProblemCode::NietGelijk).at("/sleutels"))
    }
}

/// The newest key statement that stands, verified or not, with its digest.
fn nieuwste(gids: &Gidsvermelding) -> Option<(Sleutelverklaring, Digest)> {
    let lezen = |s: &Sleutelvermelding| {
        let verklaring: Sleutelverklaring = unverified_payload(&s.verklaring).ok()?;
        Some((verklaring, verklaring_digest(&s.verklaring)))
    };
    gids.sleutels.iter().filter_map(lezen).max_by_key(|(s, _)| s.volgnummer)
}

/// A partner's own key statements: a chain that goes on from what stands.
pub(crate) async fn sleutels(hub: &Hub, van: Oin, nieuw: Vec<Sleutelvermelding>) -> Result<(), Fout> {
    let huidig = huidige(hub, van).await?.ok_or_else(|| Fout::new(ProblemCode::PartnerOnbekend))?;
    if huidig.sleutels == nieuw {
        return Ok(());
    }
    let nu = hub.clock.now();
    let oud = eigen(hub, van, &huidig, nu)?;
    let gids = Gidsvermelding { sleutels: nieuw, ..huidig.clone() };
    let partner = eigen(hub, van, &gids, nu)?;
    telt(&partner)?;
    vergeet_niets(&huidig, &partner)?;
    van_niemand_anders(hub, &partner).await?;
    let Some(nieuwste) = partner.sleutels.first() else {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/sleutels"));
    };
    if let Some(oude) = oud.sleutels.first() {
        hoger(oude.volgnummer, nieuwste.volgnummer)?;
        // The chain itself was verified; this says that it is the chain that stood here.
        if !partner.sleutels.contains(oude) {
            return Err(Fout::new(ProblemCode::NietGelijk).at("/sleutels"));
        }
    }
    let digest = self::nieuwste(&gids).map_or_else(|| verklaring_digest(""), |(_, digest)| digest);
    let record = Gidsrecord { oin: van, volgnummer: nieuwste.volgnummer, verklaring: digest };
    plaatsen(hub, Soort::Sleutel, record, gids, nu).await
}

/// No key that another shows stands under a second name: nobody shows here that it has the private key of what it publishes, and who is
/// sealed for beside the other, or freezes it in its own name, would make one of two. A key stays who placed it also while that entry does not
/// verify: it has expired, or its certificate was revoked, and the organisation comes back with the key that it has.
async fn van_niemand_anders(hub: &Hub, partner: &Partner) -> Result<(), Fout> {
    let (regels, _) = hub.store.gids().await?;
    let anderen: Vec<_> = regels.iter().filter(|r| r.oin != partner.vermelding.oin).map(|r| kids_in(&r.gids)).collect();
    if partner.sleutels.iter().any(|s| anderen.iter().any(|kids| kids.contains(&s.kid))) {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/sleutels"));
    }
    Ok(())
}

/// A new entry has a name that reads as what it is. One that stands is left as it is.
fn benoemd(partner: &Partner) -> Result<(), Fout> {
    if naam_past(&partner.vermelding.naam) { Ok(()) } else { Err(Fout::new(ProblemCode::VeldOngeldig).at("/verklaring")) }
}

/// What is placed must count: a key that is frozen, or that rests on one, is no new key.
fn telt(partner: &Partner) -> Result<(), Fout> {
    let Some(nieuwste) = partner.sleutels.first() else { return Ok(()) };
    if partner.is_bevroren(&nieuwste.kid) || partner.vervallen.contains(&nieuwste.volgnummer) {
        return Err(Fout::new(ProblemCode::SleutelBevroren).at("/sleutels"));
    }
    Ok(())
}

/// A row that no longer shows a key which counts for nothing since it rests on a frozen one would make that key as good as any that was retired:
/// what lies under it is read again, and never wrapped anew. So it is frozen by its own name first, and a freeze is for ever.
fn vergeet_niets(huidig: &Gidsvermelding, partner: &Partner) -> Result<(), Fout> {
    if vervallen_in(huidig).iter().any(|kid| partner.sleutel_met_kid(kid).is_none()) {
        return Err(Fout::new(ProblemCode::SleutelBevroren).at("/sleutels"));
    }
    Ok(())
}

/// Statements that come with the installation: those that are new or newer are placed, and so is what is frozen. Gives how many.
pub(crate) async fn vullen(hub: &Hub, vermeldingen: Vec<Gidsvermelding>) -> Result<usize, Fout> {
    let mut geplaatst = 0;
    for gids in vermeldingen {
        let nu = hub.clock.now();
        let partner = hub.gids.verifieren(&gids, nu)?;
        let oin = partner.vermelding.oin;
        van_niemand_anders(hub, &partner).await?;
        for bevriezing in &gids.bevriezingen {
            bevriezing::uit_installatie(hub, oin, bevriezing).await?;
        }
        if let Some(huidig) = huidige(hub, oin).await? {
            // What stands may no longer verify: its certificate was revoked, and this is what comes in its place.
            let oud = (gelezen(&huidig.vermelding)?.volgnummer, nieuwste(&huidig).map_or(0, |(s, _)| s.volgnummer));
            let nieuwer = (partner.vermelding.volgnummer, hoogste(&partner)) > oud;
            if !nieuwer {
                continue;
            }
            // The freezes that came along are among what stands by now.
            vergeet_niets(&huidig, &partner)?;
        }
        let verklaring = verklaring_digest(&gids.vermelding.verklaring);
        let record = Gidsrecord { oin, volgnummer: partner.vermelding.volgnummer, verklaring };
        opslaan(hub, Soort::Vermelding, record, oin, gids, nu).await?;
        geplaatst += 1;
    }
    hub.gids.herladen(hub.store(), hub.clock.now()).await?;
    Ok(geplaatst)
}

/// What a statement says, before it is verified or after it has expired.
fn gelezen(verklaring: &Medeondertekend) -> Result<Vermelding, Fout> {
    unverified_payload(&verklaring.verklaring)
        .map_err(|error| Fout::new(ProblemCode::HandtekeningOngeldig).at("/verklaring").door(error))
}

fn hoogste(partner: &Partner) -> u32 {
    partner.sleutels.first().map_or(0, |s| s.volgnummer)
}

/// What stands in the store, verified or not: a statement that has expired still counts for numbering.
pub(crate) async fn huidige(hub: &Hub, oin: Oin) -> Result<Option<Gidsvermelding>, Fout> {
    let (regels, _) = hub.store.gids().await?;
    Ok(regels.into_iter().find(|r| r.oin == oin).map(|r| r.gids))
}

/// Verified, and of who is connected.
fn eigen(hub: &Hub, van: Oin, gids: &Gidsvermelding, nu: Tijdstip) -> Result<Partner, Fout> {
    let partner = hub.gids.verifieren(gids, nu)?;
    if partner.vermelding.oin == van { Ok(partner) } else { Err(Fout::new(ProblemCode::BronNietEigen)) }
}

fn hoger(oud: u32, nieuw: u32) -> Result<(), Fout> {
    if nieuw > oud { Ok(()) } else { Err(Fout::new(ProblemCode::NietGelijk)) }
}

async fn plaatsen(hub: &Hub, soort: Soort, record: Gidsrecord, gids: Gidsvermelding, nu: Tijdstip) -> Result<(), Fout> {
    let oin = record.oin;
    opslaan(hub, soort, record, oin, gids, nu).await?;
    hub.gids.herladen(hub.store(), nu).await?;
    // What was held until its recipient confirmed the rules may be delivered now (R44).
    herzien::zaak(hub, std::iter::once(oin)).await;
    Ok(())
}

async fn opslaan(hub: &Hub, soort: Soort, record: Gidsrecord, oin: Oin, gids: Gidsvermelding, nu: Tijdstip) -> Result<(), Fout> {
    let blad = leaf::maken(soort, &record, nu, hub.random.as_ref())?;
    Ok(hub.store.gids_bijwerken(Gidsregel { oin, gids }, blad).await?)
}
