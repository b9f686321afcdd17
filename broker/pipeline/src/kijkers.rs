//! Looks into mailboxes under way. One reads up to 16 MiB from the store, and acute messages read there too; so an organisation has a few at a
//! time, and the others of it wait their turn. Who waits for a delivery looks at nothing meanwhile, and is not counted.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use inbreng_domain::{Oin, problem::ProblemCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Fout;

/// Looks of one organisation at a time: an adapter of two processes has one for each.
const TEGELIJK: usize = 2;
/// How long one waits for its turn; longer, and the organisation asks more than it can be given.
const GEDULD: Duration = Duration::from_secs(5);

/// The looks of every organisation. Only who is in the directory comes here, so there are no more of these than of partners.
#[derive(Debug, Default)]
pub(crate) struct Kijkers(Mutex<HashMap<Oin, Arc<Semaphore>>>);

impl Kijkers {
    /// A place to look from, until it is dropped.
    ///
    /// # Errors
    /// `te-vaak` where those of the same organisation keep every place.
    pub(crate) async fn plaats(&self, van: Oin) -> Result<OwnedSemaphorePermit, Fout> {
        self.binnen(van, GEDULD).await
    }

    async fn binnen(&self, van: Oin, geduld: Duration) -> Result<OwnedSemaphorePermit, Fout> {
        let plaatsen = {
            // One entry at a time, whole: a panic elsewhere while the lock was held spoils nothing.
            let mut alle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(alle.entry(van).or_insert_with(|| Arc::new(Semaphore::new(TEGELIJK))))
        };
        match tokio::time::timeout(geduld, plaatsen.acquire_owned()).await {
            Ok(plaats) => plaats.map_err(|error| Fout::new(ProblemCode::InterneFout).door(error)),
            Err(_) => Err(Fout::new(ProblemCode::TeVaak)),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn an_organisation_has_so_many_looks_and_takes_none_of_another() {
        let [een, ander] = ["00000099000000003000", "00000099000000004000"].map(|oin| Oin::parse(oin).unwrap());
        let kijkers = Kijkers::default();
        let onderweg = [kijkers.plaats(een).await.unwrap(), kijkers.plaats(een).await.unwrap()];
        let mut wacht: Vec<_> = (0..100).map(|_| Box::pin(kijkers.plaats(een))).collect();
        assert!(wacht.iter_mut().all(|een| een.now_or_never().is_none()), "a hundred more wait their turn");
        let _van_ander = kijkers.plaats(ander).now_or_never().unwrap().unwrap();
        drop(onderweg);
        // Two of those that wait, and no more.
        let nu: Vec<_> = wacht.iter_mut().filter_map(|een| een.now_or_never()).collect();
        assert_eq!(nu.len(), TEGELIJK);
        assert!(nu.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn who_waits_too_long_for_its_turn_is_told_so() {
        let een = Oin::parse("00000099000000003000").unwrap();
        let kijkers = Kijkers::default();
        let _onderweg = [kijkers.plaats(een).await.unwrap(), kijkers.plaats(een).await.unwrap()];
        assert_eq!(kijkers.binnen(een, Duration::ZERO).await.unwrap_err().code(), ProblemCode::TeVaak);
    }
}
