//! Room for the bodies of requests in progress: of all together, and of each organisation at most a quarter. Who has sent that much
//! at once is told to wait before memory grows, and does not take the room of the others.
//!
//! The first bytes of each body have a room of their own. In it fits whatever must get through while large bodies fill the rest,
//! the sender's own too: a token, a receipt, a withdrawal, a short message about acute danger.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::{Oin, ProblemCode};

/// An organisation may have one part in this many.
const DELEN: usize = 4;

/// How many bytes of each body are its first.
const VOORAAN: usize = 64 * 1024;

/// One part in this many of all room is for first bytes.
const VOOR_VOORAAN: usize = 4;

/// The room, and who has what of it.
#[derive(Debug, Clone)]
pub struct Ruimte {
    vakken: Arc<[Vak; 2]>,
}

/// The room for first bytes, or that for the rest.
#[derive(Debug)]
struct Vak {
    hoogstens: usize,
    stand: Mutex<Stand>,
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
        let vooraan = hoogstens / VOOR_VOORAAN;
        Self { vakken: Arc::new([vooraan, hoogstens - vooraan].map(|hoogstens| Vak { hoogstens, stand: Mutex::default() })) }
    }

    /// The largest body for which an organisation has room while it sends nothing else.
    #[must_use]
    pub fn grootste(hoogstens: usize) -> usize {
        let vooraan = hoogstens / VOOR_VOORAAN;
        (hoogstens - vooraan) / DELEN + VOORAAN.min(vooraan / DELEN)
    }

    /// How many bytes are in use.
    #[must_use]
    pub fn bezet(&self) -> usize {
        self.vakken.iter().map(|vak| vak.stand().samen).sum()
    }

    /// Room for one body, of which nothing has come yet.
    pub(crate) fn plek(&self, van: Option<Oin>) -> Plek {
        Plek { ruimte: self.clone(), van, bytes: [0; 2] }
    }
}

impl Vak {
    fn stand(&self) -> MutexGuard<'_, Stand> {
        // Numbers alone, changed together: nothing is half done where a panic could be.
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meer(&self, wie: Option<Oin>, bytes: usize) -> Result<(), ProblemCode> {
        let mut stand = self.stand();
        let samen = stand.samen.saturating_add(bytes);
        let eigen = stand.van.get(&wie).copied().unwrap_or_default().saturating_add(bytes);
        if eigen > self.hoogstens / DELEN {
            return Err(ProblemCode::TeVaak);
        }
        if samen > self.hoogstens {
            return Err(ProblemCode::OpslagNietBeschikbaar);
        }
        stand.samen = samen;
        stand.van.insert(wie, eigen);
        Ok(())
    }

    fn minder(&self, wie: Option<Oin>, bytes: usize) {
        let mut stand = self.stand();
        stand.samen = stand.samen.saturating_sub(bytes);
        let over = stand.van.get(&wie).copied().unwrap_or_default().saturating_sub(bytes);
        if over == 0 {
            stand.van.remove(&wie);
        } else {
            stand.van.insert(wie, over);
        }
    }
}

/// What one body has of it, until it is dropped.
#[derive(Debug)]
pub(crate) struct Plek {
    ruimte: Ruimte,
    van: Option<Oin>,
    /// Of its first bytes, and of the rest.
    bytes: [usize; 2],
}

impl Plek {
    /// For so many bytes more, which have come.
    ///
    /// # Errors
    /// `te-vaak` where the organisation has its part, `opslag-niet-beschikbaar` where all together have everything.
    pub(crate) fn meer(&mut self, bytes: usize) -> Result<(), ProblemCode> {
        let vooraan = bytes.min(VOORAAN.saturating_sub(self.bytes[0]));
        for ((vak, erbij), heeft) in self.ruimte.vakken.iter().zip([vooraan, bytes - vooraan]).zip(&mut self.bytes) {
            if erbij > 0 {
                vak.meer(self.van, erbij)?;
                *heeft = heeft.saturating_add(erbij);
            }
        }
        Ok(())
    }
}

impl Drop for Plek {
    fn drop(&mut self) {
        for (vak, heeft) in self.ruimte.vakken.iter().zip(self.bytes) {
            vak.minder(self.van, heeft);
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
        let ruimte = Ruimte::new(1600);
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
        assert_eq!(ruimte.bezet(), 0);
        assert!(ruimte.vakken.iter().all(|vak| vak.stand().van.is_empty()), "nothing stays behind");
    }

    #[test]
    fn large_bodies_leave_room_for_a_small_one() {
        let ruimte = Ruimte::new(64 * VOORAAN);
        let groot: Vec<_> = (1..=4)
            .flat_map(|n| [n; 3])
            .map(|n| {
                let mut plek = ruimte.plek(wie(n));
                plek.meer(5 * VOORAAN).unwrap();
                plek
            })
            .collect();
        let mut nog_een = ruimte.plek(wie(5));
        assert_eq!(nog_een.meer(VOORAAN + 1), Err(ProblemCode::OpslagNietBeschikbaar), "the rest is full");
        drop(nog_een);
        for n in 1..=5 {
            let mut klein = ruimte.plek(wie(n));
            klein.meer(1000).unwrap();
            klein.meer(VOORAAN - 1000).unwrap();
        }
        assert_eq!(ruimte.bezet(), groot.len() * 5 * VOORAAN, "of what was dropped nothing is left");
    }
}
