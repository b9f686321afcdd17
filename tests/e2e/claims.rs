//! `docs/security.md` and `docs/privacy/README.md` name tests; each of them exists.

use std::path::{Path, PathBuf};

/// Words in the form of a name on the page on security that are no tests: fields of a seal, an algorithm, a program.
const GEEN_TEST: [&str; 5] = ["aad", "inbreng", "none", "typ", "zip"];

/// Settings of the covenant that the rules name.
const INSTELLINGEN: [&str; 4] = ["aantallen_ondergrens", "oud_na_maanden", "schoolbericht_schooldagen", "toestemming_maanden"];

/// Whether this has the form of a test's name.
fn is_naam(stuk: &str) -> bool {
    !stuk.is_empty() && stuk.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
}

fn wortel() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_claim_names_a_test_that_exists() {
    let root = wortel();
    let tekst = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    // Between backticks, in turn: names of tests, and then the file in which all of those since the last file stand.
    let (mut tests, mut gevonden, mut andere) = (Vec::new(), 0, Vec::new());
    for stuk in tekst.split('`').skip(1).step_by(2) {
        if ["tests/", "adapters/", "broker/", "policy/"].iter().any(|map| stuk.starts_with(map)) {
            let bron = std::fs::read_to_string(root.join(stuk)).unwrap_or_else(|e| panic!("{stuk}: {e}"));
            for test in tests.drain(..) {
                assert!(bron.contains(&format!("fn {test}(")), "{stuk} has no {test}");
                gevonden += 1;
            }
        } else if GEEN_TEST.contains(&stuk) {
            andere.push(stuk);
        } else if is_naam(stuk) {
            tests.push(stuk);
        }
    }
    assert!(tests.is_empty() && gevonden >= 100, "{gevonden} {tests:?}");
    andere.sort_unstable();
    andere.dedup();
    assert_eq!(andere, GEEN_TEST, "what is not on the page leaves the list");
}

/// Every Rust source of the workspace.
fn bronnen(map: &Path, alle: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(map).unwrap().flatten() {
        let pad = entry.path();
        if pad.is_dir() && pad.file_name().is_some_and(|naam| naam != "target") {
            bronnen(&pad, alle);
        } else if pad.extension().is_some_and(|e| e == "rs") {
            alle.push(pad);
        }
    }
}

/// What has the form of a name and more than one word is a test or a setting; single words are steps and outcomes.
#[test]
fn every_rule_names_tests_that_exist() {
    let root = wortel();
    let mut alle = Vec::new();
    for map in ["adapters", "broker", "certs", "policy", "tests"] {
        bronnen(&root.join(map), &mut alle);
    }
    let code: String = alle.iter().map(|pad| std::fs::read_to_string(pad).unwrap()).collect();
    let pagina = std::fs::read_to_string(root.join("docs/privacy/README.md")).unwrap();
    let namen = pagina.split('`').skip(1).step_by(2).filter(|stuk| is_naam(stuk) && stuk.contains('_'));
    let (instellingen, genoemd): (Vec<&str>, Vec<&str>) = namen.partition(|naam| INSTELLINGEN.contains(naam));
    assert!(INSTELLINGEN.iter().all(|naam| instellingen.contains(naam)), "{instellingen:?}");
    assert!(genoemd.len() > 40, "{}", genoemd.len());
    let weg: Vec<&&str> = genoemd.iter().filter(|naam| !code.contains(&format!("fn {naam}("))).collect();
    assert!(weg.is_empty(), "{weg:?}");
}
