//! Instants and dates, each in one spelling.

use std::borrow::Cow;

use time::{Date, Duration, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use crate::{ids::InvalidId, macros::string_newtype};

const INSTANT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// An instant: RFC 3339 in UTC with milliseconds, `2026-11-22T01:02:03.456Z`.
///
/// One spelling only, because instants stand inside signed texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tijdstip(OffsetDateTime);

impl Tijdstip {
    /// Parses the one spelling.
    ///
    /// # Errors
    /// [`InvalidId`] for any other form of a date and time.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("tijd", "RFC 3339 in UTC met milliseconden, zoals 2026-11-22T01:02:03.456Z");
        let parsed = time::PrimitiveDateTime::parse(s, INSTANT).map_err(|_| RULE)?.assume_utc();
        if s.len() == 24 { Ok(Self(parsed)) } else { Err(RULE) }
    }

    /// Parses what a person writes, who looks at a clock on a wall: RFC 3339, of any offset, with or without a fraction.
    ///
    /// # Errors
    /// [`InvalidId`] for any other form of a date and time.
    pub fn rfc3339(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("tijd", "RFC 3339, zoals 2026-11-22T14:03:00+01:00");
        OffsetDateTime::parse(s.trim(), &time::format_description::well_known::Rfc3339).map(Self::from_offset).map_err(|_| RULE)
    }

    /// Cuts an instant to whole milliseconds.
    #[must_use]
    pub fn from_offset(at: OffsetDateTime) -> Self {
        Self::from_unix_millis(i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
    }

    /// From milliseconds since 1970; what cannot be represented becomes 1970.
    #[must_use]
    pub fn from_unix_millis(millis: i64) -> Self {
        Self(OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        i64::try_from(self.0.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    }

    /// Later (or, with a negative duration, earlier) by this much.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.checked_add(by).unwrap_or(self.0))
    }

    /// How long after `earlier` this is.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0 - earlier.0
    }

    /// The instant for the `time` crate.
    #[must_use]
    pub const fn offset(self) -> OffsetDateTime {
        self.0
    }

    /// The one spelling.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.format(INSTANT).unwrap_or_default())
    }
}
string_newtype!(Tijdstip);

/// A date: `2026-11-22`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Datum(Date);

impl Datum {
    /// Parses `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else, impossible dates included.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("datum", "JJJJ-MM-DD");
        if s.len() != 10 {
            return Err(RULE);
        }
        Date::parse(s, DATE).map(Self).map_err(|_| RULE)
    }

    /// Of a calendar date.
    #[must_use]
    pub const fn from_date(date: Date) -> Self {
        Self(date)
    }

    /// The calendar date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.format(DATE).unwrap_or_default())
    }
}
string_newtype!(Datum);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_an_instant() {
        let s = "2026-11-22T01:02:03.456Z";
        assert_eq!(Tijdstip::parse(s).unwrap().to_string(), s);
        assert_eq!(Tijdstip::from_unix_millis(Tijdstip::parse(s).unwrap().unix_millis()).to_string(), s);
        for wrong in
            ["2026-11-22T01:02:03Z", "2026-11-22T01:02:03.456+00:00", "2026-11-22T01:02:03.4560Z", "2026-13-22T01:02:03.456Z", ""]
        {
            assert!(Tijdstip::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_person_writes_an_instant_with_any_offset() {
        let nu = Tijdstip::parse("2026-11-22T13:03:00.000Z").unwrap();
        for s in ["2026-11-22T13:03:00Z", "2026-11-22T14:03:00+01:00", " 2026-11-22T13:03:00.0Z\n", "2026-11-22T08:33:00-04:30"] {
            assert_eq!(Tijdstip::rfc3339(s).unwrap(), nu, "{s}");
        }
        for wrong in ["2026-11-22T13:03:00", "2026-11-22T13:03Z", "14:03", "nu", ""] {
            assert!(Tijdstip::rfc3339(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_exist() {
        assert!(Datum::parse("2026-02-29").is_err());
        assert_eq!(Datum::parse("2028-02-29").unwrap().to_string(), "2028-02-29");
    }
}
