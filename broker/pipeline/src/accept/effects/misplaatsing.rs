//! A report of misdelivery or of a wrong label (59): the parts that it names move no further until their owner has decided.

use inbreng_domain::{
    BerichtId, DeelId, Oin,
    problem::ProblemCode,
    zaak::{Feitsoort, Misplaatsing},
};
use inbreng_storage::{Store, Zaakgevolg};
use serde::Deserialize;

use super::Stelling;
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    bericht: BerichtId,
    #[serde(default)]
    delen: Vec<DeelId>,
}

/// The report, under its own number: its owner answers that. That its sender sent or received the message was seen when it was
/// looked up.
pub(super) async fn melden(store: &dyn Store, stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let Verklaring { bericht, delen } = stelling.verklaring()?;
    let van = stelling.bericht.van;
    let eigenaar = eigenaar(store, stelling, bericht).await?.unwrap_or(van);
    let melding = Misplaatsing { eigenaar, bericht, delen, geldt: true };
    stelling.volgend(Feitsoort::Misplaatsing, stelling.bericht.id.to_string(), &melding)
}

/// Who sent it, where that is another than who reports.
async fn eigenaar(store: &dyn Store, stelling: &Stelling<'_>, bericht: BerichtId) -> Result<Option<Oin>, Fout> {
    let van = stelling.bericht.van;
    let alle = store.beantwoord(bericht).await?;
    if alle.iter().any(|b| b.casus == Some(stelling.casus) && b.van == van) {
        return Ok(None);
    }
    Ok(alle.into_iter().find(|b| b.casus == Some(stelling.casus) && b.ontvangers.contains(&van)).map(|b| b.van))
}

/// The owner's word on a report (45): yes, nothing was wrong, and the parts go their way again; no, they stay where they are.
pub(super) fn afdoen(stelling: &Stelling<'_>, melding: BerichtId, geldt: bool) -> Result<Zaakgevolg, Fout> {
    let onderwerp = melding.to_string();
    let anders = || Fout::new(ProblemCode::NietGelijk).at("/data/bericht/antwoordOp");
    let gemeld = stelling.situatie.zaak.feiten().misplaatsing(&onderwerp).ok_or_else(anders)?;
    if gemeld.eigenaar != stelling.bericht.van {
        return Err(Fout::new(ProblemCode::RolOntbreekt).at("/data/bericht/antwoordOp"));
    }
    stelling.volgend(Feitsoort::Misplaatsing, onderwerp, &Misplaatsing { geldt, ..gemeld })
}
