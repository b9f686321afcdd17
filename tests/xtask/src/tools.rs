//! Tools from Debian, npm, PyPI and crates.io that the suites need: each pinned, installed only when missing, in this
//! checkout's own directory where that can be.

use std::path::PathBuf;

use crate::run::{Outcome, exists, program, run, workdir};

/// What a partner in Python needs, and what the tests need beside it: the other Casbin.
const PYTHON: &str =
    concat!(include_str!("../../../docs/partners/python/requirements.txt"), "\n", include_str!("../../interop/requirements.txt"));
const COMPOSE: &str = "docker-compose==1.29.2";
const SPECTRAL: &str = "@stoplight/spectral-cli@6.16.0";
/// A browser's driver, and the rules of accessibility that it holds a page against. The browser itself is Debian's.
const BROWSER: [&str; 2] = ["playwright-core@1.65.1", "axe-core@4.14.1"];
const CARGO_DENY: &str = "0.20.2";
const CARGO_DEB: &str = "3.6.2";
const CARGO_SBOM: &str = "0.10.0";
const NEXTEST: &str = "0.9.143";

/// Installs Debian packages whose program is missing.
pub fn debian(packages: &[(&str, &str)]) -> Outcome {
    let missing: Vec<&str> = packages.iter().filter(|(program, _)| !exists(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    run(program("apt-get").args(["update", "-q"]))?;
    run(program("apt-get").args(["install", "-q", "-y", "--no-install-recommends"]).args(missing))
}

/// A Python of this checkout with the independent libraries.
pub fn python() -> Outcome<PathBuf> {
    let venv = workdir().join("venv");
    let python = venv.join("bin/python");
    let stamp = venv.join("geinstalleerd");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == PYTHON) {
        return Ok(python);
    }
    debian(&[("python3", "python3-venv")])?;
    run(program("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
    run(program(&python).args(["-m", "pip", "install", "-q", "--disable-pip-version-check"]).args(PYTHON.split_whitespace()))?;
    std::fs::write(&stamp, PYTHON).map_err(|e| format!("cannot write {}: {e}", stamp.display()))?;
    Ok(python)
}

/// The schema of the Compose Specification: a folder for `PYTHONPATH`. Only its data is read, so nothing that it needs comes along.
pub fn compose_schema() -> Outcome<PathBuf> {
    let dir = workdir().join("compose-schema");
    if !dir.join("compose/config/compose_spec.json").exists() {
        let pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--target"];
        run(program(python()?).args(pip).arg(&dir).arg(COMPOSE))?;
    }
    Ok(dir)
}

/// The linter of the NL GOV API Design Rules.
pub fn spectral() -> Outcome<PathBuf> {
    let dir = workdir().join("npm");
    let bin = dir.join("node_modules/.bin/spectral");
    if !bin.exists() {
        debian(&[("npm", "npm")])?;
        std::fs::create_dir_all(&dir).map_err(|e| format!("cannot make {}: {e}", dir.display()))?;
        run(program("npm").args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&dir).arg(SPECTRAL))?;
    }
    Ok(bin)
}

/// Chromium, with what drives it and what it is held against: a folder with their packages.
pub fn browser() -> Outcome<PathBuf> {
    debian(&[("chromium", "chromium"), ("npm", "npm")])?;
    let dir = workdir().join("browser");
    let stamp = dir.join("geinstalleerd");
    let wanted = BROWSER.join(" ");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(dir);
    }
    std::fs::create_dir_all(&dir).map_err(|e| format!("cannot make {}: {e}", dir.display()))?;
    run(program("npm").args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&dir).args(BROWSER))?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("cannot write {}: {e}", stamp.display()))?;
    Ok(dir)
}

/// `cargo-nextest`, the test runner.
pub fn nextest() -> Outcome {
    if exists("cargo-nextest") {
        return Ok(());
    }
    run(crate::run::cargo().args(["install", "--locked", "--version", NEXTEST, "cargo-nextest"]))
}

/// `cargo-deny`, for licences, bans and sources.
pub fn cargo_deny() -> Outcome<PathBuf> {
    own("cargo-deny", CARGO_DENY, &[])
}

/// `cargo-deb`, which makes Debian packages.
pub fn cargo_deb() -> Outcome<PathBuf> {
    own("cargo-deb", CARGO_DEB, &["--no-default-features"])
}

/// `cargo-sbom`, which lists what a program is made of.
pub fn cargo_sbom() -> Outcome<PathBuf> {
    own("cargo-sbom", CARGO_SBOM, &[])
}

/// A tool from crates.io, in this checkout's own directory.
fn own(name: &str, version: &str, args: &[&str]) -> Outcome<PathBuf> {
    let root = workdir().join(name);
    let bin = root.join("bin").join(name);
    if !bin.exists() {
        let mut install = crate::run::cargo();
        run(install.args(["install", "--locked", "--version", version, "--root"]).arg(&root).args(args).arg(name))?;
    }
    Ok(bin)
}
