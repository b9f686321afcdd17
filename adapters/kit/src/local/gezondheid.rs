//! `GET /gezondheid`, `/healthz` and `/readyz`: for monitoring, without a person's data.

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::ProblemCode;
use serde_json::json;

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    eindpunt::{Eindpunt, Plek, Slot},
    openapi::Operatie,
};
use crate::engine::{Omgeving, Werkfout};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/gezondheid"),
        slot: Slot::Geheim,
        route: || web::get().to(handler),
        operatie: || {
            Operatie::new("gezondheid", "Toezicht", "Gezondheid", "Wat er wacht, welke sleutel geldt, en welke alarmen er zijn.")
                .antwoord(200, "Gereed.", "Gezondheid")
                .antwoord(503, "Niet gereed.", "Gezondheid")
                .problemen(&[ProblemCode::OpslagNietBeschikbaar])
        },
    }
}

/// Whether the process answers at all: restart it if not.
pub(super) fn leeft() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/healthz"),
        slot: Slot::Open,
        route: || web::get().to(|| async { HttpResponse::Ok().content_type("text/plain").body("ok\n") }),
        operatie: || {
            Operatie::new("leeft", "Toezicht", "Leeft het proces", "Of het proces antwoordt. Zo niet: start het opnieuw.")
                .tekst(200, "Ja.")
        },
    }
}

/// Whether it can do its work: another minute may change that, a restart will not.
pub(super) fn gereed() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/readyz"),
        slot: Slot::Open,
        route: || web::get().to(gereed_handler),
        operatie: || {
            Operatie::new(
                "gereed",
                "Toezicht",
                "Gereed om te werken",
                "Of er verstuurd en ontvangen kan worden, en zo niet wat ontbreekt.",
            )
            .antwoord(200, "Ja.", "Gereedheid")
            .antwoord(503, "Nee.", "Gereedheid")
        },
    }
}

/// What is missing to do our work.
pub(super) async fn ontbreekt(omgeving: &Omgeving) -> Vec<&'static str> {
    let gids = omgeving.boek.gids();
    let sleutel = gids.partner(omgeving.organisatie.oin).and_then(|p| p.sleutel(omgeving.clock.now()));
    [
        ("opslag", omgeving.opslag.leeft().await),
        ("gids", gids.partners().next().is_some()),
        ("convenant", omgeving.boek.convenant().is_some()),
        ("sleutel", sleutel.is_some()),
        ("klok", omgeving.klok_bij_opslag().is_ok()),
    ]
    .into_iter()
    .filter_map(|(wat, er)| (!er).then_some(wat))
    .collect()
}

async fn gereed_handler(omgeving: Gedeeld) -> HttpResponse {
    let ontbreekt = ontbreekt(&omgeving).await;
    let antwoord = json!({ "gereed": ontbreekt.is_empty(), "ontbreekt": ontbreekt });
    if ontbreekt.is_empty() { HttpResponse::Ok().json(antwoord) } else { HttpResponse::ServiceUnavailable().json(antwoord) }
}

async fn handler(omgeving: Gedeeld) -> Result<HttpResponse, Antwoordfout> {
    let opslag = &omgeving.opslag;
    let uit = opslag.zendingen_open().await.map_err(Werkfout::from)?;
    let post = opslag.post_open().await.map_err(Werkfout::from)?;
    let alarmen = opslag.alarmen().await.map_err(Werkfout::from)?;
    let gids = omgeving.boek.gids();
    // The key that others seal for now: when it ends, nothing can be sealed for us any more.
    let sleutel = gids.partner(omgeving.organisatie.oin).and_then(|p| p.sleutel(omgeving.clock.now()));
    let gereed = ontbreekt(&omgeving).await.is_empty();
    let antwoord = json!({
        "gereed": gereed,
        "organisatie": omgeving.organisatie.naam,
        "partners": gids.partners().count(),
        "sleutel": sleutel.map(|s| json!({ "volgnummer": s.volgnummer, "geldigTot": s.geldig_tot })),
        "teVersturen": uit,
        "afTeLeveren": post,
        "alarmen": alarmen,
    });
    Ok(if gereed { HttpResponse::Ok().json(antwoord) } else { HttpResponse::ServiceUnavailable().json(antwoord) })
}
