//! `GET /v1/beheer/convenanten/{convenant}`: what can be signed of a covenant, and who signed it.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ConvenantId, ProblemCode};

use super::etag;
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer,
    knooppunt::knooppunt,
    openapi::{Operatie, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/beheer/convenanten/{convenant}",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "convenantOphalen",
        "Beheer",
        "Eén convenant en zijn partijen",
        "Wat er te ondertekenen is (de tekst, met de versies die haar uitwerken), wie partij is en tot wanneer, en elke verklaring \
         zoals zij is ondertekend.",
    )
    .parameter(parameters::convenant())
    .antwoord(200, "Het convenant.", "Convenantinzage")
    .met_etag()
    .problemen(&[ProblemCode::NietGevonden, ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let convenant: ConvenantId = invoer::uit_pad(&req, "convenant")?;
    let inzage = knooppunt(&req)?.hub.convenant(&convenant).await?;
    Ok(HttpResponse::Ok().insert_header(etag(inzage.stand)).json(inzage))
}
