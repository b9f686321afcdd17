//! `docs/security.md` names tests; each of them exists.

use std::path::Path;

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
