//! `inbreng policy test`: what a script reads of it.

use inbreng_domain::{Besluit, vocabulary::Grondslag};
use serde_json::{Value, json};

use crate::{Uit, inbreng};

const TABEL: &str = "docs/privacy-officers/voorbeeld/tabel.toml";
const CONCEPT: &str = "docs/privacy-officers/voorbeeld/concept.toml";

fn toetsen(rest: &[&str]) -> Uit {
    inbreng(&[&["policy", "test", TABEL, "--json"], rest].concat())
}

/// One table; its cases, each with the decision in the form that a decision has everywhere.
fn gevallen(uit: &Value) -> Vec<(&Value, Besluit)> {
    let tabellen = uit.as_array().unwrap();
    assert_eq!((tabellen.len(), &tabellen[0]["bestand"]), (1, &json!(TABEL)));
    let gevallen = tabellen[0]["gevallen"].as_array().unwrap();
    gevallen.iter().map(|g| (g, serde_json::from_value(g["besluit"].clone()).unwrap())).collect()
}

/// Per case: name, expected, got, deciding rules, obligations, alternatives and sentences.
#[test]
fn each_case_tells_what_was_expected_what_came_out_and_why() {
    let uit = toetsen(&["--convenant", CONCEPT]);
    assert_eq!(uit.status(), 0, "{}", uit.klacht());
    let json = uit.json();
    let [(geweigerd, besluit), (_, met_toestemming), (elders, naar_opvang)] = &gevallen(&json)[..] else { panic!("{json}") };

    assert_eq!(geweigerd["naam"], "risico's naar de GGZ op grond van het convenant: niet meer");
    assert_eq!(
        (&geweigerd["verwacht"], &geweigerd["geslaagd"], &geweigerd["verschillen"]),
        (&json!("weigeren"), &json!(true), &json!([]))
    );
    assert_eq!(besluit.uitkomst.as_str(), "weigeren");
    assert!(besluit.regels.iter().any(|r| r.nummer() == 6), "{:?}", besluit.regels);
    assert!(besluit.verplichtingen.is_empty());
    assert!(
        besluit
            .alternatieven
            .iter()
            .any(|a| a.grondslag == Some(Grondslag::Toestemming) && a.zin.starts_with("Vraag toestemming"))
    );
    assert!(
        besluit.uitleg.afzender.ends_with('.') && besluit.uitleg.afzender != besluit.uitleg.ontvanger,
        "{:?}",
        besluit.uitleg
    );

    assert_eq!(met_toestemming.grondslag, Some(Grondslag::Toestemming));
    assert_eq!((&elders["verwacht"], naar_opvang.uitkomst.as_str()), (&json!("toegelaten"), "toestaan-met-plicht"));
    assert!(naar_opvang.verplichtingen.iter().any(|p| p.soort.as_str() == "transparantiebericht" && p.regel.nummer() == 32));
    assert!(naar_opvang.alternatieven.is_empty());
}

/// A case that comes out otherwise: its status, and what differs in words; the other cases are told all the same.
#[test]
fn a_difference_is_a_status_and_a_sentence() {
    let uit = toetsen(&[]);
    assert_eq!(uit.status(), 1, "{}", uit.klacht());
    let json = uit.json();
    let gevallen = gevallen(&json);
    let anders: Vec<_> = gevallen.iter().filter(|(g, _)| g["geslaagd"] == json!(false)).collect();
    let [(geval, besluit)] = anders[..] else { panic!("{json}") };
    assert_eq!(geval["verwacht"], "weigeren");
    assert_eq!(besluit.uitkomst.as_str(), "toestaan-met-plicht");
    let woorden = json!(["verwacht weigeren, gekregen toestaan-met-plicht", "alternatief toestemming ontbreekt"]);
    assert_eq!(geval["verschillen"], woorden);
    assert_eq!(gevallen.len(), 3);
}
