//! The log head: each newer one must continue the one we hold, whoever showed it. A hub with two logs is noticed at the
//! first message between two adapters.

use std::cmp::Ordering;

use inbreng_domain::{Digest, ProblemCode, Tijdstip, levering::Levering, receipts::Checkpoint};
use inbreng_proof::{Typ, jws, merkle::verify_consistency};
use time::Duration;

use super::{Omgeving, Werkfout, herstel};

/// Under which name the newest log head is kept.
const NAAM: &str = "checkpoint";
/// And one that another sent and that could not be compared yet; empty where there is none.
const NOG_NIET: &str = "checkpoint-nog-niet";
/// How old that may grow while the hub answers.
const UITERLIJK: Duration = Duration::minutes(15);

/// How long after it was put back from a copy a hub may show what stood in that copy.
const NASLEEP: Duration = Duration::days(1);

/// What is wrong with a log head.
#[derive(Debug, thiserror::Error)]
pub(super) enum Checkpointfout {
    /// Not one of this hub.
    #[error("log head is not signed by the hub")]
    Handtekening,
    /// The hub has two logs, or rewrote one.
    #[error("log head does not continue the one before it")]
    Gesplitst,
    /// Our own trouble, or the hub's.
    #[error(transparent)]
    Werk(#[from] Werkfout),
}

/// The newest log head that we hold: compact JWS.
pub(super) async fn nieuwste(omgeving: &Omgeving) -> Result<Option<String>, Werkfout> {
    Ok(omgeving.opslag.vast(NAAM).await?)
}

/// Fetches the newest log head and keeps it, if it continues ours; then does what a hub that was put back waits for.
pub(super) async fn ophalen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    let jws = omgeving.hub.checkpoint().await?;
    melden(omgeving, vergelijken(omgeving, &jws).await).await?;
    if let Ok(kop) = lezen(omgeving, &jws) {
        herstel::volgen(omgeving, &kop).await?;
    }
    alsnog(omgeving).await
}

/// Whether the hub was put back from a copy not long ago, as its head says. Then its directory is that of the copy, until each has said
/// again what came after.
pub(super) async fn is_teruggezet(omgeving: &Omgeving) -> Result<bool, Werkfout> {
    let jws = match omgeving.hub.checkpoint().await {
        Ok(jws) => jws,
        // One that gives no head does not say so.
        Err(fout) if !fout.is_tijdelijk() => return Ok(false),
        Err(fout) => return Err(fout.into()),
    };
    melden(omgeving, vergelijken(omgeving, &jws).await).await?;
    let op = lezen(omgeving, &jws).ok().and_then(|kop| hersteld_op(&kop));
    Ok(op.is_some_and(|op| omgeving.clock.now().since(op) < NASLEEP))
}

/// Compares the log head in another's message with ours.
pub(super) async fn van_ander(omgeving: &Omgeving, ruw: &str) -> Result<(), Werkfout> {
    let levering: Option<Levering> = serde_json::from_str(ruw).ok();
    let Some(jws) = levering.and_then(|l| l.bericht.data.bericht.checkpoint) else { return Ok(()) };
    match vergelijken(omgeving, &jws).await {
        // The sender may hold an older key's or a malformed head: its own trouble, not a forked log.
        Err(Checkpointfout::Handtekening) => Ok(()),
        Err(Checkpointfout::Werk(fout)) => {
            tracing::warn!(reden = %fout, "checkpoint van afzender nog niet vergeleken");
            // It is all that shows a second log: kept until the hub has proven that there is none.
            if bewaard(omgeving, NOG_NIET).await?.is_none() {
                omgeving.opslag.vasthouden(NOG_NIET, &jws).await?;
            }
            Ok(())
        }
        uitslag => melden(omgeving, uitslag).await,
    }
}

/// Tries again what could not be compared. A hub that answers and never proves, has something to hide.
async fn alsnog(omgeving: &Omgeving) -> Result<(), Werkfout> {
    let Some(jws) = bewaard(omgeving, NOG_NIET).await? else { return Ok(()) };
    match vergelijken(omgeving, &jws).await {
        Err(Checkpointfout::Werk(fout)) => {
            let kop = lezen(omgeving, &jws).ok();
            if kop.is_some_and(|k| omgeving.clock.now().since(k.tijd) > UITERLIJK) {
                let uitleg = "Het knooppunt bewijst niet dat zijn logboek aansluit op wat een andere organisatie zag. Bel de \
                              convenantbeheerder.";
                omgeving.alarm("logboek-gesplitst", "bewijs", uitleg).await?;
            }
            return Err(fout);
        }
        Err(Checkpointfout::Handtekening) => {}
        uitslag => melden(omgeving, uitslag).await?,
    }
    Ok(omgeving.opslag.vasthouden(NOG_NIET, "").await?)
}

async fn bewaard(omgeving: &Omgeving, naam: &str) -> Result<Option<String>, Werkfout> {
    Ok(omgeving.opslag.vast(naam).await?.filter(|jws| !jws.is_empty()))
}

async fn vergelijken(omgeving: &Omgeving, jws: &str) -> Result<(), Checkpointfout> {
    let nieuw = lezen(omgeving, jws)?;
    let Some(bewaard) = nieuwste(omgeving).await? else {
        return Ok(omgeving.opslag.vasthouden(NAAM, jws).await.map_err(Werkfout::from)?);
    };
    let oud = lezen(omgeving, &bewaard)?;
    let [eerst, dan] = paar(&oud, &nieuw);
    let pad = if eerst.0 == 0 || eerst.0 == dan.0 {
        Vec::new()
    } else {
        match omgeving.hub.samenhang(eerst.0, dan.0).await {
            Ok(bewijs) => bewijs.pad,
            // It signed a head of that size, and says now that its log never had it.
            Err(fout) if fout.code() == Some(ProblemCode::NietGevonden) => return Err(Checkpointfout::Gesplitst),
            Err(fout) => return Err(Werkfout::from(fout).into()),
        }
    };
    verify_consistency(eerst.0, &eerst.1, dan.0, &dan.1, &pad).map_err(|_| Checkpointfout::Gesplitst)?;
    if !soort_blijft(&oud, &nieuw) {
        return Err(Checkpointfout::Gesplitst);
    }
    let later = match hersteld_op(&nieuw).cmp(&hersteld_op(&oud)) {
        Ordering::Equal => nieuw.omvang > oud.omvang,
        anders => anders == Ordering::Greater,
    };
    if later {
        let opslag = &omgeving.opslag;
        if let Some(punt) = nieuw.hersteld.as_ref().filter(|_| hersteld_op(&nieuw) != hersteld_op(&oud)) {
            ouder(omgeving, punt.omvang, &nieuw).await?;
            opslag.koppen_na_vergeten(punt.omvang).await.map_err(Werkfout::from)?;
        } else {
            opslag.kop_bewaren(oud.omvang, oud.wortel, omgeving.clock.now()).await.map_err(Werkfout::from)?;
        }
        opslag.vasthouden(NAAM, jws).await.map_err(Werkfout::from)?;
    }
    Ok(())
}

/// A hub that says it was put back must continue every head of before the copy that we kept: it may have lost what came after, and
/// rewritten nothing of what came before.
async fn ouder(omgeving: &Omgeving, tot: u64, nieuw: &Checkpoint) -> Result<(), Checkpointfout> {
    for (omvang, wortel) in omgeving.opslag.koppen_tot(tot).await.map_err(Werkfout::from)? {
        let pad = match omgeving.hub.samenhang(omvang, nieuw.omvang).await {
            Ok(bewijs) => bewijs.pad,
            Err(fout) if fout.code() == Some(ProblemCode::NietGevonden) => return Err(Checkpointfout::Gesplitst),
            Err(fout) => return Err(Werkfout::from(fout).into()),
        };
        verify_consistency(omvang, &wortel, nieuw.omvang, &nieuw.wortel, &pad).map_err(|_| Checkpointfout::Gesplitst)?;
    }
    Ok(())
}

/// Which two heads must be of one log, the smaller first. A hub that was put back from a copy goes on from that: of the log before
/// it, what counts more leaves than the copy is gone, and only the copy itself can be compared.
fn paar(een: &Checkpoint, ander: &Checkpoint) -> [(u64, Digest); 2] {
    let (vroeg, laat) = op_volgorde(een, ander);
    let kop = |k: &Checkpoint| (k.omvang, k.wortel);
    match &laat.hersteld {
        Some(punt) if vroeg.hersteld != laat.hersteld && punt.omvang < vroeg.omvang => [(punt.omvang, punt.wortel), kop(laat)],
        _ => [kop(vroeg), kop(laat)],
    }
}

fn op_volgorde<'a>(een: &'a Checkpoint, ander: &'a Checkpoint) -> (&'a Checkpoint, &'a Checkpoint) {
    match hersteld_op(een).cmp(&hersteld_op(ander)) {
        Ordering::Equal if een.omvang <= ander.omvang => (een, ander),
        Ordering::Less => (een, ander),
        Ordering::Equal | Ordering::Greater => (ander, een),
    }
}

/// Whether two heads agree on the leaf from which the hash of a leaf covers its kind (ADR 19): else what was said of a leaf could be
/// said otherwise. It comes once, behind what was there; and anew where the copy that a hub was put back from is of before it.
fn soort_blijft(een: &Checkpoint, ander: &Checkpoint) -> bool {
    let (vroeg, laat) = op_volgorde(een, ander);
    let kopie = laat.hersteld.as_ref().filter(|_| vroeg.hersteld != laat.hersteld).map(|punt| punt.omvang);
    let samen = kopie.map_or(vroeg.omvang, |kopie| kopie.min(vroeg.omvang));
    match (vroeg.soort_vanaf, laat.soort_vanaf) {
        (Some(vroeg), Some(laat)) if vroeg == laat => true,
        (Some(vroeg), Some(laat)) => kopie.is_some() && vroeg >= samen && laat >= samen,
        (None, Some(laat)) => laat >= samen,
        (Some(_), None) => false,
        (None, None) => true,
    }
}

/// When the hub was put back, the last time before this head.
fn hersteld_op(kop: &Checkpoint) -> Option<Tijdstip> {
    kop.hersteld.as_ref().map(|h| h.op)
}

fn lezen(omgeving: &Omgeving, jws: &str) -> Result<Checkpoint, Checkpointfout> {
    let checkpoint: Checkpoint =
        jws::verify(jws, Typ::Checkpoint, &omgeving.knooppunt_sleutel).map_err(|_| Checkpointfout::Handtekening)?;
    if checkpoint.hub == omgeving.knooppunt_oin { Ok(checkpoint) } else { Err(Checkpointfout::Handtekening) }
}

async fn melden(omgeving: &Omgeving, uitslag: Result<(), Checkpointfout>) -> Result<(), Werkfout> {
    match uitslag {
        Ok(()) => Ok(()),
        Err(Checkpointfout::Werk(fout)) => Err(fout),
        Err(Checkpointfout::Handtekening) => {
            omgeving.alarm("checkpoint-ongeldig", "kop", "De kop van het logboek is niet door het knooppunt ondertekend.").await
        }
        Err(Checkpointfout::Gesplitst) => {
            tracing::error!("het logboek van het knooppunt sluit niet aan op wat eerder is gezien");
            omgeving
                .alarm(
                    "logboek-gesplitst",
                    "kop",
                    "Het logboek van het knooppunt sluit niet aan op wat eerder is gezien. Bel de convenantbeheerder.",
                )
                .await
        }
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::receipts::Herstelpunt;

    use super::*;
    use crate::testsleutels::{VEILIG_THUIS, nu, oin};

    fn wortel(n: u64) -> Digest {
        Digest::from_bytes([u8::try_from(n).unwrap(); 32])
    }

    fn kop(omvang: u64, hersteld: Option<(u64, i64)>) -> Checkpoint {
        let hersteld = hersteld.map(|(omvang, seconden)| Herstelpunt {
            omvang,
            wortel: wortel(omvang),
            tot: nu(),
            op: nu().plus(Duration::seconds(seconden)),
        });
        Checkpoint { hub: oin(VEILIG_THUIS), omvang, wortel: wortel(omvang), tijd: nu(), soort_vanaf: None, hersteld }
    }

    #[test]
    fn heads_of_one_history_are_compared_by_size_and_of_two_by_the_copy() {
        let van = |[a, b]: [(u64, Digest); 2]| {
            assert_eq!((a.1, b.1), (wortel(a.0), wortel(b.0)));
            [a.0, b.0]
        };
        for (een, ander, verwacht) in [
            (kop(7, None), kop(9, None), [7, 9]),
            (kop(7, Some((5, 1))), kop(9, Some((5, 1))), [7, 9]),
            // Of before the restoration, within the copy and beyond it.
            (kop(4, None), kop(9, Some((5, 1))), [4, 9]),
            (kop(8, None), kop(9, Some((5, 1))), [5, 9]),
            (kop(30, None), kop(9, Some((5, 1))), [5, 9]),
            // Put back twice.
            (kop(20, Some((5, 1))), kop(9, Some((6, 2))), [6, 9]),
        ] {
            assert_eq!(van(paar(&een, &ander)), verwacht);
            assert_eq!(van(paar(&ander, &een)), verwacht);
        }
    }

    #[test]
    fn where_hashes_begin_to_cover_kinds_never_moves() {
        let vanaf = |omvang, hersteld, soort_vanaf| Checkpoint { soort_vanaf, ..kop(omvang, hersteld) };
        let terug = Some((5, 1));
        for (een, ander, verwacht) in [
            (vanaf(7, None, None), vanaf(9, None, None), true),
            (vanaf(7, None, Some(3)), vanaf(9, None, Some(3)), true),
            (vanaf(7, None, Some(3)), vanaf(9, None, Some(4)), false),
            (vanaf(7, None, Some(3)), vanaf(9, None, Some(8)), false),
            (vanaf(7, None, Some(3)), vanaf(9, None, None), false),
            // It begins behind what a head of before it counts.
            (vanaf(7, None, None), vanaf(9, None, Some(7)), true),
            (vanaf(7, None, None), vanaf(9, None, Some(6)), false),
            (vanaf(7, None, None), vanaf(9, None, Some(0)), false),
            // Put back from a copy of after it, and of before it.
            (vanaf(7, None, Some(3)), vanaf(9, terug, Some(3)), true),
            (vanaf(7, None, Some(3)), vanaf(9, terug, Some(5)), false),
            (vanaf(7, None, Some(6)), vanaf(9, terug, Some(5)), true),
            (vanaf(7, None, Some(6)), vanaf(9, terug, Some(4)), false),
            (vanaf(7, None, None), vanaf(9, terug, Some(5)), true),
            (vanaf(7, None, None), vanaf(9, terug, Some(4)), false),
            (vanaf(7, terug, Some(3)), vanaf(9, terug, Some(5)), false),
        ] {
            assert_eq!(soort_blijft(&een, &ander), verwacht, "{een:?} {ander:?}");
            assert_eq!(soort_blijft(&ander, &een), verwacht, "{een:?} {ander:?}");
        }
    }
}
