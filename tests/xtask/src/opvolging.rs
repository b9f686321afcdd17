//! The former version and this one: its program is built from this repository's own history, runs first, and is replaced while partners
//! send. Which commit it is stands in `tests/chaos/vorige-versie`.

use std::{fs, path::PathBuf, process::Stdio};

use crate::run::{Outcome, cargo, output, program, root, run, workdir};
use crate::{nextest, postgres, rabbitmq};

const NAAM: &str = "tests/chaos/vorige-versie";

/// Everything that must hold when a version is followed by the next.
pub fn test() -> Outcome {
    let _installed = postgres::programs()?;
    rabbitmq::aanwezig()?;
    let former = former()?;
    let tests = ["-p", "inbreng", "-E", "binary(chaos) & test(/^opvolging::/)", "--run-ignored", "all", "--no-capture"];
    nextest::tests(&tests, |command| {
        command.env("INBRENG_VORIGE", former.program).env("INBRENG_VORIGE_BRON", former.source);
    })
}

/// The former version.
struct Former {
    program: PathBuf,
    source: PathBuf,
}

/// Builds it where it was not built yet, in a folder of its own.
fn former() -> Outcome<Former> {
    let commit = commit()?;
    let git = || {
        let mut git = program("git");
        git.stderr(Stdio::null());
        git
    };
    output(git().args(["cat-file", "-e", &format!("{commit}^{{commit}}")])).map_err(|_| {
        format!(
            "commit {commit} ({NAAM}) is not in this checkout: fetch its history (git fetch --unshallow, or fetch-depth: 0), or leave \
             this step out; without it a rolling upgrade is not tried"
        )
    })?;
    let folder = workdir().join("vorige").join(&commit);
    let (source, target) = (folder.join("bron"), folder.join("target"));
    if !source.join("Cargo.toml").is_file() {
        fs::create_dir_all(&source).map_err(|e| format!("cannot make {}: {e}", source.display()))?;
        let archive = folder.join("bron.tar");
        run(git().args(["archive", "--output"]).arg(&archive).arg(&commit))?;
        run(program("tar").arg("-xf").arg(&archive).arg("-C").arg(&source))?;
    }
    let mut build = cargo();
    build
        .current_dir(&source)
        .env("CARGO_TARGET_DIR", &target)
        .args(["build", "--quiet", "--locked", "-p", "inbreng", "--bin", "inbreng"]);
    run(&mut build)?;
    Ok(Former { program: target.join("debug/inbreng"), source })
}

/// The commit that the file names.
fn commit() -> Outcome<String> {
    let text = fs::read_to_string(root().join(NAAM)).map_err(|e| format!("cannot read {NAAM}: {e}"))?;
    let named = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let named = named.filter(|name| name.len() == 40 && name.bytes().all(|b| b.is_ascii_hexdigit()));
    named.map(str::to_owned).ok_or_else(|| format!("{NAAM} names no commit: forty hexadecimal digits on a line"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_names_a_commit() {
        assert_eq!(super::commit().map(|c| c.len()), Ok(40));
    }
}
