//! `GET /v1/partners`: the directory.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Gids, Toegang},
    knooppunt::knooppunt,
    openapi::Operatie,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/partners", slot: Slot::Token(Bereik::Gids), route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "partnersOphalen",
        "Gids",
        "De gids",
        "Elke aangesloten organisatie met haar vermelding en sleutelverklaringen: door haarzelf ondertekend en door de \
         convenantbeheerder medeondertekend. Alleen die handtekeningen tellen, niet het woord van het knooppunt.",
    )
    .antwoord(200, "De aangesloten organisaties.", "Partners")
}

async fn handler(_toegang: Toegang<Gids>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.partners()))
}
