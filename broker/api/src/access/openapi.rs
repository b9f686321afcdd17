//! `GET /access/v1/openapi.json`: this API, described. Open to anyone (/core/publish-openapi).

use actix_web::{
    HttpResponse,
    http::{Method, header::ACCESS_CONTROL_ALLOW_ORIGIN},
    web,
};

use crate::{
    eindpunt::{Eindpunt, Slot},
    invoer::Mediatype,
    openapi::{Operatie, authzen_tekst},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/openapi.json", slot: Slot::Open, route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new("authzenOpenapiOphalen", "Beschrijving", "Deze beschrijving", "De beschrijving van deze API, in OpenAPI 3.1.")
        .antwoord(200, "De beschrijving.", "Openapi")
}

async fn handler() -> HttpResponse {
    let mut antwoord = HttpResponse::Ok();
    antwoord.content_type(Mediatype::Json.as_str()).insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*")).body(authzen_tekst())
}
