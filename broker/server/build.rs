//! Carries the partners' mapping files and fixtures into the binary, so that the demo needs no folder beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let mut table = String::from("/// Name and text of every file.\npub static FILES: &[(&str, &str)] = &[\n");
    for (root, prefix) in [(manifest.join("../../adapters"), ""), (manifest.join("src/demo/scenes"), "scenes/")] {
        println!("cargo::rerun-if-changed={}", root.display());
        let mut found = Vec::new();
        walk(&root, &mut found)?;
        found.sort();
        for file in found {
            let name = file.strip_prefix(&root)?.to_string_lossy().into_owned();
            writeln!(table, "    ({:?}, include_str!({:?})),", format!("{prefix}{name}"), file.canonicalize()?)?;
        }
    }
    table.push_str("];\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("files.rs"), table)?;
    Ok(())
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && name != "kit" && name != "src" {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "json" || (e == "toml" && name != "Cargo.toml")) {
            found.push(path);
        }
    }
    Ok(())
}
