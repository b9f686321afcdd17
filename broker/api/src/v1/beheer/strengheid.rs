//! `GET /v1/beheer/strengheid`: where one's own organisation shared less than it was allowed to (R34).

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
        pad: "/beheer/strengheid",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "strengheidOphalen",
        "Beheer",
        "Strenger dan nodig?",
        "Hoe vaak de eigen organisatie minder deelde dan mocht, per regel: geweigerd terwijl het met een kleine wijziging wel mocht, \
         toegestaan en niet verstuurd, en niet gedeeld met reden terwijl het mocht. Over een maand die voorbij is, met de dagen \
         waarin nog verstuurd kon worden. Zonder personen; aantallen onder de vijf staan er niet in (R34, R43).",
    )
    .parameter(Parameter::maand("De maand (UTC); een maand die nog niet af is, geeft 400."))
    .antwoord(200, "De telling.", "Strengheid")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let maand: Maand = Query::lezen(&req, &["maand"])?.verplicht("maand")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.strengheid(toegang.oin, maand).await?))
}
