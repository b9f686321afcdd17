//! `POST /v1/beheer/versies/{versie}/activeringen`: plans a version as the covenant manager signed it.

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
        pad: "/beheer/versies/{versie}/activeringen",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieActiveren",
        "Beheer",
        "Plan de activering",
        "De bundel en het moment van ingang, beide ondertekend door de convenantbeheerder. Op dat moment beslist elk proces van het knooppunt met deze versie, en geen meer met de vorige.",
    )
    .parameter(parameters::versie())
    .wijzigt()
    .inhoud(Mediatype::Json, "Activeringsverzoek")
    .antwoord(200, "Gepland.", "Versie")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::VersieOngeldig,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::DigestOngelijk,
        ProblemCode::NietGelijk,
        ProblemCode::NietNieuwer,
        ProblemCode::IngangVoorbij,
        ProblemCode::ActiveringGepland,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let (versie, gezien) = (invoer::uit_pad(&req, "versie")?, invoer::if_match(&req)?);
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::Json, knooppunt.hub.grenzen().message_bytes).await?;
    let versie = knooppunt.hub.versie_plannen(toegang.oin, versie, gezien, &body).await?;
    Ok(HttpResponse::Ok().insert_header(etag(versie.regel.stand)).json(versie))
}
