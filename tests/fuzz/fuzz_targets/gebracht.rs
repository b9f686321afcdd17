//! Fuzz target: see `gebracht` in the shared entry points.
#![no_main]

#[path = "../beheerder.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod beheerder;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| beheerder::gebracht(bytes));
