//! `POST /inzage/{deel}`: reads a view-only part, once, now. Nothing of it is kept.

use actix_web::{HttpResponse, http::header, web};
use inbreng_domain::{Code, Problem, ProblemCode, vocabulary::Doel};
use serde::Deserialize;

use super::{
    Gedeeld,
    antwoord::{Antwoordfout, json, nummer},
};
use crate::engine;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verzoek {
    functie: Code,
    doel: Doel,
}

pub(super) async fn handler(
    omgeving: Gedeeld,
    deel: web::Path<String>,
    lichaam: web::Bytes,
) -> Result<HttpResponse, Antwoordfout> {
    let verzoek: Verzoek = serde_json::from_value(json(&lichaam)?).map_err(|_| Problem::new(ProblemCode::VeldOngeldig))?;
    let deel = engine::inzien(&omgeving, nummer(&deel)?, verzoek.functie, verzoek.doel).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(deel))
}
