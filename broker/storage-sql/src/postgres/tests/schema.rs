//! The schema: sound as a whole, the same as SQLite's, and never older than what wrote it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, ConnectOptions, Row, sqlite::SqliteConnectOptions};

use super::{
    super::{open, openen::SCHEMA},
    contract::{Basis, klok},
};
use crate::{OpenFout, sqlite};

/// Columns by table, on either database.
type Vorm = BTreeMap<String, BTreeSet<String>>;

async fn van_postgres(basis: &Basis) -> Vorm {
    let mut vorm = Vorm::new();
    let zin = "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_name, table_schema) \
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_%'";
    for rij in sqlx::query(zin).fetch_all(&mut basis.naast().await).await.unwrap() {
        vorm.entry(rij.get::<String, _>(0)).or_default().insert(rij.get::<String, _>(1));
    }
    vorm
}

async fn van_sqlite() -> Vorm {
    let map = tempfile::tempdir().unwrap();
    let pad = map.path().join("hub.db");
    sqlite::open(&pad, klok()).await.unwrap().sluiten().await.unwrap();
    let mut naast = SqliteConnectOptions::new().filename(&pad).connect().await.unwrap();
    let mut vorm = Vorm::new();
    let zin = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' \
        AND t.name NOT LIKE '\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'";
    for rij in sqlx::query(zin).fetch_all(&mut naast).await.unwrap() {
        vorm.entry(rij.get::<String, _>(0)).or_default().insert(rij.get::<String, _>(1));
    }
    vorm
}

/// What one store can hold the other can.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn both_databases_have_the_same_tables_and_columns() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let (hier, daar) = (van_postgres(&basis).await, van_sqlite().await);
    assert!(hier.len() > 20, "{hier:?}");
    assert_eq!(hier, daar);
}

/// A text index that sorts by an operating system's library breaks when that library changes.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn every_text_sorts_by_its_bytes() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let zin = "SELECT table_name || '.' || column_name FROM information_schema.columns JOIN information_schema.tables USING (table_name, table_schema) \
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_%' \
        AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'";
    let anders: Vec<String> = sqlx::query_scalar(zin).fetch_all(&mut basis.naast().await).await.unwrap();
    assert_eq!(anders, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn processes_that_start_together_make_one_schema() {
    let basis = std::sync::Arc::new(Basis::nieuw().await);
    let mut taken = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let basis = std::sync::Arc::clone(&basis);
        taken.spawn(async move { basis.store().await.sluiten().await.unwrap() });
    }
    taken.join_all().await;
    let aantal: i64 =
        sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations").fetch_one(&mut basis.naast().await).await.unwrap();
    assert_eq!(usize::try_from(aantal).unwrap(), SCHEMA.iter().count());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_newer_schema_is_refused() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let nieuwer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', true, '', 0)";
    sqlx::query(nieuwer).execute(&mut basis.naast().await).await.unwrap();
    let fout = open(&basis.hier(), &basis.kast(), klok()).await.unwrap_err();
    assert!(matches!(fout, OpenFout::Schema(_)), "{fout:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn what_never_changes_cannot_be_changed() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    for tabel in ["versie", "versiestap", "partijverklaring"] {
        for zin in [format!("UPDATE {tabel} SET nummer = 2"), format!("DELETE FROM {tabel}"), format!("TRUNCATE {tabel} CASCADE")]
        {
            let fout = sqlx::raw_sql(AssertSqlSafe(zin.clone())).execute(&mut basis.naast().await).await.unwrap_err();
            assert_eq!(fout.as_database_error().and_then(|f| f.code()).as_deref(), Some("23001"), "{zin}: {fout}");
        }
    }
}
