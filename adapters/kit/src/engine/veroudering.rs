//! From which day a received part shows as old. The own system keeps the day and shows it; nothing disappears by it.

use inbreng_domain::{Datum, Labels, TypeNaam};
use inbreng_policy::Beleid;
use serde_json::Value;
use time::Duration;

/// How long what says how much room there is counts: it comes each week (54, PD).
const CAPACITEIT: Duration = Duration::days(7);

/// Some months after it was observed, as the covenant says (R30); or when its statement says that something newer was to come. The
/// earlier of both.
pub(super) fn oud_vanaf(beleid: Option<&Beleid>, soort: &TypeNaam, labels: &Labels, verklaring: &Value) -> Option<Datum> {
    let waargenomen = beleid.and_then(|b| b.oud_vanaf(labels));
    waargenomen.into_iter().chain(op_termijn(soort, verklaring)).min()
}

/// The first day on which what a statement says is older than its term: a list of agreements when the next meeting makes it anew, how
/// an agreement goes after the day until which that was said (R2), how much room there is after a week.
fn op_termijn(soort: &TypeNaam, verklaring: &Value) -> Option<Datum> {
    let dag = |veld: &str| verklaring.get(veld).and_then(Value::as_str).and_then(|d| Datum::parse(d).ok());
    let na = |dag: Datum, duur: Duration| dag.date().checked_add(duur).map(Datum::from_date);
    match &*soort.as_str() {
        "afsprakenlijst" => dag("volgendOverlegOp"),
        // What is done, dropped or done otherwise is said for good.
        "afspraak-voortgang" if matches!(verklaring.get("stand").and_then(Value::as_str), Some("open" | "bezig")) => {
            dag("uiterlijk").and_then(|dag| na(dag, Duration::DAY))
        }
        "capaciteitsbericht" => dag("peildatum").and_then(|dag| na(dag, CAPACITEIT + Duration::DAY)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use inbreng_catalogue::Catalogus;
    use inbreng_domain::Digest;
    use inbreng_policy::{Bundel, Convenantbron};
    use serde_json::json;

    use super::*;
    use crate::testsleutels::{GGZ, labels};

    fn beleid(maanden: u16) -> Beleid {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let mut bron = Convenantbron::meegeleverd().unwrap().remove(0);
        bron.instellingen.oud_na_maanden = maanden;
        Beleid::laden(Bundel::genereren(&bron, &catalogus).unwrap(), Digest::from_bytes([1; 32]), &catalogus).unwrap()
    }

    #[test]
    fn what_was_observed_shows_as_old_after_the_months_of_the_covenant() {
        let soort = TypeNaam::parse("informatie-antwoord").unwrap();
        let gezien = Labels { waargenomen_op: Datum::parse("2026-11-22").ok(), ..labels(GGZ) };
        for (maanden, dag) in [(6, "2027-05-22"), (3, "2027-02-22")] {
            let oud = oud_vanaf(Some(&beleid(maanden)), &soort, &gezien, &json!({}));
            assert_eq!(oud.unwrap().to_string(), dag);
        }
        assert_eq!(oud_vanaf(Some(&beleid(6)), &soort, &labels(GGZ), &json!({})), None, "nobody said when");
    }

    #[test]
    fn a_list_of_agreements_is_old_when_the_next_meeting_was_to_be() {
        let lijst = TypeNaam::parse("afsprakenlijst").unwrap();
        let verklaring = json!({ "overleg": "overleg-2", "volgendOverlegOp": "2027-01-21" });
        let oud =
            |soort: &TypeNaam, labels: &Labels| oud_vanaf(Some(&beleid(6)), soort, labels, &verklaring).map(|d| d.to_string());
        assert_eq!(oud(&lijst, &labels(GGZ)).as_deref(), Some("2027-01-21"));
        let gezien = Labels { waargenomen_op: Datum::parse("2026-06-01").ok(), ..labels(GGZ) };
        assert_eq!(oud(&lijst, &gezien).as_deref(), Some("2026-12-01"), "the earlier of both");
        assert_eq!(oud(&TypeNaam::parse("afspraak").unwrap(), &labels(GGZ)), None);
    }

    #[test]
    fn how_an_agreement_goes_is_old_after_the_day_until_which_it_was_said() {
        let soort = TypeNaam::parse("afspraak-voortgang").unwrap();
        let oud = |verklaring: Value| oud_vanaf(Some(&beleid(6)), &soort, &labels(GGZ), &verklaring).map(|d| d.to_string());
        for stand in ["open", "bezig"] {
            let oud = oud(json!({ "stand": stand, "uiterlijk": "2026-12-31", "volgnummer": 1 }));
            assert_eq!(oud.as_deref(), Some("2027-01-01"), "{stand}");
        }
        for stand in ["klaar", "vervallen", "afgeweken"] {
            assert_eq!(oud(json!({ "stand": stand, "uiterlijk": "2026-12-31", "volgnummer": 1 })), None, "{stand}");
        }
        assert_eq!(oud(json!({ "stand": "bezig", "volgnummer": 1 })), None, "nobody said until when");
    }

    #[test]
    fn how_much_room_there_is_is_old_after_a_week() {
        let soort = TypeNaam::parse("capaciteitsbericht").unwrap();
        let oud = oud_vanaf(None, &soort, &labels(GGZ), &json!({ "peildatum": "2026-11-16" }));
        assert_eq!(oud.unwrap().to_string(), "2026-11-24", "older than seven days");
    }
}
