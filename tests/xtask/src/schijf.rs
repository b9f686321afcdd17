//! Disks that are full: file systems in memory that the tests mount, which takes root.

use crate::nextest;
use crate::run::{Outcome, is_root};

/// Everything that must hold where there is no room.
pub fn test() -> Outcome {
    if !is_root() {
        return Err(
            "a full disk is tried on a file system of its own, and only root may mount one: run this step as root".to_owned()
        );
    }
    let tests = ["-p", "inbreng", "-E", "binary(e2e) & test(/^schijf::/)", "--run-ignored", "all"];
    nextest::tests(&tests, |_| ())
}
