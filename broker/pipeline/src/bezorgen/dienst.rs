//! The sender of one hub process: a task per recipient with a callback.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use inbreng_domain::{Oin, Tijdstip, vocabulary::Urgentie};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    task::{AbortHandle, JoinSet},
};

use super::{
    Bezorger, Bezorglijn, Ruimte,
    lijn::Ronde,
    ruimte::{Vak, Vakken},
    wachtend,
};
use crate::Hub;

/// How often the callbacks are read again, since another process may have placed one; and what waits is offered again.
const BOEK: Duration = Duration::from_secs(5);
/// How often is looked without being told: what another process accepted, or released.
const KIJKEN: Duration = Duration::from_secs(2);
/// How long what is under way may take once the process stops.
const AFRONDEN: Duration = Duration::from_secs(5);
/// How long a busy recipient's line waits for others of its attempts to end.
const SAMENKOMEN: Duration = Duration::from_millis(2);
/// The pause after the store failed.
const HAPERT: Duration = Duration::from_secs(1);

/// Brings deliveries.
#[derive(Debug)]
pub struct Bezorgdienst {
    hub: Arc<Hub>,
    bezorger: Arc<dyn Bezorger>,
    vakken: Arc<Vakken>,
}

/// Changes how much a sender brings at a time, while it works.
#[derive(Debug, Clone)]
pub struct Ruimteknop(Arc<Vakken>);

impl Ruimteknop {
    /// So much from now on; what is under way ends as it began. For one recipient it counts from the next look, at most two seconds later.
    /// Needs a running tokio runtime.
    pub fn zetten(&self, ruimte: Ruimte) {
        self.0.zetten(ruimte);
    }
}

impl Bezorgdienst {
    /// A sender for this hub. It does nothing until it is told to.
    #[must_use]
    pub fn new(hub: Arc<Hub>, bezorger: Arc<dyn Bezorger>, ruimte: Ruimte) -> Self {
        Self { hub, bezorger, vakken: Arc::new(Vakken::new(ruimte)) }
    }

    /// What changes how much it brings at a time.
    #[must_use]
    pub fn knop(&self) -> Ruimteknop {
        Ruimteknop(Arc::clone(&self.vakken))
    }

    /// What is brought to one recipient.
    #[must_use]
    pub fn lijn(&self, ontvanger: Oin) -> Bezorglijn {
        let (hub, bezorger) = (Arc::clone(&self.hub), Arc::clone(&self.bezorger));
        Bezorglijn::new(hub, bezorger, Arc::clone(&self.vakken), ontvanger)
    }

    /// Works until `stopt` says so.
    pub async fn draaien(self, mut stopt: watch::Receiver<bool>) {
        let mut taken: JoinSet<()> = JoinSet::new();
        let mut lijnen: BTreeMap<Oin, AbortHandle> = BTreeMap::new();
        // By a clock that is before the log what comes back with a delivery cannot be judged.
        while self.hub.klok_achter().is_some() {
            if tokio::time::timeout(HAPERT, stopt.wait_for(|s| *s)).await.is_ok() {
                return;
            }
        }
        loop {
            // Before the look: a change in between is not missed.
            let veranderd = self.hub.terugroepen.veranderd.notified();
            tokio::pin!(veranderd);
            veranderd.as_mut().enable();
            if let Err(fout) = self.hub.terugroepen.herladen(self.hub.store()).await {
                tracing::warn!(gebeurtenis = "terugroepen-niet-gelezen", code = %fout.code());
            }
            if let Err(fout) = wachtend::aanbieden(&self.hub).await {
                tracing::warn!(gebeurtenis = "wachtende-niet-aangeboden", code = %fout.code());
            }
            while taken.try_join_next().is_some() {}
            lijnen.retain(|_, taak| !taak.is_finished());
            for ontvanger in self.hub.terugroepen.ontvangers() {
                lijnen.entry(ontvanger).or_insert_with(|| {
                    let (lijn, hub) = (self.lijn(ontvanger), Arc::clone(&self.hub));
                    taken.spawn(brengen(hub, lijn, Arc::clone(&self.vakken), ontvanger, stopt.clone()))
                });
            }
            tokio::select! {
                biased;
                _ = stopt.wait_for(|s| *s) => break,
                () = veranderd => {}
                () = tokio::time::sleep(BOEK) => {}
            }
        }
        while taken.join_next().await.is_some() {}
    }
}

/// Brings to one recipient until it has no callback any more, or the process stops.
async fn brengen(hub: Arc<Hub>, mut lijn: Bezorglijn, vakken: Arc<Vakken>, ontvanger: Oin, mut stopt: watch::Receiver<bool>) {
    let mut luisteraar = hub.bus.luisteren_om_te_brengen(ontvanger);
    let mut plaats = None;
    while hub.terugroepen.van(ontvanger).is_some() {
        let ronde = if hub.bus.brengt(ontvanger) {
            lijn.ronde(plaats.take()).await
        } else {
            // Another process does. What this one has under way it ends; a place is not held meanwhile.
            plaats = None;
            Ok(Ronde::default())
        };
        let ronde = match ronde {
            Ok(ronde) => ronde,
            Err(fout) => {
                tracing::error!(gebeurtenis = "bezorgen-hapert", partner = %ontvanger, code = %fout.code());
                let gestopt = tokio::time::timeout(HAPERT, stopt.wait_for(|s| *s)).await.is_ok();
                if gestopt {
                    break;
                }
                continue;
            }
        };
        let vak = ronde.geen_ruimte.map(|(baan, kamer)| (baan, vakken.vak(baan, kamer).clone()));
        let mut geleerd = tokio::select! {
            biased;
            _ = stopt.wait_for(|s| *s) => break,
            Some(klaar) = lijn.klaar() => Some(klaar),
            gekregen = plaats_in(vak.as_ref()) => {
                plaats = gekregen;
                None
            }
            _ = luisteraar.wachten(rust(&ronde, hub.clock.now())) => None,
        };
        if lijn.druk() {
            tokio::time::sleep(SAMENKOMEN).await;
        }
        while let Some(klaar) = geleerd.take().or_else(|| lijn.al_klaar()) {
            if let Err(fout) = lijn.leren(klaar).await {
                tracing::error!(gebeurtenis = "bezorgen-hapert", partner = %ontvanger, code = %fout.code());
            }
        }
    }
    lijn.stoppen(AFRONDEN).await;
}

/// A place in a lane that had none, as soon as there is one; never where none was missed.
async fn plaats_in(vak: Option<&(Urgentie, Vak)>) -> Option<(Urgentie, OwnedSemaphorePermit)> {
    match vak {
        Some((baan, vak)) => vak.wachten().await.map(|plaats| (*baan, plaats)),
        None => std::future::pending().await,
    }
}

/// How long until the next round, unless something happens.
fn rust(ronde: &Ronde, nu: Tijdstip) -> Duration {
    let tot = ronde.weer_op.map(|op| Duration::try_from(op.since(nu)).unwrap_or_default());
    // A moment later: a lease that ends at that instant is not due before it.
    tot.map_or(KIJKEN, |tot| tot.saturating_add(Duration::from_millis(2)).min(KIJKEN))
}
