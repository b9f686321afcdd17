//! Schemas of the local interface: what only the adapter says, and of the published schemas of the wire those that it uses.

use std::collections::BTreeSet;

use inbreng_domain::schemas;
use serde_json::{Map, Value, json};

/// Published schemas that the local interface shows: component, file, piece of the file.
const GEPUBLICEERD: &[(&str, &str, &str)] =
    &[("Problem", "problem", ""), ("Besluit", "basis", "bewijsbesluit"), ("Labels", "labels", "")];

/// Every component, by name.
pub(super) fn alle() -> Map<String, Value> {
    let mut uit: Map<String, Value> = eigen().into_iter().map(|(naam, schema)| (naam.to_owned(), schema)).collect();
    let mut nog: Vec<(String, String, String)> = GEPUBLICEERD
        .iter()
        .map(|(naam, bestand, stuk)| ((*naam).to_owned(), (*bestand).to_owned(), (*stuk).to_owned()))
        .collect();
    let mut gehad = BTreeSet::new();
    while let Some((naam, bestand, stuk)) = nog.pop() {
        if !gehad.insert(naam.clone()) {
            continue;
        }
        if let Some(schema) = gepubliceerd(&bestand, &stuk) {
            uit.insert(naam, verwijzen(schema, &bestand, &mut nog));
        }
    }
    uit
}

/// A published schema, or a piece of one, without what belongs to a file.
fn gepubliceerd(bestand: &str, stuk: &str) -> Option<Value> {
    // The texts are part of the program; that each is JSON is tested.
    let mut schema: Value = serde_json::from_str(schemas::schema(bestand)?).ok()?;
    if !stuk.is_empty() {
        return schema.pointer(&format!("/$defs/{stuk}")).cloned();
    }
    if let Some(leden) = schema.as_object_mut() {
        leden.remove("$schema");
        leden.remove("$id");
    }
    Some(schema)
}

/// Turns references between files into references between components, and says which of those are needed.
fn verwijzen(schema: Value, bestand: &str, nog: &mut Vec<(String, String, String)>) -> Value {
    match schema {
        Value::Object(leden) => Value::Object(
            leden
                .into_iter()
                .map(|(naam, waarde)| match (naam.as_str(), &waarde) {
                    ("$ref", Value::String(doel)) => {
                        let (ander, rest) = doel.split_once('#').unwrap_or((doel, ""));
                        let ander = if ander.is_empty() { bestand } else { ander.trim_end_matches(".json") };
                        let stuk = rest.trim_start_matches("/$defs/");
                        let component = component(ander, stuk);
                        nog.push((component.clone(), ander.to_owned(), stuk.to_owned()));
                        (naam, format!("#/components/schemas/{component}").into())
                    }
                    // What an example holds is no schema.
                    ("examples", _) => (naam, waarde),
                    _ => (naam, verwijzen(waarde, bestand, nog)),
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|v| verwijzen(v, bestand, nog)).collect()),
        anders => anders,
    }
}

fn component(bestand: &str, stuk: &str) -> String {
    let bekend = GEPUBLICEERD.iter().find(|(_, b, s)| *b == bestand && *s == stuk);
    match (bekend, stuk) {
        (Some((naam, ..)), _) => (*naam).to_owned(),
        (None, "") => format!("Draad-{bestand}"),
        (None, stuk) => format!("Draad-{stuk}"),
    }
}

fn tekst(uitleg: &str) -> Value {
    json!({ "type": "string", "description": uitleg })
}

fn of_niets(uitleg: &str, soort: &str) -> Value {
    json!({ "type": [soort, "null"], "description": uitleg })
}

fn getal(uitleg: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": uitleg })
}

fn naar(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

fn lijst(uitleg: &str, van: Value) -> Value {
    json!({ "type": "array", "description": uitleg, "items": van })
}

/// A closed object: the fields that are always there, and those that may be.
fn object(uitleg: &str, altijd: Vec<(&str, Value)>, soms: Vec<(&str, Value)>) -> Value {
    let required: Vec<&str> = altijd.iter().map(|(naam, _)| *naam).collect();
    let properties: Map<String, Value> =
        altijd.iter().chain(&soms).map(|(naam, schema)| ((*naam).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "description": uitleg, "properties": properties, "required": required, "additionalProperties": false })
}

/// The fields of a message that lies ready.
fn klaargezet() -> Vec<(&'static str, Value)> {
    vec![
        ("kenmerk", tekst("Uw kenmerk, of dat wat de adapter gaf.")),
        ("soort", tekst("Berichttype.")),
        ("sinds", tekst("Sinds wanneer het klaarligt.")),
    ]
}

/// The fields of a message that was taken.
fn zending() -> Vec<(&'static str, Value)> {
    vec![
        ("kenmerk", tekst("Uw kenmerk, of dat wat de adapter gaf.")),
        ("bericht", tekst("Het nummer van het bericht op de draad.")),
        (
            "stand",
            json!({
                "type": "string", "description": "Hoe ver het is.",
                "enum": ["aangenomen", "getoetst", "verzegeld", "verzonden", "bevestigd", "geweigerd"],
            }),
        ),
        (
            "besluiten",
            lijst(
                "Per deel en ontvanger: mag het, waarom, en wat zou er wel mogen. Leeg zolang er niet is besloten.",
                naar("Besluit"),
            ),
        ),
        ("waarschuwingen", lijst("Wat u nog eens moet bekijken, zoals een BSN of postcode in vrije tekst.", tekst("Een zin."))),
        ("ontvangstbewijs", of_niets("Het ondertekende bewijs van het knooppunt, zodra het er is.", "string")),
    ]
}

fn eigen() -> Vec<(&'static str, Value)> {
    vec![
        (
            "EigenBericht",
            json!({ "type": "object", "description": "Een bericht in uw eigen formaat, zoals de mapping het kent." }),
        ),
        ("Aangenomen", object("Een bericht dat veilig is vastgelegd.", zending(), vec![])),
        (
            "Klaargezet",
            object(
                "Een bericht dat klaarligt en niet is gedeeld.",
                klaargezet(),
                vec![("waarschuwingen", lijst("Wat u nog eens moet bekijken.", tekst("Een zin.")))],
            ),
        ),
        (
            "KlaargezetLijst",
            object("Wat klaarligt.", vec![("klaargezet", lijst("Het oudste eerst.", naar("Klaargezet")))], vec![]),
        ),
        (
            "Opening",
            object(
                "Het besluit van de professional; leeg waar geen geheim wordt doorbroken.",
                vec![],
                vec![
                    ("medewerker", tekst("Nummer van de professional bij de eigen organisatie; geen naam.")),
                    ("functie", tekst("Functie van de professional.")),
                    ("motivering", tekst("Waarom het gevaar zo groot is dat delen nu nodig is.")),
                ],
            ),
        ),
        (
            "Verzonden",
            object(
                "Een bericht, en hoe het ervoor staat bij knooppunt en ontvangers.",
                zending(),
                vec![
                    ("probleem", naar("Problem")),
                    ("aangenomenOp", tekst("Wanneer het knooppunt het aannam.")),
                    (
                        "plichten",
                        lijst(
                            "Wat ontvangers door dit bericht nog moeten doen, of deden: wie, wat, en voor wanneer.",
                            naar("Plichtvan"),
                        ),
                    ),
                    (
                        "ontvangers",
                        json!({ "type": ["array", "null"], "description": "Per ontvanger; niets als het knooppunt nu niet antwoordt.", "items": naar("Ontvanger") }),
                    ),
                ],
            ),
        ),
        (
            "Ontvanger",
            object(
                "Een ontvanger van een bericht.",
                vec![
                    ("naam", of_niets("Naam volgens de gids.", "string")),
                    (
                        "status",
                        json!({ "type": "object", "description": "Wat het knooppunt ervan zegt: bezorgd, ontvangen, gelezen, beantwoord." }),
                    ),
                    (
                        "bewijs",
                        json!({
                            "type": ["string", "null"], "description": "Wat de eigen handtekening van de ontvanger zegt.",
                            "enum": ["open", "klopt", "onthouden", "wijkt-af", "geweigerd", "niet-opgehaald", null],
                        }),
                    ),
                ],
                vec![],
            ),
        ),
        (
            "Toetsing",
            object(
                "Mag dit? Er is niets verstuurd en niets vastgelegd.",
                vec![
                    ("besluiten", lijst("Per deel en ontvanger: mag het, waarom, en wat zou er wel mogen.", naar("Besluit"))),
                    ("waarschuwingen", lijst("Wat u nog eens moet bekijken.", tekst("Een zin."))),
                ],
                vec![],
            ),
        ),
        ("Postbus", object("De nieuwste leveringen.", vec![("leveringen", lijst("Nieuwste eerst.", naar("Levering")))], vec![])),
        (
            "Levering",
            object(
                "Een levering; met inhoud zolang uw systeem haar nog niet heeft.",
                vec![
                    ("levering", tekst("Nummer van de levering.")),
                    ("bericht", tekst("Nummer van het bericht.")),
                    ("soort", tekst("Berichttype.")),
                    ("van", tekst("OIN van de afzender.")),
                    (
                        "stand",
                        json!({
                            "type": "string", "description": "Hoe ver zij is.",
                            "enum": ["opgehaald", "geopend", "afgeleverd", "gemeld", "geweigerd", "weigering-gemeld", "vastgelopen"],
                        }),
                    ),
                    ("opgehaaldOp", tekst("Wanneer de adapter haar ophaalde.")),
                    ("weigeringscode", of_niets("Waarom zij is geweigerd.", "string")),
                    (
                        "stop",
                        json!({
                            "type": ["string", "null"], "enum": ["terug", "bevroren", null],
                            "description": "Wat de eigenaar er sindsdien van zei: teruggenomen, of bevroren tot hij besluit. Gebruik het niet.",
                        }),
                    ),
                    ("baan", json!({ "type": "string", "description": "De baan.", "enum": ["normaal", "acuut"] })),
                    (
                        "doelen",
                        lijst(
                            "Waarvoor u de delen van dit bericht mag gebruiken, zoals de eigenaar het ondertekende. Van een deel dat u alleen \
                             inziet staat een doel er zodra u het daarvoor las.",
                            naar("Deeldoel"),
                        ),
                    ),
                    ("pad", of_niets("Het pad in uw mapping.", "string")),
                    ("lichaam", json!({ "description": "De inhoud in uw eigen formaat, of niets." })),
                ],
                vec![],
            ),
        ),
        (
            "Deeldoel",
            object(
                "Waarvoor een deel mag worden gebruikt.",
                vec![
                    ("deel", tekst("Nummer van het deel.")),
                    ("doel", tekst("Het doel.")),
                    ("sinds", tekst("Wanneer de adapter dat voor het eerst zag.")),
                ],
                vec![],
            ),
        ),
        (
            "Ontvangst",
            json!({ "type": ["object", "null"], "description": "De nummers waaronder uw systeem het bericht heeft, zoals uw mapping ze leest. Mag leeg zijn." }),
        ),
        ("Lezer", object("Wie het las.", vec![("functie", tekst("Functie van de lezer; geen naam."))], vec![])),
        (
            "Inzageverzoek",
            object(
                "Wie wil lezen en waarvoor.",
                vec![("functie", tekst("Functie van de lezer; geen naam.")), ("doel", tekst("Waarvoor, zoals beoordelen."))],
                vec![],
            ),
        ),
        (
            "Deel",
            object(
                "Een deel, geopend voor dit ene antwoord. Bewaar het niet.",
                vec![
                    ("labels", naar("Labels")),
                    ("inhoud", json!({ "description": "De inhoud volgens het schema van het berichttype." })),
                    ("gebruik", lijst("Wat de eigenaar toestaat naast lezen.", tekst("Gebruik."))),
                    ("doel", of_niets("Doel dat de eigenaar gaf.", "string")),
                    (
                        "toelichting",
                        of_niets(
                            "Waarom het voor dat doel nodig is, als dat een ander is dan waarvoor het deel werd gedeeld (R28).",
                            "string",
                        ),
                    ),
                    ("genoemd", of_niets("Of de eigenaar deze ontvanger bij naam noemde (R24).", "string")),
                    ("bewarenTot", of_niets("Tot wanneer het mag worden bewaard.", "string")),
                    ("oudVanaf", of_niets("Vanaf welke dag dit als oud moet worden getoond (R2, R30).", "string")),
                    ("zin", tekst("Waarom u dit krijgt.")),
                    ("verplichtingen", lijst("Plichten die meereizen.", json!({ "type": "object" }))),
                ],
                vec![],
            ),
        ),
        (
            "Plichtvan",
            object(
                "Wat een ontvanger door uw bericht moet doen.",
                vec![
                    ("van", tekst("OIN van wie het moet doen.")),
                    ("naam", of_niets("Naam volgens de gids.", "string")),
                    ("soort", tekst("Wat er moet gebeuren, zoals gebruik-staken.")),
                    ("regel", tekst("De regel die het vraagt.")),
                    ("uiterlijk", tekst("Wanneer het klaar moet zijn.")),
                    (
                        "stand",
                        json!({ "type": "string", "description": "Hoe het staat.", "enum": ["open", "te-laat", "voldaan"] }),
                    ),
                    ("voldaanOp", of_niets("Wanneer het is gedaan.", "string")),
                ],
                vec![],
            ),
        ),
        (
            "Herbezorging",
            object(
                "Wie dit besluit.",
                vec![(
                    "functie",
                    json!({ "type": "string", "description": "Functie van wie dit besluit.", "enum": ["privacy-officer", "fg", "bestuurder"] }),
                )],
                vec![("ontvanger", tekst("Alleen voor deze ontvanger (OIN); afwezig: voor alle."))],
            ),
        ),
        ("Herbezorgd", object("Wat opnieuw begint.", vec![("ontvangers", getal("Voor hoeveel ontvangers."))], vec![])),
        (
            "Plichten",
            object(
                "Wat uw organisatie nog moet doen.",
                vec![("plichten", lijst("De eerste die afloopt vooraan.", naar("Plicht")))],
                vec![],
            ),
        ),
        (
            "Plicht",
            object(
                "Een open plicht.",
                vec![
                    ("soort", tekst("Wat er moet gebeuren, zoals toets-achteraf of gebruik-staken.")),
                    ("regel", tekst("De regel die het vraagt.")),
                    ("bericht", tekst("Nummer van het bericht waarmee zij kwam, of van wat een betrokkene vroeg (R33).")),
                    ("kenmerk", of_niets("Uw kenmerk van dat bericht, als u er een heeft.", "string")),
                    ("uiterlijk", tekst("Wanneer het klaar moet zijn.")),
                ],
                vec![],
            ),
        ),
        (
            "Overzichtvraag",
            object(
                "Een betrokkene vroeg wat er over hem is gedeeld.",
                vec![
                    ("zaak", tekst("Uw eigen nummer van de zaak.")),
                    ("persoon", tekst("Uw eigen nummer van deze persoon.")),
                    ("gevraagdOp", tekst("De dag waarop hij het vroeg (JJJJ-MM-DD); u antwoordt binnen een maand.")),
                    ("functie", tekst("Functie van wie het hem vertelt; geen naam.")),
                ],
                vec![("na", tekst("De `verder` van een eerder antwoord op dezelfde vraag: wat daarachter staat."))],
            ),
        ),
        (
            "Overzicht",
            object(
                "Wat er over een betrokkene is gedeeld in een zaak. Zonder inhoud. Bewaar het niet.",
                vec![
                    ("verzoek", tekst("Nummer van deze vraag; de plicht om te antwoorden draagt het.")),
                    ("opgesteldOp", tekst("Wanneer dit is opgesteld.")),
                    ("uiterlijk", tekst("Wanneer de betrokkene het moet weten.")),
                    ("zin", tekst("Wat dit is, en wat niet.")),
                    ("verplichtingen", lijst("Waar u bij het vertellen op let.", json!({ "type": "object" }))),
                    ("regels", lijst("Wat is gedeeld, het eerste vooraan.", naar("Overzichtregel"))),
                ],
                vec![("verder", tekst("Er is meer te vertellen: vraag hetzelfde opnieuw, met dit nummer als `na`."))],
            ),
        ),
        (
            "Overzichtregel",
            object(
                "Eén levering met delen over de betrokkene.",
                vec![
                    (
                        "organisatie",
                        tekst("OIN van wie het inbracht: daar vraagt de betrokkene om inzage, verbetering of verwijdering."),
                    ),
                    ("organisatieNaam", tekst("Naam volgens de gids.")),
                    ("ontvanger", tekst("OIN van wie het kreeg.")),
                    ("ontvangerNaam", tekst("Naam volgens de gids.")),
                    ("soort", tekst("Berichttype.")),
                    ("gedeeldOp", tekst("Wanneer het is verstuurd.")),
                    ("ontvangenOp", tekst("Wanneer de ontvanger het in ontvangst nam.")),
                    ("doelen", lijst("Waarvoor.", tekst("Doel."))),
                    ("categorieen", lijst("Welke soorten gegevens.", tekst("Categorie."))),
                ],
                vec![],
            ),
        ),
        (
            "Toetsuitslag",
            object(
                "Wat uw privacy-functionaris vond.",
                vec![
                    ("functie", tekst("Functie van wie toetste; geen naam.")),
                    (
                        "oordeel",
                        json!({ "type": "string", "description": "De uitkomst.", "enum": ["terecht", "leerpunt", "onterecht"] }),
                    ),
                ],
                vec![],
            ),
        ),
        (
            "Gezondheid",
            object(
                "Hoe het gaat.",
                vec![
                    ("gereed", json!({ "type": "boolean", "description": "Of er verstuurd en ontvangen kan worden." })),
                    ("organisatie", tekst("Uw organisatie.")),
                    ("partners", getal("Partners in de gids.")),
                    (
                        "sleutel",
                        json!({ "type": ["object", "null"], "description": "De sleutel waarvoor anderen nu verzegelen: volgnummer en einde." }),
                    ),
                    ("teVersturen", getal("Berichten die nog weg moeten.")),
                    ("afTeLeveren", getal("Leveringen die nog niet zijn afgehandeld.")),
                    ("alarmen", lijst("De nieuwste vijftig.", naar("Alarm"))),
                ],
                vec![],
            ),
        ),
        (
            "Alarm",
            object(
                "Iets waar een mens naar moet kijken.",
                vec![
                    ("tijd", tekst("Wanneer het laatst.")),
                    ("soort", tekst("Vaste code.")),
                    ("uitleg", tekst("Wat er is, zonder persoonsgegevens.")),
                    ("aantal", getal("Hoe vaak.")),
                ],
                vec![],
            ),
        ),
        (
            "Gereedheid",
            object(
                "Of er verstuurd en ontvangen kan worden, en zo niet wat ontbreekt.",
                vec![
                    ("gereed", json!({ "type": "boolean", "description": "Of alles er is." })),
                    (
                        "ontbreekt",
                        lijst(
                            "Wat er niet is.",
                            json!({ "type": "string", "enum": ["opslag", "gids", "convenant", "sleutel", "klok"] }),
                        ),
                    ),
                ],
                vec![],
            ),
        ),
        ("Document", json!({ "type": "object", "description": "Een OpenAPI-document (3.1)." })),
    ]
}
