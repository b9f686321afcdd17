//! How often a partner may ask: one bucket for ordinary requests, a lane of its own for messages about acute danger, and a
//! tight one for what looks like guessing. Per organisation, so that nobody stands in another's way.
//!
//! Acute messages, and the check before each, count in their own bucket: no flood of anything else, the partner's own included,
//! holds them up. Who is told to wait because it guessed, gets them through at the pace of guesses: the lane is no way round.
//!
//! Of several processes each has buckets of its own, and takes out of them what was used at the others as soon as it hears of it
//! ([`Drempels::elders`]). So a partner gets no more by asking at all of them, but for what one process cannot have heard yet; and
//! no process waits for another, whatever became of that.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock, Reference},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};
use inbreng_domain::Oin;
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

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

/// Which bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Emmer {
    /// Ordinary requests.
    Gewoon,
    /// Messages about acute danger.
    Acuut,
    /// Tokens.
    Token,
    /// Misses.
    Misser,
    /// Acute messages of who guessed too often.
    AcuutNaMissers,
}

/// What a partner used at one process, for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verbruik {
    /// Who.
    pub partner: Oin,
    /// Of which bucket.
    pub emmer: Emmer,
    /// How much.
    pub aantal: u32,
}

/// What is to be told, and what was heard and did not fit into a bucket yet.
#[derive(Debug, Default)]
struct Delen {
    hier: HashMap<(Oin, Emmer), u32>,
    elders: HashMap<(Oin, Emmer), u32>,
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

/// The buckets of all partners, of one size each.
struct Stel<C: Clock> {
    maten: Maten,
    gewoon: Emmers<C>,
    acuut: Emmers<C>,
    tokens: Emmers<C>,
    missers: Emmers<C>,
    /// Acute messages of who guessed too often.
    acuut_na_missers: Emmers<C>,
}

impl<C: Clock + Clone> Stel<C> {
    fn vol(maten: Maten, clock: &C) -> Self {
        let emmers = |quota| Emmers::new(quota, HashMapStateStore::default(), clock.clone());
        Self {
            maten,
            gewoon: emmers(Quota::per_second(maten.per_seconde).allow_burst(maten.tegelijk)),
            acuut: emmers(Quota::per_second(maten.acuut_per_seconde).allow_burst(maten.acuut_tegelijk)),
            tokens: emmers(Quota::per_second(maten.acuut_per_seconde).allow_burst(maten.acuut_tegelijk)),
            missers: emmers(Quota::per_minute(maten.missers_per_minuut)),
            acuut_na_missers: emmers(Quota::per_minute(maten.missers_per_minuut)),
        }
    }
}

impl<C: Clock> Stel<C> {
    const fn emmers(&self, emmer: Emmer) -> &Emmers<C> {
        match emmer {
            Emmer::Gewoon => &self.gewoon,
            Emmer::Acuut => &self.acuut,
            Emmer::Token => &self.tokens,
            Emmer::Misser => &self.missers,
            Emmer::AcuutNaMissers => &self.acuut_na_missers,
        }
    }

    const fn inhoud(&self, emmer: Emmer) -> u32 {
        match emmer {
            Emmer::Gewoon => self.maten.tegelijk.get(),
            Emmer::Acuut | Emmer::Token => self.maten.acuut_tegelijk.get(),
            Emmer::Misser | Emmer::AcuutNaMissers => self.maten.missers_per_minuut.get(),
        }
    }
}

/// The buckets of all partners.
pub struct Drempels<C: Clock = MonotonicClock> {
    clock: C,
    /// Absent where there is no other process.
    delen: Option<Mutex<Delen>>,
    stel: ArcSwap<Stel<C>>,
    /// Who missed too often, and until when it is told to wait.
    geblokkeerd: Cache<Oin, C::Instant>,
}

impl<C: Clock> std::fmt::Debug for Drempels<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drempels").field("partners", &self.stel.load().gewoon.len()).finish_non_exhaustive()
    }
}

impl Drempels {
    /// Full buckets.
    #[must_use]
    pub fn new(maten: Maten) -> Self {
        Self::met_klok(maten, MonotonicClock)
    }

    /// Full buckets, of one process of several: it keeps what the others must hear.
    #[must_use]
    pub fn gedeeld(maten: Maten) -> Self {
        Self { delen: Some(Mutex::default()), ..Self::new(maten) }
    }
}

impl<C> Drempels<C>
where
    C: Clock + Clone,
    C::Instant: Send + Sync + 'static,
{
    /// Full buckets, on this clock.
    pub fn met_klok(maten: Maten, clock: C) -> Self {
        Self {
            delen: None,
            stel: ArcSwap::from_pointee(Stel::vol(maten, &clock)),
            geblokkeerd: Cache::builder().max_capacity(OPRUIMEN_VANAF as u64).time_to_live(Duration::from_secs(60)).build(),
            clock,
        }
    }

    /// Other sizes from now on. Where they differ, the buckets begin full; who was told to wait after too many misses goes on waiting.
    pub fn vervangen(&self, maten: Maten) {
        if self.stel.load().maten != maten {
            self.stel.store(Arc::new(Stel::vol(maten, &self.clock)));
        }
    }

    /// Counts an ordinary request.
    ///
    /// # Errors
    /// [`Wachten`] when the partner asks too often, or missed too often.
    pub fn gewoon(&self, partner: Oin) -> Result<(), Wachten> {
        self.gemist(partner)?;
        self.tellen(Emmer::Gewoon, partner)
    }

    /// Counts a message about acute danger: in its own lane, which nothing closes. For who missed too often it is as narrow as
    /// guessing is: whoever writes "acute" on its guesses gets no further than without.
    ///
    /// # Errors
    /// [`Wachten`] when the partner sends too many of these.
    pub fn acuut(&self, partner: Oin) -> Result<(), Wachten> {
        self.tellen(Emmer::Acuut, partner)?;
        if self.gemist(partner).is_ok() {
            return Ok(());
        }
        self.tellen(Emmer::AcuutNaMissers, partner)
    }

    /// Counts a request for a token: apart, since without one no acute message goes out.
    ///
    /// # Errors
    /// [`Wachten`] when the partner asks too often, or missed too often.
    pub fn token(&self, partner: Oin) -> Result<(), Wachten> {
        self.gemist(partner)?;
        self.tellen(Emmer::Token, partner)
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
        let Err(Wachten(over)) = self.tellen(Emmer::Misser, partner) else { return false };
        self.geblokkeerd.insert(partner, self.clock.now() + over.into());
        true
    }

    /// What was used here since the last call, for the other processes.
    pub fn verbruik(&self) -> Vec<Verbruik> {
        let hier = self.delen().map(|mut delen| std::mem::take(&mut delen.hier)).unwrap_or_default();
        hier.into_iter().map(|((partner, emmer), aantal)| Verbruik { partner, emmer, aantal }).collect()
    }

    /// Takes out of the buckets what was used at another process. What does not fit is taken out as they fill; no more of it is
    /// remembered than one bucket holds, so that nobody waits long for what happened elsewhere.
    pub fn elders(&self, verbruik: &[Verbruik]) {
        let stel = self.stel.load();
        if let Some(mut delen) = self.delen() {
            if delen.elders.len() > OPRUIMEN_VANAF {
                delen.elders.clear();
            }
            for Verbruik { partner, emmer, aantal } in verbruik.iter().take(OPRUIMEN_VANAF) {
                let schuld = delen.elders.entry((*partner, *emmer)).or_default();
                *schuld = schuld.saturating_add(*aantal).min(stel.inhoud(*emmer));
            }
        }
        self.aflossen();
    }

    /// Takes out what did not fit before. To be called now and then.
    pub fn aflossen(&self) {
        let Some(mut delen) = self.delen() else { return };
        delen.elders.retain(|(partner, emmer), schuld| self.betalen(*emmer, *partner, schuld).is_err());
    }

    fn delen(&self) -> Option<MutexGuard<'_, Delen>> {
        // Counts are whole between any two instructions.
        self.delen.as_ref().map(|delen| delen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tellen(&self, emmer: Emmer, partner: Oin) -> Result<(), Wachten> {
        let stel = self.stel.load();
        let emmers = stel.emmers(emmer);
        if emmers.len() > OPRUIMEN_VANAF {
            emmers.retain_recent();
        }
        if let Some(mut delen) = self.delen()
            && let Some(schuld) = delen.elders.get_mut(&(partner, emmer))
        {
            self.betalen(emmer, partner, schuld)?;
            delen.elders.remove(&(partner, emmer));
        }
        emmers.check_key(&partner).map_err(|vol| Wachten(vol.wait_time_from(self.clock.now())))?;
        if let Some(mut delen) = self.delen() {
            let hier = delen.hier.entry((partner, emmer)).or_default();
            *hier = hier.saturating_add(1);
        }
        Ok(())
    }

    /// Takes as much out of a bucket as fits.
    fn betalen(&self, emmer: Emmer, partner: Oin, schuld: &mut u32) -> Result<(), Wachten> {
        let stel = self.stel.load();
        let emmers = stel.emmers(emmer);
        let mut deel = *schuld;
        while let Some(aantal) = NonZeroU32::new(deel) {
            match emmers.check_key_n(&partner, aantal) {
                Ok(Ok(())) => {
                    *schuld = schuld.saturating_sub(deel);
                    deel = *schuld;
                }
                Ok(Err(vol)) if deel == 1 => return Err(Wachten(vol.wait_time_from(self.clock.now()))),
                Ok(Err(_)) | Err(_) => deel /= 2,
            }
        }
        if *schuld == 0 { Ok(()) } else { Err(Wachten(Duration::from_secs(1))) }
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
    fn other_sizes_count_at_once_and_let_nobody_off_who_guessed() {
        let (drempels, clock) = drempels();
        let door = || (0..20).filter(|_| drempels.gewoon(oin(ANDER)).is_ok()).count();
        while !drempels.misser(oin(EEN)) {}
        assert_eq!(door(), 4);
        let oud = drempels.stel.load().maten;
        drempels.vervangen(oud);
        assert_eq!(door(), 0, "the same sizes are no new buckets");
        drempels.vervangen(Maten { per_seconde: aantal(5), tegelijk: aantal(9), ..oud });
        assert_eq!(door(), 9);
        clock.advance(Duration::from_secs(1));
        assert_eq!(door(), 5);
        assert!(drempels.gewoon(oin(EEN)).is_err());
    }

    #[test]
    fn who_asks_at_two_processes_gets_no_more_than_at_one() {
        let (a, clock) = drempels();
        let (b, andere_klok) = drempels();
        let hubs = [a, b].map(|d| Drempels { delen: Some(Mutex::default()), ..d });
        let tik = |seconden: u64| {
            for klok in [&clock, &andere_klok] {
                klok.advance(Duration::from_secs(seconden));
            }
        };
        let horen = || {
            let [van_a, van_b] = [hubs[0].verbruik(), hubs[1].verbruik()];
            hubs[0].elders(&van_b);
            hubs[1].elders(&van_a);
        };
        let door = |hub: &Drempels<FakeRelativeClock>| (0..10).filter(|_| hub.gewoon(oin(EEN)).is_ok()).count();
        // What one has given, the other does not give again once it has heard.
        assert_eq!(door(&hubs[0]), 4);
        horen();
        assert_eq!(door(&hubs[1]), 0);
        assert!(hubs[1].gewoon(oin(ANDER)).is_ok() && hubs[1].acuut(oin(EEN)).is_ok(), "nobody else, and no other lane");
        horen();
        // A flood at both, for a minute: together what one would have given, and at most one bucket more.
        let mut samen = 0;
        for _ in 0..60 {
            tik(1);
            samen += door(&hubs[0]) + door(&hubs[1]);
            horen();
        }
        assert!((110..=124).contains(&samen), "{samen}");
        // One of them dies: the other gives all there is, after what it had still to take out.
        let alleen: usize = (0..10)
            .map(|_| {
                tik(1);
                door(&hubs[0])
            })
            .sum();
        assert!((14..=20).contains(&alleen), "{alleen}");
        // What was used elsewhere an hour ago says nothing now.
        hubs[0].elders(&[Verbruik { partner: oin(EEN), emmer: Emmer::Gewoon, aantal: u32::MAX }]);
        for _ in 0..10 {
            tik(1);
            hubs[0].aflossen();
        }
        assert_eq!(door(&hubs[0]), 4);
    }

    #[test]
    fn misses_at_two_processes_are_misses_of_one_partner() {
        let (d, _clock) = drempels();
        let drempels = Drempels { delen: Some(Mutex::default()), ..d };
        drempels.elders(&[Verbruik { partner: oin(EEN), emmer: Emmer::Misser, aantal: 6 }]);
        assert!(drempels.misser(oin(EEN)), "the first here is the seventh");
        assert!(!drempels.misser(oin(ANDER)));
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
