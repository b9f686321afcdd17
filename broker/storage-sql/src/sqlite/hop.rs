//! Several statements in one hop to SQLite's thread.
//!
//! A hop costs two wake-ups, which is more than most statements do. The statements of a text take their arguments in order.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, SqliteConnection, sqlite::SqliteArguments};

use crate::verbinding::Rij;

/// One text of several statements. Made of constants only.
pub(crate) fn tekst(zinnen: impl Iterator<Item = &'static str>) -> Arc<str> {
    zinnen.collect::<Vec<_>>().join("; ").into()
}

/// Runs them, and gives the rows of each.
pub(crate) async fn lezen(
    verbinding: &mut SqliteConnection,
    tekst: Arc<str>,
    argumenten: SqliteArguments,
) -> Result<Vec<Vec<Rij>>, sqlx::Error> {
    let mut antwoorden = Vec::new();
    let mut rijen = Vec::new();
    let mut stroom = verbinding.fetch_many(sqlx::query_with(AssertSqlSafe(tekst), argumenten));
    while let Some(stap) = stroom.try_next().await? {
        match stap {
            Either::Left(_) => antwoorden.push(std::mem::take(&mut rijen)),
            Either::Right(rij) => rijen.push(Rij::Sqlite(rij)),
        }
    }
    Ok(antwoorden)
}

/// Runs them.
pub(crate) async fn doen(
    verbinding: &mut SqliteConnection,
    tekst: Arc<str>,
    argumenten: SqliteArguments,
) -> Result<(), sqlx::Error> {
    sqlx::query_with(AssertSqlSafe(tekst), argumenten).execute(verbinding).await.map(drop)
}
