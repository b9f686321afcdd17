//! `kill -9` at any moment: what was acknowledged is there, once, and the log is whole.

use super::{
    super::open,
    contract::{Map, klok},
};
use crate::kill::{Bevestigd, een_leven, nagaan, opgedragen, werken};

/// Not a test of its own: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Some((bestand, zaad)) = opgedragen() else { return };
    werken(open(bestand, klok()).await.unwrap(), zaad).await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let map = Map::nieuw();
    let mut bevestigd = Bevestigd::default();
    // Somewhere else in a batch each time.
    let begin = u64::from(std::process::id());
    for leven in 0..5 {
        een_leven("sqlite::tests::kill::child", map.bestand().to_str().unwrap(), begin * 10 + leven, &mut bevestigd);
    }
    nagaan(&map.store().await, &bevestigd).await;
}
