//! `POST /v1/beheer/versies`: hands in a draft.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/beheer/versies",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieIndienen",
        "Beheer",
        "Dien een concept in",
        "Een bundel met haar beslistabellen, en de ondertekende handeling van de indiener (`inbreng-beheer+jws`). Wat is ingediend, verandert nooit meer. Hetzelfde concept nog eens geeft wat er al staat.",
    )
    .inhoud(Mediatype::Json, "Indieningsverzoek")
    .antwoord(201, "Ingediend.", "Versie")
    .met_etag()
    .problemen(&[
        ProblemCode::TeVeel,
        ProblemCode::VersieOngeldig,
        ProblemCode::VersieBestaatAnders,
        ProblemCode::NietNieuwer,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::GeenPartij,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::Json, knooppunt.hub.grenzen().message_bytes).await?;
    let (versie, _nieuw) = knooppunt.hub.versie_indienen(toegang.oin, &body).await?;
    Ok(HttpResponse::Created().insert_header(etag(versie.regel.stand)).json(versie))
}
