//! `GET /postbus` and what the own system says of a delivery.

use actix_web::{
    HttpResponse,
    http::{Method, header},
    web,
};
use inbreng_domain::{Code, LeveringId, Problem, ProblemCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Gedeeld,
    antwoord::{Antwoordfout, nummer},
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::{
    engine::{self, Omgeving, Werkfout},
    store::{Instand, Post, Stop},
};

/// Deliveries in one answer.
const HOOGSTENS: u32 = 100;

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/postbus"),
        slot: Slot::Geheim,
        route: || web::get().to(lijst),
        operatie: || {
            Operatie::new(
                "postbus",
                "Ontvangen",
                "De postbus",
                "Wat binnenkwam; met inhoud zolang uw systeem het nog niet heeft.",
            )
            .antwoord(200, "De leveringen.", "Postbus")
        },
    }
}

pub(super) fn eindpunt_ontvangen() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/postbus/{levering}/ontvangen"),
        slot: Slot::Geheim,
        route: || web::post().to(ontvangen),
        operatie: || {
            Operatie::new(
                "ontvangen",
                "Ontvangen",
                "Ontvangst bevestigen",
                "Uw systeem heeft de levering veilig opgeslagen; alleen als het zelf ophaalt. Het knooppunt krijgt uw ondertekende bewijs.",
            )
            .in_pad("levering", "Nummer van de levering.")
            .inhoud("Ontvangst")
            .leeg("Bevestigd, nu of al eerder.")
            .problemen(&[ProblemCode::NietGevonden, ProblemCode::VeldOngeldig, ProblemCode::LeveringAfgesloten])
        },
    }
}

pub(super) fn eindpunt_gelezen() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/postbus/{levering}/gelezen"),
        slot: Slot::Geheim,
        route: || web::post().to(gelezen),
        operatie: || {
            Operatie::new("gelezen", "Ontvangen", "Gelezen", "Een mens heeft de levering gelezen.")
                .in_pad("levering", "Nummer van de levering.")
                .inhoud("Lezer")
                .leeg("Doorgegeven aan het knooppunt.")
                .problemen(&[ProblemCode::NietGevonden, ProblemCode::VeldOngeldig])
        },
    }
}

pub(super) async fn lijst(omgeving: Gedeeld) -> Result<HttpResponse, Antwoordfout> {
    let mut leveringen = Vec::new();
    for post in omgeving.opslag.postbus(HOOGSTENS).await.map_err(Werkfout::from)? {
        leveringen.push(een(&omgeving, &post).await?);
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({ "leveringen": leveringen })))
}

/// One delivery; in the own format while the own system has not taken it. Opened for this answer, kept nowhere.
async fn een(omgeving: &Omgeving, post: &Post) -> Result<Value, Antwoordfout> {
    let open = if matches!(post.stand, Instand::Opgehaald | Instand::Geopend) {
        let ontvangen = engine::verifieren(omgeving, post).await?;
        ontvangen.and_then(|o| omgeving.vertaling.inkomend(&o).ok())
    } else {
        None
    };
    let doelen = omgeving.opslag.doelen(post.bericht).await.map_err(Werkfout::from)?;
    let doelen: Vec<_> = doelen.iter().map(|d| json!({"deel": d.deel, "doel": d.doel, "sinds": d.sinds})).collect();
    Ok(json!({
        "levering": post.levering,
        "bericht": post.bericht,
        "soort": post.soort,
        "van": post.van,
        "stand": post.stand.as_str(),
        "opgehaaldOp": post.opgehaald_op,
        "weigeringscode": post.code,
        "stop": post.stop.map(Stop::as_str),
        "baan": post.baan,
        "doelen": doelen,
        "pad": open.as_ref().map(|b| &b.pad),
        "lichaam": open.as_ref().map(|b| &b.lichaam),
    }))
}

async fn zoeken(omgeving: &Omgeving, levering: &str) -> Result<Post, Antwoordfout> {
    let post = omgeving.opslag.post(nummer::<LeveringId>(levering)?).await.map_err(Werkfout::from)?;
    post.ok_or_else(|| Problem::new(ProblemCode::NietGevonden).into())
}

/// The own system has it; the body may say under which numbers, in its own format.
pub(super) async fn ontvangen(
    omgeving: Gedeeld,
    levering: web::Path<String>,
    lichaam: Lichaam,
) -> Result<HttpResponse, Antwoordfout> {
    let antwoord = if lichaam.is_leeg() { Value::Null } else { lichaam.json()? };
    if !matches!(antwoord, Value::Null | Value::Object(_)) {
        return Err(Problem::new(ProblemCode::VeldOngeldig).into());
    }
    let post = zoeken(&omgeving, &levering).await?;
    if !matches!(post.stand, Instand::Opgehaald | Instand::Geopend) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let Some(ontvangen) = engine::verifieren(&omgeving, &post).await? else {
        // Said by another meanwhile, or the same message under an earlier number: it has it.
        return match zoeken(&omgeving, &levering).await?.stand {
            Instand::Afgeleverd | Instand::Gemeld => Ok(HttpResponse::NoContent().finish()),
            _ => Err(Problem::new(ProblemCode::LeveringAfgesloten).into()),
        };
    };
    let nummers = omgeving.vertaling.eigennummers(&ontvangen, &antwoord);
    engine::afgeleverd(&omgeving, &ontvangen, nummers).await?;
    omgeving.wek_in.notify_one();
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lezer {
    functie: Code,
}

/// A human has read it.
pub(super) async fn gelezen(
    omgeving: Gedeeld,
    levering: web::Path<String>,
    lichaam: Lichaam,
) -> Result<HttpResponse, Antwoordfout> {
    let lezer: Lezer = lichaam.als()?;
    engine::gelezen(&omgeving, nummer(&levering)?, lezer.functie).await?;
    Ok(HttpResponse::NoContent().finish())
}
