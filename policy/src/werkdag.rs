//! Terms in working days, by the calendar of the covenant, and in months.

use inbreng_domain::{Datum, Tijdstip};
use time::{Date, Duration, Month, Weekday};

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

/// The date this many months later: the same day, or the last of a shorter month.
pub(crate) fn na_maanden(dag: Date, maanden: u16) -> Date {
    let vanaf_januari = u32::from(u8::from(dag.month()) - 1) + u32::from(maanden);
    let jaar = i32::try_from(vanaf_januari / 12).unwrap_or(i32::MAX).saturating_add(dag.year());
    let maand = u8::try_from(vanaf_januari % 12 + 1).ok().and_then(|m| Month::try_from(m).ok()).unwrap_or(Month::January);
    Date::from_calendar_date(jaar, maand, dag.day().min(maand.length(jaar))).unwrap_or(Date::MAX)
}

/// The instant this many months later, at the same time of day (UTC).
pub(crate) fn moment_na_maanden(vanaf: Tijdstip, maanden: u16) -> Tijdstip {
    let dag = vanaf.offset().date();
    vanaf.plus(na_maanden(dag, maanden) - dag)
}

/// The instant at which a day begins (UTC).
pub(crate) fn moment_op(dag: Datum) -> Tijdstip {
    Tijdstip::from_unix_millis(dag.date().midnight().assume_utc().unix_timestamp() * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_later_is_the_same_day_or_the_last() {
        for (dag, maanden, verwacht) in [
            ("2026-11-22", 12, "2027-11-22"),
            ("2026-11-22", 6, "2027-05-22"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2027-08-31", 6, "2028-02-29"),
            ("2026-12-01", 1, "2027-01-01"),
            ("2026-12-01", 0, "2026-12-01"),
        ] {
            let na = na_maanden(Datum::parse(dag).unwrap().date(), maanden);
            assert_eq!(Datum::from_date(na).to_string(), verwacht, "{dag} {maanden}");
        }
        let moment = Tijdstip::parse("2026-11-22T01:02:03.004Z").unwrap();
        assert_eq!(moment_na_maanden(moment, 12).to_string(), "2027-11-22T01:02:03.004Z");
    }

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
