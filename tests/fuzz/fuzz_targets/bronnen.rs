//! Fuzz target: see `bronnen` in the shared entry points.
#![no_main]

#[path = "../ingangen.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod ingangen;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ingangen::bronnen(bytes));
