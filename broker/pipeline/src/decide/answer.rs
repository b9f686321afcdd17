//! The message that is answered: one that the sender received, of a type that this one can answer, in the same case.

use inbreng_catalogue::{Definitie, Gevolg, Van, VanWoord};
use inbreng_domain::{BerichtId, CasusRef, problem::ProblemCode, vocabulary::Partnertype};
use inbreng_proof::Partner;
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
    van: &Partner,
    antwoord_op: Option<BerichtId>,
    casus: Option<CasusRef>,
    pad: &str,
) -> Result<Option<Beantwoord>, Fout> {
    let Some(id) = antwoord_op else {
        return if is_verplicht(soort, van.vermelding.partnertype) {
            Err(Fout::new(ProblemCode::VeldOngeldig).at(pad))
        } else {
            Ok(None)
        };
    };
    if soort.antwoord_op.is_empty() {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at(pad));
    }
    let past = |b: &Beantwoord| {
        b.ontvangers.contains(&van.vermelding.oin) && b.casus == casus && soort.antwoord_op.contains(b.berichttype.naam())
    };
    match store.beantwoord(id).await?.into_iter().find(past) {
        Some(beantwoord) => Ok(Some(beantwoord)),
        None => Err(Fout::new(ProblemCode::NietGelijk).at(pad)),
    }
}

/// Who may send only as "receiver of the message", and who takes responsibility over, must name that message.
fn is_verplicht(soort: &Definitie, van: Partnertype) -> bool {
    let uit_zichzelf = |v: &Van| *v != Van::Woord(VanWoord::Ontvanger) && !matches!(v, Van::Partner(p) if *p != van);
    let alleen_als_ontvanger = soort.van.contains(&Van::Woord(VanWoord::Ontvanger)) && !soort.van.iter().any(uit_zichzelf);
    let neemt_over = soort.gevolgen.contains(&Gevolg::VerantwoordelijkheidVerplaatsen);
    !soort.antwoord_op.is_empty() && (alleen_als_ontvanger || neemt_over)
}
