//! `POST /klaar/<mapped path>`: prepares a message without sharing it (R36). `GET /klaargezet`: what lies ready.
//! `POST /klaargezet/{kenmerk}/openen`: sends it, with the decision of the professional. `DELETE /klaargezet/{kenmerk}`: throws it away.

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::{Problem, ProblemCode};
use serde_json::{Value, json};

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    berichten::{PROBLEMEN, Vraag, antwoorden},
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::{engine, store::Klaargezet};

pub(super) fn eindpunt_zetten() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Mapping("/klaar"),
        slot: Slot::Geheim,
        route: || web::post().to(zetten),
        operatie: || {
            Operatie::new(
                "klaarzetten",
                "Klaarzetten",
                "Klaarzetten zonder te delen",
                "Legt een bericht versleuteld klaar. Er gaat niets naar het knooppunt. U beslist na het horen van de anderen.",
            )
            .inhoud("EigenBericht")
            .antwoord(202, "Het ligt klaar.", "Klaargezet")
            .problemen(PROBLEMEN)
            .problemen(&[ProblemCode::BerichtBestaatAnders])
        },
    }
}

pub(super) fn eindpunt_lijst() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/klaargezet"),
        slot: Slot::Geheim,
        route: || web::get().to(lijst),
        operatie: || {
            Operatie::new("klaargezet", "Klaarzetten", "Wat klaarligt", "Wat klaarligt en nog niet is gedeeld, het oudste eerst.")
                .antwoord(200, "De lijst.", "KlaargezetLijst")
        },
    }
}

pub(super) fn eindpunt_openen() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/klaargezet/{kenmerk}/openen"),
        slot: Slot::Geheim,
        route: || web::post().to(openen),
        operatie: || {
            Operatie::new(
                "openen",
                "Klaarzetten",
                "Openen en versturen",
                "Verstuurt wat klaarligt. Doorbreekt een deel een beroepsgeheim, dan hoort daar het besluit van de professional bij.",
            )
            .in_pad("kenmerk", "Uw kenmerk.")
            .in_query("wacht", super::berichten::LANGSTE_WACHT, "Zoveel seconden wachten op het besluit van het knooppunt.")
            .inhoud("Opening")
            .antwoord(202, "Aangenomen; met de besluiten zodra die er zijn.", "Aangenomen")
            .problemen(PROBLEMEN)
            .problemen(&[ProblemCode::BerichtBestaatAnders, ProblemCode::NietToegestaan])
        },
    }
}

pub(super) fn eindpunt_weg() -> Eindpunt {
    Eindpunt {
        methode: Method::DELETE,
        plek: Plek::Vast("/klaargezet/{kenmerk}"),
        slot: Slot::Geheim,
        route: || web::delete().to(weggooien),
        operatie: || {
            Operatie::new("weggooien", "Klaarzetten", "Weggooien", "Gooit weg wat klaarligt. Niemand heeft er iets van gezien.")
                .in_pad("kenmerk", "Uw kenmerk.")
                .leeg("Weg.")
                .problemen(&[ProblemCode::NietGevonden])
        },
    }
}

fn weergave(een: &Klaargezet) -> Value {
    json!({ "kenmerk": een.kenmerk, "soort": een.soort, "sinds": een.sinds })
}

async fn zetten(omgeving: Gedeeld, pad: web::Path<String>, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let gereed = engine::klaarzetten(&omgeving, &format!("/{pad}"), &lichaam.json()?).await?;
    let mut antwoord = weergave(&gereed.klaargezet);
    if let Some(leden) = antwoord.as_object_mut() {
        leden.insert("waarschuwingen".to_owned(), json!(gereed.waarschuwingen));
    }
    Ok(HttpResponse::Accepted().json(antwoord))
}

async fn lijst(omgeving: Gedeeld) -> Result<HttpResponse, Antwoordfout> {
    let alle = omgeving.opslag.alles_klaargezet().await.map_err(engine::Werkfout::from)?;
    Ok(HttpResponse::Ok().json(json!({ "klaargezet": alle.iter().map(weergave).collect::<Vec<_>>() })))
}

async fn openen(
    omgeving: Gedeeld,
    kenmerk: web::Path<String>,
    vraag: web::Query<Vraag>,
    lichaam: Lichaam,
) -> Result<HttpResponse, Antwoordfout> {
    let besluit = match lichaam.json()? {
        Value::Object(leden) if leden.is_empty() => None,
        waarde => Some(serde_json::from_value(waarde).map_err(|_| Problem::new(ProblemCode::VeldOngeldig))?),
    };
    let aangenomen = engine::klaargezet_openen(&omgeving, &kenmerk, besluit.as_ref()).await?;
    antwoorden(&omgeving, &aangenomen.kenmerk, vraag.wacht()).await
}

async fn weggooien(omgeving: Gedeeld, kenmerk: web::Path<String>) -> Result<HttpResponse, Antwoordfout> {
    engine::weggooien(&omgeving, &kenmerk).await?;
    Ok(HttpResponse::NoContent().finish())
}
