//! What must still go out. Per recipient and lane one sign is enough, since who brings looks in the store: however much is
//! accepted while the broker is gone, this does not grow beyond two for each recipient.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::{LeveringId, Oin, vocabulary::Urgentie};
use tokio::sync::Notify;

use super::bericht::Roep;
use crate::Werk;

/// How much of what is told to all waits for a broker.
const OMROEP: usize = 64;

/// One message that goes into a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stuk {
    /// A recipient has work.
    Werk(Werk),
    /// Whose turn it is: who gets it out of the queue has the shard.
    Beurt(u16),
}

/// What must still go out, and what is under way.
#[derive(Debug, Default)]
pub(super) struct Uitbak {
    post: Mutex<Post>,
    /// Something came in.
    pub(super) nieuw: Notify,
}

#[derive(Debug, Default)]
struct Post {
    beurten: BTreeSet<u16>,
    /// Acute first.
    werk: BTreeMap<(bool, Oin), LeveringId>,
    /// The broker would not take them now.
    later: Vec<Stuk>,
    onderweg: BTreeMap<u64, Stuk>,
    volgend: u64,
    /// Whose mailboxes other processes must wake.
    wekken: BTreeSet<Oin>,
    omroep: VecDeque<Vec<u8>>,
    /// That this process is there.
    hier: bool,
}

impl Post {
    fn erbij(&mut self, stuk: Stuk) {
        match stuk {
            Stuk::Beurt(aandeel) => {
                self.beurten.insert(aandeel);
            }
            // The first one stands for what came after it, and keeps its name.
            Stuk::Werk(Werk { ontvanger, levering, baan }) => {
                self.werk.entry((baan != Urgentie::Acuut, ontvanger)).or_insert(levering);
            }
        }
    }
}

impl Uitbak {
    fn post(&self) -> MutexGuard<'_, Post> {
        self.post.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// New work: for whoever brings, and for who waits at other processes.
    pub(super) fn erbij(&self, werk: &[Werk]) {
        {
            let mut post = self.post();
            for een in werk {
                post.erbij(Stuk::Werk(*een));
                post.wekken.insert(een.ontvanger);
            }
        }
        self.nieuw.notify_one();
    }

    /// Puts a turn into each of these shards.
    pub(super) fn beurten(&self, aandelen: impl Iterator<Item = u16>) {
        self.post().beurten.extend(aandelen);
        self.nieuw.notify_one();
    }

    /// The next that goes out, under a number of its own.
    pub(super) fn volgende(&self) -> Option<(u64, Stuk)> {
        let mut post = self.post();
        let stuk = match post.beurten.pop_first() {
            Some(aandeel) => Stuk::Beurt(aandeel),
            None => {
                let ((gewoon, ontvanger), levering) = post.werk.pop_first()?;
                let baan = if gewoon { Urgentie::Normaal } else { Urgentie::Acuut };
                Stuk::Werk(Werk { ontvanger, levering, baan })
            }
        };
        let nummer = post.volgend;
        post.volgend = nummer.wrapping_add(1);
        post.onderweg.insert(nummer, stuk);
        Some((nummer, stuk))
    }

    /// What the other processes must hear next; recipients at most so many at a time.
    pub(super) fn te_roepen(&self, hoogstens: usize) -> Option<Roep> {
        let mut post = self.post();
        if std::mem::take(&mut post.hier) {
            return Some(Roep::Hier);
        }
        let wekken: Vec<Oin> = std::iter::from_fn(|| post.wekken.pop_first()).take(hoogstens).collect();
        if wekken.is_empty() { post.omroep.pop_front().map(Roep::Omroep) } else { Some(Roep::Wek(wekken)) }
    }

    /// That this process is there.
    pub(super) fn melden(&self) {
        self.post().hier = true;
        self.nieuw.notify_one();
    }

    /// Something that every process must hear.
    pub(super) fn omroepen(&self, inhoud: Vec<u8>) {
        {
            let mut post = self.post();
            if post.omroep.len() >= OMROEP {
                post.omroep.pop_front();
            }
            post.omroep.push_back(inhoud);
        }
        self.nieuw.notify_one();
    }

    /// The broker has it.
    pub(super) fn bevestigd(&self, nummer: u64) {
        self.post().onderweg.remove(&nummer);
    }

    /// The broker does not have it, and would not take it again at once.
    pub(super) fn later(&self, nummer: u64) {
        let mut post = self.post();
        if let Some(stuk) = post.onderweg.remove(&nummer) {
            post.later.push(stuk);
        }
    }

    /// Offers again what was put off.
    pub(super) fn opnieuw(&self) {
        let mut post = self.post();
        for stuk in std::mem::take(&mut post.later) {
            post.erbij(stuk);
        }
    }

    /// The connection is gone: whatever is under way may have arrived or not, and goes out again under the same name.
    pub(super) fn alles_opnieuw(&self) -> u64 {
        self.opnieuw();
        let mut post = self.post();
        let onderweg = std::mem::take(&mut post.onderweg);
        let aantal = u64::try_from(onderweg.len()).unwrap_or(u64::MAX);
        for (_, stuk) in onderweg {
            post.erbij(stuk);
        }
        aantal
    }

    /// How much work is not confirmed.
    pub(super) fn onbevestigd(&self) -> u64 {
        let post = self.post();
        let werk = |stuk: &&Stuk| matches!(stuk, Stuk::Werk(_));
        let aantal = post.werk.len() + post.onderweg.values().filter(werk).count() + post.later.iter().filter(werk).count();
        u64::try_from(aantal).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ontvanger, werk};

    #[test]
    fn a_broker_that_is_gone_takes_two_places_for_each_recipient_however_much_is_offered() {
        let uitbak = Uitbak::default();
        for n in 0..10_000u32 {
            let baan = if n % 2 == 0 { Urgentie::Normaal } else { Urgentie::Acuut };
            uitbak.erbij(&[Werk { ontvanger: ontvanger(n % 7), baan, ..werk(n) }]);
        }
        assert_eq!(uitbak.onbevestigd(), 14);
        let Some(Roep::Wek(wekken)) = uitbak.te_roepen(usize::MAX) else { panic!("nobody is woken") };
        assert_eq!(wekken.len(), 7);
    }

    #[test]
    fn acute_goes_first_and_what_was_not_confirmed_goes_again_under_the_same_name() {
        let uitbak = Uitbak::default();
        let acuut = Werk { baan: Urgentie::Acuut, ..werk(9) };
        uitbak.erbij(&[werk(1), acuut]);
        let (eerste, stuk) = uitbak.volgende().unwrap();
        assert_eq!(stuk, Stuk::Werk(acuut));
        let (tweede, stuk) = uitbak.volgende().unwrap();
        assert_eq!(stuk, Stuk::Werk(werk(1)));
        assert!(uitbak.volgende().is_none());
        uitbak.bevestigd(eerste);
        uitbak.later(tweede);
        assert_eq!(uitbak.onbevestigd(), 1);
        assert!(uitbak.volgende().is_none(), "not at once");
        uitbak.opnieuw();
        let (derde, stuk) = uitbak.volgende().unwrap();
        assert_eq!(stuk, Stuk::Werk(werk(1)), "the same delivery");
        assert_eq!(uitbak.alles_opnieuw(), 1);
        uitbak.bevestigd(derde);
        assert_eq!(uitbak.onbevestigd(), 1, "a word about a connection that is gone says nothing");
    }
}
