//! `POST /v1/beheer/versies/{versie}/intrekking`: withdraws a version before it is in force.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/beheer/versies/{versie}/intrekking",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieIntrekken",
        "Beheer",
        "Trek een versie in",
        "Door de indiener, of door wie haar goedkeurde, zolang zij niet is ingegaan. De versie vervalt en haar activering gaat niet door.",
    )
    .parameter(parameters::versie())
    .wijzigt()
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "Ingetrokken.", "Versie")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::ActiveringGepland,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::GeenPartij,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let (versie, gezien) = (invoer::uit_pad(&req, "versie")?, invoer::if_match(&req)?);
    let verklaring = invoer::verklaring(&req, payload).await?;
    let versie = knooppunt(&req)?.hub.versie_intrekken(toegang.oin, versie, gezien, &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(versie.regel.stand)).json(versie))
}
