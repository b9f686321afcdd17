//! The adapter's own store: what it took and has still to hand on, in SQLite, durable before anything is confirmed.

mod bewijzen;
mod doelen;
mod gelezen;
mod gestopt;
mod herstel;
mod herwikkelen;
mod inkomend;
mod klaargezet;
mod koppen;
mod nummers;
mod overzichten;
mod tellingen;
mod toegang;
mod toestemmingen;
mod uitgaand;
mod vast;

use std::{path::Path, time::Duration};

use inbreng_domain::Tijdstip;
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use bewijzen::{Bewijs, Bewijsstand};
pub use doelen::Deeldoel;
pub use gelezen::Lezing;
pub use gestopt::{Ingetrokken, Stop, Stopwoord};
pub use herwikkelen::Herwikkeltaak;
pub use inkomend::{Beurt, Instand, Nieuwkomer, Post};
pub use klaargezet::Klaargezet;
pub use nummers::{Berichtnummer, Zaak};
pub use tellingen::{Telling, Tellingen};
pub use toegang::Toegangstaak;
pub use uitgaand::{NieuweZending, Uitstand, Zending};
pub use vast::{ALARMSOORTEN, Alarm, Pin, Pinfout};

/// Why the store did not do it. Nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum Opslagfout {
    /// There is no room on its disk.
    #[error("the disk of the adapter's store is full")]
    Vol(#[source] sqlx::Error),
    /// SQLite refused.
    #[error("the adapter's store does not answer")]
    Sqlite(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the adapter's store cannot be brought up to date")]
    Migratie(#[from] sqlx::migrate::MigrateError),
    /// A stored value cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Waarde(&'static str),
}

impl From<sqlx::Error> for Opslagfout {
    fn from(fout: sqlx::Error) -> Self {
        let code = fout.as_database_error().and_then(sqlx::error::DatabaseError::code);
        // The code is extended: the primary one is its lowest byte (sqlite.org/rescode.html).
        if code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_FULL) {
            return Self::Vol(fout);
        }
        Self::Sqlite(fout)
    }
}

/// There was no room to write (sqlite.org/rescode.html#full).
const SQLITE_FULL: i32 = 13;

/// Longer is no message and no delivery put off (`hub::pauze_na`: a minute, or what the hub asks, below four). What waits for an instant beyond was put off by a clock that
/// ran ahead and was set back since, and has its turn.
const LANGSTE_UITSTEL: time::Duration = time::Duration::minutes(5);

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Opslag {
    pool: SqlitePool,
}

/// Several changes that happen together or not at all; not at all where it is dropped.
///
/// Begun and ended by statements, and not by sqlx's counter: that goes on counting a transaction that SQLite took back by itself, and
/// then begins no other on this connection, also when there is room again.
#[derive(Debug)]
pub struct Transactie(PoolConnection<Sqlite>);

impl Opslag {
    /// Opens or makes the store.
    ///
    /// # Errors
    /// [`Opslagfout`] when the file cannot be opened or is not ours.
    pub async fn openen(pad: &Path) -> Result<Self, Opslagfout> {
        let options = SqliteConnectOptions::new()
            .filename(pad)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("secure_delete", "ON");
        // One connection: every change is short, and there is nobody to wait for.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .after_release(|verbinding, _| {
                Box::pin(async {
                    terugdraaien(verbinding).await;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Opens a store for reading only, beside an adapter that may be running on it; nothing where there is none yet.
    ///
    /// # Errors
    /// [`Opslagfout`] when the file is there and cannot be opened.
    pub async fn alleen_lezen(pad: &Path) -> Result<Option<Self>, Opslagfout> {
        if !pad.try_exists().map_err(sqlx::Error::Io)? {
            return Ok(None);
        }
        let options = SqliteConnectOptions::new().filename(pad).read_only(true).busy_timeout(Duration::from_secs(10));
        let pool =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(30)).connect_with(options).await?;
        Ok(Some(Self { pool }))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn begin(&self) -> Result<Transactie, Opslagfout> {
        let mut verbinding = self.pool.acquire().await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *verbinding).await?;
        Ok(Transactie(verbinding))
    }

    /// Whether the store answers.
    pub async fn leeft(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.pool).await.is_ok()
    }

    /// Writes the log back into the file and empties it, so that nothing removed stays readable there.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn opruimen(&self) -> Result<(), Opslagfout> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes the store.
    pub async fn sluiten(&self) {
        self.pool.close().await;
    }
}

impl Transactie {
    /// Makes everything durable.
    ///
    /// # Errors
    /// [`Opslagfout`]; then nothing happened.
    pub async fn vastleggen(mut self) -> Result<(), Opslagfout> {
        sqlx::query("COMMIT").execute(&mut *self.0).await?;
        Ok(())
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn vergeten(mut self) -> Result<(), Opslagfout> {
        sqlx::query("ROLLBACK").execute(&mut *self.0).await?;
        Ok(())
    }
}

/// What was begun on a connection and neither kept nor forgotten is forgotten when it comes back. Where there was none, or SQLite took
/// it back by itself because a write found no room, it says so and nothing happens.
async fn terugdraaien(verbinding: &mut SqliteConnection) {
    let _none = sqlx::query("ROLLBACK").execute(verbinding).await;
}

fn parsed<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, Opslagfout> {
    text.parse().map_err(|_| Opslagfout::Waarde(what))
}

fn millis(at: Tijdstip) -> i64 {
    at.unix_millis()
}

#[cfg(test)]
mod tests;
