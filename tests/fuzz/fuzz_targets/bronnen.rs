//! Fuzz target: see `bronnen` in the shared entry points.
#![no_main]

#[path = "../beleid.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod beleid;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| beleid::bronnen(bytes));
