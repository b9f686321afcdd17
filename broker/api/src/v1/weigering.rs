//! `POST /v1/leveringen/{id}/weigering`: the recipient's system refuses a delivery.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};

use super::ontvangst::PROBLEMEN;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Postvak, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/leveringen/{id}/weigering",
        slot: Slot::Token(Bereik::Postvak),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "leveringWeigeren",
        "Leveringen",
        "Weiger een levering",
        "Een ondertekende weigering (`inbreng-weigering+jws`) met een vaste code: de levering is niet te openen of klopt niet. \
         Daarmee is zij afgesloten; de afzender ziet de code.",
    )
    .parameter(parameters::id("LeveringId", "Het nummer van de levering."))
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .leeg("Vastgelegd.")
    .problemen(PROBLEMEN)
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.weigering(toegang.oin, id, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
