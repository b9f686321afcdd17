//! A copy of a store while it is in use, and whether such a file is whole.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::openen::{Grenzen, leesopties};

/// Why a file is not a whole store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Kopiefout {
    /// SQLite refuses it.
    #[error("store cannot be read or copied")]
    Sqlite(#[from] sqlx::Error),
    /// The path cannot be given to SQLite.
    #[error("path is not UTF-8")]
    Pad,
    /// SQLite finds it damaged.
    #[error("store is damaged: {0}")]
    Beschadigd(String),
}

/// Copies a store into an empty file as it is at one moment, without what was deleted. Whoever works on it goes on; the write-ahead
/// log of the source grows until the copy is there.
///
/// # Errors
/// [`Kopiefout`]; what is in the file then is nothing.
pub async fn kopieren(van: &Path, naar: &Path) -> Result<(), Kopiefout> {
    let naar = naar.to_str().ok_or(Kopiefout::Pad)?;
    let mut bron = leesopties(van, Grenzen::default()).connect().await?;
    // sqlite.org/lang_vacuum.html: INTO reads one snapshot and takes no lock that a writer waits for.
    let gedaan = sqlx::query("VACUUM INTO ?1").bind(naar).execute(&mut bron).await;
    bron.close().await?;
    Ok(gedaan.map(drop)?)
}

/// Reads every page, index and reference of a store.
///
/// # Errors
/// [`Kopiefout::Beschadigd`] with what SQLite found first.
pub async fn heel(bestand: &Path) -> Result<(), Kopiefout> {
    let mut lezer = leesopties(bestand, Grenzen::default()).connect().await?;
    let gevonden = onderzoeken(&mut lezer).await;
    lezer.close().await?;
    gevonden
}

async fn onderzoeken(lezer: &mut SqliteConnection) -> Result<(), Kopiefout> {
    let bevinding: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *lezer).await?;
    if bevinding != "ok" {
        return Err(Kopiefout::Beschadigd(bevinding));
    }
    let wezen = sqlx::query("PRAGMA foreign_key_check").fetch_optional(lezer).await?;
    wezen.map_or(Ok(()), |_| Err(Kopiefout::Beschadigd("a row refers to one that is not there".to_owned())))
}
