//! How far the log was seen to be. A log only grows: one that is shorter belongs to a database that was put back under a hub that ran
//! on, and what came after the copy, a recall among it, would be undone unseen. Such a process writes and gives out nothing any more.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use inbreng_storage::{StoreError, StoreResult};

/// Why a process has closed.
#[derive(Debug, thiserror::Error)]
#[error("the log is shorter than it was: the database was put back under a running hub")]
struct Teruggezet;

/// What this process saw.
#[derive(Debug, Default)]
pub(super) struct Logstand {
    bladen: AtomicI64,
    terug: AtomicBool,
}

impl Logstand {
    /// How many leaves were seen. To be asked before the reading that is judged by it.
    pub(super) fn gezien(&self) -> i64 {
        self.bladen.load(Ordering::Acquire)
    }

    /// Judges a reading. Who has closed stays closed, also when the log is longer again.
    pub(super) fn toetsen(&self, gezien: i64, bladen: i64) -> StoreResult<()> {
        if bladen < gezien && !self.terug.swap(true, Ordering::AcqRel) {
            tracing::error!(
                gebeurtenis = "opslag-teruggezet",
                "the database was put back under a running hub: stop all hubs, run `inbreng restore`, and start them again"
            );
        }
        if self.terug.load(Ordering::Acquire) {
            return Err(StoreError::Unavailable(Box::new(Teruggezet)));
        }
        self.bladen.fetch_max(bladen, Ordering::AcqRel);
        Ok(())
    }
}
