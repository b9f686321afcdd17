//! The labels that open something, held against what is sealed with them: that a professional decided in an emergency (R9, R35), and
//! that necessity was explained (R7). The hub believes these labels, for it cannot read who and why; both adapters can.

use inbreng_catalogue::{Catalogus, Definitie};
use inbreng_domain::{
    Labels,
    vocabulary::{Categorie, JaNee, Noodzaak},
};
use serde_json::{Value, json};

/// What the content bears out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gedekt {
    /// Who decided, and why, stands in it.
    pub noodbesluit: bool,
    /// Why it is needed stands in it, or its type has no room to say so.
    pub noodzaak: bool,
}

/// Reads the account that a part gives of itself.
pub(super) fn gedekt(catalogus: &Catalogus, soort: &Definitie, categorie: Categorie, inhoud: &Value) -> Gedekt {
    let is_er = |pad: &str| inhoud.pointer(pad).is_some_and(|v| v.as_str().is_none_or(|t| !t.trim().is_empty()));
    // Its schema asks for worker, function, motive and moment together.
    let noodbesluit = is_er("/verantwoording/noodbesluit/motivering");
    // A question has a field of its own that says why it is asked.
    let uitgelegd = noodbesluit
        || is_er("/verantwoording/noodzaak")
        || is_er("/verantwoording/zonderToestemming")
        || categorie == Categorie::Vraag && is_er("/waarom");
    Gedekt { noodbesluit, noodzaak: uitgelegd || !heeft_ruimte(catalogus, soort, categorie, inhoud) }
}

/// Whether the content could hold an explanation at all: a fixed sentence has no room for one (R27), and its owner keeps it.
fn heeft_ruimte(catalogus: &Catalogus, soort: &Definitie, categorie: Categorie, inhoud: &Value) -> bool {
    let mut met = inhoud.clone();
    let Some(leden) = met.as_object_mut() else { return false };
    leden.insert("verantwoording".to_owned(), json!({ "noodzaak": "-" }));
    catalogus.toets_inhoud(&soort.naam, categorie, &met).is_ok()
}

/// The labels as far as the content bears them out.
pub(super) fn bijgesteld(labels: &Labels, gedekt: Gedekt) -> Labels {
    let mut labels = labels.clone();
    if !gedekt.noodbesluit {
        labels.noodbesluit = JaNee::Nee;
    }
    if !gedekt.noodzaak {
        labels.noodzaak = Noodzaak::NietToegelicht;
    }
    labels
}

/// What the sender must mend: a place in the content, and a sentence.
pub(super) fn bezwaar(gedekt: Gedekt, noodbesluit: JaNee, noodzaak: Noodzaak) -> Option<(&'static str, &'static str)> {
    if noodbesluit.is_ja() && !gedekt.noodbesluit {
        return Some((
            "/verantwoording/noodbesluit",
            "Dit deel zegt dat een professional vanwege gevaar heeft besloten, maar wie, wanneer en waarom staat er niet in.",
        ));
    }
    if noodzaak == Noodzaak::Toegelicht && !gedekt.noodzaak {
        return Some((
            "/verantwoording/noodzaak",
            "Dit deel zegt dat is uitgelegd waarom de ontvanger het nodig heeft, maar die uitleg staat er niet in.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use inbreng_domain::TypeNaam;

    use super::*;
    use crate::testsleutels::{GGZ, labels};

    fn van(soort: &str, categorie: Categorie, inhoud: &Value) -> Gedekt {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let soort = catalogus.definitie(&TypeNaam::parse(soort).unwrap()).unwrap();
        gedekt(&catalogus, soort, categorie, inhoud)
    }

    fn medisch(verantwoording: Value) -> Value {
        let mut inhoud = json!({
            "gegevens": [{ "soort": "behandeling", "omschrijving": "In behandeling sinds het voorjaar." }],
            "bron": { "zekerheid": "feit", "functie": "behandelaar" },
        });
        if !verantwoording.is_null() {
            inhoud["verantwoording"] = verantwoording;
        }
        inhoud
    }

    #[test]
    fn a_label_stands_only_on_what_is_sealed() {
        let besluit = json!({ "noodbesluit": {
            "medewerker": "M-1", "functie": "behandelaar", "motivering": "Er is acuut gevaar.", "beslotenOp": "2026-11-22T01:00:00.000Z",
        } });
        let labels = Labels { noodbesluit: JaNee::Ja, noodzaak: Noodzaak::Toegelicht, ..labels(GGZ) };
        for (wat, verantwoording, noodbesluit, noodzaak) in [
            ("a decision", besluit, true, true),
            ("a reason", json!({ "noodzaak": "Nodig voor de beoordeling." }), false, true),
            ("why there is no consent", json!({ "zonderToestemming": "Vragen was niet veilig." }), false, true),
            ("openness alone", json!({ "openheid": { "stand": "verteld" } }), false, false),
            ("a blank", json!({ "noodzaak": "   " }), false, false),
        ] {
            let gedekt = van("informatie-antwoord", Categorie::Medisch, &medisch(verantwoording));
            assert_eq!(gedekt, Gedekt { noodbesluit, noodzaak }, "{wat}");
            let na = bijgesteld(&labels, gedekt);
            assert_eq!((na.noodbesluit.is_ja(), na.noodzaak == Noodzaak::Toegelicht), (noodbesluit, noodzaak), "{wat}");
            let bezwaar = bezwaar(gedekt, labels.noodbesluit, labels.noodzaak);
            assert_eq!(bezwaar.is_none(), noodbesluit && noodzaak, "{wat}");
        }
        let vraag = json!({ "waarom": "Om te beoordelen of het veilig is.", "vragen": ["Is er hulp?"] });
        assert!(van("informatieverzoek", Categorie::Vraag, &vraag).noodzaak, "a question says why");
    }

    #[test]
    fn what_has_no_room_for_a_reason_is_not_asked_for_one() {
        let naam = json!({ "naam": { "voornamen": "Cas", "achternaam": "Testpersoon Appel" } });
        let gedekt = van("handle-with-care", Categorie::Kind, &naam);
        assert_eq!(
            gedekt,
            Gedekt { noodbesluit: false, noodzaak: true },
            "but nobody decides in an emergency without saying why"
        );
        assert_eq!(bezwaar(gedekt, JaNee::Nee, Noodzaak::Toegelicht), None);
        assert!(bezwaar(gedekt, JaNee::Ja, Noodzaak::Toegelicht).is_some());
    }
}
