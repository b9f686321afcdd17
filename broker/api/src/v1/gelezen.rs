//! `POST /v1/leveringen/{id}/gelezen`: a person has read a delivery.

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
        pad: "/leveringen/{id}/gelezen",
        slot: Slot::Token(Bereik::Postvak),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "leveringGelezen",
        "Leveringen",
        "Meld dat iemand het heeft gelezen",
        "Een ondertekende verklaring (`inbreng-gelezen+jws`) dat een mens de levering heeft gelezen: zijn functie, geen naam. De \
         afzender ziet dit.",
    )
    .parameter(parameters::id("LeveringId", "Het nummer van de levering."))
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .leeg("Vastgelegd.")
    .problemen(PROBLEMEN)
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    knooppunt(&req)?.hub.gelezen(toegang.oin, id, &verklaring).await?;
    Ok(HttpResponse::NoContent().finish())
}
