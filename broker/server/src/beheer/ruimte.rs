//! How much room the store has, so that somebody is told before there is none. Only of a store in a file: a database on a server
//! is watched where it runs.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_storage_sql::SqlStore;

use crate::opslag::Opslag;

/// Looks how full the store is.
#[derive(Debug)]
pub struct Meter {
    store: Arc<SqlStore>,
    plek: Option<Plek>,
}

/// Where the file is, and how large it may become.
#[derive(Debug)]
struct Plek {
    pad: PathBuf,
    grens: Option<u64>,
}

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ruimte {
    /// What the store holds.
    pub(super) gebruikt: u64,
    /// What it can hold: as much as it may, and as the disk has.
    pub(super) hoogstens: u64,
}

impl Meter {
    /// Of this store, which the configuration names so.
    pub fn nieuw(store: Arc<SqlStore>, opslag: &Opslag) -> Self {
        let plek = match opslag {
            Opslag::Sqlite { pad, grootste_mib, .. } => {
                Some(Plek { pad: pad.clone(), grens: grootste_mib.map(|mib| u64::from(mib) << 20) })
            }
            Opslag::Postgres(_) => None,
        };
        Self { store, plek }
    }

    /// How much it has now; `None` where it does not answer, or is a database on a server.
    pub(super) async fn ruimte(&self) -> Option<Ruimte> {
        let plek = self.plek.as_ref()?;
        let omvang = self.store.omvang().await.ok()??;
        let schijf = std::fs::metadata(&plek.pad).ok()?.len().saturating_add(vrij(&plek.pad)?);
        Some(Ruimte { gebruikt: omvang.gebruikt, hoogstens: plek.grens.map_or(schijf, |grens| grens.min(schijf)) })
    }
}

/// What may still be written to the disk of this file by who is not root, in bytes (`statvfs`).
fn vrij(pad: &Path) -> Option<u64> {
    let stand = rustix::fs::statvfs(pad).ok()?;
    stand.f_bavail.checked_mul(stand.f_frsize)
}
