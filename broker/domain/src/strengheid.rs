//! Over-strictness made visible (R34): where more was allowed than was shared. Counts of closed months, without any person, small
//! numbers left out (R43).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, OffsetDateTime, Time};

use crate::{
    Oin, RegelId, Tijdstip,
    ids::InvalidId,
    macros::{string_newtype, vocabulary},
};

/// Smaller counts are left out, none at all among them: nobody shall be recognised in them (R43). A covenant may hide more.
pub const ONDERGRENS: u64 = 5;

vocabulary!(
    /// What is counted.
    Strengheidssoort, "strengheidssoort" {
        /// Refused, while a small change would have made it allowed.
        GeweigerdMetAlternatief = "geweigerd-met-alternatief",
        /// "Mag dit?" was answered with yes, and it was not sent within the term.
        ToegestaanNietGedeeld = "toegestaan-niet-gedeeld",
        /// Answered "not shared", with a reason, where sharing was allowed.
        NietGedeeldMetReden = "niet-gedeeld-met-reden",
    }
);

/// A calendar month (UTC): `2026-10`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Maand(Date);

impl Maand {
    /// Parses `JJJJ-MM`.
    ///
    /// # Errors
    /// [`InvalidId`] for anything else.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("maand", "JJJJ-MM");
        let (jaar, maand) = s.split_once('-').filter(|(j, m)| j.len() == 4 && m.len() == 2).ok_or(RULE)?;
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if !digits(jaar) || !digits(maand) {
            return Err(RULE);
        }
        let maand: u8 = maand.parse().map_err(|_| RULE)?;
        let maand = Month::try_from(maand).map_err(|_| RULE)?;
        Date::from_calendar_date(jaar.parse().map_err(|_| RULE)?, maand, 1).map(Self).map_err(|_| RULE)
    }

    /// Its first instant.
    #[must_use]
    pub fn begin(self) -> Tijdstip {
        instant(self.0)
    }

    /// The first instant after it.
    #[must_use]
    pub fn einde(self) -> Tijdstip {
        // Thirty-two days after the first is always in the next month.
        let daarna = self.0.saturating_add(Duration::days(32));
        instant(daarna.replace_day(1).unwrap_or(daarna))
    }

    /// `JJJJ-MM`.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(format!("{:04}-{:02}", self.0.year(), u8::from(self.0.month())))
    }
}
string_newtype!(Maand);

fn instant(dag: Date) -> Tijdstip {
    let seconden = OffsetDateTime::new_utc(dag, Time::MIDNIGHT).unix_timestamp();
    Tijdstip::from_unix_millis(seconden.saturating_mul(1000))
}

/// The counts of one closed month. They never change: no two reports can be subtracted from each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strengheid {
    /// The month in which it was decided.
    pub maand: Maand,
    /// Counts below this are left out.
    pub ondergrens: u64,
    /// The counts, in order of organisation, kind and rule.
    pub regels: Vec<Strengheidsregel>,
}

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strengheidsregel {
    /// The organisation that would have shared.
    pub organisatie: Oin,
    /// What was counted.
    pub soort: Strengheidssoort,
    /// The first of the rules that decided.
    pub regel: RegelId,
    /// How often: each part and recipient once.
    pub aantal: u64,
}

impl Strengheid {
    /// What one organisation may see: its own.
    #[must_use]
    pub fn van(&self, organisatie: Oin) -> Self {
        let regels = self.regels.iter().filter(|r| r.organisatie == organisatie).cloned().collect();
        Self { regels, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_beginning_and_an_end() {
        for (maand, begin, einde) in [
            ("2026-10", "2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"),
            ("2026-12", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
            ("2028-02", "2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z"),
        ] {
            let gelezen = Maand::parse(maand).unwrap();
            assert_eq!(
                (gelezen.to_string(), gelezen.begin().to_string(), gelezen.einde().to_string()),
                (maand.into(), begin.into(), einde.into())
            );
        }
        for fout in ["", "2026", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "+026-10", "2026-+1"] {
            assert!(Maand::parse(fout).is_err(), "{fout}");
        }
    }
}
