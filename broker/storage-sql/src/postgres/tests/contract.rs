//! The contract of every store, on a real server.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use inbreng_domain::{Tijdstip, clock::FixedClock};
use inbreng_storage::{Store, contract::Plek};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};

use super::super::{Plaats, open};
use crate::{Kastplaats, SqlStore};

/// A database of its own on the server of the tests.
#[derive(Debug)]
pub(super) struct Basis {
    pub(super) url: String,
}

impl Drop for Basis {
    fn drop(&mut self) {
        let Kastplaats::Bestand(kast) = self.kast() else { return };
        let _never_made = std::fs::remove_file(kast);
    }
}

/// Where every process on this database has its erasure keys.
pub(super) fn kast(url: &str) -> Kastplaats {
    let naam = url.split('?').next().and_then(|adres| adres.rsplit('/').next()).unwrap_or_default();
    Kastplaats::Bestand(std::env::temp_dir().join(format!("inbreng-kast-{naam}")))
}

impl Basis {
    pub(super) async fn nieuw() -> Self {
        static TELLER: AtomicU32 = AtomicU32::new(0);
        let server =
            std::env::var("INBRENG_POSTGRES").expect("INBRENG_POSTGRES names the server; run cargo xtask test --only postgres");
        let naam = format!("toets_{}_{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
        let mut verbinding = Self::plaats(&server).0.connect().await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {naam}"))).execute(&mut verbinding).await.unwrap();
        Self { url: server.replace("/postgres?", &format!("/{naam}?")) }
    }

    fn plaats(url: &str) -> Plaats {
        Plaats::nieuw(url, None, None, true).unwrap()
    }

    pub(super) fn hier(&self) -> Plaats {
        Self::plaats(&self.url)
    }

    pub(super) fn kast(&self) -> Kastplaats {
        kast(&self.url)
    }

    pub(super) async fn store(&self) -> SqlStore {
        open(&self.hier(), &self.kast(), klok()).await.unwrap()
    }

    /// Beside the store.
    pub(super) async fn naast(&self) -> PgConnection {
        self.hier().0.connect().await.unwrap()
    }
}

pub(super) fn klok() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(Tijdstip::from_unix_millis(1_795_000_000_000)))
}

#[async_trait]
impl Plek for Basis {
    async fn openen(&self) -> Arc<dyn Store> {
        Arc::new(self.store().await)
    }
}

inbreng_storage::store_contract!([#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]] Basis::nieuw().await);
