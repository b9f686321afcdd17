//! Room for the bodies of requests in progress: of all together, and of each organisation at most a quarter. Who has sent that much
//! at once is told to wait before memory grows, and does not take the room of the others.
//!
//! Short bodies have a room of their own. In it fits whatever must get through while long ones fill the rest, the sender's own too:
//! a token, a receipt, a withdrawal, a short message about acute danger.
//!
//! Who is not in the directory may bring one thing, its entry (ADR 25). The bodies of all such newcomers together have one small part, and each of
//! them a quarter of that: however many certificates somebody has, partners keep their room.
//!
//! Answers have such a room as well, beside that of requests: one that is not read stays in memory as long as one that is not sent.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use inbreng_domain::{Oin, ProblemCode};

/// An organisation may have one part in this many.
const DELEN: usize = 4;

/// How many bytes a short body has at most.
const KORT: usize = 64 * 1024;

/// One part in this many of all room is for short bodies.
const VOOR_KORT: usize = 4;

/// One part in this many is for all newcomers together, and at least [`NIEUWKOMERS`].
const VOOR_NIEUWKOMERS: usize = 64;

/// Bytes for newcomers in a small room: an entry for each of four. Never more than one organisation may have.
const NIEUWKOMERS: usize = 1024 * 1024;

/// On whose account a body or an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Rekening {
    /// Of an organisation; without a number: whoever has no certificate that names one.
    Organisatie(Option<Oin>),
    /// Of one that is not in the directory.
    Nieuwkomer(Oin),
}

impl From<Option<Oin>> for Rekening {
    fn from(oin: Option<Oin>) -> Self {
        Self::Organisatie(oin)
    }
}

/// The room, and who has what of it.
#[derive(Debug, Clone)]
pub struct Ruimte {
    vakken: Arc<[Vak; 2]>,
}

/// The room for short bodies, or that for the others.
#[derive(Debug)]
struct Vak {
    hoogstens: AtomicUsize,
    stand: Mutex<Stand>,
}

#[derive(Debug, Default)]
struct Stand {
    samen: usize,
    nieuwkomers: usize,
    van: HashMap<Rekening, usize>,
}

impl Ruimte {
    /// So many bytes for all together.
    #[must_use]
    pub fn new(hoogstens: usize) -> Self {
        let vak = |hoogstens| Vak { hoogstens: AtomicUsize::new(hoogstens), stand: Mutex::default() };
        Self { vakken: Arc::new(Self::verdeeld(hoogstens).map(vak)) }
    }

    /// So many from now on. What is there stays, also where it is more than there may be now.
    pub fn zetten(&self, hoogstens: usize) {
        for (vak, hoogstens) in self.vakken.iter().zip(Self::verdeeld(hoogstens)) {
            vak.hoogstens.store(hoogstens, Ordering::Relaxed);
        }
    }

    /// For short ones, and for the others.
    const fn verdeeld(hoogstens: usize) -> [usize; 2] {
        let kort = hoogstens / VOOR_KORT;
        [kort, hoogstens - kort]
    }

    /// The largest body for which an organisation has room while it sends nothing else.
    #[must_use]
    pub const fn grootste(hoogstens: usize) -> usize {
        (hoogstens - hoogstens / VOOR_KORT) / DELEN
    }

    /// How many bytes are in use.
    #[must_use]
    pub fn bezet(&self) -> usize {
        self.vakken.iter().map(|vak| vak.stand().samen).sum()
    }

    /// Whether there is room to begin something for this organisation: a short answer at the least.
    ///
    /// # Errors
    /// `te-vaak` where it reads none of its short answers, `opslag-niet-beschikbaar` where all together have everything.
    pub(crate) fn open(&self, van: Option<Oin>) -> Result<(), ProblemCode> {
        let [kort, _] = &*self.vakken;
        let stand = kort.stand();
        if stand.van.get(&Rekening::from(van)).is_some_and(|eigen| *eigen >= kort.hoogstens() / DELEN) {
            return Err(ProblemCode::TeVaak);
        }
        if stand.samen >= kort.hoogstens() { Err(ProblemCode::OpslagNietBeschikbaar) } else { Ok(()) }
    }

    /// Room for one body, announced to be so long (0: it was not said), of which nothing has come yet.
    pub(crate) fn plek(&self, van: impl Into<Rekening>, aangekondigd: usize) -> Plek {
        Plek { ruimte: self.clone(), van: van.into(), kort: aangekondigd <= KORT, bytes: [0; 2] }
    }
}

impl Stand {
    fn erbij(&mut self, wie: Rekening, bytes: usize) {
        self.samen = self.samen.saturating_add(bytes);
        if let Rekening::Nieuwkomer(_) = wie {
            self.nieuwkomers = self.nieuwkomers.saturating_add(bytes);
        }
        let eigen = self.van.entry(wie).or_default();
        *eigen = eigen.saturating_add(bytes);
    }
}

impl Vak {
    fn hoogstens(&self) -> usize {
        self.hoogstens.load(Ordering::Relaxed)
    }

    fn stand(&self) -> MutexGuard<'_, Stand> {
        // Numbers alone, changed together: nothing is half done where a panic could be.
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What all newcomers together may have of it.
    fn nieuwkomers(&self) -> usize {
        (self.hoogstens() / VOOR_NIEUWKOMERS).max(NIEUWKOMERS).min(self.hoogstens() / DELEN)
    }

    fn meer(&self, wie: Rekening, bytes: usize) -> Result<(), ProblemCode> {
        let mut stand = self.stand();
        let samen = stand.samen.saturating_add(bytes);
        let eigen = stand.van.get(&wie).copied().unwrap_or_default().saturating_add(bytes);
        let mag = match wie {
            Rekening::Organisatie(_) => self.hoogstens(),
            Rekening::Nieuwkomer(_) => self.nieuwkomers(),
        };
        if eigen > mag / DELEN {
            return Err(ProblemCode::TeVaak);
        }
        if let Rekening::Nieuwkomer(_) = wie
            && stand.nieuwkomers.saturating_add(bytes) > mag
        {
            return Err(ProblemCode::OpslagNietBeschikbaar);
        }
        if samen > self.hoogstens() {
            return Err(ProblemCode::OpslagNietBeschikbaar);
        }
        stand.erbij(wie, bytes);
        Ok(())
    }

    /// The same for a whole answer. Whoever has none on its way gets one, however long: it would never get it otherwise.
    fn antwoord(&self, wie: Rekening, bytes: usize) -> Result<(), ProblemCode> {
        let mut stand = self.stand();
        let (samen, eigen) = (stand.samen, stand.van.get(&wie).copied().unwrap_or_default());
        if eigen > 0 && eigen.saturating_add(bytes) > self.hoogstens() / DELEN {
            return Err(ProblemCode::TeVaak);
        }
        if samen > 0 && samen.saturating_add(bytes) > self.hoogstens() {
            return Err(ProblemCode::OpslagNietBeschikbaar);
        }
        stand.erbij(wie, bytes);
        Ok(())
    }

    fn minder(&self, wie: Rekening, bytes: usize) {
        let mut stand = self.stand();
        stand.samen = stand.samen.saturating_sub(bytes);
        if let Rekening::Nieuwkomer(_) = wie {
            stand.nieuwkomers = stand.nieuwkomers.saturating_sub(bytes);
        }
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
    van: Rekening,
    /// Whether it may be a short one.
    kort: bool,
    /// Of the room for short bodies, and of the rest.
    bytes: [usize; 2],
}

impl Plek {
    /// For so many bytes more, which have come.
    ///
    /// # Errors
    /// `te-vaak` where the organisation has its part, `opslag-niet-beschikbaar` where all together have everything.
    pub(crate) fn meer(&mut self, bytes: usize) -> Result<(), ProblemCode> {
        let [kort, lang] = &*self.ruimte.vakken;
        let [van_kort, van_lang] = &mut self.bytes;
        if self.kort && van_kort.saturating_add(bytes) <= KORT {
            kort.meer(self.van, bytes)?;
            *van_kort += bytes;
        } else {
            // Longer than was said, or nothing was said.
            self.kort = false;
            lang.meer(self.van, bytes.saturating_add(*van_kort))?;
            kort.minder(self.van, *van_kort);
            *van_lang = van_lang.saturating_add(bytes).saturating_add(std::mem::take(van_kort));
        }
        Ok(())
    }

    /// For a whole answer of so many bytes. A short one that says what was done (`gedaan`) has room whatever there is: it must not
    /// become a refusal.
    ///
    /// # Errors
    /// As [`Plek::meer`].
    pub(crate) fn antwoord(&mut self, bytes: usize, gedaan: bool) -> Result<(), ProblemCode> {
        let [kort, lang] = &*self.ruimte.vakken;
        let [van_kort, van_lang] = &mut self.bytes;
        if bytes > KORT {
            lang.antwoord(self.van, bytes)?;
            *van_lang = van_lang.saturating_add(bytes);
            return Ok(());
        }
        if gedaan {
            kort.stand().erbij(self.van, bytes);
        } else {
            kort.antwoord(self.van, bytes)?;
        }
        *van_kort = van_kort.saturating_add(bytes);
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
        // Short ones, and long ones.
        for (hoogstens, aangekondigd) in [(1600, 0), (400 * 4 / 3 + 1, KORT + 1)] {
            let ruimte = Ruimte::new(hoogstens);
            let plek = |n| ruimte.plek(wie(n), aangekondigd);
            let mut plekken: Vec<_> = (1..=4).map(plek).collect();
            let mut tweede = plek(1);
            plekken[0].meer(60).unwrap();
            tweede.meer(40).unwrap();
            assert_eq!(tweede.meer(1), Err(ProblemCode::TeVaak), "of both its bodies together");
            for plek in &mut plekken[1..] {
                plek.meer(100).unwrap();
            }
            assert_eq!(ruimte.bezet(), 400);
            let mut vijfde = plek(5);
            assert_eq!(vijfde.meer(2), Err(ProblemCode::OpslagNietBeschikbaar));
            drop(tweede);
            vijfde.meer(40).unwrap();
            plekken[0].meer(2).unwrap_err();
            drop((plekken, vijfde));
            assert_eq!(ruimte.bezet(), 0);
            assert!(ruimte.vakken.iter().all(|vak| vak.stand().van.is_empty()), "nothing stays behind");
        }
    }

    #[test]
    fn newcomers_together_have_a_small_part_and_partners_keep_theirs() {
        let nieuw = |n: u64| Rekening::Nieuwkomer(format!("{n:020}").parse().unwrap());
        // Short bodies, and long ones.
        for (vak, aangekondigd) in [(0, 0), (1, KORT + 1)] {
            let ruimte = Ruimte::new(128 << 20);
            let samen = ruimte.vakken[vak].nieuwkomers();
            let hoogstens = ruimte.vakken[vak].hoogstens();
            assert!(samen <= hoogstens / 32 && samen / DELEN >= 4 * KORT, "{samen} of {hoogstens}");
            let stuk = samen / (4 * DELEN);
            let mut gekregen = Vec::new();
            let mut geweigerd = [0, 0];
            for wie in (1..=40).flat_map(|n| [n; 5]) {
                let mut plek = ruimte.plek(nieuw(wie), aangekondigd);
                match plek.meer(stuk) {
                    Ok(()) => gekregen.push(plek),
                    Err(ProblemCode::TeVaak) => geweigerd[0] += 1,
                    Err(code) => {
                        assert_eq!(code, ProblemCode::OpslagNietBeschikbaar);
                        geweigerd[1] += 1;
                    }
                }
            }
            // Four fill it, each asked for one more than its quarter, and forty get no more.
            assert_eq!((gekregen.len(), geweigerd), (4 * DELEN, [4, 36 * 5]));
            assert!(ruimte.bezet() <= samen);
            // A partner has its quarter as if nobody were there; under the same number too, once it is in the directory.
            for n in [1, 100] {
                for _ in 0..hoogstens / DELEN / KORT {
                    let mut plek = ruimte.plek(wie(n), aangekondigd);
                    plek.meer(KORT).unwrap();
                    gekregen.push(plek);
                }
            }
            drop(gekregen);
            assert!(ruimte.vakken.iter().all(|vak| vak.stand().van.is_empty() && vak.stand().nieuwkomers == 0));
        }
        // In a room that is too small for that, never more than one organisation.
        let klein = Ruimte::new(1 << 20);
        assert!(klein.vakken.iter().all(|vak| vak.nieuwkomers() == vak.hoogstens() / DELEN));
    }

    #[test]
    fn an_answer_always_has_room_when_nothing_is_on_its_way() {
        let ruimte = Ruimte::new(64 * KORT);
        let deel = Ruimte::grootste(64 * KORT);
        let antwoord = |n, bytes, gedaan| {
            let mut plek = ruimte.plek(wie(n), 0);
            plek.antwoord(bytes, gedaan).map(|()| plek)
        };
        // Longer than its part: once, and nothing long beside it. Of another there is room for its part.
        let eerste = antwoord(1, deel + 1, false).unwrap();
        assert_eq!(antwoord(1, KORT + 1, false).unwrap_err(), ProblemCode::TeVaak);
        let rest: Vec<_> = (2..=3).map(|n| antwoord(n, deel, false).unwrap()).collect();
        assert_eq!(antwoord(4, deel, false).unwrap_err(), ProblemCode::OpslagNietBeschikbaar);
        // Short ones are apart: a quarter of their room, and then nothing begins; what was done is said nevertheless.
        let mut kort: Vec<_> = (0..4).map(|_| antwoord(1, KORT, false).unwrap()).collect();
        assert_eq!(ruimte.open(wie(1)), Err(ProblemCode::TeVaak));
        assert_eq!(antwoord(1, 1, false).unwrap_err(), ProblemCode::TeVaak);
        kort.push(antwoord(1, 1, true).unwrap());
        assert_eq!(ruimte.open(wie(2)), Ok(()));
        assert_eq!(ruimte.bezet(), 3 * deel + 1 + 4 * KORT + 1);
        drop((eerste, rest, kort));
        assert_eq!(ruimte.bezet(), 0);
        assert!(ruimte.vakken.iter().all(|vak| vak.stand().van.is_empty()), "nothing stays behind");
    }

    #[test]
    fn another_size_holds_for_what_comes_and_ends_nothing() {
        let ruimte = Ruimte::new(64 * KORT);
        let lang = |n| ruimte.plek(wie(n), KORT + 1);
        let (mut er_is, mut komt) = (lang(1), lang(2));
        er_is.meer(8 * KORT).unwrap();
        ruimte.zetten(8 * KORT);
        assert_eq!(ruimte.bezet(), 8 * KORT, "what is there stays");
        assert_eq!(komt.meer(1), Err(ProblemCode::OpslagNietBeschikbaar));
        assert_eq!(er_is.meer(1), Err(ProblemCode::TeVaak));
        drop(er_is);
        komt.meer(Ruimte::grootste(8 * KORT)).unwrap();
        assert_eq!(komt.meer(1), Err(ProblemCode::TeVaak));
        ruimte.zetten(64 * KORT);
        komt.meer(KORT).unwrap();
        drop(komt);
        assert_eq!(ruimte.bezet(), 0);
    }

    #[test]
    fn long_bodies_leave_room_for_a_short_one() {
        let ruimte = Ruimte::new(64 * KORT);
        let mut lang: Vec<_> = (1..=4).flat_map(|n| [n; 3]).map(|n| ruimte.plek(wie(n), 4 * KORT)).collect();
        lang.iter_mut().for_each(|plek| plek.meer(4 * KORT).unwrap());
        let mut nog_een = ruimte.plek(wie(5), KORT + 1);
        assert_eq!(nog_een.meer(1), Err(ProblemCode::OpslagNietBeschikbaar), "the rest is full");
        // What turns out to be longer than it said moves there, or does not come in.
        let mut verzwegen = ruimte.plek(wie(5), 0);
        verzwegen.meer(KORT).unwrap();
        assert_eq!(verzwegen.meer(1), Err(ProblemCode::OpslagNietBeschikbaar));
        lang.truncate(11);
        verzwegen.meer(1).unwrap();
        assert_eq!(ruimte.vakken[0].stand().samen, 0);
        for n in 1..=5 {
            let mut kort = ruimte.plek(wie(n), 0);
            kort.meer(1000).unwrap();
            kort.meer(KORT - 1000).unwrap();
        }
        drop(verzwegen);
        assert_eq!(ruimte.bezet(), lang.len() * 4 * KORT, "of what was dropped nothing is left");
    }
}
