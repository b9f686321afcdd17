//! A report of misdelivery or of a wrong label (59): the parts that it names move no further until their owner has decided. What is
//! acute and reported by one of its recipients still goes to the others.

use inbreng_domain::{
    BerichtId, DeelId, Oin,
    problem::ProblemCode,
    vocabulary::Urgentie,
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
    let (eigenaar, alleen_melder) = match van_ander(store, stelling, bericht).await? {
        Some(ander) => (ander.van, ander.acuut),
        None => (van, false),
    };
    let melding = Misplaatsing { eigenaar, bericht, delen, geldt: true, alleen_melder };
    stelling.volgend(Feitsoort::Misplaatsing, stelling.bericht.id.to_string(), &melding)
}

/// The message that is reported, where another sent it than who reports.
async fn van_ander(store: &dyn Store, stelling: &Stelling<'_>, bericht: BerichtId) -> Result<Option<Gemeld>, Fout> {
    let van = stelling.bericht.van;
    let casus = stelling.situatie.zaak.casus;
    let alle = store.beantwoord(bericht).await?;
    if alle.iter().any(|b| b.casus == casus && b.van == van) {
        return Ok(None);
    }
    let gekregen = alle.into_iter().find(|b| b.casus == casus && b.ontvangers.contains(&van));
    Ok(gekregen.map(|b| Gemeld { van: b.van, acuut: b.baan == Some(Urgentie::Acuut) }))
}

/// A message of which one of its recipients says that it is not in its place.
struct Gemeld {
    van: Oin,
    acuut: bool,
}

/// The owner's word on a report (45): yes, nothing was wrong, and the parts go their way again; no, they stay where they are.
pub(super) fn afdoen(stelling: &Stelling<'_>, melding: BerichtId, geldt: bool) -> Result<Zaakgevolg, Fout> {
    let onderwerp = melding.to_string();
    let anders = || Fout::new(ProblemCode::NietGelijk).at("/data/bericht/antwoordOp");
    let gemeld = stelling.situatie.zaak.feiten().misplaatsing(&onderwerp).ok_or_else(anders)?;
    if gemeld.eigenaar != stelling.bericht.van {
        return Err(Fout::new(ProblemCode::RolOntbreekt).at("/data/bericht/antwoordOp"));
    }
    // From now on it is its owner who says that they stop, and that is for everyone.
    stelling.volgend(Feitsoort::Misplaatsing, onderwerp, &Misplaatsing { geldt, alleen_melder: false, ..gemeld })
}
