//! `POST /access/v1/evaluations`: several questions in one request.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;

use super::{PROBLEMEN, lezen, missers};
use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Berichten, Toegang},
    invoer::Mediatype,
    knooppunt::knooppunt,
    openapi::Operatie,
    spoor,
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        pad: "/evaluations",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "evaluations",
        "AuthZEN",
        "Mag dit, en dit?",
        "Access Evaluations van AuthZEN 1.0, hoogstens 64 vragen. Wat bovenaan staat, geldt voor elke vraag die het zelf niet \
         noemt, en wordt dan in zijn geheel vervangen. `options.evaluations_semantic` zegt of alles wordt beantwoord, of tot de \
         eerste `false` (een fout telt als `false`), of tot de eerste `true`. Zonder `evaluations` is het één vraag.",
    )
    .authzen()
    .inhoud(Mediatype::Json, "EvaluatiesVerzoek")
    .antwoord(200, "De beslissingen, in de volgorde van de vragen.", "EvaluatiesAntwoord")
    .problemen(&PROBLEMEN)
    .problemen(&[ProblemCode::TeVeel])
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let body = lezen(&req, payload).await?;
    let knooppunt = knooppunt(&req)?;
    let antwoord = spoor::volgen(&req, knooppunt.hub.evaluaties(toegang.oin, &body)).await?;
    missers(knooppunt, toegang.oin, antwoord.gemist());
    Ok(HttpResponse::Ok().json(antwoord))
}
