//! The store on PostgreSQL: one database, any number of processes.
//!
//! Every process has one writer that commits what waits together. A batch first takes the row of the counters and holds it
//! until its commit, so that of all processes one writes at a time, on what the last one left: the log has one sequencer, and
//! a process that dies lets the row go. Readers see a snapshot and block nobody.

pub(crate) mod fout;
pub(crate) mod geduld;
mod invoegen;
mod openen;
mod plaats;
pub(crate) mod sql;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use inbreng_domain::Clock;

pub(crate) use invoegen::invoegen;
pub(crate) use openen::{Toegang, beheer};
pub use plaats::{Grenzen, Plaats, PlaatsFout};

use crate::{Kastplaats, OpenFout, SqlStore};

/// Begins a reading of one snapshot.
pub(crate) const MOMENTOPNAME: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Opens the store in this database, which is brought to the newest schema when it is empty or older. Needs a running tokio
/// runtime.
///
/// # Errors
/// [`OpenFout`] when the database cannot be reached, or was written by a newer version.
pub async fn open(plaats: &Plaats, kast: &Kastplaats, clock: Arc<dyn Clock>) -> Result<SqlStore, OpenFout> {
    openen::openen(plaats, kast, clock, Grenzen::default()).await
}

/// As [`open`], with limits of one's own.
///
/// # Errors
/// [`OpenFout`] when the database cannot be reached, or was written by a newer version.
pub async fn open_met(plaats: &Plaats, kast: &Kastplaats, clock: Arc<dyn Clock>, grenzen: Grenzen) -> Result<SqlStore, OpenFout> {
    openen::openen(plaats, kast, clock, grenzen).await
}
