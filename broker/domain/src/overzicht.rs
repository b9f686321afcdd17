//! What was shared about a person, for that person (R33, GDPR art. 15(1)(c)): who gave what to whom, when and for what. No content.

use serde::{Deserialize, Serialize};
use time::{Date, Duration};

use crate::{
    BerichtId, Berichttype, CasusRef, Code, ConvenantId, Datum, Digest, LeveringId, Oin, PersoonRef, Tijdstip, Verplichting,
    vocabulary::{Categorie, Doel},
};

/// The duty to answer whoever asked, as `GET /v1/plichten` names it.
pub const OVERZICHT_GEVEN: &str = "overzicht-geven";

/// What a person asked of a partner that answers for the case: payload of `inbreng-overzicht+jws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Overzichtverzoek {
    /// The partner's own number for what was asked; the duty to answer bears it.
    pub verzoek: BerichtId,
    /// The case.
    pub casus: CasusRef,
    /// The person who asked, by its reference in that case.
    pub persoon: PersoonRef,
    /// The covenant that says what may be told.
    pub convenant: ConvenantId,
    /// The day on which the person asked: the term of a month runs from it.
    pub gevraagd_op: Datum,
    /// The partner that answers.
    pub organisatie: Oin,
    /// The function of the professional who tells it, not a name (R37).
    pub functie: Code,
    /// When; refused when more than five minutes away.
    pub tijd: Tijdstip,
    /// The `verder` of an earlier answer to the same question: what stands behind it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub na: Option<LeveringId>,
}

impl Overzichtverzoek {
    /// By when the person must have its answer.
    #[must_use]
    pub fn uiterlijk(&self) -> Tijdstip {
        een_maand_na(self.gevraagd_op)
    }
}

/// What was shared about one person in one case, and in the cases that count as one with it (58).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Overzicht {
    /// What was asked.
    pub verzoek: BerichtId,
    /// When this was drawn up.
    pub opgesteld_op: Tijdstip,
    /// By when the person must have it.
    pub uiterlijk: Tijdstip,
    /// The policy that said what may be told.
    pub beleid: Digest,
    /// What it is and what it is not, in plain Dutch. Always the same words: whether anything is left out does not show (R21).
    pub zin: String,
    /// What to mind when telling it: a safe way, and whose rights are where (R33, R38).
    pub verplichtingen: Vec<Verplichting>,
    /// Each delivery that was received, the first in front.
    pub regels: Vec<Overzichtregel>,
    /// Where there is more to tell than one answer holds: with what to ask on. It counts in this question alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verder: Option<LeveringId>,
}

/// One delivery with parts about the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Overzichtregel {
    /// Who brought it in: correction, deletion and objection are asked there (R33).
    pub organisatie: Oin,
    /// Who received it.
    pub ontvanger: Oin,
    /// In which type of message.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// When it was sent.
    pub gedeeld_op: Tijdstip,
    /// When its recipient signed for it.
    pub ontvangen_op: Tijdstip,
    /// For what, each once.
    pub doelen: Vec<Doel>,
    /// Which categories of data, each once.
    pub categorieen: Vec<Categorie>,
}

/// The end of the term of one month (GDPR art. 12(3)): the last hour of the same day of the next month, or of its last day where it has
/// no such day (Regulation 1182/71, art. 3). A day that ends in the Netherlands, in summer: never later than it ends there.
#[must_use]
pub fn een_maand_na(dag: Datum) -> Tijdstip {
    let van = dag.date();
    let (jaar, maand) = if van.month() == time::Month::December {
        (van.year().saturating_add(1), time::Month::January)
    } else {
        (van.year(), van.month().next())
    };
    let in_maand = Date::from_calendar_date(jaar, maand, van.day().min(maand.length(jaar))).unwrap_or(van);
    let einde = in_maand.midnight().assume_utc().saturating_add(Duration::hours(22));
    Tijdstip::from_unix_millis(einde.unix_timestamp().saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_on_the_same_day_or_the_last() {
        for (dag, einde) in [
            ("2026-11-23", "2026-12-23T22:00:00.000Z"),
            ("2026-12-31", "2027-01-31T22:00:00.000Z"),
            ("2027-01-29", "2027-02-28T22:00:00.000Z"),
            ("2028-01-31", "2028-02-29T22:00:00.000Z"),
            ("2026-08-31", "2026-09-30T22:00:00.000Z"),
        ] {
            assert_eq!(een_maand_na(Datum::parse(dag).unwrap()), Tijdstip::parse(einde).unwrap(), "{dag}");
        }
    }
}
