//! The table of figures. Every figure stands beside a floor that the same run measures.

use crate::run::{Outcome, cargo, program, run, target};

/// Builds the hub and the bench in release mode, in one go, and runs the bench. Takes `--kort` and `--json`.
pub fn bench(args: &[String]) -> Outcome {
    run(cargo().args(["build", "--release", "--quiet", "--package", "inbreng", "--package", "inbreng-load"]))?;
    run(program(target().join("release/inbreng-load")).args(args))
}
