//! Fuzz target: see `busbericht` in the shared entry points.
#![no_main]

#[path = "../makelaar.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod makelaar;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| makelaar::busbericht(bytes));
