//! Trying again: pauses that grow, with jitter, so that many adapters do not come back at one moment.

use std::time::Duration;

use inbreng_domain::Randomness;

/// Attempts after the first within one call; what still fails then waits in the store.
pub(super) const SNEL: u32 = 2;

const EERSTE: Duration = Duration::from_millis(200);
const LANGSTE: Duration = Duration::from_secs(60);

/// How long to wait before attempt `poging` (from 1): doubling from 0.2 to 60 seconds, of which a random half to whole.
#[must_use]
pub fn pauze(poging: u32, random: &dyn Randomness) -> Duration {
    let mut byte = [0u8; 1];
    random.fill(&mut byte);
    let vol = EERSTE.saturating_mul(1u32.checked_shl(poging.saturating_sub(1).min(16)).unwrap_or(u32::MAX)).min(LANGSTE);
    let half = vol / 2;
    half + half.mul_f64(f64::from(byte[0]) / 255.0)
}

#[cfg(test)]
mod tests {
    use inbreng_domain::randomness::SeededRandomness;

    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        let random = SeededRandomness::new(1);
        for poging in 1..40 {
            let wacht = pauze(poging, &random);
            assert!(wacht >= EERSTE / 2 && wacht <= LANGSTE, "{poging}: {wacht:?}");
        }
        assert!(pauze(20, &random) >= LANGSTE / 2);
        assert!(pauze(1, &random) <= EERSTE);
    }
}
