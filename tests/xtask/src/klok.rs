//! Clocks that jump: libfaketime, loaded before the hub's program, with a clock that the test sets while the hub runs.

use std::path::PathBuf;

use crate::nextest;
use crate::run::{Outcome, program, run};

/// Everything that must hold when a clock jumps.
pub fn test() -> Outcome {
    let library = bibliotheek()?;
    let tests = ["-p", "inbreng", "-E", "binary(e2e) & test(/^klok::/)", "--run-ignored", "all"];
    nextest::tests(&tests, |command| {
        command.env(NAAM, library);
    })
}

/// By which a test is told where the library is. Where it is told so, the library must be there.
pub const NAAM: &str = "INBRENG_FAKETIME";

/// The library of Debian's package, installed where it is missing.
pub fn bibliotheek() -> Outcome<PathBuf> {
    if let Some(library) = gevonden() {
        return Ok(library);
    }
    run(program("apt-get").args(["update", "-q"]))?;
    run(program("apt-get").args(["install", "-q", "-y", "--no-install-recommends", "libfaketime"]))?;
    gevonden().ok_or_else(|| "no libfaketime below /usr/lib, although it was installed".to_owned())
}

fn gevonden() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    folders.map(|e| e.path().join("faketime/libfaketimeMT.so.1")).find(|library| library.is_file())
}
