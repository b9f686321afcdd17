//! R40 to the byte: what left is nowhere in the files.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use inbreng_domain::vocabulary::Toegangswijze::{Inzage, Meegeleverd};
use inbreng_storage::{
    Aanname, Aannameuitslag, Berichten, Leveringen, Leveringsbericht, Leveringsuitslag,
    contract::{Bouw, Proef, oin},
};

use super::{
    super::{Grenzen, naast, open_met},
    contract::{Map, klok},
};
use crate::SqlStore;

/// Whether a text stands in any of the store's files.
fn staat_er(map: &Map, tekst: &str) -> bool {
    let bestanden = std::fs::read_dir(map.bestand().parent().unwrap()).unwrap();
    bestanden.map(|b| std::fs::read(b.unwrap().path()).unwrap()).any(|b| b.windows(tekst.len()).any(|w| w == tekst.as_bytes()))
}

/// The writer empties the write-ahead log in a quiet moment.
async fn verdwijnt(map: &Map, tekst: &str) -> bool {
    let tot = Instant::now() + Duration::from_secs(30);
    while staat_er(map, tekst) {
        if Instant::now() > tot {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    true
}

async fn ontvangt(store: &SqlStore, proef: &Proef, aanname: &Aanname, ontvanger: u32) {
    let id = aanname.leveringen.iter().find(|l| l.ontvanger == oin(ontvanger)).unwrap().id;
    let blad = proef.blad("ontvangst");
    let uitslag = store.leveringsbericht(oin(ontvanger), id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await;
    assert_eq!(uitslag.unwrap(), Leveringsuitslag::Vastgelegd);
}

async fn aannemen(store: &SqlStore, aanname: &Aanname) {
    assert_eq!(store.aannemen(aanname.clone()).await.unwrap(), Aannameuitslag::Aangenomen);
}

#[tokio::test]
async fn ciphertext_is_nowhere_after_the_last_receipt() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let (klein, groot) = (proef.deel(), proef.deel());
    // One that fits a page and one on pages of its own.
    let (kanarie, kanaries) = ("kanarie-klein", "kanarie-groot".repeat(2000));
    let bericht = Bouw::van(&proef, oin(1))
        .deel(klein, kanarie)
        .deel(groot, &kanaries)
        .geeft(klein, oin(2), Meegeleverd)
        .geeft(groot, oin(2), Meegeleverd)
        .geeft(groot, oin(3), Inzage)
        .af();
    aannemen(&store, &bericht).await;
    assert!(staat_er(&map, kanarie) && staat_er(&map, "kanarie-groot"));
    ontvangt(&store, &proef, &bericht, 2).await;
    assert!(verdwijnt(&map, kanarie).await, "small part");
    assert!(verdwijnt(&map, &format!("toegang-{klein}-{}", oin(2))).await, "wrap that travelled along");
    assert!(staat_er(&map, "kanarie-groot"), "someone still waits for this one");
    ontvangt(&store, &proef, &bericht, 3).await;
    assert!(verdwijnt(&map, "kanarie-groot").await, "large part");
    assert!(verdwijnt(&map, &format!("toegang-{groot}-{}", oin(2))).await, "wrap that travelled along");
    assert!(staat_er(&map, &format!("toegang-{groot}-{}", oin(3))), "the view-only wrap stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ciphertext_is_nowhere_although_the_writer_never_rests() {
    let (map, proef) = (Map::nieuw(), Arc::new(Proef::default()));
    let grenzen = Grenzen { vooruit: 64 * 1024, ..Grenzen::default() };
    let store = Arc::new(open_met(map.bestand(), &naast(&map.bestand()), klok(), grenzen).await.unwrap());
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1)).deel(deel, "kanarie").geeft(deel, oin(2), Meegeleverd).af();
    aannemen(&store, &bericht).await;
    let (schrijvend, genoeg) = (Arc::clone(&store), Arc::new(AtomicBool::new(false)));
    let (klaar, hun) = (Arc::clone(&genoeg), Arc::clone(&proef));
    let anderen = tokio::spawn(async move {
        let mut anderen = Vec::new();
        while !klaar.load(Ordering::SeqCst) {
            let deel = hun.deel();
            let bericht = Bouw::van(&hun, oin(4)).deel(deel, &"ander".repeat(2000)).geeft(deel, oin(5), Meegeleverd).af();
            aannemen(&schrijvend, &bericht).await;
            anderen.push(bericht.bericht.id);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anderen
    });
    ontvangt(&store, &proef, &bericht, 2).await;
    let weg = verdwijnt(&map, "kanarie").await;
    genoeg.store(true, Ordering::SeqCst);
    let anderen = anderen.await.unwrap();
    assert!(weg, "after {} other messages", anderen.len());
    for id in anderen {
        assert!(store.status(oin(4), id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn what_is_held_stays_and_what_nobody_gets_never_comes_in() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let store = map.store().await;
    let (held, geweigerd) = (proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1))
        .deel(held, "kanarie-aangehouden")
        .deel(geweigerd, "kanarie-geweigerd")
        .geeft(held, oin(2), Meegeleverd)
        .houdt_aan(held, oin(3))
        .weigert(geweigerd, oin(2), 8)
        .af();
    aannemen(&store, &bericht).await;
    assert!(!staat_er(&map, "kanarie-geweigerd"), "the ciphertext of a part that nobody gets");
    assert!(!staat_er(&map, &format!("toegang-{geweigerd}")), "its wraps");
    ontvangt(&store, &proef, &bericht, 2).await;
    store.sluiten().await.unwrap();
    assert!(staat_er(&map, "kanarie-aangehouden"), "another may still get it");
    assert!(staat_er(&map, &format!("toegang-{held}-{}", oin(3))));
}

#[tokio::test]
async fn what_a_killed_process_left_in_the_log_goes_when_it_is_opened() {
    let (map, proef) = (Map::nieuw(), Proef::default());
    let bericht = {
        let store = map.store().await;
        let deel = proef.deel();
        let bericht = Bouw::van(&proef, oin(1)).deel(deel, "kanarie").geeft(deel, oin(2), Meegeleverd).af();
        aannemen(&store, &bericht).await;
        ontvangt(&store, &proef, &bericht, 2).await;
        // As after `kill -9`: the files as they are now, opened elsewhere.
        let kopie = Map::nieuw();
        for einde in ["", "-wal", ".sleutels"] {
            let bestand = |m: &Map| format!("{}{einde}", m.bestand().display());
            std::fs::copy(bestand(&map), bestand(&kopie)).unwrap();
        }
        let heropend = kopie.store().await;
        assert!(verdwijnt(&kopie, "kanarie").await);
        assert!(heropend.status(oin(1), bericht.bericht.id).await.unwrap().is_some());
        bericht
    };
    assert!(bericht.leveringen.len() == 1);
}
