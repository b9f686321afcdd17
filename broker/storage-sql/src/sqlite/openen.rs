//! Opening the file: settings, schema, the writer and the readers.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
    sync::Arc,
    time::Duration,
};

use inbreng_domain::Clock;
use sqlx::{
    ConnectOptions, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Kastplaats, OpenFout, SqlStore,
    kast::Kast,
    openen::voorbereiden,
    schrijver::Bron,
    sqlite::verplaatsen::Verplaatser,
    verbinding::{Lezers, Verbinding},
};

/// Forward only; each file runs once, in a transaction.
pub(super) static SCHEMA: Migrator = sqlx::migrate!("src/sqlite/migrations");

/// How large the store may grow, and how many read at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grenzen {
    /// Largest size of the file in bytes; beyond it writes answer [`inbreng_storage::StoreError::Full`]. `None`: the disk.
    pub bytes: Option<u64>,
    /// Connections that read.
    pub lezers: u32,
    /// How long a write waits for another process that holds the file, a backup for example.
    pub slot: Duration,
    /// After so many bytes the write-ahead log goes to the database, beside the writer. What is written and erased before that never
    /// reaches the database file.
    pub vooruit: u64,
}

impl Default for Grenzen {
    fn default() -> Self {
        Self { bytes: None, lezers: 4, slot: Duration::from_secs(5), vooruit: 64 * 1024 * 1024 }
    }
}

/// Bytes of a page in a new file. A message with its ciphertext takes some ten thousand: on pages of 4096 it is cut in more pieces,
/// each written by itself, and half of most pages stays empty.
const PAGINA: u64 = 8192;
/// At so many times [`Grenzen::vooruit`] the writer does it itself, and stands still for it: more comes in than can be moved.
const HOOGSTENS: u64 = 4;

/// Prepares the file; gives the writer, still idle, and the readers.
pub(super) async fn openen(
    path: &Path,
    kast: &Kastplaats,
    clock: Arc<dyn Clock>,
    grenzen: Grenzen,
) -> Result<SqlStore, OpenFout> {
    aanmaken(path).map_err(|source| OpenFout::Bestand { path: path.to_owned(), source })?;
    let opties = schrijfopties(path, grenzen);
    let mut verbinding = opties.connect().await?;
    SCHEMA.run_direct(None, &mut verbinding, false).await?;
    let mut verbinding = Verbinding::Sqlite(verbinding);
    voorbereiden(&mut verbinding, &*clock).await?;
    let kast = Kast::openen(kast, &mut verbinding).await?;
    let lezers = SqlitePoolOptions::new()
        .max_connections(grenzen.lezers.max(1))
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(leesopties(path, grenzen));
    let verplaatser = Verplaatser::nieuw(path, opties.clone(), grenzen.vooruit);
    let bron = Bron::Sqlite { opties: Box::new(opties), slot: grenzen.slot, verplaatser: Box::new(verplaatser) };
    Ok(SqlStore::nieuw(clock, bron, verbinding, Lezers::Sqlite(lezers), kast))
}

/// Makes the file before SQLite does, readable for its owner alone; `-wal` and `-shm` take its mode.
fn aanmaken(path: &Path) -> io::Result<()> {
    let mut opties = OpenOptions::new();
    opties.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut opties, 0o600);
    match opties.open(path) {
        Ok(bestand) => {
            bestand.sync_all()?;
            // The name must survive a power cut too.
            match path.parent().filter(|p| !p.as_os_str().is_empty()) {
                Some(map) => File::open(map)?.sync_all(),
                None => Ok(()),
            }
        }
        Err(fout) if fout.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(fout) => Err(fout),
    }
}

fn basisopties(path: &Path, grenzen: Grenzen) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(grenzen.slot)
        .foreign_keys(true)
        // Nothing spills into a temporary file.
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(192)
        .disable_statement_logging()
}

/// Bytes of a page: of an older file what its header says (a power of two, where 1 stands for 65,536).
fn pagina(path: &Path) -> u64 {
    let mut kop = [0; 18];
    let gelezen = File::open(path).and_then(|mut bestand| bestand.read_exact(&mut kop));
    let [.., hoog, laag] = kop;
    match (gelezen, u16::from_be_bytes([hoog, laag])) {
        (Ok(()), 1) => 65_536,
        (Ok(()), bytes @ 512..) => bytes.into(),
        // Nothing was written yet.
        _ => PAGINA,
    }
}

pub(super) fn schrijfopties(path: &Path, grenzen: Grenzen) -> SqliteConnectOptions {
    let pagina = pagina(path);
    let opties = basisopties(path, grenzen)
        .pragma("page_size", pagina.to_string())
        .auto_vacuum(SqliteAutoVacuum::None)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // R40: what is deleted is overwritten, not only forgotten.
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", (HOOGSTENS.saturating_mul(grenzen.vooruit) / pagina).to_string())
        // Where the log begins again it writes over what it held, in blocks that the disk has ready; R40: the writer cuts it off.
        .pragma("journal_size_limit", "-1")
        .pragma("cache_size", "-16384")
        .thread_name(|_| "opslag-schrijver".to_owned());
    match grenzen.bytes {
        Some(bytes) => opties.pragma("max_page_count", (bytes / pagina).max(1).to_string()),
        None => opties,
    }
}

/// A connection for what is done once, while no hub works on it.
pub(crate) async fn schrijver(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    schrijfopties(path, Grenzen::default()).connect().await
}

pub(super) fn leesopties(path: &Path, grenzen: Grenzen) -> SqliteConnectOptions {
    basisopties(path, grenzen).read_only(true).pragma("cache_size", "-4096").thread_name(|n| format!("opslag-lezer-{n}"))
}
