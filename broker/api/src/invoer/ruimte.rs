//! Room for the bodies of requests in progress: of all together, and of each organisation at most a quarter. Who has sent that much
//! at once is told to wait before memory grows, and does not take the room of the others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::{Oin, ProblemCode};

/// An organisation may have one part in this many.
const DELEN: usize = 4;

/// The room, and who has what of it.
#[derive(Debug, Clone)]
pub struct Ruimte {
    hoogstens: usize,
    stand: Arc<Mutex<Stand>>,
}

#[derive(Debug, Default)]
struct Stand {
    samen: usize,
    /// Without a number: whoever has no certificate that names one.
    van: HashMap<Option<Oin>, usize>,
}

impl Ruimte {
    /// So many bytes for all together.
    #[must_use]
    pub fn new(hoogstens: usize) -> Self {
        Self { hoogstens, stand: Arc::default() }
    }

    /// The most that one organisation may have.
    #[must_use]
    pub const fn per_organisatie(hoogstens: usize) -> usize {
        hoogstens / DELEN
    }

    /// How many bytes are in use.
    #[must_use]
    pub fn bezet(&self) -> usize {
        self.stand().samen
    }

    /// Room for one body, of which nothing has come yet.
    pub(crate) fn plek(&self, van: Option<Oin>) -> Plek {
        Plek { ruimte: self.clone(), van, bytes: 0 }
    }

    fn stand(&self) -> MutexGuard<'_, Stand> {
        // Numbers alone, changed together: nothing is half done where a panic could be.
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one body has of it, until it is dropped.
#[derive(Debug)]
pub(crate) struct Plek {
    ruimte: Ruimte,
    van: Option<Oin>,
    bytes: usize,
}

impl Plek {
    /// For so many bytes more, which have come.
    ///
    /// # Errors
    /// `te-vaak` where the organisation has its part, `opslag-niet-beschikbaar` where all together have everything.
    pub(crate) fn meer(&mut self, bytes: usize) -> Result<(), ProblemCode> {
        let hoogstens = self.ruimte.hoogstens;
        let mut stand = self.ruimte.stand();
        let samen = stand.samen.saturating_add(bytes);
        let eigen = stand.van.get(&self.van).copied().unwrap_or_default().saturating_add(bytes);
        if eigen > Ruimte::per_organisatie(hoogstens) {
            return Err(ProblemCode::TeVaak);
        }
        if samen > hoogstens {
            return Err(ProblemCode::OpslagNietBeschikbaar);
        }
        stand.samen = samen;
        stand.van.insert(self.van, eigen);
        drop(stand);
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }
}

impl Drop for Plek {
    fn drop(&mut self) {
        let mut stand = self.ruimte.stand();
        stand.samen = stand.samen.saturating_sub(self.bytes);
        let over = stand.van.get(&self.van).copied().unwrap_or_default().saturating_sub(self.bytes);
        if over == 0 {
            stand.van.remove(&self.van);
        } else {
            stand.van.insert(self.van, over);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wie(n: u64) -> Option<Oin> {
        Some(format!("{n:020}").parse().unwrap())
    }

    #[test]
    fn one_has_a_quarter_and_all_together_no_more_than_there_is() {
        let ruimte = Ruimte::new(400);
        let mut plekken: Vec<_> = (1..=4).map(|n| ruimte.plek(wie(n))).collect();
        let mut tweede = ruimte.plek(wie(1));
        plekken[0].meer(60).unwrap();
        tweede.meer(40).unwrap();
        assert_eq!(tweede.meer(1), Err(ProblemCode::TeVaak), "of both its bodies together");
        for plek in &mut plekken[1..] {
            plek.meer(100).unwrap();
        }
        assert_eq!(ruimte.bezet(), 400);
        let mut vijfde = ruimte.plek(wie(5));
        assert_eq!(vijfde.meer(1), Err(ProblemCode::OpslagNietBeschikbaar));
        drop(tweede);
        vijfde.meer(40).unwrap();
        plekken[0].meer(1).unwrap_err();
        drop((plekken, vijfde));
        assert_eq!((ruimte.bezet(), ruimte.stand().van.len()), (0, 0), "nothing stays behind");
    }
}
