//! `POST /inzage/{deel}`: reads a view-only part, once, now. Nothing of it is kept.

use actix_web::{
    HttpResponse,
    http::{Method, header},
    web,
};
use inbreng_domain::{Code, ProblemCode, vocabulary::Doel};
use serde::Deserialize;

use super::{
    Gedeeld,
    antwoord::{Antwoordfout, nummer},
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::engine;

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/inzage/{deel}"),
        slot: Slot::Geheim,
        route: || web::post().to(handler),
        operatie: || {
            Operatie::new(
                "inzien",
                "Ontvangen",
                "Een deel inzien",
                "Leest een deel dat alleen mag worden ingezien, één keer. Elke keer gevraagd, besloten en vastgelegd; bewaar het niet.",
            )
            .in_pad("deel", "Nummer van het deel.")
            .inhoud("Inzageverzoek")
            .antwoord(200, "Het deel.", "Deel")
            .problemen(&[ProblemCode::NietGevonden, ProblemCode::VeldOngeldig, ProblemCode::NietToegestaan])
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verzoek {
    functie: Code,
    doel: Doel,
}

pub(super) async fn handler(omgeving: Gedeeld, deel: web::Path<String>, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let verzoek: Verzoek = lichaam.als()?;
    let deel = engine::inzien(&omgeving, nummer(&deel)?, verzoek.functie, verzoek.doel).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(deel))
}
