//! The adapter at a partner: mapping, sealing, store and forward.
//!
//! The partner's own system speaks its own format to [`mapping`], which turns it into a [`concept::Concept`]; everything
//! after that is the same for every partner: [`engine`] prepares, checks twice, has it sealed ([`sealing`]), sends it to the
//! [`hub`], and hands on what comes in. What it took is durable in the [`store`] before it confirms anything.
#![warn(missing_docs)]

pub mod beleid;
pub mod check;
pub mod concept;
pub mod config;
pub mod eigenaar;
pub mod engine;
pub mod geheim;
pub mod hub;
pub mod inbox;
pub mod klok;
pub mod local;
mod luisteren;
pub mod mapping;
pub mod opzetten;
mod run;
pub mod sealing;
pub mod store;
pub mod terugroep;
#[cfg(test)]
mod testsleutels;
mod vastezin;
mod versbestand;

pub use config::Config;
pub use run::{Handle, Startfout, run, start, start_met};
