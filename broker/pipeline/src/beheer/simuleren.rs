//! Replaying a draft on the decisions of a past period: counts once, the changes by the page. Memory follows rules and
//! organisations, never decisions.
//!
//! Every party sees the counts, so they are protected as R43 asks: whole days that are over, in multiples of what the draft sets (five),
//! and nothing that an embargo lies on (R20, R21). The changes themselves are shown of one's own messages alone.

use inbreng_domain::{
    Digest, Oin, Tijdstip,
    problem::ProblemCode,
    versie::{Versiehandeling, Versiestaat},
    vocabulary::JaNee,
};
use inbreng_policy::{Beleid, Besluitrecord, Simulatie, Simulatietelling, Wijziging, simulatie};
use inbreng_proof::canonical_string;
use inbreng_storage::Besluitregel;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::Duration;

use super::{
    handeling::{self, Waarover},
    inhoud::{blokkerend, bruikbaar},
    schrijven::{Schrift, schrijven},
    stand::Stand,
};
use crate::{Fout, Hub};

/// Decisions that are read at once.
const BLADZIJDE: u32 = 500;
/// Decisions that one page of changes looks at, at most; the rest is for the next page.
const BEKEKEN: u64 = 5_000;
/// Changes on one page, at most.
pub const HOOGSTENS: usize = 200;
/// Decisions are recorded in about the order of their moments: this much is looked at on either side of a period.
const MARGE: Duration = Duration::minutes(2);

/// What a period is counted in.
const DAG_MS: i64 = 24 * 60 * 60 * 1000;

/// What a simulation found: kept with the version, so that an approval can be bound to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Simulatieuitslag {
    /// From when.
    pub van: Tijdstip,
    /// Until when.
    pub tot: Tijdstip,
    /// The last decision before the period, by number.
    pub na: u64,
    /// The last decision that was looked at.
    pub tot_en_met: u64,
    /// What would change, rounded down to a multiple of [`Self::ondergrens`]; what is smaller is left out.
    pub telling: Simulatietelling,
    /// The smallest count that is shown. Absent in what was kept before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ondergrens: Option<u64>,
}

/// A simulation that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simulatieantwoord {
    /// The last step of the version now, for the next `If-Match`.
    pub stand: u32,
    /// Digest of `uitslag`, for approvals.
    pub simulatie: Digest,
    /// What was found.
    pub uitslag: Simulatieuitslag,
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wijzigingen {
    /// In the order of the decisions.
    pub wijzigingen: Vec<Wijziging>,
    /// Where the next page begins; absent: this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volgende: Option<u64>,
}

/// Replays the decisions of a period; the version is `gesimuleerd` then.
pub(crate) async fn simuleren(
    hub: &Hub,
    van: Oin,
    versie: Digest,
    gezien: u32,
    (begin, einde): (Tijdstip, Tijdstip),
    jws: &str,
) -> Result<Simulatieantwoord, Fout> {
    let nu = hub.clock.now();
    if !is_dagbegin(begin) {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/van"));
    }
    if begin >= einde || einde > nu || !is_dagbegin(einde) {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/tot"));
    }
    let stand = Stand::gezien(hub, versie, gezien, nu).await?;
    let (convenant, tabellen) = (stand.kop.convenant.clone(), stand.kop.tabellen_digest);
    let over = Waarover { handeling: Versiehandeling::Simuleren, convenant: &convenant, versie, tabellen };
    let daad = handeling::lezen(hub, van, jws, over, nu).await?;
    stand.in_staat(&[Versiestaat::Getest, Versiestaat::Gesimuleerd])?;
    if !stand.goedkeuringen().is_empty() {
        // Who approved saw another outcome.
        return Err(Fout::new(ProblemCode::VersieStaat));
    }
    let beleid = Arc::new(bruikbaar(hub, versie).await?);
    let uitslag = tellen(hub, &beleid, begin, einde).await?;
    let tekst = canonical_string(&uitslag).map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))?;
    let digest = inbreng_proof::sha256(tekst.as_bytes());
    let stap = daad.stap(Versiestaat::Gesimuleerd, nu, Some(tekst));
    let schrift = Schrift { convenant: &convenant, versie, nieuw: None, verwacht: gezien, stap, plan: None };
    let nummer = schrijven(hub, schrift).await?;
    Ok(Simulatieantwoord { stand: nummer, simulatie: digest, uitslag })
}

async fn tellen(hub: &Hub, beleid: &Arc<Beleid>, begin: Tijdstip, einde: Tijdstip) -> Result<Simulatieuitslag, Fout> {
    let na = begin_van(hub, begin).await?;
    let (mut gelezen, mut telling) = (na, Simulatietelling::default());
    loop {
        let bladzijde = hub.store.besluiten(gelezen, BLADZIJDE).await?;
        let Some(laatste) = bladzijde.last().map(|b| b.nummer) else { break };
        let beleid = Arc::clone(beleid);
        let (nieuw, voorbij) = blokkerend(move || {
            let mut simulatie = Simulatie::voortzetten(&beleid, telling);
            let voorbij = naspelen(&bladzijde, begin, einde, |record| drop(simulatie.besluit(record)));
            (simulatie.af(), voorbij)
        })
        .await?;
        telling = nieuw;
        gelezen = laatste;
        if voorbij {
            break;
        }
    }
    let ondergrens = beleid.ondergrens();
    let telling = telling.afgerond(ondergrens);
    Ok(Simulatieuitslag { van: begin, tot: einde, na, tot_en_met: gelezen, telling, ondergrens: Some(ondergrens) })
}

/// A day begins (UTC): a period of minutes would point at one message.
fn is_dagbegin(moment: Tijdstip) -> bool {
    moment.unix_millis().rem_euclid(DAG_MS) == 0
}

/// Gives the decisions of the period that no embargo lies on; true when the page lies behind it.
fn naspelen(bladzijde: &[Besluitregel], begin: Tijdstip, einde: Tijdstip, mut doe: impl FnMut(&Besluitrecord)) -> bool {
    let mut voorbij = false;
    for regel in bladzijde {
        let Some((record, moment)) = lezen(regel) else { continue };
        voorbij |= moment > einde.plus(MARGE);
        if begin <= moment && moment < einde && record.verzoek.embargo == JaNee::Nee {
            doe(&record);
        }
    }
    voorbij
}

/// A decision of a version, with its moment. A refusal that no version decided has none, and is not replayed.
fn lezen(regel: &Besluitregel) -> Option<(Besluitrecord, Tijdstip)> {
    let record = Besluitrecord::lezen(&regel.record).ok().flatten()?;
    let moment = record.verzoek.nu?;
    Some((record, moment))
}

/// The number after which the decisions of a period begin: found by halving, since they are numbered in about the order of
/// their moments.
async fn begin_van(hub: &Hub, begin: Tijdstip) -> Result<u64, Fout> {
    let begin = begin.plus(-MARGE);
    let (mut voor, mut na) = (0, laatste(hub).await?);
    while voor < na {
        let midden = voor + (na - voor) / 2;
        match eerste_moment(hub, midden, na).await? {
            Some((nummer, moment)) if moment < begin => voor = nummer,
            // Nothing with a moment between here and the end, or one that belongs to the period.
            _ => na = midden,
        }
    }
    Ok(voor)
}

/// The first decision with a moment after this number, not beyond `tot`.
async fn eerste_moment(hub: &Hub, mut na: u64, tot: u64) -> Result<Option<(u64, Tijdstip)>, Fout> {
    while na < tot {
        let bladzijde = hub.store.besluiten(na, 20).await?;
        let Some(laatste) = bladzijde.last().map(|b| b.nummer) else { return Ok(None) };
        let gevonden = bladzijde.iter().find_map(|b| lezen(b).map(|(_, moment)| (b.nummer, moment)));
        if gevonden.is_some() {
            return Ok(gevonden);
        }
        na = laatste;
    }
    Ok(None)
}

/// The number of the newest decision: by doubling, then by halving.
async fn laatste(hub: &Hub) -> Result<u64, Fout> {
    let mut onder = 0;
    let mut boven = 1;
    while let Some(regel) = hub.store.besluiten(boven, 1).await?.pop() {
        onder = regel.nummer;
        boven = regel.nummer.saturating_mul(2);
    }
    while onder + 1 < boven {
        let midden = onder + (boven - onder) / 2;
        match hub.store.besluiten(midden, 1).await?.pop() {
            Some(regel) => onder = regel.nummer,
            None => boven = midden,
        }
    }
    Ok(boven)
}

/// The changes that the last simulation counted, from a place on, of messages that `van` sent itself.
pub(crate) async fn wijzigingen(hub: &Hub, van: Oin, versie: Digest, vanaf: Option<u64>) -> Result<Wijzigingen, Fout> {
    let stand = Stand::lezen(hub, versie, hub.clock.now()).await?;
    let Some((_, tekst)) = stand.simulatie() else { return Err(Fout::new(ProblemCode::VersieStaat)) };
    let uitslag: Simulatieuitslag = serde_json::from_str(tekst).map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))?;
    let beleid = Arc::new(bruikbaar(hub, versie).await?);
    let mut gelezen = vanaf.unwrap_or(uitslag.na).max(uitslag.na);
    let tot = gelezen.saturating_add(BEKEKEN).min(uitslag.tot_en_met);
    let mut gevonden = Vec::new();
    while gelezen < tot && gevonden.len() < HOOGSTENS {
        let hoogstens = u32::try_from(tot - gelezen).unwrap_or(BLADZIJDE).min(BLADZIJDE);
        let bladzijde = hub.store.besluiten(gelezen, hoogstens).await?;
        let Some(laatste) = bladzijde.last().map(|b| b.nummer) else { break };
        let (beleid, periode, ruimte) = (Arc::clone(&beleid), (uitslag.van, uitslag.tot), HOOGSTENS - gevonden.len());
        let (nieuw, gestopt) = blokkerend(move || bladzijde_van(&bladzijde, &beleid, van, periode, ruimte)).await?;
        gevonden.extend(nieuw);
        gelezen = gestopt.unwrap_or(laatste);
    }
    let volgende = (gelezen < uitslag.tot_en_met && (gelezen >= tot || gevonden.len() >= HOOGSTENS)).then_some(gelezen);
    Ok(Wijzigingen { wijzigingen: gevonden, volgende })
}

/// The changes of `van` on one page of decisions, and the decision at which there was no more room.
fn bladzijde_van(
    bladzijde: &[Besluitregel],
    beleid: &Beleid,
    van: Oin,
    (begin, einde): (Tijdstip, Tijdstip),
    ruimte: usize,
) -> (Vec<Wijziging>, Option<u64>) {
    let mut gevonden = Vec::new();
    for regel in bladzijde {
        let Some((record, moment)) = lezen(regel) else { continue };
        if moment < begin || moment >= einde || record.verzoek.convenant != beleid.bundel().convenant {
            continue;
        }
        // Whoever sent it knows of its own messages, and not what an embargo of another holds back (R20, R21).
        if record.verzoek.van_oin != Some(van) || record.verzoek.embargo == JaNee::Ja {
            continue;
        }
        gevonden.extend(simulatie::wijziging(&record, beleid));
        if gevonden.len() >= ruimte {
            return (gevonden, Some(regel.nummer));
        }
    }
    (gevonden, None)
}
