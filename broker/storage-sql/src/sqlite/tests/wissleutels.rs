//! Wraps at rest: never in clear, and readable for nobody once their key is destroyed, also in a copy of the store.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use inbreng_domain::{
    CasusRef, DeelId, Oin,
    vocabulary::{
        Stilgelegd,
        Toegangswijze::{Inzage, Meegeleverd},
    },
    zaak::{Feitsoort, Terugname, Zaakfeit},
};
use inbreng_storage::{
    Aanname, Aannameuitslag, Berichten, Leveringen, Leveringsbericht, Leveringsuitslag, OpenLevering, StoreError, Zaakgevolg,
    Zaken,
    contract::{Bouw, Proef, oin},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::{
    super::{Grenzen, naast, open, open_met},
    contract::{Map, klok},
};
use crate::{Kastfout, Kastplaats, OpenFout, SqlStore, sleutels_verloren};

fn kast(map: &Map) -> PathBuf {
    let Kastplaats::Bestand(pad) = naast(&map.bestand()) else { panic!("a file") };
    pad
}

/// The wrap as it was sent.
fn wrap(deel: DeelId, ontvanger: Oin) -> String {
    format!(r#"{{"wrap":"{deel}-{ontvanger}"}}"#)
}

async fn aannemen(store: &SqlStore, aanname: &Aanname) {
    assert_eq!(store.aannemen(aanname.clone()).await.unwrap(), Aannameuitslag::Aangenomen);
}

/// Of the deliveries that wait for a recipient the wraps that travel along.
async fn bezorgd(store: &SqlStore, ontvanger: u32) -> Vec<String> {
    let open: Vec<OpenLevering> = store.open_leveringen(oin(ontvanger), 99).await.unwrap();
    open.into_iter().flat_map(|l| l.delen).filter_map(|d| d.sleutel).map(|s| s.wrap).collect()
}

async fn te_lezen(store: &SqlStore, ontvanger: u32, deel: DeelId) -> String {
    store.inzagedeel(oin(ontvanger), deel).await.unwrap().unwrap().sleutel.wrap
}

async fn ontvangt(store: &SqlStore, proef: &Proef, ontvanger: u32) {
    for open in store.open_leveringen(oin(ontvanger), 99).await.unwrap() {
        let blad = proef.blad("ontvangst");
        let uitslag = store.leveringsbericht(oin(ontvanger), open.id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await;
        assert_eq!(uitslag.unwrap(), Leveringsuitslag::Vastgelegd);
    }
}

/// A copy of the store as it is now, in a place of its own, with the keys of this moment or of later.
fn kopie(van: &Map, sleutels: &Path) -> Map {
    let kopie = Map::nieuw();
    for einde in ["", "-wal"] {
        let bestand = |m: &Map| format!("{}{einde}", m.bestand().display());
        fs::copy(bestand(van), bestand(&kopie)).unwrap();
    }
    fs::copy(sleutels, kast(&kopie)).unwrap();
    kopie
}

/// What was erased is destroyed soon after.
async fn vernietigd(map: &Map, eerder: &[u8]) {
    let tot = Instant::now() + Duration::from_secs(30);
    while fs::read(kast(map)).unwrap() == eerder {
        assert!(Instant::now() < tot, "no key was destroyed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn terugname(bericht: &Aanname, delen: Vec<DeelId>, bij: &Proef) -> Zaakgevolg {
    let record = Terugname { bericht: bericht.bericht.id, delen, wijze: Stilgelegd::Teruggenomen };
    Zaakgevolg::Feit(Zaakfeit {
        casus: bericht.bericht.casus.unwrap(),
        soort: Feitsoort::Terugname,
        onderwerp: "teruggenomen".to_owned(),
        door: bericht.bericht.van,
        volgnummer: 1,
        bericht: bij.bericht(),
        record: serde_json::to_string(&record).unwrap(),
    })
}

#[tokio::test]
async fn no_wrap_is_in_clear_and_each_is_read_as_it_was_sent() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let deel = proef.deel();
    aannemen(
        &store,
        &Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).geeft(deel, oin(3), Inzage).af(),
    )
    .await;
    assert_eq!(bezorgd(&store, 2).await, [wrap(deel, oin(2))]);
    assert_eq!(te_lezen(&store, 3, deel).await, wrap(deel, oin(3)));
    let bestanden = fs::read_dir(map.bestand().parent().unwrap()).unwrap();
    for pad in bestanden.map(|b| b.unwrap().path()) {
        let bytes = fs::read(&pad).unwrap();
        for kanarie in [r#"{"wrap""#, r#"{\"wrap"#] {
            assert!(!bytes.windows(kanarie.len()).any(|w| w == kanarie.as_bytes()), "{}", pad.display());
        }
    }
}

/// A message that opens a case: one part comes with its key, two are viewed by another.
fn van_drie_delen(proef: &Proef, casus: CasusRef, [een, twee, drie]: [DeelId; 3]) -> Aanname {
    Bouw::van(proef, oin(1))
        .opent(casus)
        .deel(een, "een")
        .deel(twee, "twee")
        .deel(drie, "drie")
        .geeft(een, oin(2), Meegeleverd)
        .geeft(twee, oin(3), Inzage)
        .geeft(drie, oin(3), Inzage)
        .af()
}

/// Attack 5: whoever has the copy, and the keys of now.
#[tokio::test]
async fn what_was_received_or_recalled_after_a_copy_is_not_readable_in_it() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let (casus, [een, twee, drie]) = (proef.casus(), [(); 3].map(|()| proef.deel()));
    let bericht = van_drie_delen(&proef, casus, [een, twee, drie]);
    aannemen(&store, &bericht).await;
    let (toen, wrap_drie) = (fs::read(kast(&map)).unwrap(), wrap(drie, oin(3)));
    let eerder = kopie(&map, &kast(&map));
    let lezen = async |kopie: &Map| {
        let store = kopie.store().await;
        (bezorgd(&store, 2).await, te_lezen(&store, 3, twee).await, te_lezen(&store, 3, drie).await)
    };

    ontvangt(&store, &proef, 2).await;
    vernietigd(&map, &toen).await;
    let toen = fs::read(kast(&map)).unwrap();
    let met_sleutels_van_nu = kopie(&eerder, &kast(&map));
    assert_eq!(lezen(&met_sleutels_van_nu).await, (Vec::new(), wrap(twee, oin(3)), wrap_drie.clone()));

    let stand = store.zaakstand(casus).await.unwrap().stand;
    let intrekking = Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(terugname(&bericht, vec![twee], &proef));
    aannemen(&store, &intrekking.op_feiten(stand, 0).af()).await;
    assert_eq!(te_lezen(&store, 3, twee).await, "", "at once");
    assert_eq!(te_lezen(&store, 3, drie).await, wrap_drie, "of this part alone");
    vernietigd(&map, &toen).await;
    let met_sleutels_van_nu = kopie(&eerder, &kast(&map));
    assert_eq!(lezen(&met_sleutels_van_nu).await, (Vec::new(), String::new(), wrap_drie.clone()));
    assert_eq!(lezen(&eerder).await.2, wrap_drie, "the copy was whole");
}

#[tokio::test]
async fn what_a_killed_process_did_not_destroy_is_destroyed_when_the_store_is_opened() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let (gekild, voor) = loop {
        let deel = proef.deel();
        aannemen(&store, &Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).af()).await;
        let voor = fs::read(kast(&map)).unwrap();
        ontvangt(&store, &proef, 2).await;
        // The files as they are at this moment: received, and the key still there. On a slow machine it may be gone already.
        let gekild = kopie(&map, &kast(&map));
        fs::write(kast(&gekild), &voor).unwrap();
        let mut naast = SqliteConnectOptions::new().filename(gekild.bestand()).connect().await.unwrap();
        let nog: i64 = sqlx::query_scalar("SELECT count(*) FROM vernietigen").fetch_one(&mut naast).await.unwrap();
        naast.close().await.unwrap();
        if nog == 1 {
            break (gekild, voor);
        }
    };
    let _heropend = gekild.store().await;
    vernietigd(&gekild, &voor).await;
}

#[tokio::test]
async fn two_processes_use_one_key_store_and_no_key_twice() {
    let (map, proef) = (Map::nieuw(), Arc::new(Proef::default()));
    let stores = [Arc::new(map.store().await), Arc::new(map.store().await)];
    let mut taken = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (store, proef) = (Arc::clone(&stores[n % 2]), Arc::clone(&proef));
        taken.spawn(async move {
            let deel = proef.deel();
            aannemen(&store, &Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).af()).await;
            wrap(deel, oin(2))
        });
    }
    let mut verwacht = taken.join_all().await;
    verwacht.sort_unstable();
    for store in &stores {
        let mut gelezen = bezorgd(store, 2).await;
        gelezen.sort_unstable();
        assert_eq!(gelezen, verwacht);
    }
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let sleutels: Vec<i64> = sqlx::query_scalar("SELECT DISTINCT sleutel FROM inhoud").fetch_all(&mut naast).await.unwrap();
    assert_eq!(sleutels.len(), 40);
    // Written ahead: a flush for a block each, and none for a message.
    assert_eq!(fs::metadata(kast(&map)).unwrap().len(), 32 + 2 * 1024 * 32);
}

/// A store whose keys are not there does not start as if nothing had happened; nor one whose keys are of before.
#[tokio::test]
async fn keys_that_are_gone_strange_or_older_are_refused() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let sturen = async |store: &SqlStore| {
        let deel = proef.deel();
        aannemen(store, &Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).af()).await;
    };
    let store = map.store().await;
    sturen(&store).await;
    store.sluiten().await.unwrap();
    let goed = fs::read(kast(&map)).unwrap();
    let fout = async || match open(map.bestand(), klok()).await.unwrap_err() {
        OpenFout::Kast(fout) => fout,
        ander => panic!("{ander:?}"),
    };
    fs::write(kast(&map), &goed[..goed.len() / 2]).unwrap();
    assert!(matches!(fout().await, Kastfout::Ouder));
    fs::write(kast(&map), b"iets anders dat lang genoeg is om een kop te lijken").unwrap();
    assert!(matches!(fout().await, Kastfout::Vreemd(_)));
    let ander = Map::nieuw();
    sturen(&ander.store().await).await;
    fs::copy(kast(&ander), kast(&map)).unwrap();
    assert!(matches!(fout().await, Kastfout::Weg));
    fs::remove_file(kast(&map)).unwrap();
    assert!(matches!(fout().await, Kastfout::Weg));
    assert!(!kast(&map).exists(), "none is made in its place");
    fs::write(kast(&map), &goed).unwrap();
    let store = map.store().await;
    assert_eq!(bezorgd(&store, 2).await.len(), 1);
    // As long as before, and of before the key was destroyed.
    sturen(&store).await;
    let eerder = fs::read(kast(&map)).unwrap();
    ontvangt(&store, &proef, 2).await;
    vernietigd(&map, &eerder).await;
    sturen(&store).await;
    store.sluiten().await.unwrap();
    let nu = fs::read(kast(&map)).unwrap();
    assert_eq!(nu.len(), eerder.len());
    fs::write(kast(&map), &eerder).unwrap();
    assert!(matches!(fout().await, Kastfout::Ouder));
    fs::write(kast(&map), &nu).unwrap();

    // Who opens it without keys reads what needs none, and accepts nothing that does.
    let zonder = open_met(map.bestand(), &Kastplaats::Geen, klok(), Grenzen::default()).await.unwrap();
    assert_eq!(zonder.tellingen().await.unwrap().open, 1);
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).af();
    assert!(matches!(zonder.aannemen(bericht).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(zonder.open_leveringen(oin(2), 9).await, Err(StoreError::Unavailable(_))));
}

/// What was lost with the keys comes again with the same message, and only what was lost.
#[tokio::test]
async fn the_same_message_again_brings_the_wraps_whose_keys_were_lost() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let (casus, [een, twee, drie]) = (proef.casus(), [(); 3].map(|()| proef.deel()));
    let bericht = van_drie_delen(&proef, casus, [een, twee, drie]);
    aannemen(&store, &bericht).await;
    let stand = store.zaakstand(casus).await.unwrap().stand;
    let intrekking = Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(terugname(&bericht, vec![drie], &proef));
    aannemen(&store, &intrekking.op_feiten(stand, 0).af()).await;
    store.sluiten().await.unwrap();

    fs::remove_file(kast(&map)).unwrap();
    assert_eq!(sleutels_verloren(&map.bestand()).await.unwrap(), Some(bericht.bericht.aangenomen_op));
    let store = map.store().await;
    assert_eq!(bezorgd(&store, 2).await, Vec::<String>::new());
    assert_eq!(te_lezen(&store, 3, twee).await, "");
    for _ in 0..2 {
        let uitslag = store.aannemen(bericht.clone()).await.unwrap();
        assert!(matches!(uitslag, Aannameuitslag::AlAanwezig { .. }));
    }
    assert_eq!(te_lezen(&store, 3, twee).await, wrap(twee, oin(3)));
    assert_eq!(te_lezen(&store, 3, drie).await, "", "recalled stays recalled");
    // Held by the recall until it is decided again; its wrap is there.
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let sleutels: Vec<i64> = sqlx::query_scalar("SELECT sleutel FROM inhoud").fetch_all(&mut naast).await.unwrap();
    assert!(sleutels.iter().all(|s| *s > 0), "{sleutels:?}");
}

/// A store of an earlier version.
#[tokio::test]
async fn what_stood_there_in_clear_is_sealed_at_opening() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let deel = proef.deel();
    aannemen(
        &store,
        &Bouw::van(&proef, oin(1)).deel(deel, "x").geeft(deel, oin(2), Meegeleverd).geeft(deel, oin(3), Inzage).af(),
    )
    .await;
    store.sluiten().await.unwrap();
    let mut naast = SqliteConnectOptions::new().filename(map.bestand()).connect().await.unwrap();
    let (een, twee) = (wrap(deel, oin(2)), wrap(deel, oin(3)));
    let regels = serde_json::json!([[oin(2), een, "toegang"]]).to_string();
    for zin in [
        format!("UPDATE inhoud SET sleutel = NULL, wraps = '{regels}'"),
        format!("UPDATE wrap SET sleutel = NULL, wrap = '{twee}'"),
        "DELETE FROM kast".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(zin)).execute(&mut naast).await.unwrap();
    }
    naast.close().await.unwrap();
    fs::remove_file(kast(&map)).unwrap();
    let store = map.store().await;
    assert_eq!(bezorgd(&store, 2).await, [een]);
    assert_eq!(te_lezen(&store, 3, deel).await, twee);
    store.sluiten().await.unwrap();
    let bytes = fs::read(map.bestand()).unwrap();
    assert!(!bytes.windows(7).any(|w| w == br#"{"wrap""#), "nothing is left in clear");
}
