//! The receiver: works on deliveries of several cases at a time.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{Omgeving, Werkfout, afleveren, lus::Lus};
use crate::store::{Beurt, Post};

/// Deliveries under way at one time that never failed before, each of another case or lane.
const NIEUW: usize = 6;
/// The same of those that did: a system that hangs on some keeps room for the others.
const HERHAALD: usize = 4;
/// How long what is under way may go on once we must stop.
const AFRONDEN: Duration = Duration::from_secs(5);

/// Of what is under way: the order of taking, and whether it failed before.
type Plek = (i64, bool);

/// Works until `stop` says so.
pub(super) async fn draaien(omgeving: &Arc<Omgeving>, kijken: Duration, stop: watch::Receiver<bool>) {
    let nemen = |bezig: Vec<Plek>| async move {
        let taak = |(post, herhaald): (Post, bool)| {
            let omgeving = Arc::clone(omgeving);
            ((post.volgorde, herhaald), async move { afleveren::een(&omgeving, &post).await.map(drop) })
        };
        Ok(aan_de_beurt(omgeving, &bezig).await?.into_iter().map(taak).collect())
    };
    let lus = Lus { naam: "ontvanger", wek: &omgeving.wek_in, kijken, afronden: AFRONDEN };
    lus.draaien(nemen, || omgeving.veranderd.notify_waiters(), stop).await;
}

/// What may begin now.
async fn aan_de_beurt(omgeving: &Omgeving, onderweg: &[Plek]) -> Result<Vec<(Post, bool)>, Werkfout> {
    let bezig: Vec<i64> = onderweg.iter().map(|(volgorde, _)| *volgorde).collect();
    let mut beurt = Vec::new();
    for (herhaald, plaatsen) in [(false, NIEUW), (true, HERHAALD)] {
        let vrij = plaatsen.saturating_sub(onderweg.iter().filter(|(_, h)| *h == herhaald).count());
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
