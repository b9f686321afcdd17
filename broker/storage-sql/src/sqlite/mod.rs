//! The store on SQLite: one file, one writer, a few readers.
//!
//! Every write goes through one task that commits what waits together (group commit): a caller is answered when its write
//! is on the disk, and whoever stops waiting leaves a write that is whole. Readers see a snapshot and block nobody.

mod aannemen;
mod aanvullen;
mod berichten;
mod bezorgen;
mod bladwijzer;
mod bundels;
mod fout;
mod gidsen;
mod herzien;
mod hop;
mod knopen;
pub mod kopie;
mod leveringen;
mod logboek;
mod naslag;
mod opdracht;
mod openen;
mod opzoeken;
mod partijen;
mod plichten;
mod rij;
mod rijen;
mod schrijver;
mod sql;
mod stapel;
mod versies;
mod woord;
mod wraps;
mod zaken;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use inbreng_domain::{Clock, Oin, Tijdstip};
use inbreng_storage::{StoreError, StoreResult, Tokens};
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use herzien::NietsGevonden;
use opdracht::{Opdracht, Uitslag, Werk};
pub use openen::{Grenzen, OpenFout};

/// A store in one SQLite file. Cheap to share in an `Arc`; when the last handle goes, the writer finishes what waits.
#[derive(Debug)]
pub struct SqliteStore {
    schrijver: mpsc::Sender<Opdracht>,
    lezers: SqlitePool,
    /// By recipient the state of facts and policy at which nothing waited to be decided again.
    niets_te_herzien: Mutex<HashMap<Oin, NietsGevonden>>,
}

impl SqliteStore {
    /// Opens the store in this file, made when it is not there, brought to the newest schema when it is older. Needs a
    /// running tokio runtime.
    ///
    /// # Errors
    /// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
    pub async fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<Self, OpenFout> {
        Self::open_met(path, clock, Grenzen::default()).await
    }

    /// As [`Self::open`], with limits of one's own.
    ///
    /// # Errors
    /// [`OpenFout`] when the file cannot be opened, or was written by a newer version.
    pub async fn open_met(path: impl AsRef<Path>, clock: Arc<dyn Clock>, grenzen: Grenzen) -> Result<Self, OpenFout> {
        let (schrijver, wachtrij) = mpsc::channel(schrijver::WACHTRIJ);
        let (taak, lezers) = openen::openen(path.as_ref(), clock, grenzen, wachtrij).await?;
        tokio::spawn(taak.werken());
        Ok(Self { schrijver, lezers, niets_te_herzien: Mutex::default() })
    }

    /// Finishes what waits and closes the file; later writes are refused.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it was closed before.
    pub async fn sluiten(&self) -> StoreResult<()> {
        self.lezers.close().await;
        self.schrijf(Werk::Sluiten).await.map(drop)
    }

    fn niets_te_herzien(&self) -> MutexGuard<'_, HashMap<Oin, NietsGevonden>> {
        // Whole between any two instructions: a panic elsewhere while the lock was held spoils nothing.
        self.niets_te_herzien.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a write to the writer and waits until it is durable.
    async fn schrijf(&self, werk: Werk) -> StoreResult<Uitslag> {
        let (antwoord, uitslag) = oneshot::channel();
        let weg = || StoreError::Unavailable("store is closed".into());
        self.schrijver.send(Opdracht { werk, antwoord }).await.map_err(|_| weg())?;
        uitslag.await.map_err(|_| weg())?
    }
}

/// An answer of another kind than was asked: the writer is at fault.
const fn ander_antwoord() -> StoreError {
    StoreError::Corrupt { what: "writer's answer" }
}

#[async_trait]
impl Tokens for SqliteStore {
    async fn jti_gebruiken(&self, partner: Oin, jti: String, verloopt: Tijdstip, nu: Tijdstip) -> StoreResult<bool> {
        match self.schrijf(Werk::Jti { partner, jti, verloopt, nu }).await? {
            Uitslag::Jti(nieuw) => Ok(nieuw),
            _ => Err(ander_antwoord()),
        }
    }
}
