//! Identifiers and vocabularies.

use inbreng_domain::{
    Uitkomst,
    antwoorden::Leveringstand,
    receipts::{Ontvangerstand, Weigeringscode},
    vocabulary::{
        Categorie, Doel, Gebruik, Grondslag, JaNee, Leeftijdsgroep, Namens, Noodzaak, Ontvangersoort, Partnertype, Toegangswijze,
        Urgentie, Zekerheid,
    },
};
use serde_json::{Value, json};

use super::{CASUS, Component, DIGEST, OIN, PERSOON, TIJD, UUID, woord};

macro_rules! vocabulary {
    ($type:ident, $uitleg:literal) => {
        (stringify!($type), woord($uitleg, $type::ALL.iter().map(|w| w.as_str())))
    };
}

pub(super) fn components() -> Vec<Component> {
    vec![
        ("Oin", patroon("Organisatie-identificatienummer.", "^[0-9]{20}$", OIN)),
        ("Uuid7", patroon("UUID, versie 7 (RFC 9562), in kleine letters.", UUID7, UUID)),
        ("Digest", patroon("SHA-256-digest.", "^sha-256:[A-Za-z0-9_-]{43}$", DIGEST)),
        ("Casusverwijzing", patroon("Verwijzing naar een casus: betekenisloos voor wie niet deelneemt.", BASE64_32, CASUS)),
        ("Opening", patroon("Het nummer waarmee de opener van een casus zich bewijst.", BASE64_32, CASUS)),
        ("Persoonsverwijzing", patroon("Verwijzing naar een persoon: willekeurig, per casus.", "^[A-Za-z0-9_-]{22}$", PERSOON)),
        ("Code", patroon("Een code: woorden met streepjes.", KEBAB, "piketdesk")),
        ("Berichttype", patroon("Berichttype met versie.", TYPE, "nl.inbreng.incidentmelding.v1")),
        ("Gemeentecode", patroon("Gemeentecode van het CBS.", "^[0-9]{4}$", "0518")),
        ("Tijdstip", tijdstip()),
        ("Datum", json!({ "type": "string", "format": "date", "description": "Een datum.", "examples": ["2026-11-20"] })),
        ("Regel", patroon("Een regel van het privacykader.", "^R([1-9]|[1-3][0-9]|4[0-4])$", "R8")),
        vocabulary!(Partnertype, "Soort organisatie."),
        vocabulary!(Ontvangersoort, "Soort ontvanger: een soort organisatie of een betrokkene."),
        vocabulary!(Categorie, "Soort gegevens."),
        vocabulary!(Doel, "Waarvoor er gedeeld wordt."),
        vocabulary!(Grondslag, "Op welke grond er gedeeld wordt."),
        vocabulary!(Urgentie, "Spoed; ook de baan van de levering."),
        vocabulary!(JaNee, "Ja of nee."),
        vocabulary!(Noodzaak, "Of de noodzaak is toegelicht (R7); de toelichting zelf is verzegeld."),
        vocabulary!(Leeftijdsgroep, "Leeftijdsgroep van een betrokkene (R26)."),
        vocabulary!(Zekerheid, "Feit of vermoeden (R30)."),
        vocabulary!(Namens, "Wie het inbracht, als dat niet de professional zelf is."),
        vocabulary!(Toegangswijze, "Hoe een ontvanger de sleutel krijgt."),
        vocabulary!(Gebruik, "Wat de eigenaar toestaat naast lezen (R3, R4)."),
        vocabulary!(Uitkomst, "Wat er besloten is."),
        vocabulary!(Ontvangerstand, "Wat er besloten is, zoals de afzender het ziet."),
        vocabulary!(Weigeringscode, "Waarom het systeem van de ontvanger een levering weigert."),
        ("Leveringstand", json!({ "type": "string", "description": "Hoe ver een levering is.", "enum": standen() })),
    ]
}

const UUID7: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
const BASE64_32: &str = "^[A-Za-z0-9_-]{43}$";
const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
const TYPE: &str = "^nl\\.inbreng\\.[a-z0-9]+(-[a-z0-9]+)*\\.v[1-9][0-9]*$";

fn patroon(uitleg: &str, patroon: &str, voorbeeld: &str) -> Value {
    json!({ "type": "string", "description": uitleg, "pattern": patroon, "examples": [voorbeeld] })
}

fn tijdstip() -> Value {
    json!({
        "type": "string",
        "format": "date-time",
        "description": "RFC 3339 in UTC met milliseconden; één schrijfwijze, want het staat in ondertekende teksten.",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
        "examples": [TIJD],
    })
}

fn standen() -> Vec<Value> {
    use Leveringstand::{Beantwoord, Gelezen, Geweigerd, Onderweg, Ontvangen};
    [Onderweg, Ontvangen, Gelezen, Beantwoord, Geweigerd].iter().filter_map(|s| serde_json::to_value(s).ok()).collect()
}
