//! How long to wait for a server. What stands between may forget a connection and tell neither end; without a limit of our own a
//! reader or the writer would then wait until TCP gives up, a quarter of an hour later.

use std::{io, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// The server ends what takes thirty seconds itself (`statement_timeout`); who waits longer waits for a server that is gone.
const GEDULD: Duration = Duration::from_secs(35);
/// How long a connection may take, and whoever waits for one of the pool.
const VERBINDEN: Duration = Duration::from_secs(5);
/// How long a server may take to say that it is there. Shorter than [`VERBINDEN`], so that there is time for another connection.
const LEVEND: Duration = Duration::from_secs(2);
/// After how long a silence a connection is tried before it is used.
pub(crate) const STIL: Duration = Duration::from_secs(1);

/// What a statement gives, or that the server does not answer.
pub(crate) async fn op_tijd<T>(werk: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    hoogstens(GEDULD, werk).await
}

/// Connects.
pub(crate) async fn verbinden(opties: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    hoogstens(VERBINDEN, opties.connect()).await
}

/// Whether the other end is there.
pub(crate) async fn leeft(verbinding: &mut PgConnection) -> Result<(), sqlx::Error> {
    hoogstens(LEVEND, verbinding.ping()).await
}

/// A pool of connections of which each is tried, for a while, when it comes back and when it was quiet. The pool's own tries have no
/// end: a connection that was forgotten would take its place for good.
pub(super) fn pool(plaatsen: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(plaatsen.max(1))
        .acquire_timeout(VERBINDEN)
        .test_before_acquire(false)
        .before_acquire(|verbinding, stand| Box::pin(na_stilte(verbinding, stand)))
        .after_release(|verbinding, _| Box::pin(async move { leeft(verbinding).await.map(|()| true) }))
}

async fn na_stilte(verbinding: &mut PgConnection, stand: PoolConnectionMetadata) -> Result<bool, sqlx::Error> {
    if stand.idle_for > STIL {
        leeft(verbinding).await?;
    }
    Ok(true)
}

/// What is done within this time, or that the server does not answer.
pub(crate) async fn hoogstens<T, F: From<sqlx::Error>>(tijd: Duration, werk: impl Future<Output = Result<T, F>>) -> Result<T, F> {
    let weg = || sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database does not answer"));
    tokio::time::timeout(tijd, werk).await.unwrap_or_else(|_| Err(weg().into()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::{Executor, postgres::PgSslMode};
    use tempfile::TempDir;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixListener,
    };

    use super::*;

    /// `AuthenticationOk`, and `ReadyForQuery` outside a transaction (PostgreSQL's manual, message formats).
    const WELKOM: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    const GEREED: &[u8] = b"Z\0\0\0\x05I";

    /// A server that welcomes whoever comes, answers that many times that it is there, and then keeps silent for ever.
    fn zwijger(map: &Path, antwoorden: usize) -> PgConnectOptions {
        let luisteraar = UnixListener::bind(map.join(".s.PGSQL.5432")).unwrap();
        tokio::spawn(async move {
            while let Ok((mut draad, _)) = luisteraar.accept().await {
                tokio::spawn(async move {
                    let mut deel = [0; 4096];
                    let _startup = draad.read(&mut deel).await;
                    let mut gezegd = draad.write_all(WELKOM).await;
                    for _ in 0..antwoorden {
                        let _sync = draad.read(&mut deel).await;
                        gezegd = gezegd.and(draad.write_all(GEREED).await);
                    }
                    gezegd.unwrap();
                    std::future::pending::<()>().await;
                });
            }
        });
        PgConnectOptions::new().socket(map).username("niemand").ssl_mode(PgSslMode::Disable)
    }

    fn zwijgt<T: std::fmt::Debug>(uitkomst: Result<T, sqlx::Error>) {
        assert!(matches!(&uitkomst, Err(sqlx::Error::Io(e)) if e.kind() == io::ErrorKind::TimedOut), "{uitkomst:?}");
    }

    #[tokio::test]
    async fn a_server_that_does_not_welcome_is_not_waited_for() {
        let map = TempDir::new().unwrap();
        let _luisteraar = UnixListener::bind(map.path().join(".s.PGSQL.5432")).unwrap();
        zwijgt(verbinden(&PgConnectOptions::new().socket(map.path()).username("niemand")).await);
    }

    #[tokio::test]
    async fn a_connection_that_was_forgotten_is_found_out() {
        let map = TempDir::new().unwrap();
        let opties = zwijger(map.path(), 1);
        let mut verbinding = verbinden(&opties).await.unwrap();
        leeft(&mut verbinding).await.unwrap();
        zwijgt(leeft(&mut verbinding).await);
    }

    /// More questions than the pool has places; each is given up, as when its asker goes away, and its place comes free.
    #[tokio::test]
    async fn forgotten_connections_take_no_place_of_the_pool() {
        let map = TempDir::new().unwrap();
        let pool = pool(2).connect_lazy_with(zwijger(map.path(), 0));
        for _ in 0..6 {
            let mut verbinding = pool.acquire().await.unwrap();
            zwijgt(hoogstens(Duration::from_millis(20), verbinding.execute("SELECT 1")).await);
        }
    }
}
