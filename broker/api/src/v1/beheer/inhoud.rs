//! `GET /v1/beheer/versies/{versie}/inhoud`: what a policy version says.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

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
        pad: "/beheer/versies/{versie}/inhoud",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieInhoudOphalen",
        "Beheer",
        "De inhoud van een versie",
        "De bundel, zoals de convenantbeheerder haar ondertekent, en de tabellen.",
    )
    .parameter(parameters::versie())
    .antwoord(200, "De inhoud.", "Versieinhoud")
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.versie_inhoud(invoer::uit_pad(&req, "versie")?).await?))
}
