//! "Not shared, with a reason" is a whole answer. Where sharing was allowed, it is noted that it was: counted later per
//! organisation and rule, without any person (R34).

use inbreng_domain::{
    BerichtId, Code, Oin, Randomness, RegelId, Tijdstip,
    vocabulary::{Categorie, Grondslag, JaNee, Noodzaak, Toestemmingsstand},
};
use inbreng_policy::{Namen, Verzoek};
use inbreng_storage::NieuwBlad;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Fout,
    decide::{Beslissing, Situatie},
    leaf::{self, Soort},
};

/// What a statement says of a category that is kept back.
#[derive(Debug, Deserialize)]
struct NietGedeeld {
    categorie: Categorie,
    reden: Code,
}

/// The record of something kept back that was allowed.
#[derive(Debug, Serialize)]
struct Record<'a> {
    bericht: BerichtId,
    van: Oin,
    ontvanger: Oin,
    categorie: Categorie,
    reden: &'a Code,
    regel: RegelId,
    verzoek: &'a Verzoek,
}

/// A leaf for each category that an answer keeps back although it may be shared with who asked, on a ground that asks nobody's own
/// judgement: there is never pressure on professional secrecy (R9), and nobody can share what it does not have.
pub(super) fn bladen(
    situatie: &Situatie<'_>,
    bericht: BerichtId,
    verklaring: &Value,
    beslissingen: &[Beslissing],
    nu: Tijdstip,
    random: &dyn Randomness,
) -> Result<Vec<NieuwBlad>, Fout> {
    let mut bladen = Vec::new();
    let Some(niet) = verklaring.get("nietGedeeld").and_then(Value::as_array) else { return Ok(bladen) };
    let mut gezien = Vec::new();
    for beslissing in beslissingen {
        if gezien.contains(&beslissing.ontvanger) {
            continue;
        }
        gezien.push(beslissing.ontvanger);
        for een in niet.iter().filter_map(|v| NietGedeeld::deserialize(v).ok()) {
            if matches!(&*een.reden.as_str(), "beroepsgeheim" | "niet-aanwezig") {
                continue;
            }
            let verzoek = Verzoek {
                categorie: een.categorie,
                grondslagen: gronden(situatie, een.categorie),
                toestemming: Toestemmingsstand::NietGevraagd,
                noodbesluit: JaNee::Nee,
                noodzaak: Noodzaak::Toegelicht,
                afgeschermd: JaNee::Nee,
                ..beslissing.verzoek.clone()
            };
            let besluit = situatie.beleid.beslissen(&verzoek, &Namen::default());
            let (true, Some(regel)) = (besluit.uitkomst.levert(), besluit.regels.first().copied()) else { continue };
            let record = Record {
                bericht,
                van: situatie.van.vermelding.oin,
                ontvanger: beslissing.ontvanger,
                categorie: een.categorie,
                reden: &een.reden,
                regel,
                verzoek: &verzoek,
            };
            bladen.push(leaf::maken(Soort::NietGedeeld, &record, nu, random)?);
        }
    }
    Ok(bladen)
}

/// The grounds that the type has for a category, but for those that a professional or a person concerned must give.
fn gronden(situatie: &Situatie<'_>, categorie: Categorie) -> Vec<Grondslag> {
    let mut gronden = Vec::new();
    for regel in situatie.soort.delen.regels.iter().filter(|r| r.categorieen.contains(&categorie)) {
        for grond in &regel.grondslagen {
            if matches!(grond, Grondslag::Convenant | Grondslag::WettelijkeTaak) && !gronden.contains(grond) {
                gronden.push(*grond);
            }
        }
    }
    gronden
}
