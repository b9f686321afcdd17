//! The owner's decision (45) on a request about its parts: the file (43), passing on or another purpose (44), or a report of
//! misdelivery (59). The only permission that lifts R3 and R4; no answer is no.

use inbreng_domain::{
    Bericht, BerichtId, Datum, DeelId, Oin, TypeNaam,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Eigenaarsbesluit, Gebruik},
    zaak::{Eigenaarsuitspraak, Feitsoort},
};
use inbreng_storage::{Store, Zaakgevolg};
use serde::Deserialize;

use super::{Stelling, misplaatsing, ongeldig};
use crate::Fout;

#[derive(Debug, Deserialize)]
struct Verklaring {
    besluit: Eigenaarsbesluit,
    delen: Option<Vec<DeelId>>,
    ontvangers: Option<Vec<Oin>>,
    tot: Option<Datum>,
    volgnummer: u32,
}

/// What was asked; of a request for the file only the first two.
#[derive(Debug, Deserialize)]
struct Gevraagd {
    bericht: BerichtId,
    #[serde(default)]
    delen: Vec<DeelId>,
    #[serde(default)]
    ontvangers: Vec<Oin>,
    doel: Option<Doel>,
    soort: Option<TypeNaam>,
}

/// A yes reaches no further than the request: what it names beside that is a fault and no wider yes.
pub(super) async fn besluiten(store: &dyn Store, stelling: &Stelling<'_>) -> Result<Zaakgevolg, Fout> {
    let Verklaring { besluit, delen, ontvangers, tot, volgnummer } = stelling.verklaring()?;
    let anders = || Fout::new(ProblemCode::NietGelijk).at("/data/bericht/antwoordOp");
    // Only a message that answers one which its sender received comes this far.
    let (verzoek, vrager) = stelling.bericht.antwoord_op.zip(stelling.beantwoord.map(|b| b.van)).ok_or_else(anders)?;
    let tekst = store.berichttekst(vrager, verzoek).await?.ok_or_else(anders)?;
    let gevraagd: Bericht = serde_json::from_str(&tekst).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    if gevraagd.berichttype.naam().as_str() == MISPLAATSING {
        return misplaatsing::afdoen(stelling, verzoek, besluit == Eigenaarsbesluit::Nee);
    }
    let Gevraagd { bericht, delen: alle, ontvangers: allen, doel, soort } =
        Gevraagd::deserialize(&gevraagd.verklaring).map_err(|_| anders())?;
    let delen = binnen(delen, alle, "/delen")?;
    let ontvangers = binnen(ontvangers, allen, "/ontvangers")?;
    let categorieen = categorieen(store, stelling.bericht.van, bericht, &delen).await?;
    let gebruik = if doel.is_some() { Gebruik::Doorverstrekken } else { Gebruik::Dossier };
    let uitspraak = Eigenaarsuitspraak { besluit, gebruik, verzoek, vrager, delen, categorieen, ontvangers, doel, soort, tot };
    stelling.feit(Feitsoort::Eigenaarsbesluit, verzoek.to_string(), volgnummer, &uitspraak)
}

const MISPLAATSING: &str = "misplaatsing";

/// What the answer names of what was asked; all of it where it names nothing.
fn binnen<T: PartialEq>(genoemd: Option<Vec<T>>, gevraagd: Vec<T>, veld: &str) -> Result<Vec<T>, Fout> {
    match genoemd {
        None => Ok(gevraagd),
        Some(genoemd) if genoemd.iter().all(|g| gevraagd.contains(g)) => Ok(genoemd),
        Some(_) => Err(ongeldig(veld)),
    }
}

/// The categories of these parts, as far as they are the owner's and came in this message.
async fn categorieen(store: &dyn Store, eigenaar: Oin, bericht: BerichtId, delen: &[DeelId]) -> Result<Vec<Categorie>, Fout> {
    let mut categorieen = Vec::new();
    for deel in delen {
        let gevonden = store.deelhouders(*deel).await?.filter(|d| d.van == eigenaar && d.bericht == bericht);
        let categorie = gevonden.map(|d| d.categorie).ok_or_else(|| ongeldig("/delen"))?;
        if !categorieen.contains(&categorie) {
            categorieen.push(categorie);
        }
    }
    Ok(categorieen)
}
