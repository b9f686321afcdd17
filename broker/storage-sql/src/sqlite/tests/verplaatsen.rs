//! The write-ahead log is moved beside the writer, and begins again.

use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    super::{Grenzen, openen::schrijfopties, sql, verplaatsen::Verplaatser},
    contract::Map,
};

async fn schrijven(verbinding: &mut SqliteConnection, aantal: u32) {
    for _ in 0..aantal {
        sqlx::query("INSERT INTO t (inhoud) VALUES (randomblob(100000))").execute(&mut *verbinding).await.unwrap();
    }
}

/// How many rows the database has without its log.
async fn zonder_log(map: &Map) -> i64 {
    let kopie = Map::nieuw();
    std::fs::copy(map.bestand(), kopie.bestand()).unwrap();
    let mut verbinding = SqliteConnectOptions::new().filename(kopie.bestand()).connect().await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut verbinding).await.unwrap()
}

fn lengte(map: &Map) -> u64 {
    std::fs::metadata(format!("{}-wal", map.bestand().display())).unwrap().len()
}

#[tokio::test]
async fn the_log_is_moved_while_the_writer_holds_its_transaction_and_begins_again() {
    let map = Map::nieuw();
    let grenzen = Grenzen { vooruit: 2 * 1024 * 1024, ..Grenzen::default() };
    let opties = schrijfopties(&map.bestand(), grenzen).create_if_missing(true);
    let mut schrijver = opties.connect().await.unwrap();
    sqlx::query("CREATE TABLE t (nr INTEGER PRIMARY KEY, inhoud BLOB NOT NULL)").execute(&mut schrijver).await.unwrap();
    let mut verplaatser = Verplaatser::nieuw(&map.bestand(), opties.clone(), grenzen.vooruit);
    schrijven(&mut schrijver, 11).await;
    assert!(verplaatser.is_groot() && !verplaatser.is_toe(), "{} bytes", lengte(&map));
    schrijven(&mut schrijver, 19).await;
    assert!(verplaatser.is_toe(), "{} bytes", lengte(&map));

    // Whoever writes goes on.
    sqlx::query("BEGIN IMMEDIATE").execute(&mut schrijver).await.unwrap();
    schrijven(&mut schrijver, 1).await;
    verplaatser.beginnen();
    assert!(verplaatser.is_bezig() && !verplaatser.is_toe(), "once in a while");
    verplaatser.afwachten().await;
    assert!(!verplaatser.is_bezig());
    schrijven(&mut schrijver, 1).await;
    sqlx::query("COMMIT").execute(&mut schrijver).await.unwrap();
    assert_eq!(zonder_log(&map).await, 30, "what was committed when it was moved, and nothing else");

    let lang = lengte(&map);
    let (bezet, log, verplaatst): (i64, i64, i64) =
        sqlx::query_as(AssertSqlSafe(sql::HERBEGINNEN)).fetch_one(&mut schrijver).await.unwrap();
    assert_eq!((bezet, log), (0, verplaatst));
    assert_eq!(zonder_log(&map).await, 32);
    schrijven(&mut schrijver, 5).await;
    assert_eq!(lengte(&map), lang, "over what it held");
    assert_eq!(zonder_log(&map).await, 32);
    // The connection that moved is used again.
    verplaatser.beginnen();
    verplaatser.sluiten().await;
    assert_eq!(zonder_log(&map).await, 37);
}
