//! `GET /v1/beheer/noodgebruik`: how often the own organisation used the emergency path (R35).

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::{ProblemCode, strengheid::Maand};

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer::Query,
    knooppunt::knooppunt,
    openapi::{Operatie, Parameter},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/beheer/noodgebruik",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "noodgebruikOphalen",
        "Beheer",
        "Hoe vaak het noodpad?",
        "In hoeveel berichten van de eigen organisatie een professional in een maand het noodpad gebruikte of zijn beroepsgeheim \
         doorbrak, hoe vaak de toets achteraf is gedaan, en of dat boven de drempel is waarboven het wordt gemeld (R35). Zonder \
         personen. De maand mag nog lopen.",
    )
    .parameter(Parameter::maand("De maand (UTC)."))
    .antwoord(200, "De telling.", "Noodgebruik")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let maand: Maand = Query::lezen(&req, &["maand"])?.verplicht("maand")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.noodgebruik(toegang.oin, maand).await?))
}
