//! `POST /access/v1/evaluation`: one question.

use actix_web::{HttpRequest, HttpResponse, http::Method, web};

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
        pad: "/evaluation",
        slot: Slot::Token(Bereik::Berichten),
        route: || web::to(handler),
        operatie,
    }
}

fn operatie() -> Operatie {
    Operatie::new(
        "evaluation",
        "AuthZEN",
        "Mag dit?",
        "Access Evaluation van AuthZEN 1.0. Dezelfde beslissing als `POST /v1/toetsen`, voor één deel. `decision` is alleen \
         `true` als er geleverd mag worden; de verplichtingen staan in `context`, en wie die niet kan nakomen, moet `true` als \
         `false` lezen. Wat niet te beslissen is, is `false` met een `error` in `context`. Elke vraag komt in het logboek.",
    )
    .authzen()
    .inhoud(Mediatype::Json, "EvaluatieVerzoek")
    .antwoord(200, "De beslissing.", "Evaluatie")
    .problemen(&PROBLEMEN)
}

async fn handler(toegang: Toegang<Berichten>, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Antwoordfout> {
    let body = lezen(&req, payload).await?;
    let knooppunt = knooppunt(&req)?;
    let antwoord = spoor::volgen(&req, knooppunt.hub.evaluatie(toegang.oin, &body)).await?;
    missers(knooppunt, toegang.oin, antwoord.is_gemist().into());
    Ok(HttpResponse::Ok().json(antwoord))
}
