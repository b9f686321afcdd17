//! The demo as a test: separate processes, every scene held, the balance right, the last line as promised.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up fails here, loudly")]

use std::process::Command;

use serde_json::Value;

#[test]
fn every_scene_of_the_night_holds() {
    let output = Command::new(env!("CARGO_BIN_EXE_inbreng")).args(["demo", "--exit"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert!(output.status.success(), "{told}");
    assert_eq!(last["ok"], true, "{told}");
    assert_eq!(last["fouten"], serde_json::json!([]));
    assert_eq!(last["scenes"], last["geslaagd"]);
    assert!(last["scenes"].as_u64().unwrap() >= 9);
    assert_eq!(last["leveringen"], last["bijPartners"], "what was sent equals what arrived");
    assert!(last["besluiten"]["afzenders"]["weigeren"].as_u64().unwrap() >= 1, "decisions by outcome");
    assert!(last["besluiten"]["knooppunt"]["toestaan-met-plicht"].as_u64().unwrap() >= 16, "the hub's own");
    assert!(last["weigeringen"]["afzenders"]["R8"].as_u64().unwrap() >= 1, "refusals by rule");
    // More than the scenes sent: what own systems sent by themselves is signed for too.
    assert!(last["ontvangsten"].as_u64().unwrap() >= 32, "{last}");
    assert!(told.contains("past bij de kop die de politie"), "the log is held against a head that a partner kept");
    // Readable on a terminal of 100 columns.
    let wide: Vec<&str> = told.lines().filter(|l| !l.starts_with('{') && l.chars().count() > 100).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn an_unknown_scene_is_named_with_those_that_exist() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_inbreng")).args(["demo", "--exit", "--scene", "bestaat-niet"]).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("bestaat-niet") && told.contains("zorgadvies"), "{told}");
}
