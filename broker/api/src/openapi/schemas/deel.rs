//! A part: labels, sealed content, proofs.

use serde_json::{Value, json};

use super::{CASUS, Component, JWS, OIN, OIN_ANDER, PERSOON, UUID, UUID_ANDER, jws, lijst, mag, moet, naar, object};

pub(super) fn components() -> Vec<Component> {
    vec![
        (
            "Deel",
            object(
                "Een deel: één eigenaar, één soort gegevens.",
                vec![
                    moet("labels", naar("Labels")),
                    moet("inhoud", naar("Inhoud")),
                    moet("eigenaarsbewijs", jws("inbreng-deel+jws")),
                    moet("toegang", lijst("Toegang")),
                ],
            ),
        ),
        ("Labels", labels()),
        (
            "Betrokkene",
            object(
                "Over wie het gaat.",
                vec![moet("ref", naar("Persoonsverwijzing")), moet("leeftijdsgroep", naar("Leeftijdsgroep"))],
            ),
        ),
        ("Inhoud", inhoud()),
        (
            "Sleutelwrap",
            object(
                "De inhoudssleutel, verpakt voor één ontvanger.",
                vec![
                    moet(
                        "header",
                        object(
                            "Voor welke sleutel.",
                            vec![
                                moet(
                                    "kid",
                                    base64("^[A-Za-z0-9_-]{43}$", "RFC 7638-vingerafdruk van de sleutel van de ontvanger."),
                                ),
                                moet("epk", naar("Jwk")),
                            ],
                        ),
                    ),
                    moet("encrypted_key", base64("^[A-Za-z0-9_-]{54}$", "40 bytes: A256KW.")),
                ],
            ),
        ),
        (
            "Jwk",
            object(
                "Een openbare sleutel op P-256 (RFC 7517).",
                vec![
                    moet("kty", json!({ "type": "string", "enum": ["EC"] })),
                    moet("crv", json!({ "type": "string", "enum": ["P-256"] })),
                    moet("x", base64("^[A-Za-z0-9_-]{43}$", "32 bytes.")),
                    moet("y", base64("^[A-Za-z0-9_-]{43}$", "32 bytes.")),
                ],
            ),
        ),
        (
            "Toegang",
            object(
                "Wie het deel nog meer mag openen.",
                vec![moet("oin", naar("Oin")), moet("verklaring", jws("inbreng-toegang+jws"))],
            ),
        ),
    ]
}

fn labels() -> Value {
    object(
        "Wat er over een deel bekend mag zijn zonder het te openen. Onveranderlijk, ondertekend door de eigenaar.",
        vec![
            moet("bericht", naar("Uuid7")),
            moet("type", naar("Berichttype")),
            mag("variant", naar("Code")),
            mag("antwoordOp", naar("Uuid7")),
            moet("urgentie", naar("Urgentie")),
            moet("convenant", naar("Code")),
            moet("id", naar("Uuid7")),
            mag("casus", naar("Casusverwijzing")),
            moet("eigenaar", naar("Oin")),
            mag("namens", naar("Namens")),
            moet("functie", naar("Code")),
            mag("betrokkenen", lijst("Betrokkene")),
            moet("categorie", naar("Categorie")),
            mag("status", naar("Zekerheid")),
            mag("waargenomenOp", naar("Datum")),
            moet("doel", naar("Doel")),
            moet("grondslagen", lijst("Grondslag")),
            moet("noodbesluit", naar("JaNee")),
            moet("noodzaak", naar("Noodzaak")),
            moet("afgeschermd", naar("JaNee")),
            moet("briefing", naar("JaNee")),
            mag("overlegdeel", naar("Code")),
        ],
    )
}

fn inhoud() -> Value {
    object(
        "De verzegelde inhoud: JWE, algemene JSON-vorm (RFC 7516 §7.2.1), ECDH-ES+A256KW op P-256 met A256GCM.",
        vec![
            moet("protected", base64(BASE64, "Precies `{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\"}`.")),
            moet("aad", base64(BASE64, "De RFC 8785-vorm van de labels.")),
            moet("iv", base64("^[A-Za-z0-9_-]{16}$", "12 bytes.")),
            moet("ciphertext", base64(BASE64, "De verzegelde tekst, aangevuld tot een vaste maat.")),
            moet("tag", base64("^[A-Za-z0-9_-]{22}$", "16 bytes.")),
            moet("recipients", lijst("Sleutelwrap")),
        ],
    )
}

const BASE64: &str = "^[A-Za-z0-9_-]+$";

fn base64(patroon: &str, uitleg: &str) -> Value {
    json!({ "type": "string", "description": format!("Base64url. {uitleg}"), "pattern": patroon })
}

pub(super) fn voorbeeld_wrap() -> Value {
    json!({
        "header": { "kid": CASUS, "epk": { "kty": "EC", "crv": "P-256", "x": CASUS, "y": CASUS } },
        "encrypted_key": "A".repeat(54),
    })
}

pub(super) fn voorbeeld_labels() -> Value {
    json!({
        "bericht": UUID,
        "type": "nl.inbreng.incidentmelding.v1",
        "urgentie": "normaal",
        "convenant": "voorbeeldregio",
        "id": UUID_ANDER,
        "casus": CASUS,
        "eigenaar": OIN,
        "functie": "wijkagent",
        "betrokkenen": [{ "ref": PERSOON, "leeftijdsgroep": "18+" }],
        "categorie": "incident",
        "status": "feit",
        "waargenomenOp": "2026-11-20",
        "doel": "beoordelen",
        "grondslagen": ["wettelijke-taak"],
        "noodbesluit": "nee",
        "noodzaak": "toegelicht",
        "afgeschermd": "nee",
        "briefing": "nee",
    })
}

pub(super) fn voorbeeld() -> Value {
    json!({
        "labels": voorbeeld_labels(),
        "inhoud": {
            "protected": "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00ifQ",
            "aad": "e30",
            "iv": "AAAAAAAAAAAAAAAA",
            "ciphertext": "AAAA",
            "tag": "AAAAAAAAAAAAAAAAAAAAAA",
            "recipients": [voorbeeld_wrap()],
        },
        "eigenaarsbewijs": JWS,
        "toegang": [{ "oin": OIN_ANDER, "verklaring": JWS }],
    })
}
