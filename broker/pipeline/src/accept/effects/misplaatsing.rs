//! A report of misdelivery or of a wrong label (59): the parts that it names move no further until their owner has decided. What is
//! acute and reported by one of its recipients still goes to the others.

use inbreng_domain::{
    BerichtId, DeelId,
    problem::ProblemCode,
    zaak::{Feitsoort, Misplaatsing},
};
use inbreng_storage::{Store, Zaakgevolg};
use serde::Deserialize;

use super::Stelling;
use crate::{
    Fout,
    decide::gemeld::{self, Gemeld},
};

#[derive(Debug, Deserialize)]
struct Verklaring {
    bericht: BerichtId,
    #[serde(default)]
    delen: Vec<DeelId>,
}

/// The report, under its own number: its owner answers that. That its sender sent or received the message was seen when it was
/// looked up. Of a part each reports once: while a report stands another adds nothing, and what its owner found right is not stopped
/// by the same one again.
pub(super) async fn melden(store: &dyn Store, stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let Verklaring { bericht, delen } = stelling.verklaring()?;
    let van = stelling.bericht.van;
    let casus = stelling.situatie.zaak.casus;
    let eigen = store.beantwoord(bericht).await?.iter().any(|b| b.casus == casus && b.van == van);
    let (eigenaar, delen, alleen_melder) = if eigen {
        (van, delen, false)
    } else {
        let anders = || Fout::new(ProblemCode::NietGelijk).at("/data/bericht/verklaring/bericht");
        let Gemeld { van, acuut, delen } = gemeld::vinden(store, van, casus, bericht, &delen).await?.ok_or_else(anders)?;
        (van, delen, acuut)
    };
    let eerder: Vec<Misplaatsing> = stelling.situatie.zaak.feiten().meldingen(eigenaar, bericht, van).cloned().collect();
    // Nothing named is the whole message of its owner, or of another the statement alone: each once.
    let bekend = eerder.iter().any(|e| e.delen.is_empty());
    let nieuw = |deel: &DeelId| !(eigen && bekend || eerder.iter().any(|e| e.delen.contains(deel)));
    let over: Vec<DeelId> = delen.iter().copied().filter(nieuw).collect();
    if over.is_empty() && (bekend || !delen.is_empty()) {
        return Err(Fout::new(ProblemCode::AlGemeld).at("/data/bericht/verklaring"));
    }
    let alleen_verklaring = !eigen && over.is_empty();
    let melding = Misplaatsing { eigenaar, bericht, delen: over, alleen_verklaring, geldt: true, alleen_melder };
    stelling.volgend(Feitsoort::Misplaatsing, stelling.bericht.id.to_string(), &melding)
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
