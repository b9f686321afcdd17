//! The message that a statement refers to: some types go to its sender, or to who received it, and to nobody else. So a
//! correction reaches all holders of a part without a ground of its own, and no one new (R1, R3, R4, R31).

use inbreng_catalogue::{Definitie, Naar, NaarWoord};
use inbreng_domain::{BerichtId, CasusRef, DeelId, Labels, Oin, problem::ProblemCode, vocabulary::Categorie};
use inbreng_storage::Store;
use serde_json::Value;

use crate::Fout;

/// Whom a type may go to by what it refers to.
#[derive(Debug)]
pub(crate) struct Verwijzing {
    /// Nobody else.
    pub(crate) kring: Vec<Oin>,
    /// The category of the part referred to.
    categorie: Option<Categorie>,
}

impl Verwijzing {
    /// What takes the place of a part is of its category, or the view of the person concerned beside it (R31).
    ///
    /// # Errors
    /// `niet-gelijk` at the part that is about something else.
    pub(crate) fn past_bij<'l>(&self, delen: impl Iterator<Item = &'l Labels>, pad: &str) -> Result<(), Fout> {
        let Some(categorie) = self.categorie else { return Ok(()) };
        for (i, labels) in delen.enumerate() {
            if labels.categorie != categorie && labels.categorie != Categorie::Mening {
                return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/{i}/labels/categorie")));
            }
        }
        Ok(())
    }
}

/// Finds what the statement refers to; nothing for a type that needs no reference.
///
/// # Errors
/// `niet-gelijk` for an unknown message, another's message or part, or another case, without saying which of these.
pub(crate) async fn vinden(
    store: &dyn Store,
    soort: &Definitie,
    van: Oin,
    casus: Option<CasusRef>,
    verklaring: &Value,
    pad: &str,
) -> Result<Option<Verwijzing>, Fout> {
    let woord = |w: NaarWoord| soort.naar.contains(&Naar::Woord(w));
    let (naar_eigenaar, naar_houder) = (woord(NaarWoord::Eigenaar), woord(NaarWoord::Houder));
    if !naar_eigenaar && !naar_houder {
        return Ok(None);
    }
    let anders = || Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/bericht"));
    let id = veld(verklaring, "bericht").and_then(|t| BerichtId::parse(t).ok()).ok_or_else(anders)?;
    if naar_houder && let Some(deel) = veld(verklaring, "deel") {
        let deel = DeelId::parse(deel).map_err(|_| anders())?;
        let gevonden = store.deelhouders(deel).await?;
        return match gevonden.filter(|d| d.bericht == id && d.van == van && d.casus == casus) {
            Some(d) => Ok(Some(Verwijzing { kring: d.houders, categorie: Some(d.categorie) })),
            None => Err(anders()),
        };
    }
    for bericht in store.beantwoord(id).await? {
        if bericht.casus != casus {
            continue;
        }
        if naar_houder && bericht.van == van {
            return Ok(Some(Verwijzing { kring: bericht.ontvangers, categorie: None }));
        }
        if naar_eigenaar && bericht.ontvangers.contains(&van) {
            return Ok(Some(Verwijzing { kring: vec![bericht.van], categorie: None }));
        }
    }
    Err(anders())
}

fn veld<'v>(verklaring: &'v Value, naam: &str) -> Option<&'v str> {
    verklaring.get(naam).and_then(Value::as_str)
}
