//! Trying again: pauses that grow, with jitter, so that many adapters do not come back at one moment; and no sooner than the hub asks.

use std::time::Duration;

use inbreng_domain::Randomness;
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

/// Attempts after the first within one call; what still fails then waits in the store.
pub(super) const SNEL: u32 = 2;

const EERSTE: Duration = Duration::from_millis(200);
const LANGSTE: Duration = Duration::from_secs(60);
/// The longest `Retry-After` that is heeded; with its jitter it stays below what the store puts off (`store::LANGSTE_UITSTEL`).
const LANGST_GEVRAAGD: Duration = Duration::from_secs(180);

/// How long to wait before attempt `poging` (from 1): doubling from 0.2 to 60 seconds, of which a random half to whole.
#[must_use]
pub fn pauze(poging: u32, random: &dyn Randomness) -> Duration {
    let vol = EERSTE.saturating_mul(1u32.checked_shl(poging.saturating_sub(1).min(16)).unwrap_or(u32::MAX)).min(LANGSTE);
    let half = vol / 2;
    half + half.mul_f64(toeval(random))
}

/// The same, and never shorter than the hub asks (`pas_na`, from [`super::Hubfout::pas_na`]): at most a quarter longer, by chance.
#[must_use]
pub fn pauze_na(poging: u32, pas_na: Option<Duration>, random: &dyn Randomness) -> Duration {
    let gevraagd = pas_na.map(|tijd| tijd + (tijd / 4).mul_f64(toeval(random)));
    pauze(poging, random).max(gevraagd.unwrap_or_default())
}

/// A number from 0 to 1.
fn toeval(random: &dyn Randomness) -> f64 {
    let mut byte = [0u8; 1];
    random.fill(&mut byte);
    f64::from(byte[0]) / 255.0
}

/// How long an answer asks to wait, by its headers.
pub(super) fn gevraagd(koppen: &HeaderMap) -> Option<Duration> {
    let kop = |naam: HeaderName| koppen.get(naam).map(HeaderValue::as_bytes);
    pas_na(kop(RETRY_AFTER)?, kop(DATE))
}

/// How long an answer asks to wait by its `Retry-After` (RFC 9110 §10.2.3), three minutes at most: in seconds, or as an instant, which
/// counts from the answer's own `Date`, so that our clock has no part in it. What is neither asks nothing.
#[must_use]
pub fn pas_na(wacht: &[u8], datum: Option<&[u8]>) -> Option<Duration> {
    let tekst = |kop| std::str::from_utf8(kop).ok().map(str::trim);
    let wacht = tekst(wacht)?;
    let wacht = if !wacht.is_empty() && wacht.bytes().all(|b| b.is_ascii_digit()) {
        // More than a number can hold is long, too.
        Duration::from_secs(wacht.parse().unwrap_or(u64::MAX))
    } else {
        let moment = |tekst| httpdate::parse_http_date(tekst).ok();
        moment(wacht)?.duration_since(moment(tekst(datum?)?)?).unwrap_or_default()
    };
    Some(wacht.min(LANGST_GEVRAAGD))
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

    #[test]
    fn no_pause_is_shorter_than_what_was_asked_nor_longer_than_the_store_puts_off() {
        let random = SeededRandomness::new(1);
        for poging in 1..40 {
            for gevraagd in [0, 1, 5, 90, 180].map(Duration::from_secs) {
                let wacht = pauze_na(poging, Some(gevraagd), &random);
                assert!(wacht >= gevraagd && wacht < Duration::from_secs(300), "{poging}, {gevraagd:?}: {wacht:?}");
            }
            assert!(pauze_na(poging, None, &random) <= LANGSTE);
        }
        let anders: std::collections::BTreeSet<_> = (0..20).map(|_| pauze_na(1, Some(LANGST_GEVRAAGD), &random)).collect();
        assert!(anders.len() > 1, "not all at one moment");
    }

    #[test]
    fn what_is_asked_is_seconds_or_an_instant_and_bounded() {
        let datum = "Mon, 23 Nov 2026 07:00:00 GMT";
        let gevraagd = |wacht: &str, datum: Option<&str>| {
            let mut koppen = HeaderMap::new();
            koppen.insert(RETRY_AFTER, wacht.parse().unwrap());
            if let Some(datum) = datum {
                koppen.insert(DATE, datum.parse().unwrap());
            }
            super::gevraagd(&koppen).map(|d| d.as_secs())
        };
        for (wacht, seconden) in [
            ("5", 5),
            ("0", 0),
            (" 007 ", 7),
            ("180", 180),
            ("181", 180),
            ("18446744073709551616", 180),
            ("Mon, 23 Nov 2026 07:00:30 GMT", 30),
            ("Monday, 23-Nov-26 07:00:30 GMT", 30),
            ("Mon Nov 23 07:00:30 2026", 30),
            ("Mon, 23 Nov 2026 06:59:00 GMT", 0),
            ("Tue, 24 Nov 2026 07:00:00 GMT", 180),
        ] {
            assert_eq!(gevraagd(wacht, Some(datum)), Some(seconden), "{wacht}");
        }
        for geen in ["", "-5", "+5", "1.5", "straks", "Mon, 23 Nov 2026 07:00:30 CET"] {
            assert_eq!(gevraagd(geen, Some(datum)), None, "{geen}");
        }
        assert_eq!(gevraagd("Mon, 23 Nov 2026 07:00:30 GMT", None), None, "by whose clock");
        assert_eq!(super::gevraagd(&HeaderMap::new()), None);
    }
}
