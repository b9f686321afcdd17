//! API documentation; a broken link or a missing page is an error.

use crate::run::{Outcome, cargo, run};

/// Builds it for our own crates.
pub fn docs() -> Outcome {
    run(cargo().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
}
