//! `docs/security.md` and `docs/privacy/README.md` name tests; each of them exists.

use std::path::{Path, PathBuf};

#[test]
fn every_claim_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tekst = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    // Between backticks, in turn: names of tests, and then the file in which all of those since the last file stand.
    let (mut tests, mut gevonden) = (Vec::new(), 0);
    for stuk in tekst.split('`').skip(1).step_by(2) {
        if ["tests/", "adapters/", "broker/", "policy/"].iter().any(|map| stuk.starts_with(map)) {
            let bron = std::fs::read_to_string(root.join(stuk)).unwrap_or_else(|e| panic!("{stuk}: {e}"));
            for test in tests.drain(..) {
                assert!(bron.contains(&format!("fn {test}(")), "{stuk} has no {test}");
                gevonden += 1;
            }
        } else if stuk.matches('_').count() >= 3 {
            tests.push(stuk);
        }
    }
    assert!(tests.is_empty() && gevonden >= 30, "{gevonden} {tests:?}");
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

/// A name with four words or more is a test's; settings of the covenant have fewer.
#[test]
fn every_rule_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut alle = Vec::new();
    for map in ["adapters", "broker", "certs", "policy", "tests"] {
        bronnen(&root.join(map), &mut alle);
    }
    let code: String = alle.iter().map(|pad| std::fs::read_to_string(pad).unwrap()).collect();
    let pagina = std::fs::read_to_string(root.join("docs/privacy/README.md")).unwrap();
    let genoemd: Vec<&str> = pagina
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|stuk| {
            stuk.matches('_').count() >= 3 && stuk.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
        })
        .collect();
    assert!(genoemd.len() > 40, "{}", genoemd.len());
    let weg: Vec<&&str> = genoemd.iter().filter(|naam| !code.contains(&format!("fn {naam}("))).collect();
    assert!(weg.is_empty(), "{weg:?}");
}
