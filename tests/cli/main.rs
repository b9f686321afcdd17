//! The commands for who keeps the covenant, as they are typed: what they print, and their status.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails where it stands")]

mod explain;
mod export;
mod hulp;
mod logboek;
mod paginas;
mod storingen;
mod tabellen;
mod verleden;
mod verschil;

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

/// The folder of the checkout.
fn wortel() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Runs the program.
fn inbreng(argumenten: &[&str]) -> Uit {
    let uit = Command::new(env!("CARGO_BIN_EXE_inbreng")).args(argumenten).current_dir(wortel()).output().unwrap();
    Uit(uit)
}

/// What it said.
struct Uit(Output);

impl Uit {
    fn status(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    fn tekst(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn klacht(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    /// Its output, where it ended well.
    fn goed(&self) -> String {
        assert_eq!(self.status(), 0, "{}{}", self.tekst(), self.klacht());
        self.tekst()
    }

    /// The same, lines joined: where they break is not what is tested.
    fn los(&self) -> String {
        self.goed().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", self.tekst(), self.klacht()))
    }
}

/// A folder that goes with the test.
fn map() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}
