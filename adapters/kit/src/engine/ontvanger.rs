//! The receiver: works on deliveries of several cases at a time. One that hangs or fails takes no other's place.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::{Id, JoinSet},
};

use super::{Omgeving, Werkfout, afleveren};
use crate::store::{Beurt, Post};

/// Deliveries under way at one time that never failed before, each of another case or lane.
const NIEUW: usize = 6;
/// The same of those that did: a system that hangs on some keeps room for the others.
const HERHAALD: usize = 4;
/// How long what is under way may go on once we must stop.
const AFRONDEN: Duration = Duration::from_secs(5);

/// Works until `stop` says so.
pub(super) async fn draaien(omgeving: &Arc<Omgeving>, kijken: Duration, mut stop: watch::Receiver<bool>) {
    let mut bezig = Bezig::default();
    // Tasks of their own: the store has one connection, and who holds it must go on while we wait for it.
    let mut werk: JoinSet<Result<bool, Werkfout>> = JoinSet::new();
    loop {
        match bezig.aan_de_beurt(omgeving).await {
            Ok(beurt) => {
                for (post, herhaald) in beurt {
                    let (omgeving, volgorde) = (Arc::clone(omgeving), post.volgorde);
                    let taak = werk.spawn(async move { afleveren::een(&omgeving, &post).await });
                    bezig.0.push((taak.id(), volgorde, herhaald));
                }
            }
            Err(fout) => tracing::error!(reden = %fout, "ontvanger hapert"),
        }
        tokio::select! {
            biased;
            () = async { let _ = stop.wait_for(|s| *s).await; } => break,
            Some(klaar) = werk.join_next_with_id() => {
                let (taak, uitslag) = match klaar {
                    Ok((taak, uitslag)) => (taak, uitslag),
                    Err(fout) => (fout.id(), Err(Werkfout::intern(fout))),
                };
                bezig.0.retain(|(id, _, _)| *id != taak);
                omgeving.veranderd.notify_waiters();
                if let Err(fout) = uitslag {
                    tracing::error!(reden = %fout, "ontvanger hapert");
                    tokio::time::sleep(kijken).await;
                }
            }
            () = omgeving.wek_in.notified() => {}
            () = tokio::time::sleep(kijken) => {}
        }
    }
    // What does not end in time begins again at the next start: every step starts from the store.
    let _ = tokio::time::timeout(AFRONDEN, async { while werk.join_next().await.is_some() {} }).await;
}

/// What is under way: the task, the order of taking, and whether it failed before.
#[derive(Debug, Default)]
struct Bezig(Vec<(Id, i64, bool)>);

impl Bezig {
    /// What may begin now.
    async fn aan_de_beurt(&self, omgeving: &Omgeving) -> Result<Vec<(Post, bool)>, Werkfout> {
        let bezig: Vec<i64> = self.0.iter().map(|(_, volgorde, _)| *volgorde).collect();
        let mut beurt = Vec::new();
        for (herhaald, plaatsen) in [(false, NIEUW), (true, HERHAALD)] {
            let vrij = plaatsen.saturating_sub(self.0.iter().filter(|(_, _, h)| *h == herhaald).count());
            if vrij == 0 {
                continue;
            }
            let vraag = Beurt {
                nu: omgeving.clock.now(),
                herhaald,
                zelf_ophalen: omgeving.eigen_systeem.is_none(),
                bezig: &bezig,
                hoogstens: vrij,
            };
            beurt.extend(omgeving.opslag.post_aan_de_beurt(&vraag).await?.into_iter().map(|post| (post, herhaald)));
        }
        Ok(beurt)
    }
}
