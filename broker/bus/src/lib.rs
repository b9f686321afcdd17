//! The bus carries delivery work between who accepts and who delivers. The truth about a delivery is always the store;
//! what the bus loses is found there.
#![warn(missing_docs)]

pub mod amqp;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod embedded;
mod register;

use std::time::Duration;

use async_trait::async_trait;
use inbreng_domain::{LeveringId, Oin, vocabulary::Urgentie};

/// A delivery that waits for its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Werk {
    /// To whom.
    pub ontvanger: Oin,
    /// Which delivery.
    pub levering: LeveringId,
    /// In which lane.
    pub baan: Urgentie,
}

/// Why the bus did not take work. The store still holds it.
#[derive(Debug, thiserror::Error)]
#[error("bus unavailable")]
pub struct BusError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Carries work.
#[async_trait]
pub trait Bus: Send + Sync + std::fmt::Debug {
    /// Offers work; returns at once. It waits for no network: who accepts a message does not wait for a broker.
    async fn aanbieden(&self, werk: &[Werk]) -> Result<(), BusError>;
    /// Starts listening for work of one recipient, in every process. Take the listener before looking in the store: nothing
    /// offered after this call is missed.
    fn luisteren(&self, ontvanger: Oin) -> Box<dyn Luisteraar>;

    /// Starts listening as who would bring this recipient's work: is woken by work where [`Self::brengt`] holds, and when that
    /// changes.
    fn luisteren_om_te_brengen(&self, ontvanger: Oin) -> Box<dyn Luisteraar> {
        self.luisteren(ontvanger)
    }

    /// Whether this process brings to this recipient now. Of several processes one does; while they cannot reach each other
    /// each may, and the leases in the store keep them apart.
    fn brengt(&self, ontvanger: Oin) -> bool {
        let _anyone = ontvanger;
        true
    }

    /// How it stands with other processes; `None` of a bus inside one.
    fn stand(&self) -> Option<Busstand> {
        None
    }
}

/// How it stands with a bus between processes. Counts are of this process since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Busstand {
    /// Whether the broker is reached, both to offer and to take.
    pub verbonden: bool,
    /// How many shards there are.
    pub aandelen: u16,
    /// Of how many of them this process brings the work.
    pub aandelen_hier: u16,
    /// Offered and not confirmed yet; at most two for each recipient.
    pub onbevestigd: u64,
    /// What came of what was offered.
    pub tellers: Bustellers,
}

/// What came of what was offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bustellers {
    /// Confirmed by the broker.
    pub bevestigd: u64,
    /// Returned: there was no queue for it, although it was confirmed.
    pub teruggekomen: u64,
    /// Not taken by the broker.
    pub geweigerd: u64,
    /// Not confirmed in time, or its connection was lost.
    pub verlopen: u64,
    /// How often a connection was made.
    pub verbindingen: u64,
    /// Taken from a queue and not understood: a dead letter of the broker.
    pub onleesbaar: u64,
}

/// Listens for work of one recipient.
#[async_trait]
pub trait Luisteraar: Send {
    /// Waits until work was offered since the last call (true), or the time is over (false).
    async fn wachten(&mut self, hoogstens: Duration) -> bool;
}
