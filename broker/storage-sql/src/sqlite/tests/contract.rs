//! The contract of every store, on a real file.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use inbreng_domain::{Tijdstip, clock::FixedClock};
use inbreng_storage::{Store, contract::Plek};

use super::super::open;
use crate::SqlStore;

/// A file in a directory of its own.
#[derive(Debug)]
pub(super) struct Map(tempfile::TempDir);

impl Map {
    pub(super) fn nieuw() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn bestand(&self) -> PathBuf {
        self.0.path().join("knooppunt.db")
    }

    pub(super) async fn store(&self) -> SqlStore {
        open(self.bestand(), klok()).await.unwrap()
    }
}

pub(super) fn klok() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(Tijdstip::from_unix_millis(1_795_000_000_000)))
}

#[async_trait]
impl Plek for Map {
    async fn openen(&self) -> Arc<dyn Store> {
        Arc::new(self.store().await)
    }
}

inbreng_storage::store_contract!(Map::nieuw());
