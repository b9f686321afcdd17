//! `GET /v1/convenanten`: the covenants in force, with their policy bundles.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/convenanten", slot: Slot::Token(Bereik::Gids), route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "convenantenOphalen",
        "Gids",
        "Convenanten en beleid",
        "Elk convenant dat geldt, met de digest van zijn beleid en de beleidsbundel zoals de convenantbeheerder die ondertekende. \
         Adapters beslissen met dezelfde bundel als het knooppunt.",
    )
    .antwoord(200, "De convenanten.", "Convenanten")
}

async fn handler(_toegang: Toegang<Gids>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.convenanten().await))
}
