//! What the catalogue's schemas say in words: what a piece refers to, what people call it. The form asks by it and the reading
//! view shows by it.

use std::sync::LazyLock;

use inbreng_catalogue::Catalogus;
use serde_json::{Map, Value};

use super::bladzijde::leesbaar;

/// The pieces that the schemas refer to.
static GEDEELD: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(Catalogus::gedeelde_schemas()).unwrap_or_default());

/// Where a piece stands in the shared file.
const STUKKEN: &str = "gemeenschappelijk.json#/$defs/";

/// What people call what a schema describes, where it has a name.
pub(super) fn titel(schema: &Value) -> Option<&str> {
    schema.get("title").or_else(|| gevolgd(schema).get("title")).and_then(Value::as_str)
}

/// The name of the shared piece that it refers to.
pub(super) fn stuk(lid: &Value) -> Option<&str> {
    lid.get("$ref").and_then(Value::as_str)?.strip_prefix(STUKKEN)
}

/// What a reference refers to.
pub(super) fn gevolgd(schema: &Value) -> &Value {
    match stuk(schema).and_then(|naam| GEDEELD.get("$defs")?.get(naam)) {
        Some(stuk) => gevolgd(stuk),
        None => schema,
    }
}

/// The forms that it may have, where it is one of several.
pub(super) fn vormen(schema: &Value) -> &[Value] {
    gevolgd(schema).get("oneOf").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The one of its forms that this is; where it has one form, that one.
pub(super) fn vorm_van<'s>(schema: &'s Value, waarde: &Value) -> &'s Value {
    let past = |vorm: &&Value| {
        leden(vorm).is_some_and(|leden| leden.iter().all(|(naam, lid)| vast(lid).is_none_or(|v| waarde.get(naam) == Some(v))))
    };
    vormen(schema).iter().find(past).unwrap_or_else(|| gevolgd(schema))
}

/// The members of an object.
pub(super) fn leden(schema: &Value) -> Option<&Map<String, Value>> {
    gevolgd(schema).get("properties").and_then(Value::as_object)
}

/// The one thing that it can be.
pub(super) fn vast(lid: &Value) -> Option<&Value> {
    gevolgd(lid).get("const")
}

/// What the one thing that it can be is in words.
pub(super) fn vast_in_woorden(lid: &Value) -> Option<String> {
    vast(lid)?;
    gevolgd(lid).get("description").and_then(Value::as_str).map(|uitleg| kop(&zonder_bron(uitleg)))
}

/// The label and the words below it: at the place itself, else where it refers to. Of a description the first sentence is the label.
fn woorden(lid: &Value) -> Option<(String, Option<String>)> {
    [lid, gevolgd(lid)].into_iter().find_map(|s| {
        let tekst = |naam| s.get(naam).and_then(Value::as_str).map(zonder_bron);
        match (tekst("title"), tekst("description")) {
            (Some(titel), uitleg) => Some((kop(&titel), uitleg.filter(|u| kop(u) != kop(&titel)))),
            (None, Some(uitleg)) => Some(match uitleg.split_once(". ") {
                Some((eerst, rest)) => (kop(eerst), Some(rest.to_owned())),
                None => (kop(&uitleg), None),
            }),
            (None, None) => None,
        }
    })
}

/// What a member is called. Where only the shared piece has words and those say no more than that it is a person or a day, its own
/// name says which: `verdachte` is no mere `Persoon`.
pub(super) fn label(naam: &str, lid: &Value) -> Option<(String, Option<String>)> {
    let zonder_eigen = lid.get("title").or_else(|| lid.get("description")).is_none();
    if zonder_eigen && naam != "ref" && matches!(stuk(lid), Some("persoonRef" | "datum" | "tijdstip" | "code")) {
        return Some((leesbaar(naam), None));
    }
    woorden(lid)
}

fn kop(tekst: &str) -> String {
    tekst.trim_end_matches('.').to_owned()
}

/// Without the rule or source that a description names between brackets: `(R9, R35)`, `(000:253)`.
fn zonder_bron(tekst: &str) -> String {
    let mut uit = String::with_capacity(tekst.len());
    let mut rest = tekst;
    while let Some((voor, na)) = rest.split_once(" (") {
        let Some((binnen, daarna)) = na.split_once(')') else { break };
        uit.push_str(voor);
        if !binnen.split(", ").all(is_bron) {
            uit.push_str(" (");
            uit.push_str(binnen);
            uit.push(')');
        }
        rest = daarna;
    }
    uit.push_str(rest);
    uit
}

fn is_bron(tekst: &str) -> bool {
    let regel = tekst.strip_prefix('R').unwrap_or(tekst);
    tekst == "GK" || !regel.is_empty() && regel.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '-'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_label_is_what_people_say_without_rule_numbers() {
        for (lid, titel, uitleg) in [
            (json!({ "title": "Feit?", "description": "Feit of vermoeden (R30)." }), "Feit?", Some("Feit of vermoeden.")),
            (
                json!({ "description": "Hoe het staat. De reden staat verzegeld." }),
                "Hoe het staat",
                Some("De reden staat verzegeld."),
            ),
            (json!({ "description": "Waarom het nu moet (R9, R35)." }), "Waarom het nu moet", None),
            (json!({ "description": "Waarop het rust (000:253)." }), "Waarop het rust", None),
            (json!({ "description": "Taal (BCP 47, twee letters)." }), "Taal (BCP 47, twee letters)", None),
            (json!({ "$ref": "gemeenschappelijk.json#/$defs/datum", "description": "Eerste dag." }), "Eerste dag", None),
        ] {
            assert_eq!(woorden(&lid), Some((titel.to_owned(), uitleg.map(str::to_owned))), "{lid}");
        }
        assert_eq!(woorden(&json!({ "type": "string" })), None);
        let persoon = json!({ "$ref": "gemeenschappelijk.json#/$defs/persoonRef" });
        assert_eq!(label("verdachte", &persoon).unwrap().0, "Verdachte");
        assert_eq!(label("ref", &persoon).unwrap().0, "Persoon");
    }
}
