//! Instants as people in the Netherlands read them.

use inbreng_domain::{Datum, Tijdstip};
use time::{Date, Duration, Month, OffsetDateTime, UtcOffset, Weekday};

/// `zo 22 nov 2026, 03:15`.
pub(super) fn leesbaar(tijd: Tijdstip) -> String {
    let Ok(utc) = OffsetDateTime::from_unix_timestamp(tijd.unix_millis().div_euclid(1000)) else { return tijd.to_string() };
    let hier = utc.to_offset(verschil(utc));
    let dag = match hier.weekday() {
        Weekday::Monday => "ma",
        Weekday::Tuesday => "di",
        Weekday::Wednesday => "wo",
        Weekday::Thursday => "do",
        Weekday::Friday => "vr",
        Weekday::Saturday => "za",
        Weekday::Sunday => "zo",
    };
    let maand = match hier.month() {
        Month::January => "jan",
        Month::February => "feb",
        Month::March => "mrt",
        Month::April => "apr",
        Month::May => "mei",
        Month::June => "jun",
        Month::July => "jul",
        Month::August => "aug",
        Month::September => "sep",
        Month::October => "okt",
        Month::November => "nov",
        Month::December => "dec",
    };
    format!("{dag} {} {maand} {}, {:02}:{:02}", hier.day(), hier.year(), hier.hour(), hier.minute())
}

/// `3 april 2026`.
pub(super) fn dag(datum: Datum) -> String {
    let datum = datum.date();
    let maand = match datum.month() {
        Month::January => "januari",
        Month::February => "februari",
        Month::March => "maart",
        Month::April => "april",
        Month::May => "mei",
        Month::June => "juni",
        Month::July => "juli",
        Month::August => "augustus",
        Month::September => "september",
        Month::October => "oktober",
        Month::November => "november",
        Month::December => "december",
    };
    format!("{} {maand} {}", datum.day(), datum.year())
}

/// What a browser sends for a day and a time (`2026-11-22T14:30`), as the instant it is in the Netherlands. In the hour that comes
/// twice the first; in the one that never comes nothing.
pub(super) fn uit_invoer(tekst: &str) -> Option<Tijdstip> {
    let (dag, tijd) = tekst.split_once(['T', ' '])?;
    let uur = tijd.get(..5).filter(|_| matches!(tijd.len(), 5 | 8))?;
    let hier = Tijdstip::parse(&format!("{dag}T{uur}:00.000Z")).ok()?.offset();
    [2, 1].into_iter().find_map(|uren| {
        let utc = hier - Duration::hours(uren);
        (i64::from(verschil(utc).whole_hours()) == uren).then(|| Tijdstip::from_offset(utc))
    })
}

/// Dutch time: summer from the last Sunday of March, 01:00 UTC, to that of October (Directive 2000/84/EC).
fn verschil(utc: OffsetDateTime) -> UtcOffset {
    let wissel = |maand| laatste_zondag(utc.year(), maand).map(|dag| dag.midnight().assume_utc() + Duration::HOUR);
    let zomer =
        matches!((wissel(Month::March), wissel(Month::October)), (Some(begin), Some(einde)) if begin <= utc && utc < einde);
    UtcOffset::from_hms(if zomer { 2 } else { 1 }, 0, 0).unwrap_or(UtcOffset::UTC)
}

fn laatste_zondag(jaar: i32, maand: Month) -> Option<Date> {
    let laatste = Date::from_calendar_date(jaar, maand, 31).ok()?;
    Some(laatste - Duration::days(i64::from(laatste.weekday().number_days_from_sunday())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_out() {
        let maanden = [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ];
        for (nummer, maand) in (1..).zip(maanden) {
            assert_eq!(dag(Datum::parse(&format!("2026-{nummer:02}-03")).unwrap()), format!("3 {maand} 2026"));
        }
        assert_eq!(dag(Datum::parse("2028-02-29").unwrap()), "29 februari 2028");
    }

    #[test]
    fn what_was_filled_in_is_dutch_time() {
        for (invoer, utc) in [
            ("2026-11-22T03:15", "2026-11-22T02:15:00.000Z"),
            ("2026-07-02 00:30", "2026-07-01T22:30:00.000Z"),
            ("2026-03-29T03:00:00", "2026-03-29T01:00:00.000Z"),
            ("2026-10-25T02:30", "2026-10-25T00:30:00.000Z"),
        ] {
            assert_eq!(uit_invoer(invoer), Tijdstip::parse(utc).ok(), "{invoer}");
        }
        for fout in ["2026-03-29T02:30", "2026-11-22", "2026-11-22T25:00", "morgen", "2026-11-22T3:15é"] {
            assert_eq!(uit_invoer(fout), None, "{fout}");
        }
    }

    #[test]
    fn winter_and_summer() {
        let zo = |tekst: &str| leesbaar(Tijdstip::parse(tekst).unwrap());
        assert_eq!(zo("2026-11-22T02:15:00.000Z"), "zo 22 nov 2026, 03:15");
        assert_eq!(zo("2026-07-01T22:30:00.000Z"), "do 2 jul 2026, 00:30");
        assert_eq!(zo("2026-03-29T00:59:00.000Z"), "zo 29 mrt 2026, 01:59");
        assert_eq!(zo("2026-03-29T01:00:00.000Z"), "zo 29 mrt 2026, 03:00");
        assert_eq!(zo("2026-10-25T01:00:00.000Z"), "zo 25 okt 2026, 02:00");
    }
}
