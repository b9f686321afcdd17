//! Whole hubs in processes of their own, partners with real certificates and real seals, and everyone who means harm.
//!
//! What one crate can prove by itself is proven there; `docs/security.md` says which test holds which claim.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails where it stands"
)]

mod attack_parts;
mod attack_wrong_recipient;
mod bad_message;
mod bad_partner;
mod bestanden;
mod bezorgen;
mod claims;
mod eigenaar;
mod feiten;
mod kill;
mod kill_adapter;
mod klok;
mod lying_hub;
mod partijen;
mod postbus;
mod python_partner;
mod reissue;
mod schijf;
mod secrecy;
mod secrecy_rest;
mod secrecy_table;
mod tamper_acts;
mod tamper_all;
mod tamper_delivery;
mod tamper_log;
mod tamper_opruiming;
mod tamper_policy;
mod tamper_statements;
mod teruggezet;
mod teruggezet_sleutels;
mod toezicht;
mod verminken;
mod versies;
mod vork;
mod waarheid;
mod wachtwoord;

use std::path::Path;

use serde_json::Value;

use inbreng_domain::{Clock, clock::SystemClock, randomness::SeededRandomness};
use inbreng_harness::{Hub, Regio};

/// The program of this build.
const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");

/// Starts a hub in a folder of its own.
fn hub(regio: &Regio, naam: &str, tabellen: &str) -> Hub {
    Hub::in_kamer(Path::new(PROGRAMMA), regio, naam, tabellen)
}

/// What `inbreng log verify` makes of a store.
fn log_verify(db: &Path, kop: Option<(&Path, &Path)>) -> (bool, Value) {
    let mut args = vec!["log", "verify", "--json", "--db", db.to_str().unwrap()];
    if let Some((kop, certificaat)) = kop {
        args.extend(["--checkpoint", kop.to_str().unwrap(), "--certificaat", certificaat.to_str().unwrap()]);
    }
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
    let json = serde_json::from_slice(&uit.stdout).unwrap_or_else(|e| panic!("{e}: {uit:?}"));
    (uit.status.success(), json)
}

/// The log of a store holds, and continues a head that someone kept.
fn log_klopt(db: &Path, kop: &str, certificaat: &Path) {
    // A database has no place beside it.
    let bestand = if db.is_file() { db } else { certificaat }.with_extension("kop");
    std::fs::write(&bestand, kop).unwrap();
    let (klopt, waarom) = log_verify(db, Some((&bestand, certificaat)));
    assert!(klopt, "{waarom}");
}

/// A registration of the police in its own format, like the others but for its numbers.
fn mutatie(nummer: usize) -> Value {
    const BESTAND: &str = include_str!("../../adapters/politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let mut mutatie: Value = serde_json::from_str(BESTAND).unwrap();
    mutatie["registratienummer"] = format!("PL1500-2026-{nummer:06}").into();
    mutatie["huishoudnummer"] = format!("HH-{nummer:05}").into();
    mutatie
}

/// Where things happen by chance: other each time, and the same again with the seed that is printed.
fn toeval() -> SeededRandomness {
    let seed = std::env::var("INBRENG_SEED").ok().and_then(|s| s.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::try_from(SystemClock.now().unix_millis()).unwrap());
    eprintln!("INBRENG_SEED={seed}");
    SeededRandomness::new(seed)
}
