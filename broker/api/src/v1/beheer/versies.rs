//! `GET /v1/beheer/versies`: the policy versions.

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
        pad: "/beheer/versies",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versiesOphalen",
        "Beheer",
        "Beleidsversies",
        "Alle versies van het beleid, van een convenant of van alle, de nieuwste eerst, met hoe ver ze zijn.",
    )
    .parameter(Parameter::query(
        "convenant",
        false,
        "Alleen van dit convenant.",
        json!({ "$ref": "#/components/schemas/Code" }),
        json!("voorbeeldregio"),
    ))
    .antwoord(200, "De versies.", "Versielijst")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(_toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let convenant = Query::lezen(&req, &["convenant"])?.waarde("convenant")?;
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.versies(convenant).await?))
}
