//! `GET /v1/routering/{gemeente}`: who fills which role in a municipality.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use serde_json::json;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, Parameter},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/routering/{gemeente}",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "routeringOphalen",
        "Gids",
        "Wie doet wat in een gemeente",
        "Welke organisatie welke rol vervult in een gemeente, volgens het convenant.",
    )
    .parameter(Parameter::pad(
        "gemeente",
        "De gemeentecode van het CBS.",
        json!({ "$ref": "#/components/schemas/GemeenteCode" }),
        json!("0518"),
    ))
    .antwoord(200, "Per rol de organisaties.", "Routering")
}

async fn handler(_toegang: Toegang<Gids>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let gemeente = invoer::uit_pad(&req, "gemeente")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.routering(gemeente)))
}
