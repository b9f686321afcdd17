//! Reading a hub's store beside it, or without it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_domain::clock::SystemClock;
use inbreng_storage_sql::{
    Kastplaats, SqlStore,
    postgres::{self, Plaats},
    sqlite,
};

use crate::{bevinding::keten, opslag::Opslag};

/// Runs what reads a store.
pub fn met_runtime<T, E: From<String>>(werk: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|e| E::from(e.to_string()))?;
    runtime.block_on(werk)
}

/// Where the database with this URL is.
pub fn plaats(db: &Path) -> Result<Plaats, String> {
    let wortel = std::env::var_os("PGSSLROOTCERT").map(PathBuf::from);
    Plaats::nieuw(db.to_str().unwrap_or_default(), None, wortel, true).map_err(|e| keten(&e))
}

/// Opens a store that is there: a file, or a database by its URL (its password as PostgreSQL's own programs take it: a file
/// `.pgpass`, or `PGPASSWORD`). Opening alone would make a new, empty file, in which everything always holds. Without its erasure
/// keys: nothing is read here that needs one.
pub async fn openen(db: &Path) -> Result<SqlStore, String> {
    if db.to_str().is_some_and(|db| db.starts_with("postgres://")) {
        return postgres::open(&plaats(db)?, &Kastplaats::Geen, Arc::new(SystemClock)).await.map_err(|e| keten(&e));
    }
    if !db.is_file() {
        return Err(format!("{} is er niet", db.display()));
    }
    sqlite::open_met(db, &Kastplaats::Geen, Arc::new(SystemClock), sqlite::Grenzen::default()).await.map_err(|e| keten(&e))
}

/// Opens the store of a hub by its configuration, if it is there.
pub async fn van_config(opslag: &Opslag) -> Result<SqlStore, String> {
    match opslag {
        Opslag::Sqlite { pad, .. } => openen(pad).await,
        Opslag::Postgres(_) => opslag.openen_met(&Kastplaats::Geen, Arc::new(SystemClock)).await.map_err(|b| b.to_string()),
    }
}
