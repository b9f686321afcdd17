//! Decisions, as a check shows them and as a receipt states them.

use serde_json::{Value, json};

use super::{Component, DIGEST, OIN_ANDER, UUID_ANDER, lijst, mag, moet, naar, object, tekst};

pub(super) fn components() -> Vec<Component> {
    vec![
        (
            "Verplichting",
            object(
                "Een plicht die met een levering meegaat.",
                vec![moet("soort", naar("Code")), moet("regel", naar("Regel")), mag("uiterlijk", naar("Tijdstip"))],
            ),
        ),
        (
            "Alternatief",
            object(
                "De kleinste wijziging waarmee het wel zou mogen; gevonden door het uit te rekenen.",
                vec![
                    moet("wijziging", naar("Code")),
                    mag("grondslag", naar("Grondslag")),
                    mag("categorie", naar("Categorie")),
                    mag("ontvanger", naar("Ontvangersoort")),
                    moet("uitkomst", naar("Uitkomst")),
                    moet("zin", tekst("Wat de afzender kan doen.")),
                ],
            ),
        ),
        (
            "Besluit",
            object(
                "Een besluit.",
                vec![
                    moet("uitkomst", naar("Uitkomst")),
                    moet("regels", lijst("Regel")),
                    mag("grondslag", naar("Grondslag")),
                    moet("verplichtingen", lijst("Verplichting")),
                    moet(
                        "uitleg",
                        object(
                            "Waarom, in gewone taal.",
                            vec![moet("afzender", tekst("Voor de afzender.")), moet("ontvanger", tekst("Voor de ontvanger."))],
                        ),
                    ),
                    moet("alternatieven", lijst("Alternatief")),
                    moet("beleid", naar("Digest")),
                ],
            ),
        ),
        (
            "Bewijsbesluit",
            object(
                "Een besluit zoals het in een ontvangstbewijs staat.",
                vec![
                    moet("ontvanger", naar("Oin")),
                    mag("deel", naar("Uuid7")),
                    moet("stand", naar("Ontvangerstand")),
                    moet("regels", lijst("Regel")),
                    moet("zin", tekst("Waarom, in gewone taal.")),
                    moet("verplichtingen", lijst("Verplichting")),
                    moet("alternatieven", lijst("Alternatief")),
                ],
            ),
        ),
    ]
}

pub(super) fn voorbeeld_bewijs() -> Value {
    json!({
        "ontvanger": OIN_ANDER,
        "deel": UUID_ANDER,
        "stand": "toegestaan",
        "regels": ["R13"],
        "zin": "Dit mag, want Veilig Thuis heeft het nodig voor zijn wettelijke taak.",
        "verplichtingen": [],
        "alternatieven": [],
    })
}

pub(super) fn voorbeeld() -> Value {
    json!({
        "uitkomst": "weigeren",
        "regels": ["R8"],
        "verplichtingen": [],
        "uitleg": {
            "afzender": "Medische gegevens vallen buiten het convenant.",
            "ontvanger": "Er is geen informatie beschikbaar.",
        },
        "alternatieven": [{
            "wijziging": "grondslag",
            "grondslag": "toestemming",
            "uitkomst": "toestaan",
            "zin": "Met toestemming van de betrokkene mag het wel.",
        }],
        "beleid": DIGEST,
    })
}
