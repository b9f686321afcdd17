//! The bench works: every figure is made, and the hub accepted every message. Nothing here is about speed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it stands")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Every figure that docs/operations/figures.md explains.
const FIGURES: &[&str] = &[
    "fsync",
    "decision",
    "decision-100",
    "decision-10000",
    "decision-100000",
    "decision-casbin",
    "decision-full",
    "decision-record",
    "decision-refusal",
    "decision-refusal-record",
    "decision-full-10000",
    "decision-record-10000",
    "decision-refusal-10000",
    "decision-refusal-record-10000",
    "decision-during",
    "activation",
    "activation-cpu",
    "memory-policy",
    "delivery-p50",
    "delivery-p99",
    "accept-idle-p50",
    "accept-idle-p99",
    "accept-3x3",
    "accept-3x3-cpu",
    "accept-3x3-client",
    "accept-3x3-p50",
    "accept-3x3-p99",
    "sealing-3x3",
    "size-3x3",
    "accept-1x1",
    "accept-1x1-cpu",
    "accept-1x1-client",
    "accept-1x1-p50",
    "accept-1x1-p99",
    "sealing-1x1",
    "size-1x1",
    "whole-1x1",
    "whole-1x1-cpu",
    "whole-1x1-client",
    "whole-1x1-delivery-p50",
    "whole-1x1-delivery-p99",
    "whole-1x1-receipt-p50",
    "whole-1x1-receipt-p99",
    "push-1x1",
    "push-1x1-cpu",
    "memory-load",
    "memory-idle",
    "start",
];

/// Those of a store that grows.
const GROWN: &[&str] =
    &["grown-whole", "grown-cpu", "grown-delivery-p50", "grown-delivery-p99", "grown-memory", "restart-waiting"];

/// Those of a rate that lasts.
const SUSTAINED: &[&str] = &[
    "sustained-1x1",
    "sustained-1x1-slowest",
    "sustained-1x1-cpu",
    "sustained-1x1-client",
    "sustained-1x1-delivery-p50",
    "sustained-1x1-delivery-p99",
    "sustained-1x1-delivery-max",
    "sustained-1x1-receipt-p50",
    "sustained-1x1-receipt-p99",
    "sustained-1x1-receipt-max",
    "sustained-memory",
    "memory-load",
    "sealing-1x1",
];

/// Those of the whole path alone.
const WHOLE: &[&str] = &[
    "whole-1x1",
    "whole-1x1-cpu",
    "whole-1x1-client",
    "whole-1x1-delivery-p50",
    "whole-1x1-delivery-p99",
    "whole-1x1-receipt-p50",
    "whole-1x1-receipt-p99",
    "push-1x1",
    "push-1x1-cpu",
    "memory-load",
    "memory-idle",
];

/// And those that only hubs have that share what they stand on.
const SHARED: &[&str] = &["broker-confirmed", "sustained-1x1-broker"];

/// The bench beside its hub: `cargo test -p inbreng-load` alone does not build the hub; cargo knows whether it is fresh.
fn built() -> &'static Path {
    let load = Path::new(env!("CARGO_BIN_EXE_inbreng-load"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "inbreng", "--target-dir"]).arg(load.ancestors().nth(2).unwrap());
    if load.parent().is_some_and(|p| p.ends_with("release")) {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success());
    load
}

/// The table of a short run, which has these figures and no others.
fn made(load: &Path, args: &[&str], expected: &[&str]) -> Value {
    let output = Command::new(load).args(["--kort", "--json"]).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table: Value = serde_json::from_slice(&output.stdout).unwrap();
    let figures = table["figures"].as_array().unwrap();
    let keys: BTreeSet<_> = figures.iter().map(|f| f["key"].as_str().unwrap()).collect();
    assert_eq!(keys, expected.iter().copied().collect());
    for figure in figures {
        assert!(figure["value"].as_f64().unwrap() >= 0.0, "{figure}");
    }
    table
}

/// What is aimed for by a figure.
fn bar(table: &Value, key: &str) -> String {
    let figure = table["figures"].as_array().unwrap().iter().find(|f| f["key"] == key);
    figure.unwrap()["bar"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_figure_is_made_and_every_message_accepted() {
    let load = built();
    // 24 of each shape, 5 one by one, 24 and 12 along the whole path, 24 brought; whatever is not accepted ends the run.
    assert_eq!(made(load, &[], FIGURES)["accepted"], 113);
    // 24, 36 on few, 20 more, 36 on many, 10 that wait.
    assert_eq!(made(load, &["--gegroeid", "80", "--wachtend", "10"], GROWN)["accepted"], 126);
    assert!(made(load, &["--aanhoudend", "0.02"], SUSTAINED)["accepted"].as_u64().unwrap() > 24);
    let whole = made(load, &["--heel", "1x1"], WHOLE);
    assert_eq!((bar(&whole, "whole-1x1").as_str(), &whole["accepted"]), ("≥ 2,000 /s", &Value::from(60)));

    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations/figures.md")).unwrap();
    for key in [FIGURES, GROWN, SUSTAINED, SHARED].concat() {
        assert!(text.contains(&format!("`{key}`")), "docs/operations/figures.md does not explain {key}");
    }
}

#[test]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
fn hubs_that_share_have_every_figure_too_on_rabbitmq() {
    let load = built();
    let broker =
        std::env::var("INBRENG_RABBITMQ").expect("INBRENG_RABBITMQ names a broker; run cargo xtask test --only rabbitmq");
    let shared = |args: &[&str], expected: &[&str]| {
        // Each run has an empty database.
        let database = inbreng_harness::postgres::basis();
        made(load, &[args, &["--postgres", &database, "--rabbitmq", &broker]].concat(), expected)
    };
    let whole = shared(&["--heel", "1x1"], WHOLE);
    assert_eq!((bar(&whole, "whole-1x1").as_str(), &whole["accepted"]), ("≥ 3,000 /s", &Value::from(60)));
    assert_eq!(bar(&whole, "memory-idle"), "≤ 60 MiB");
    let sustained = shared(&["--aanhoudend", "0.02", "--knooppunten", "2"], &[SUSTAINED, SHARED].concat());
    assert_eq!(bar(&sustained, "sustained-1x1"), "≥ 3,000 /s");
    assert_eq!(bar(&sustained, "sustained-1x1-delivery-p99"), "≤ 50 ms");
    assert!(sustained["accepted"].as_u64().unwrap() > 24);
}
