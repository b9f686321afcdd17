//! The store on SQLite: one file, one writer, a few readers.
//!
//! Every write goes through one task that commits what waits together (group commit): a caller is answered when its write
//! is on the disk, and whoever stops waiting leaves a write that is whole. Readers see a snapshot and block nobody.

pub(crate) mod fout;
pub(crate) mod hop;
pub mod kopie;
mod openen;
pub(crate) mod sql;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use inbreng_domain::Clock;

pub use openen::Grenzen;

use crate::{OpenFout, SqlStore};

/// Opens the store in this file, made when it is not there, brought to the newest schema when it is older. Needs a running
/// tokio runtime.
///
/// # Errors
/// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
pub async fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<SqlStore, OpenFout> {
    open_met(path, clock, Grenzen::default()).await
}

/// As [`open`], with limits of one's own.
///
/// # Errors
/// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
pub async fn open_met(path: impl AsRef<Path>, clock: Arc<dyn Clock>, grenzen: Grenzen) -> Result<SqlStore, OpenFout> {
    openen::openen(path.as_ref(), clock, grenzen).await
}
