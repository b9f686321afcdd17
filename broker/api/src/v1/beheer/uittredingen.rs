//! `POST /v1/beheer/convenanten/{convenant}/uittredingen`: a party leaves.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ConvenantId, ProblemCode};

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
        pad: "/beheer/convenanten/{convenant}/uittredingen",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "convenantUittreden",
        "Beheer",
        "Treed uit",
        "De eigen organisatie is geen partij meer vanaf het moment dat in de verklaring staat. Niemand hoeft ermee in te stemmen.",
    )
    .parameter(parameters::convenant())
    .wijzigt()
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "Uitgetreden.", "Convenantinzage")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::BronNietEigen,
        ProblemCode::NietGelijk,
        ProblemCode::GeenPartij,
        ProblemCode::NietNieuwer,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let convenant: ConvenantId = invoer::uit_pad(&req, "convenant")?;
    let gezien = invoer::if_match(&req)?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    let inzage = knooppunt(&req)?.hub.uittreden(toegang.oin, &convenant, gezien, &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(inzage.stand)).json(inzage))
}
