//! Fuzz target: see `eigen_antwoord` in the shared entry points.
#![no_main]

#[path = "../adapter.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod adapter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| adapter::eigen_antwoord(bytes));
