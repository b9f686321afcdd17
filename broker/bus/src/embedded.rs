//! The bus inside one process: a wake-up per recipient. The work itself stands in the store, so nothing is queued here.

use std::sync::Arc;

use async_trait::async_trait;
use inbreng_domain::Oin;

use crate::{Bus, BusError, Luisteraar, Werk, register::Register};

/// A bus for one process.
///
/// It remembers one counter per recipient that someone listens for, and forgets it with the last listener: memory is
/// bounded by the number of open long polls, whatever is offered.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedBus {
    register: Arc<Register>,
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
        self.register.ontvangers()
    }
}

#[async_trait]
impl Bus for EmbeddedBus {
    async fn aanbieden(&self, werk: &[Werk]) -> Result<(), BusError> {
        self.register.wekken(&werk.iter().map(|w| w.ontvanger).collect());
        Ok(())
    }

    fn luisteren(&self, ontvanger: Oin) -> Box<dyn Luisteraar> {
        self.register.luisteren(ontvanger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::bus_contract!(crate::contract::een(EmbeddedBus::new()));

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
