//! A log with leaves of which the hash covers no kind goes over once, by a leaf that says what stands before it (ADR 19).

use std::collections::HashMap;

use inbreng_domain::Tijdstip;
use inbreng_proof::{
    blad::{OVERGANG, Overgang, Soortenreeks, blad_hash, hash_zonder_soort, kern},
    merkle::append,
};
use inbreng_storage::{Bewaren, Blad, Logboek, contract::Proef};
use sqlx::{ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteConnectOptions};

use super::{super::openen::SCHEMA, contract::Map};

const SOORTEN: [&str; 5] = ["bericht", "versie", "besluit", "bericht", "partij"];

fn tijd(nr: i64) -> i64 {
    1_790_000_000_000 + nr
}

/// A store of before with these leaves.
async fn oude_opslag(map: &Map, soorten: &[&str]) {
    let mut oud = naast(map).await;
    let eerder = SCHEMA.migrations.iter().filter(|m| m.version < 105).cloned().collect::<Vec<_>>();
    Migrator { migrations: eerder.into(), ..Migrator::DEFAULT }.run_direct(None, &mut oud, false).await.unwrap();
    let mut hashes = Vec::new();
    for (nr, soort) in (0..).zip(soorten) {
        let (zout, record) = ([u8::try_from(nr).unwrap() + 1; 32], format!(r#"{{"nr":{nr}}}"#));
        hashes.push(*hash_zonder_soort(&zout, record.as_bytes()).as_bytes());
        let rij = sqlx::query("INSERT INTO blad (nr, hash, zout, soort, tijd, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        let rij = rij.bind(nr).bind(hashes.last().unwrap().as_slice()).bind(zout.as_slice()).bind(*soort).bind(tijd(nr));
        rij.bind(record).execute(&mut oud).await.unwrap();
    }
    for knoop in append(&HashMap::new(), 0, &hashes).unwrap().into_iter().filter(|k| k.level > 0) {
        let rij = sqlx::query("INSERT INTO knoop (niveau, nr, hash) VALUES (?1, ?2, ?3)").bind(knoop.level);
        rij.bind(i64::try_from(knoop.index).unwrap()).bind(knoop.hash.as_slice()).execute(&mut oud).await.unwrap();
    }
    let bladen = i64::try_from(soorten.len()).unwrap();
    sqlx::query("UPDATE stand SET blad = ?1").bind(bladen).execute(&mut oud).await.unwrap();
    oud.close().await.unwrap();
}

async fn naast(map: &Map) -> SqliteConnection {
    SqliteConnectOptions::new().filename(map.bestand()).create_if_missing(true).connect().await.unwrap()
}

#[tokio::test]
async fn a_log_of_before_goes_over_once_and_always_the_same_way() {
    let (map, kopie) = (Map::nieuw(), Map::nieuw());
    oude_opslag(&map, &SOORTEN).await;
    oude_opslag(&kopie, &SOORTEN).await;
    let store = map.store().await;
    let bladen = store.bladen(0, 99).await.unwrap();
    assert_eq!(bladen.len(), 6);
    assert_eq!(store.soort_vanaf().await.unwrap(), 5);
    let mut reeks = Soortenreeks::nieuw();
    (0..).zip(SOORTEN).for_each(|(nr, soort)| reeks.bij(soort, Tijdstip::from_unix_millis(tijd(nr))));
    let Blad { soort, tijd: moment, record, zout, hash, .. } = &bladen[5];
    assert_eq!((&*soort.as_str(), moment.unix_millis()), (OVERGANG, tijd(4)), "the moment of the newest before it");
    assert_eq!(serde_json::from_str::<Overgang>(record).unwrap(), Overgang { soorten: reeks.digest(), vanaf: 5 });
    assert_eq!(*hash, blad_hash(OVERGANG, *moment, zout, record.as_bytes()));
    let hoofd = store.hoofd().await.unwrap();
    assert_eq!(store.bladindex(*hash).await.unwrap(), Some(5));
    store.sluiten().await.unwrap();
    assert_eq!(map.store().await.hoofd().await.unwrap(), hoofd, "once");
    assert_eq!(kopie.store().await.hoofd().await.unwrap(), hoofd, "a copy goes over the same way");
}

/// Where the next leaf would stand depends on it: whatever the size.
#[tokio::test]
async fn a_log_of_any_size_goes_over() {
    for aantal in [0, 1, 2, 3, 4, 7, 8, 9] {
        let map = Map::nieuw();
        let soorten: Vec<&str> = SOORTEN.into_iter().cycle().take(aantal).collect();
        oude_opslag(&map, &soorten).await;
        let (store, proef) = (map.store().await, Proef::default());
        let erbij = u64::from(aantal > 0);
        let aantal = aantal as u64;
        assert_eq!(store.soort_vanaf().await.unwrap(), aantal);
        assert_eq!(store.hoofd().await.unwrap().0, aantal + erbij);
        store.bladen_toevoegen(vec![proef.blad("toets")]).await.unwrap();
        let hashes: Vec<[u8; 32]> = store.bladen(0, 99).await.unwrap().iter().map(|b| *b.hash.as_bytes()).collect();
        let boom = append(&HashMap::new(), 0, &hashes).unwrap();
        let knopen: HashMap<_, _> = boom.into_iter().map(|k| ((k.level, k.index), k.hash)).collect();
        let wortel = inbreng_proof::merkle::root(&knopen, hashes.len() as u64).unwrap();
        assert_eq!(store.hoofd().await.unwrap(), (aantal + erbij + 1, wortel), "of {aantal}");
    }
}

/// Of an old leaf nothing but its hash stays, of a new one what its hash is over (R40).
#[tokio::test]
async fn a_sweep_leaves_each_leaf_as_its_form_asks() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    oude_opslag(&map, &SOORTEN).await;
    let store = map.store().await;
    store.bladen_toevoegen(["bericht", "versie"].map(|soort| proef.blad(soort)).into()).await.unwrap();
    let heel = store.bladen(0, 99).await.unwrap();
    let later = Tijdstip::from_unix_millis(1_990_000_000_000);
    assert_eq!(store.bewijs_snoeien(later, 0, later, 9, None).await.unwrap().bladen, 4);
    let geveegd = store.bladen(0, 99).await.unwrap();
    assert_eq!(geveegd.len(), heel.len());
    for (nr, (blad, eerder)) in geveegd.iter().zip(&heel).enumerate() {
        let verwacht = match nr {
            0 | 2 | 3 => Blad { record: String::new(), zout: [0; 32], ..eerder.clone() },
            6 => Blad { record: String::new(), zout: kern(&eerder.zout, eerder.record.as_bytes()), ..eerder.clone() },
            _ => eerder.clone(),
        };
        assert_eq!(*blad, verwacht, "leaf {nr}");
    }
}

/// It runs on while another goes over: no leaf of the old form lands behind the new ones.
#[tokio::test]
async fn a_process_of_before_writes_nothing_any_more() {
    let map = Map::nieuw();
    oude_opslag(&map, &SOORTEN).await;
    let mut oud = naast(&map).await;
    let schrijven =
        "INSERT INTO blad (nr, hash, zout, soort, tijd, record) VALUES (?1, zeroblob(32), zeroblob(32), 'toets', 0, '{}')";
    sqlx::query(schrijven).bind(50).execute(&mut oud).await.unwrap();
    sqlx::query("DELETE FROM blad WHERE nr = 50").execute(&mut oud).await.unwrap();
    let _store = map.store().await;
    let fout = sqlx::query(schrijven).bind(51).execute(&mut oud).await.unwrap_err();
    assert!(fout.to_string().contains("zout"), "{fout}");
}
