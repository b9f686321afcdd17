//! The directory, the catalogue, covenants and routing.

use serde_json::{Value, json};

use super::{Component, DIGEST, JWS, OIN, getal, lijst, mag, met_voorbeeld, moet, naar, object, tekst};

pub(super) fn components() -> Vec<Component> {
    vec![
        (
            "Partners",
            met_voorbeeld(
                object("De gids.", vec![moet("partners", lijst("Partner"))]),
                json!({ "partners": [{
                    "oin": OIN, "naam": "Veilig Thuis Voorbeeldregio", "partnertype": "veilig-thuis", "gids": gids(),
                }] }),
            ),
        ),
        (
            "Partner",
            object(
                "Een aangesloten organisatie; alleen de ondertekende verklaringen in `gids` tellen.",
                vec![
                    moet("oin", naar("Oin")),
                    moet("naam", tekst("Naam van de organisatie.")),
                    moet("partnertype", naar("Partnertype")),
                    moet("gids", naar("Gidsvermelding")),
                    mag("bezorgschema", naar("Bezorgschema")),
                ],
            ),
        ),
        (
            "Vermeldingverzoek",
            met_voorbeeld(
                object(
                    "De eigen vermelding; met een nieuw certificaat ook de sleutelverklaringen, nieuwste eerst.",
                    vec![
                        moet("verklaring", naar("Jws")),
                        moet("medeondertekening", naar("Jws")),
                        mag("sleutels", lijst("Sleutelvermelding")),
                    ],
                ),
                json!({ "verklaring": JWS, "medeondertekening": JWS, "sleutels": [medeondertekend()] }),
            ),
        ),
        (
            "Sleutelverzoek",
            met_voorbeeld(
                object("Sleutelverklaringen, nieuwste eerst.", vec![moet("sleutels", lijst("Sleutelvermelding"))]),
                json!({ "sleutels": [medeondertekend()] }),
            ),
        ),
        (
            "Routering",
            met_voorbeeld(
                object(
                    "Wie welke rol vervult in een gemeente.",
                    vec![moet("gemeente", naar("GemeenteCode")), moet("rollen", lijst("Routeringsregel"))],
                ),
                json!({ "gemeente": "0518", "rollen": [{ "rol": "veilig-thuis", "partners": [OIN] }] }),
            ),
        ),
        (
            "Routeringsregel",
            object("Wie één rol vervult.", vec![moet("rol", naar("Partnertype")), moet("partners", lijst("Oin"))]),
        ),
        (
            "Convenanten",
            met_voorbeeld(
                object("De convenanten die gelden.", vec![moet("convenanten", lijst("Convenant"))]),
                json!({ "convenanten": [{
                    "convenant": "voorbeeldregio", "beleid": DIGEST, "bundel": JWS, "toetredingen": [medeondertekend()],
                    "uittredingen": [JWS],
                }] }),
            ),
        ),
        (
            "Convenant",
            object(
                "Een convenant met zijn beleid.",
                vec![
                    moet("convenant", naar("Code")),
                    moet("beleid", naar("Digest")),
                    moet("bundel", naar("Jws")),
                    mag("activering", naar("Jws")),
                    mag("toetredingen", lijst("Medeondertekend")),
                    mag("uittredingen", lijst("Jws")),
                ],
            ),
        ),
        (
            "Berichttypen",
            met_voorbeeld(
                object("De catalogus.", vec![moet("berichttypen", lijst("Berichttypebeschrijving"))]),
                json!({ "berichttypen": [voorbeeld_type()] }),
            ),
        ),
        ("Berichttypebeschrijving", berichttype()),
    ]
}

fn berichttype() -> Value {
    let woorden = |uitleg: &str| json!({ "type": "array", "items": { "type": "string" }, "description": uitleg });
    let variant = object("Een variant.", vec![moet("code", naar("Code")), moet("omschrijving", tekst("Waarvoor zij is."))]);
    object(
        "Een berichttype.",
        vec![
            moet("type", naar("Berichttype")),
            moet("nummer", getal(1, "Nummer in de catalogus.")),
            moet("titel", tekst("Hoe mensen het noemen.")),
            moet("omschrijving", tekst("Waarvoor het is.")),
            moet("varianten", json!({ "type": "array", "items": variant })),
            moet("van", woorden("Wie het mag versturen.")),
            moet("naar", woorden("Wie het mag ontvangen.")),
            moet("doelen", lijst("Doel")),
            moet("categorieen", lijst("Categorie")),
            moet("minimaalDelen", getal(0, "Minste delen.")),
            moet("maximaalDelen", getal(0, "Meeste delen.")),
            moet("grootsteInhoud", getal(0, "Grootste verzegelde inhoud van één deel, in bytes.")),
            moet("wijze", naar("Toegangswijze")),
            moet("gebruik", lijst("Gebruik")),
            moet("antwoordOp", lijst("Code")),
        ],
    )
}

fn voorbeeld_type() -> Value {
    json!({
        "type": "nl.inbreng.incidentmelding.v1",
        "nummer": 1,
        "titel": "Incidentmelding",
        "omschrijving": "De politie meldt een incident aan Veilig Thuis.",
        "varianten": [],
        "van": ["politie"],
        "naar": ["veilig-thuis"],
        "doelen": ["beoordelen"],
        "categorieen": ["incident", "kind"],
        "minimaalDelen": 1,
        "maximaalDelen": 8,
        "grootsteInhoud": 262_144,
        "wijze": "meegeleverd",
        "gebruik": ["dossier"],
        "antwoordOp": [],
    })
}

fn medeondertekend() -> Value {
    json!({ "verklaring": JWS, "medeondertekening": JWS })
}

fn gids() -> Value {
    json!({ "vermelding": medeondertekend(), "sleutels": [medeondertekend()] })
}
