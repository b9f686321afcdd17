//! Opening the database: settings of a session, schema, the writer and the readers.

use std::sync::Arc;

use inbreng_domain::Clock;
use sqlx::{ConnectOptions, PgConnection, migrate::Migrator, postgres::PgConnectOptions};

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
    let bron = Bron::Postgres { opties: Box::new(opties) };
    Ok(SqlStore::nieuw(clock, bron, verbinding, Lezers::Postgres(lezers), kast))
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
