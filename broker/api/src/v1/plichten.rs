//! `GET /v1/plichten`: what one's own organisation still has to do.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/plichten",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "plichtenOpvragen",
        "Berichten",
        "Zie wat uw organisatie nog moet doen",
        "Open plichten met een termijn, de eerste die afloopt vooraan: de betrokkene vertellen wat is gedeeld (R32), een \
         noodbesluit laten toetsen (R9, R35), bevestigen dat u iets niet meer gebruikt (R11, R31), een embargo opnieuw \
         bekijken (R20), een betrokkene antwoorden die vroeg wat er over hem is gedeeld (R33). Zonder gegevens over personen.",
    )
    .antwoord(200, "De open plichten.", "Plichten")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.plichten(toegang.oin).await?))
}
