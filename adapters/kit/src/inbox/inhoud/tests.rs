//! Every example of every type as a person reads it: with labels, days and words, and with nothing left out.

use std::collections::BTreeMap;

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Oin, PersoonRef, vocabulary::Leeftijdsgroep};
use serde_json::json;

use super::*;
use crate::inbox::{namen::Naam, personen::Personen, personen::Persoon};

/// What stands between the elements, as a browser shows it.
fn teksten(html: &str) -> Vec<String> {
    let los = html.split('>').filter_map(|s| s.split('<').next()).map(str::trim).filter(|s| !s.is_empty());
    los.map(|s| s.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")).collect()
}

/// Every single value, with the schema that it is judged by.
fn waarden<'v>(waarde: &'v Value, schema: Option<&'v Value>, uit: &mut Vec<(&'v Value, Option<&'v Value>)>) {
    match waarde {
        Value::Array(rijen) => rijen.iter().for_each(|rij| waarden(rij, onderdeel(schema), uit)),
        Value::Object(leden) => {
            geordend(waarde, leden, schema).into_iter().for_each(|lid| waarden(lid.waarde, lid.schema, uit));
        }
        _ => uit.push((waarde, schema)),
    }
}

/// Everyone and everything that an example points at has a name on the page.
fn namen(waarden: &[(&Value, Option<&Value>)]) -> Namen {
    let teksten = || waarden.iter().filter_map(|(w, _)| w.as_str());
    let persoon = |tekst: &str| Persoon {
        verwijzing: tekst.to_owned(),
        woord: format!("persoon {}", tekst.bytes().map(u32::from).sum::<u32>()),
        leeftijdsgroep: Leeftijdsgroep::Volwassen,
    };
    let personen = Personen(teksten().filter(|t| t.len() == 22 && t.parse::<PersoonRef>().is_ok()).map(persoon).collect());
    let naam = |t: &str| (t.to_owned(), Naam { tekst: format!("Organisatie {t}"), pad: None });
    let nummers: BTreeMap<String, Naam> = teksten().filter(|t| Oin::parse(t).is_ok()).map(naam).collect();
    Namen { personen, nummers }
}

/// Statement and parts of every type, each with its examples.
fn voorbeelden(catalogus: &Catalogus) -> Vec<(String, &Value, &Value)> {
    let mut uit = Vec::new();
    for soort in catalogus.definities() {
        let delen = soort.categorieen().into_iter().map(|c| (c.to_string(), catalogus.inhoudschema(&soort.naam, c)));
        let geheel = std::iter::once(("verklaring".to_owned(), catalogus.verklaringschema(&soort.naam)));
        for (wat, schema) in geheel.chain(delen) {
            let schema = schema.unwrap_or_else(|| panic!("{} {wat}", soort.naam));
            for voorbeeld in schema["examples"].as_array().into_iter().flatten() {
                uit.push((format!("{} {wat}: {voorbeeld}", soort.naam), schema, voorbeeld));
            }
        }
    }
    assert!(uit.len() > 150, "{}", uit.len());
    uit
}

#[test]
fn every_value_of_every_example_is_shown_in_words() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    for (waar, schema, voorbeeld) in voorbeelden(&catalogus) {
        let mut alle = Vec::new();
        waarden(voorbeeld, Some(schema), &mut alle);
        let namen = namen(&alle);
        let getoond = teksten(&namen.geheel(voorbeeld, Some(schema)).into_string());
        for (waarde, schema) in alle {
            let vast = schema.filter(|s| schema::vast(s).is_some()).and_then(schema::vast_in_woorden);
            let verwacht = match waarde {
                // Without its first word, which is the label.
                Value::String(_) if vast.is_some() => vast.unwrap().split_once(' ').unwrap().1.to_lowercase(),
                Value::String(tekst) => namen.personen.woord(tekst).map_or_else(
                    || namen.nummers.get(tekst).map_or_else(|| in_woorden(tekst, schema), |n| n.tekst.clone()),
                    str::to_owned,
                ),
                Value::Bool(ja) => if *ja { "Ja" } else { "Nee" }.to_owned(),
                _ => waarde.to_string(),
            };
            assert!(
                getoond.iter().any(|t| t.to_lowercase().contains(&verwacht.to_lowercase())),
                "{verwacht} in {waar}\n{getoond:?}"
            );
        }
    }
}

#[test]
fn nobody_reads_a_code_a_key_or_a_date_as_machines_write_them() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let is_code = |t: &str| t.contains('-') && t.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_sleutel = |t: &str| {
        !t.contains(' ') && t.starts_with(|c: char| c.is_ascii_lowercase()) && t.contains(|c: char| c.is_ascii_uppercase())
    };
    for (waar, schema, voorbeeld) in voorbeelden(&catalogus) {
        let mut alle = Vec::new();
        waarden(voorbeeld, Some(schema), &mut alle);
        let html = namen(&alle).geheel(voorbeeld, Some(schema)).into_string();
        for tekst in teksten(&html) {
            // A text or a number of its own system is shown as it was written.
            let zelf = alle
                .iter()
                .any(|(w, s)| w.as_str() == Some(tekst.as_str()) && s.is_some_and(|s| in_woorden(&tekst, Some(s)) == tekst));
            assert!(zelf || !is_code(&tekst) && !is_sleutel(&tekst), "{tekst} in {waar}");
            assert!(zelf || Datum::parse(&tekst).is_err() && Tijdstip::parse(&tekst).is_err(), "{tekst} in {waar}");
        }
        for label in html.split("<dt>").skip(1).chain(html.split("<th scope=\"col\">").skip(1)) {
            let label = label.split('<').next().unwrap();
            assert!(label.starts_with(char::is_uppercase) && !label.contains("(R"), "{label} in {waar}");
            // Who reads did not write it, and sees what is absent.
            for raar in [" u ", " uw ", "afwezig", "BCP", "JJJJ", "identificatienummer"] {
                assert!(!label.contains(raar), "{label} in {waar}");
            }
        }
    }
}

#[test]
fn what_no_schema_knows_is_shown_by_its_own_name() {
    let inhoud = json!({
        "extraVeld": "2026-11-22",
        "ernst": "ernstig",
        "bron": { "zekerheid": "feit", "functie": "wijkagent", "ookDit": { "diep": true, "lijst": ["een", "twee"] } },
        "rijen": [{ "a": 1 }, { "a": 2, "b": "<img src=x onerror=alert(1)>" }],
    });
    let catalogus = Catalogus::ingebouwd().unwrap();
    let soort = inbreng_domain::TypeNaam::parse("informatie-antwoord").unwrap();
    let schema = catalogus.inhoudschema(&soort, inbreng_domain::vocabulary::Categorie::Risico);
    let html = Namen::default().geheel(&inhoud, schema).into_string();
    let getoond = teksten(&html);
    for tekst in
        ["Extra veld", "22 november 2026", "Ernstig", "Wijkagent", "Ook dit", "Diep", "Ja", "Lijst", "een", "twee", "1", "2"]
    {
        assert!(getoond.iter().any(|t| t == tekst), "{tekst} in {getoond:?}");
    }
    assert!(!html.contains("<img") && html.contains("&lt;img src=x onerror=alert(1)&gt;"), "{html}");
    assert!(html.find("Hoe ernstig") < html.find("Extra veld"), "what is known stands first: {html}");
}

#[test]
fn one_of_several_forms_is_read_as_that_form() {
    let catalogus = Catalogus::ingebouwd().unwrap();
    let soort = inbreng_domain::TypeNaam::parse("afdoeningsbericht").unwrap();
    let schema = catalogus.inhoudschema(&soort, inbreng_domain::vocabulary::Categorie::Straf).unwrap();
    let getoond = |n: usize| Namen::default().geheel(&schema["examples"][n], Some(schema)).into_string();
    assert!(getoond(0).contains("<dt>Voor</dt><dd>Veilig Thuis, politie en reclassering</dd>"), "{}", getoond(0));
    assert!(getoond(1).contains("Voorwaarden die het slachtoffer beschermen"), "{}", getoond(1));
    assert!(getoond(2).contains("<dt>Voor</dt><dd>Wijkteam en GGZ</dd>"), "{}", getoond(2));
    assert!(getoond(0).contains("<dd>van 22 november 2026 tot en met 22 november 2027</dd>"), "{}", getoond(0));
}

#[test]
fn short_rows_are_a_table_and_long_ones_a_list() {
    let rij = |rol: &str| json!({ "ref": "AAECAwQFBgcICQoLDA0ODw", "rol": rol });
    let schema = json!({ "items": { "$ref": "gemeenschappelijk.json#/$defs/rolInIncident" } });
    let html = Namen::default().geheel(&json!([rij("pleger"), rij("getuige")]), Some(&schema)).into_string();
    assert!(html.contains("<th scope=\"col\">Persoon</th>") && html.matches("<tr>").count() == 3, "{html}");
    let lang = json!([{ "wat": "x".repeat(KORT + 1) }, { "wat": "y" }]);
    assert!(Namen::default().geheel(&lang, None).into_string().starts_with("<ol class=\"rijen\"><li><dl>"));
}
