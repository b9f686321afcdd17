//! `GET /v1/beheer/versies/{versie}`: one policy version with its history.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/beheer/versies/{versie}",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieOphalen",
        "Beheer",
        "Eén versie",
        "Hoe ver de versie is, wie haar goedkeurde, de uitkomst van de laatste simulatie, en elke stap met de verklaring die erbij hoort.",
    )
    .parameter(parameters::versie())
    .antwoord(200, "De versie.", "Versie")
    .met_etag()
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let versie = knooppunt(&req)?.hub.versie(invoer::uit_pad(&req, "versie")?).await?;
    Ok(HttpResponse::Ok().insert_header(etag(versie.regel.stand)).json(versie))
}
