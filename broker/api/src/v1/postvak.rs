//! `GET /v1/postvak`: the open deliveries of a recipient, by long poll.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;
use serde_json::json;

use crate::{
    Antwoordfout,
    eindpunt::{Eindpunt, Slot},
    identity::{Bereik, Postvak, Toegang},
    invoer::{Getal, Mediatype, Query},
    knooppunt::knooppunt,
    openapi::{Operatie, Parameter},
};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt { methode: Method::GET, pad: "/postvak", slot: Slot::Token(Bereik::Postvak), route: || web::to(handler), operatie }
}

fn operatie() -> Operatie {
    Operatie::new(
        "postvakOphalen",
        "Leveringen",
        "Haal leveringen op",
        "De leveringen die nog geen ontvangstverklaring hebben: acuut eerst, daarna in volgorde per casus. Is er niets, dan \
         wacht het knooppunt hoogstens `wacht` seconden. Een levering blijft komen tot de ontvangst of weigering ervan is \
         ondertekend.",
    )
    .parameter(Parameter::query(
        "wacht",
        false,
        "Hoeveel seconden er hoogstens op een eerste levering wordt gewacht; meer dan het knooppunt toestaat telt als dat.",
        json!({ "type": "integer", "minimum": 0, "maximum": 60, "default": 0 }),
        json!(30),
    ))
    .antwoord(200, "De leveringen; een lege lijst als er niets is.", "Postvak")
    .problemen(&[ProblemCode::OpslagNietBeschikbaar])
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let query = Query::lezen(&req, &["wacht"])?;
    let seconden = query.waarde::<Getal>("wacht")?.map_or(0, |g| g.0);
    let knooppunt = knooppunt(&req)?;
    let wacht = Duration::from_secs(seconden).min(knooppunt.grenzen.wachten);
    let postvak = tokio::select! {
        postvak = knooppunt.hub.postvak(toegang.oin, wacht) => postvak?,
        // The hub stops: answer with what there is, so that the client comes back to whoever takes over.
        () = knooppunt.gestopt() => knooppunt.hub.postvak(toegang.oin, Duration::ZERO).await?,
    };
    Ok(HttpResponse::Ok().content_type(Mediatype::Json.as_str()).body(postvak))
}
