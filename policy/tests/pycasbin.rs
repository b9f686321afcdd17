//! A third opinion: pycasbin, which shares no code with casbin-rs, on the same models, rows and requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use inbreng_domain::Digest;
use inbreng_policy::{Beleid, Bundel, Casbinvraag, Convenantbron};
use samen::toeval::{self, Toeval};

/// The questions of both regions, and of covenants with random rows.
fn vragen() -> Vec<Casbinvraag> {
    let catalogus = samen::catalogus();
    let mut all = Vec::new();
    let mut add = |b: Bundel| {
        let beleid = Beleid::laden_verleden(b, Digest::from_bytes([6; 32]), &catalogus).unwrap();
        all.extend(beleid.casbinvragen());
    };
    for bron in Convenantbron::meegeleverd().unwrap() {
        add(Bundel::genereren(&bron, &catalogus).unwrap());
    }
    for covenant in 0..4u64 {
        let mut t = Toeval::met(0xB0 + covenant);
        let mut b = samen::bundel(&catalogus);
        b.rijen.extend((0..40).map(|_| toeval::rij(&mut t, &catalogus)));
        add(b);
    }
    all.sort_by(|a, b| (a.model, &a.rijen).cmp(&(b.model, &b.rijen)));
    all.dedup();
    all
}

#[test]
fn every_question_has_an_answer_per_request() {
    let all = vragen();
    assert!(all.len() > 100, "{}", all.len());
    for v in &all {
        assert_eq!(v.verzoeken.len(), v.antwoorden.len());
        let columns = v.verzoeken[0].len();
        assert!(v.verzoeken.iter().all(|r| r.len() == columns) && v.rijen.iter().all(|r| r.len() == columns + 1));
    }
    let answers: Vec<bool> = all.iter().flat_map(|v| v.antwoorden.clone()).collect();
    assert!(answers.iter().any(|a| *a) && answers.iter().any(|a| !*a));
}

#[test]
#[ignore = "needs Python with pycasbin: cargo xtask test --only casbin"]
fn pycasbin_gives_the_same_answers() {
    let all = vragen();
    let python = std::env::var("INBRENG_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/interop/casbin_opinion.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python starts");
    let asked: Vec<_> =
        all.iter().map(|v| serde_json::json!({ "model": v.model, "rijen": v.rijen, "verzoeken": v.verzoeken })).collect();
    child.stdin.take().unwrap().write_all(serde_json::to_string(&asked).unwrap().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers: Vec<Vec<bool>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), all.len());
    let mut requests = 0;
    for (v, theirs) in all.iter().zip(&answers) {
        assert_eq!(&v.antwoorden, theirs, "{v:?}");
        requests += theirs.len();
    }
    assert!(requests > 1_000, "{requests}");
}
