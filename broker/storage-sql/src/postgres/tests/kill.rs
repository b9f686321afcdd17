//! `kill -9` of a process at any moment, another beside it: what was acknowledged is there, once, and the log is whole. The
//! server lets go of what the dead one held.

use super::{
    super::{Plaats, open},
    contract::{Basis, kast, klok},
};
use crate::kill::{Bevestigd, een_leven, nagaan, opgedragen, werken};

/// Not a test of its own: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn child() {
    let Some((url, zaad)) = opgedragen() else { return };
    let plaats = Plaats::nieuw(&url, None, None, true).unwrap();
    werken(open(&plaats, &kast(&url), klok()).await.unwrap(), zaad).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn what_was_acknowledged_survives_kill_9() {
    let basis = Basis::nieuw().await;
    // One that lives all along, and sees what they write.
    let blijft = basis.store().await;
    let mut bevestigd = Bevestigd::default();
    let begin = u64::from(std::process::id());
    for ronde in 0..3 {
        let levens = [0, 1].map(|kind| {
            let (url, zaad) = (basis.url.clone(), begin * 10 + ronde * 2 + kind);
            std::thread::spawn(move || {
                let mut bevestigd = Bevestigd::default();
                een_leven("postgres::tests::kill::child", &url, zaad, &mut bevestigd);
                bevestigd
            })
        });
        for leven in levens {
            bevestigd.bij(leven.join().unwrap());
        }
    }
    nagaan(&blijft, &bevestigd).await;
}
