//! How much is brought at a time: per recipient, per lane and in all, in deliveries and in bytes. What failed last has room of
//! its own, so that recipients that hang, however many, take none of the others'.

use std::sync::Arc;

use inbreng_domain::vocabulary::Urgentie;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruimte {
    /// Deliveries under way for one recipient, in each lane.
    pub per_ontvanger: u32,
    /// Deliveries under way in each lane, of all recipients that did not fail last.
    pub gezond: u32,
    /// Deliveries under way in each lane, of all that did.
    pub haperend: u32,
    /// MiB under way, in each lane, of either; of one recipient a quarter of it.
    pub mebibytes: u32,
}

impl Default for Ruimte {
    fn default() -> Self {
        Self { per_ontvanger: 16, gezond: 256, haperend: 16, mebibytes: 32 }
    }
}

/// Room for bytes.
#[derive(Debug, Clone)]
pub(super) struct Bytes {
    kibibytes: Arc<Semaphore>,
    meeste: u32,
}

impl Bytes {
    fn new(meeste: u32) -> Self {
        Self { kibibytes: semafoor(meeste), meeste: meeste.max(1) }
    }

    /// What one recipient may have under way in a lane: a quarter of the lane, so that one that hangs leaves the others room.
    pub(super) fn van_een(ruimte: Ruimte) -> Self {
        Self::new(ruimte.mebibytes.max(1).saturating_mul(1024) / 4)
    }

    /// Room for so many bytes, as soon as there is. What is larger than all takes all.
    pub(super) async fn nemen(&self, omvang: u64) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(omvang.div_ceil(1024)).unwrap_or(u32::MAX).clamp(1, self.meeste);
        Arc::clone(&self.kibibytes).acquire_many_owned(kibibytes).await.ok()
    }
}

fn semafoor(n: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(n.max(1)).unwrap_or(1)))
}

/// One lane, of recipients of one kind.
#[derive(Debug, Clone)]
pub(super) struct Vak {
    plaatsen: Arc<Semaphore>,
    /// Of all of them.
    pub(super) bytes: Bytes,
}

impl Vak {
    fn new(plaatsen: u32, mebibytes: u32) -> Self {
        Self { plaatsen: semafoor(plaatsen), bytes: Bytes::new(mebibytes.max(1).saturating_mul(1024)) }
    }

    /// A place, if there is one now.
    pub(super) fn plaats(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen).try_acquire_owned().ok()
    }

    /// A place, as soon as there is one: who asked first gets it first.
    pub(super) async fn wachten(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.plaatsen).acquire_owned().await.ok()
    }
}

/// All room of this process.
#[derive(Debug)]
pub(super) struct Vakken {
    gezond: [Vak; 2],
    haperend: [Vak; 2],
}

impl Vakken {
    pub(super) fn new(ruimte: Ruimte) -> Self {
        let twee = |plaatsen: u32| [Vak::new(plaatsen, ruimte.mebibytes), Vak::new(plaatsen, ruimte.mebibytes)];
        Self { gezond: twee(ruimte.gezond), haperend: twee(ruimte.haperend) }
    }

    pub(super) const fn vak(&self, baan: Urgentie, haperend: bool) -> &Vak {
        let [acuut, normaal] = if haperend { &self.haperend } else { &self.gezond };
        match baan {
            Urgentie::Acuut => acuut,
            Urgentie::Normaal => normaal,
        }
    }
}
