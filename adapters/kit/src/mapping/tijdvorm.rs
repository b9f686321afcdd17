//! Dates and times as partners write them, Dutch local time, and age groups.

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};

use inbreng_domain::vocabulary::Leeftijdsgroep;

/// A form such as `DD-MM-JJJJ uu:mm`, or RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Vorm {
    /// Digits of fixed width between fixed characters; times are Dutch local time.
    Tekens(Vec<Teken>),
    /// With its own offset.
    Rfc3339,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teken {
    Jaar,
    Maand,
    Dag,
    Uur,
    Minuut,
    Seconde,
    Los(char),
}

impl Vorm {
    /// Reads `JJJJ`, `MM`, `DD`, `uu`, `mm`, `ss` and the characters between them. A form has a whole date.
    pub(super) fn lezen(tekst: &str) -> Option<Self> {
        if tekst == "RFC3339" {
            return Some(Self::Rfc3339);
        }
        const WOORDEN: [(&str, Teken); 6] = [
            ("JJJJ", Teken::Jaar),
            ("MM", Teken::Maand),
            ("DD", Teken::Dag),
            ("uu", Teken::Uur),
            ("mm", Teken::Minuut),
            ("ss", Teken::Seconde),
        ];
        let mut tekens = Vec::new();
        let mut rest = tekst;
        while let Some(c) = rest.chars().next() {
            if let Some((woord, teken)) = WOORDEN.iter().find(|(w, _)| rest.starts_with(w)) {
                if tekens.contains(teken) {
                    return None;
                }
                tekens.push(*teken);
                rest = rest.strip_prefix(woord)?;
            } else if " -/.:T_".contains(c) {
                tekens.push(Teken::Los(c));
                rest = rest.strip_prefix(c)?;
            } else {
                return None;
            }
        }
        let datum = [Teken::Jaar, Teken::Maand, Teken::Dag].iter().all(|t| tekens.contains(t));
        let uur = tekens.contains(&Teken::Uur) == tekens.contains(&Teken::Minuut);
        (datum && uur && (tekens.contains(&Teken::Uur) || !tekens.contains(&Teken::Seconde))).then_some(Self::Tekens(tekens))
    }

    /// Whether the form says a time beside the date.
    pub(super) fn heeft_tijd(&self) -> bool {
        match self {
            Self::Tekens(t) => t.contains(&Teken::Uur),
            Self::Rfc3339 => true,
        }
    }

    /// The date, in Dutch local time, of a text in this form.
    pub(super) fn datum(&self, tekst: &str) -> Option<Date> {
        match self {
            Self::Tekens(tekens) => ontleed(tekens, tekst).map(PrimitiveDateTime::date),
            Self::Rfc3339 => self.tijdstip(tekst).map(|t| lokaal(t).date()),
        }
    }

    /// The instant of a text in this form.
    pub(super) fn tijdstip(&self, tekst: &str) -> Option<OffsetDateTime> {
        match self {
            Self::Tekens(tekens) => ontleed(tekens, tekst).and_then(utc),
            Self::Rfc3339 => OffsetDateTime::parse(tekst, &Rfc3339).ok().map(|t| t.to_offset(UtcOffset::UTC)),
        }
    }

    /// An instant in this form.
    pub(super) fn schrijf(&self, tijdstip: OffsetDateTime) -> String {
        match self {
            Self::Tekens(_) => self.schrijf_lokaal(lokaal(tijdstip)),
            Self::Rfc3339 => tijdstip.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default(),
        }
    }

    /// A date in this form.
    pub(super) fn schrijf_datum(&self, datum: Date) -> String {
        self.schrijf_lokaal(PrimitiveDateTime::new(datum, Time::MIDNIGHT))
    }

    fn schrijf_lokaal(&self, t: PrimitiveDateTime) -> String {
        let Self::Tekens(tekens) = self else { return self.schrijf(t.assume_utc()) };
        let mut uit = String::new();
        for teken in tekens {
            match teken {
                Teken::Jaar => uit.push_str(&format!("{:04}", t.year())),
                Teken::Maand => uit.push_str(&format!("{:02}", u8::from(t.month()))),
                Teken::Dag => uit.push_str(&format!("{:02}", t.day())),
                Teken::Uur => uit.push_str(&format!("{:02}", t.hour())),
                Teken::Minuut => uit.push_str(&format!("{:02}", t.minute())),
                Teken::Seconde => uit.push_str(&format!("{:02}", t.second())),
                Teken::Los(c) => uit.push(*c),
            }
        }
        uit
    }
}

fn ontleed(tekens: &[Teken], tekst: &str) -> Option<PrimitiveDateTime> {
    let mut rest = tekst;
    let getal = |breedte: usize, rest: &mut &str| -> Option<u16> {
        let cijfers = rest.get(..breedte).filter(|c| c.bytes().all(|b| b.is_ascii_digit()))?;
        *rest = rest.get(breedte..)?;
        cijfers.parse().ok()
    };
    let (mut jaar, mut maand, mut dag, mut uur, mut minuut, mut seconde) = (0u16, 0u16, 0u16, 0u16, 0u16, 0u16);
    for teken in tekens {
        match teken {
            Teken::Jaar => jaar = getal(4, &mut rest)?,
            Teken::Maand => maand = getal(2, &mut rest)?,
            Teken::Dag => dag = getal(2, &mut rest)?,
            Teken::Uur => uur = getal(2, &mut rest)?,
            Teken::Minuut => minuut = getal(2, &mut rest)?,
            Teken::Seconde => seconde = getal(2, &mut rest)?,
            Teken::Los(c) => rest = rest.strip_prefix(*c)?,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    let smal = |n: u16| u8::try_from(n).ok();
    let datum = Date::from_calendar_date(i32::from(jaar), Month::try_from(smal(maand)?).ok()?, smal(dag)?).ok()?;
    Some(PrimitiveDateTime::new(datum, Time::from_hms(smal(uur)?, smal(minuut)?, smal(seconde)?).ok()?))
}

/// The instant at which summer time begins or ends: the last Sunday of March or October, 01:00 UTC
/// (Directive 2000/84/EC, articles 2 and 3).
fn wissel(jaar: i32, maand: Month) -> Option<OffsetDateTime> {
    let laatste = Date::from_calendar_date(jaar, maand, 31).ok()?;
    let terug = i64::from(laatste.weekday().number_days_from_sunday());
    Some(PrimitiveDateTime::new(laatste.checked_sub(Duration::days(terug))?, Time::from_hms(1, 0, 0).ok()?).assume_utc())
}

fn verschil(t: OffsetDateTime) -> Duration {
    let zomer = wissel(t.year(), Month::March).is_some_and(|begin| t >= begin)
        && wissel(t.year(), Month::October).is_some_and(|eind| t < eind);
    Duration::hours(if zomer { 2 } else { 1 })
}

/// Dutch local time of an instant.
fn lokaal(t: OffsetDateTime) -> PrimitiveDateTime {
    let t = t.to_offset(UtcOffset::UTC);
    let plaatselijk = t.checked_add(verschil(t)).unwrap_or(t);
    PrimitiveDateTime::new(plaatselijk.date(), plaatselijk.time())
}

/// The instant of a Dutch local time: none in the hour that is skipped in March, the first in the hour that comes twice
/// in October.
fn utc(plaatselijk: PrimitiveDateTime) -> Option<OffsetDateTime> {
    [2, 1]
        .into_iter()
        .filter_map(|uren| plaatselijk.assume_utc().checked_sub(Duration::hours(uren)))
        .find(|t| lokaal(*t) == plaatselijk)
}

/// The age group (R26) on a day of who was born on `geboren`; none when that is later.
pub(super) fn leeftijdsgroep(geboren: Date, op: Date) -> Option<Leeftijdsgroep> {
    if geboren > op {
        return None;
    }
    let verjaard = (op.month() as u8, op.day()) >= (geboren.month() as u8, geboren.day());
    let leeftijd = op.year() - geboren.year() - i32::from(!verjaard);
    Some(match leeftijd {
        ..12 => Leeftijdsgroep::Tot12,
        12..16 => Leeftijdsgroep::Van12Tot16,
        16..18 => Leeftijdsgroep::Van16Tot18,
        _ => Leeftijdsgroep::Volwassen,
    })
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn forms_read_and_write() {
        let vorm = Vorm::lezen("DD-MM-JJJJ uu:mm").unwrap();
        assert_eq!(vorm.tijdstip("21-11-2026 23:40"), Some(datetime!(2026-11-21 22:40 UTC)));
        assert_eq!(vorm.tijdstip("21-07-2026 23:40"), Some(datetime!(2026-07-21 21:40 UTC)));
        assert_eq!(vorm.datum("21-07-2026 23:40"), Some(date!(2026 - 07 - 21)));
        assert_eq!(vorm.schrijf(datetime!(2026-07-21 21:40 UTC)), "21-07-2026 23:40");
        assert_eq!(Vorm::lezen("JJJJMMDD").unwrap().schrijf_datum(date!(2026 - 01 - 02)), "20260102");
        assert_eq!(Vorm::Rfc3339.datum("2026-07-21T22:30:00Z"), Some(date!(2026 - 07 - 22)));
        for fout in
            ["21-11-2026", "21-11-2026 24:40", "1-11-2026 23:40", "31-02-2026 10:00", "21-11-2026 23:40x", "é1-11-2026 23:40"]
        {
            assert_eq!(vorm.tijdstip(fout), None, "{fout}");
        }
        for fout in ["", "DD-MM", "DD-MM-JJJJ mm", "DD-DD-MM-JJJJ", "DD-MM-JJJJ ss", "yyyy-MM-dd"] {
            assert_eq!(Vorm::lezen(fout), None, "{fout}");
        }
    }

    #[test]
    fn summer_time_skips_an_hour_and_repeats_one() {
        let vorm = Vorm::lezen("JJJJ-MM-DDTuu:mm").unwrap();
        assert_eq!(vorm.tijdstip("2026-03-29T02:30"), None);
        assert_eq!(vorm.tijdstip("2026-03-29T03:00"), Some(datetime!(2026-03-29 01:00 UTC)));
        assert_eq!(vorm.tijdstip("2026-10-25T02:30"), Some(datetime!(2026-10-25 00:30 UTC)));
        assert_eq!(vorm.tijdstip("2026-10-25T03:00"), Some(datetime!(2026-10-25 02:00 UTC)));
    }

    #[test]
    fn ages_change_on_the_birthday() {
        let op = date!(2026 - 11 - 21);
        assert_eq!(leeftijdsgroep(date!(2014 - 11 - 22), op), Some(Leeftijdsgroep::Tot12));
        assert_eq!(leeftijdsgroep(date!(2014 - 11 - 21), op), Some(Leeftijdsgroep::Van12Tot16));
        assert_eq!(leeftijdsgroep(date!(2010 - 11 - 21), op), Some(Leeftijdsgroep::Van16Tot18));
        assert_eq!(leeftijdsgroep(date!(2008 - 11 - 22), op), Some(Leeftijdsgroep::Van16Tot18));
        assert_eq!(leeftijdsgroep(date!(2008 - 11 - 21), op), Some(Leeftijdsgroep::Volwassen));
        assert_eq!(leeftijdsgroep(date!(2026 - 11 - 22), op), None);
    }
}
