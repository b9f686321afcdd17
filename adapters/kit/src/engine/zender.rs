//! Who sends: a loop for each lane, so that nothing ordinary holds up what is about acute danger, and a third one for what follows after
//! a message. Within a lane, a message whose call hangs takes no other's turn.

use std::{sync::Arc, time::Duration};

use inbreng_domain::vocabulary::Urgentie;
use tokio::sync::{Notify, watch};

use super::{Omgeving, Werkfout, gestopt, herwikkelen, lus::Lus, toegang, verzenden};
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

/// Sends what is in one lane until `stop` says so. What is under way then is broken off.
pub(super) async fn draaien(omgeving: &Arc<Omgeving>, baan: Urgentie, kijken: Duration, stop: watch::Receiver<bool>) {
    let nemen = |bezig: Vec<i64>| async move {
        let vrij = TEGELIJK.saturating_sub(bezig.len());
        if vrij == 0 {
            return Ok(Vec::new());
        }
        let taak = |zending: Zending| {
            let omgeving = Arc::clone(omgeving);
            (zending.volgorde, async move { verzenden::een(&omgeving, &zending).await })
        };
        let beurt = omgeving.opslag.aan_de_beurt(omgeving.clock.now(), baan, &bezig, vrij).await?;
        Ok(beurt.into_iter().map(taak).collect())
    };
    let klaar = || {
        omgeving.veranderd.notify_waiters();
        // It may have opened its case for the other lane, and there may be something to do after it.
        omgeving.wek_uit.wekken();
    };
    let lus = Lus { naam: "verzender", wek: omgeving.wek_uit.van(baan), kijken, afronden: Duration::ZERO };
    lus.draaien(nemen, klaar, stop).await;
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
