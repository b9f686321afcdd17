//! Marking a store as put back: what an earlier restoration is still owed is owed to the next.

use std::{collections::BTreeSet, sync::Arc};

use inbreng_domain::{Clock, Tijdstip, clock::FixedClock, randomness::SeededRandomness};
use inbreng_pipeline::herstel::{heropenen, merken, stand};
use inbreng_storage_sql::sqlite;

#[tokio::test]
async fn a_second_restoration_asks_again_for_what_the_first_was_owed() {
    let map = tempfile::tempdir().unwrap();
    let op = |seconde: i64| Arc::new(FixedClock::at(Tijdstip::from_unix_millis(seconde * 1000)));
    let random = SeededRandomness::new(1);
    let store = sqlite::open(map.path().join("hub.db"), op(0)).await.unwrap();

    let eerste = merken(&store, op(10).as_ref(), &random).await.unwrap();
    assert_eq!(eerste.tot, Tijdstip::from_unix_millis(0), "a copy without leaves has nothing");
    // Marked again before anybody came in: the newest leaf is the mark itself, and says nothing of what was lost.
    let tweede = merken(&store, op(20).as_ref(), &random).await.unwrap();
    assert_eq!(tweede.tot, eerste.tot);

    // Opened with everyone in (nobody is in the directory): from here on only what comes after can be lost.
    let open = op(30);
    assert!(heropenen(&store, &BTreeSet::new(), open.as_ref(), &random).await.unwrap());
    assert!(stand(&store).await.unwrap().unwrap().heropend);
    let derde = merken(&store, op(40).as_ref(), &random).await.unwrap();
    assert_eq!(derde.tot, open.now(), "the second had everything that the first was owed");
}
