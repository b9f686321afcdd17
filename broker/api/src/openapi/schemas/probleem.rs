//! Problems, tokens, and the document itself.

use inbreng_domain::{Problem, ProblemCode};
use serde_json::json;

use super::{Component, lijst, mag, met_voorbeeld, moet, object, tekst, woord};

pub(super) fn components() -> Vec<Component> {
    let probleem = object(
        "Een antwoord dat niet het gehoopte is (RFC 9457).",
        vec![
            moet("type", json!({ "type": "string", "format": "uri", "description": "Een naam, geen pagina." })),
            moet("title", tekst("Kort.")),
            moet(
                "status",
                json!({ "type": "integer", "minimum": 400, "maximum": 599, "description": "De HTTP-status nog eens." }),
            ),
            moet("detail", tekst("Voor mensen; zegt wat u kunt doen.")),
            moet("code", woord("De vaste code.", ProblemCode::ALL.iter().map(|c| c.as_str()))),
            mag("pad", tekst("JSON Pointer naar het veld waar het om gaat.")),
            mag("error", tekst("De RFC 6749-code; alleen bij het tokeneindpunt.")),
            mag("besluiten", lijst("Bewijsbesluit")),
        ],
    );
    vec![
        ("Probleem", met_voorbeeld(probleem, json!(Problem::new(ProblemCode::NietGevonden)))),
        (
            "Tokenverzoek",
            met_voorbeeld(
                object(
                    "RFC 6749 §4.4 met RFC 7523 §2.2.",
                    vec![
                        moet("grant_type", json!({ "type": "string", "enum": ["client_credentials"] })),
                        moet(
                            "scope",
                            tekst("Een of meer van `berichten`, `postvak`, `gids`, `logboek`, met een spatie ertussen."),
                        ),
                        moet(
                            "client_assertion_type",
                            json!({
                                "type": "string",
                                "enum": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
                            }),
                        ),
                        moet(
                            "client_assertion",
                            tekst(
                                "JWT, ES256, `kid` is de vingerafdruk van het ondertekeningscertificaat; `iss` en `sub` het OIN, `aud` \
                     `urn:nld:oin:<OIN van het knooppunt>`, `jti` eenmalig, `iat`, `exp` hoogstens 60 seconden vooruit.",
                            ),
                        ),
                        mag("client_id", tekst("Mag worden meegestuurd; telt niet.")),
                    ],
                ),
                json!({
                    "grant_type": "client_credentials",
                    "scope": "berichten postvak",
                    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    "client_assertion": super::JWS,
                }),
            ),
        ),
        (
            "Token",
            met_voorbeeld(
                object(
                    "Een toegangstoken (RFC 6749 §5.1).",
                    vec![
                        moet("access_token", tekst("Het token.")),
                        moet("token_type", json!({ "type": "string", "enum": ["Bearer"] })),
                        moet("expires_in", json!({ "type": "integer", "description": "Seconden." })),
                        moet("scope", tekst("Wat er met het token kan.")),
                    ],
                ),
                json!({ "access_token": super::JWS, "token_type": "Bearer", "expires_in": 300, "scope": "berichten postvak" }),
            ),
        ),
        (
            "Openapi",
            json!({ "type": "object", "description": "Een OpenAPI-document.", "required": ["openapi", "info", "paths"] }),
        ),
    ]
}
