//! The list of fields against what our crates write: read from their sources, so that a line says what its author wrote.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use inbreng_telemetry::VELDEN;

/// What writes a line or opens a span.
const MACROS: [&str; 13] = [
    "trace!(",
    "debug!(",
    "info!(",
    "warn!(",
    "error!(",
    "event!(",
    "span!(",
    "trace_span!(",
    "debug_span!(",
    "info_span!(",
    "warn_span!(",
    "error_span!(",
    "fields(",
];

/// Every source file of hub and adapter.
fn bronnen() -> Vec<PathBuf> {
    fn verzamelen(map: &Path, uit: &mut Vec<PathBuf>) {
        for een in fs::read_dir(map).unwrap() {
            let pad = een.unwrap().path();
            if pad.is_dir() && !pad.ends_with("tests") {
                verzamelen(&pad, uit);
            } else if pad.extension().is_some_and(|e| e == "rs") {
                uit.push(pad);
            }
        }
    }
    let wortel = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut uit = Vec::new();
    for map in ["broker", "adapters", "policy"] {
        verzamelen(&wortel.join(map), &mut uit);
    }
    uit
}

/// The arguments of a call, divided at its own commas; `text` begins behind the opening parenthesis.
fn argumenten(text: &str) -> Vec<String> {
    let (mut uit, mut een, mut diepte) = (Vec::new(), String::new(), 0_u32);
    let mut tekens = text.chars();
    while let Some(teken) = tekens.next() {
        match teken {
            '"' => {
                een.push('"');
                while let Some(binnen) = tekens.next() {
                    match binnen {
                        '\\' => drop(tekens.next()),
                        '"' => break,
                        _ => {}
                    }
                }
                continue;
            }
            '(' | '[' | '{' => diepte += 1,
            ')' | ']' | '}' if diepte == 0 => break,
            ')' | ']' | '}' => diepte -= 1,
            ',' if diepte == 0 => {
                uit.push(std::mem::take(&mut een));
                continue;
            }
            _ => {}
        }
        een.push(teken);
    }
    uit.push(een);
    uit.into_iter().map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect()
}

/// The name of the field that an argument gives; none for a text, a target or a level.
fn veld(argument: &str) -> Option<&str> {
    let naam = argument.split_once('=').map_or(argument, |(naam, _)| naam).trim().trim_start_matches(['%', '?']);
    let is_naam = naam.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c)) && !naam.is_empty();
    is_naam.then_some(naam)
}

/// Field by field, where it is written.
fn geschreven() -> BTreeMap<String, BTreeSet<String>> {
    let mut uit: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pad in bronnen() {
        let text = fs::read_to_string(&pad).unwrap();
        let eigen = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for begin in MACROS {
            for (plek, _) in eigen.match_indices(begin) {
                let (voor, na) = (&eigen[..plek], &eigen[plek + begin.len()..]);
                if voor.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                    continue;
                }
                // `fields(` counts in an attribute only, and a macro must be one of `tracing`.
                let attribuut = voor.rfind("#[tracing::instrument(").is_some_and(|a| !voor[a..].contains(")]"));
                assert!(begin == "fields(" || voor.ends_with("tracing::"), "{}: write `tracing::{begin}`", pad.display());
                if begin == "fields(" && !attribuut {
                    continue;
                }
                for argument in argumenten(na) {
                    if let Some(naam) = veld(&argument) {
                        uit.entry(naam.to_owned()).or_default().insert(pad.display().to_string());
                    }
                }
            }
        }
    }
    uit
}

#[test]
fn every_field_that_is_written_stands_on_the_list_and_no_other() {
    let geschreven = geschreven();
    let weg: Vec<_> = geschreven.iter().filter(|(naam, _)| !VELDEN.contains(&naam.as_str())).collect();
    assert!(weg.is_empty(), "written and left out of every line: {weg:#?}");
    // The text of a line is a field too, and the only one that nobody names.
    let ongebruikt: Vec<_> = VELDEN.iter().filter(|v| **v != "message" && !geschreven.contains_key(**v)).collect();
    assert!(ongebruikt.is_empty(), "on the list and written by nobody: {ongebruikt:?}");
    assert!(VELDEN.is_sorted(), "in order, so that two that add one agree");
}

#[test]
fn what_an_argument_names_is_read_as_tracing_reads_it() {
    let velden = |text: &str| argumenten(text).iter().filter_map(|a| veld(a).map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(
        velden("gebeurtenis = \"a, b = c\", %oin, ?uitslag, kid, \"text, with = x\");"),
        ["gebeurtenis", "oin", "uitslag", "kid"]
    );
    assert_eq!(velden("aantal = f(a, |x| x == 1), reden = %fout.soort, \"een \\\" twee\") , na = 1"), ["aantal", "reden"]);
    assert_eq!(velden("target: \"inbreng\", code = %code\n)"), ["code"]);
}
