//! The adapter at a partner: mapping, sealing, store and forward.
//!
//! The partner's own system speaks its own format to [`mapping`], which turns it into a [`concept::Concept`]; everything
//! after that is the same for every partner.
#![warn(missing_docs)]

pub mod concept;
pub mod mapping;
pub mod sealing;
pub mod store;
#[cfg(test)]
mod testsleutels;
