//! A message: envelope, `bericht`, `kop`.

use inbreng_domain::limits::Limits;
use serde_json::{Value, json};

use super::{
    CASUS, Component, DIGEST, JWS_LOS, OIN, TIJD, UUID, UUID_ANDER, deel, jws, lijst, mag, met_voorbeeld, moet, naar, object,
};

pub(super) fn components() -> Vec<Component> {
    vec![
        ("Bericht", envelope()),
        ("Berichtkern", kern()),
        ("Kop", kop()),
        (
            "Deelverwijzing",
            object(
                "Een deel met de digest van het hele deelobject.",
                vec![moet("id", naar("Uuid7")), moet("digest", naar("Digest"))],
            ),
        ),
        ("Geadresseerde", geadresseerde()),
    ]
}

fn envelope() -> Value {
    let data = object(
        "De ondertekende inhoud.",
        vec![
            moet("bericht", naar("Berichtkern")),
            moet("kop", naar("Kop")),
            mag("delen", json!({ "type": "array", "items": naar("Deel"), "maxItems": Limits::default().parts })),
        ],
    );
    met_voorbeeld(
        object(
            "Een bericht: CloudEvents 1.0, gestructureerde vorm, NL GOV-profiel.",
            vec![
                moet("specversion", json!({ "type": "string", "enum": ["1.0"] })),
                moet("id", naar("Uuid7")),
                moet(
                    "source",
                    json!({
                        "type": "string",
                        "description": "Welk systeem van welke organisatie; het OIN is dat van het certificaat.",
                        "pattern": "^urn:nld:oin:[0-9]{20}:systeem:[a-z0-9]+(-[a-z0-9]+)*$",
                    }),
                ),
                moet("type", naar("Berichttype")),
                moet("time", naar("Tijdstip")),
                mag("subject", naar("Casusverwijzing")),
                mag("datacontenttype", json!({ "type": "string", "enum": ["application/json"] })),
                moet("data", data),
            ],
        ),
        json!({
            "specversion": "1.0",
            "id": UUID,
            "source": format!("urn:nld:oin:{OIN}:systeem:registratie"),
            "type": "nl.inbreng.incidentmelding.v1",
            "time": TIJD,
            "subject": CASUS,
            "datacontenttype": "application/json",
            "data": {
                "bericht": voorbeeld_kern(),
                "kop": {
                    "bericht": DIGEST,
                    "convenant": "voorbeeldregio",
                    "beleid": DIGEST,
                    "opening": CASUS,
                    "gemeente": "0518",
                    "geadresseerden": [{ "rol": "veilig-thuis" }],
                    "delen": [{ "id": UUID_ANDER, "digest": DIGEST }],
                    "handtekening": JWS_LOS,
                },
                "delen": [deel::voorbeeld()],
            },
        }),
    )
}

fn kern() -> Value {
    object(
        "Wat elke ontvanger van een bericht mag weten; ondertekend door de afzender.",
        vec![
            moet("id", naar("Uuid7")),
            moet("type", naar("Berichttype")),
            mag("variant", naar("Code")),
            mag("casus", naar("Casusverwijzing")),
            moet("van", naar("Oin")),
            moet("tijd", naar("Tijdstip")),
            moet("urgentie", naar("Urgentie")),
            mag("antwoordOp", naar("Uuid7")),
            moet(
                "verklaring",
                json!({
                    "type": "object",
                    "description": "Het open object van het berichttype. Het schema per type staat in de catalogus; gesloten, zonder vrije tekst.",
                }),
            ),
            mag("checkpoint", jws("inbreng-checkpoint+jws")),
            moet("handtekening", losse_jws("inbreng-bericht+jws")),
        ],
    )
}

pub(super) fn voorbeeld_kern() -> Value {
    json!({
        "id": UUID,
        "type": "nl.inbreng.incidentmelding.v1",
        "casus": CASUS,
        "van": OIN,
        "tijd": TIJD,
        "urgentie": "normaal",
        "verklaring": {},
        "handtekening": JWS_LOS,
    })
}

fn kop() -> Value {
    object(
        "Alleen voor het knooppunt; ondertekend door de afzender, nooit doorgegeven.",
        vec![
            moet("bericht", naar("Digest")),
            moet("convenant", naar("Code")),
            moet("beleid", naar("Digest")),
            mag("opening", naar("Opening")),
            mag("gemeente", naar("Gemeentecode")),
            mag("geadresseerden", lijst("Geadresseerde")),
            mag("delen", lijst("Deelverwijzing")),
            moet("handtekening", losse_jws("inbreng-kop+jws")),
        ],
    )
}

fn geadresseerde() -> Value {
    json!({
        "description": "Een organisatie bij naam, of wie een rol vervult in de gemeente van de kop.",
        "oneOf": [
            object("Een organisatie.", vec![moet("oin", naar("Oin")), mag("functie", naar("Code"))]),
            object("Een rol.", vec![moet("rol", naar("Partnertype")), mag("functie", naar("Code"))]),
        ],
    })
}

fn losse_jws(typ: &str) -> Value {
    json!({
        "type": "string",
        "description": format!("JWS met losse inhoud (RFC 7515, bijlage F), `typ` is `{typ}`."),
        "pattern": "^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+$",
    })
}
