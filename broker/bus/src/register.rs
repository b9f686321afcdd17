//! Who listens in this process, by recipient. Memory is bounded by the number of listeners, whatever is offered.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inbreng_domain::Oin;
use tokio::sync::watch;

use crate::Luisteraar;

/// One counter per recipient that someone listens for, forgotten with the last listener.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// How often work was offered. A listener compares it with what it saw last, so an offer between two waits is seen.
    tellers: Mutex<HashMap<Oin, watch::Sender<u64>>>,
}

impl Register {
    fn tellers(&self) -> MutexGuard<'_, HashMap<Oin, watch::Sender<u64>>> {
        // A counter is whole between any two instructions: a panic elsewhere while the lock was held spoils nothing.
        self.tellers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes who listens for any of these.
    pub(crate) fn wekken(&self, ontvangers: &BTreeSet<Oin>) {
        let tellers = self.tellers();
        for teller in ontvangers.iter().filter_map(|o| tellers.get(o)) {
            teller.send_modify(|n| *n = n.wrapping_add(1));
        }
    }

    /// Wakes who listens for a recipient of which this holds.
    pub(crate) fn wekken_waar(&self, waar: impl Fn(Oin) -> bool) {
        for (_, teller) in self.tellers().iter().filter(|(oin, _)| waar(**oin)) {
            teller.send_modify(|n| *n = n.wrapping_add(1));
        }
    }

    /// Starts listening for one recipient.
    pub(crate) fn luisteren(self: &Arc<Self>, ontvanger: Oin) -> Box<dyn Luisteraar> {
        let gezien = self.tellers().entry(ontvanger).or_insert_with(|| watch::Sender::new(0)).subscribe();
        Box::new(Aanmelding { register: Arc::clone(self), ontvanger, gezien: Some(gezien) })
    }

    /// For how many recipients someone listens now.
    pub(crate) fn ontvangers(&self) -> usize {
        self.tellers().len()
    }
}

#[derive(Debug)]
struct Aanmelding {
    register: Arc<Register>,
    ontvanger: Oin,
    /// Taken only by `drop`.
    gezien: Option<watch::Receiver<u64>>,
}

#[async_trait]
impl Luisteraar for Aanmelding {
    async fn wachten(&mut self, hoogstens: Duration) -> bool {
        let Some(gezien) = &mut self.gezien else { return false };
        matches!(tokio::time::timeout(hoogstens, gezien.changed()).await, Ok(Ok(())))
    }
}

impl Drop for Aanmelding {
    fn drop(&mut self) {
        let mut tellers = self.register.tellers();
        // Given back under the lock: of two listeners that end together, the second sees that it is the last.
        self.gezien = None;
        if tellers.get(&self.ontvanger).is_some_and(|t| t.receiver_count() == 0) {
            tellers.remove(&self.ontvanger);
        }
    }
}
