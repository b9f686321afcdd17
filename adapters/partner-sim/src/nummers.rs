//! Own numbers: how the system files what it receives, and whom it recognises.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::gezicht::{Gezicht, Ontvangst, Personen};

/// How many numbers of each series were given, and which files are in use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uitgifte {
    pub tellers: BTreeMap<String, u64>,
    pub dossiers: BTreeSet<String>,
}

impl Uitgifte {
    fn volgende(&mut self, reeks: &str, vorm: &str) -> String {
        let teller = self.tellers.entry(reeks.to_owned()).or_default();
        *teller += 1;
        let n = *teller;
        vul(vorm, &|naam| getal(naam, n))
    }
}

/// The answer to a message: under which numbers it was filed.
pub(crate) fn antwoord(gezicht: &Gezicht, ontvangst: &Ontvangst, bericht: &Value, uitgifte: &mut Uitgifte) -> Value {
    let mut velden = Map::new();
    let personen = ontvangst.personen.as_ref().map(|p| personen(gezicht, p, bericht, uitgifte)).unwrap_or_default();
    for nummer in &ontvangst.nummers {
        let bestaand = nummer.bestaand.as_ref().and_then(|p| bericht.pointer(p)).and_then(Value::as_str).map(str::to_owned);
        let van_relatie = || {
            let dossier = personen.iter().find_map(|p| p.dossier.clone()).filter(|_| nummer.dossier_van_relatie)?;
            // A file that is in use for another case keeps its number to itself: joining cases is a decision of people.
            (!uitgifte.dossiers.contains(&dossier)).then_some(dossier)
        };
        let waarde = match bestaand.or_else(van_relatie) {
            Some(waarde) => waarde,
            None => uitgifte.volgende(&nummer.veld, &nummer.vorm),
        };
        if nummer.dossier_van_relatie {
            uitgifte.dossiers.insert(waarde.clone());
        }
        velden.insert(nummer.veld.clone(), Value::String(waarde));
    }
    if let Some(p) = &ontvangst.personen {
        let nieuw: Vec<Value> = personen
            .iter()
            .filter(|q| q.kenmerk != q.nummer)
            .map(|q| json!({ "kenmerk": q.kenmerk, p.sleutel.clone(): q.nummer }))
            .collect();
        velden.insert("personen".to_owned(), Value::Array(nieuw));
    }
    Value::Object(velden)
}

struct Herkend {
    kenmerk: String,
    nummer: String,
    dossier: Option<String>,
}

fn personen(gezicht: &Gezicht, wie: &Personen, bericht: &Value, uitgifte: &mut Uitgifte) -> Vec<Herkend> {
    let mut herkend: Vec<Herkend> = Vec::new();
    for persoon in wie.lijsten.iter().flat_map(|pad| alle(bericht, pad)) {
        let tekst = |veld: &str| persoon.get(veld).and_then(Value::as_str);
        let Some(kenmerk) = tekst(&wie.sleutel) else { continue };
        if herkend.iter().any(|h| h.kenmerk == kenmerk) {
            continue;
        }
        let is = |r: &&crate::gezicht::Relatie| {
            r.nummer == kenmerk
                || (tekst("achternaam") == Some(&r.achternaam) && tekst("geboortedatum") == Some(&r.geboortedatum))
        };
        let relatie = gezicht.relaties.iter().find(is);
        let nummer = match relatie {
            Some(relatie) => relatie.nummer.clone(),
            None => uitgifte.volgende(&wie.sleutel, &wie.vorm),
        };
        herkend.push(Herkend { kenmerk: kenmerk.to_owned(), nummer, dossier: relatie.and_then(|r| r.dossier.clone()) });
    }
    herkend
}

/// Everything at a path in which `*` is each item of a list; the last step is a list too.
fn alle<'v>(bericht: &'v Value, pad: &str) -> Vec<&'v Value> {
    let mut hier = vec![bericht];
    for stap in pad.split('/').skip(1).chain(std::iter::once("*")) {
        hier = hier
            .into_iter()
            .flat_map(|v| match (stap, v) {
                ("*", Value::Array(items)) => items.iter().collect(),
                (naam, v) => v.get(naam).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    hier
}

/// Fills `{…}` in; what cannot be filled in becomes a dash.
pub(crate) fn vul(vorm: &str, waarde: &dyn Fn(&str) -> Option<String>) -> String {
    let mut uit = String::new();
    let mut rest = vorm;
    while let Some((voor, na)) = rest.split_once('{') {
        uit.push_str(voor);
        let Some((naam, verder)) = na.split_once('}') else {
            uit.push('{');
            rest = na;
            continue;
        };
        uit.push_str(&waarde(naam).unwrap_or_else(|| "-".to_owned()));
        rest = verder;
    }
    uit + rest
}

/// `n`, or `n:4` for at least four digits.
pub(crate) fn getal(naam: &str, n: u64) -> Option<String> {
    match naam.split_once(':') {
        None => (naam == "n").then(|| n.to_string()),
        Some(("n", breedte)) => breedte.parse().ok().map(|b: usize| format!("{n:0b$}", b = b.min(12))),
        Some(_) => None,
    }
}

/// A field of the message (`/pointer`) or of the answer (its name), as a text.
pub(crate) fn gegeven(naam: &str, bericht: &Value, antwoord: &Value) -> Option<String> {
    let waarde = if naam.starts_with('/') { bericht.pointer(naam) } else { antwoord.get(naam) };
    match waarde? {
        Value::String(s) => Some(s.clone()),
        v @ (Value::Number(_) | Value::Bool(_)) => Some(v.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn melding(kenmerk: &str, dossier: Option<&str>) -> Value {
        let mut m = json!({"personen": [{"personen": [
            {"clientnummer": kenmerk, "achternaam": "Testpersoon Appel", "geboortedatum": "1987-04-12"},
            {"clientnummer": "x2", "achternaam": "Onbekend", "geboortedatum": "1990-01-01"},
        ]}]});
        if let Some(d) = dossier {
            m["dossiernummer"] = json!(d);
        }
        m
    }

    #[test]
    fn a_known_person_keeps_number_and_file() {
        let gezicht = Gezicht::ingebouwd("veilig-thuis").unwrap();
        let ontvangst = gezicht.ontvangst("/meldingen/politie").unwrap();
        let mut uitgifte = Uitgifte::default();
        let een = antwoord(&gezicht, ontvangst, &melding("ref1", None), &mut uitgifte);
        assert_eq!(een["meldingnummer"], "M-0001");
        assert_eq!(een["dossiernummer"], "D-3101");
        assert_eq!(een["personen"][0], json!({"kenmerk": "ref1", "clientnummer": "C-20101"}));
        assert_eq!(een["personen"][1]["kenmerk"], "x2");
        let weer = antwoord(&gezicht, ontvangst, &melding("C-20101", Some("D-3101")), &mut uitgifte);
        assert_eq!((weer["meldingnummer"].as_str(), weer["dossiernummer"].as_str()), (Some("M-0002"), Some("D-3101")));
        let andere_zaak = antwoord(&gezicht, ontvangst, &melding("ref9", None), &mut uitgifte);
        assert_ne!(andere_zaak["dossiernummer"], "D-3101");
    }

    #[test]
    fn templates_fill_in() {
        let n = |naam: &str| getal(naam, 7);
        assert_eq!(vul("M-{n:4} en {n} {", &n), "M-0007 en 7 {");
        assert_eq!(vul("{iets}", &n), "-");
        assert_eq!(gegeven("/a", &json!({"a": true}), &json!({})).as_deref(), Some("true"));
    }
}
