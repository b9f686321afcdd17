//! `GET /verzonden/{kenmerk}`: how far a message is; at the hub too, where it can be reached.

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::{Oin, Problem, ProblemCode, antwoorden::Plichtregel, versie::Beheerfunctie};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    berichten::weergave,
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::{
    engine::{self, Omgeving},
    store::Uitstand,
};

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

/// Who must still do what because of this message, and by when.
fn weergave_plicht(omgeving: &Omgeving, plicht: &Plichtregel) -> Value {
    let gids = omgeving.boek.gids();
    json!({
        "van": plicht.schuldenaar,
        "naam": gids.partner(plicht.schuldenaar).map(|p| p.vermelding.naam.clone()),
        "soort": plicht.soort,
        "regel": plicht.regel,
        "uiterlijk": plicht.uiterlijk,
        "stand": plicht.stand,
        "voldaanOp": plicht.voldaan_op,
    })
}

pub(super) fn eindpunt_opnieuw() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/verzonden/{kenmerk}/opnieuw"),
        slot: Slot::Geheim,
        route: || web::post().to(opnieuw),
        operatie: || {
            Operatie::new(
                "opnieuwBezorgen",
                "Versturen",
                "Opnieuw laten bezorgen",
                "Wat het knooppunt niet kon bezorgen (dode letter) begint opnieuw, onder uw handtekening. Doe dit als u de ontvanger \
                 hebt gesproken.",
            )
            .in_pad("kenmerk", "Uw kenmerk.")
            .inhoud("Herbezorging")
            .antwoord(200, "Voor hoeveel ontvangers het opnieuw begint.", "Herbezorgd")
            .problemen(&[ProblemCode::NietGevonden, ProblemCode::VeldOngeldig])
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Herbezorging {
    functie: Beheerfunctie,
    ontvanger: Option<Oin>,
}

async fn opnieuw(omgeving: Gedeeld, kenmerk: web::Path<String>, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let Herbezorging { functie, ontvanger } = lichaam.als()?;
    let aantal = engine::opnieuw(&omgeving, &kenmerk, functie, ontvanger).await?;
    Ok(HttpResponse::Ok().json(json!({ "ontvangers": aantal })))
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
                let plichten: Vec<_> = status.plichten.iter().map(|p| weergave_plicht(&omgeving, p)).collect();
                antwoord.insert("plichten".to_owned(), json!(plichten));
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
