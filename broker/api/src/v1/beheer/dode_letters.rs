//! `GET /v1/beheer/dode-letters`: what could not be brought.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;
use serde_json::json;

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
        pad: "/beheer/dode-letters",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "dodeLettersOphalen",
        "Beheer",
        "Dode letters",
        "Leveringen die na de laatste poging of de eindleeftijd niet zijn bezorgd, met de reden, per ontvanger. Een organisatie \
         ziet wat zij verstuurde en wat zij had moeten krijgen.",
    )
    .parameter(Parameter::query(
        "na",
        false,
        "Alleen na deze levering: `verder` van de vorige bladzijde.",
        json!({ "$ref": "#/components/schemas/LeveringId" }),
        json!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a"),
    ))
    .antwoord(200, "De dode letters.", "Dodeletters")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let na = Query::lezen(&req, &["na"])?.waarde("na")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.dode_letters(toegang.oin, na).await?))
}
