//! `docs/wire.md` says what the code does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test, its helpers included")]

use std::collections::BTreeSet;

use inbreng_domain::{ProblemCode, limits::Limits, schemas};

const DOC: &str = include_str!("../../../docs/wire.md");

#[test]
fn the_table_of_problems_is_the_list_of_codes() {
    let table = DOC.split_once("## Problems").unwrap().1.split_once("\n## ").unwrap().0;
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let codes: Vec<String> = ProblemCode::ALL
        .iter()
        .map(|code| format!("| `{code}` | {} | {} | {} |", code.status(), code.title(), code.detail()))
        .collect();
    assert_eq!(rows, codes);
}

#[test]
fn the_limits_are_the_defaults() {
    let Limits { header_bytes, message_bytes, parts, recipients, persons, nesting } = Limits::default();
    for row in [
        format!("| message | {message_bytes} bytes |"),
        format!("| `bericht` and `kop` together | {header_bytes} bytes |"),
        format!("| parts | {parts} |"),
        format!("| recipients | {recipients} |"),
        format!("| persons | {persons} |"),
        format!("| nesting | {nesting} |"),
    ] {
        assert!(DOC.contains(&row), "{row}");
    }
}

#[test]
fn every_schema_is_linked_and_every_link_is_a_schema() {
    let linked: BTreeSet<&str> =
        DOC.split("(../broker/domain/schemas/").skip(1).map(|rest| rest.split_once(".json)").unwrap().0).collect();
    // `basis` is referred to by the others; `data`, `labels`, `inhoud` and `convenanttekst` by the schemas that hold them.
    let inner = ["basis", "data", "labels", "inhoud", "convenanttekst"];
    let published: BTreeSet<&str> = schemas::ALL.iter().map(|(naam, _)| *naam).filter(|n| !inner.contains(n)).collect();
    assert_eq!(linked, published);
}
