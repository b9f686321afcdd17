//! `POST /v1/leveringen/{id}/ontvangst`: the recipient's system has a delivery.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Postvak, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

/// What a recipient's word may be refused with.
pub(super) const PROBLEMEN: &[ProblemCode] = &[
    ProblemCode::NietGevonden,
    ProblemCode::LeveringAfgesloten,
    ProblemCode::HandtekeningOngeldig,
    ProblemCode::NietGelijk,
    ProblemCode::OpslagNietBeschikbaar,
    ProblemCode::SchijfVol,
];

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/leveringen/{id}/ontvangst",
        slot: Slot::Token(Bereik::Postvak),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "leveringOntvangen",
        "Leveringen",
        "Bevestig de ontvangst",
        "Een ondertekende ontvangstverklaring (`inbreng-ontvangst+jws`) over precies wat er is ontvangen. Daarna komt de levering \
         niet meer terug in het postvak. Dezelfde verklaring nog eens geeft hetzelfde antwoord.",
    )
    .parameter(parameters::id("LeveringId", "Het nummer van de levering."))
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .leeg("Vastgelegd.")
    .problemen(PROBLEMEN)
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.ontvangst(toegang.oin, id, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
