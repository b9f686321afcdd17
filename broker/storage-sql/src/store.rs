//! The store: a writer that commits what waits together, and readers that see a snapshot and block nobody.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use inbreng_domain::{Oin, Tijdstip};
use inbreng_storage::{StoreError, StoreResult, Tokens};
use tokio::sync::{mpsc, oneshot};

use super::{
    herzien::NietsGevonden,
    opdracht::{Opdracht, Uitslag, Werk},
    schrijver::{self, Schrijver},
    verbinding::Lezers,
};

/// A store in a database. Cheap to share in an `Arc`; when the last handle goes, the writer finishes what waits.
#[derive(Debug)]
pub struct SqlStore {
    schrijver: mpsc::Sender<Opdracht>,
    pub(super) lezers: Lezers,
    /// By recipient the state of facts and policy at which nothing waited to be decided again.
    niets_te_herzien: Mutex<HashMap<Oin, NietsGevonden>>,
}

impl SqlStore {
    /// Starts the writer.
    pub(super) fn nieuw(maak: impl FnOnce(mpsc::Receiver<Opdracht>) -> Schrijver, lezers: Lezers) -> Self {
        let (schrijver, wachtrij) = mpsc::channel(schrijver::WACHTRIJ);
        tokio::spawn(maak(wachtrij).werken());
        Self { schrijver, lezers, niets_te_herzien: Mutex::default() }
    }

    /// Finishes what waits and closes the database; later writes are refused.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it was closed before.
    pub async fn sluiten(&self) -> StoreResult<()> {
        self.lezers.close().await;
        self.schrijf(Werk::Sluiten).await.map(drop)
    }

    pub(super) fn niets_te_herzien(&self) -> MutexGuard<'_, HashMap<Oin, NietsGevonden>> {
        // Whole between any two instructions: a panic elsewhere while the lock was held spoils nothing.
        self.niets_te_herzien.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a write to the writer and waits until it is durable.
    pub(super) async fn schrijf(&self, werk: Werk) -> StoreResult<Uitslag> {
        let (antwoord, uitslag) = oneshot::channel();
        let weg = || StoreError::Unavailable("store is closed".into());
        self.schrijver.send(Opdracht { werk, antwoord }).await.map_err(|_| weg())?;
        uitslag.await.map_err(|_| weg())?
    }
}

/// An answer of another kind than was asked: the writer is at fault.
pub(super) const fn ander_antwoord() -> StoreError {
    StoreError::Corrupt { what: "writer's answer" }
}

#[async_trait]
impl Tokens for SqlStore {
    async fn jti_gebruiken(&self, partner: Oin, jti: String, verloopt: Tijdstip, nu: Tijdstip) -> StoreResult<bool> {
        match self.schrijf(Werk::Jti { partner, jti, verloopt, nu }).await? {
            Uitslag::Jti(nieuw) => Ok(nieuw),
            _ => Err(ander_antwoord()),
        }
    }
}
