//! `inbreng-adapter sleutel`: the encryption keys of organisations, each signature checked on this machine; freezing one, and a new one that
//! the covenant manager confirms after the old was lost or frozen (ADR 20).

mod daden;
mod opdracht;

pub use opdracht::{Sleutelopdracht, uitvoeren};
