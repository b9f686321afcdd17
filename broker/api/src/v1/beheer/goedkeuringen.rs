//! `POST /v1/beheer/versies/{versie}/goedkeuringen`: an organisation approves a version.

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
        pad: "/beheer/versies/{versie}/goedkeuringen",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieGoedkeuren",
        "Beheer",
        "Keur een versie goed",
        "Door twee organisaties, geen van beide de indiener. De handeling noemt de digest van de simulatie die de goedkeurder zag. Bij een versie die eerder gold: goedkeuring om haar terug te brengen (`terugdraaien`, zonder simulatie).",
    )
    .parameter(parameters::versie())
    .wijzigt()
    .inhoud(Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "Goedgekeurd door deze organisatie.", "Versie")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::VersieOngeldig,
        ProblemCode::EigenVersie,
        ProblemCode::AlGoedgekeurd,
        ProblemCode::SimulatieAnders,
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
    let versie = knooppunt(&req)?.hub.versie_goedkeuren(toegang.oin, versie, gezien, &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(versie.regel.stand)).json(versie))
}
