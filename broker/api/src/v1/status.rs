//! `GET /v1/berichten/{id}`: how far a message is, as its sender sees it.

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
        methode: Method::GET,
        pad: "/berichten/{id}",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "berichtstatusOpvragen",
        "Berichten",
        "Volg een eigen bericht",
        "Per ontvanger: onderweg, ontvangen, gelezen, beantwoord of geweigerd, met tijden; en wie een deel wanneer heeft \
         ingezien. Een bericht van een ander en een bericht dat niet bestaat geven hetzelfde antwoord.",
    )
    .parameter(parameters::id("BerichtId", "Het nummer van het bericht."))
    .antwoord(200, "De stand.", "Statusantwoord")
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let id = invoer::uit_pad(&req, "id")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.status(toegang.oin, id).await?))
}
