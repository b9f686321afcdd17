//! `POST /v1/berichten`: send a message.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    invoer::{self, Mediatype},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/berichten",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "berichtVersturen",
        "Berichten",
        "Verstuur een bericht",
        "CloudEvents 1.0, alleen in de gestructureerde vorm. Het antwoord is het ondertekende ontvangstbewijs: het bericht, elk \
         besluit en de bladen van het logboek zijn dan duurzaam vastgelegd. Hetzelfde bericht nog eens geeft hetzelfde \
         bewijs; een ander bericht onder hetzelfde nummer geeft 409. Mag het voor niemand, en kan de afzender dat zelf \
         verhelpen, dan is het antwoord 403 met per deel en ontvanger wat er wel mag.",
    )
    .inhoud(Mediatype::CloudEvent, "BerichtEnvelop")
    .antwoord(202, "Aangenomen. Per ontvanger en deel staat erbij wat er besloten is.", "Aannameantwoord")
    .problemen(&[
        ProblemCode::TeVeel,
        ProblemCode::TypeOnbekend,
        ProblemCode::VerklaringOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::BronNietEigen,
        ProblemCode::EigenaarNietAfzender,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::DigestOngelijk,
        ProblemCode::VerzegelingOngeldig,
        ProblemCode::SleutelOnbekend,
        ProblemCode::OntvangerOnbekend,
        ProblemCode::CasusOngeldig,
        ProblemCode::BerichtBestaatAnders,
        ProblemCode::OpnieuwToetsen,
        ProblemCode::NietToegestaan,
        ProblemCode::BeleidVerouderd,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let knooppunt = knooppunt(&req)?;
    let body = invoer::lezen(&req, payload, Mediatype::CloudEvent, knooppunt.grenzen.bericht.message_bytes).await?;
    // The text goes out as the hub stored it, byte for byte.
    let antwoord = knooppunt.hub.aannemen(toegang.oin, &body).await?;
    Ok(HttpResponse::Accepted().content_type(Mediatype::Json.as_str()).body(antwoord))
}
