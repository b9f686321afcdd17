//! Fuzz target: see `klaretekst` in the shared entry points.
#![no_main]

#[path = "../inhoud.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod inhoud;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| inhoud::klaretekst(bytes));
