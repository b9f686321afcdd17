//! `POST /v1/berichten/{id}/toets-achteraf`: what the own privacy officer found of a decision in an emergency.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/berichten/{id}/toets-achteraf",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "toetsAchterafVastleggen",
        "Berichten",
        "Leg de uitkomst van een toets achteraf vast",
        "Na een besluit in nood kijkt uw privacy-functionaris binnen twee werkdagen mee (R9, R35). De uitkomst is ondertekend \
         (`inbreng-toetsuitslag+jws`) en komt in het logboek; de plicht is dan voldaan en het bericht laat de uitkomst zien. \
         De eerste uitkomst telt.",
    )
    .parameter(parameters::id("BerichtId", "Het nummer van het bericht."))
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .leeg("Vastgelegd.")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::NietGelijk,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.toets_achteraf(toegang.oin, id, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
