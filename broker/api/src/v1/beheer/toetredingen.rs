//! `POST /v1/beheer/convenanten/{convenant}/toetredingen`: a party joins.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ConvenantId, ProblemCode, gids::Medeondertekend};

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
        pad: "/beheer/convenanten/{convenant}/toetredingen",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "convenantToetreden",
        "Beheer",
        "Treed toe",
        "De eigen organisatie wordt partij bij het convenant: haar handtekening onder de tekst, medeondertekend door de convenantbeheerder. \
         Zij telt bij het eerstvolgende besluit vanaf het moment dat in de verklaring staat.",
    )
    .parameter(parameters::convenant())
    .wijzigt()
    .inhoud(Mediatype::Json, "Vermeldingverzoek")
    .antwoord(200, "Toegetreden.", "Convenantinzage")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::IngangVoorbij,
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
    let knooppunt = knooppunt(&req)?;
    let verklaring: Medeondertekend = invoer::verzoek(&req, payload).await?;
    let inzage = knooppunt.hub.toetreden(toegang.oin, &convenant, gezien, &verklaring).await?;
    Ok(HttpResponse::Ok().insert_header(etag(inzage.stand)).json(inzage))
}
