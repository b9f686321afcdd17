//! The document as a whole.

use std::{collections::BTreeSet, sync::OnceLock};

use actix_web::web::Bytes;
use serde_json::{Map, Value, json};

use super::{operatie, schemas};
use crate::{
    afspraken::API_VERSIE,
    eindpunt::{BASIS, Eindpunt},
    identity::Bereik,
    v1,
};

/// What each group of operations is about.
const TAGS: &[(&str, &str)] = &[
    ("Toegang", "Een toegangstoken, gebonden aan het certificaat van de verbinding."),
    ("Berichten", "Toetsen, versturen en volgen."),
    ("Leveringen", "Ophalen, bevestigen, weigeren en inzien."),
    ("Gids", "Wie er is aangesloten, wat er kan worden gestuurd en wat er is afgesproken."),
    ("Logboek", "Bewijs van wat er is vastgelegd."),
    (
        "Beheer",
        "Beleidsversies: van concept tot activering, door twee organisaties goedgekeurd; en waar strenger is besloten dan nodig.",
    ),
    ("Beschrijving", "Deze beschrijving."),
];

/// The API document.
#[must_use]
pub fn document() -> Value {
    let (paths, tags) = paden("", v1::eindpunten(), TAGS);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Inbreng, API voor partners",
            "version": API_VERSIE,
            "summary": "Gegevens uitwisselen bij huiselijk geweld en kindermishandeling, zoals het convenant het toestaat.",
            "description": "Elke verbinding is mTLS met het certificaat van de organisatie (OIN in `subject.serialNumber`). \
                Elk antwoord draagt `API-Version`. Elke weigering is `application/problem+json` (RFC 9457) met een vaste `code`. \
                Onbekende velden worden geweigerd. Wie iets niet mag weten, krijgt hetzelfde antwoord als wanneer het niet bestaat.",
            "contact": contact(),
            "license": licentie(),
        },
        "servers": [server(BASIS)],
        "tags": tags,
        "paths": paths,
        "components": {
            "headers": { "API-Version": operatie::version_component(), "ETag": operatie::etag_component() },
            "schemas": schemas::alle(),
            "securitySchemes": toegang(),
        },
    })
}

/// The paths of these endpoints, each after `voor`, and the tags that they use.
pub(super) fn paden(voor: &str, eindpunten: Vec<Eindpunt>, tags: &[(&str, &str)]) -> (Map<String, Value>, Vec<Value>) {
    let mut paths: Map<String, Value> = Map::new();
    let mut used = BTreeSet::new();
    for eindpunt in eindpunten {
        let operatie = (eindpunt.operatie)();
        used.insert(operatie.tag());
        let item = paths.entry(format!("{voor}{}", eindpunt.pad)).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(eindpunt.methode.as_str().to_lowercase(), operatie.json(eindpunt.slot));
        }
    }
    let used = tags.iter().filter(|(naam, _)| used.contains(naam));
    (paths, used.map(|(naam, uitleg)| json!({ "name": naam, "description": uitleg })).collect())
}

/// Where an API is served.
pub(super) fn server(basis: &str) -> Value {
    json!({
        "url": format!("https://{{host}}{basis}"),
        "description": "Een knooppunt.",
        "variables": { "host": { "default": "localhost:8443", "description": "Adres van het knooppunt van de regio." } },
    })
}

pub(super) fn contact() -> Value {
    json!({ "name": "Beheer van het knooppunt", "email": "beheer@inbreng.example", "url": "https://inbreng.example/" })
}

pub(super) fn licentie() -> Value {
    json!({ "name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12" })
}

/// How a caller proves who it is.
pub(super) fn toegang() -> Value {
    let scopes: Map<String, Value> = Bereik::ALL.iter().map(|b| (b.as_str().to_owned(), b.omschrijving().into())).collect();
    json!({
        "certificaat": {
            "type": "mutualTLS",
            "description": "TLS-certificaat van de organisatie, onder de wortel van het stelsel en niet ingetrokken.",
        },
        "token": {
            "type": "oauth2",
            "description": "Client credentials met `private_key_jwt`; het token is gebonden aan het certificaat (RFC 8705).",
            "flows": { "clientCredentials": { "tokenUrl": format!("{BASIS}/token"), "scopes": scopes } },
        },
    })
}

/// The document as it is served: made once.
pub fn tekst() -> Bytes {
    static TEKST: OnceLock<Bytes> = OnceLock::new();
    TEKST.get_or_init(|| Bytes::from(document().to_string())).clone()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn every_operation_is_complete() {
        assert_eq!(volledig(&document(), TAGS), v1::eindpunten().len());
    }

    #[test]
    fn every_reference_is_there() {
        verwijst(&document());
    }

    /// Every operation has what it should; how many there are.
    pub(crate) fn volledig(document: &Value, tags: &[(&str, &str)]) -> usize {
        let mut seen = BTreeSet::new();
        for (pad, item) in document["paths"].as_object().unwrap() {
            for (methode, operation) in item.as_object().unwrap() {
                let at = format!("{methode} {pad}");
                assert!(seen.insert(operation["operationId"].as_str().unwrap().to_owned()), "{at}");
                assert!(tags.iter().any(|(naam, _)| operation["tags"][0] == *naam), "{at}");
                for (status, response) in operation["responses"].as_object().unwrap() {
                    assert!(response["headers"]["API-Version"].is_object(), "{at} {status}");
                    let code: u16 = status.parse().unwrap();
                    let problem = response["content"]["application/problem+json"].is_object();
                    assert_eq!(problem, code >= 400, "{at} {status}");
                }
                let writes = methode != "get";
                assert!(!writes || operation["responses"]["400"].is_object(), "{at}");
                let named = pad.matches('{').count();
                let given = operation["parameters"].as_array().map_or(0, |p| p.iter().filter(|p| p["in"] == "path").count());
                assert_eq!(named, given, "{at}");
            }
        }
        seen.len()
    }

    pub(crate) fn verwijst(document: &Value) {
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}
