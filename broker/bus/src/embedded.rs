//! The bus inside one process: a wake-up per recipient. The work itself stands in the store, so nothing is queued here.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inbreng_domain::Oin;
use tokio::sync::watch;

use crate::{Bus, BusError, Luisteraar, Werk};

/// A bus for one process.
///
/// It remembers one counter per recipient that someone listens for, and forgets it with the last listener: memory is
/// bounded by the number of open long polls, whatever is offered.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedBus {
    register: Arc<Register>,
}

#[derive(Debug, Default)]
struct Register {
    /// How often work was offered. A listener compares it with what it saw last, so an offer between two waits is seen.
    tellers: Mutex<HashMap<Oin, watch::Sender<u64>>>,
}

impl Register {
    fn tellers(&self) -> MutexGuard<'_, HashMap<Oin, watch::Sender<u64>>> {
        // A counter is whole between any two instructions: a panic elsewhere while the lock was held spoils nothing.
        self.tellers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EmbeddedBus {
    /// A bus on which nobody listens yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For how many recipients someone listens now.
    #[must_use]
    pub fn ontvangers(&self) -> usize {
        self.register.tellers().len()
    }
}

#[async_trait]
impl Bus for EmbeddedBus {
    async fn aanbieden(&self, werk: &[Werk]) -> Result<(), BusError> {
        let ontvangers: BTreeSet<Oin> = werk.iter().map(|w| w.ontvanger).collect();
        let tellers = self.register.tellers();
        for teller in ontvangers.iter().filter_map(|o| tellers.get(o)) {
            teller.send_modify(|n| *n = n.wrapping_add(1));
        }
        Ok(())
    }

    fn luisteren(&self, ontvanger: Oin) -> Box<dyn Luisteraar> {
        let gezien = self.register.tellers().entry(ontvanger).or_insert_with(|| watch::Sender::new(0)).subscribe();
        Box::new(EmbeddedLuisteraar { register: Arc::clone(&self.register), ontvanger, gezien: Some(gezien) })
    }
}

#[derive(Debug)]
struct EmbeddedLuisteraar {
    register: Arc<Register>,
    ontvanger: Oin,
    /// Taken only by `drop`.
    gezien: Option<watch::Receiver<u64>>,
}

#[async_trait]
impl Luisteraar for EmbeddedLuisteraar {
    async fn wachten(&mut self, hoogstens: Duration) -> bool {
        let Some(gezien) = &mut self.gezien else { return false };
        matches!(tokio::time::timeout(hoogstens, gezien.changed()).await, Ok(Ok(())))
    }
}

impl Drop for EmbeddedLuisteraar {
    fn drop(&mut self) {
        let mut tellers = self.register.tellers();
        // Given back under the lock: of two listeners that end together, the second sees that it is the last.
        self.gezien = None;
        if tellers.get(&self.ontvanger).is_some_and(|t| t.receiver_count() == 0) {
            tellers.remove(&self.ontvanger);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::bus_contract!(EmbeddedBus::new());

    #[tokio::test]
    async fn what_nobody_listens_for_takes_no_memory() {
        let bus = EmbeddedBus::new();
        for n in 0..1000 {
            bus.aanbieden(&[crate::contract::werk(n)]).await.unwrap();
        }
        assert_eq!(bus.ontvangers(), 0);
        let luisteraars: Vec<_> = (0..50).map(|n| bus.luisteren(crate::contract::ontvanger(n % 5))).collect();
        assert_eq!(bus.ontvangers(), 5);
        drop(luisteraars);
        assert_eq!(bus.ontvangers(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn listeners_that_end_together_leave_nothing_behind() {
        let bus = EmbeddedBus::new();
        let mut taken = tokio::task::JoinSet::new();
        for n in 0..64 {
            let bus = bus.clone();
            taken.spawn(async move {
                for _ in 0..50 {
                    drop(bus.luisteren(crate::contract::ontvanger(n % 3)));
                }
            });
        }
        taken.join_all().await;
        assert_eq!(bus.ontvangers(), 0);
    }
}
