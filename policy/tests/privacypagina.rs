//! `docs/privacy/README.md` and the decision tables name the same rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use inbreng_domain::RegelId;

fn tekst_van_pagina() -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/privacy/README.md")).unwrap()
}

/// Per rule the rest of its row: `| R8 | … |`.
fn rijen() -> BTreeMap<u8, String> {
    let mut rijen = BTreeMap::new();
    for regel in tekst_van_pagina().lines() {
        let Some((nummer, rest)) = regel.strip_prefix("| R").and_then(|r| r.split_once(" | ")) else { continue };
        let regel = RegelId::parse(&format!("R{nummer}")).unwrap();
        assert!(rijen.insert(regel.nummer(), rest.to_owned()).is_none(), "R{nummer} has two rows");
    }
    rijen
}

/// The table files that a row links to.
fn bestanden(rij: &str) -> BTreeSet<String> {
    rij.split("](../../policy/tables/").skip(1).map(|r| r.split_once(')').unwrap().0.to_owned()).collect()
}

#[test]
fn every_rule_has_one_row() {
    assert!(rijen().keys().copied().eq(1..=44), "{:?}", rijen().keys());
}

/// The first line of a table names its rules: `# R22, R23 · …`; each of their rows links to it, and no other row does.
#[test]
fn every_table_is_linked_from_the_rows_of_its_rules() {
    let rijen = rijen();
    for (bestand, tekst) in samen::tabellen() {
        let kop = tekst.lines().next().unwrap().trim_start_matches("# ").to_owned();
        let genoemd: BTreeSet<u8> = kop.split_once(" · ").map_or_else(BTreeSet::new, |(regels, _)| {
            regels.split([',', ' ']).filter_map(|r| RegelId::parse(r).ok()).map(|r| r.nummer()).collect()
        });
        // The tables of a group of types, and the ground table, are about no single rule: the page links to them apart.
        if !bestand.starts_with('R') {
            assert!(genoemd.is_empty() && tekst_van_pagina().contains(&format!("](../../policy/tables/{bestand})")), "{bestand}");
            continue;
        }
        assert!(!genoemd.is_empty(), "{bestand} names no rule");
        let links: BTreeSet<u8> = rijen.iter().filter(|(_, rij)| bestanden(rij).contains(&bestand)).map(|(r, _)| *r).collect();
        assert_eq!(links, genoemd, "{bestand}");
    }
}

#[test]
fn every_link_to_a_table_leads_to_one() {
    let namen: BTreeSet<String> = samen::tabellen().into_iter().map(|(naam, _)| naam).collect();
    for (regel, rij) in rijen() {
        let dood: Vec<_> = bestanden(&rij).difference(&namen).cloned().collect();
        assert!(dood.is_empty(), "R{regel}: {dood:?}");
    }
}
