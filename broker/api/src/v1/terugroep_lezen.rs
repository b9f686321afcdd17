//! `GET /v1/partners/{oin}/terugroep`: what a partner placed as its callback, for that partner alone.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::beheer::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/partners/{oin}/terugroep",
        slot: Slot::Token(Bereik::Gids),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "terugroepOphalen",
        "Gids",
        "Het eigen terugroepadres",
        "De verklaring die nu geldt, zoals de organisatie haar plaatste; de ETag is haar volgnummer. Anderen zien alleen het \
         bezorgschema, in de gids.",
    )
    .parameter(parameters::oin())
    .antwoord(200, "De verklaring.", "Terugroepverzoek")
    .met_etag()
    .problemen(&[ProblemCode::BronNietEigen, ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Gids>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    invoer::eigen_oin(&req, toegang.oin)?;
    let (volgnummer, verzoek) = knooppunt(&req)?.hub.terugroep(toegang.oin).await?;
    Ok(HttpResponse::Ok().insert_header(etag(volgnummer)).json(verzoek))
}
