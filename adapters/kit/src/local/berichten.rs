//! `POST /<mapped path>`: takes a message. `POST /toets/<mapped path>`: asks whether it may.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use inbreng_domain::{Problem, ProblemCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Gedeeld,
    antwoord::{Antwoordfout, json},
};
use crate::engine::{self, Uitslag};

/// The longest that a caller may wait for the hub, in seconds.
const LANGSTE_WACHT: u64 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vraag {
    #[serde(default)]
    wacht: u64,
}

pub(super) async fn aannemen(
    omgeving: Gedeeld,
    pad: web::Path<String>,
    vraag: web::Query<Vraag>,
    lichaam: web::Bytes,
) -> Result<HttpResponse, Antwoordfout> {
    let lichaam = json(&lichaam)?;
    let aangenomen = engine::aannemen(&omgeving, &format!("/{pad}"), &lichaam).await?;
    let wacht = Duration::from_secs(vraag.wacht.min(LANGSTE_WACHT));
    let stand = if wacht.is_zero() {
        engine::uitslag(&omgeving, &aangenomen.kenmerk).await?
    } else {
        engine::wachten(&omgeving, &aangenomen.kenmerk, wacht).await?
    };
    let uitslag = stand.ok_or_else(|| Problem::new(ProblemCode::NietGevonden))?;
    match uitslag.probleem.clone() {
        Some(problem) => Err(problem.into()),
        None => Ok(HttpResponse::Accepted().json(weergave(&uitslag))),
    }
}

/// A message as the own system sees it.
pub(super) fn weergave(uitslag: &Uitslag) -> Map<String, Value> {
    let Uitslag { aangenomen, stand, besluiten, ontvangstbewijs, .. } = uitslag;
    [
        ("ontvangstbewijs", json!(ontvangstbewijs)),
        ("kenmerk", json!(aangenomen.kenmerk)),
        ("bericht", json!(aangenomen.bericht)),
        ("stand", json!(stand.as_str())),
        ("besluiten", json!(besluiten)),
        ("waarschuwingen", json!(aangenomen.waarschuwingen)),
    ]
    .into_iter()
    .map(|(naam, waarde)| (naam.to_owned(), waarde))
    .collect()
}

pub(super) async fn toetsen(
    omgeving: Gedeeld,
    pad: web::Path<String>,
    lichaam: web::Bytes,
) -> Result<HttpResponse, Antwoordfout> {
    let lichaam = json(&lichaam)?;
    let (besluiten, waarschuwingen) = engine::vragen(&omgeving, &format!("/{pad}"), &lichaam).await?;
    Ok(HttpResponse::Ok().json(json!({ "besluiten": besluiten, "waarschuwingen": waarschuwingen })))
}
