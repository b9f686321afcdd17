//! Fuzz target: see `klokwoord` in the shared entry points.
#![no_main]

#[path = "../toegang.rs"]
#[allow(dead_code, reason = "each target uses one entry point")]
mod toegang;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| toegang::klokwoord(bytes));
