//! The key store: erasure keys, apart from the store whose wraps they seal, and never in a copy of it.
//!
//! Every wrap at rest is sealed under a key whose place stands beside it. Destroying the key makes it unreadable everywhere, also
//! in whatever copy of the store someone has. Keys are made durable ahead of their use, so that a write needs one flush as before.
//! What leaves the store leaves the places of its keys in `vernietigen`, by triggers and in the same transaction; the writer
//! destroys them soon after, and after a kill when the store is opened again.

mod bestand;
mod inhalen;
mod verloren;
mod wissleutel;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use inbreng_storage::{NieuweWrap, StoreError, StoreResult};
use serde_json::json;

use self::bestand::Bestand;
pub use self::verloren::{sleutels_verloren, sleutels_verloren_van};
pub(crate) use self::wissleutel::Wissleutel;
use super::{
    rij::Lezen,
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, vraag},
    wraps::bij_inhoud,
};

/// Keys that are written together, ahead of their use.
pub(crate) const BLOK: u16 = 1024;
/// How many are destroyed together at most.
const SAMEN: i64 = 4096;

/// Where a store has its erasure keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kastplaats {
    /// Nowhere: nothing is opened, and nothing that has a wrap is accepted. For who reads what needs no key.
    Geen,
    /// In this file, made where the store has none yet.
    Bestand(PathBuf),
}

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Kastfout {
    /// The file cannot be made, read or written.
    #[error("key store {} cannot be used", pad.display())]
    Bestand {
        /// Which.
        pad: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is a file of another kind.
    #[error("{} is no key store", .0.display())]
    Vreemd(PathBuf),
    /// The store has keys, and they are not there.
    #[error("the key store is not there, or is another than the one that this store was sealed with")]
    Weg,
    /// Of a time before the store: keys that were destroyed since could be in it.
    #[error("the key store is older than the store: it was put back from a copy")]
    Ouder,
    /// No room for more keys.
    #[error("the key store has no places left")]
    Vol,
    /// The store was opened without its keys.
    #[error("the store was opened without its key store")]
    Geen,
    /// The task that reads or writes it is gone.
    #[error("the key store did not answer")]
    Afgebroken,
}

impl From<Kastfout> for StoreError {
    fn from(fout: Kastfout) -> Self {
        Self::Unavailable(Box::new(fout))
    }
}

/// How far a key store is, as the store itself remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kaststand {
    /// Which key store.
    pub(crate) reeks: u32,
    /// So many places are in use, or more.
    pub(crate) hoogste: u64,
    /// So often keys were destroyed in it, or more often.
    pub(crate) vernietigd: u64,
}

impl Kaststand {
    /// What a place says.
    fn van_plaats(plaats: i64) -> Option<Self> {
        let plaats = u64::try_from(plaats).ok()?;
        Some(Self { reeks: u32::try_from(plaats >> 32).ok()?, hoogste: plaats & u64::from(u32::MAX), vernietigd: 0 })
    }

    /// At the opening of a store.
    async fn lezen(verbinding: &mut Verbinding) -> Result<Option<Self>, Stapelfout> {
        let Some(rij) = vraag(sql::KAST).fetch_optional(verbinding).await? else { return Ok(None) };
        let reeks = u32::try_from(rij.getal("reeks")?).map_err(|_| StoreError::Corrupt { what: "kast.reeks" })?;
        Ok(Some(Self { reeks, hoogste: rij.aantal("hoogste")?, vernietigd: rij.aantal("vernietigd")? }))
    }
}

#[derive(Debug)]
enum Soort {
    Geen,
    Bestand(Arc<Bestand>),
}

/// The keys of a store.
#[derive(Debug)]
pub(crate) struct Kast {
    soort: Soort,
    /// Durable, and given to nothing yet.
    voorraad: Mutex<Vec<Wissleutel>>,
    vullen: tokio::sync::Mutex<()>,
}

impl Kast {
    /// Opens it for the store behind this connection.
    pub(crate) async fn openen(plaats: &Kastplaats, verbinding: &mut Verbinding) -> Result<Arc<Self>, super::OpenFout> {
        let soort = match plaats {
            Kastplaats::Geen => Soort::Geen,
            Kastplaats::Bestand(pad) => {
                let stand = Kaststand::lezen(verbinding).await.map_err(super::OpenFout::inhalen)?;
                Soort::Bestand(Arc::new(Bestand::openen(pad, stand)?))
            }
        };
        let kast = Arc::new(Self { soort, voorraad: Mutex::default(), vullen: tokio::sync::Mutex::default() });
        kast.inhalen(verbinding).await.map_err(super::OpenFout::inhalen)?;
        Ok(kast)
    }

    const fn is_er(&self) -> bool {
        !matches!(self.soort, Soort::Geen)
    }

    fn voorraad(&self) -> MutexGuard<'_, Vec<Wissleutel>> {
        // Whole between any two instructions.
        self.voorraad.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many keys of which no two were given out before, each durable.
    pub(crate) async fn nemen(self: &Arc<Self>, aantal: usize) -> Result<Vec<Wissleutel>, Kastfout> {
        loop {
            {
                let mut voorraad = self.voorraad();
                if let Some(vanaf) = voorraad.len().checked_sub(aantal) {
                    let genomen = voorraad.split_off(vanaf);
                    let genoeg = usize::from(BLOK / 2);
                    if vanaf < genoeg && aantal > 0 {
                        let kast = Arc::clone(self);
                        // Where it fails, whoever finds none is told.
                        tokio::spawn(async move { kast.bijvullen(genoeg).await });
                    }
                    return Ok(genomen);
                }
            }
            self.bijvullen(aantal).await?;
        }
    }

    /// Adds a block, unless there is enough already.
    async fn bijvullen(&self, nodig: usize) -> Result<(), Kastfout> {
        let _een_tegelijk = self.vullen.lock().await;
        if self.voorraad().len() >= nodig {
            return Ok(());
        }
        let blok = self.bij_bestand(Bestand::blok).await?;
        // What was there already goes first.
        let mut voorraad = self.voorraad();
        let eerder = std::mem::replace(&mut *voorraad, blok);
        voorraad.extend(eerder);
        Ok(())
    }

    /// Runs what may wait for the disk where it may wait.
    async fn bij_bestand<T: Send + 'static>(
        &self,
        doen: impl FnOnce(&Bestand) -> Result<T, Kastfout> + Send + 'static,
    ) -> Result<T, Kastfout> {
        match &self.soort {
            Soort::Geen => Err(Kastfout::Geen),
            Soort::Bestand(bestand) => {
                let bestand = Arc::clone(bestand);
                tokio::task::spawn_blocking(move || doen(&bestand)).await.map_err(|_| Kastfout::Afgebroken)?
            }
        }
    }

    /// The keys of these places by place; a destroyed one is not among them.
    pub(crate) async fn lezen(&self, mut plaatsen: Vec<i64>) -> Result<HashMap<i64, Wissleutel>, Kastfout> {
        if plaatsen.is_empty() {
            return Ok(HashMap::new());
        }
        plaatsen.sort_unstable();
        plaatsen.dedup();
        let gevonden = self.bij_bestand(move |bestand| bestand.lezen(&plaatsen)).await?;
        Ok(gevonden.into_iter().map(|sleutel| (sleutel.plaats, sleutel)).collect())
    }

    /// Destroys the keys of what has left the store; false where that must wait.
    pub(crate) async fn opruimen(&self, verbinding: &mut Verbinding) -> Result<bool, Stapelfout> {
        if !self.is_er() {
            return Ok(true);
        }
        loop {
            let rijen = vraag(sql::TE_VERNIETIGEN).bind(SAMEN).fetch_all(&mut *verbinding).await?;
            let plaatsen = rijen.iter().map(|rij| rij.getal("sleutel")).collect::<Result<Vec<_>, _>>()?;
            if plaatsen.is_empty() {
                return Ok(true);
            }
            let gedaan = json!(plaatsen).to_string();
            let keren = match self.bij_bestand(move |bestand| bestand.vernietigen(&plaatsen)).await {
                Ok(keren) => i64::try_from(keren).unwrap_or(i64::MAX),
                Err(oorzaak) => {
                    tracing::error!(%oorzaak, "keys of what has left could not be destroyed; tried again later");
                    return Ok(false);
                }
            };
            vraag(sql::KAST_VERNIETIGD).bind(keren).execute(&mut *verbinding).await?;
            vraag(sql::VERNIETIGD).bind(gedaan).execute(&mut *verbinding).await?;
        }
    }

    /// Has the store remember how far its key store is, up to the end of the block of this place.
    pub(crate) async fn onthouden(verbinding: &mut Verbinding, plaats: i64) -> Result<i64, sqlx::Error> {
        let einde = plaats | (i64::from(BLOK) - 1);
        vraag(sql::KAST_BIJWERKEN).bind(einde >> 32).bind((einde & i64::from(u32::MAX)) + 1).execute(verbinding).await?;
        Ok(einde)
    }
}

/// The keys under which the wraps of one write are sealed: those that stand with a content share one, each other has its own.
fn verdelen(wraps: &[NieuweWrap]) -> (Vec<usize>, usize) {
    let mut van_deel = HashMap::new();
    let mut aantal = 0;
    let mut nieuw = || {
        aantal += 1;
        aantal - 1
    };
    let welke = wraps.iter().map(|w| if bij_inhoud(w) { *van_deel.entry(w.deel).or_insert_with(&mut nieuw) } else { nieuw() });
    (welke.collect(), aantal)
}

impl Kast {
    /// Seals the wraps of one write, in place; gives the place of the key of each.
    pub(crate) async fn verzegelen(self: &Arc<Self>, wraps: &mut [NieuweWrap]) -> StoreResult<Vec<i64>> {
        let (welke, aantal) = verdelen(wraps);
        let sleutels = self.nemen(aantal).await?;
        let mut plaatsen = Vec::with_capacity(wraps.len());
        for (wrap, nr) in wraps.iter_mut().zip(welke) {
            let sleutel = sleutels.get(nr).ok_or(StoreError::Conflict { what: "a wrap without a key" })?;
            wrap.wrap = sleutel.verzegelen(wrap.deel, wrap.ontvanger, &wrap.wrap)?;
            plaatsen.push(sleutel.plaats);
        }
        Ok(plaatsen)
    }
}
