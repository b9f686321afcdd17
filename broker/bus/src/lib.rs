//! The bus carries delivery work between who accepts and who delivers. The truth about a delivery is always the store;
//! what the bus loses is found there.
#![warn(missing_docs)]

#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod embedded;

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
    /// Offers work; returns when the bus has it.
    async fn aanbieden(&self, werk: &[Werk]) -> Result<(), BusError>;
    /// Starts listening for work of one recipient. Take the listener before looking in the store: nothing offered after
    /// this call is missed.
    fn luisteren(&self, ontvanger: Oin) -> Box<dyn Luisteraar>;
}

/// Listens for work of one recipient.
#[async_trait]
pub trait Luisteraar: Send {
    /// Waits until work was offered since the last call (true), or the time is over (false).
    async fn wachten(&mut self, hoogstens: Duration) -> bool;
}
