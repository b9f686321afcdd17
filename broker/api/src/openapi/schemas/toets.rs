//! "Mag dit?": question and answer.

use serde_json::json;

use super::{
    CASUS, Component, DIGEST, OIN_ANDER, UUID_ANDER, besluit, deel, gids, lijst, mag, met_voorbeeld, moet, naar, object,
};

pub(super) fn components() -> Vec<Component> {
    let verzoek = object(
        "Kop en labels, zonder inhoud.",
        vec![
            moet("type", naar("Berichttype")),
            mag("variant", naar("Code")),
            mag("casus", naar("Casusverwijzing")),
            mag("opening", naar("Opening")),
            moet("urgentie", naar("Urgentie")),
            mag("antwoordOp", naar("Uuid7")),
            moet("convenant", naar("Code")),
            mag("gemeente", naar("Gemeentecode")),
            mag("geadresseerden", lijst("Geadresseerde")),
            moet("verklaring", json!({ "type": "object", "description": "Het open object van het berichttype." })),
            mag("delen", lijst("Toetsdeel")),
        ],
    );
    let antwoord = object(
        "Wat er besloten zou worden, onder welk beleid, en naar wie het zou gaan.",
        vec![
            moet("beleid", naar("Digest")),
            moet("ontvangers", lijst("Toetsontvanger")),
            moet("besluiten", lijst("Toetsbesluit")),
        ],
    );
    vec![
        (
            "Toetsverzoek",
            met_voorbeeld(
                verzoek,
                json!({
                    "type": "nl.inbreng.incidentmelding.v1",
                    "casus": CASUS,
                    "opening": CASUS,
                    "urgentie": "normaal",
                    "convenant": "voorbeeldregio",
                    "gemeente": "0518",
                    "geadresseerden": [{ "rol": "veilig-thuis" }],
                    "verklaring": {},
                    "delen": [{ "labels": deel::voorbeeld_labels(), "wijze": "meegeleverd", "genoemd": false }],
                }),
            ),
        ),
        (
            "Toetsdeel",
            object(
                "Een deel met zijn labels, en voor wie het bedoeld is.",
                vec![
                    moet("labels", naar("Labels")),
                    mag("ontvangers", lijst("Geadresseerde")),
                    mag("wijze", naar("Toegangswijze")),
                    mag(
                        "genoemd",
                        json!({ "type": "boolean", "description": "Of de eigenaar deze ontvangers zelf noemt (R24)." }),
                    ),
                ],
            ),
        ),
        (
            "Toetsantwoord",
            met_voorbeeld(
                antwoord,
                json!({
                    "beleid": DIGEST,
                    "ontvangers": [{ "geadresseerde": { "rol": "veilig-thuis" }, "oin": OIN_ANDER, "gids": gids::voorbeeld() }],
                    "besluiten": [{ "deel": UUID_ANDER, "ontvanger": OIN_ANDER, "besluit": besluit::voorbeeld() }],
                }),
            ),
        ),
        (
            "Toetsontvanger",
            object(
                "Een ontvanger met zijn verklaringen.",
                vec![mag("geadresseerde", naar("Geadresseerde")), moet("oin", naar("Oin")), moet("gids", naar("Gidsvermelding"))],
            ),
        ),
        (
            "Toetsbesluit",
            object(
                "Eén besluit van een toets.",
                vec![mag("deel", naar("Uuid7")), moet("ontvanger", naar("Oin")), moet("besluit", naar("Besluit"))],
            ),
        ),
    ]
}
