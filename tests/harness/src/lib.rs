//! Starts real hubs for tests, and speaks to them as partners do: real certificates, real TLS, real processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up fails here, loudly"
)]

mod client;
mod hub;
mod regio;

pub use client::{Aanroep, Client, Tokenaanvraag, blad, nu};
pub use hub::Hub;
pub use regio::{Regio, slug};
