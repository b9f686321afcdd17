//! The mailbox: what is new behind the place where we were, and now and then everything that is still open.

use std::time::Duration;

use inbreng_domain::{BerichtId, Digest, LeveringId, receipts::Weigeringscode};
use tokio::time::Instant;

use super::{
    Omgeving, Werkfout,
    binnenkomst::{Binnenkomst, Gekomen},
    melden,
};
use crate::{hub::Bladzij, store::Nieuwkomer};

/// How long the mailbox is asked to wait.
const WACHT: Duration = Duration::from_secs(25);
/// How often it is read from its beginning where more is open than one page holds.
const OPNIEUW: Duration = Duration::from_secs(60);
/// How long after a page that brought nothing, at once, the next is asked. Doubles up to the longest while that stays so.
const PAUZE: Duration = Duration::from_millis(250);
const LANGSTE_PAUZE: Duration = Duration::from_secs(4);

/// Where we are in the mailbox.
#[derive(Debug)]
pub(super) struct Plek {
    verder: Option<String>,
    begonnen: Instant,
    bladzijden: u32,
    pauze: Duration,
}

impl Plek {
    /// At its beginning.
    pub(super) fn begin() -> Self {
        Self { verder: None, begonnen: Instant::now(), bladzijden: 0, pauze: PAUZE }
    }

    /// Looks once: takes what is new, and goes on behind it. Where nothing is behind it, the next look begins again: a
    /// delivery that was released late stands before the place where we are.
    pub(super) async fn halen(&mut self, omgeving: &Omgeving) -> Result<(), Werkfout> {
        // At the beginning nobody waits: what is open was perhaps seen before, and the place behind it is what matters.
        let aan_het_begin = self.verder.is_none();
        let wacht = if aan_het_begin { Duration::ZERO } else { WACHT };
        let gevraagd = Instant::now();
        let Bladzij { leveringen, verder } = omgeving.hub.postvak(self.verder.as_deref(), wacht).await?;
        let mut nieuw = 0;
        for waarde in &leveringen {
            nieuw += usize::from(opnemen(omgeving, Binnenkomst::lezen(waarde)).await?);
        }
        if nieuw > 0 {
            omgeving.wek_in.notify_one();
        }
        let vergeefs = nieuw == 0 && !aan_het_begin;
        if vergeefs && gevraagd.elapsed() < LANGSTE_PAUZE {
            tokio::time::sleep(self.pauze).await;
            self.pauze = self.pauze.saturating_mul(2).min(LANGSTE_PAUZE);
        } else if !aan_het_begin {
            self.pauze = PAUZE;
        }
        self.bladzijden += 1;
        self.verder = Some(verder);
        let klein = self.bladzijden <= 2;
        if vergeefs && leveringen.is_empty() && (klein || self.begonnen.elapsed() >= OPNIEUW) {
            *self = Self { pauze: self.pauze, ..Self::begin() };
        }
        Ok(())
    }
}

/// Takes a delivery into the store, sealed as it came. One that cannot be read does not hold up the others.
pub(super) async fn opnemen(omgeving: &Omgeving, gekomen: Binnenkomst) -> Result<bool, Werkfout> {
    let gekomen = match gekomen {
        Binnenkomst::Levering(gekomen) => *gekomen,
        Binnenkomst::Onleesbaar { levering, bericht, digest } => {
            onleesbaar(omgeving, levering, bericht, digest).await?;
            return Ok(false);
        }
    };
    let Gekomen { levering, digest, ruw, zaak, over, na } = gekomen;
    let envelop = &levering.bericht;
    let nieuw = Nieuwkomer {
        levering: levering.id,
        bericht: envelop.id,
        zaak: &zaak,
        baan: levering.baan,
        soort: envelop.berichttype.naam(),
        van: envelop.source.oin(),
        digest,
        over: over.as_deref(),
        na,
        ruw: &ruw,
        nu: omgeving.clock.now(),
    };
    let mut tx = omgeving.opslag.begin().await?;
    let opgenomen = tx.post_opnemen(&nieuw).await?;
    tx.vastleggen().await?;
    Ok(opgenomen)
}

/// A delivery that cannot be read is refused where it says which it is, and a human is told. It is never in our way: the
/// next look goes on behind it.
async fn onleesbaar(
    omgeving: &Omgeving,
    levering: Option<LeveringId>,
    bericht: Option<BerichtId>,
    digest: Option<Digest>,
) -> Result<(), Werkfout> {
    let naam = levering.map_or_else(|| "?".to_owned(), |id| id.to_string());
    let uitleg = "Het knooppunt gaf een levering die niet te lezen is. Ze is geweigerd en staat niet in uw systeem.";
    omgeving.alarm("levering-onleesbaar", naam, uitleg).await?;
    let (Some(levering), Some(bericht)) = (levering, bericht) else { return Ok(()) };
    // Even of what cannot be read as a whole: which bytes we were given.
    match melden::weigeren(omgeving, levering, bericht, digest, Weigeringscode::InhoudOngeldig).await {
        Err(fout @ Werkfout::Opslag(_)) => Err(fout),
        Err(fout) => {
            tracing::warn!(%levering, reden = %fout, "weigering niet aangenomen");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
