//! What people write on one line: a name, an address, a period. Nothing where something else stands in it: then all of it is shown
//! by itself.

use inbreng_domain::Datum;
use serde_json::{Map, Value};

use super::tijd;

/// `Cas C. van Testpersoon Appel`: given names, initials, infix, surname.
pub(super) fn naam(waarde: &Value) -> Option<String> {
    let velden = teksten(waarde, &["voornamen", "voorletters", "tussenvoegsel", "achternaam"])?;
    regel(&velden, " ")
}

/// `Voorbeeldstraat 1 a, 1234 AB Voorbeeldstad`.
pub(super) fn adres(waarde: &Value) -> Option<String> {
    let [straat, huisnummer, toevoeging, postcode, plaats] =
        teksten(waarde, &["straat", "huisnummer", "toevoeging", "postcode", "plaats"])?;
    let delen = [regel(&[straat, huisnummer, toevoeging], " "), regel(&[postcode, plaats], " ")];
    delen.into_iter().flatten().reduce(|a, b| format!("{a}, {b}"))
}

/// `van 1 december 2026 tot en met 1 maart 2027`, `vanaf 1 december 2026`.
pub(super) fn periode(waarde: &Value) -> Option<String> {
    let [vanaf, tot] = teksten(waarde, &["vanaf", "tot"])?;
    let vanaf = dag(vanaf?)?;
    Some(match tot {
        Some(tot) => format!("van {vanaf} tot en met {}", dag(tot)?),
        None => format!("vanaf {vanaf}"),
    })
}

fn dag(tekst: &str) -> Option<String> {
    Datum::parse(tekst).ok().map(tijd::dag)
}

/// These members; nothing where there is any other, or one that is no text.
fn teksten<'v, const N: usize>(waarde: &'v Value, namen: &[&str; N]) -> Option<[Option<&'v str>; N]> {
    let leden: &Map<String, Value> = waarde.as_object()?;
    let past = leden.iter().all(|(naam, lid)| namen.contains(&naam.as_str()) && lid.is_string());
    past.then(|| namen.map(|naam| leden.get(naam).and_then(Value::as_str)))
}

fn regel(delen: &[Option<&str>], met: &str) -> Option<String> {
    let delen: Vec<&str> = delen.iter().copied().flatten().collect();
    (!delen.is_empty()).then(|| delen.join(met))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_belongs_on_one_line_stands_on_one_line() {
        let cas = json!({ "achternaam": "Appel", "voornamen": "Cas", "tussenvoegsel": "van der" });
        assert_eq!(naam(&cas).as_deref(), Some("Cas van der Appel"));
        let waar = json!({ "straat": "Voorbeeldstraat", "huisnummer": "1", "postcode": "1234 AB", "plaats": "Voorbeeldstad" });
        assert_eq!(adres(&waar).as_deref(), Some("Voorbeeldstraat 1, 1234 AB Voorbeeldstad"));
        assert_eq!(periode(&json!({ "vanaf": "2026-12-01" })).as_deref(), Some("vanaf 1 december 2026"));
        let heel = json!({ "vanaf": "2026-12-01", "tot": "2027-03-01" });
        assert_eq!(periode(&heel).as_deref(), Some("van 1 december 2026 tot en met 1 maart 2027"));
    }

    #[test]
    fn what_has_more_in_it_does_not_go_on_one_line() {
        assert_eq!(naam(&json!({ "achternaam": "Appel", "roepnaam": "Cas" })), None);
        assert_eq!(adres(&json!({ "straat": "Voorbeeldstraat", "huisnummer": 1 })), None);
        assert_eq!(periode(&json!({ "vanaf": "morgen" })), None);
        assert_eq!(naam(&json!("Cas")), None);
    }
}
