//! `GET /v1/beheer/versies/{versie}/wijzigingen`: which past decisions a version would change.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;
use serde_json::json;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Beheer, Bereik, Toegang},
    invoer::{self, Getal, Query},
    knooppunt::knooppunt,
    openapi::{Operatie, Parameter, parameters},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        pad: "/beheer/versies/{versie}/wijzigingen",
        slot: Slot::Token(Bereik::Beheer),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "versieWijzigingenOphalen",
        "Beheer",
        "Wat zou veranderen",
        "Elk besluit over eigen berichten dat de laatste simulatie anders zou nemen: wat het was en wat het wordt, per bladzijde. Besluiten over berichten van anderen staan alleen in de telling.",
    )
    .parameter(parameters::versie())
    .parameter(Parameter::query(
        "vanaf",
        false,
        "Waar de bladzijde begint: `volgende` van de vorige.",
        json!({ "type": "integer", "format": "int64", "minimum": 0 }),
        json!(0),
    ))
    .antwoord(200, "Een bladzijde.", "Wijzigingen")
    .problemen(&[
        ProblemCode::NietGevonden,
        ProblemCode::VersieStaat,
        ProblemCode::VersieOngeldig,
        ProblemCode::OpslagNietBeschikbaar,
    ])
}

async fn handler(toegang: Toegang<Beheer>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let versie = invoer::uit_pad(&req, "versie")?;
    let vanaf = Query::lezen(&req, &["vanaf"])?.waarde::<Getal>("vanaf")?.map(|Getal(n)| n);
    Ok(HttpResponse::Ok().json(knooppunt(&req)?.hub.versie_wijzigingen(toegang.oin, versie, vanaf).await?))
}
