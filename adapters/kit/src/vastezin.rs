//! Types whose whole content is one fixed sentence, made by the recipient's adapter (R27): the sender cannot say more,
//! since there is no room for more.

use inbreng_domain::{TypeNaam, vocabulary::Categorie};
use serde_json::Value;

use crate::concept::OntvangenDeel;

/// What the sender of such a type is told who tries to say more; absent: the type has no fixed sentence.
pub(crate) fn grens(soort: &TypeNaam) -> Option<&'static str> {
    (soort.as_str() == "handle-with-care")
        .then_some("Handle with Care: de school krijgt alleen de naam van het kind en één vaste zin. Meer kan er niet bij.")
}

/// The sentence for this delivery, where its type has one. Its parts have been judged by their schema: a name is a name.
pub(crate) fn zin(soort: &TypeNaam, delen: &[OntvangenDeel]) -> Option<String> {
    grens(soort)?;
    let kind = delen.iter().find(|d| d.labels.categorie == Categorie::Kind)?;
    let naam = naam(kind.inhoud.open()?.get("naam")?)?;
    Some(format!("{naam} heeft mogelijk steun nodig. Meer informatie kunnen wij niet geven."))
}

/// First names (or initials), prefix and last name.
fn naam(naam: &Value) -> Option<String> {
    let lid = |n: &str| naam.get(n).and_then(Value::as_str);
    let achternaam = lid("achternaam")?;
    let voor = lid("voornamen").or_else(|| lid("voorletters"));
    Some(voor.into_iter().chain(lid("tussenvoegsel")).chain([achternaam]).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_as_people_say_it() {
        assert_eq!(naam(&json!({"voornamen": "Cas", "achternaam": "Testpersoon Appel"})).unwrap(), "Cas Testpersoon Appel");
        let vol = json!({"voorletters": "B.", "tussenvoegsel": "van", "achternaam": "Testpersoon Banaan"});
        assert_eq!(naam(&vol).unwrap(), "B. van Testpersoon Banaan");
        assert_eq!(naam(&json!({})), None);
    }
}
