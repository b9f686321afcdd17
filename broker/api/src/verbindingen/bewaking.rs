//! What one connection is doing, and when that has lasted long enough.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    time::{Duration, Instant},
};

/// How long each thing may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geduld {
    /// The headers of a request, and the first of them since the connection was made.
    pub(crate) koppen: Duration,
    /// Nothing at all.
    pub(crate) stil: Duration,
    /// Reading an answer, for each begun [`DEEL`] of it.
    pub(crate) lezen: Duration,
}

/// An answer has its time for each begun part of so many bytes.
pub(crate) const DEEL: usize = 4 << 20;

/// The state of a connection. Its requests and what reads and writes it have it together, on one thread.
#[derive(Debug)]
pub(crate) struct Bewaking {
    geduld: Geduld,
    begin: Instant,
    stand: RefCell<Stand>,
}

#[derive(Debug, Default)]
struct Stand {
    /// When the last request was done; absent before the first.
    laatst: Option<Instant>,
    bezig: usize,
    /// Since when headers are coming in that have not ended.
    koppen: Option<Instant>,
    /// Until when each answer may be on its way.
    antwoorden: BTreeSet<(Instant, u64)>,
    nummer: u64,
}

/// One request, until its answer was sent.
#[derive(Debug)]
pub(crate) struct Bezig {
    bewaking: Rc<Bewaking>,
    antwoord: Option<(Instant, u64)>,
}

impl Bewaking {
    /// A connection that was made now.
    pub(crate) fn new(geduld: Geduld, nu: Instant) -> Self {
        Self { geduld, begin: nu, stand: RefCell::default() }
    }

    /// A request has come in.
    pub(crate) fn begint(self: &Rc<Self>, nu: Instant) -> Bezig {
        let mut stand = self.stand.borrow_mut();
        stand.bezig = stand.bezig.saturating_add(1);
        stand.laatst = Some(nu);
        drop(stand);
        Bezig { bewaking: Rc::clone(self), antwoord: None }
    }

    /// How many requests have not been answered yet.
    pub(crate) fn bezig(&self) -> usize {
        self.stand.borrow().bezig
    }

    /// Since when headers are coming in that have not ended; `None` where none are.
    pub(crate) fn koppen(&self, sinds: Option<Instant>) {
        self.stand.borrow_mut().koppen = sinds;
    }

    /// Why the connection must end now; `None` while it may stay.
    pub(crate) fn voorbij(&self, nu: Instant) -> Option<&'static str> {
        let stand = self.stand.borrow();
        let duurt = |sinds: Instant, hoogstens| nu.saturating_duration_since(sinds) >= hoogstens;
        if stand.koppen.is_some_and(|sinds| duurt(sinds, self.geduld.koppen)) {
            return Some("kopregels-te-traag");
        }
        if stand.antwoorden.first().is_some_and(|(einde, _)| nu >= *einde) {
            return Some("antwoord-niet-gelezen");
        }
        match stand.laatst {
            None if duurt(self.begin, self.geduld.koppen) => Some("geen-verzoek"),
            Some(laatst) if stand.bezig == 0 && duurt(laatst, self.geduld.stil) => Some("stil"),
            _ => None,
        }
    }
}

impl Bezig {
    /// An answer of so many bytes begins.
    pub(crate) fn antwoordt(&mut self, bytes: usize, nu: Instant) {
        let keer = u32::try_from(bytes / DEEL).unwrap_or(u32::MAX).saturating_add(1);
        let einde = nu.checked_add(self.bewaking.geduld.lezen.saturating_mul(keer)).unwrap_or(nu);
        let mut stand = self.bewaking.stand.borrow_mut();
        stand.nummer = stand.nummer.wrapping_add(1);
        let een = (einde, stand.nummer);
        stand.antwoorden.insert(een);
        self.antwoord = Some(een);
    }
}

impl Drop for Bezig {
    fn drop(&mut self) {
        let mut stand = self.bewaking.stand.borrow_mut();
        stand.bezig = stand.bezig.saturating_sub(1);
        stand.laatst = Some(Instant::now());
        if let Some(antwoord) = &self.antwoord {
            stand.antwoorden.remove(antwoord);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn nieuw() -> (Rc<Bewaking>, Instant) {
        let nu = Instant::now();
        (Rc::new(Bewaking::new(Geduld { koppen: 5 * S, stil: 90 * S, lezen: 30 * S }, nu)), nu)
    }

    #[test]
    fn whoever_asks_nothing_is_let_go() {
        let (bewaking, nu) = nieuw();
        assert_eq!(bewaking.voorbij(nu + 4 * S), None);
        assert_eq!(bewaking.voorbij(nu + 5 * S), Some("geen-verzoek"));
        let bezig = bewaking.begint(nu);
        assert_eq!(bewaking.voorbij(nu + 3600 * S), None, "who waits for an answer is not idle");
        drop(bezig);
        let nu = Instant::now();
        assert_eq!(bewaking.voorbij(nu + 89 * S), None);
        assert_eq!(bewaking.voorbij(nu + 90 * S), Some("stil"));
    }

    #[test]
    fn headers_have_their_time_also_beside_other_requests() {
        let (bewaking, nu) = nieuw();
        let _bezig = bewaking.begint(nu);
        bewaking.koppen(Some(nu + S));
        assert_eq!(bewaking.voorbij(nu + 5 * S), None);
        assert_eq!(bewaking.voorbij(nu + 6 * S), Some("kopregels-te-traag"));
        bewaking.koppen(None);
        assert_eq!(bewaking.voorbij(nu + 6 * S), None);
    }

    #[test]
    fn an_answer_is_read_in_a_time_that_goes_by_its_length() {
        let (bewaking, nu) = nieuw();
        let (mut kort, mut lang) = (bewaking.begint(nu), bewaking.begint(nu));
        lang.antwoordt(2 * DEEL, nu);
        assert_eq!(bewaking.voorbij(nu + 89 * S), None);
        assert_eq!(bewaking.voorbij(nu + 90 * S), Some("antwoord-niet-gelezen"));
        kort.antwoordt(1, nu);
        assert_eq!(bewaking.voorbij(nu + 29 * S), None);
        assert_eq!(bewaking.voorbij(nu + 30 * S), Some("antwoord-niet-gelezen"));
        drop(kort);
        assert_eq!(bewaking.voorbij(nu + 30 * S), None, "it was read");
        assert_eq!(bewaking.bezig(), 1);
    }
}
