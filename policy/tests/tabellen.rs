//! Every decision table, against the example covenant that the project ships.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::collections::BTreeSet;

use inbreng_policy::Tabel;

#[test]
fn every_table_holds() {
    let (beleid, catalogus) = samen::voorbeeldregio();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for (name, text) in samen::tabellen() {
        let tabel = Tabel::lezen(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        for uitslag in tabel.draaien(&beleid, &catalogus) {
            cases += 1;
            if !uitslag.geslaagd {
                wrong.push(format!(
                    "{name}: {}: {} (regels {:?})",
                    uitslag.naam,
                    uitslag.verschillen.join("; "),
                    uitslag.besluit.regels
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 650, "{cases} cases");
}

#[test]
fn names_of_cases_are_unique_within_a_table() {
    for (name, text) in samen::tabellen() {
        let tabel = Tabel::lezen(&text).unwrap();
        let names: BTreeSet<_> = tabel.gevallen.iter().map(|g| &g.naam).collect();
        assert_eq!(names.len(), tabel.gevallen.len(), "{name}");
    }
}

/// Rules that never decide by themselves: what may be known of an embargo, what stands outside a message, how long is kept,
/// what is proven. Their tables show what the engine adds to them.
const BESLISSEN_NIET_ZELF: [u8; 4] = [21, 37, 40, 41];

/// Each rule has a table with a case that delivers and a case that does not, and the table names its rule.
#[test]
fn every_rule_has_both_sides() {
    for rule in 1..=44 {
        let file = format!("R{rule:02}.toml");
        let (_, text) = samen::tabellen().into_iter().find(|(n, _)| *n == file).unwrap_or_else(|| panic!("{file}"));
        let tabel = Tabel::lezen(&text).unwrap();
        assert!(tabel.gevallen.len() >= 5, "{file}");
        for delivers in [true, false] {
            let side = tabel.gevallen.iter().any(|g| match g.verwacht {
                inbreng_policy::tabel::Verwacht::Uitkomst(u) => u.levert() == delivers,
                inbreng_policy::tabel::Verwacht::Toegelaten => delivers,
                inbreng_policy::tabel::Verwacht::NietToegelaten => !delivers,
            });
            assert!(side, "{file} has no case that {}", if delivers { "delivers" } else { "does not" });
        }
        let named = tabel.gevallen.iter().any(|g| g.regel.is_some_and(|r| r.nummer() == rule));
        assert_eq!(named, !BESLISSEN_NIET_ZELF.contains(&rule), "{file} names its rule");
    }
}
