//! Looking back: leaves of some kinds, and whether something was sent.

use async_trait::async_trait;
use inbreng_domain::{DeelId, Oin, Tijdstip};

use crate::{Blad, StoreResult};

/// A part for a recipient, by its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zending {
    /// Who brought it in.
    pub eigenaar: Oin,
    /// The part.
    pub deel: DeelId,
    /// For whom.
    pub ontvanger: Oin,
}

/// The kinds of leaf that say that a hub was put back from a copy, who has sent again what that copy cannot have, and since when it
/// gives out again.
pub const HERSTELBLADEN: [&str; 3] = ["herstel", "nazending", "heropening"];

/// What accountability asks of a store afterwards.
#[async_trait]
pub trait Naslag: Send + Sync {
    /// Leaves of these kinds from `vanaf`, in order, at most `hoogstens`.
    async fn bladen_van(&self, soorten: &[&str], vanaf: u64, hoogstens: u32) -> StoreResult<Vec<Blad>>;
    /// The leaves of [`HERSTELBLADEN`], in order: a few, of a log that may be long.
    async fn herstelbladen(&self) -> StoreResult<Vec<Blad>> {
        self.bladen_van(&HERSTELBLADEN, 0, u32::MAX).await
    }
    /// For each of these, in order, when a message with that part was first accepted in which its delivery to that recipient was
    /// decided on; `None` where there is none.
    async fn verzonden(&self, zendingen: &[Zending]) -> StoreResult<Vec<Option<Tijdstip>>>;
}
