//! Terms in working days, by the calendar of the covenant.

use inbreng_domain::{Datum, Tijdstip};
use time::{Duration, Weekday};

/// The instant this many working days later, at the same time of day (UTC). Saturdays, Sundays and the given days do not
/// count; a term that would not end within ten years ends there.
pub(crate) fn na_werkdagen(vanaf: Tijdstip, werkdagen: u16, vrij: &[Datum]) -> Tijdstip {
    let mut at = vanaf;
    let mut left = werkdagen;
    for _ in 0..3_660 {
        if left == 0 {
            break;
        }
        at = at.plus(Duration::DAY);
        let date = at.offset().date();
        let works = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && vrij.iter().all(|v| v.date() != date);
        left -= u16::from(works);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_and_free_days_do_not_count() {
        let friday = Tijdstip::parse("2026-11-20T15:00:00.000Z").unwrap();
        assert_eq!(na_werkdagen(friday, 1, &[]).to_string(), "2026-11-23T15:00:00.000Z");
        assert_eq!(na_werkdagen(friday, 10, &[]).to_string(), "2026-12-04T15:00:00.000Z");
        let before_christmas = Tijdstip::parse("2026-12-24T09:00:00.000Z").unwrap();
        let free = [Datum::parse("2026-12-25").unwrap(), Datum::parse("2026-12-26").unwrap()];
        assert_eq!(na_werkdagen(before_christmas, 2, &free).to_string(), "2026-12-29T09:00:00.000Z");
        assert_eq!(na_werkdagen(friday, 0, &[]), friday);
    }
}
