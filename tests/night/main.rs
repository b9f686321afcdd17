//! The demo as a test: separate processes, every scene held, the balance right, the last line as promised.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up fails here, loudly")]

use std::process::Command;

use serde_json::Value;

#[test]
fn every_scene_of_the_night_holds() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("nacht.html");
    let output = Command::new(env!("CARGO_BIN_EXE_inbreng")).args(["demo", "--exit", "--report"]).arg(&report).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert!(output.status.success(), "{told}");
    assert_eq!(last["ok"], true, "{told}");
    assert_eq!(last["fouten"], serde_json::json!([]));
    assert_eq!(last["scenes"], last["geslaagd"]);
    assert_eq!(last["scenes"], 16);
    assert_eq!(last["leveringen"], last["bijPartners"], "what was sent equals what arrived");
    assert!(last["besluiten"]["afzenders"]["weigeren"].as_u64().unwrap() >= 1, "decisions by outcome");
    assert!(last["besluiten"]["knooppunt"]["toestaan-met-plicht"].as_u64().unwrap() >= 16, "the hub's own");
    assert!(last["weigeringen"]["afzenders"]["R8"].as_u64().unwrap() >= 1, "refusals by rule");
    // More than the scenes sent: what own systems sent by themselves is signed for too.
    assert!(last["ontvangsten"].as_u64().unwrap() >= 32, "{last}");
    assert!(told.contains("past bij de kop die de politie"), "the log is held against a head that a partner kept");
    // Rules beside each other that only the whole night shows: an embargo held, and an emergency was shared under its own rule.
    assert!(last["besluiten"]["knooppunt"]["aanhouden"].as_u64().unwrap() >= 1, "{last}");
    assert!(told.contains("voorbeeldregio-noord: weigeren (R6"), "two regions, each with rule and sentence: {told}");
    // Readable on a terminal of 100 columns.
    let wide: Vec<&str> = told.lines().filter(|l| !l.starts_with('{') && l.chars().count() > 100).collect();
    assert!(wide.is_empty(), "{wide:?}");
    reports_the_same(&std::fs::read_to_string(report).unwrap(), &told, &last);
}

/// The page has every scene of the terminal, a picture for most, and the same counts.
fn reports_the_same(page: &str, told: &str, last: &Value) {
    let titles: Vec<&str> = told.lines().filter_map(|l| l.strip_prefix("── ")).map(|l| l.trim_end_matches(['─', ' '])).collect();
    assert!(titles.len() >= 10, "{titles:?}");
    for title in titles {
        assert!(page.contains(&format!("<h2>{title}</h2>")), "{title}");
    }
    assert!(page.matches("<svg").count() >= 8, "most scenes send messages");
    assert!(page.contains("line allowed") && page.contains("line stopped"), "what went through and what was refused");
    for count in ["berichten", "leveringen", "bladen"] {
        assert!(page.contains(&format!("<td class=\"number\">{}</td>", last[count])), "{count}");
    }
    assert!(!page.contains("✗ nee"));
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_the_night() {
    let output = Command::new(env!("CARGO_BIN_EXE_inbreng"))
        .args(["demo", "--exit", "--report", "/bestaat-niet/nacht.html"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("het verslag kan niet naar /bestaat-niet/nacht.html"), "{told}");
    assert!(output.stdout.is_empty(), "nothing was begun");
}

#[test]
fn an_unknown_scene_is_named_with_those_that_exist() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_inbreng")).args(["demo", "--exit", "--scene", "bestaat-niet"]).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("bestaat-niet") && told.contains("zorgadvies"), "{told}");
}
