//! The published schemas of the wire as components: `bericht-envelop.json` becomes `BerichtEnvelop`, a piece of
//! `basis.json` becomes a component of its own, and references follow.

use inbreng_domain::schemas;
use serde_json::{Map, Value};

/// The file whose `$defs` are pieces for the others.
const BASIS: &str = "basis";

/// Every published schema.
pub(super) fn components() -> Vec<(String, Value)> {
    let mut components = Vec::new();
    for (naam, tekst) in schemas::ALL {
        // The texts are part of the program; that each is JSON is tested.
        let Ok(Value::Object(mut schema)) = serde_json::from_str(tekst) else { continue };
        if *naam == BASIS {
            if let Some(Value::Object(stukken)) = schema.remove("$defs") {
                components.extend(stukken.into_iter().map(|(stuk, s)| (component(&stuk), verwijzen(s))));
            }
        } else {
            schema.remove("$schema");
            schema.remove("$id");
            components.push((component(naam), verwijzen(Value::Object(schema))));
        }
    }
    components
}

/// `bericht-envelop` → `BerichtEnvelop`, `regelId` → `RegelId`.
fn component(naam: &str) -> String {
    naam.split('-')
        .map(|woord| {
            let mut letters = woord.chars();
            letters.next().map_or_else(String::new, |eerste| eerste.to_uppercase().chain(letters).collect())
        })
        .collect()
}

/// Turns references between files into references between components.
fn verwijzen(schema: Value) -> Value {
    match schema {
        Value::Object(leden) => Value::Object(
            leden
                .into_iter()
                .map(|(naam, waarde)| match (naam.as_str(), &waarde) {
                    ("$ref", Value::String(doel)) => (naam, verwijzing(doel).into()),
                    // What an example holds is no schema.
                    ("examples", _) => (naam, waarde),
                    _ => (naam, verwijzen(waarde)),
                })
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(verwijzen).collect()),
        anders => anders,
    }
}

fn verwijzing(doel: &str) -> String {
    let (bestand, stuk) = doel.split_once('#').unwrap_or((doel, ""));
    let naam = stuk.strip_prefix("/$defs/").unwrap_or_else(|| bestand.trim_end_matches(".json"));
    format!("#/components/schemas/{}", component(naam))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_published_schema_is_a_component_with_a_name_of_its_own() {
        let components = components();
        let names: BTreeSet<_> = components.iter().map(|(naam, _)| naam).collect();
        assert_eq!(names.len(), components.len());
        let stukken = serde_json::from_str::<Value>(schemas::schema(BASIS).unwrap()).unwrap();
        assert_eq!(components.len(), schemas::ALL.len() - 1 + stukken["$defs"].as_object().unwrap().len());
        assert!(names.contains(&"BerichtEnvelop".to_owned()) && names.contains(&"RegelId".to_owned()));
    }

    #[test]
    fn references_follow() {
        assert_eq!(verwijzing("levering.json"), "#/components/schemas/Levering");
        assert_eq!(verwijzing("basis.json#/$defs/jaNee"), "#/components/schemas/JaNee");
    }
}
