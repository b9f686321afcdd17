//! The breaker of one recipient: after a few failures in a row nothing is brought but now and then one delivery, to see
//! whether it is back. So a recipient that is down costs one attempt at a time, however much waits for it.

use std::time::Duration;

use inbreng_domain::{Randomness, Tijdstip, terugroep::Bezorgschema};

use super::pauze::volledige_spreiding;

/// Failures in a row after which it opens.
const DREMPEL: u32 = 3;
/// The longest between two tries: a recipient that is back should not wait long for it to be noticed.
const LANGSTE: Duration = Duration::from_secs(60);

/// The state of a recipient, as this process has seen it.
#[derive(Debug, Clone, Default)]
pub struct Breker {
    mislukt: u32,
    tot: Option<Tijdstip>,
    /// It answered at least once since this process started.
    bekend: bool,
}

/// What may be done for a recipient now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doorgang {
    /// Whatever is due.
    Vrij,
    /// Nobody here knows yet whether it answers: one at a time in each lane.
    Nieuw,
    /// It failed just now: one at a time in each lane.
    Voorzichtig,
    /// One delivery in all, to see whether it is back.
    Proef,
    /// Nothing until then.
    Dicht(Tijdstip),
}

impl Breker {
    /// What may be done now.
    #[must_use]
    pub fn doorgang(&self, nu: Tijdstip) -> Doorgang {
        match self.tot {
            // Further away than it was ever put: the clock was set back meanwhile.
            Some(tot) if nu < tot && tot.since(nu) <= LANGSTE => Doorgang::Dicht(tot),
            Some(_) => Doorgang::Proef,
            None if self.mislukt > 0 => Doorgang::Voorzichtig,
            None if !self.bekend => Doorgang::Nieuw,
            None => Doorgang::Vrij,
        }
    }

    /// The recipient answered as it should, or at least answered for itself. True: it had failed before, and is back.
    pub fn gelukt(&mut self) -> bool {
        let was_dicht = self.tot.is_some();
        *self = Self { bekend: true, ..Self::default() };
        was_dicht
    }

    /// The recipient failed. True: from now on it is let alone, which it was not before.
    pub fn mislukt(&mut self, nu: Tijdstip, schema: &Bezorgschema, random: &dyn Randomness) -> bool {
        self.mislukt = self.mislukt.saturating_add(1);
        if self.mislukt < DREMPEL {
            return false;
        }
        let was_vrij = self.tot.is_none();
        let keer = self.mislukt - DREMPEL + 1;
        let hoogstens = Duration::from_secs(schema.pauze_na(keer).into()).min(LANGSTE);
        let wacht = time::Duration::try_from(volledige_spreiding(hoogstens, random)).unwrap_or(time::Duration::MINUTE);
        self.tot = Some(nu.plus(wacht));
        was_vrij
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever happens in whatever order: it opens after three failures in a row and not before, lets one through when
        /// its time has come, which comes within a minute, and one success closes it.
        #[test]
        fn it_follows_the_last_results(seed: u64, gebeurtenissen in proptest::collection::vec((any::<bool>(), 0i64..120), 1..60)) {
            let (random, schema) = (SeededRandomness::new(seed), Bezorgschema::default());
            let (mut breker, mut nu, mut op_rij, mut bekend) = (Breker::default(), Tijdstip::from_unix_millis(0), 0, false);
            prop_assert_eq!(breker.doorgang(nu), Doorgang::Nieuw);
            for (gelukt, later) in gebeurtenissen {
                nu = nu.plus(time::Duration::seconds(later));
                if gelukt {
                    prop_assert_eq!(breker.gelukt(), op_rij >= DREMPEL);
                    (op_rij, bekend) = (0, true);
                } else {
                    op_rij += 1;
                    prop_assert_eq!(breker.mislukt(nu, &schema, &random), op_rij == DREMPEL);
                }
                match breker.doorgang(nu) {
                    Doorgang::Vrij => prop_assert!(op_rij == 0 && bekend),
                    Doorgang::Nieuw => prop_assert!(false, "something happened by now"),
                    Doorgang::Voorzichtig => prop_assert!((1..DREMPEL).contains(&op_rij)),
                    Doorgang::Dicht(tot) => {
                        prop_assert!(op_rij >= DREMPEL);
                        prop_assert!(tot > nu && tot.since(nu) <= time::Duration::MINUTE);
                        prop_assert_eq!(breker.doorgang(tot), Doorgang::Proef);
                    }
                    Doorgang::Proef => prop_assert!(false, "it was closed just now"),
                }
            }
        }
    }
}
