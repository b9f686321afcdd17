//! Every kind of signed statement is tampered with somewhere. Whoever adds a use of a signature says here where: without, this does not
//! build.

use std::path::Path;

use inbreng_proof::Typ;

use crate::{tamper_acts, tamper_policy, tamper_statements};

/// Where statements of one use are changed in every place.
enum Waar {
    /// In the test of this name here, which holds that it did so to all of these.
    Hier(&'static str, &'static [Typ]),
    /// In a test of this name in this file, next to who verifies it.
    Daar(&'static str, &'static str),
}

use Waar::{Daar, Hier};

const fn waar(typ: Typ) -> Waar {
    match typ {
        Typ::Bericht | Typ::Kop => {
            Daar("every_changed_text_of_a_signed_message_is_refused", "broker/pipeline/tests/hub/mutation.rs")
        }
        Typ::Deel => Daar("every_change_of_a_delivery_is_refused_under_signature", "tests/e2e/tamper_delivery.rs"),
        Typ::Vermelding
        | Typ::Sleutel
        | Typ::Opvolging
        | Typ::Bevriezing
        | Typ::Terugroep
        | Typ::Ontvangst
        | Typ::Gelezen
        | Typ::Weigering
        | Typ::Inzage
        | Typ::Medeondertekening => Hier("a_statement_that_was_changed_has_no_effect", &tamper_statements::TYPEN),
        Typ::Toegang | Typ::Toetsuitslag | Typ::Overzicht => {
            Hier("a_further_wrap_a_review_or_an_overview_that_was_changed_has_no_effect", &tamper_acts::IN_EEN_ZAAK)
        }
        Typ::Herbezorging => Hier("a_request_to_bring_again_that_was_changed_has_no_effect", &tamper_acts::BEZORGEN),
        Typ::Nazending => Hier("a_word_that_all_was_sent_again_opens_nothing_when_it_was_changed", &tamper_acts::HERSTEL),
        Typ::Beheer | Typ::Activering | Typ::Beleid => {
            Hier("an_act_on_a_version_that_was_changed_has_no_effect", &tamper_policy::VERSIES)
        }
        Typ::Toetreding | Typ::Uittreding => Hier("what_a_party_signed_that_was_changed_has_no_effect", &tamper_policy::PARTIJEN),
        Typ::Ontvangstbewijs => Daar("a_receipt_that_was_changed_is_none", "adapters/kit/src/engine/ontvangstbewijs.rs"),
        Typ::Checkpoint => Daar("a_head_that_was_changed_is_found", "tests/e2e/tamper_log.rs"),
    }
}

#[test]
fn every_signed_statement_is_tampered_with() {
    const HIER: [(&str, &str); 3] = [
        ("tests/e2e/tamper_acts.rs", include_str!("tamper_acts.rs")),
        ("tests/e2e/tamper_policy.rs", include_str!("tamper_policy.rs")),
        ("tests/e2e/tamper_statements.rs", include_str!("tamper_statements.rs")),
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let heeft = |bron: &str, test: &str| bron.contains(&format!("fn {test}("));
    for typ in Typ::ALL {
        match waar(*typ) {
            Hier(test, typen) => {
                assert!(typen.contains(typ), "{typ} is not held by {test}");
                assert!(HIER.iter().any(|(_, bron)| heeft(bron, test)), "{typ}: no {test}");
            }
            Daar(test, bestand) => {
                let bron = std::fs::read_to_string(root.join(bestand)).unwrap_or_else(|e| panic!("{bestand}: {e}"));
                assert!(heeft(&bron, test), "{typ}: {bestand} has no {test}");
            }
        }
    }
}
