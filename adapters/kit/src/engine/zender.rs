//! Who sends: a loop for each lane, so that nothing ordinary holds up what is about acute danger, and a third one for what follows after
//! a message. Within a lane, a message whose call hangs takes no other's turn.

use std::{sync::Arc, time::Duration};

use inbreng_domain::vocabulary::Urgentie;
use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinSet},
};

use super::{Omgeving, Werkfout, gestopt, herwikkelen, toegang, verzenden};
use crate::store::Zending;

/// Messages on their way at one time in each lane, each of another case.
const TEGELIJK: usize = 8;

/// Wakes who sends. Each loop has a call of its own, so that none takes another's.
#[derive(Debug, Default)]
pub struct Wekker {
    acuut: Notify,
    gewoon: Notify,
    erna: Notify,
}

impl Wekker {
    /// There may be something to send, or to do after it.
    pub(crate) fn wekken(&self) {
        for loop_ in [&self.acuut, &self.gewoon, &self.erna] {
            loop_.notify_one();
        }
    }

    const fn van(&self, baan: Urgentie) -> &Notify {
        match baan {
            Urgentie::Acuut => &self.acuut,
            Urgentie::Normaal => &self.gewoon,
        }
    }
}

/// Sends what is in one lane until `stop` says so. What is under way then is broken off: every step starts from the store.
pub(super) async fn draaien(omgeving: &Arc<Omgeving>, baan: Urgentie, kijken: Duration, mut stop: watch::Receiver<bool>) {
    let mut bezig = Bezig { baan, onderweg: Vec::new() };
    // Tasks of their own: the store has one connection, and who holds it must go on while we wait for it.
    let mut werk: JoinSet<Result<(), Werkfout>> = JoinSet::new();
    loop {
        match bezig.aan_de_beurt(omgeving).await {
            Ok(beurt) => {
                for zending in beurt {
                    let (omgeving, volgorde) = (Arc::clone(omgeving), zending.volgorde);
                    let taak = werk.spawn(async move { verzenden::een(&omgeving, &zending).await });
                    bezig.onderweg.push((taak.id(), volgorde));
                }
            }
            Err(fout) => tracing::error!(reden = %fout, "verzender hapert"),
        }
        tokio::select! {
            biased;
            () = async { let _ = stop.wait_for(|s| *s).await; } => break,
            Some(klaar) = werk.join_next_with_id() => {
                let (taak, uitslag) = match klaar {
                    Ok((taak, uitslag)) => (taak, uitslag),
                    Err(fout) => (fout.id(), Err(Werkfout::intern(fout))),
                };
                bezig.onderweg.retain(|(id, _)| *id != taak);
                omgeving.veranderd.notify_waiters();
                // It may have opened its case for the other lane, and there may be something to do after it.
                omgeving.wek_uit.wekken();
                if let Err(fout) = uitslag {
                    tracing::error!(reden = %fout, "verzender hapert");
                    if gestopt(&mut stop, tokio::time::sleep(kijken)).await {
                        break;
                    }
                }
            }
            () = omgeving.wek_uit.van(baan).notified() => {}
            () = tokio::time::sleep(kijken) => {}
        }
    }
    werk.shutdown().await;
}

/// What is under way in a lane: the task, and the order of taking.
#[derive(Debug)]
struct Bezig {
    baan: Urgentie,
    onderweg: Vec<(Id, i64)>,
}

impl Bezig {
    /// What may begin now.
    async fn aan_de_beurt(&self, omgeving: &Omgeving) -> Result<Vec<Zending>, Werkfout> {
        let vrij = TEGELIJK.saturating_sub(self.onderweg.len());
        if vrij == 0 {
            return Ok(Vec::new());
        }
        let bezig: Vec<i64> = self.onderweg.iter().map(|(_, volgorde)| *volgorde).collect();
        Ok(omgeving.opslag.aan_de_beurt(omgeving.clock.now(), self.baan, &bezig, vrij).await?)
    }
}

/// Does what follows after a message until `stop` says so: parts that our yes gave, and keys that are wrapped again.
pub(super) async fn erna(omgeving: &Omgeving, kijken: Duration, mut stop: watch::Receiver<bool>) {
    loop {
        let hapert = |fout: Werkfout| {
            tracing::error!(reden = %fout, "verzender hapert");
            0
        };
        let stap = async {
            let gedaan =
                toegang::ronde(omgeving).await.unwrap_or_else(hapert) + herwikkelen::ronde(omgeving).await.unwrap_or_else(hapert);
            if gedaan == 0 {
                let _ = tokio::time::timeout(kijken, omgeving.wek_uit.erna.notified()).await;
            }
        };
        if gestopt(&mut stop, stap).await {
            return;
        }
    }
}
