//! Content for human eyes: any part of any type, without knowing it, from its JSON alone. References to persons become
//! `persoon 1`, `persoon 2`: the same person has the same number on the whole page.

use inbreng_domain::vocabulary::Leeftijdsgroep;
use maud::{Markup, html};
use serde_json::Value;

use super::{bladzijde::leesbaar, formulier::woord};
use crate::concept::Ontvangen;

/// A person of a message, as the page calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Persoon {
    /// Reference in the case.
    pub(super) verwijzing: String,
    /// `persoon 1 (kind)`.
    pub(super) woord: String,
    /// Age group.
    pub(super) leeftijdsgroep: Leeftijdsgroep,
}

/// The persons of a message.
#[derive(Default)]
pub(super) struct Personen(pub(super) Vec<Persoon>);

impl Personen {
    /// Of a message, in the order in which its parts name them.
    pub(super) fn van(ontvangen: &Ontvangen) -> Self {
        let mut personen: Vec<Persoon> = Vec::new();
        for betrokkene in ontvangen.delen.iter().flat_map(|d| &d.labels.betrokkenen) {
            let verwijzing = betrokkene.persoon.to_string();
            if personen.iter().all(|p| p.verwijzing != verwijzing) {
                let leeftijdsgroep = betrokkene.leeftijdsgroep;
                personen.push(Persoon { verwijzing, woord: naam(personen.len() + 1, leeftijdsgroep), leeftijdsgroep });
            }
        }
        Self(personen)
    }

    /// The words for a reference, where it is one.
    fn woord<'a>(&'a self, tekst: &'a str) -> &'a str {
        self.0.iter().find(|p| p.verwijzing == tekst).map_or(tekst, |p| p.woord.as_str())
    }

    /// All of them.
    pub(super) fn alle(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|p| p.woord.as_str())
    }
}

fn naam(nummer: usize, groep: Leeftijdsgroep) -> String {
    format!("persoon {nummer} ({})", woord(groep.as_str()).to_lowercase())
}

/// A value, whatever it is.
pub(super) fn waarde(waarde: &Value, personen: &Personen) -> Markup {
    match waarde {
        Value::Null => html! { "–" },
        Value::Bool(ja) => html! { (if *ja { "ja" } else { "nee" }) },
        Value::Number(getal) => html! { (getal) },
        Value::String(tekst) => html! { (personen.woord(tekst)) },
        Value::Array(rijen) => html! { ul { @for rij in rijen { li { (self::waarde(rij, personen)) } } } },
        Value::Object(leden) => html! {
            dl { @for (naam, lid) in leden {
                dt { (leesbaar(naam)) }
                dd { (self::waarde(lid, personen)) }
            } }
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_content_is_shown_as_text() {
        let personen = Personen(vec![Persoon {
            verwijzing: "AAECAwQFBgcICQoLDA0ODw".to_owned(),
            woord: "persoon 1 (kind)".to_owned(),
            leeftijdsgroep: Leeftijdsgroep::Volwassen,
        }]);
        let inhoud =
            json!({ "voorWie": ["AAECAwQFBgcICQoLDA0ODw"], "toelichting": "<img src=x onerror=alert(1)>", "gesproken": true });
        let html = waarde(&inhoud, &personen).into_string();
        assert!(
            html.contains("<dt>Voor wie</dt>") && html.contains("persoon 1 (kind)") && html.contains("<dd>ja</dd>"),
            "{html}"
        );
        assert!(!html.contains("<img") && !html.contains("AAECAwQ"), "{html}");
    }
}
