//! Fuzz target: see `pas_na` in the shared entry points.
#![no_main]

#[path = "../koppen.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod koppen;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| koppen::pas_na(bytes));
