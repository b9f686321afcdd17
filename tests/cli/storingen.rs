//! The page on failures: every rule, number and line that it names exists, and every rule is told of and tried.

use std::{collections::BTreeSet, fs, path::Path};

use crate::wortel;

/// What stands between single backticks on the page.
fn genoemd(pagina: &str) -> BTreeSet<&str> {
    pagina.split('`').skip(1).step_by(2).collect()
}

fn regels() -> BTreeSet<String> {
    let teksten =
        ["meldingen.yml", "meldingen-bus.yml"].map(|b| fs::read_to_string(wortel().join("compose/prometheus").join(b)).unwrap());
    teksten.iter().flat_map(|t| t.lines()).filter_map(|r| r.trim().strip_prefix("- alert: ")).map(str::to_owned).collect()
}

/// The sources of hub and adapter, without their tests.
fn bronnen(map: &Path, uit: &mut String) {
    for een in fs::read_dir(map).unwrap() {
        let pad = een.unwrap().path();
        if pad.is_dir() && !pad.ends_with("tests") {
            bronnen(&pad, uit);
        } else if pad.extension().is_some_and(|e| e == "rs") {
            uit.push_str(fs::read_to_string(&pad).unwrap().split("#[cfg(test)]\nmod ").next().unwrap());
        }
    }
}

/// `promtool` tries what stands in its table (`cargo xtask test --only meldingen`), and does not miss a rule that does not.
#[test]
fn every_rule_is_seen_to_fire() {
    let tabel = fs::read_to_string(wortel().join("tests/interop/meldingen.yml")).unwrap();
    let zonder: Vec<_> =
        regels().into_iter().filter(|r| !tabel.contains(&format!("labels: '{{alertname=\"{r}\", ernst="))).collect();
    assert!(zonder.is_empty(), "nothing makes {zonder:?} fire");
}

#[test]
fn every_rule_has_its_section_and_every_word_is_one_of_ours() {
    let pagina = fs::read_to_string(wortel().join("docs/operations/failures.md")).unwrap();
    let genoemd = genoemd(&pagina);
    let regels = regels();
    assert!(regels.len() > 20, "{regels:?}");
    let zonder: Vec<_> = regels.iter().filter(|r| !genoemd.contains(r.as_str())).collect();
    assert!(zonder.is_empty(), "no section says what to do at {zonder:?}");

    let mut bron = String::new();
    for map in ["broker", "adapters/kit"] {
        bronnen(&wortel().join(map), &mut bron);
    }
    let mut gezien = 0;
    for woord in genoemd {
        let letters = |toegestaan: fn(char) -> bool| woord.chars().all(toegestaan);
        if woord.starts_with(|c: char| c.is_ascii_uppercase()) && letters(|c| c.is_ascii_alphabetic()) {
            assert!(regels.contains(woord), "no rule is called {woord}");
        } else if letters(|c| c.is_ascii_lowercase() || c == '-') && !woord.starts_with('-') {
            // Events, codes and alarms are written as they are searched for; the rest are fields of a line.
            let veld = bron.contains(&format!("{woord} = ")) || bron.contains(&format!("{woord}:"));
            assert!(bron.contains(&format!("\"{woord}\"")) || veld, "nothing writes {woord}");
            gezien += 1;
        }
    }
    assert!(gezien > 30, "{gezien}");
}

/// Of two libraries that were there before ours: said to who looks for it (`debug`), and no event.
const GEEN_GEBEURTENIS: [&str; 2] = ["jwt-provider-stond-al", "log-stond-al"];

#[test]
fn every_event_of_the_hub_stands_in_the_table_and_no_other() {
    let pagina = fs::read_to_string(wortel().join("docs/operations/README.md")).unwrap();
    let tabel = pagina.split_once("\n| gebeurtenis | when |\n").unwrap().1.split_once("\n\n").unwrap().0;
    let eerste = tabel.lines().skip(1).map(|rij| rij.split('|').nth(1).unwrap());
    let verteld: BTreeSet<&str> = eerste.flat_map(|cel| cel.split('`').skip(1).step_by(2)).collect();

    let mut bron = String::new();
    bronnen(&wortel().join("broker"), &mut bron);
    // What is written is a text, or one of two by a condition: each text until the next field or the end of the line.
    let waarden = bron.split("gebeurtenis = ").skip(1).map(|rest| rest.split([',', ';', ')', '\n']).next().unwrap());
    let geschreven: BTreeSet<&str> = waarden.flat_map(|waarde| waarde.split('"').skip(1).step_by(2)).collect();
    assert!(geschreven.len() > 40, "{geschreven:?}");
    let geschreven: BTreeSet<&str> = geschreven.into_iter().filter(|g| !GEEN_GEBEURTENIS.contains(g)).collect();
    assert_eq!(verteld, geschreven);
}
