//! `GET /v1/logboek/checkpoint`: the log's newest head, signed.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Logboek, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/logboek/checkpoint",
        slot: Slot::Token(Bereik::Logboek),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "checkpointOphalen",
        "Logboek",
        "De kop van het logboek",
        "De nieuwste kop van het logboek: omvang en wortel van de Merkle-boom (RFC 6962), ondertekend door het knooppunt \
         (`inbreng-checkpoint+jws`). Bewaar hem en stuur hem mee met het volgende bericht.",
    )
    .antwoord(200, "De kop.", "Checkpointantwoord")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Logboek>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.checkpoint().await?))
}
