//! The mailbox: what is new behind the place where we were, and now and then everything that is still open.

use std::time::Duration;

use inbreng_domain::{LeveringId, levering::Levering, receipts::Weigeringscode};
use inbreng_proof::{canonical_string, digest_of};
use serde_json::Value;
use tokio::time::Instant;

use super::{Omgeving, Werkfout, melden, woord};
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
            nieuw += usize::from(opnemen(omgeving, waarde).await?);
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
pub(super) async fn opnemen(omgeving: &Omgeving, waarde: &Value) -> Result<bool, Werkfout> {
    let Some((levering, digest, ruw)) = lezen(waarde) else {
        onleesbaar(omgeving, waarde).await?;
        return Ok(false);
    };
    let envelop = &levering.bericht;
    let zaak = envelop.subject.map_or_else(|| envelop.id.to_string(), |c| c.to_string());
    let over = woord::over(&levering, &zaak);
    let nieuw = Nieuwkomer {
        levering: levering.id,
        bericht: envelop.id,
        zaak: &zaak,
        baan: levering.baan,
        soort: envelop.berichttype.naam(),
        van: envelop.source.oin(),
        digest,
        over: over.as_deref(),
        na: woord::naast(&levering),
        ruw: &ruw,
        nu: omgeving.clock.now(),
    };
    let mut tx = omgeving.opslag.begin().await?;
    let opgenomen = tx.post_opnemen(&nieuw).await?;
    tx.vastleggen().await?;
    Ok(opgenomen)
}

fn lezen(waarde: &Value) -> Option<(Levering, inbreng_domain::Digest, String)> {
    let levering: Levering = serde_json::from_value(waarde.clone()).ok()?;
    let digest = digest_of(waarde.pointer("/bericht/data/bericht")?).ok()?;
    Some((levering, digest, canonical_string(waarde).ok()?))
}

/// A delivery that cannot be read is refused where it says which it is, and a human is told. It is never in our way: the
/// next look goes on behind it.
async fn onleesbaar(omgeving: &Omgeving, waarde: &Value) -> Result<(), Werkfout> {
    let id = waarde.get("id").and_then(Value::as_str).and_then(|id| LeveringId::parse(id).ok());
    let naam = id.map_or_else(|| "?".to_owned(), |id| id.to_string());
    let uitleg = "Het knooppunt gaf een levering die niet te lezen is. Ze is geweigerd en staat niet in uw systeem.";
    omgeving.alarm("levering-onleesbaar", naam, uitleg).await?;
    let bericht = waarde.pointer("/bericht/id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let (Some(levering), Some(bericht)) = (id, bericht) else { return Ok(()) };
    // Even of what cannot be read as a whole: which bytes we were given.
    let digest = waarde.pointer("/bericht/data/bericht").and_then(|b| digest_of(b).ok());
    match melden::weigeren(omgeving, levering, bericht, digest, Weigeringscode::InhoudOngeldig).await {
        Err(fout @ Werkfout::Opslag(_)) => Err(fout),
        Err(fout) => {
            tracing::warn!(%levering, reden = %fout, "weigering niet aangenomen");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
