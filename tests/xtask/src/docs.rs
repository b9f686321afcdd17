//! Documentation: the API's, without warnings, and the pages', without a link to what is not there and without a file that the map of
//! the house names and the house does not have.

use std::{collections::BTreeSet, path::Path};

use crate::run::{Outcome, cargo, output, program, root, run};

/// The map of the house.
const MAP: &str = "docs/architecture.md";

/// Checks the links between pages and the names on the map, and builds the API documentation of our own crates.
pub fn docs() -> Outcome {
    links()?;
    map()?;
    run(cargo().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Every relative link in a tracked page leads to a file or folder of the checkout.
fn links() -> Outcome {
    let root = root();
    let mut dead = Vec::new();
    for page in output(program("git").args(["ls-files", "-z", "--", "*.md"]))?.split('\0').filter(|p| !p.is_empty()) {
        let path = root.join(page);
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{page}: {e}"))?;
        let folder = path.parent().unwrap_or(&root);
        dead.extend(
            broken(&text, |target| folder.join(Path::new(target)).exists()).map(|(line, to)| format!("{page}:{line}: {to}")),
        );
    }
    if dead.is_empty() { Ok(()) } else { Err(format!("links to what is not there:\n    {}", dead.join("\n    "))) }
}

/// Every file and folder that the map names in code is in the checkout.
fn map() -> Outcome {
    let text = std::fs::read_to_string(root().join(MAP)).map_err(|e| format!("{MAP}: {e}"))?;
    let tracked = output(program("git").args(["ls-files", "-z"]))?;
    let gone: Vec<_> = unknown(&text, tracked.split('\0')).map(|(line, name)| format!("{MAP}:{line}: {name}")).collect();
    if gone.is_empty() { Ok(()) } else { Err(format!("named and not there:\n    {}", gone.join("\n    "))) }
}

/// The files (`x.rs`) and folders (`x/`, `x/y`) between backticks that no tracked path ends with or lies in. A page says
/// `pipeline/klok.rs` for `broker/pipeline/src/klok.rs`.
fn unknown<'a>(text: &'a str, tracked: impl Iterator<Item = &'a str>) -> impl Iterator<Item = (usize, &'a str)> {
    let mut known = BTreeSet::new();
    for path in tracked {
        let parts: Vec<_> = path.split('/').filter(|part| *part != "src").collect();
        for end in 1..=parts.len() {
            known.extend((0..end).filter_map(|begin| parts.get(begin..end)).map(|tail| tail.join("/")));
        }
    }
    let is_path = |name: &str| {
        (name.ends_with(".rs") || name.contains('/'))
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b))
            && !name.starts_with(['/', '.'])
    };
    let names =
        (1..).zip(text.lines()).flat_map(|(number, line)| line.split('`').skip(1).step_by(2).map(move |name| (number, name)));
    names.filter(move |(_, name)| {
        let parts: Vec<_> = name.trim_end_matches('/').split('/').filter(|part| *part != "src").collect();
        is_path(name) && !known.contains(&parts.join("/"))
    })
}

/// The relative links of a page whose target does not exist, with their lines. Code is no link.
fn broken(text: &str, exists: impl Fn(&str) -> bool) -> impl Iterator<Item = (usize, String)> {
    let mut fenced = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(targets(line).into_iter().filter(|t| !exists(t)).map(|t| (number, t)));
        }
    }
    found.into_iter()
}

/// The files that a line links to: `[text](target)`, without what leads outside or stays on the page.
fn targets(line: &str) -> Vec<String> {
    // What stands between backticks is every second piece.
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let definition = prose.strip_prefix('[').and_then(|l| l.split_once("]: ")).map(|(_, to)| to);
    let inline = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to);
    inline
        .chain(definition)
        .filter_map(|to| to.split_whitespace().next())
        .filter(|to| !to.contains("://") && !to.starts_with("mailto:"))
        .filter_map(|to| to.split('#').next())
        .filter(|to| !to.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(text: &str) -> Vec<(usize, String)> {
        broken(text, |target| ["wire.md", "adr/", "../README.md"].contains(&target)).collect()
    }

    #[test]
    fn a_link_to_a_missing_page_is_found_with_its_line() {
        let text = "See [wire](wire.md) and [adr](adr/).\n[`code`](gone.md#part), [up](../README.md)\n\n[ref]: lost.md";
        assert_eq!(dead(text), [(2, "gone.md".to_owned()), (4, "lost.md".to_owned())]);
    }

    #[test]
    fn a_name_on_the_map_is_the_tail_of_a_path() {
        let tracked = ["broker/pipeline/src/klok.rs", "broker/pipeline/src/bezorgen/mod.rs"];
        let text = "`pipeline/klok.rs`, `bezorgen/`, `broker/pipeline`\n`GET /v1/x`, `adapters/<partner>`, `klok`\n`pipeline/gone.rs`, `api/bezorgen`";
        let found: Vec<_> = unknown(text, tracked.into_iter()).collect();
        assert_eq!(found, [(3, "pipeline/gone.rs"), (3, "api/bezorgen")]);
    }

    #[test]
    fn outside_anchors_and_code_are_no_files() {
        let text = "[w](https://example.org/x) [m](mailto:a@example.org) [a](#part) `[c](gone.md)`\n```\n[d](gone.md)\n```\n";
        assert_eq!(dead(text), []);
        assert_eq!(dead("```\n```\n[after](gone.md)").len(), 1, "a closed fence is over");
    }
}
