//! Where writes wait for the writer: what is acute in a row of its own, which is served first, so that no flood of the rest holds it up.
//!
//! Each row is bounded. Nothing starves: how much acute a partner may send, and how many tokens it may ask, is bounded too, and is far
//! below what the writer can do.

use std::time::Duration;

use inbreng_storage::{StoreError, StoreResult};
use tokio::sync::mpsc::{self, Permit, Receiver, Sender, error::TrySendError};

use super::opdracht::{Opdracht, Werk};

/// How many writes may wait in each row; who comes later waits a while to be let in.
pub(crate) const WACHTRIJ: usize = 1024;

/// Both rows, for who puts a write in one.
#[derive(Debug)]
pub(super) struct Ingang {
    acuut: Sender<Opdracht>,
    gewoon: Sender<Opdracht>,
}

/// Both rows, for the writer.
#[derive(Debug)]
pub(super) struct Wachtrij {
    acuut: Receiver<Opdracht>,
    gewoon: Receiver<Opdracht>,
}

/// Two empty rows.
pub(super) fn wachtrij() -> (Ingang, Wachtrij) {
    let ((acuut, acuut_uit), (gewoon, gewoon_uit)) = (mpsc::channel(WACHTRIJ), mpsc::channel(WACHTRIJ));
    (Ingang { acuut, gewoon }, Wachtrij { acuut: acuut_uit, gewoon: gewoon_uit })
}

impl Ingang {
    /// A place behind the writes that wait in its row.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is none within this time, or the writer has stopped.
    pub(super) async fn plaats(&self, werk: &Werk, geduld: Duration) -> StoreResult<Permit<'_, Opdracht>> {
        let rij = if werk.is_acuut() { &self.acuut } else { &self.gewoon };
        match rij.try_reserve() {
            Ok(plaats) => Ok(plaats),
            Err(TrySendError::Closed(())) => Err(weg()),
            Err(TrySendError::Full(())) => match tokio::time::timeout(geduld, rij.reserve()).await {
                Ok(plaats) => plaats.map_err(|_| weg()),
                Err(_) => Err(StoreError::Unavailable("more writes wait than the store can do".into())),
            },
        }
    }
}

/// The writer has stopped.
pub(super) fn weg() -> StoreError {
    StoreError::Unavailable("store is closed".into())
}

impl Wachtrij {
    /// The next write, as soon as there is one; none when both rows are closed and empty. To be given up at any moment.
    pub(super) async fn recv(&mut self) -> Option<Opdracht> {
        tokio::select! {
            biased;
            Some(opdracht) = self.acuut.recv() => Some(opdracht),
            Some(opdracht) = self.gewoon.recv() => Some(opdracht),
            else => None,
        }
    }

    /// The next write, if there is one now.
    pub(super) fn try_recv(&mut self) -> Option<Opdracht> {
        self.acuut.try_recv().or_else(|_| self.gewoon.try_recv()).ok()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.acuut.len() + self.gewoon.len()
    }

    /// Takes no more; what waits is still there.
    pub(super) fn close(&mut self) {
        self.acuut.close();
        self.gewoon.close();
    }
}
