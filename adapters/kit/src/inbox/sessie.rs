//! Who is logged in: sessions in memory only, that end by themselves. A restart of the adapter ends them all.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Code, Digest, Randomness, Tijdstip};
use inbreng_proof::sha256;
use time::Duration;
use zeroize::Zeroizing;

/// Without a click for this long, one logs in again.
const STIL: Duration = Duration::minutes(30);
/// And after this long in any case.
const HOOGSTENS: Duration = Duration::hours(8);
/// More people than this do not share one adapter; the oldest session makes room.
const MEESTE: usize = 64;

/// One who is logged in.
#[derive(Clone)]
pub(crate) struct Sessie {
    /// In which function: what reading and answering is signed with. No name (R37).
    pub(crate) functie: Code,
    /// What every form must carry.
    pub(crate) formulier: String,
    begonnen: Tijdstip,
    gezien: Tijdstip,
}

impl std::fmt::Debug for Sessie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessie").field("functie", &self.functie).finish_non_exhaustive()
    }
}

impl Sessie {
    fn geldt(&self, nu: Tijdstip) -> bool {
        nu.since(self.begonnen) < HOOGSTENS && nu.since(self.gezien) < STIL
    }

    /// Whether a form came from one of our own pages. Takes as long for every wrong one.
    pub(crate) fn klopt(&self, gegeven: Option<&str>) -> bool {
        let gelijk = |g: &str| openssl::memcmp::eq(sha256(g.as_bytes()).as_bytes(), sha256(self.formulier.as_bytes()).as_bytes());
        gegeven.is_some_and(gelijk)
    }
}

/// The sessions of one adapter, by the digest of what the browser shows.
#[derive(Debug, Default)]
pub(crate) struct Sessies(Mutex<HashMap<Digest, Sessie>>);

impl Sessies {
    /// Begins one; gives what the browser must show.
    pub(crate) fn beginnen(&self, functie: Code, nu: Tijdstip, random: &dyn Randomness) -> Zeroizing<String> {
        let sleutel = Zeroizing::new(willekeurig(random));
        let sessie = Sessie { functie, formulier: willekeurig(random), begonnen: nu, gezien: nu };
        let mut sessies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessies.retain(|_, s| s.geldt(nu));
        if sessies.len() >= MEESTE
            && let Some(oudste) = sessies.iter().min_by_key(|(_, s)| s.gezien).map(|(d, _)| *d)
        {
            sessies.remove(&oudste);
        }
        sessies.insert(sha256(sleutel.as_bytes()), sessie);
        sleutel
    }

    /// The session that a browser shows, if it still holds.
    pub(crate) fn vinden(&self, sleutel: &str, nu: Tijdstip, vanzelf: bool) -> Option<Sessie> {
        let digest = sha256(sleutel.as_bytes());
        let mut sessies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !sessies.get(&digest)?.geldt(nu) {
            sessies.remove(&digest);
            return None;
        }
        let sessie = sessies.get_mut(&digest)?;
        // A page that renews itself shows nobody: the session ends as if it did not.
        if !vanzelf {
            sessie.gezien = nu;
        }
        Some(sessie.clone())
    }

    /// Ends one.
    pub(crate) fn eindigen(&self, sleutel: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&sha256(sleutel.as_bytes()));
    }
}

/// 32 random bytes as text.
pub(super) fn willekeurig(random: &dyn Randomness) -> String {
    let mut bytes = Zeroizing::new([0u8; 32]);
    random.fill(&mut *bytes);
    URL_SAFE_NO_PAD.encode(*bytes)
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;

    use super::*;

    fn functie() -> Code {
        Code::parse("intern-begeleider").unwrap()
    }

    #[test]
    fn a_session_ends_by_silence_by_age_and_by_hand() {
        let (sessies, random) = (Sessies::default(), SeededRandomness::new(1));
        let begin = Tijdstip::from_unix_millis(1_763_800_000_000);
        let sleutel = sessies.beginnen(functie(), begin, &random);
        assert!(sessies.vinden("iets anders", begin, false).is_none());
        let mut nu = begin;
        for _ in 0..16 {
            nu = nu.plus(Duration::minutes(29));
            assert!(sessies.vinden(&sleutel, nu, false).is_some());
        }
        assert!(sessies.vinden(&sleutel, begin.plus(Duration::hours(8)), false).is_none(), "by age");
        let sleutel = sessies.beginnen(functie(), begin, &random);
        assert!(sessies.vinden(&sleutel, begin.plus(Duration::minutes(31)), false).is_none(), "by silence");
        let sleutel = sessies.beginnen(functie(), begin, &random);
        sessies.eindigen(&sleutel);
        assert!(sessies.vinden(&sleutel, begin, false).is_none(), "by hand");
    }

    #[test]
    fn a_page_that_renews_itself_keeps_no_session() {
        let (sessies, random) = (Sessies::default(), SeededRandomness::new(1));
        let begin = Tijdstip::from_unix_millis(1_763_800_000_000);
        let sleutel = sessies.beginnen(functie(), begin, &random);
        assert!(sessies.vinden(&sleutel, begin.plus(Duration::minutes(29)), true).is_some());
        assert!(sessies.vinden(&sleutel, begin.plus(Duration::minutes(31)), true).is_none());
    }

    #[test]
    fn a_form_carries_what_only_the_own_pages_know() {
        let (sessies, random) = (Sessies::default(), SeededRandomness::new(2));
        let nu = Tijdstip::from_unix_millis(0);
        let sleutel = sessies.beginnen(functie(), nu, &random);
        let sessie = sessies.vinden(&sleutel, nu, false).unwrap();
        assert!(sessie.klopt(Some(&sessie.formulier.clone())));
        assert_ne!(sessie.formulier, *sleutel);
        assert!(!sessie.klopt(None) && !sessie.klopt(Some("")) && !sessie.klopt(Some(&sleutel)));
        assert!(!format!("{sessie:?}").contains(&sessie.formulier));
    }

    #[test]
    fn the_oldest_makes_room() {
        let (sessies, random) = (Sessies::default(), SeededRandomness::new(3));
        let begin = Tijdstip::from_unix_millis(0);
        let eerste = sessies.beginnen(functie(), begin, &random);
        for i in 0..MEESTE {
            sessies.beginnen(functie(), begin.plus(Duration::seconds(i64::try_from(i).unwrap() + 1)), &random);
        }
        assert!(sessies.vinden(&eerste, begin, false).is_none());
        assert_eq!(sessies.0.lock().unwrap().len(), MEESTE);
    }
}
