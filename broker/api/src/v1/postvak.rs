//! `GET /v1/postvak`: the open deliveries of a recipient, by long poll.

use std::{str::FromStr, time::Duration};

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
         ondertekend. Met `na` begint het antwoord achter een plek die een eerder antwoord in `verder` gaf, zodat wat nog \
         openstaat niet ophoudt wat erna komt; een plek die het knooppunt niet meer kent telt als het begin.",
    )
    .parameter(Parameter::query(
        "na",
        false,
        "De plek uit `verder` van een eerder antwoord.",
        json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$" }),
        json!("3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLA"),
    ))
    .parameter(Parameter::query(
        "wacht",
        false,
        "Hoeveel seconden er hoogstens op een eerste levering wordt gewacht; meer dan het knooppunt toestaat telt als dat.",
        json!({ "type": "integer", "minimum": 0, "default": 0 }),
        json!(30),
    ))
    .antwoord(200, "De leveringen; een lege lijst als er niets is.", "Postvak")
    .problemen(&[ProblemCode::KnooppuntHersteld, ProblemCode::OpslagNietBeschikbaar])
}

/// A place in the mailbox, as it was handed out: only its form is judged here.
struct Postvakverwijzing(String);

impl FromStr for Postvakverwijzing {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        let vorm = (1..=128).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if vorm { Ok(Self(s.to_owned())) } else { Err(()) }
    }
}

async fn handler(toegang: Toegang<Postvak>, req: HttpRequest) -> Result<HttpResponse, Antwoordfout> {
    let query = Query::lezen(&req, &["wacht", "na"])?;
    let na = query.waarde::<Postvakverwijzing>("na")?;
    let na = na.as_ref().map(|n| n.0.as_str());
    let seconden = query.waarde::<Getal>("wacht")?.map_or(0, |g| g.0);
    let knooppunt = knooppunt(&req)?;
    let wacht = Duration::from_secs(seconden).min(knooppunt.grenzen.wachten);
    let postvak = tokio::select! {
        postvak = knooppunt.hub.postvak_na(toegang.oin, na, wacht) => postvak?,
        // The hub stops: answer with what there is, so that the client comes back to whoever takes over.
        () = knooppunt.gestopt() => knooppunt.hub.postvak_na(toegang.oin, na, Duration::ZERO).await?,
    };
    // Nothing is handed to who lost the right to it while this waited.
    toegang.opnieuw(&req)?;
    Ok(HttpResponse::Ok().content_type(Mediatype::Json.as_str()).body(postvak))
}
