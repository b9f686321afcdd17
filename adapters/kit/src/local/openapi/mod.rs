//! `GET /openapi.json`: the local interface as an OpenAPI document (3.1), put together from the endpoints themselves, the
//! published schemas of the wire and the paths of this adapter's mapping.

mod operatie;
mod schemas;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use actix_web::{HttpResponse, http::Method, web};
use serde_json::{Map, Value, json};

pub(super) use operatie::Operatie;

use super::{
    Gedeeld,
    eindpunt::{Eindpunt, Plek, Slot, alle},
};

/// What each group of operations is about.
const TAGS: &[(&str, &str)] = &[
    ("Versturen", "Berichten in het eigen formaat, op de paden van de mapping; eerst vragen of het mag, dan sturen."),
    ("Klaarzetten", "Een bericht klaar hebben zonder het te delen, en pas openen na het horen van de anderen."),
    ("Ontvangen", "Wat binnenkwam, wat daarmee gebeurde, en delen die alleen mogen worden ingezien."),
    ("Toezicht", "Hoe het met de adapter gaat. Niets hierin zegt iets over een persoon."),
];

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/openapi.json"),
        slot: Slot::Geheim,
        route: || web::get().to(handler),
        operatie: || {
            Operatie::new(
                "beschrijving",
                "Toezicht",
                "Deze beschrijving",
                "De lokale koppeling als OpenAPI-document, met de paden van uw mapping.",
            )
            .antwoord(200, "Het document.", "Document")
        },
    }
}

async fn handler(omgeving: Gedeeld) -> HttpResponse {
    HttpResponse::Ok().json(document(&omgeving.vertaling.paden()))
}

/// The document of an adapter whose mapping has these paths.
pub(super) fn document(mapping: &[String]) -> Value {
    let mut paden: Map<String, Value> = Map::new();
    let mut gebruikt = BTreeSet::new();
    let mut erbij = |pad: String, eindpunt: &Eindpunt, operatie: &Operatie| {
        gebruikt.insert(operatie.tag());
        let item = paden.entry(pad).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(eindpunt.methode.as_str().to_lowercase(), operatie.json(eindpunt.slot));
        }
    };
    for eindpunt in alle() {
        let operatie = (eindpunt.operatie)();
        match eindpunt.plek {
            Plek::Vast(pad) => erbij(pad.to_owned(), &eindpunt, &operatie),
            Plek::Mapping(voor) => {
                for pad in mapping {
                    erbij(format!("{voor}{pad}"), &eindpunt, &operatie.voor_pad(pad));
                }
            }
        }
    }
    let tags = TAGS.iter().filter(|(naam, _)| gebruikt.contains(naam));
    let tags: Vec<Value> = tags.map(|(naam, uitleg)| json!({ "name": naam, "description": uitleg })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Inbreng, lokale koppeling van de adapter",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Voor het eigen systeem van een partner, op dezelfde machine als de adapter.",
            "description": "Gewone HTTP op loopback; elke aanroep toont het geheim van de adapter. Elke weigering is \
                `application/problem+json` (RFC 9457) met een vaste `code` en een Nederlandse `detail` die u mag tonen.",
            "license": { "name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12" },
        },
        "servers": [{
            "url": "http://127.0.0.1:{poort}",
            "description": "De adapter, op deze machine.",
            "variables": { "poort": { "default": "8450", "description": "De poort van luister.adres." } },
        }],
        "tags": tags,
        "paths": paden,
        "components": {
            "schemas": schemas::alle(),
            "securitySchemes": {
                "geheim": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Het geheim uit het bestand dat luister.geheim noemt.",
                },
            },
        },
    })
}

/// How a caller shows who it is.
fn toegang(slot: Slot) -> Value {
    match slot {
        Slot::Open => json!([]),
        Slot::Geheim => json!([{ "geheim": [] }]),
    }
}
