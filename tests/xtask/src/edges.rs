//! The edges between crates, as `docs/architecture.md` draws them: read from `cargo metadata`; any other fails.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::run::{Outcome, cargo, output};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// Which of our crates each of ours may name. Transitive ones may be named too.
const EDGES: &[(&str, &[&str])] = &[
    ("inbreng-domain", &[]),
    ("inbreng-catalogue", &["inbreng-domain"]),
    ("inbreng-policy", &["inbreng-catalogue"]),
    ("inbreng-proof", &["inbreng-domain"]),
    ("inbreng-telemetry", &["inbreng-domain"]),
    ("inbreng-storage", &["inbreng-domain"]),
    ("inbreng-bus", &["inbreng-domain"]),
    ("inbreng-storage-sql", &["inbreng-storage", "inbreng-proof"]),
    ("inbreng-pipeline", &["inbreng-catalogue", "inbreng-policy", "inbreng-proof", "inbreng-storage", "inbreng-bus"]),
    ("inbreng-api", &["inbreng-pipeline"]),
    ("inbreng-adapter", &["inbreng-catalogue", "inbreng-policy", "inbreng-proof", "inbreng-telemetry"]),
    ("inbreng-certs", &["inbreng-domain", "inbreng-proof"]),
    ("inbreng-partner-sim", &[]),
    ("xtask", &[]),
];

/// Crates that may name everything: the composition root and the tests.
const TOP: &[&str] = &["inbreng", "inbreng-harness", "inbreng-load"];

/// Who alone may name an outside crate.
const OWNERS: &[(&str, &[&str])] = &[
    ("casbin", &["inbreng-policy"]),
    ("lapin", &["inbreng-bus"]),
    ("amq-protocol-tcp", &["inbreng-bus"]),
    ("sqlx", &["inbreng-storage-sql", "inbreng-adapter"]),
    ("openssl", &["inbreng-certs", "inbreng-adapter"]),
    ("josekit", &["inbreng-certs", "inbreng-adapter"]),
    ("actix-web", &["inbreng-api", "inbreng-adapter", "inbreng-partner-sim", "inbreng"]),
];

/// Fails on the first edge that is not drawn.
pub fn check() -> Outcome {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: Metadata = serde_json::from_str(&text).map_err(|e| format!("cargo metadata: {e}"))?;
    violations(&metadata).map_or(Ok(()), Err)
}

fn violations(metadata: &Metadata) -> Option<String> {
    let edges: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    for package in metadata.packages.iter().filter(|p| p.source.is_none()) {
        let name = package.name.as_str();
        let top = TOP.contains(&name);
        if !top && !edges.contains_key(name) {
            return Some(format!(
                "crate {name} has no place in the architecture: add it to tests/xtask/src/edges.rs and docs/architecture.md"
            ));
        }
        let allowed = reachable(name, &edges);
        for dependency in package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev")) {
            let to = dependency.name.as_str();
            let ours = edges.contains_key(to) || TOP.contains(&to);
            if ours && !top && !allowed.contains(to) {
                return Some(format!("{name} must not depend on {to}"));
            }
            if let Some((_, owners)) = OWNERS.iter().find(|(outside, _)| *outside == to)
                && !owners.contains(&name)
                && !name.starts_with("inbreng-load")
            {
                return Some(format!("{name} must not name {to}; only {} may", owners.join(", ")));
            }
        }
    }
    None
}

fn reachable<'a>(from: &str, edges: &BTreeMap<&'a str, &'a [&'a str]>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = edges.get(from).map(|e| e.to_vec()).unwrap_or_default();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(edges.get(next).copied().unwrap_or_default());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, deps: &[&str]) -> Package {
        Package {
            name: name.into(),
            source: None,
            dependencies: deps.iter().map(|d| Dependency { name: (*d).into(), kind: None }).collect(),
        }
    }

    #[test]
    fn the_workspace_keeps_its_edges() {
        check().unwrap();
    }

    #[test]
    fn a_wrong_edge_is_found() {
        let wrong = Metadata { packages: vec![package("inbreng-policy", &["inbreng-storage"])] };
        assert!(violations(&wrong).unwrap().contains("must not depend"));
        let casbin = Metadata { packages: vec![package("inbreng-api", &["casbin"])] };
        assert!(violations(&casbin).unwrap().contains("casbin"));
        let stranger = Metadata { packages: vec![package("inbreng-helper", &[])] };
        assert!(violations(&stranger).is_some());
        let transitive = Metadata { packages: vec![package("inbreng-pipeline", &["inbreng-domain"])] };
        assert!(violations(&transitive).is_none());
    }
}
