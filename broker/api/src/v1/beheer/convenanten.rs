//! `GET /v1/beheer/convenanten`: the covenants, with how many parties each has.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/beheer/convenanten",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "convenantlijstOphalen",
        "Beheer",
        "De convenanten",
        "Elk convenant waarvan een versie geldt of kan gaan gelden: wanneer het geldt en hoeveel organisaties nu partij zijn.",
    )
    .antwoord(200, "De convenanten.", "Convenantlijst")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.convenantlijst().await?))
}
