//! The table of figures. Every figure stands beside a floor that the same run measures.

use crate::run::{Outcome, cargo, run};

/// Builds the benches in release mode and runs them, one after the other.
pub fn bench() -> Outcome {
    run(cargo().args(["run", "--release", "--quiet", "--package", "inbreng-load", "--"]))
}
