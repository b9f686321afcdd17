//! A delivery, as its recipient gets it.

use serde_json::json;

use super::{
    CASUS, Component, DIGEST, OIN, TIJD, UUID, UUID_ANDER, bericht, deel, lijst, mag, met_voorbeeld, moet, naar, object, tekst,
};

pub(super) fn components() -> Vec<Component> {
    let postvak = object("De leveringen die nog geen ontvangstverklaring hebben.", vec![moet("leveringen", lijst("Levering"))]);
    let geleverd = object(
        "Het bericht zoals het is verstuurd, zonder kop, met alleen de delen van de ontvanger.",
        vec![
            moet("specversion", json!({ "type": "string", "enum": ["1.0"] })),
            moet("id", naar("Uuid7")),
            moet("source", tekst("Zoals verstuurd.")),
            moet("type", naar("Berichttype")),
            moet("time", naar("Tijdstip")),
            mag("subject", naar("Casusverwijzing")),
            mag("datacontenttype", json!({ "type": "string", "enum": ["application/json"] })),
            moet(
                "data",
                object(
                    "`bericht` onveranderd; alleen de eigen delen.",
                    vec![moet("bericht", naar("Berichtkern")), moet("delen", lijst("Deel"))],
                ),
            ),
        ],
    );
    vec![
        (
            "Postvak",
            met_voorbeeld(
                postvak,
                json!({ "leveringen": [{
            "id": UUID,
            "aangenomenOp": TIJD,
            "baan": "normaal",
            "bericht": {
                "specversion": "1.0",
                "id": UUID,
                "source": format!("urn:nld:oin:{OIN}:systeem:registratie"),
                "type": "nl.inbreng.incidentmelding.v1",
                "time": TIJD,
                "subject": CASUS,
                "data": { "bericht": bericht::voorbeeld_kern(), "delen": [deel::voorbeeld()] },
            },
            "besluiten": [{
                "deel": UUID_ANDER,
                "zin": "U krijgt dit voor uw wettelijke taak.",
                "verplichtingen": [],
                "beleid": DIGEST,
            }],
        }] }),
            ),
        ),
        (
            "Levering",
            object(
                "Eén levering.",
                vec![
                    moet("id", naar("Uuid7")),
                    moet("aangenomenOp", naar("Tijdstip")),
                    moet("baan", naar("Urgentie")),
                    moet("bericht", naar("GeleverdBericht")),
                    moet("besluiten", lijst("Leveringsbesluit")),
                ],
            ),
        ),
        ("GeleverdBericht", geleverd),
        (
            "Leveringsbesluit",
            object(
                "Wat er voor deze ontvanger besloten is.",
                vec![
                    mag("deel", naar("Uuid7")),
                    moet("zin", tekst("Waarom deze ontvanger het krijgt.")),
                    moet("verplichtingen", lijst("Verplichting")),
                    moet("beleid", naar("Digest")),
                ],
            ),
        ),
    ]
}
