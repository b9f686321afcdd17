//! Reading a hub's store beside it, or without it.

use std::{path::Path, sync::Arc};

use inbreng_domain::clock::SystemClock;
use inbreng_storage_sql::sqlite::SqliteStore;

use crate::bevinding::keten;

/// Runs what reads a store.
pub fn met_runtime<T, E: From<String>>(werk: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|e| E::from(e.to_string()))?;
    runtime.block_on(werk)
}

/// Opens a store that is there. Opening alone would make a new, empty one, in which everything always holds.
pub async fn openen(db: &Path) -> Result<SqliteStore, String> {
    if !db.is_file() {
        return Err(format!("{} is er niet", db.display()));
    }
    SqliteStore::open(db, Arc::new(SystemClock)).await.map_err(|e| keten(&e))
}
