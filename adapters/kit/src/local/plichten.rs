//! `GET /plichten`: what the own organisation still has to do. `POST /verzonden/{kenmerk}/toets-achteraf`: what its privacy officer
//! found of a decision in an emergency, signed here (R9, R35).

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::{Code, ProblemCode, receipts::Toetsoordeel};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::engine;

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/plichten"),
        slot: Slot::Geheim,
        route: || web::get().to(handler),
        operatie: || {
            Operatie::new(
                "plichten",
                "Toezicht",
                "Wat u nog moet doen",
                "Open plichten met een termijn, de eerste die afloopt vooraan, met uw eigen kenmerk van het bericht waarmee elke kwam. \
                 Zonder gegevens over personen.",
            )
            .antwoord(200, "De open plichten.", "Plichten")
        },
    }
}

pub(super) fn eindpunt_toets() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/verzonden/{kenmerk}/toets-achteraf"),
        slot: Slot::Geheim,
        route: || web::post().to(toets_achteraf),
        operatie: || {
            Operatie::new(
                "toetsAchteraf",
                "Toezicht",
                "De uitkomst van een toets achteraf",
                "Wat uw privacy-functionaris vond van een besluit in nood. De adapter ondertekent het; de plicht is dan voldaan.",
            )
            .in_pad("kenmerk", "Uw kenmerk.")
            .inhoud("Toetsuitslag")
            .leeg("Vastgelegd.")
            .problemen(&[ProblemCode::NietGevonden, ProblemCode::VeldOngeldig])
        },
    }
}

async fn handler(omgeving: Gedeeld) -> Result<HttpResponse, Antwoordfout> {
    let mut regels: Vec<Value> = Vec::new();
    for plicht in engine::open_plichten(&omgeving).await? {
        regels.push(json!({
            "soort": plicht.regel.soort,
            "regel": plicht.regel.regel,
            "bericht": plicht.regel.bericht,
            "kenmerk": plicht.kenmerk,
            "uiterlijk": plicht.regel.uiterlijk,
        }));
    }
    Ok(HttpResponse::Ok().json(json!({ "plichten": regels })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uitslag {
    functie: Code,
    oordeel: Toetsoordeel,
}

async fn toets_achteraf(omgeving: Gedeeld, kenmerk: web::Path<String>, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let uitslag: Uitslag = lichaam.als()?;
    engine::toets_achteraf(&omgeving, &kenmerk, uitslag.functie, uitslag.oordeel).await?;
    Ok(HttpResponse::NoContent().finish())
}
