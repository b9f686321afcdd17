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
