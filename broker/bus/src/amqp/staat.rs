//! What the two connections of one process share: who listens, which shards it has, what must still go out, what came of it.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use inbreng_domain::{Oin, Randomness};

use tokio::sync::broadcast;

use super::{Instellingen, Knoop, topologie::Topologie, uitbak::Uitbak};
use crate::{Busstand, Bustellers, register::Register};

/// How much of what others tell waits for who listens here.
const OMROEP: usize = 256;

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Richting {
    /// Offers.
    Uit,
    /// Takes.
    In,
}

/// Counters that only go up.
#[derive(Debug, Default)]
pub(super) struct Tellers {
    pub(super) bevestigd: AtomicU64,
    pub(super) teruggekomen: AtomicU64,
    pub(super) geweigerd: AtomicU64,
    pub(super) verlopen: AtomicU64,
    pub(super) verbindingen: AtomicU64,
    pub(super) onleesbaar: AtomicU64,
}

/// Counts one.
pub(super) fn tellen(teller: &AtomicU64) {
    teller.fetch_add(1, Ordering::Relaxed);
}

#[derive(Debug, Default)]
struct Verband {
    uit: bool,
    binnen: bool,
    /// Per shard, whether it is ours.
    hier: Vec<bool>,
}

impl Verband {
    fn brengt(&self, aandeel: u16) -> bool {
        !(self.uit && self.binnen) || self.hier.get(usize::from(aandeel)).copied().unwrap_or(false)
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct Staat {
    /// All but the nodes, which may change: [`Self::knopen`].
    pub(super) instellingen: Instellingen,
    knopen: Mutex<Arc<[Knoop]>>,
    pub(super) topologie: Topologie,
    pub(super) random: Arc<dyn Randomness>,
    /// This process, among those on the broker.
    pub(super) zelf: String,
    /// Who waits for a mailbox.
    pub(super) postvakken: Arc<Register>,
    /// Who would bring.
    pub(super) brengers: Arc<Register>,
    pub(super) uitbak: Uitbak,
    /// What other processes tell.
    pub(super) omroep: broadcast::Sender<Arc<[u8]>>,
    pub(super) tellers: Tellers,
    verband: Mutex<Verband>,
}

impl Staat {
    pub(super) fn new(instellingen: Instellingen, random: Arc<dyn Randomness>) -> Self {
        let mut willekeur = [0u8; 8];
        random.fill(&mut willekeur);
        let zelf = willekeur.iter().map(|b| format!("{b:02x}")).collect();
        let hier = vec![false; usize::from(instellingen.aandelen)];
        Self {
            topologie: Topologie::new(instellingen.naam.clone(), instellingen.aandelen),
            knopen: Mutex::new(instellingen.knopen.as_slice().into()),
            instellingen,
            random,
            zelf,
            postvakken: Arc::default(),
            brengers: Arc::default(),
            uitbak: Uitbak::default(),
            omroep: broadcast::Sender::new(OMROEP),
            tellers: Tellers::default(),
            verband: Mutex::new(Verband { hier, ..Verband::default() }),
        }
    }

    fn verband(&self) -> MutexGuard<'_, Verband> {
        // Whole between any two instructions: a panic elsewhere while the lock was held spoils nothing.
        self.verband.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the next connection is made.
    pub(super) fn knopen(&self) -> Arc<[Knoop]> {
        Arc::clone(&self.knopen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn knopen_vervangen(&self, knopen: &[Knoop]) {
        *self.knopen.lock().unwrap_or_else(PoisonError::into_inner) = knopen.into();
    }

    /// Whether both connections are there.
    pub(super) fn verbonden(&self) -> bool {
        let verband = self.verband();
        verband.uit && verband.binnen
    }

    /// Whether this process brings to a recipient.
    pub(super) fn brengt(&self, ontvanger: Oin) -> bool {
        self.verband().brengt(self.topologie.aandeel(ontvanger))
    }

    /// A connection came or went. Whoever listens looks again: signs may have passed meanwhile, and who brings may be another.
    pub(super) fn verbinding(&self, richting: Richting, er_is: bool) {
        {
            let mut verband = self.verband();
            match richting {
                Richting::Uit => verband.uit = er_is,
                Richting::In => {
                    verband.binnen = er_is;
                    verband.hier.fill(false);
                }
            }
        }
        if er_is {
            tellen(&self.tellers.verbindingen);
        }
        self.postvakken.wekken_waar(|_| true);
        self.brengers.wekken_waar(|_| true);
    }

    /// A shard is ours, or not any more. Whoever gets it looks at all that waits: what its last owner took and did not do is
    /// found in the store.
    pub(super) fn aandeel(&self, aandeel: u16, hier: bool) {
        let veranderd = match self.verband().hier.get_mut(usize::from(aandeel)) {
            Some(plek) => std::mem::replace(plek, hier) != hier,
            None => false,
        };
        if veranderd {
            self.brengers.wekken_waar(|oin| self.topologie.aandeel(oin) == aandeel);
        }
    }

    /// Which shards are ours.
    pub(super) fn aandelen_hier(&self) -> Vec<u16> {
        (0..).zip(&self.verband().hier).filter(|(_, hier)| **hier).map(|(n, _)| n).collect()
    }

    pub(super) fn stand(&self) -> Busstand {
        let Tellers { bevestigd, teruggekomen, geweigerd, verlopen, verbindingen, onleesbaar } = &self.tellers;
        let aantal = |teller: &AtomicU64| teller.load(Ordering::Relaxed);
        Busstand {
            verbonden: self.verbonden(),
            aandelen: self.instellingen.aandelen,
            aandelen_hier: u16::try_from(self.aandelen_hier().len()).unwrap_or(u16::MAX),
            onbevestigd: self.uitbak.onbevestigd(),
            tellers: Bustellers {
                bevestigd: aantal(bevestigd),
                teruggekomen: aantal(teruggekomen),
                geweigerd: aantal(geweigerd),
                verlopen: aantal(verlopen),
                verbindingen: aantal(verbindingen),
                onleesbaar: aantal(onleesbaar),
            },
        }
    }
}
