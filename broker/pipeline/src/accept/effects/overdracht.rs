//! Responsibility (21): it moves when an overdracht is accepted, once for each, and only from who has it.

use inbreng_domain::{BerichtId, Oin, problem::ProblemCode};
use inbreng_storage::Zaakgevolg;

use super::Stelling;
use crate::{Fout, decide::case::Zaak};

/// Moves it to the sender of the acceptance. Nothing moves while nobody is told: an acceptance that is held moves it when it
/// is delivered.
pub(super) fn verplaatsen(stelling: &Stelling<'_>, geleverd: bool) -> Result<Option<Zaakgevolg>, Fout> {
    let afgerond = || Fout::new(ProblemCode::OverdrachtAfgerond).at("/data/bericht/antwoordOp");
    // Only a message that answers an overdracht which its sender received comes this far.
    let (overdracht, gever) = stelling.bericht.antwoord_op.zip(stelling.beantwoord.map(|b| b.van)).ok_or_else(afgerond)?;
    if !geldt(stelling.situatie.zaak, overdracht, gever) {
        return Err(afgerond());
    }
    let bericht = stelling.bericht;
    let verplaatst =
        Zaakgevolg::Verantwoordelijk { casus: stelling.casus, partner: bericht.van, bericht: bericht.id, overdracht };
    Ok(geleverd.then_some(verplaatst))
}

/// Whether responsibility can move by this overdracht: it has not before, and its sender has it, or nobody yet.
pub(crate) fn geldt(zaak: &Zaak, overdracht: BerichtId, gever: Oin) -> bool {
    !zaak.is_overgenomen(overdracht) && zaak.verantwoordelijk().is_none_or(|wie| wie == gever)
}
