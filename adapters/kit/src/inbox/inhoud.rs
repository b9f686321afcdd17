//! Content for human eyes: a statement or a part as a document. Labels and words come from the catalogue's schema; what a schema does
//! not know is shown all the same, by its own name.

use inbreng_domain::{Datum, Tijdstip};
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{
    bladzijde::leesbaar,
    namen::Namen,
    regels, schema, tijd,
    woorden::{gelezen, taal, woord},
};

/// Rows with at most so many members, each short, are shown as a table.
const KOLOMMEN: usize = 4;
/// What is longer than so many characters stands in no column.
const KORT: usize = 80;

/// One member of an object: its label, its value, and the schema that it is judged by.
struct Lid<'v> {
    label: String,
    waarde: &'v Value,
    schema: Option<&'v Value>,
}

impl Namen {
    /// A statement or the content of a part, by its schema.
    pub(super) fn geheel(&self, waarde: &Value, schema: Option<&Value>) -> Markup {
        match self.kort(waarde, schema) {
            Some(kort) => html! { p { (kort) } },
            None => self.lang(waarde, schema),
        }
    }

    /// What fits on a line; nothing where it does not.
    fn kort(&self, waarde: &Value, schema: Option<&Value>) -> Option<Markup> {
        Some(match waarde {
            Value::Null => html! { "–" },
            Value::Bool(ja) => html! { (if *ja { "Ja" } else { "Nee" }) },
            Value::Number(getal) => html! { (getal) },
            Value::String(tekst) => self.tekst(tekst, schema),
            Value::Array(rijen) => match rijen.as_slice() {
                [] => html! { "–" },
                [een] if !een.is_object() => self.kort(een, onderdeel(schema))?,
                _ => return None,
            },
            Value::Object(_) => {
                let regel = match schema.and_then(schema::stuk)? {
                    "naam" => regels::naam(waarde),
                    "adres" => regels::adres(waarde),
                    "periode" => regels::periode(waarde),
                    _ => None,
                }?;
                html! { (regel) }
            }
        })
    }

    fn lang(&self, waarde: &Value, schema: Option<&Value>) -> Markup {
        match waarde {
            Value::Object(leden) => self.object(waarde, leden, schema),
            Value::Array(rijen) => self.lijst(rijen, onderdeel(schema)),
            _ => html! { @if let Some(kort) = self.kort(waarde, schema) { (kort) } },
        }
    }

    fn object(&self, waarde: &Value, leden: &Map<String, Value>, schema: Option<&Value>) -> Markup {
        html! {
            dl { @for lid in geordend(waarde, leden, schema) {
                @match self.vast(&lid).or_else(|| self.kort(lid.waarde, lid.schema)) {
                    Some(kort) => div { dt { (lid.label) } dd { (kort) } },
                    None => div.breed { dt { (lid.label) } dd { (self.lang(lid.waarde, lid.schema)) } },
                }
            } }
        }
    }

    fn lijst(&self, rijen: &[Value], schema: Option<&Value>) -> Markup {
        if let Some(tabel) = self.tabel(rijen, schema) {
            return tabel;
        }
        let los = rijen.iter().all(|rij| self.kort(rij, schema).is_some());
        html! {
            @if los {
                ul { @for rij in rijen { li { (self.geheel_in_lijst(rij, schema)) } } }
            } @else {
                ol.rijen { @for rij in rijen { li { (self.geheel_in_lijst(rij, schema)) } } }
            }
        }
    }

    fn geheel_in_lijst(&self, rij: &Value, schema: Option<&Value>) -> Markup {
        self.kort(rij, schema).unwrap_or_else(|| self.lang(rij, schema))
    }

    /// Several rows of a few short members each.
    fn tabel(&self, rijen: &[Value], schema: Option<&Value>) -> Option<Markup> {
        if rijen.len() < 2 {
            return None;
        }
        let mut koppen: Vec<String> = Vec::new();
        let mut cellen = Vec::with_capacity(rijen.len());
        for rij in rijen {
            let mut cel: Vec<(String, Markup)> = Vec::new();
            for lid in geordend(rij, rij.as_object()?, schema) {
                if lid.waarde.as_str().is_some_and(|t| t.chars().count() > KORT) {
                    return None;
                }
                let kort = self.vast(&lid).or_else(|| self.kort(lid.waarde, lid.schema))?;
                // Two of the same name would be one column.
                if cel.iter().any(|(label, _)| *label == lid.label) {
                    return None;
                }
                if !koppen.contains(&lid.label) {
                    koppen.push(lid.label.clone());
                }
                cel.push((lid.label, kort));
            }
            cellen.push(cel);
        }
        (koppen.len() <= KOLOMMEN).then(|| html! {
            table.inhoud {
                thead { tr { @for kop in &koppen { th scope="col" { (kop) } } } }
                tbody { @for cel in &cellen {
                    tr { @for kop in &koppen { td { @if let Some((_, kort)) = cel.iter().find(|(label, _)| label == kop) { (kort) } @else { "–" } } } }
                } }
            }
        })
    }

    /// What can be one thing only is shown by what the schema says of it.
    fn vast(&self, lid: &Lid<'_>) -> Option<Markup> {
        let schema = lid.schema.filter(|s| schema::vast(s) == Some(lid.waarde))?;
        let uitleg = schema::vast_in_woorden(schema)?;
        let rest = uitleg.strip_prefix(&lid.label).and_then(|rest| rest.strip_prefix(' '));
        Some(html! { (hoofdletter(rest.unwrap_or(&uitleg))) })
    }

    fn tekst(&self, tekst: &str, schema: Option<&Value>) -> Markup {
        if let Some(persoon) = self.personen.woord(tekst) {
            return html! { (persoon) };
        }
        if let Some(naam) = self.nummers.get(tekst) {
            return html! { @if let Some(pad) = &naam.pad { a href=(pad) { (naam.tekst) } } @else { (naam.tekst) } };
        }
        html! { (in_woorden(tekst, schema)) }
    }
}

/// The members in the order of their schema, with what it does not know behind them.
fn geordend<'v>(waarde: &'v Value, leden: &'v Map<String, Value>, schema: Option<&'v Value>) -> Vec<Lid<'v>> {
    let bekend = schema.and_then(|s| schema::leden(schema::vorm_van(s, waarde)));
    let van_schema = bekend.into_iter().flatten().filter_map(|(naam, lid)| Some((naam, leden.get(naam)?, Some(lid))));
    let rest = leden.iter().filter(|(naam, _)| bekend.is_none_or(|b| !b.contains_key(*naam))).map(|(naam, w)| (naam, w, None));
    let lid =
        |(naam, waarde, schema): (&String, &'v Value, Option<&'v Value>)| Lid { label: label(naam, schema), waarde, schema };
    van_schema.chain(rest).map(lid).collect()
}

/// What a member is called: by its schema, else by its own name.
fn label(naam: &str, schema: Option<&Value>) -> String {
    // The words of what can be one thing only say what it is, not what it is called.
    let woorden = schema.filter(|s| schema::vast(s).is_none()).and_then(|s| schema::label(naam, s));
    woorden.map_or_else(|| leesbaar(naam), |(titel, _)| gelezen(&titel))
}

/// The schema of what stands in a list.
fn onderdeel(schema: Option<&Value>) -> Option<&Value> {
    schema.and_then(|s| schema::gevolgd(s).get("items"))
}

/// A text as people write it: a day, an instant, a word of a vocabulary; everything else as it stands.
fn in_woorden(tekst: &str, schema: Option<&Value>) -> String {
    let dag = || Datum::parse(tekst).ok().map(tijd::dag);
    let moment = || Tijdstip::parse(tekst).ok().map(tijd::leesbaar);
    let gewoon = || tekst.to_owned();
    let Some(schema) = schema else { return dag().or_else(moment).unwrap_or_else(gewoon) };
    match schema::stuk(schema) {
        Some("datum") => return dag().unwrap_or_else(gewoon),
        Some("tijdstip") => return moment().unwrap_or_else(gewoon),
        Some("code") => return leesbaar(tekst),
        Some("gemeenteCode") => return format!("gemeentecode {tekst}"),
        _ => {}
    }
    let vorm = schema::gevolgd(schema);
    if vorm.get("enum").is_some() {
        return woord(tekst);
    }
    if vorm.get("pattern").and_then(Value::as_str) == Some(TAAL) {
        return taal(tekst).to_owned();
    }
    gewoon()
}

/// How the schemas write a language.
const TAAL: &str = "^[a-z]{2}$";

fn hoofdletter(tekst: &str) -> String {
    let mut tekens = tekst.chars();
    tekens.next().map_or_else(String::new, |eerste| eerste.to_uppercase().chain(tekens).collect())
}

#[cfg(test)]
mod tests;
