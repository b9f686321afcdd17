//! The clock at the start. An adapter cannot see that it was started by a wrong clock; but what it took has a moment, and a clock that is
//! before the newest of those is wrong, or was. Until it is past it, or somebody has looked, nothing is taken, sent or judged: by such a
//! clock certificates and keys of others do not hold yet, and what is refused by that is refused for good.
//!
//! Of a clock that is ahead the store says nothing. The hub does: by more than half a minute it gives no token.

use std::sync::{Mutex, PoisonError};

use inbreng_domain::Tijdstip;
use time::Duration;

/// So far the clock may be before what is stored: as far as clocks are led back.
const SPELING: Duration = Duration::minutes(1);

/// The newest moment in the store, where the clock was before it at the start; until it is past it.
#[derive(Debug, Default)]
pub(crate) struct Klokstand(Mutex<Option<Tijdstip>>);

impl Klokstand {
    /// What the store says of this moment, at the start.
    pub(crate) fn bij_start(nieuwste: Option<Tijdstip>, nu: Tijdstip) -> Self {
        Self(Mutex::new(nieuwste.filter(|nieuwste| achter(*nieuwste, nu).is_some())))
    }

    /// How far this moment is before what is stored. Once it is not, it is not asked again.
    pub(crate) fn achter(&self, nu: Tijdstip) -> Option<Duration> {
        let mut nieuwste = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = achter((*nieuwste)?, nu);
        if over.is_none() {
            *nieuwste = None;
            tracing::warn!("de klok loopt niet meer achter; de adapter gaat verder");
        }
        over
    }

    /// Somebody has looked: the clock is right as it stands now.
    pub(crate) fn staat_goed(&self) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::warn!("de klok staat goed, is gezegd; de adapter gaat verder");
        }
    }
}

/// How far this moment is before the newest that is stored, where that is more than clocks are led back.
pub(crate) fn achter(nieuwste: Tijdstip, nu: Tijdstip) -> Option<Duration> {
    Some(nieuwste.since(nu)).filter(|achter| *achter > SPELING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testsleutels::nu;

    #[test]
    fn a_clock_before_the_store_is_wrong_until_it_is_past_it_or_somebody_has_looked() {
        let (vroeger, later) = (nu().plus(-Duration::HOUR), nu().plus(Duration::HOUR));
        assert_eq!(Klokstand::bij_start(None, vroeger).achter(vroeger), None, "an empty store says nothing");
        let stand = Klokstand::bij_start(Some(nu()), later);
        assert_eq!(stand.achter(vroeger), None, "it was right at the start");
        assert_eq!(Klokstand::bij_start(Some(nu()), nu().plus(-SPELING)).achter(vroeger), None, "as far as clocks are led back");

        let stand = Klokstand::bij_start(Some(nu()), vroeger);
        assert_eq!(stand.achter(vroeger), Some(Duration::HOUR));
        assert_eq!(stand.achter(nu()), None);
        assert_eq!(stand.achter(vroeger), None, "once it was past it");

        let stand = Klokstand::bij_start(Some(nu()), vroeger);
        stand.staat_goed();
        assert_eq!(stand.achter(vroeger), None);
    }
}
