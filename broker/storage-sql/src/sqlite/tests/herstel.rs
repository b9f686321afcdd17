//! What goes wrong around the store: a full disk, a locked file, a file that is not ours.

use std::{error::Error, time::Duration};

use inbreng_domain::vocabulary::{Toegangswijze::Meegeleverd, Urgentie};
use inbreng_storage::{
    Aannameuitslag, Beleidsgrens, Berichten, Leveringen, Leveringsbericht, Leveringsuitslag, Logboek, StoreError, Tokens, Zaken,
    contract::{Bouw, Proef, oin},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::{
    super::{Grenzen, naast, open, open_met, openen::schrijfopties},
    contract::{Map, klok},
};
use crate::{OpenFout, SqlStore, schrijver::STAPEL, store::INLATEN, wachtrij::WACHTRIJ};

async fn begrensd(map: &Map, grenzen: Grenzen) -> SqlStore {
    open_met(map.bestand(), &naast(&map.bestand()), klok(), grenzen).await.unwrap()
}

#[tokio::test]
async fn the_writer_syncs_each_commit_and_overwrites_what_it_deletes() {
    let map = Map::nieuw();
    let _store = map.store().await;
    let mut schrijver = schrijfopties(&map.bestand(), Grenzen::default()).connect().await.unwrap();
    // sqlite.org/pragma.html: synchronous 2 is FULL.
    for (pragma, waarde) in [("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("temp_store", 2)] {
        let gelezen: i64 = sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA {pragma}"))).fetch_one(&mut schrijver).await.unwrap();
        assert_eq!(gelezen, waarde, "{pragma}");
    }
    let soort: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut schrijver).await.unwrap();
    assert_eq!(soort, "wal");
}

#[tokio::test]
async fn the_size_limit_counts_in_the_pages_that_a_file_has() {
    const GRENS: i64 = 4 * 1024 * 1024;
    for (eerder, verwacht) in [(None, 8192), (Some(4096), 4096)] {
        let map = Map::nieuw();
        if let Some(bytes) = eerder {
            let opties = SqliteConnectOptions::new().filename(map.bestand()).create_if_missing(true).page_size(bytes);
            let mut oud = opties.connect().await.unwrap();
            sqlx::query("PRAGMA user_version = 1").execute(&mut oud).await.unwrap();
            oud.close().await.unwrap();
        }
        let grenzen = Grenzen { bytes: Some(GRENS.unsigned_abs()), ..Grenzen::default() };
        let _store = begrensd(&map, grenzen).await;
        let mut schrijver = schrijfopties(&map.bestand(), grenzen).connect().await.unwrap();
        let pagina: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut schrijver).await.unwrap();
        let hoogstens: i64 = sqlx::query_scalar("PRAGMA max_page_count").fetch_one(&mut schrijver).await.unwrap();
        assert_eq!((pagina, hoogstens * pagina), (verwacht, GRENS));
    }
}

#[tokio::test]
async fn a_full_store_says_so_and_goes_on_reading_and_delivering() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = begrensd(&map, Grenzen { bytes: Some(1024 * 1024), ..Grenzen::default() }).await;
    let inhoud = "x".repeat(100_000);
    let mut aangenomen = Vec::new();
    let vol = loop {
        let deel = proef.deel();
        let bericht = Bouw::van(&proef, oin(1)).deel(deel, &inhoud).geeft(deel, oin(2), Meegeleverd).af();
        match store.aannemen(bericht.clone()).await {
            Ok(uitslag) => {
                assert_eq!(uitslag, Aannameuitslag::Aangenomen);
                aangenomen.push(bericht);
            }
            Err(fout) => {
                assert!(matches!(fout, StoreError::Full), "{fout:?}");
                break bericht;
            }
        }
        assert!(aangenomen.len() < 20, "never full");
    };
    assert_eq!(store.ontvangstbewijs(oin(1), vol.bericht.id).await.unwrap(), None, "nothing is half accepted");
    assert_eq!(store.hoofd().await.unwrap().0, aangenomen.len() as u64);
    let open = store.open_leveringen(oin(2), 100).await.unwrap();
    assert_eq!(open.len(), aangenomen.len());
    // Receipts make room (R40), and accepting goes on by itself.
    for levering in open.iter().take(3) {
        let blad = proef.blad("ontvangst");
        let uitslag = store.leveringsbericht(oin(2), levering.id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await;
        assert_eq!(uitslag.unwrap(), Leveringsuitslag::Vastgelegd);
    }
    assert_eq!(store.aannemen(vol).await.unwrap(), Aannameuitslag::Aangenomen);
}

#[tokio::test]
async fn the_writer_recovers_when_another_process_lets_go() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = begrensd(&map, Grenzen { slot: Duration::from_millis(50), ..Grenzen::default() }).await;
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    let mut ander = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let slot = ander.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let fout = store.aannemen(bericht.clone()).await.unwrap_err();
    assert!(matches!(fout, StoreError::Unavailable(_)), "{fout:?}");
    assert!(fout.source().is_some(), "the cause is there for the log");
    assert!(store.open_leveringen(oin(2), 9).await.unwrap().is_empty(), "reading goes on");
    slot.rollback().await.unwrap();
    assert_eq!(store.aannemen(bericht).await.unwrap(), Aannameuitslag::Aangenomen);
}

/// The disk stands still, and more and more comes: whoever finds no place hears so in time, and nothing of it is kept.
#[tokio::test]
async fn what_finds_no_place_is_refused_and_the_rest_is_written() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = std::sync::Arc::new(begrensd(&map, Grenzen { slot: Duration::from_secs(60), ..Grenzen::default() }).await);
    let mut ander = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let slot = ander.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut taken = tokio::task::JoinSet::new();
    let later = proef.nu().plus(time::Duration::hours(1));
    for n in 0..3_000 {
        let (store, nu) = (std::sync::Arc::clone(&store), proef.nu());
        taken.spawn(async move { store.jti_gebruiken(oin(1), format!("jti-{n}"), later, nu).await });
    }
    // Whoever has no place by now has been told.
    tokio::time::sleep(INLATEN + Duration::from_secs(2)).await;
    slot.rollback().await.unwrap();
    let mut gedaan = 0;
    for uitslag in taken.join_all().await {
        match uitslag {
            Ok(nieuw) => gedaan += usize::from(nieuw),
            Err(fout) => assert!(matches!(fout, StoreError::Unavailable(_)), "{fout:?}"),
        }
    }
    // One transaction was under way, and so many waited behind it.
    assert!((WACHTRIJ..=WACHTRIJ + STAPEL).contains(&gedaan), "{gedaan}");
    let rijen: i64 = sqlx::query_scalar("SELECT count(*) FROM jti").fetch_one(&mut ander).await.unwrap();
    assert_eq!(usize::try_from(rijen).unwrap(), gedaan, "nothing of what was refused");
}

/// So many wait that nobody finds a place, and something acute comes: it has a row of its own.
#[tokio::test]
async fn what_is_acute_waits_for_nothing_that_is_not() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = std::sync::Arc::new(begrensd(&map, Grenzen { slot: Duration::from_secs(60), ..Grenzen::default() }).await);
    let mut ander = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let slot = ander.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut vloed = tokio::task::JoinSet::new();
    for _ in 0..3_000 {
        let (store, blad) = (std::sync::Arc::clone(&store), proef.blad("vloed"));
        vloed.spawn(async move { store.bladen_toevoegen(vec![blad]).await });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let sturen = |bouw: Bouw<'_>| {
        let (store, bericht) = (std::sync::Arc::clone(&store), bouw.af());
        tokio::spawn(async move { store.aannemen(bericht).await })
    };
    let gewoon = sturen(Bouw::van(&proef, oin(1)).naar(oin(2)));
    let acuut = sturen(Bouw::van(&proef, oin(1)).naar(oin(2)).acuut());
    // Without a token nothing acute is sent.
    let token = {
        let (store, nu) = (std::sync::Arc::clone(&store), proef.nu());
        let later = nu.plus(time::Duration::hours(1));
        tokio::spawn(async move { store.jti_gebruiken(oin(1), "jti".to_owned(), later, nu).await })
    };
    // The check that comes before an acute message, and why one was refused, have the same row.
    let toetsen = |baan| {
        let (store, blad) = (std::sync::Arc::clone(&store), proef.blad("toets"));
        tokio::spawn(async move { store.bladen_in_baan(vec![blad], baan).await })
    };
    let (gewone_toets, acute_toets) = (toetsen(Urgentie::Normaal), toetsen(Urgentie::Acuut));
    let weigeren = |baan| {
        let (store, blad) = (std::sync::Arc::clone(&store), proef.blad("besluit"));
        tokio::spawn(async move { store.besluiten_in_baan(Vec::new(), vec![blad], Beleidsgrens::default(), baan).await })
    };
    let (gewone_weigering, acute_weigering) = (weigeren(Urgentie::Normaal), weigeren(Urgentie::Acuut));
    tokio::time::sleep(INLATEN + Duration::from_secs(1)).await;
    slot.rollback().await.unwrap();
    assert!(matches!(gewoon.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(matches!(gewone_toets.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(matches!(gewone_weigering.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert_eq!(acuut.await.unwrap().unwrap(), Aannameuitslag::Aangenomen);
    assert!(token.await.unwrap().unwrap());
    acute_toets.await.unwrap().unwrap();
    assert!(acute_weigering.await.unwrap().unwrap());
    assert!(vloed.join_all().await.iter().any(Result::is_err));
}

#[tokio::test]
async fn a_closed_store_has_written_what_waited_and_refuses_the_rest() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = std::sync::Arc::new(map.store().await);
    let mut taken = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (store, bericht) = (std::sync::Arc::clone(&store), Bouw::van(&proef, oin(1)).af());
        taken.spawn(async move { (bericht.bericht.id, store.aannemen(bericht).await) });
    }
    tokio::task::yield_now().await;
    store.sluiten().await.unwrap();
    let uitslagen = taken.join_all().await;
    assert!(matches!(store.aannemen(Bouw::van(&proef, oin(1)).af()).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.sluiten().await, Err(StoreError::Unavailable(_))));
    let heropend = map.store().await;
    for (id, uitslag) in uitslagen {
        assert_eq!(heropend.ontvangstbewijs(oin(1), id).await.unwrap().is_some(), uitslag.is_ok());
    }
}

#[tokio::test]
async fn a_file_that_is_not_a_store_is_refused() {
    let map = Map::nieuw();
    std::fs::write(map.bestand(), "geen database, maar wel lang genoeg om een kop te lijken ".repeat(100)).unwrap();
    let fout = open(map.bestand(), klok()).await.unwrap_err();
    assert!(matches!(fout, OpenFout::Database(_) | OpenFout::Schema(_)), "{fout:?}");
    let fout = open(map.bestand().join("daaronder.db"), klok()).await.unwrap_err();
    assert!(matches!(fout, OpenFout::Bestand { .. }), "{fout:?}");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let map = Map::nieuw();
    map.store().await.sluiten().await.unwrap();
    let mut nieuwer = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let rij =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, '', 1, x'', 0)";
    sqlx::query(rij).execute(&mut nieuwer).await.unwrap();
    nieuwer.close().await.unwrap();
    let fout = open(map.bestand(), klok()).await.unwrap_err();
    assert!(matches!(fout, OpenFout::Schema(_)), "{fout:?}");
}

#[tokio::test]
async fn a_missing_log_node_is_corruption_and_not_a_wrong_proof() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    store.bladen_toevoegen((0..8).map(|_| proef.blad("toets")).collect()).await.unwrap();
    let mut ander = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    sqlx::query("DELETE FROM knoop WHERE laag = 2 AND nr = 1").execute(&mut ander).await.unwrap();
    for gelezen in [store.insluitingsbewijs(0, 8).await, store.samenhangbewijs(4, 8).await] {
        assert!(matches!(gelezen, Err(StoreError::Corrupt { .. })), "{gelezen:?}");
    }
    assert!(store.insluitingsbewijs(0, 4).await.unwrap().is_some(), "what does not need it goes on");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    store.bladen_toevoegen(vec![proef.blad("toets")]).await.unwrap();
    let bestanden: Vec<_> = std::fs::read_dir(map.bestand().parent().unwrap()).unwrap().map(Result::unwrap).collect();
    assert_eq!(bestanden.len(), 4, "database, write-ahead log, its index, keys");
    for bestand in bestanden {
        assert_eq!(bestand.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", bestand.file_name());
    }
}

/// A log only grows. Where it is shorter than it was, the database was put back under a hub that ran on: it closes, for good.
#[tokio::test]
async fn a_database_that_goes_back_under_a_running_hub_closes_it() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let (store, ander) = (map.store().await, map.store().await);
    let bericht = || Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    for _ in 0..3 {
        assert_eq!(store.aannemen(bericht()).await.unwrap(), Aannameuitslag::Aangenomen);
    }
    let kijken = async |store: &SqlStore| store.te_herzien(oin(2), 9, proef.nu()).await;
    assert!(kijken(&store).await.is_ok() && kijken(&ander).await.is_ok());
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    for zin in ["DELETE FROM blad WHERE nr = 2", "UPDATE stand SET blad = 2"] {
        sqlx::query(zin).execute(&mut naast).await.unwrap();
    }
    // Who only reads sees it, and so does who writes.
    assert!(matches!(kijken(&ander).await, Err(StoreError::Unavailable(_))));
    let fout = store.aannemen(bericht()).await.unwrap_err();
    assert!(fout.source().is_some_and(|f| format!("{f:?}").contains("Teruggezet")), "{fout:?}");
    sqlx::query("UPDATE stand SET blad = 9").execute(&mut naast).await.unwrap();
    for store in [&store, &ander] {
        assert!(store.aannemen(bericht()).await.is_err() && kijken(store).await.is_err(), "also when it is longer again");
    }
}
