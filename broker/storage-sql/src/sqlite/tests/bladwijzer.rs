//! Leaves are found by their hash wherever they stand: in a full block, in a run, or in neither yet.

use inbreng_domain::Digest;
use inbreng_proof::merkle::nodes_for_append;
use inbreng_storage::{Logboek, contract::Proef};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};

use super::{super::openen::SCHEMA, contract::Map};

async fn naast(map: &Map) -> SqliteConnection {
    SqliteConnectOptions::new().filename(map.bestand()).create_if_missing(true).connect().await.unwrap()
}

async fn gewezen(map: &Map) -> i64 {
    let mut ander = naast(map).await;
    sqlx::query_scalar("SELECT gewezen FROM stand").fetch_one(&mut ander).await.unwrap()
}

#[tokio::test]
async fn a_leaf_is_found_while_its_run_is_being_filled_and_after() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let mut alle: Vec<Digest> = Vec::new();
    for (stap, verwacht) in [(4000, 0), (95, 0), (1, 4096), (4095, 4096), (10, 8192)] {
        let nieuw: Vec<_> = (0..stap).map(|_| proef.blad("toets")).collect();
        alle.extend(nieuw.iter().map(|b| b.hash));
        store.bladen_toevoegen(nieuw).await.unwrap();
        assert_eq!(gewezen(&map).await, verwacht, "after {}", alle.len());
        for index in [0, 1, alle.len() / 3, alle.len() / 2, alle.len() - 2, alle.len() - 1] {
            assert_eq!(store.bladindex(alle[index]).await.unwrap(), Some(index as u64), "of {}", alle.len());
        }
    }
    for (index, hash) in alle.iter().enumerate().step_by(37) {
        assert_eq!(store.bladindex(*hash).await.unwrap(), Some(index as u64));
    }
    assert_eq!(store.bladindex(proef.blad("toets").hash).await.unwrap(), None);
}

/// A store of an earlier version, with more leaves than a block holds.
#[tokio::test]
async fn an_older_store_gets_its_runs_when_it_is_opened() {
    const BLADEN: i64 = 65_536 + 2 * 4096 + 100;
    let map = Map::nieuw();
    let mut oud = naast(&map).await;
    let eerder = SCHEMA.migrations.iter().filter(|m| m.version < 55).cloned().collect::<Vec<_>>();
    Migrator { migrations: eerder.into(), ..Migrator::DEFAULT }.run_direct(None, &mut oud, false).await.unwrap();
    let vullen = "WITH RECURSIVE n(nr) AS (SELECT 0 UNION ALL SELECT nr + 1 FROM n WHERE nr + 1 < ?1) \
        INSERT INTO blad (nr, hash, zout, soort, tijd, record) SELECT nr, randomblob(32), zeroblob(32), 'toets', nr, '{}' FROM n";
    sqlx::query(vullen).bind(BLADEN).execute(&mut oud).await.unwrap();
    sqlx::query("UPDATE stand SET blad = ?1").bind(BLADEN).execute(&mut oud).await.unwrap();
    // What the next leaf rests on.
    for (niveau, nr) in nodes_for_append(u64::try_from(BLADEN).unwrap()).into_iter().filter(|(niveau, _)| *niveau > 0) {
        let knoop = sqlx::query("INSERT INTO knoop (niveau, nr, hash) VALUES (?1, ?2, randomblob(32))").bind(niveau);
        knoop.bind(i64::try_from(nr).unwrap()).execute(&mut oud).await.unwrap();
    }
    oud.close().await.unwrap();

    let store = map.store().await;
    assert_eq!(gewezen(&map).await, BLADEN - 100);
    let mut naast = naast(&map).await;
    let rijen = sqlx::query("SELECT nr, hash FROM blad WHERE nr % 997 = 0 OR nr % 4096 IN (0, 4095) OR nr > ?1");
    for rij in rijen.bind(BLADEN - 3).fetch_all(&mut naast).await.unwrap() {
        let hash: [u8; 32] = rij.get::<Vec<u8>, _>("hash").try_into().unwrap();
        let gevonden = store.bladindex(Digest::from_bytes(hash)).await.unwrap();
        assert_eq!(gevonden, u64::try_from(rij.get::<i64, _>("nr")).ok());
        // As it begins, but another.
        let mut ander = hash;
        ander[31] ^= 1;
        assert_eq!(store.bladindex(Digest::from_bytes(ander)).await.unwrap(), None);
    }
    let rijen: (i64, i64) =
        sqlx::query_as("SELECT count(*), sum(length(wijzers)) / 8 FROM bladwijzer").fetch_one(&mut naast).await.unwrap();
    assert_eq!(rijen, (256 + 2 * 16, BLADEN - 100), "a full block is one run");
}
