//! `POST /v1/delen/{id}/inzage`: the key of a view-only part, for one reading.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Postvak, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
    spoor,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/delen/{id}/inzage",
        slot: Slot::Token(Bereik::Postvak),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "deelInzien",
        "Leveringen",
        "Zie een deel in",
        "Vraagt de sleutel van een deel dat alleen mag worden ingezien. Het verzoek is ondertekend door de adapter van de lezer \
         (`inbreng-inzage+jws`): functie, doel en een eenmalig nummer. Er wordt nu besloten en nu vastgelegd; de eigenaar ziet \
         wie wanneer las. Noemt de toegangsverklaring een toelichting, waarom het deel voor een ander doel nodig is (R28), dan komt \
         die verzegeld mee in `toelichting`.",
    )
    .parameter(parameters::id("DeelId", "Het nummer van het deel."))
    .inhoud(invoer::Mediatype::Json, "Verklaringverzoek")
    .antwoord(200, "De sleutel, met de toegangsverklaring van de eigenaar.", "Inzageantwoord")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::NietToegestaan,
        ProblemCode::InzageHerhaald,
        ProblemCode::SleutelBevroren,
        ProblemCode::HandtekeningOngeldig,
        ProblemCode::NietGelijk,
        ProblemCode::BeleidVerouderd,
        ProblemCode::KnooppuntHersteld,
        ProblemCode::OpslagNietBeschikbaar,
        ProblemCode::SchijfVol,
    ])
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    let verklaring = invoer::verklaring(&req, payload).await?;
    let knooppunt = knooppunt(&req)?;
    Ok(HttpResponse::Ok().json(spoor::volgen(&req, knooppunt.hub.inzage(toegang.oin, id, &verklaring)).await?))
}
