//! Standards from outside, held against a running hub.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails where it stands")]

mod adl;
mod authzen;
mod schemathesis;

use std::path::Path;

use inbreng_harness::{Hub, Regio};

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");

fn starten(regio: &Regio) -> Hub {
    Hub::starten(Path::new(PROGRAMMA), regio)
}
