//! `cargo xtask dist`: what an organisation installs. Debian packages of hub and adapter, a list of everything that is in each
//! program (SBOM, SPDX), and checksums of all of it; then each package is opened again and what is in it is started.

use std::fs;
use std::path::Path;

use crate::run::{Outcome, cargo, is_root, output, program, root, run, target, workdir};
use crate::tools;

/// The package of a program, and what must be in its Debian package.
struct Product {
    package: &'static str,
    /// Its unit, and as what systemd would start it.
    unit: (&'static str, &'static str),
    holds: &'static [&'static str],
}

const PRODUCTS: [Product; 2] = [
    Product {
        package: "inbreng",
        unit: ("inbreng.service", "inbreng.service"),
        holds: &[
            "./usr/bin/inbreng",
            "./usr/lib/systemd/system/inbreng.service",
            "./usr/share/inbreng/prometheus/meldingen.yml",
            "./usr/share/doc/inbreng/operations/README.md",
        ],
    },
    Product {
        package: "inbreng-adapter",
        unit: ("inbreng-adapter@.service", "inbreng-adapter@proef.service"),
        holds: &[
            "./usr/bin/inbreng-adapter",
            "./usr/lib/systemd/system/inbreng-adapter@.service",
            "./usr/share/inbreng-adapter/prometheus/meldingen.yml",
        ],
    },
];

/// Makes all of it in `target/xtask/dist`.
pub fn dist() -> Outcome {
    tools::debian(&[
        ("dpkg-deb", "dpkg"),
        ("dpkg-shlibdeps", "dpkg-dev"),
        ("sha256sum", "coreutils"),
        ("systemd-analyze", "systemd"),
    ])?;
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

    if is_root() {
        run(program(root().join("tests/interop/deb.sh")).arg(&folder))?;
    } else {
        println!("  NOT TRIED: installing the packages on a copy of this machine, which takes root");
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
    listed(&folder.join(format!("{}.spdx.json", product.package)))?;
    let elsewhere = folder.join(format!("{}.uitgepakt", product.package));
    run(program("dpkg-deb").arg("--extract").arg(&deb).arg(&elsewhere))?;
    let version = output(program(elsewhere.join("usr/bin").join(product.package)).arg("--version"))?;
    println!("  {}", version.trim());
    let expected = env!("CARGO_PKG_VERSION");
    if !version.contains(expected) {
        return Err(format!("{} says {version} where {expected} was packed", product.package));
    }
    unit(&elsewhere, product)?;
    fs::remove_dir_all(&elsewhere).map_err(|e| format!("cannot remove {}: {e}", elsewhere.display()))
}

/// The list of a program is SPDX that can be read, and names what it stands on with version and licence.
fn listed(path: &Path) -> Outcome {
    let wrong = |what: &str| format!("{}: {what}", path.display());
    let text = fs::read_to_string(path).map_err(|e| wrong(&e.to_string()))?;
    let list: serde_json::Value = serde_json::from_str(&text).map_err(|e| wrong(&e.to_string()))?;
    let word = |of: &serde_json::Value, key: &str| of.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    if !word(&list, "spdxVersion").is_some_and(|v| v.starts_with("SPDX-2.")) {
        return Err(wrong("is not SPDX 2"));
    }
    let packages = list.get("packages").and_then(|p| p.as_array()).map(Vec::as_slice).unwrap_or_default();
    for name in ["rustls", "sqlx", "tokio", "inbreng-proof"] {
        let found = packages.iter().find(|p| word(p, "name").as_deref() == Some(name));
        let found = found.ok_or_else(|| wrong(&format!("does not name {name}")))?;
        if !["versionInfo", "licenseDeclared"].iter().all(|key| word(found, key).is_some_and(|v| !v.is_empty())) {
            return Err(wrong(&format!("says neither version nor licence of {name}")));
        }
    }
    println!("  {}: {} packages", path.display(), packages.len());
    Ok(())
}

/// How exposed a unit may be, in tenths, as `systemd-analyze security` counts (0 to 100; lower is better).
const EXPOSED: &str = "--threshold=15";

/// The unit as it was packed: systemd understands all of it, and finds it closed.
fn unit(elsewhere: &Path, product: &Product) -> Outcome {
    let (name, instance) = product.unit;
    let packed = fs::read_to_string(elsewhere.join("usr/lib/systemd/system").join(name)).map_err(|e| format!("{name}: {e}"))?;
    // Where its program lies here.
    let here = packed.replace("=/usr/bin/inbreng", &format!("={}/usr/bin/inbreng", elsewhere.display()));
    let copy = elsewhere.join(name);
    write(&copy, &here)?;
    let said = program("systemd-analyze").args(["verify", "--man=no"]).arg(elsewhere.join(instance)).output();
    let said = said.map_err(|e| format!("cannot start systemd-analyze: {e}"))?;
    // It warns of what it does not understand, and ends well all the same.
    let warnings = String::from_utf8_lossy(&said.stderr);
    if !said.status.success() || !warnings.trim().is_empty() {
        return Err(format!("{name}: {warnings}"));
    }
    output(program("systemd-analyze").args(["security", "--offline=true", "--no-pager", EXPOSED]).arg(copy)).map(drop)
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The folder of a package, and what it says of its Debian package.
    fn deb(name: &str) -> (std::path::PathBuf, Value) {
        let said = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"])).unwrap();
        let said: Value = serde_json::from_str(&said).unwrap();
        let package = said["packages"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap();
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        (folder.to_owned(), package["metadata"]["deb"].clone())
    }

    #[test]
    fn what_a_package_is_made_of_is_there_and_where_the_packer_looks() {
        for product in &PRODUCTS {
            let (folder, deb) = deb(product.package);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            for asset in deb["assets"].as_array().unwrap() {
                let source = text(&asset[0]);
                if source.starts_with("target/release/") {
                    assert_eq!(source, format!("target/release/{}", product.package));
                    continue;
                }
                let stem = source.split('*').next().unwrap();
                let found = folder.join(stem);
                let filled = found.is_file() || found.is_dir() && fs::read_dir(&found).unwrap().next().is_some();
                assert!(filled, "{}: {source} is not there", product.package);
            }
            // cargo-deb reads `<package>.postinst` only of a package with units, and what these need goes in the place of the token;
            // of one without it takes a file `postinst`, or nothing.
            let script = folder.join(text(&deb["maintainer-scripts"])).join(format!("{}.postinst", product.package));
            let script = fs::read_to_string(&script).unwrap();
            assert!(script.starts_with("#!/bin/sh\n") && script.contains("\n#DEBHELPER#\n"), "{script}");
            let units = &deb["systemd-units"];
            assert_eq!(units["unit-name"], product.package);
            assert_eq!((&units["enable"], &units["start"]), (&false.into(), &false.into()), "{}", product.package);
            let (unit, _) = product.unit;
            assert!(folder.join(text(&units["unit-scripts"])).join(unit).is_file(), "{unit}");
            assert!(product.holds.iter().any(|held| *held == format!("./usr/lib/systemd/system/{unit}")), "{unit}");
        }
    }
}
