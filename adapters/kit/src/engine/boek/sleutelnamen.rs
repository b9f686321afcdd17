//! Under whose name each pinned encryption key stands (ADR 20). By what was pinned, not by what verifies now: an entry that has expired, or whose
//! certificate was revoked, comes back, and another that took its key meanwhile would shut it out.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::{
    Oin,
    gids::{Gidsvermelding, Vermelding},
};
use inbreng_proof::{gids::kids_in, jws};

/// The names of every pinned key, by its thumbprint. More than one only where they were pinned before this was looked at.
#[derive(Debug, Default)]
pub(super) struct Sleutelnamen(Mutex<HashMap<String, BTreeSet<Oin>>>);

impl Sleutelnamen {
    /// What is pinned, beside what was known: nothing is forgotten here, so that it does not matter what is pinned meanwhile.
    pub(super) fn lezen(&self, vastgelegd: &[Gidsvermelding]) {
        for gids in vastgelegd {
            // Verified when it was pinned.
            let Ok(vermelding) = jws::unverified_payload::<Vermelding>(&gids.vermelding.verklaring) else { continue };
            self.leren(vermelding.oin, kids_in(gids));
        }
    }

    /// Whether any of these keys stands under the name of another.
    pub(super) fn van_ander(&self, oin: Oin, kids: &BTreeSet<String>) -> bool {
        let stand = self.stand();
        kids.iter().filter_map(|kid| stand.get(kid)).flatten().any(|eerder| *eerder != oin)
    }

    /// These were pinned under this name.
    pub(super) fn leren(&self, oin: Oin, kids: BTreeSet<String>) {
        let mut stand = self.stand();
        for kid in kids {
            stand.entry(kid).or_default().insert(oin);
        }
    }

    fn stand(&self) -> MutexGuard<'_, HashMap<String, BTreeSet<Oin>>> {
        // One name is added at a time: nothing is half done where a panic could be.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
