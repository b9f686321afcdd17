//! The message that is answered: one that the sender received, of a type that this one can answer, in the same case.

use inbreng_catalogue::{Definitie, Gevolg, Van, VanWoord};
use inbreng_domain::{BerichtId, CasusRef, Oin, problem::ProblemCode};
use inbreng_storage::{Beantwoord, Store};

use crate::Fout;

/// Finds what is answered.
///
/// # Errors
/// `veld-ongeldig` where an answer is required or impossible for the type; `niet-gelijk` for an unknown message, another's
/// message, another case or a type that this one does not answer, without saying which of these.
pub(crate) async fn vinden(
    store: &dyn Store,
    soort: &Definitie,
    van: Oin,
    antwoord_op: Option<BerichtId>,
    casus: Option<CasusRef>,
    pad: &str,
) -> Result<Option<Beantwoord>, Fout> {
    let Some(id) = antwoord_op else {
        return if is_verplicht(soort) { Err(Fout::new(ProblemCode::VeldOngeldig).at(pad)) } else { Ok(None) };
    };
    if soort.antwoord_op.is_empty() {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at(pad));
    }
    let past =
        |b: &Beantwoord| b.ontvangers.contains(&van) && b.casus == casus && soort.antwoord_op.contains(b.berichttype.naam());
    match store.beantwoord(id).await?.into_iter().find(past) {
        Some(beantwoord) => Ok(Some(beantwoord)),
        None => Err(Fout::new(ProblemCode::NietGelijk).at(pad)),
    }
}

/// Who sends as "receiver of the message", and who takes responsibility over, must name that message.
fn is_verplicht(soort: &Definitie) -> bool {
    let alleen_ontvangers = !soort.van.is_empty() && soort.van.iter().all(|v| *v == Van::Woord(VanWoord::Ontvanger));
    let neemt_over = soort.gevolgen.contains(&Gevolg::VerantwoordelijkheidVerplaatsen);
    !soort.antwoord_op.is_empty() && (alleen_ontvangers || neemt_over)
}
