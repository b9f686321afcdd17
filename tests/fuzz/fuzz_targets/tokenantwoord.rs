//! Fuzz target: see `tokenantwoord` in the shared entry points.
#![no_main]

#[path = "../draad.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod draad;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draad::tokenantwoord(bytes));
