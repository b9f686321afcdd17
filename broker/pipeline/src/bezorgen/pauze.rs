//! How long is waited before the next attempt: growing, and drawn anew each time, so that recipients that failed together do
//! not come back together (full jitter).

use std::time::Duration;

use inbreng_domain::{Randomness, terugroep::Bezorgschema};

/// Waited at least: an attempt that fails at once must not become a loop.
const KORTSTE: Duration = Duration::from_millis(100);

/// The pause after so many attempts.
#[must_use]
pub fn pauze(schema: &Bezorgschema, pogingen: u32, random: &dyn Randomness) -> Duration {
    volledige_spreiding(Duration::from_secs(schema.pauze_na(pogingen).into()), random)
}

/// A time between nothing and `hoogstens`, every one as likely; a tenth of a second at least.
#[must_use]
pub fn volledige_spreiding(hoogstens: Duration, random: &dyn Randomness) -> Duration {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    let millis = u64::try_from(hoogstens.as_millis()).unwrap_or(u64::MAX);
    // Of 2^64 values on a few days of milliseconds the remainder favours none noticeably.
    let getrokken = u64::from_le_bytes(bytes) % millis.saturating_add(1);
    Duration::from_millis(getrokken).max(KORTSTE)
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;
    use proptest::prelude::*;

    use super::*;

    fn schema() -> impl Strategy<Value = Bezorgschema> {
        proptest::collection::vec(1u32..=86_400, 1..=16).prop_map(|mut pauzes| {
            pauzes.sort_unstable();
            Bezorgschema::new(pauzes, 15, 100, 3_600).expect("within its bounds")
        })
    }

    proptest! {
        #[test]
        fn a_pause_is_within_its_bound_and_the_bound_grows(schema in schema(), seed: u64, poging in 1u32..50) {
            let random = SeededRandomness::new(seed);
            let grens = Duration::from_secs(schema.pauze_na(poging).into());
            let gewacht = pauze(&schema, poging, &random);
            prop_assert!(gewacht >= KORTSTE && gewacht <= grens);
            prop_assert!(schema.pauze_na(poging) <= schema.pauze_na(poging + 1));
        }

        #[test]
        fn pauses_are_spread_over_the_whole(seed: u64) {
            let (random, vak) = (SeededRandomness::new(seed), Duration::from_secs(400));
            let getrokken: Vec<_> = (0..400).map(|_| volledige_spreiding(vak, &random).as_secs() / 100).collect();
            for kwart in 0..4 {
                let aantal = getrokken.iter().filter(|k| **k == kwart).count();
                prop_assert!((50..=150).contains(&aantal), "quarter {}: {}", kwart, aantal);
            }
        }
    }
}
