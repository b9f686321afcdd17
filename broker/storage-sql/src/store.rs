//! The store: a writer that commits what waits together, and readers that see a snapshot and block nobody.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use inbreng_domain::{Clock, Oin, Tijdstip};
use inbreng_storage::{StoreError, StoreResult, Tokens};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::{
    herzien::NietsGevonden,
    kast::Kast,
    logstand::Logstand,
    opdracht::{Opdracht, Uitslag, Werk},
    postgres::{Plaats, Toegang},
    schrijver::{Bron, Schrijver},
    verbinding::{Lezers, Verbinding},
    wachtrij::{Ingang, wachtrij, weg},
};

/// How long a write waits for its place behind the others. Longer, and more come in than go out: who asks is told so, before
/// memory grows.
pub(crate) const INLATEN: Duration = Duration::from_secs(5);

/// A store in a database. Cheap to share in an `Arc`; when the last handle goes, the writer finishes what waits.
#[derive(Debug)]
pub struct SqlStore {
    schrijver: Ingang,
    pub(super) lezers: Lezers,
    /// Of a database on a server.
    toegang: Option<Arc<Toegang>>,
    /// Looks into mailboxes at a time: one fewer than there are readers. They read much, and what an acute message asks shall not wait for them.
    pub(super) kijken: Semaphore,
    pub(super) kast: Arc<Kast>,
    pub(super) log: Arc<Logstand>,
    /// By recipient the state of facts and policy at which nothing waited to be decided again.
    niets_te_herzien: Mutex<HashMap<Oin, NietsGevonden>>,
}

impl SqlStore {
    /// Starts the writer.
    pub(super) fn nieuw(clock: Arc<dyn Clock>, bron: Bron, verbinding: Verbinding, lezers: Lezers, kast: Arc<Kast>) -> Self {
        let (schrijver, wachtrij) = wachtrij();
        let log = Arc::new(Logstand::default());
        let toegang = match &bron {
            Bron::Sqlite { .. } => None,
            Bron::Postgres { toegang } => Some(Arc::clone(toegang)),
        };
        let gedeeld = (Arc::clone(&kast), Arc::clone(&log));
        tokio::spawn(Schrijver::nieuw(clock, bron, verbinding, wachtrij, gedeeld).werken());
        let kijken = Semaphore::new(lezers.aantal().saturating_sub(1).max(1));
        Self { schrijver, lezers, toegang, kijken, kast, log, niets_te_herzien: Mutex::default() }
    }

    /// From now on connections to the database are made as this says: with another password, or by another root. Those that there are
    /// stay. It must be the database that was opened; of a file it changes nothing.
    pub fn toegang_vernieuwen(&self, plaats: &Plaats) {
        if let (Some(toegang), Lezers::Postgres(lezers)) = (&self.toegang, &self.lezers) {
            toegang.vernieuwen(plaats, lezers);
        }
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

    /// A place among the looks into mailboxes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is none for as long as a write would wait.
    pub(super) async fn kijkplaats(&self) -> StoreResult<SemaphorePermit<'_>> {
        let plaats = tokio::time::timeout(INLATEN, self.kijken.acquire()).await;
        let vol = || StoreError::Unavailable("more look into their mailbox than the store can do".into());
        plaats.map_err(|_| vol())?.map_err(|_| weg())
    }

    /// Hands a write to the writer and waits until it is durable.
    pub(super) async fn schrijf(&self, werk: Werk) -> StoreResult<Uitslag> {
        let (antwoord, uitslag) = oneshot::channel();
        let geduld = if matches!(werk, Werk::Sluiten) { Duration::MAX } else { INLATEN };
        self.schrijver.plaats(&werk, geduld).await?.send(Opdracht { werk, antwoord });
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
