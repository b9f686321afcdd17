//! The life of a policy version: what is handed in and what is shown.

use inbreng_domain::{
    Uitkomst,
    versie::{Beheerfunctie, Versiestaat, Versiestapsoort},
    vocabulary::{Grondslag, Handeling, Ontvangersoort},
};
use serde_json::{Value, json};

use super::{Component, DIGEST, JWS, OIN, TIJD, erbij, getal, lijst, mag, met_voorbeeld, moet, naar, object, tekst};

pub(super) fn components() -> Vec<Component> {
    let mut alle = vec![
        ("Versiestaat", woorden("Hoe ver een versie is.", Versiestaat::ALL)),
        ("Versiestapsoort", woorden("Wat er met een versie is gedaan.", Versiestapsoort::ALL)),
        ("Versiefunctie", woorden("In welke functie iemand handelde; geen naam.", Beheerfunctie::ALL)),
        ("Versieregel", object("Een versie in een lijst.", versieregel())),
        (
            "Versielijst",
            met_voorbeeld(
                object("De versies, nieuwste eerst.", vec![moet("versies", lijst("Versieregel"))]),
                json!({ "versies": [regel_voorbeeld()] }),
            ),
        ),
        ("Versie", versie()),
        (
            "Versiestap",
            object(
                "Eén stap.",
                vec![
                    moet("nummer", getal(1, "Telt op vanaf 1.")),
                    moet("soort", naar("Versiestapsoort")),
                    moet("staat", naar("Versiestaat")),
                    moet("tijd", naar("Tijdstip")),
                    mag("door", naar("Oin")),
                    mag("functie", naar("Versiefunctie")),
                    mag("verklaring", naar("Jws")),
                ],
            ),
        ),
        ("Versieinhoud", inhoud()),
        (
            "Versietabel",
            object(
                "Een beslistabel.",
                vec![
                    moet("naam", tekst("Naam van de tabel binnen de versie.")),
                    moet("inhoud", tekst("TOML, zoals `inbreng policy test` haar leest.")),
                ],
            ),
        ),
        ("Indieningsverzoek", indiening()),
        ("Activeringsverzoek", activering()),
    ];
    alle.extend(uitslagen());
    alle.extend(simulatie());
    alle
}

fn woorden(uitleg: &str, woorden: &[impl serde::Serialize]) -> Value {
    json!({ "type": "string", "description": uitleg, "enum": woorden })
}

/// A bundle: its own document, of which the digest is what counts.
fn bundel() -> Value {
    json!({
        "type": "object",
        "description": "De beleidsbundel. Haar vorm staat in de documentatie van het beleid; de digest gaat over precies deze inhoud.",
        "additionalProperties": true,
    })
}

fn versieregel() -> Vec<super::Veld> {
    vec![
        moet("versie", naar("Digest")),
        moet("convenant", naar("Code")),
        moet("nummer", getal(0, "Versienummer dat de bundel zelf draagt.")),
        moet("tabellen", naar("Digest")),
        mag("auteur", naar("Oin")),
        moet("staat", naar("Versiestaat")),
        moet("stand", getal(1, "Nummer van de laatste stap; ook in ETag.")),
    ]
}

fn regel_voorbeeld() -> Value {
    json!({
        "versie": DIGEST, "convenant": "voorbeeldregio", "nummer": 2, "tabellen": DIGEST, "auteur": OIN, "staat": "gesimuleerd",
        "stand": 3,
    })
}

fn versie() -> Value {
    let mut velden = versieregel();
    velden.extend([
        mag("ingang", naar("Tijdstip")),
        mag("volgnummer", getal(0, "Nummer van de activering; 0 voor de versie van de installatie.")),
        moet("goedkeuringen", lijst("Oin")),
        moet("nodig", getal(1, "Hoeveel goedkeuringen nodig zijn.")),
        mag("simulatie", naar("Versiesimulatie")),
        moet("stappen", lijst("Versiestap")),
    ]);
    let stappen = json!([{
        "nummer": 1, "soort": "indienen", "staat": "concept", "tijd": TIJD, "door": OIN, "functie": "privacy-officer",
        "verklaring": JWS,
    }]);
    let simulatie = json!({ "digest": DIGEST, "uitslag": simulatie_voorbeeld() });
    let voorbeeld = erbij(
        regel_voorbeeld(),
        [("goedkeuringen", json!([])), ("nodig", json!(2)), ("simulatie", simulatie), ("stappen", stappen)],
    );
    met_voorbeeld(object("Een versie met haar geschiedenis.", velden), voorbeeld)
}

fn inhoud() -> Value {
    met_voorbeeld(
        object("Wat een versie zegt.", vec![moet("bundel", bundel()), moet("tabellen", lijst("Versietabel"))]),
        json!({ "bundel": { "convenant": "voorbeeldregio" }, "tabellen": [tabel()] }),
    )
}

fn tabel() -> Value {
    json!({ "naam": "R08", "inhoud": "convenant = \"voorbeeldregio\"" })
}

fn indiening() -> Value {
    met_voorbeeld(
        object(
            "Een concept: de bundel, haar tabellen, en de ondertekende handeling `indienen`.",
            vec![moet("bundel", bundel()), moet("tabellen", lijst("Versietabel")), moet("verklaring", naar("Jws"))],
        ),
        json!({ "bundel": { "convenant": "voorbeeldregio" }, "tabellen": [tabel()], "verklaring": JWS }),
    )
}

fn activering() -> Value {
    met_voorbeeld(
        object(
            "Wat de convenantbeheerder ondertekende: de bundel (`inbreng-beleid+jws`) en vanaf wanneer zij geldt \
             (`inbreng-activering+jws`, zie `Activering`).",
            vec![moet("bundel", naar("Jws")), moet("activering", naar("Jws"))],
        ),
        json!({ "bundel": JWS, "activering": JWS }),
    )
}

fn uitslagen() -> Vec<Component> {
    vec![
        (
            "Tabellenuitslag",
            met_voorbeeld(
                object(
                    "Wat er uit de tabellen kwam.",
                    vec![
                        moet("geslaagd", json!({ "type": "boolean", "description": "Of de versie verder kan." })),
                        moet("stand", getal(1, "Nummer van de laatste stap.")),
                        moet("staat", naar("Versiestaat")),
                        mag("fout", tekst("Waarom de bundel niet te gebruiken is; voor wie haar maakte.")),
                        moet("gevallen", getal(0, "Hoeveel gevallen zijn gedraaid.")),
                        moet("mislukt", getal(0, "Hoeveel anders uitkwamen.")),
                        moet("tabellen", lijst("Tabeluitslag")),
                    ],
                ),
                json!({ "geslaagd": true, "stand": 2, "staat": "getest", "gevallen": 12, "mislukt": 0, "tabellen": [
                    { "naam": "R08", "gevallen": 12, "mislukt": [] },
                ] }),
            ),
        ),
        (
            "Tabeluitslag",
            object(
                "Wat er uit één tabel kwam.",
                vec![
                    moet("naam", tekst("De tabel.")),
                    moet("gevallen", getal(0, "Hoeveel gevallen zijn gedraaid.")),
                    mag("fout", tekst("Waarom de tabel niet te lezen is; voor wie haar maakte.")),
                    moet("mislukt", lijst("Gevaluitslag")),
                ],
            ),
        ),
        (
            "Gevaluitslag",
            object(
                "Een geval dat anders uitkwam.",
                vec![
                    moet("naam", tekst("Het geval.")),
                    moet("geslaagd", json!({ "type": "boolean", "description": "Of alles uitkwam zoals het moest." })),
                    moet("verwacht", tekst("Wat er had moeten uitkomen.")),
                    moet("verschillen", json!({ "type": "array", "items": tekst("Wat er verschilt.") })),
                    moet("besluit", naar("Besluit")),
                ],
            ),
        ),
    ]
}

fn simulatie_voorbeeld() -> Value {
    json!({
        "van": "2026-10-22T00:00:00.000Z", "tot": "2026-11-22T00:00:00.000Z", "na": 0, "totEnMet": 420,
        "telling": {
            "bekeken": 420, "gelijk": 410, "gewijzigd": { "ruimer": 0, "strenger": 10, "anders": 0 }, "overgeslagen": 0,
            "perRegel": { "R8": { "ruimer": 0, "strenger": 10, "anders": 0 } },
            "perOrganisatie": { OIN: {
                "geeft": { "ruimer": 0, "strenger": 10, "anders": 0 }, "krijgt": { "ruimer": 0, "strenger": 0, "anders": 0 },
            } },
        },
        "ondergrens": 5,
    })
}

fn simulatie() -> Vec<Component> {
    let afloop = || naar("Afloop");
    vec![
        (
            "Simulatieverzoek",
            met_voorbeeld(
                object(
                    "Een periode van hele dagen (UTC) die voorbij zijn, en de ondertekende handeling `simuleren`.",
                    vec![moet("van", naar("Tijdstip")), moet("tot", naar("Tijdstip")), moet("verklaring", naar("Jws"))],
                ),
                json!({ "van": "2026-10-22T00:00:00.000Z", "tot": "2026-11-22T00:00:00.000Z", "verklaring": JWS }),
            ),
        ),
        (
            "Simulatieantwoord",
            met_voorbeeld(
                object(
                    "Een simulatie die is vastgelegd.",
                    vec![
                        moet("stand", getal(1, "Nummer van de laatste stap.")),
                        moet("simulatie", naar("Digest")),
                        moet("uitslag", naar("Simulatieuitslag")),
                    ],
                ),
                json!({ "stand": 3, "simulatie": DIGEST, "uitslag": simulatie_voorbeeld() }),
            ),
        ),
        (
            "Versiesimulatie",
            object(
                "De laatste simulatie, met de digest die een goedkeuring noemt.",
                vec![moet("digest", naar("Digest")), moet("uitslag", naar("Simulatieuitslag"))],
            ),
        ),
        (
            "Simulatieuitslag",
            object(
                "Wat een simulatie vond.",
                vec![
                    moet("van", naar("Tijdstip")),
                    moet("tot", naar("Tijdstip")),
                    moet("na", getal(0, "Nummer van het laatste besluit voor de periode.")),
                    moet("totEnMet", getal(0, "Nummer van het laatste besluit dat is bekeken.")),
                    moet("telling", naar("Simulatietelling")),
                    mag(
                        "ondergrens",
                        getal(1, "Elk aantal is naar beneden afgerond op een veelvoud hiervan; wat kleiner is, staat er niet."),
                    ),
                ],
            ),
        ),
        (
            "Simulatietelling",
            object(
                "Hoeveel besluiten anders zouden zijn, afgerond. Wat onder een embargo ligt, telt niet mee.",
                vec![
                    moet("bekeken", getal(0, "Besluiten van dit convenant in de periode.")),
                    moet("gelijk", getal(0, "Besluiten die gelijk blijven.")),
                    moet("gewijzigd", naar("Richtingtelling")),
                    moet("overgeslagen", getal(0, "Besluiten van een ander convenant.")),
                    moet("perRegel", tabel_van("Per regel.", "Richtingtelling")),
                    moet("perOrganisatie", tabel_van("Per organisatie (OIN).", "Organisatietelling")),
                ],
            ),
        ),
        (
            "Richtingtelling",
            object(
                "Aantallen per richting.",
                vec![
                    moet("ruimer", getal(0, "Er wordt meer gedeeld, of met minder plichten.")),
                    moet("strenger", getal(0, "Er wordt minder gedeeld, of met meer plichten.")),
                    moet("anders", getal(0, "Hetzelfde wordt gedeeld, met andere plichten.")),
                ],
            ),
        ),
        (
            "Organisatietelling",
            object(
                "Wat een organisatie zou merken.",
                vec![moet("geeft", naar("Richtingtelling")), moet("krijgt", naar("Richtingtelling"))],
            ),
        ),
        (
            "Wijzigingen",
            met_voorbeeld(
                object(
                    "Een bladzijde met besluiten die anders zouden zijn.",
                    vec![
                        moet("wijzigingen", lijst("Wijziging")),
                        mag("volgende", getal(0, "Waar de volgende bladzijde begint.")),
                    ],
                ),
                json!({ "wijzigingen": [{
                    "richting": "strenger", "van": "politie", "vanOin": OIN, "naar": "veilig-thuis", "naarOin": OIN,
                    "soort": "incidentmelding", "categorie": "incident", "doel": "beoordelen", "handeling": "ontvangen",
                    "was": { "uitkomst": "toestaan", "regels": ["R13"], "grondslag": "wettelijke-taak", "verplichtingen": [] },
                    "wordt": { "uitkomst": "weigeren", "regels": ["R15"], "verplichtingen": [] },
                    "zin": "Deze organisatie doet niet mee in deze zaak.",
                }], "volgende": 420 }),
            ),
        ),
        (
            "Wijziging",
            object(
                "Een besluit dat anders zou zijn. Geen persoon, geen zaak, geen bericht.",
                vec![
                    moet("richting", json!({ "type": "string", "enum": ["ruimer", "strenger", "anders"] })),
                    moet("van", woorden("Wat de afzender is.", Ontvangersoort::ALL)),
                    mag("vanOin", naar("Oin")),
                    moet("naar", woorden("Wat de ontvanger is.", Ontvangersoort::ALL)),
                    mag("naarOin", naar("Oin")),
                    moet("soort", tekst("Het berichttype.")),
                    mag("variant", naar("Code")),
                    moet("categorie", naar("Categorie")),
                    moet("doel", naar("Doel")),
                    moet("handeling", woorden("Wat de ontvanger ermee doet.", Handeling::ALL)),
                    moet("was", afloop()),
                    moet("wordt", afloop()),
                    moet("zin", tekst("Waarom, zoals de afzender het zou lezen.")),
                ],
            ),
        ),
        (
            "Afloop",
            object(
                "Wat er is of zou worden besloten.",
                vec![
                    moet("uitkomst", woorden("De uitkomst.", Uitkomst::ALL)),
                    moet("regels", lijst("RegelId")),
                    mag("grondslag", woorden("De grondslag die het droeg.", Grondslag::ALL)),
                    moet("verplichtingen", lijst("Code")),
                ],
            ),
        ),
    ]
}

fn tabel_van(uitleg: &str, component: &str) -> Value {
    json!({ "type": "object", "description": uitleg, "additionalProperties": naar(component) })
}
