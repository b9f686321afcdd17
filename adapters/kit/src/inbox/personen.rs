//! The persons of a message, as the page calls them: by name where the message has it, and always by the same number.

use inbreng_domain::vocabulary::Leeftijdsgroep;
use serde_json::Value;

use super::{regels, woorden::woord};
use crate::concept::OntvangenDeel;

/// A person of a message, as the page calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Persoon {
    /// Reference in the case.
    pub(super) verwijzing: String,
    /// `persoon 1 (18 jaar of ouder)`, or with a name `Cas Testpersoon Appel (persoon 1, 0 tot en met 11 jaar)`.
    pub(super) woord: String,
    /// Age group.
    pub(super) leeftijdsgroep: Leeftijdsgroep,
}

/// The persons of a message.
#[derive(Default)]
pub(super) struct Personen(pub(super) Vec<Persoon>);

impl Personen {
    /// Of these parts, in the order in which they name them.
    pub(super) fn van<'d>(delen: impl IntoIterator<Item = &'d OntvangenDeel>) -> Self {
        let mut personen: Vec<Persoon> = Vec::new();
        let mut namen = Vec::new();
        for deel in delen {
            if let Some(inhoud) = deel.inhoud.open() {
                genoemd(inhoud, &mut namen);
            }
            for betrokkene in &deel.labels.betrokkenen {
                let verwijzing = betrokkene.persoon.to_string();
                if personen.iter().all(|p| p.verwijzing != verwijzing) {
                    personen.push(Persoon { verwijzing, woord: String::new(), leeftijdsgroep: betrokkene.leeftijdsgroep });
                }
            }
        }
        for (nummer, persoon) in (1..).zip(&mut personen) {
            let groep = woord(persoon.leeftijdsgroep.as_str()).to_lowercase();
            persoon.woord = match namen.iter().find(|(verwijzing, _)| *verwijzing == persoon.verwijzing) {
                Some((_, naam)) => format!("{naam} (persoon {nummer}, {groep})"),
                None => format!("persoon {nummer} ({groep})"),
            };
        }
        Self(personen)
    }

    /// The words for a reference, where it is one.
    pub(super) fn woord(&self, tekst: &str) -> Option<&str> {
        self.0.iter().find(|p| p.verwijzing == tekst).map(|p| p.woord.as_str())
    }

    /// All of them.
    pub(super) fn alle(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|p| p.woord.as_str())
    }
}

/// Whoever a content names: wherever a reference stands beside a name.
fn genoemd(waarde: &Value, uit: &mut Vec<(String, String)>) {
    match waarde {
        Value::Array(lijst) => lijst.iter().for_each(|v| genoemd(v, uit)),
        Value::Object(leden) => {
            let naam = leden.get("naam").and_then(regels::naam);
            if let (Some(verwijzing), Some(naam)) = (leden.get("ref").and_then(Value::as_str), naam) {
                uit.push((verwijzing.to_owned(), naam));
            }
            leden.values().for_each(|v| genoemd(v, uit));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{PersoonRef, part::Betrokkene};
    use serde_json::json;

    use super::*;
    use crate::{
        concept::Deelinhoud,
        testsleutels::{VEILIG_THUIS, labels},
    };

    #[test]
    fn who_has_a_name_in_any_part_has_it_everywhere_with_the_same_number() {
        let (een, twee) = ("AAECAwQFBgcICQoLDA0ODw", "EBESExQVFhcYGRobHB0eHw");
        let mut met = labels(VEILIG_THUIS);
        let wie =
            |verwijzing: &str, leeftijdsgroep| Betrokkene { persoon: verwijzing.parse::<PersoonRef>().unwrap(), leeftijdsgroep };
        met.betrokkenen = vec![wie(een, Leeftijdsgroep::Volwassen), wie(twee, Leeftijdsgroep::Tot12)];
        let deel = |inhoud| OntvangenDeel {
            labels: met.clone(),
            inhoud: Deelinhoud::Open(inhoud),
            gebruik: Vec::new(),
            doel: None,
            toelichting: None,
            genoemd: None,
            bewaren_tot: None,
            oud_vanaf: None,
            zin: String::new(),
            verplichtingen: Vec::new(),
        };
        let naam = json!({ "kinderen": [{ "ref": twee, "naam": { "voornamen": "Cas", "achternaam": "Testpersoon Appel" } }] });
        let personen = Personen::van(&[deel(json!({ "voorWie": [twee] })), deel(naam)]);
        assert_eq!(personen.woord(een), Some("persoon 1 (18 jaar of ouder)"));
        assert_eq!(personen.woord(twee), Some("Cas Testpersoon Appel (persoon 2, 0 tot en met 11 jaar)"));
        assert_eq!(personen.woord("iets anders"), None);
    }
}
