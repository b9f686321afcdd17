//! The fields of a form, read from a schema of the catalogue. Labels are the schema's own words: its `title`, else its `description`.

use std::sync::LazyLock;

use inbreng_catalogue::Catalogus;
use serde_json::Value;

use super::{HOOGSTENS, Veld, Veldsoort};

/// The pieces that the schemas refer to.
static GEDEELD: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(Catalogus::gedeelde_schemas()).unwrap_or_default());

/// Where a piece stands in the shared file.
const STUKKEN: &str = "gemeenschappelijk.json#/$defs/";

/// The fields of an object; nothing where a required one cannot be asked.
pub(in crate::inbox) fn velden(schema: &Value) -> Option<Vec<Veld>> {
    let schema = gevolgd(schema);
    let leden = schema.get("properties").and_then(Value::as_object)?;
    let verplicht: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    // Only where a statement is about a message are `delen` the parts of that message.
    let over_bericht = leden.get("bericht").is_some_and(|lid| stuk(lid) == Some("berichtId"));
    let mut velden = Vec::with_capacity(leden.len());
    for (naam, lid) in leden {
        let moet = verplicht.contains(&naam.as_str());
        match (soort(lid, over_bericht), woorden(lid)) {
            (Some(soort), Some((titel, uitleg))) => {
                velden.push(Veld { naam: naam.clone(), titel, uitleg, verplicht: moet, soort });
            }
            _ if moet => return None,
            _ => {}
        }
    }
    Some(velden)
}

/// What people call what a schema describes, where it has a name.
pub(in crate::inbox) fn titel(schema: &Value) -> Option<&str> {
    schema.get("title").or_else(|| gevolgd(schema).get("title")).and_then(Value::as_str)
}

fn stuk(lid: &Value) -> Option<&str> {
    lid.get("$ref").and_then(Value::as_str)?.strip_prefix(STUKKEN)
}

/// What a reference refers to.
fn gevolgd(schema: &Value) -> &Value {
    match stuk(schema).and_then(|naam| GEDEELD.get("$defs")?.get(naam)) {
        Some(stuk) => gevolgd(stuk),
        None => schema,
    }
}

fn soort(lid: &Value, over_bericht: bool) -> Option<Veldsoort> {
    match stuk(lid) {
        Some("berichtId") => return over_bericht.then_some(Veldsoort::Bericht),
        Some("datum") => return Some(Veldsoort::Datum),
        Some("tijdstip") => return Some(Veldsoort::Moment),
        Some("code") => return Some(Veldsoort::Code),
        Some("volgnummer") => return Some(Veldsoort::Volgnummer),
        Some("persoonRef") => return Some(Veldsoort::Persoon),
        Some("oin" | "deelId") => return None,
        _ => {}
    }
    let lid = gevolgd(lid);
    if let Some(keuzes) = keuzes(lid) {
        return Some(Veldsoort::Keuze(keuzes));
    }
    match lid.get("type").and_then(Value::as_str)? {
        "boolean" => Some(Veldsoort::JaNee),
        "integer" => Some(Veldsoort::Getal(lid.get("minimum")?.as_i64()?, lid.get("maximum")?.as_i64()?)),
        // What can be one thing only is not asked.
        "string" if lid.get("const").is_some() => None,
        "string" if lid.get("pattern").is_some() => Some(Veldsoort::Vorm),
        "string" => getal(lid, "maxLength").map(Veldsoort::Tekst),
        "object" => velden(lid).map(Veldsoort::Groep),
        "array" => lijst(lid, over_bericht),
        _ => None,
    }
}

fn lijst(lid: &Value, over_bericht: bool) -> Option<Veldsoort> {
    let een = lid.get("items")?;
    let hoogstens = getal(lid, "maxItems").unwrap_or(HOOGSTENS);
    if stuk(een) == Some("deelId") {
        return over_bericht.then_some(Veldsoort::Delen);
    }
    match soort(een, false)? {
        Veldsoort::Keuze(keuzes) => Some(Veldsoort::Vinkjes(keuzes)),
        Veldsoort::Persoon => Some(Veldsoort::Personen),
        Veldsoort::Groep(binnen) => Some(Veldsoort::Rijen(binnen, hoogstens)),
        Veldsoort::Tekst(lengte) => Some(Veldsoort::Regels(hoogstens, lengte)),
        _ => None,
    }
}

fn keuzes(lid: &Value) -> Option<Vec<String>> {
    let keuzes = lid.get("enum").and_then(Value::as_array)?;
    Some(keuzes.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn getal(lid: &Value, naam: &str) -> Option<usize> {
    usize::try_from(lid.get(naam)?.as_u64()?).ok()
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
    }
}
