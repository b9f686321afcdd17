//! Opening the database: settings of a session, schema, the writer and the readers.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use inbreng_domain::Clock;
use sqlx::{ConnectOptions, PgConnection, PgPool, migrate::Migrator, postgres::PgConnectOptions};

use super::{
    geduld,
    plaats::{Grenzen, Plaats},
};
use crate::{
    Kastplaats, OpenFout, SqlStore,
    kast::Kast,
    openen::voorbereiden,
    schrijver::Bron,
    verbinding::{Lezers, Verbinding},
};

/// Forward only; each file runs once, in a transaction, by one process at a time.
pub(super) static SCHEMA: Migrator = sqlx::migrate!("src/postgres/migrations");

/// Prepares the database; gives the store.
pub(super) async fn openen(
    plaats: &Plaats,
    kast: &Kastplaats,
    clock: Arc<dyn Clock>,
    grenzen: Grenzen,
) -> Result<SqlStore, OpenFout> {
    let opties = schrijfopties(plaats, grenzen);
    let mut verbinding = geduld::verbinden(&opties).await?;
    // A migration may take its time, and waits for that of another process.
    sqlx::raw_sql("SET lock_timeout = 0; SET statement_timeout = 0").execute(&mut verbinding).await?;
    SCHEMA.run_direct(None, &mut verbinding, false).await?;
    let mut verbinding = Verbinding::Postgres(verbinding);
    voorbereiden(&mut verbinding, &*clock).await?;
    let kast = Kast::openen(kast, &mut verbinding).await?;
    drop(verbinding.sluiten().await);
    let verbinding = Verbinding::Postgres(geduld::verbinden(&opties).await?);
    let lezers = geduld::pool(grenzen.lezers).connect_lazy_with(leesopties(plaats));
    let bron = Bron::Postgres { toegang: Arc::new(Toegang { grenzen, schrijver: Mutex::new(opties) }) };
    Ok(SqlStore::nieuw(clock, bron, verbinding, Lezers::Postgres(lezers), kast))
}

/// How the next connection of the writer is made. The readers' pool keeps its own.
pub(crate) struct Toegang {
    grenzen: Grenzen,
    schrijver: Mutex<PgConnectOptions>,
}

/// Without the password that the options hold.
impl fmt::Debug for Toegang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Toegang").field("grenzen", &self.grenzen).finish_non_exhaustive()
    }
}

impl Toegang {
    pub(crate) async fn verbinden(&self) -> Result<PgConnection, sqlx::Error> {
        let opties = self.schrijver.lock().unwrap_or_else(PoisonError::into_inner).clone();
        geduld::verbinden(&opties).await
    }

    /// The next ones, of writer and readers, are made as this says.
    pub(crate) fn vernieuwen(&self, plaats: &Plaats, lezers: &PgPool) {
        *self.schrijver.lock().unwrap_or_else(PoisonError::into_inner) = schrijfopties(plaats, self.grenzen);
        lezers.set_connect_options(leesopties(plaats));
    }
}

/// What holds for every session.
fn basisopties(plaats: &Plaats, naam: &str) -> PgConnectOptions {
    plaats
        .0
        .clone()
        .application_name(naam)
        .statement_cache_capacity(192)
        .options([
            // Every statement finds its rows by an index; statistics of a table that was small a minute ago shall not say otherwise.
            ("enable_seqscan", "off"),
            // And in the order of that index: of a full mailbox the first few are read, not all to sort them.
            ("enable_bitmapscan", "off"),
            // A few keys at a time, each looked up: joining by a hash or by order reads the whole of a table that looks small.
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
            // Compiling a statement takes longer than any of them runs.
            ("jit", "off"),
            ("statement_timeout", "30s"),
            // A process that stands still, or cannot be reached, does not keep the others from writing.
            ("idle_in_transaction_session_timeout", "10s"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "2"),
            ("tcp_user_timeout", "20000"),
        ])
        .disable_statement_logging()
}

pub(super) fn schrijfopties(plaats: &Plaats, grenzen: Grenzen) -> PgConnectOptions {
    let slot = grenzen.slot.as_millis().max(1);
    // Whatever the server's default is: who is answered has it on the disk.
    basisopties(plaats, "inbreng-schrijver").options([("synchronous_commit", "on")]).options([("lock_timeout", slot)])
}

/// A connection for what is done once, and may take its time.
pub(crate) async fn beheer(plaats: &Plaats) -> Result<PgConnection, sqlx::Error> {
    let opties = basisopties(plaats, "inbreng-beheer").options([
        ("synchronous_commit", "on"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        // It reads whole tables.
        ("enable_seqscan", "on"),
        ("enable_bitmapscan", "on"),
        ("enable_hashjoin", "on"),
        ("enable_mergejoin", "on"),
    ]);
    geduld::verbinden(&opties).await
}

fn leesopties(plaats: &Plaats) -> PgConnectOptions {
    basisopties(plaats, "inbreng-lezer").options([("default_transaction_read_only", "on")])
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use tempfile::TempDir;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixListener,
        sync::mpsc,
    };

    use super::*;

    /// `AuthenticationCleartextPassword`; `AuthenticationOk`, and `ReadyForQuery` outside a transaction (PostgreSQL's manual, message
    /// formats).
    const WACHTWOORD: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
    const WELKOM: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";

    /// A server that asks whoever comes for its password, tells it, and welcomes everyone.
    fn portier(map: &Path) -> mpsc::UnboundedReceiver<String> {
        let luisteraar = UnixListener::bind(map.join(".s.PGSQL.5432")).unwrap();
        let (gezegd, gehoord) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut draad, _)) = luisteraar.accept().await {
                let gezegd = gezegd.clone();
                tokio::spawn(async move {
                    let mut deel = [0; 4096];
                    let _startup = draad.read(&mut deel).await;
                    draad.write_all(WACHTWOORD).await.unwrap();
                    let lengte = draad.read(&mut deel).await.unwrap();
                    // `p`, four bytes of length, the password, a zero.
                    gezegd.send(String::from_utf8_lossy(&deel[5..lengte - 1]).into_owned()).unwrap();
                    draad.write_all(WELKOM).await.unwrap();
                    std::future::pending::<()>().await;
                });
            }
        });
        gehoord
    }

    #[tokio::test]
    async fn the_next_connection_has_the_password_of_then() {
        let map = TempDir::new().unwrap();
        let mut gehoord = portier(map.path());
        let url = format!("postgres://niemand@localhost/leeg?host={}", map.path().display());
        let plaats = |wachtwoord: &str| Plaats::nieuw(&url, Some(wachtwoord), None, true).unwrap();
        let grenzen = Grenzen { lezers: 2, slot: Duration::from_secs(1) };
        let eerst = plaats("kanarie-een");
        let toegang = Toegang { grenzen, schrijver: Mutex::new(schrijfopties(&eerst, grenzen)) };
        let lezers = geduld::pool(2).connect_lazy_with(leesopties(&eerst));
        let (_schrijft, _leest) = (toegang.verbinden().await.unwrap(), lezers.acquire().await.unwrap());
        toegang.vernieuwen(&plaats("kanarie-twee"), &lezers);
        let (_opnieuw, _nog_een) = (toegang.verbinden().await.unwrap(), lezers.acquire().await.unwrap());
        let mut alle = Vec::new();
        for _ in 0..4 {
            alle.push(gehoord.recv().await.unwrap());
        }
        assert_eq!(alle, ["kanarie-een", "kanarie-een", "kanarie-twee", "kanarie-twee"]);
        assert!(!format!("{toegang:?}").contains("kanarie"), "{toegang:?}");
    }
}
