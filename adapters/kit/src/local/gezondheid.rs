//! `GET /gezondheid`: for monitoring, without a person's data.

use actix_web::HttpResponse;
use serde_json::json;

use super::{Gedeeld, antwoord::Antwoordfout};
use crate::engine::Werkfout;

pub(super) async fn handler(omgeving: Gedeeld) -> Result<HttpResponse, Antwoordfout> {
    let opslag = &omgeving.opslag;
    let leeft = opslag.leeft().await;
    let uit = opslag.zendingen_open().await.map_err(Werkfout::from)?;
    let post = opslag.post_open().await.map_err(Werkfout::from)?;
    let alarmen = opslag.alarmen().await.map_err(Werkfout::from)?;
    let gids = omgeving.boek.gids();
    let partners = gids.partners().count();
    // The key that others seal for now: when it ends, nothing can be sealed for us any more.
    let sleutel = gids.partner(omgeving.organisatie.oin).and_then(|p| p.sleutel(omgeving.clock.now()));
    let gereed = leeft && partners > 0 && omgeving.boek.convenant().is_some();
    let antwoord = json!({
        "gereed": gereed,
        "organisatie": omgeving.organisatie.naam,
        "partners": partners,
        "sleutel": sleutel.map(|s| json!({ "volgnummer": s.volgnummer, "geldigTot": s.geldig_tot })),
        "teVersturen": uit,
        "afTeLeveren": post,
        "alarmen": alarmen,
    });
    Ok(if gereed { HttpResponse::Ok().json(antwoord) } else { HttpResponse::ServiceUnavailable().json(antwoord) })
}
