//! The document is whole: every operation complete, every reference there, every path of the mapping in it.

use super::*;

fn paden() -> Vec<String> {
    vec!["/mutaties/huiselijk-geweld".to_owned(), "/handle-with-care".to_owned()]
}

fn verwijzingen(waarde: &Value, uit: &mut Vec<String>) {
    match waarde {
        Value::Object(leden) => {
            for (naam, v) in leden {
                match (naam.as_str(), v) {
                    ("$ref", Value::String(doel)) => uit.push(doel.clone()),
                    ("examples", _) => {}
                    _ => verwijzingen(v, uit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| verwijzingen(v, uit)),
        _ => {}
    }
}

#[test]
fn every_operation_is_complete_and_has_a_name_of_its_own() {
    let document = document(&paden());
    let mut namen = BTreeSet::new();
    let mut aantal = 0;
    for (pad, item) in document["paths"].as_object().unwrap() {
        for (methode, operatie) in item.as_object().unwrap() {
            aantal += 1;
            assert!(namen.insert(operatie["operationId"].as_str().unwrap().to_owned()), "{methode} {pad}");
            for veld in ["summary", "description"] {
                assert!(operatie[veld].as_str().is_some_and(|t| t.len() > 5), "{methode} {pad}: {veld}");
            }
            assert!(TAGS.iter().any(|(naam, _)| operatie["tags"][0] == *naam), "{methode} {pad}");
            let antwoorden = operatie["responses"].as_object().unwrap();
            assert!(antwoorden.keys().any(|s| s.starts_with('2')), "{methode} {pad}");
            let open = operatie["security"].as_array().unwrap().is_empty();
            assert_eq!(open, ["/healthz", "/readyz"].contains(&pad.as_str()), "{pad}");
            assert_eq!(antwoorden.contains_key("401"), !open, "{pad}");
            let in_pad = pad.matches('{').count();
            let genoemd = operatie["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path").count();
            assert_eq!(in_pad, genoemd, "{pad}");
        }
    }
    let vast = alle().iter().filter(|e| matches!(e.plek, Plek::Vast(_))).count();
    assert_eq!(aantal, vast + 3 * paden().len());
}

#[test]
fn every_reference_is_there_and_every_schema_is_one() {
    let document = document(&paden());
    let mut doelen = Vec::new();
    verwijzingen(&document, &mut doelen);
    assert!(doelen.len() > 50);
    for doel in doelen {
        assert!(document.pointer(doel.trim_start_matches('#')).is_some(), "{doel}");
    }
    for naam in document["components"]["schemas"].as_object().unwrap().keys() {
        validator(&document, naam);
    }
}

/// A validator for one component of a document.
pub(crate) fn validator(document: &Value, naam: &str) -> jsonschema::Validator {
    let mut schema = json!({ "$ref": format!("#/components/schemas/{naam}") });
    schema["components"] = document["components"].clone();
    jsonschema::validator_for(&schema).unwrap_or_else(|e| panic!("{naam}: {e}"))
}

#[test]
fn a_problem_and_a_decision_as_they_are_fit() {
    use inbreng_domain::{Problem, ProblemCode, receipts::Bewijsbesluit};
    let document = document(&paden());
    let probleem = json!(Problem::new(ProblemCode::TokenOngeldig));
    assert!(validator(&document, "Problem").is_valid(&probleem), "{probleem}");
    let besluit: Bewijsbesluit = serde_json::from_value(json!({
        "ontvanger": "00000001123456789000", "stand": "geweigerd", "regels": ["R8"], "zin": "Dat mag niet.",
        "verplichtingen": [], "alternatieven": [],
    }))
    .unwrap();
    assert!(validator(&document, "Besluit").is_valid(&json!(besluit)));
    assert!(!validator(&document, "Besluit").is_valid(&json!({ "zin": "Dat mag niet." })));
}
