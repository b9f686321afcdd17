//! From which day a received part shows as old. The own system keeps the day and shows it; nothing disappears by it.

use inbreng_domain::{Datum, Labels, TypeNaam};
use inbreng_policy::Beleid;
use serde_json::Value;

/// The list of agreements (R2), and the member of its statement that says when the next meeting makes a new one.
const AFSPRAKENLIJST: &str = "afsprakenlijst";
const VOLGEND_OVERLEG: &str = "volgendOverlegOp";

/// Some months after it was observed, as the covenant says (R30); a list of agreements when it should have been made anew (R2). The
/// earlier of both.
pub(super) fn oud_vanaf(beleid: Option<&Beleid>, soort: &TypeNaam, labels: &Labels, verklaring: &Value) -> Option<Datum> {
    let waargenomen = beleid.and_then(|b| b.oud_vanaf(labels));
    let overleg = || verklaring.get(VOLGEND_OVERLEG).and_then(Value::as_str).and_then(|d| Datum::parse(d).ok());
    let lijst = if soort.as_str() == AFSPRAKENLIJST { overleg() } else { None };
    waargenomen.into_iter().chain(lijst).min()
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
        let lijst = TypeNaam::parse(AFSPRAKENLIJST).unwrap();
        let verklaring = json!({ "overleg": "overleg-2", "volgendOverlegOp": "2027-01-21" });
        let oud =
            |soort: &TypeNaam, labels: &Labels| oud_vanaf(Some(&beleid(6)), soort, labels, &verklaring).map(|d| d.to_string());
        assert_eq!(oud(&lijst, &labels(GGZ)).as_deref(), Some("2027-01-21"));
        let gezien = Labels { waargenomen_op: Datum::parse("2026-06-01").ok(), ..labels(GGZ) };
        assert_eq!(oud(&lijst, &gezien).as_deref(), Some("2026-12-01"), "the earlier of both");
        assert_eq!(oud(&TypeNaam::parse("afspraak").unwrap(), &labels(GGZ)), None);
    }
}
