//! The connections of partners: how many each organisation has, and an end to those that cost and do nothing. actix-http bounds none of
//! this over HTTP/2, so that it is done here, below it, for both versions alike.

mod bewaking;
mod io;
mod kaders;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::Oin;

pub(crate) use self::{
    bewaking::{Bewaking, Bezig, Geduld},
    io::Bewaakt,
};

/// Connections of one organisation at a time, at one process. Those without a certificate that names one are one together.
pub(crate) const PER_ORGANISATIE: usize = 256;

/// Who has how many.
#[derive(Debug, Clone)]
pub(crate) struct Verbindingen {
    hoogstens: usize,
    van: Arc<Mutex<HashMap<Option<Oin>, usize>>>,
}

/// One connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Plaats {
    verbindingen: Verbindingen,
    wie: Option<Oin>,
}

impl Verbindingen {
    /// At most so many for each.
    pub(crate) fn new(hoogstens: usize) -> Self {
        Self { hoogstens, van: Arc::default() }
    }

    /// One more; `None` where there are enough.
    pub(crate) fn erbij(&self, wie: Option<Oin>) -> Option<Plaats> {
        let mut van = self.van();
        let aantal = van.get(&wie).copied().unwrap_or_default();
        if aantal >= self.hoogstens {
            return None;
        }
        van.insert(wie, aantal.saturating_add(1));
        Some(Plaats { verbindingen: self.clone(), wie })
    }

    fn van(&self) -> MutexGuard<'_, HashMap<Option<Oin>, usize>> {
        // One number at a time: nothing is half done where a panic could be.
        self.van.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Plaats {
    fn drop(&mut self) {
        let mut van = self.verbindingen.van();
        let over = van.get(&self.wie).copied().unwrap_or_default().saturating_sub(1);
        if over == 0 {
            van.remove(&self.wie);
        } else {
            van.insert(self.wie, over);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_so_many_and_gives_them_back() {
        let verbindingen = Verbindingen::new(2);
        let wie = |n: u64| Some(format!("{n:020}").parse::<Oin>().unwrap());
        let een = verbindingen.erbij(wie(1)).unwrap();
        let twee = verbindingen.erbij(wie(1)).unwrap();
        assert!(verbindingen.erbij(wie(1)).is_none());
        let ander = verbindingen.erbij(wie(2)).unwrap();
        let zonder = verbindingen.erbij(None).unwrap();
        drop(een);
        let drie = verbindingen.erbij(wie(1)).unwrap();
        assert!(verbindingen.erbij(wie(1)).is_none());
        drop((twee, drie, ander, zonder));
        assert!(verbindingen.van().is_empty(), "nothing stays behind");
    }
}
