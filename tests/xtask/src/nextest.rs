//! Every run of the test runner goes through here, so that a test that needed a second go is named at the end.
//!
//! Tests in which processes race a wall clock get one (`.config/nextest.toml`): a machine that stood still for seconds is no
//! fault of the hub. A result that hides it would be one, so the summary says which.

use std::{process::Command, sync::Mutex};

use crate::run::{Outcome, cargo, run, target};
use crate::tools;

static TWICE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// `cargo nextest run` with these arguments and whatever `with` sets. All tests run, also after one failed.
pub fn tests(args: &[&str], with: impl FnOnce(&mut Command)) -> Outcome {
    tools::nextest()?;
    run(cargo().args(["build", "--workspace", "--bins", "--quiet"]))?;
    let mut command = cargo();
    command.args(["nextest", "run", "--no-fail-fast"]).args(args);
    with(&mut command);
    let report = target().join("nextest/default/junit.xml");
    let _older = std::fs::remove_file(&report);
    let outcome = run(&mut command);
    let seen = std::fs::read_to_string(&report).map(|xml| flaky(&xml));
    if let (Ok(mut all), Ok(seen)) = (TWICE.lock(), seen) {
        all.extend(seen);
    }
    outcome
}

/// Which tests of all runs passed at their second go only.
pub fn needed_a_second_go() -> Vec<String> {
    TWICE.lock().map(|all| all.clone()).unwrap_or_default()
}

/// The names of test cases with a `flakyFailure` in a JUnit report.
fn flaky(xml: &str) -> Vec<String> {
    let cases = xml.split("<testcase ").skip(1).filter(|case| case.contains("<flakyFailure"));
    cases.filter_map(|case| case.split_once("name=\"")?.1.split_once('"').map(|(name, _)| name.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::flaky;

    #[test]
    fn a_test_that_passed_at_its_second_go_is_named() {
        let xml = r#"<testsuite name="inbreng::e2e"><testcase name="kill::nothing_is_lost" classname="inbreng::e2e" time="1.0">
            <flakyFailure message="waited" type="test failure"/></testcase>
            <testcase name="feiten::all_well" classname="inbreng::e2e" time="2.0"></testcase></testsuite>"#;
        assert_eq!(flaky(xml), ["kill::nothing_is_lost"]);
    }
}
