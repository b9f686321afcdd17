//! `GET /v1/berichttypen`: the catalogue.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/berichttypen", slot: Slot::Token(Bereik::Gids), route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "berichttypenOphalen",
        "Gids",
        "De catalogus",
        "Elk berichttype met zijn versie, afzenders, ontvangers, doelen en soorten gegevens.",
    )
    .antwoord(200, "De berichttypen.", "Berichttypen")
}

async fn handler(_toegang: Toegang<Gids>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.berichttypen()))
}
