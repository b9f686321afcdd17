//! The document of the AuthZEN endpoints: a document of its own, since their paths are the standard's.

use std::{collections::BTreeSet, sync::OnceLock};

use actix_web::web::Bytes;
use serde_json::{Map, Value, json};

use super::{
    document::{contact, licentie, paden, server, toegang},
    operatie, schemas,
};
use crate::{access, afspraken::API_VERSIE};

const TAGS: &[(&str, &str)] = &[
    ("AuthZEN", "Vragen of iets mag, in de woorden van OpenID AuthZEN 1.0 en het NL GOV-profiel daarvan."),
    ("Beschrijving", "Deze beschrijving."),
];

/// The API document.
#[must_use]
pub fn document() -> Value {
    let vindplaatsen = access::vindplaatsen();
    let bekend: Vec<String> = vindplaatsen.iter().map(|e| format!("{}{}", access::BEKEND, e.pad)).collect();
    let (gevonden, _) = paden(access::BEKEND, vindplaatsen, TAGS);
    let (mut paths, tags) = paden("", access::eindpunten(), TAGS);
    paths.extend(gevonden);
    for pad in bekend {
        // A well-known address is below no base.
        if let Some(item) = paths.get_mut(&pad).and_then(Value::as_object_mut) {
            item.insert("servers".into(), json!([server("")]));
        }
    }
    let paths = Value::Object(paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Inbreng, AuthZEN",
            "version": API_VERSIE,
            "summary": "Vragen of iets gedeeld mag worden, met de standaard voor beslispunten.",
            "description": "Vraag en antwoord volgen OpenID AuthZEN Authorization API 1.0 en het NL GOV-profiel. Onderwerp is \
                altijd de organisatie van het certificaat; niemand vraagt namens een ander. Onbekende velden worden genegeerd; wat \
                ontbreekt, krijgt de strengste waarde. Wie iets niet mag weten, krijgt hetzelfde antwoord als wanneer het niet \
                bestaat. Aanmelden gaat als bij de API voor partners.",
            "contact": contact(),
            "license": licentie(),
        },
        "servers": [server(access::BASIS)],
        "tags": tags,
        "components": {
            "headers": { "API-Version": operatie::version_component(), "X-Request-ID": operatie::request_id_component() },
            "parameters": { "X-Request-ID": operatie::request_id_parameter() },
            "schemas": gebruikt(&paths),
            "securitySchemes": toegang(),
        },
        "paths": paths,
    })
}

/// The components that are referred to, directly or by one another.
fn gebruikt(paths: &Value) -> Map<String, Value> {
    let alle = schemas::alle();
    let mut nodig = BTreeSet::new();
    let mut te_doen = vec![paths];
    while let Some(value) = te_doen.pop() {
        match value {
            Value::Object(leden) => {
                if let Some(naam) =
                    leden.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"))
                    && let Some((naam, schema)) = alle.get_key_value(naam)
                    && nodig.insert(naam.as_str())
                {
                    te_doen.push(schema);
                }
                te_doen.extend(leden.values());
            }
            Value::Array(items) => te_doen.extend(items),
            _ => {}
        }
    }
    alle.iter().filter(|(naam, _)| nodig.contains(naam.as_str())).map(|(naam, s)| (naam.clone(), s.clone())).collect()
}

/// The document as it is served: made once.
pub fn tekst() -> Bytes {
    static TEKST: OnceLock<Bytes> = OnceLock::new();
    TEKST.get_or_init(|| Bytes::from(document().to_string())).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::document::tests::{verwijst, volledig};

    #[test]
    fn every_operation_is_complete_and_every_reference_there() {
        let document = document();
        let mut zonder_servers = document.clone();
        for item in zonder_servers["paths"].as_object_mut().unwrap().values_mut() {
            item.as_object_mut().unwrap().remove("servers");
        }
        assert_eq!(volledig(&zonder_servers, TAGS), access::eindpunten().len() + access::vindplaatsen().len());
        verwijst(&document);
    }

    #[test]
    fn it_holds_what_it_needs_and_not_the_whole_wire() {
        let document = document();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert!(schemas.contains_key("Problem") && schemas.contains_key("Alternatief"));
        assert!(!schemas.contains_key("BerichtEnvelop"));
    }
}
