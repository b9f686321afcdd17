//! `GET /verzonden/{kenmerk}`: how far a message is; at the hub too, where it can be reached.

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::{Problem, ProblemCode};
use serde_json::json;

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    berichten::weergave,
    eindpunt::{Eindpunt, Plek, Slot},
    openapi::Operatie,
};
use crate::{engine, store::Uitstand};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/verzonden/{kenmerk}"),
        slot: Slot::Geheim,
        route: || web::get().to(handler),
        operatie: || {
            Operatie::new(
                "verzonden",
                "Versturen",
                "Hoe ver is het",
                "Hoe het met een bericht staat, bij het knooppunt en bij elke ontvanger.",
            )
            .in_pad("kenmerk", "Uw kenmerk.")
            .antwoord(200, "De stand.", "Verzonden")
            .problemen(&[ProblemCode::NietGevonden])
        },
    }
}

pub(super) async fn handler(omgeving: Gedeeld, kenmerk: web::Path<String>) -> Result<HttpResponse, Antwoordfout> {
    let uitslag = engine::uitslag(&omgeving, &kenmerk).await?;
    let uitslag = uitslag.ok_or_else(|| Problem::new(ProblemCode::NietGevonden))?;
    let mut antwoord = weergave(&uitslag);
    if let Some(problem) = &uitslag.probleem {
        antwoord.insert("probleem".to_owned(), json!(problem));
    }
    if uitslag.stand == Uitstand::Bevestigd {
        // Names beside numbers, so that a person can read who received and read it.
        match omgeving.hub.status(uitslag.aangenomen.bericht).await {
            Ok(status) => {
                // The hub's word on what arrived counts only with the recipient's signature under it.
                let bewijzen = engine::vergelijken(&omgeving, &status).await?;
                let bewijs = |oin| bewijzen.iter().find(|(o, _)| *o == oin).map(|(_, stand)| stand.as_str());
                let gids = omgeving.boek.gids();
                let ontvangers: Vec<_> = status
                    .ontvangers
                    .iter()
                    .map(|o| json!({ "naam": gids.partner(o.ontvanger).map(|p| &p.vermelding.naam), "status": o, "bewijs": bewijs(o.ontvanger) }))
                    .collect();
                antwoord.insert("aangenomenOp".to_owned(), json!(status.aangenomen_op));
                antwoord.insert("ontvangers".to_owned(), json!(ontvangers));
            }
            Err(fout) => {
                tracing::warn!(reden = %fout, "status niet opgehaald");
                antwoord.insert("ontvangers".to_owned(), serde_json::Value::Null);
            }
        }
    }
    Ok(HttpResponse::Ok().json(antwoord))
}
