//! Joining and leaving a covenant: a party's own signature, written only by who saw the last statement, in force for the next
//! decision of every process.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    convenant::{Convenanttekst, Partijverklaringsoort, Toetreding, Uittreding},
    gids::Medeondertekend,
    problem::ProblemCode,
};
use inbreng_policy::Deelpartij;
use inbreng_proof::{
    Partner, digest_of,
    partijen::{Partijfout, verify_toetreding, verify_uittreding},
    sha256,
};
use inbreng_storage::{Partijschrift, Partijuitslag, Partijverklaring};
use serde::Serialize;

use super::partijtonen::{self, Convenantinzage};
use crate::{
    Fout, Hub, herzien,
    leaf::{self, Soort},
};

/// The record of a statement in the log: who, what, from when; the text and the statement by their digests.
#[derive(Debug, Serialize)]
struct Partijrecord<'a> {
    convenant: &'a ConvenantId,
    partij: Oin,
    volgnummer: u32,
    soort: Partijverklaringsoort,
    vanaf: Tijdstip,
    tekst: Option<Digest>,
    verklaring: Digest,
}

/// A party joins.
pub(crate) async fn toetreden(
    hub: &Hub,
    van: Oin,
    convenant: &ConvenantId,
    gezien: u32,
    verklaring: &Medeondertekend,
) -> Result<Convenantinzage, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let partner = gids.aangeslotene(van, nu)?;
    let toetreding = verify_toetreding(verklaring, &gids.anchors, &hub.beheerder, nu).map_err(ongeldig)?;
    if toetreding.partij != van {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/verklaring"));
    }
    past(hub, convenant, partner, &toetreding).await?;
    schrijven(hub, Some(gezien), &toetreding, verklaring, nu).await?;
    bijgewerkt(hub, nu).await?;
    partijtonen::een(hub, convenant).await
}

/// A party leaves. It needs nobody's leave, and no text: whatever it signed of this covenant ends.
pub(crate) async fn uittreden(
    hub: &Hub,
    van: Oin,
    convenant: &ConvenantId,
    gezien: u32,
    jws: &str,
) -> Result<Convenantinzage, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    gids.aangeslotene(van, nu)?;
    let uittreding = verify_uittreding(jws, &gids.anchors).map_err(ongeldig)?;
    if uittreding.partij != van {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/verklaring"));
    }
    if uittreding.convenant != *convenant {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    let lijst = hub.beleid.partijen(hub.store(), convenant, nu).await?;
    if !lijst.partijen.perioden().any(|(oin, perioden)| oin == van && !perioden.is_empty()) {
        return Err(Fout::new(ProblemCode::GeenPartij));
    }
    let Uittreding { partij, volgnummer, vanaf, .. } = uittreding;
    let record = Partijrecord {
        convenant,
        partij,
        volgnummer,
        soort: Partijverklaringsoort::Uittreding,
        vanaf,
        tekst: None,
        verklaring: sha256(jws.as_bytes()),
    };
    vastleggen(hub, Some(gezien), record, (jws.to_owned(), None), nu).await?;
    bijgewerkt(hub, nu).await?;
    partijtonen::een(hub, convenant).await
}

/// Statements that come with the installation: those that are new are placed. Gives how many.
pub(crate) async fn vullen(hub: &Hub, toetredingen: Vec<Medeondertekend>) -> Result<usize, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let mut geplaatst = 0;
    let bekend = hub.store.partijverklaringen().await?.alle;
    for verklaring in toetredingen {
        if bekend.iter().any(|b| b.verklaring == verklaring.verklaring) {
            continue;
        }
        let toetreding = verify_toetreding(&verklaring, &gids.anchors, &hub.beheerder, nu).map_err(ongeldig)?;
        match schrijven(hub, None, &toetreding, &verklaring, nu).await {
            Ok(()) => geplaatst += 1,
            // The party has stated something else since, or another process was first.
            Err(fout) if fout.code() == ProblemCode::NietNieuwer => {}
            Err(fout) => return Err(fout),
        }
    }
    if geplaatst > 0 {
        bijgewerkt(hub, nu).await?;
    }
    Ok(geplaatst)
}

/// Whether what it signs is a text of this covenant that is or may come into force, open to it, with rules that were there to be
/// read, in a period that can be.
async fn past(hub: &Hub, convenant: &ConvenantId, partner: &Partner, toetreding: &Toetreding) -> Result<(), Fout> {
    let ongelijk = || Fout::new(ProblemCode::NietGelijk).at("/verklaring");
    let Toetreding { tekst, afspraken, vanaf, tot, .. } = toetreding;
    if tekst.convenant != *convenant {
        return Err(ongelijk());
    }
    let teksten = partijtonen::teksten(hub, convenant).await?;
    if teksten.is_empty() {
        return Err(Fout::new(ProblemCode::NietGevonden));
    }
    let mut versies = teksten.iter().filter(|t| t.bundel.tekst() == *tekst).peekable();
    if versies.peek().is_none() {
        return Err(ongelijk());
    }
    if vanaf >= &tekst.geldig_tot || tot.is_some_and(|tot| tot <= *vanaf) {
        return Err(Fout::new(ProblemCode::IngangVoorbij).at("/verklaring"));
    }
    let partij = Deelpartij { oin: partner.vermelding.oin, partnertype: partner.vermelding.partnertype };
    let moment = hub.clock.now().max(*vanaf).max(tekst.geldig_vanaf);
    let mut open = false;
    let mut gelezen = false;
    for versie in versies {
        open |= versie.bundel.staat_open(&partij, moment);
        gelezen |= versie.bundel.versie == *afspraken;
    }
    match (open, gelezen) {
        (true, true) => Ok(()),
        (false, _) => Err(Fout::new(ProblemCode::GeenPartij)),
        (true, false) => Err(ongelijk()),
    }
}

async fn schrijven(
    hub: &Hub,
    verwacht: Option<u32>,
    toetreding: &Toetreding,
    verklaring: &Medeondertekend,
    nu: Tijdstip,
) -> Result<(), Fout> {
    let Toetreding { tekst, partij, volgnummer, vanaf, .. } = toetreding;
    let record = Partijrecord {
        convenant: &tekst.convenant,
        partij: *partij,
        volgnummer: *volgnummer,
        soort: Partijverklaringsoort::Toetreding,
        vanaf: *vanaf,
        tekst: Some(tekst_digest(tekst)?),
        verklaring: sha256(verklaring.verklaring.as_bytes()),
    };
    let Medeondertekend { verklaring, medeondertekening } = verklaring.clone();
    vastleggen(hub, verwacht, record, (verklaring, Some(medeondertekening)), nu).await
}

async fn vastleggen(
    hub: &Hub,
    verwacht: Option<u32>,
    record: Partijrecord<'_>,
    (verklaring, medeondertekening): (String, Option<String>),
    nu: Tijdstip,
) -> Result<(), Fout> {
    let blad = leaf::maken(Soort::Partij, &record, nu, hub.random.as_ref())?;
    let verklaring = Partijverklaring {
        convenant: record.convenant.clone(),
        partij: record.partij,
        volgnummer: record.volgnummer,
        soort: record.soort,
        tijd: nu,
        verklaring,
        medeondertekening,
    };
    match hub.store.partijverklaring_schrijven(Partijschrift { verwacht, verklaring, blad }).await? {
        Partijuitslag::Vastgelegd(_) => Ok(()),
        Partijuitslag::Gewijzigd(_) => Err(Fout::new(ProblemCode::VersieGewijzigd)),
        Partijuitslag::NietNieuwer => Err(Fout::new(ProblemCode::NietNieuwer).at("/verklaring")),
    }
}

/// In force in this process at once; what was held for want of a signature may be delivered now.
async fn bijgewerkt(hub: &Hub, nu: Tijdstip) -> Result<(), Fout> {
    hub.beleid.herladen(hub.store(), nu).await?;
    herzien::onder_ander_beleid(hub).await
}

/// The digest by which people name a text.
pub(super) fn tekst_digest(tekst: &Convenanttekst) -> Result<Digest, Fout> {
    digest_of(tekst).map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))
}

fn ongeldig(fout: Partijfout) -> Fout {
    Fout::new(ProblemCode::HandtekeningOngeldig).at("/verklaring").door(fout)
}
