//! A clock that jumps. A hub counts its terms by the clock of its machine, and has beside it one that never jumps: where the two part
//! within a moment, the machine's was set. That is reported; what cannot be undone waits until somebody has looked; and what waits for
//! an instant that lies behind the jump is due at once.
//!
//! A process that starts by a wrong clock sees no jump. It has the log: a clock that is before its newest leaf is wrong, or was when that
//! was written. Until it is past it, or somebody has looked, nothing is taken in. Of a clock that is ahead at the start the log says
//! nothing: that nothing came for a while is no news.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Instant,
};

use inbreng_domain::{ProblemCode, Tijdstip};
use time::Duration;

use inbreng_storage::{Store, StoreResult};

use crate::{Fout, Hub};

/// What is a jump: more than a machine that stood still for a moment, or a clock that is led gently, ever differs.
const SPRONG: Duration = Duration::seconds(10);
/// How far the clock may be from where it would be without jumps, before nothing ends by its age alone.
const VERTROUWD: Duration = Duration::minutes(1);

/// How long after a jump, also one that put it right, what was looked up before may still be believed by somebody.
const NASLEEP: std::time::Duration = std::time::Duration::from_secs(10);

/// Leaves of several processes, whose clocks may differ a little, stand in the log in the order in which they were written: the newest
/// moment is among these last ones. What one of them wrote by a clock that ran ahead is soon not among them.
const LAATSTE_BLADEN: u32 = 16;

/// How the clock has behaved since it is watched.
#[derive(Debug, Default)]
pub(crate) struct Klokstand {
    /// When both clocks were read last; nothing while nobody watches.
    vorige: Mutex<Option<(Tijdstip, Instant)>>,
    keer: AtomicU64,
    afwijking_millis: AtomicI64,
    /// When it jumped last, by the clock that does not.
    laatste: Mutex<Option<Instant>>,
    /// It was set back, and what waits for an instant behind that has not been made due.
    teruggezet: AtomicBool,
    /// The newest moment in the log, where the clock was before it at the start; until it is past it.
    logboek: Mutex<Option<Tijdstip>>,
}

/// What there is to say of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Klokbeeld {
    /// How often it jumped.
    pub keer: u64,
    /// How far it is from where it would be without its jumps: ahead, or behind (negative).
    pub afwijking: Duration,
}

/// The newest moment in the log of a store; nothing of an empty one.
pub(crate) async fn nieuwste_moment(store: &dyn Store) -> StoreResult<Option<Tijdstip>> {
    let (omvang, _) = store.hoofd().await?;
    let bladen = store.bladen(omvang.saturating_sub(LAATSTE_BLADEN.into()), LAATSTE_BLADEN).await?;
    Ok(bladen.iter().map(|blad| blad.tijd).max())
}

impl Klokstand {
    /// At the start, when there is no other clock to compare with: a log that goes on to this moment.
    pub(crate) fn bij_start(nieuwste: Option<Tijdstip>, nu: Tijdstip) -> Self {
        let achter = nieuwste.filter(|nieuwste| nieuwste.since(nu) > VERTROUWD);
        Self { logboek: Mutex::new(achter), ..Self::default() }
    }

    /// How far this moment is before the log; nothing where the clock was not so at the start.
    fn achter(&self, nu: Tijdstip) -> Option<Duration> {
        let nieuwste = (*self.logboek.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(nieuwste.since(nu)).filter(|achter| *achter > VERTROUWD)
    }

    /// What the log goes on to now.
    fn logboek_is(&self, nieuwste: Option<Tijdstip>) {
        if let (Some(toen), Some(nu)) = (&mut *self.logboek.lock().unwrap_or_else(PoisonError::into_inner), nieuwste) {
            *toen = nu;
        }
    }

    /// Whether the clock was before the log at the start, and nobody has said yet that it is right.
    fn was_achter(&self) -> bool {
        self.logboek.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The log is not asked any more. Whether it still was.
    fn logboek_vergeten(&self) -> bool {
        self.logboek.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }

    /// Compares this reading of both clocks with the one before; gives the jump, where there was one.
    fn nakijken(&self, wand: Tijdstip, vast: Instant) -> Option<Duration> {
        let (toen_wand, toen_vast) = self.vorige.lock().unwrap_or_else(PoisonError::into_inner).replace((wand, vast))?;
        let verlopen = Duration::try_from(vast.saturating_duration_since(toen_vast)).unwrap_or_default();
        let sprong = wand.since(toen_wand) - verlopen;
        if sprong.abs() < SPRONG {
            return None;
        }
        self.keer.fetch_add(1, Ordering::Relaxed);
        let millis = i64::try_from(sprong.whole_milliseconds()).unwrap_or(0);
        self.afwijking_millis.fetch_add(millis, Ordering::Relaxed);
        self.teruggezet.fetch_or(sprong.is_negative(), Ordering::SeqCst);
        *self.laatste.lock().unwrap_or_else(PoisonError::into_inner) = Some(vast);
        Some(sprong)
    }

    fn beeld(&self) -> Klokbeeld {
        let afwijking = Duration::milliseconds(self.afwijking_millis.load(Ordering::Relaxed));
        Klokbeeld { keer: self.keer.load(Ordering::Relaxed), afwijking }
    }

    fn wordt_bekeken(&self) -> bool {
        self.vorige.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether what is too old by this clock may be taken to be too old.
    fn vertrouwd(&self, vast: Instant) -> bool {
        let laatste = *self.laatste.lock().unwrap_or_else(PoisonError::into_inner);
        let rust = laatste.is_none_or(|sprong| vast.saturating_duration_since(sprong) >= NASLEEP);
        rust && self.beeld().afwijking.abs() < VERTROUWD
    }
}

impl Hub {
    /// Looks whether the clock has jumped since the last look, and does what that asks. Called now and then by who watches; nothing
    /// is a jump before the first call.
    ///
    /// # Errors
    /// When the store does not answer; the next call does what is left.
    pub async fn klok_bewaken(&self) -> Result<(), Fout> {
        self.klok_nakijken();
        if self.klok_achter().is_some() {
            // Others on the same store write on. Where their moments are like ours, what stood there was by a clock that ran ahead.
            self.klok.logboek_is(nieuwste_moment(self.store()).await?);
        }
        if !self.klok.teruggezet.load(Ordering::SeqCst) {
            return Ok(());
        }
        let nu = self.clock.now();
        for ontvanger in self.terugroepen.ontvangers() {
            self.store.bezorging_versnellen(ontvanger, nu).await?;
        }
        self.klok.teruggezet.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// How the clock has behaved since it is watched.
    #[must_use]
    pub fn klok(&self) -> Klokbeeld {
        self.klok.beeld()
    }

    /// How far the clock is before what the log already held when this process began. While it is, every moment that it gives is wrong,
    /// and every answer would be by it.
    #[must_use]
    pub fn klok_achter(&self) -> Option<Duration> {
        self.klok.achter(self.clock.now())
    }

    /// The clock was before the log at the start, and now it is not: it was set right, which is no jump to be wary of. What was read by it is
    /// to be read again, and then it is to be said that it [stands right](Self::klok_staat_goed): until that it is not believed, because who is
    /// known now may seem unknown.
    #[must_use]
    pub fn klok_bijgezet(&self) -> bool {
        let bijgezet = self.klok.was_achter() && self.klok_achter().is_none();
        if bijgezet && self.klok.wordt_bekeken() {
            self.klok_nakijken();
        }
        bijgezet
    }

    /// Nothing is taken in by a clock that is before the log.
    pub(crate) fn klok_bij_logboek(&self) -> Result<(), Fout> {
        match self.klok_achter() {
            Some(_) => Err(Fout::new(ProblemCode::BeleidVerouderd)),
            None => Ok(()),
        }
    }

    /// Somebody has looked, and what was read by another clock is read again: the clock is right as it stands now.
    pub fn klok_staat_goed(&self) {
        let _asked_no_more = self.klok.logboek_vergeten();
        self.klok.afwijking_millis.store(0, Ordering::Relaxed);
        *self.klok.laatste.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether the clock can be believed at this moment, however short ago it jumped: what ends by its age asks this first, and so does
    /// what is about to refuse. Where it jumped, who was known may seem unknown; who is unknown for another reason is asked to come back.
    #[must_use]
    pub fn klok_vertrouwd(&self) -> bool {
        if self.klok.wordt_bekeken() {
            self.klok_nakijken();
        }
        !self.klok.was_achter() && self.klok.vertrouwd(Instant::now())
    }

    /// By a clock that jumped and that nobody has looked at nothing is refused for good: who was known, and what was in force, may not
    /// be by that clock. Who asked is told to ask again.
    pub(crate) fn bij_klok<T>(&self, uitkomst: Result<T, Fout>) -> Result<T, Fout> {
        uitkomst.map_err(|fout| {
            if matches!(fout.code().status(), 403 | 422) && !self.klok_vertrouwd() {
                return Fout::new(ProblemCode::BeleidVerouderd).door(fout);
            }
            fout
        })
    }

    fn klok_nakijken(&self) {
        let Some(sprong) = self.klok.nakijken(self.clock.now(), Instant::now()) else { return };
        let afwijking = self.klok.beeld().afwijking.whole_seconds();
        tracing::warn!(gebeurtenis = "klok-versprongen", seconden = sprong.whole_seconds(), afwijking);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: i64 = 1_795_000_000_000;

    /// A look after so many milliseconds, of which the machine's clock makes so many.
    fn kijken(stand: &Klokstand, begin: Instant, na: u64, wand: i64) -> Option<Duration> {
        stand.nakijken(Tijdstip::from_unix_millis(BEGIN + wand), begin + std::time::Duration::from_millis(na))
    }

    #[test]
    fn a_clock_that_is_before_the_log_at_the_start_is_wrong_until_it_is_past_it() {
        let (logboek, moment) = (Tijdstip::from_unix_millis(BEGIN), |ms: i64| Tijdstip::from_unix_millis(BEGIN + ms));
        let minuut = 60_000;
        assert_eq!(Klokstand::bij_start(None, moment(0)).achter(moment(-minuut * 60)), None, "an empty log says nothing");
        for nu in [0, -minuut, minuut * 60] {
            let stand = Klokstand::bij_start(Some(logboek), moment(nu));
            assert_eq!(stand.achter(moment(nu)), None, "{nu}: as far as clocks of machines differ");
            assert_eq!(stand.achter(moment(-minuut * 60)), None, "later it is a jump, which is judged as one");
        }
        let stand = Klokstand::bij_start(Some(logboek), moment(-minuut * 60));
        assert_eq!(stand.achter(moment(-minuut * 60)), Some(Duration::HOUR));
        assert_eq!(stand.achter(moment(-minuut * 2)), Some(Duration::minutes(2)));
        assert_eq!(stand.achter(moment(minuut)), None);
        assert!(stand.was_achter() && stand.logboek_vergeten() && !stand.was_achter() && !stand.logboek_vergeten());
        assert_eq!(stand.achter(moment(-minuut * 60)), None);
    }

    #[test]
    fn a_jump_is_seen_either_way_and_ends_when_the_clock_is_back() {
        let (stand, begin) = (Klokstand::default(), Instant::now());
        assert!(!stand.wordt_bekeken());
        assert_eq!(kijken(&stand, begin, 0, 0), None, "nothing to compare with");
        assert!(stand.wordt_bekeken());
        // Led gently, or a machine that stood still: both clocks went on.
        assert_eq!(kijken(&stand, begin, 1_000, 1_500), None);
        assert_eq!(kijken(&stand, begin, 301_000, 301_200), None);
        assert_eq!(stand.beeld(), Klokbeeld { keer: 0, afwijking: Duration::ZERO });

        let uur = 3_600_000;
        let vertrouwd = |na: u64| stand.vertrouwd(begin + std::time::Duration::from_millis(na));
        assert!(vertrouwd(301_000));
        assert_eq!(kijken(&stand, begin, 302_000, 302_200 + uur), Some(Duration::HOUR));
        assert!(!vertrouwd(302_000) && !vertrouwd(900_000));
        assert_eq!(kijken(&stand, begin, 303_000, 303_200 + uur), None, "it goes on from there");
        assert_eq!(kijken(&stand, begin, 304_000, 304_200), Some(-Duration::HOUR));
        assert_eq!(stand.beeld(), Klokbeeld { keer: 2, afwijking: Duration::ZERO });
        assert!(!vertrouwd(304_000) && !vertrouwd(313_999), "what was looked up by the other clock may still be about");
        assert!(vertrouwd(314_000));

        assert_eq!(kijken(&stand, begin, 305_000, 305_200 - 24 * uur), Some(-Duration::DAY));
        assert!(!vertrouwd(900_000));
        assert_eq!(stand.beeld(), Klokbeeld { keer: 3, afwijking: -Duration::DAY });
    }
}
