//! How often a partner may ask: one bucket for ordinary requests, a lane of its own for messages about acute danger, and a
//! tight one for what looks like guessing. Per organisation, so that nobody stands in another's way.
//!
//! Acute messages, and the check before each, count in their own bucket: no flood of anything else, the partner's own included,
//! holds them up. Who is told to wait because it guessed, gets them through at the pace of guesses: the lane is no way round.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock, Reference},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use inbreng_domain::Oin;
use moka::sync::Cache;

/// How many partners' buckets are kept before those that are full again are let go.
const OPRUIMEN_VANAF: usize = 4096;

/// How much a partner may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maten {
    /// Ordinary requests per second, for as long as one likes.
    pub per_seconde: NonZeroU32,
    /// How many may come at once.
    pub tegelijk: NonZeroU32,
    /// Messages about acute danger per second.
    pub acuut_per_seconde: NonZeroU32,
    /// How many may come at once.
    pub acuut_tegelijk: NonZeroU32,
    /// Misses per minute: refusals that someone who guesses would get.
    pub missers_per_minuut: NonZeroU32,
}

impl Default for Maten {
    fn default() -> Self {
        const fn aantal(n: u32) -> NonZeroU32 {
            match NonZeroU32::new(n) {
                Some(n) => n,
                None => NonZeroU32::MIN,
            }
        }
        Self {
            per_seconde: aantal(200),
            tegelijk: aantal(1000),
            acuut_per_seconde: aantal(50),
            acuut_tegelijk: aantal(500),
            missers_per_minuut: aantal(60),
        }
    }
}

type Emmers<C> = RateLimiter<Oin, HashMapStateStore<Oin>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Wait this long before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wachten(pub Duration);

impl Wachten {
    /// Whole seconds, at least one: what `Retry-After` says (RFC 9110 §10.2.3).
    #[must_use]
    pub fn seconden(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0 || self.0.is_zero())
    }
}

/// The buckets of all partners.
pub struct Drempels<C: Clock = MonotonicClock> {
    clock: C,
    gewoon: Emmers<C>,
    acuut: Emmers<C>,
    tokens: Emmers<C>,
    missers: Emmers<C>,
    /// Acute messages of who guessed too often.
    acuut_na_missers: Emmers<C>,
    /// Who missed too often, and until when it is told to wait.
    geblokkeerd: Cache<Oin, C::Instant>,
}

impl<C: Clock> std::fmt::Debug for Drempels<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drempels").field("partners", &self.gewoon.len()).finish_non_exhaustive()
    }
}

impl Drempels {
    /// Full buckets.
    #[must_use]
    pub fn new(maten: Maten) -> Self {
        Self::met_klok(maten, MonotonicClock)
    }
}

impl<C> Drempels<C>
where
    C: Clock + Clone,
    C::Instant: Send + Sync + 'static,
{
    /// Full buckets, on this clock.
    pub fn met_klok(maten: Maten, clock: C) -> Self {
        let emmers = |quota| Emmers::new(quota, HashMapStateStore::default(), clock.clone());
        Self {
            gewoon: emmers(Quota::per_second(maten.per_seconde).allow_burst(maten.tegelijk)),
            acuut: emmers(Quota::per_second(maten.acuut_per_seconde).allow_burst(maten.acuut_tegelijk)),
            tokens: emmers(Quota::per_second(maten.acuut_per_seconde).allow_burst(maten.acuut_tegelijk)),
            missers: emmers(Quota::per_minute(maten.missers_per_minuut)),
            acuut_na_missers: emmers(Quota::per_minute(maten.missers_per_minuut)),
            geblokkeerd: Cache::builder().max_capacity(OPRUIMEN_VANAF as u64).time_to_live(Duration::from_secs(60)).build(),
            clock,
        }
    }

    /// Counts an ordinary request.
    ///
    /// # Errors
    /// [`Wachten`] when the partner asks too often, or missed too often.
    pub fn gewoon(&self, partner: Oin) -> Result<(), Wachten> {
        self.gemist(partner)?;
        self.tellen(&self.gewoon, partner)
    }

    /// Counts a message about acute danger: in its own lane, which nothing closes. For who missed too often it is as narrow as
    /// guessing is: whoever writes "acute" on its guesses gets no further than without.
    ///
    /// # Errors
    /// [`Wachten`] when the partner sends too many of these.
    pub fn acuut(&self, partner: Oin) -> Result<(), Wachten> {
        self.tellen(&self.acuut, partner)?;
        if self.gemist(partner).is_ok() {
            return Ok(());
        }
        self.tellen(&self.acuut_na_missers, partner)
    }

    /// Counts a request for a token: apart, since without one no acute message goes out.
    ///
    /// # Errors
    /// [`Wachten`] when the partner asks too often, or missed too often.
    pub fn token(&self, partner: Oin) -> Result<(), Wachten> {
        self.gemist(partner)?;
        self.tellen(&self.tokens, partner)
    }

    /// Whether the partner missed too often; counts nothing.
    ///
    /// # Errors
    /// [`Wachten`] when it did.
    pub fn gemist(&self, partner: Oin) -> Result<(), Wachten> {
        let Some(tot) = self.geblokkeerd.get(&partner) else { return Ok(()) };
        let over: Duration = tot.duration_since(self.clock.now()).into();
        if over.is_zero() { Ok(()) } else { Err(Wachten(over)) }
    }

    /// Counts a miss. True when it was one too many: then the partner must wait, but for a few acute messages.
    pub fn misser(&self, partner: Oin) -> bool {
        let Err(Wachten(over)) = self.tellen(&self.missers, partner) else { return false };
        self.geblokkeerd.insert(partner, self.clock.now() + over.into());
        true
    }

    fn tellen(&self, emmers: &Emmers<C>, partner: Oin) -> Result<(), Wachten> {
        if emmers.len() > OPRUIMEN_VANAF {
            emmers.retain_recent();
        }
        emmers.check_key(&partner).map_err(|vol| Wachten(vol.wait_time_from(self.clock.now())))
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const EEN: &str = "00000099000000003000";
    const ANDER: &str = "00000099000000004000";

    fn oin(text: &str) -> Oin {
        Oin::parse(text).unwrap()
    }

    fn aantal(n: u32) -> NonZeroU32 {
        NonZeroU32::new(n).unwrap()
    }

    fn drempels() -> (Drempels<FakeRelativeClock>, FakeRelativeClock) {
        let maten = Maten {
            per_seconde: aantal(2),
            tegelijk: aantal(4),
            acuut_per_seconde: aantal(1),
            acuut_tegelijk: aantal(3),
            missers_per_minuut: aantal(6),
        };
        let clock = FakeRelativeClock::default();
        (Drempels::met_klok(maten, clock.clone()), clock)
    }

    #[test]
    fn a_flood_is_held_and_nobody_else_with_it() {
        let (drempels, clock) = drempels();
        assert_eq!((0..10).filter(|_| drempels.gewoon(oin(EEN)).is_ok()).count(), 4);
        assert!(drempels.gewoon(oin(ANDER)).is_ok());
        let Wachten(over) = drempels.gewoon(oin(EEN)).unwrap_err();
        assert_eq!((over, Wachten(over).seconden()), (Duration::from_millis(500), 1));
        clock.advance(Duration::from_secs(1));
        assert_eq!((0..10).filter(|_| drempels.gewoon(oin(EEN)).is_ok()).count(), 2, "what a second gives");
    }

    #[test]
    fn acute_messages_have_a_lane_that_no_flood_fills() {
        let (drempels, clock) = drempels();
        while drempels.gewoon(oin(EEN)).is_ok() {}
        while !drempels.misser(oin(EEN)) {}
        assert!(drempels.gewoon(oin(EEN)).is_err());
        assert_eq!((0..10).filter(|_| drempels.acuut(oin(EEN)).is_ok()).count(), 3);
        clock.advance(Duration::from_secs(1));
        assert_eq!((0..10).filter(|_| drempels.acuut(oin(EEN)).is_ok()).count(), 1);
    }

    #[test]
    fn the_acute_lane_is_no_way_round_for_who_guesses() {
        let (drempels, clock) = drempels();
        let acuut =
            |n: u32| (0..n).map(|_| clock.advance(Duration::from_secs(1))).filter(|()| drempels.acuut(oin(EEN)).is_ok()).count();
        assert_eq!(acuut(60), 60, "one a second, as long as nobody guesses");
        // Each question is a guess: by one in messages that say they are acute, by another in ordinary ones.
        let (mut als_acuut, mut gewoon) = (0, 0);
        for _ in 0..120 {
            als_acuut += acuut(1);
            gewoon += usize::from(drempels.gewoon(oin(ANDER)).is_ok());
            let _counted = (drempels.misser(oin(EEN)), drempels.misser(oin(ANDER)));
        }
        // A block gives six, and six a minute; no more than that beside what anyone may guess.
        assert!((6..=gewoon + 18).contains(&als_acuut) && als_acuut < 60, "{als_acuut} beside {gewoon}");
    }

    #[test]
    fn who_keeps_missing_waits_and_then_may_ask_again() {
        let (drempels, clock) = drempels();
        assert_eq!((0..6).filter(|_| drempels.misser(oin(EEN))).count(), 0);
        assert!(drempels.gemist(oin(EEN)).is_ok());
        assert!(drempels.misser(oin(EEN)), "the seventh in a minute");
        assert_eq!(drempels.gewoon(oin(EEN)).unwrap_err().seconden(), 10);
        assert!(drempels.gewoon(oin(ANDER)).is_ok());
        clock.advance(Duration::from_secs(10));
        assert!(drempels.gewoon(oin(EEN)).is_ok());
    }
}
