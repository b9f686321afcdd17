//! Callbacks, how bringing goes, and dead letters.

use inbreng_domain::terugroep::{Bezorggrens, Bezorgreden};
use serde_json::{Value, json};

use super::{Component, JWS, OIN, TIJD, UUID, getal, lijst, mag, met_voorbeeld, moet, naar, object};

pub(super) fn components() -> Vec<Component> {
    vec![
        (
            "Terugroepverzoek",
            met_voorbeeld(
                object(
                    "Waar leveringen worden bezorgd; wat in de verklaring staat, beschrijft `Terugroep`. Met een adres hoort er \
                     de medeondertekening van de convenantbeheerder bij; wie zich afmeldt, heeft haar niet nodig.",
                    vec![moet("verklaring", naar("Jws")), mag("medeondertekening", naar("Jws"))],
                ),
                json!({ "verklaring": JWS, "medeondertekening": JWS }),
            ),
        ),
        ("Bezorgschema", schema()),
        ("Bezorgreden", woorden("Waarom een poging niet lukte.", Bezorgreden::ALL)),
        ("Bezorggrens", woorden("Welke grens van het schema is bereikt.", Bezorggrens::ALL)),
        (
            "Bezorging",
            object(
                "Hoe het bezorgen gaat, zolang de ontvanger niet heeft getekend.",
                vec![
                    moet("pogingen", getal(0, "Pogingen tot nu toe.")),
                    mag("laatstePoging", naar("Tijdstip")),
                    mag("reden", naar("Bezorgreden")),
                    mag("volgendePoging", naar("Tijdstip")),
                    mag("bezorgdOp", naar("Tijdstip")),
                    mag("doodOp", naar("Tijdstip")),
                    mag("grens", naar("Bezorggrens")),
                ],
            ),
        ),
        ("Dodeletter", letter()),
        (
            "Dodetelling",
            object(
                "Hoeveel dode letters één ontvanger op deze bladzijde heeft.",
                vec![moet("ontvanger", naar("Oin")), moet("aantal", getal(1, "Hoeveel."))],
            ),
        ),
        (
            "Dodeletters",
            met_voorbeeld(
                object(
                    "Wat niet bezorgd kon worden, de oudste levering eerst.",
                    vec![
                        moet("dodeLetters", lijst("Dodeletter")),
                        moet("perOntvanger", lijst("Dodetelling")),
                        mag("verder", naar("LeveringId")),
                    ],
                ),
                json!({
                    "dodeLetters": [{
                        "levering": UUID,
                        "bericht": UUID,
                        "type": "nl.inbreng.incidentmelding.v1",
                        "van": OIN,
                        "ontvanger": OIN,
                        "baan": "acuut",
                        "pogingen": 100,
                        "reden": "onbereikbaar",
                        "grens": "pogingen",
                        "doodOp": TIJD,
                    }],
                    "perOntvanger": [{ "ontvanger": OIN, "aantal": 1 }],
                }),
            ),
        ),
    ]
}

fn woorden(uitleg: &str, woorden: &[impl serde::Serialize]) -> Value {
    json!({ "type": "string", "description": uitleg, "enum": woorden })
}

fn schema() -> Value {
    let pauzes = json!({
        "type": "array",
        "description": "Seconden tussen pogingen, hoogstens; de laatste blijft.",
        "items": getal(1, "Seconden."),
    });
    object(
        "Hoe leveringen aan deze organisatie worden bezorgd.",
        vec![
            moet("pauzes", pauzes),
            moet("antwoordtijd", getal(1, "Seconden waarin zij antwoordt.")),
            moet("pogingen", getal(1, "Pogingen tot een dode letter.")),
            moet("eindleeftijd", getal(60, "Seconden zonder ondertekende ontvangst tot een dode letter.")),
        ],
    )
}

fn letter() -> Value {
    object(
        "Een levering die niet bezorgd kon worden. Zij ligt nog in het postvak van de ontvanger.",
        vec![
            moet("levering", naar("LeveringId")),
            moet("bericht", naar("BerichtId")),
            moet("type", naar("Berichttype")),
            moet("van", naar("Oin")),
            moet("ontvanger", naar("Oin")),
            moet("baan", naar("Urgentie")),
            moet("pogingen", getal(0, "Pogingen.")),
            moet("reden", naar("Bezorgreden")),
            mag("status", getal(100, "De HTTP-status van het laatste antwoord.")),
            moet("grens", naar("Bezorggrens")),
            moet("doodOp", naar("Tijdstip")),
        ],
    )
}
