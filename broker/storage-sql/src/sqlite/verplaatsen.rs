//! Moves the write-ahead log into the database beside the writer.
//!
//! A checkpoint of a long log writes pages all over the file and flushes them, and whoever runs it stands still meanwhile. So the
//! bulk goes by a connection of its own while the writer goes on; what came in the meantime is moved in a next round, each shorter
//! than the one before, until what is left is so little that the writer moves it in a moment. Then the log begins again over what it
//! held; cutting it off takes longer, since the disk gives back its blocks, and is for where something was erased (R40).

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::task::JoinHandle;

use super::sql;

/// Between two beginnings. How long the file is says how long the log once was, not how long it is.
const PAUZE: Duration = Duration::from_secs(1);
/// From so many bytes on the log is worth a connection of its own.
const GROOT: u64 = 1024 * 1024;
/// A round that moved fewer pages than this was the last.
const KLEIN: i64 = 256;
/// So many rounds at most: where more comes in than can be moved, the writer's own checkpoint holds it up.
const RONDEN: u32 = 6;

/// Of one database file.
#[derive(Debug)]
pub(crate) struct Verplaatser {
    wal: PathBuf,
    opties: SqliteConnectOptions,
    /// From so many bytes on it is moved, whatever was erased.
    drempel: u64,
    begonnen: Option<Instant>,
    werk: Option<JoinHandle<Option<SqliteConnection>>>,
    verbinding: Option<SqliteConnection>,
}

impl Verplaatser {
    /// Of the file of these options; the log is moved from so many bytes on.
    pub(crate) fn nieuw(path: &Path, opties: SqliteConnectOptions, drempel: u64) -> Self {
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        let opties = opties.thread_name(|_| "opslag-verplaatser".to_owned());
        Self { wal: wal.into(), opties, drempel, begonnen: None, werk: None, verbinding: None }
    }

    fn omvang(&self) -> u64 {
        fs::metadata(&self.wal).map_or(0, |m| m.len())
    }

    /// Is there so much that the writer had better not move it by itself?
    pub(crate) fn is_groot(&self) -> bool {
        self.omvang() > GROOT
    }

    /// Is it time to move, whatever was erased?
    pub(crate) fn is_toe(&self) -> bool {
        self.begonnen.is_none_or(|b| b.elapsed() >= PAUZE) && self.omvang() >= self.drempel
    }

    /// Is it moving?
    pub(crate) const fn is_bezig(&self) -> bool {
        self.werk.is_some()
    }

    /// Was it moving, and is that over?
    pub(crate) fn is_klaar(&self) -> bool {
        self.werk.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Starts to move, if it does not already.
    pub(crate) fn beginnen(&mut self) {
        if self.werk.is_none() {
            self.begonnen = Some(Instant::now());
            self.werk = Some(tokio::spawn(verplaatsen(self.verbinding.take(), self.opties.clone())));
        }
    }

    /// Waits until it is over, if it is moving. To be given up at any moment.
    pub(crate) async fn afwachten(&mut self) {
        let Some(werk) = &mut self.werk else { return };
        let verbinding = werk.await;
        self.werk = None;
        self.verbinding = verbinding.unwrap_or_default();
    }

    /// Waits until it is over and closes.
    pub(crate) async fn sluiten(&mut self) {
        self.afwachten().await;
        if let Some(verbinding) = self.verbinding.take() {
            // Nothing of it is lost: what was not moved stands in the log.
            drop(sqlx::Connection::close(verbinding).await);
        }
    }
}

/// Moves in rounds; gives the connection for the next time, unless it failed.
async fn verplaatsen(verbinding: Option<SqliteConnection>, opties: SqliteConnectOptions) -> Option<SqliteConnection> {
    let gedaan = async {
        let mut verbinding = match verbinding {
            Some(verbinding) => verbinding,
            None => opties.connect().await?,
        };
        let mut eerder = 0;
        for _ in 0..RONDEN {
            let (bezet, _, verplaatst): (i64, i64, i64) = sqlx::query_as(sql::VERPLAATSEN).fetch_one(&mut verbinding).await?;
            if bezet != 0 || verplaatst - eerder < KLEIN {
                break;
            }
            eerder = verplaatst;
        }
        Ok::<_, sqlx::Error>(verbinding)
    };
    gedaan
        .await
        .inspect_err(
            |oorzaak| tracing::warn!(%oorzaak, "write-ahead log could not be moved beside the writer; the writer does it"),
        )
        .ok()
}
