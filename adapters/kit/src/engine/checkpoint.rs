//! The log head: each newer one must continue the one we hold, whoever showed it. A hub with two logs is noticed at the
//! first message between two adapters.

use inbreng_domain::{levering::Levering, receipts::Checkpoint};
use inbreng_proof::{Typ, jws, merkle::verify_consistency};

use super::{Omgeving, Werkfout};

/// Under which name the newest log head is kept.
const NAAM: &str = "checkpoint";

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

/// Fetches the newest log head and keeps it, if it continues ours.
pub(super) async fn ophalen(omgeving: &Omgeving) -> Result<(), Werkfout> {
    let jws = omgeving.hub.checkpoint().await?;
    melden(omgeving, vergelijken(omgeving, &jws).await).await
}

/// Compares the log head in another's message with ours.
pub(super) async fn van_ander(omgeving: &Omgeving, ruw: &str) {
    let levering: Option<Levering> = serde_json::from_str(ruw).ok();
    let Some(jws) = levering.and_then(|l| l.bericht.data.bericht.checkpoint) else { return };
    let uitslag = match vergelijken(omgeving, &jws).await {
        // The sender may hold an older key's or a malformed head: its own trouble, not a forked log.
        Err(Checkpointfout::Handtekening) => return,
        uitslag => melden(omgeving, uitslag).await,
    };
    if let Err(fout) = uitslag {
        tracing::warn!(reden = %fout, "checkpoint van afzender nog niet vergeleken");
    }
}

async fn vergelijken(omgeving: &Omgeving, jws: &str) -> Result<(), Checkpointfout> {
    let nieuw = lezen(omgeving, jws)?;
    let Some(bewaard) = nieuwste(omgeving).await? else {
        return Ok(omgeving.opslag.vasthouden(NAAM, jws).await.map_err(Werkfout::from)?);
    };
    let oud = lezen(omgeving, &bewaard)?;
    let (klein, groot) = if oud.omvang <= nieuw.omvang { (&oud, &nieuw) } else { (&nieuw, &oud) };
    let pad = if klein.omvang == 0 || klein.omvang == groot.omvang {
        Vec::new()
    } else {
        omgeving.hub.samenhang(klein.omvang, groot.omvang).await.map_err(Werkfout::from)?.pad
    };
    verify_consistency(klein.omvang, &klein.wortel, groot.omvang, &groot.wortel, &pad).map_err(|_| Checkpointfout::Gesplitst)?;
    if nieuw.omvang > oud.omvang {
        omgeving.opslag.vasthouden(NAAM, jws).await.map_err(Werkfout::from)?;
    }
    Ok(())
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
