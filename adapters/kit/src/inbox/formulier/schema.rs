//! The fields of a form, read from a schema of the catalogue. Labels are the schema's own words: its `title`, else its `description`.

use serde_json::Value;

use super::{HOOGSTENS, Veld, Veldsoort};
use crate::inbox::schema::{self, gevolgd, leden, stuk, vast, vast_in_woorden};

/// One of the forms that a content may have.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::inbox) struct Vorm {
    /// What it is, in words; absent where there is one form only.
    pub(in crate::inbox) wat: Option<(String, String)>,
    /// What it asks.
    pub(in crate::inbox) velden: Vec<Veld>,
}

/// The forms of a content: each that can be asked. `wat`: the word that makes it that form, and what the schema says of it.
pub(in crate::inbox) fn vormen(schema: &Value) -> Vec<Vorm> {
    let vormen = schema::vormen(schema);
    if vormen.is_empty() {
        return velden(schema).map(|velden| Vorm { wat: None, velden }).into_iter().collect();
    }
    let een = |vorm: &Value| {
        let (woord, uitleg) = leden(vorm)?.values().find_map(|lid| Some((vast(lid)?.as_str()?, vast_in_woorden(lid)?)))?;
        Some(Vorm { wat: Some((woord.to_owned(), uitleg)), velden: velden(vorm)? })
    };
    vormen.iter().filter_map(een).collect()
}

/// The fields of an object; nothing where a required one cannot be asked.
pub(in crate::inbox) fn velden(schema: &Value) -> Option<Vec<Veld>> {
    let schema = gevolgd(schema);
    let leden = leden(schema)?;
    let verplicht: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    // Only where a statement is about a message are `delen` the parts of that message.
    let over_bericht = leden.get("bericht").is_some_and(|lid| stuk(lid) == Some("berichtId"));
    let mut velden = Vec::with_capacity(leden.len());
    for (naam, lid) in leden {
        let moet = verplicht.contains(&naam.as_str());
        let vast = vast(lid).filter(|_| moet).cloned().map(Veldsoort::Vast);
        match (vast.or_else(|| soort(lid, over_bericht)), schema::label(naam, lid)) {
            (Some(soort), Some((titel, uitleg))) => {
                velden.push(Veld { naam: naam.clone(), titel, uitleg, verplicht: moet, soort });
            }
            _ if moet => return None,
            _ => {}
        }
    }
    Some(velden)
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
        "string" if vast(lid).is_some() => None,
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
