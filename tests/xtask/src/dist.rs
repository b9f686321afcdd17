//! `cargo xtask dist`: what an organisation installs. Debian packages of hub and adapter, a list of everything that is in each
//! program (SBOM, SPDX), and checksums of all of it; then each package is opened again and what is in it is started.

use std::fs;
use std::path::Path;

use crate::run::{Outcome, cargo, output, program, run, target, workdir};
use crate::tools;

/// The package of a program, and what must be in its Debian package.
struct Product {
    package: &'static str,
    holds: &'static [&'static str],
}

const PRODUCTS: [Product; 2] = [
    Product {
        package: "inbreng",
        holds: &[
            "./usr/bin/inbreng",
            "./usr/lib/systemd/system/inbreng.service",
            "./usr/share/inbreng/prometheus/meldingen.yml",
            "./usr/share/doc/inbreng/operations/README.md",
        ],
    },
    Product {
        package: "inbreng-adapter",
        holds: &["./usr/bin/inbreng-adapter", "./usr/lib/systemd/system/inbreng-adapter@.service"],
    },
];

/// Makes all of it in `target/xtask/dist`.
pub fn dist() -> Outcome {
    tools::debian(&[("dpkg-deb", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"), ("sha256sum", "coreutils")])?;
    let (deb, sbom) = (tools::cargo_deb()?, tools::cargo_sbom()?);
    let folder = workdir().join("dist");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| format!("cannot empty {}: {e}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;

    let mut build = cargo();
    build.args(["build", "--release", "--locked"]);
    run(PRODUCTS.iter().fold(&mut build, |b, p| b.args(["--package", p.package])))?;
    for product in &PRODUCTS {
        let mut pack = program(&deb);
        pack.env("CARGO_TARGET_DIR", target()).args(["--no-build", "--package", product.package, "--output"]);
        run(pack.arg(folder.join(format!("{}.deb", product.package))))?;
        let list = output(program(&sbom).args(["--cargo-package", product.package, "--output-format", "spdx_json_2_3"]))?;
        write(&folder.join(format!("{}.spdx.json", product.package)), &list)?;
        opened(&folder, product)?;
    }

    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?.flatten() {
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let sums = output(program("sha256sum").current_dir(&folder).args(&names))?;
    write(&folder.join("SHA256SUMS"), &sums)?;
    run(program("sha256sum").current_dir(&folder).args(["--check", "--strict", "SHA256SUMS"]))?;
    println!("  in {}", folder.display());
    Ok(())
}

/// Unpacks a package elsewhere, looks whether everything is in it, and starts its program.
fn opened(folder: &Path, product: &Product) -> Outcome {
    let deb = folder.join(format!("{}.deb", product.package));
    let contents = output(program("dpkg-deb").arg("--contents").arg(&deb))?;
    if let Some(missing) = product.holds.iter().find(|h| !contents.lines().any(|l| l.ends_with(*h))) {
        return Err(format!("{} is not in {}", missing, deb.display()));
    }
    let list = fs::read_to_string(folder.join(format!("{}.spdx.json", product.package))).map_err(|e| e.to_string())?;
    if !list.contains("\"rustls\"") {
        return Err(format!("the SBOM of {} does not name rustls", product.package));
    }
    let elsewhere = folder.join(format!("{}.uitgepakt", product.package));
    run(program("dpkg-deb").arg("--extract").arg(&deb).arg(&elsewhere))?;
    let version = output(program(elsewhere.join("usr/bin").join(product.package)).arg("--version"))?;
    println!("  {}", version.trim());
    let expected = env!("CARGO_PKG_VERSION");
    if !version.contains(expected) {
        return Err(format!("{} says {version} where {expected} was packed", product.package));
    }
    fs::remove_dir_all(&elsewhere).map_err(|e| format!("cannot remove {}: {e}", elsewhere.display()))
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
}
