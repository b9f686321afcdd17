//! `cargo xtask test`: every step in order; the last lines name each with its result. Nothing is skipped silently.

use std::time::Instant;

use crate::run::{Outcome, cargo, program, root, run, target, workdir};
use crate::{dist, docs, edges, klok, nextest, opvolging, postgres, rabbitmq, schijf, tools};

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Outcome,
}

const STEPS: &[Step] = &[
    Step { name: "formaat", what: "rustfmt", run: format },
    Step { name: "grenzen", what: "edges between crates", run: edges::check },
    Step { name: "lints", what: "clippy, warnings are errors", run: lints },
    Step { name: "tests", what: "unit, property, contract and end-to-end tests", run: tests },
    Step { name: "postgres", what: "the store, and hubs that share it, on a PostgreSQL of their own", run: postgres::test },
    Step { name: "rabbitmq", what: "the bus, and hubs that share it, on a RabbitMQ of their own", run: rabbitmq::test },
    Step { name: "klok", what: "a hub whose clock jumps while messages flow", run: klok::test },
    Step { name: "schijf", what: "a hub on a full disk", run: schijf::test },
    Step { name: "jose", what: "sealing and signing against an independent library, and a partner written in Python", run: jose },
    Step { name: "casbin", what: "the policy's questions against an independent Casbin", run: casbin },
    Step {
        name: "schemathesis",
        what: "every answer of hub and adapter beside the documents that they serve, by requests made from them",
        run: schemathesis,
    },
    Step { name: "api-regels", what: "NL GOV API Design Rules on the served documents", run: api_rules },
    Step { name: "pagina", what: "the pages for people in Chromium: by keyboard, and axe on each", run: pages },
    Step { name: "beleid", what: "decision tables by the command", run: tables },
    Step { name: "compose", what: "compose.yaml by its schema, and against the files that it mounts", run: compose },
    Step { name: "meldingen", what: "each alert rule fires on numbers that mean it, and on no others", run: alerts },
    Step { name: "demo", what: "the night, in a release build", run: demo },
    Step { name: "lokaal", what: "two hubs with their adapters, as compose/run-local.sh starts them", run: lokaal },
    Step { name: "licenties", what: "licences, bans and sources of dependencies", run: licences },
    Step { name: "documentatie", what: "links between pages, API documentation without warnings", run: docs::docs },
];

/// What `--full` adds, and what can be named alone.
const LONG: &[Step] = &[
    Step {
        name: "chaos",
        what: "a night of 2,000 messages in which hub and adapters are killed, and ten minutes of two hubs that lose everything",
        run: chaos,
    },
    Step {
        name: "opvolging",
        what: "hubs and adapters of the former version are replaced while partners send; needs this repository's history",
        run: opvolging::test,
    },
    Step {
        name: "fuzz",
        what: "every target that takes outside bytes, a minute each; of a hub's operations eight share one, of its headers ten, of an adapter's twelve",
        run: fuzz,
    },
    Step { name: "dist", what: "Debian packages with checksums and SBOM, opened again", run: dist::dist },
    Step { name: "schemathesis-lang", what: "as schemathesis, with many more requests", run: schemathesis_long },
];

/// Runs all steps, or those that are named. One that fails holds no other back: one run says all that is wrong.
pub fn test(only: &[String], full: bool) -> Outcome {
    let steps = || STEPS.iter().chain(LONG);
    if let Some(unknown) = only.iter().find(|o| !steps().any(|s| s.name == o.as_str())) {
        let names: Vec<_> = steps().map(|s| s.name).collect();
        return Err(format!("no step {unknown}; there are {}", names.join(", ")));
    }
    std::fs::create_dir_all(workdir()).map_err(|e| format!("cannot make {}: {e}", workdir().display()))?;
    let mut results = Vec::new();
    let mut failed = Vec::new();
    for step in steps() {
        let long = LONG.iter().any(|s| s.name == step.name);
        if only.is_empty() && long && !full || !only.is_empty() && !only.iter().any(|o| o == step.name) {
            results.push((step, "not asked for".to_owned()));
            continue;
        }
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        match (step.run)() {
            Ok(()) => results.push((step, format!("ok, {} s", start.elapsed().as_secs()))),
            Err(why) => {
                results.push((step, format!("FAILED: {why}")));
                failed.push(step.name);
            }
        }
    }
    println!("\n== summary");
    for (step, result) in &results {
        println!("  {:<18} {result}", step.name);
    }
    if full {
        println!("  --full: the long load runs have no suite here; `cargo xtask bench` has the figures");
    }
    for test in nextest::needed_a_second_go() {
        println!("  needed a second go: {test}");
    }
    let passed = results.iter().filter(|(_, r)| r.starts_with("ok")).count();
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn format() -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

fn tests() -> Outcome {
    let library = klok::bibliotheek()?;
    nextest::tests(&["--workspace"], |command| {
        command.env(klok::NAAM, library);
    })
}

fn jose() -> Outcome {
    let python = tools::python()?;
    let tests = ["--workspace", "-E", "test(jwcrypto) | test(python_partner)", "--run-ignored", "all"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_PYTHON", python);
    })
}

fn casbin() -> Outcome {
    let python = tools::python()?;
    let tests = ["-p", "inbreng-policy", "-E", "test(pycasbin_gives)", "--run-ignored", "all"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_PYTHON", python);
    })
}

fn pages() -> Outcome {
    let browser = tools::browser()?;
    let tests = ["-p", "inbreng-adapter", "-p", "inbreng", "-E", "test(chromium)", "--run-ignored", "all"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_BROWSER", browser);
    })
}

fn schemathesis() -> Outcome {
    documents("20")
}

fn schemathesis_long() -> Outcome {
    documents("400")
}

fn documents(examples: &str) -> Outcome {
    let python = tools::python()?;
    let tests = ["-p", "inbreng", "--test", "conformance", "-E", "test(schemathesis)", "--run-ignored", "all"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_PYTHON", python).env("INBRENG_SCHEMATHESIS_VOORBEELDEN", examples);
    })
}

/// The same nights as in every test run, longer. The seed stands in the output of a failure. PostgreSQL and RabbitMQ are the
/// test's own: it kills them.
fn chaos() -> Outcome {
    let _installed = postgres::programs()?;
    rabbitmq::aanwezig()?;
    let library = klok::bibliotheek()?;
    let tests = ["--workspace", "-E", "binary(chaos) - test(/^opvolging::/)", "--run-ignored", "all", "--no-capture"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_CHAOS_BERICHTEN", "2000").env("INBRENG_CHAOS_MINUTEN", "10").env(klok::NAAM, library);
    })
}

/// The same entry points as in every test run, by time instead of by rounds; two at a time, so that each has its minute. The targets
/// for a fuzzer that follows coverage need a nightly compiler; here it is seen that they still fit.
fn fuzz() -> Outcome {
    let targets = root().join("tests/fuzz/Cargo.toml");
    run(cargo()
        .args(["check", "--quiet", "--bins", "--manifest-path"])
        .arg(targets)
        .arg("--target-dir")
        .arg(workdir().join("fuzz")))?;
    let tests = ["-p", "inbreng", "-p", "inbreng-policy", "-E", "binary(fuzz) | binary(fuzz_ingangen)", "--test-threads", "2"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_FUZZ_SECONDEN", "60");
    })
}

/// The program, as the tests built it.
fn inbreng() -> Outcome<std::process::Command> {
    run(cargo().args(["build", "--workspace", "--bins", "--quiet"]))?;
    Ok(program(target().join("debug/inbreng")))
}

fn api_rules() -> Outcome {
    let documents = [
        ("openapi.json", &["openapi"][..], "nlgov-api-design-rules/linter.yaml"),
        ("openapi-authzen.json", &["openapi", "--authzen"], "authzen-regels.yaml"),
    ];
    for (name, args, rules) in documents {
        let rules = root().join("tests/conformance").join(rules);
        let document = workdir().join(name);
        let text = crate::run::output(inbreng()?.args(args))?;
        std::fs::write(&document, text).map_err(|e| format!("cannot write {}: {e}", document.display()))?;
        run(program(tools::spectral()?).args(["lint", "--fail-severity", "warn", "-r"]).arg(&rules).arg(document))?;
    }
    Ok(())
}

fn tables() -> Outcome {
    let dir = root().join("policy/tables");
    let mut files: Vec<_> = std::fs::read_dir(&dir)
        .map_err(|e| format!("{}: {e}", dir.display()))?
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.is_file())
        .collect();
    files.push(dir.join("regio/voorbeeldregio.toml"));
    files.sort();
    run(inbreng()?.args(["policy", "test"]).args(files))?;
    // A table is about one covenant; these are about the second region.
    let noord = ["voorbeeldregio-noord.toml", "organisatie.toml"].map(|f| dir.join("regio").join(f));
    run(inbreng()?.args(["policy", "test", "--convenant", "voorbeeldregio-noord"]).args(noord))
}

fn compose() -> Outcome {
    let dir = workdir().join("compose");
    std::fs::create_dir_all(&dir).map_err(|e| format!("cannot make {}: {e}", dir.display()))?;
    let inbreng = inbreng()?.get_program().to_owned();
    let schema = tools::compose_schema()?;
    let script = root().join("tests/interop/compose.py");
    let programs = [inbreng, target().join("debug/inbreng-adapter").into_os_string()];
    run(program(tools::python()?).arg(script).arg(root()).args(programs).arg(dir).env("PYTHONPATH", schema))
}

fn alerts() -> Outcome {
    tools::debian(&[("promtool", "prometheus")])?;
    run(program("promtool").args(["test", "rules"]).arg(root().join("tests/interop/meldingen.yml")))
}

fn demo() -> Outcome {
    run(cargo().args(["build", "--release", "--quiet", "-p", "inbreng"]))?;
    run(program(target().join("release/inbreng")).args(["demo", "--exit"]))
}

fn lokaal() -> Outcome {
    let _installed = postgres::programs()?;
    rabbitmq::aanwezig()?;
    tools::debian(&[("curl", "curl"), ("prometheus", "prometheus")])?;
    run(cargo().args(["build", "--release", "--quiet", "-p", "inbreng"]))?;
    // What listens on a socket needs a short path, and PostgreSQL's user one that it may enter.
    let map = std::env::temp_dir().join(format!("inbreng-lokaal-{}", std::process::id()));
    let outcome = run(program(root().join("tests/interop/lokaal.sh")).arg(&map).arg(target().join("release/inbreng")));
    if outcome.is_ok() {
        let _gone = std::fs::remove_dir_all(&map);
    }
    outcome
}

fn licences() -> Outcome {
    run(program(tools::cargo_deny()?).args(["--offline", "check", "licenses", "bans", "sources"]))
}
