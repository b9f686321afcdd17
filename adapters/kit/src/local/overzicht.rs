//! `POST /overzichten`: what was shared about a person in a case, for that person (R33). Nothing of the answer is kept.

use actix_web::{
    HttpResponse,
    http::{Method, header},
    web,
};
use inbreng_domain::{Code, Datum, LeveringId, ProblemCode, overzicht::Overzichtregel};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    eindpunt::{Eindpunt, Plek, Slot},
    lichaam::Lichaam,
    openapi::Operatie,
};
use crate::engine::{self, Gevraagd};

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::POST,
        plek: Plek::Vast("/overzichten"),
        slot: Slot::Geheim,
        route: || web::post().to(handler),
        operatie: || {
            Operatie::new(
                "overzicht",
                "Toezicht",
                "Wat er over een betrokkene is gedeeld",
                "Voor wie voor een zaak antwoordt: wie wat over deze persoon deelde, met wie, wanneer en waarvoor, om hem te vertellen. \
                 Zonder inhoud: daarvoor gaat hij naar wie het inbracht. U antwoordt binnen een maand; tot u dat vertelde \
                 (transparantiebericht) staat het bij uw plichten. Mag het niet, dan staat er waarom. Noem hem die reden niet: zeg \
                 alleen dat er nu geen overzicht komt, en waar hij terechtkan. Is er meer dan in één antwoord past, dan staat er \
                 `verder`: vraag hetzelfde opnieuw, met dat nummer als `na`.",
            )
            .inhoud("Overzichtvraag")
            .antwoord(200, "Het overzicht.", "Overzicht")
            .problemen(&[
                ProblemCode::NietGevonden,
                ProblemCode::VeldOngeldig,
                ProblemCode::RolOntbreekt,
                ProblemCode::NietToegestaan,
            ])
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vraag {
    zaak: String,
    persoon: String,
    gevraagd_op: Datum,
    functie: Code,
    #[serde(default)]
    na: Option<LeveringId>,
}

async fn handler(omgeving: Gedeeld, lichaam: Lichaam) -> Result<HttpResponse, Antwoordfout> {
    let vraag: Vraag = lichaam.als()?;
    let gevraagd =
        Gevraagd { zaak: &vraag.zaak, persoon: &vraag.persoon, op: vraag.gevraagd_op, functie: vraag.functie, na: vraag.na };
    let overzicht = engine::overzicht(&omgeving, gevraagd).await?;
    let regel = |regel: &Overzichtregel| -> Value {
        json!({
            "organisatie": regel.organisatie,
            "organisatieNaam": omgeving.naam(regel.organisatie),
            "ontvanger": regel.ontvanger,
            "ontvangerNaam": omgeving.naam(regel.ontvanger),
            "soort": regel.berichttype.naam(),
            "gedeeldOp": regel.gedeeld_op,
            "ontvangenOp": regel.ontvangen_op,
            "doelen": regel.doelen,
            "categorieen": regel.categorieen,
        })
    };
    let regels: Vec<Value> = overzicht.regels.iter().map(regel).collect();
    let mut antwoord = json!({
        "verzoek": overzicht.verzoek,
        "opgesteldOp": overzicht.opgesteld_op,
        "uiterlijk": overzicht.uiterlijk,
        "zin": overzicht.zin,
        "verplichtingen": overzicht.verplichtingen,
        "regels": regels,
    });
    if let (Some(verder), Some(leden)) = (overzicht.verder, antwoord.as_object_mut()) {
        leden.insert("verder".to_owned(), json!(verder));
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(antwoord))
}
