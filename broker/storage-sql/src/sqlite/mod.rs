//! The store on SQLite: one file, one writer, a few readers.
//!
//! Every write goes through one task that commits what waits together (group commit): a caller is answered when its write
//! is on the disk, and whoever stops waiting leaves a write that is whole. Readers see a snapshot and block nobody.

pub(crate) mod fout;
pub(crate) mod hop;
pub mod kopie;
mod openen;
pub(crate) mod sql;
pub(crate) mod verplaatsen;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use inbreng_domain::Clock;

pub use openen::Grenzen;
pub(crate) use openen::schrijver;

use crate::{Kastplaats, OpenFout, SqlStore};

/// Opens the store in this file, made when it is not there, brought to the newest schema when it is older. Needs a running
/// tokio runtime.
///
/// # Errors
/// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
pub async fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<SqlStore, OpenFout> {
    let kast = naast(path.as_ref());
    open_met(path, &kast, clock, Grenzen::default()).await
}

/// Where the erasure keys of a store are unless they are somewhere else: in a file beside it.
#[must_use]
pub fn naast(path: &Path) -> Kastplaats {
    let mut naam = path.as_os_str().to_owned();
    naam.push(".sleutels");
    Kastplaats::Bestand(naam.into())
}

/// As [`open`], with keys and limits of one's own.
///
/// # Errors
/// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
pub async fn open_met(
    path: impl AsRef<Path>,
    kast: &Kastplaats,
    clock: Arc<dyn Clock>,
    grenzen: Grenzen,
) -> Result<SqlStore, OpenFout> {
    openen::openen(path.as_ref(), kast, clock, grenzen).await
}
