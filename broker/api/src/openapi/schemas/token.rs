//! Token request and token, and the document itself.

use serde_json::json;

use super::{Component, mag, met_voorbeeld, moet, object, tekst};

pub(super) fn components() -> Vec<Component> {
    let verzoek = object(
        "RFC 6749 §4.4 met RFC 7523 §2.2.",
        vec![
            moet("grant_type", json!({ "type": "string", "enum": ["client_credentials"] })),
            moet("scope", tekst("Een of meer van `berichten`, `postvak`, `gids`, `logboek`, met een spatie ertussen.")),
            moet(
                "client_assertion_type",
                json!({ "type": "string", "enum": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"] }),
            ),
            moet(
                "client_assertion",
                tekst(
                    "JWT, ES256; `kid` is de vingerafdruk van het ondertekeningscertificaat; `iss` en `sub` het OIN, `aud` \
                     `urn:nld:oin:<OIN van het knooppunt>`, `jti` eenmalig, `iat`, `exp` hoogstens 60 seconden vooruit.",
                ),
            ),
            mag("client_id", tekst("Mag worden meegestuurd; telt niet.")),
        ],
    );
    let token = object(
        "Een toegangstoken (RFC 6749 §5.1).",
        vec![
            moet("access_token", tekst("Het token.")),
            moet("token_type", json!({ "type": "string", "enum": ["Bearer"] })),
            moet("expires_in", json!({ "type": "integer", "description": "Seconden." })),
            moet("scope", tekst("Wat er met het token kan.")),
        ],
    );
    vec![
        (
            "Tokenverzoek",
            met_voorbeeld(
                verzoek,
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
                token,
                json!({ "access_token": super::JWS, "token_type": "Bearer", "expires_in": 300, "scope": "berichten postvak" }),
            ),
        ),
        (
            "Openapi",
            json!({ "type": "object", "description": "Een OpenAPI-document.", "required": ["openapi", "info", "paths"] }),
        ),
    ]
}
