//! What the hub answers to a sender, a reader and a verifier; and the requests that carry one signed statement.

use serde_json::{Value, json};

use super::{Component, DIGEST, JWS, OIN, TIJD, UUID, erbij, getal, lijst, mag, met_voorbeeld, moet, naar, object, tekst};

pub(super) fn components() -> Vec<Component> {
    vec![
        ("Strengheid", strengheid()),
        ("Noodgebruik", noodgebruik()),
        ("Statusantwoord", status()),
        ("Ontvangerstatus", ontvangerstatus()),
        ("Leveringstand", stand()),
        ("Plichtregel", plichtregel()),
        (
            "Plichten",
            met_voorbeeld(
                object("De open plichten van de eigen organisatie.", vec![moet("plichten", lijst("Plichtregel"))]),
                json!({ "plichten": [plicht()] }),
            ),
        ),
        (
            "Inzageregel",
            object(
                "Eén keer dat een deel is ingezien.",
                vec![
                    moet("deel", naar("DeelId")),
                    moet("functie", naar("Code")),
                    moet("doel", naar("Doel")),
                    moet("tijd", naar("Tijdstip")),
                ],
            ),
        ),
        (
            "Verklaringverzoek",
            met_voorbeeld(
                object(
                    "Eén ondertekende verklaring; wat erin staat, beschrijven `Ontvangst`, `Gelezen`, `Weigering`, \
                     `Inzageverzoek`, `Overzichtverzoek` en `Nazending`.",
                    vec![moet("verklaring", naar("Jws"))],
                ),
                json!({ "verklaring": JWS }),
            ),
        ),
        ("Inzageantwoord", inzage()),
        ("Overzicht", overzicht()),
        ("Overzichtregel", overzichtregel()),
        ("Toegangsverzoek", toegangsverzoek()),
        (
            "Checkpointantwoord",
            met_voorbeeld(
                object("De kop van het logboek; wat erin staat, beschrijft `Checkpoint`.", vec![moet("checkpoint", naar("Jws"))]),
                json!({ "checkpoint": JWS }),
            ),
        ),
        (
            "Insluitingsbewijs",
            met_voorbeeld(
                object(
                    "Bewijs dat een blad in het logboek zit (RFC 9162, 2.1.3).",
                    vec![
                        moet("index", getal(0, "Plaats van het blad, vanaf 0.")),
                        moet("omvang", naar("Omvang")),
                        moet("pad", lijst("Digest")),
                    ],
                ),
                json!({ "index": 7, "omvang": 42, "pad": [DIGEST] }),
            ),
        ),
        (
            "Samenhangbewijs",
            met_voorbeeld(
                object(
                    "Bewijs dat een logboek alleen is gegroeid (RFC 9162, 2.1.4).",
                    vec![moet("van", naar("Omvang")), moet("naar", naar("Omvang")), moet("pad", lijst("Digest"))],
                ),
                json!({ "van": 21, "naar": 42, "pad": [DIGEST] }),
            ),
        ),
    ]
}

fn status() -> Value {
    met_voorbeeld(
        object(
            "De stand van een eigen bericht.",
            vec![
                moet("id", naar("BerichtId")),
                moet("aangenomenOp", naar("Tijdstip")),
                moet("ontvangstbewijs", naar("Jws")),
                moet("besluiten", lijst("Bewijsbesluit")),
                moet("ontvangers", lijst("Ontvangerstatus")),
                mag("plichten", lijst("Plichtregel")),
            ],
        ),
        json!({
            "id": UUID,
            "aangenomenOp": TIJD,
            "ontvangstbewijs": JWS,
            "besluiten": [{
                "ontvanger": OIN,
                "deel": UUID,
                "stand": "toegestaan",
                "regels": ["R13"],
                "zin": "Veilig Thuis heeft deze informatie nodig voor zijn wettelijke taak.",
                "verplichtingen": [],
                "alternatieven": [],
            }],
            "ontvangers": [{
                "ontvanger": OIN,
                "stand": "gelezen",
                "ontvangenOp": TIJD,
                "ontvangst": JWS,
                "gelezenOp": TIJD,
                "inzagen": [{ "deel": UUID, "functie": "vertrouwensarts", "doel": "beoordelen", "tijd": TIJD }],
            }],
            "plichten": [plicht()],
        }),
    )
}

fn ontvangerstatus() -> Value {
    object(
        "Hoe ver het is bij één ontvanger.",
        vec![
            moet("ontvanger", naar("Oin")),
            moet("stand", naar("Leveringstand")),
            mag("ontvangenOp", naar("Tijdstip")),
            mag("ontvangst", naar("Jws")),
            mag("gelezenOp", naar("Tijdstip")),
            mag("beantwoordOp", naar("Tijdstip")),
            mag("antwoord", naar("BerichtId")),
            mag("geweigerdOp", naar("Tijdstip")),
            mag("weigering", naar("Weigeringscode")),
            moet("inzagen", lijst("Inzageregel")),
            mag("bezorging", naar("Bezorging")),
        ],
    )
}

fn overzicht() -> Value {
    met_voorbeeld(
        object(
            "Wat er over een betrokkene is gedeeld in een zaak, en in de zaken die daarmee als één tellen (58), voor die betrokkene \
             (R33). Zonder inhoud.",
            vec![
                moet("verzoek", naar("BerichtId")),
                moet("opgesteldOp", naar("Tijdstip")),
                moet("uiterlijk", naar("Tijdstip")),
                moet("beleid", naar("Digest")),
                moet("zin", tekst("Wat dit overzicht is, en wat niet. Altijd dezelfde woorden.")),
                moet("verplichtingen", lijst("Verplichting")),
                moet("regels", lijst("Overzichtregel")),
                mag(
                    "verder",
                    met_uitleg("LeveringId", "Er is meer te vertellen: vraag hetzelfde opnieuw, met deze waarde als `na`."),
                ),
            ],
        ),
        json!({
            "verzoek": UUID,
            "verder": UUID,
            "opgesteldOp": TIJD,
            "uiterlijk": "2026-12-20T22:00:00.000Z",
            "beleid": DIGEST,
            "zin": "Dit overzicht noemt welke organisaties informatie over deze persoon deelden.",
            "verplichtingen": [{ "soort": "rechten-uitleggen", "regel": "R33" }],
            "regels": [{
                "organisatie": OIN,
                "ontvanger": "00000001123456789000",
                "type": "nl.inbreng.incidentmelding.v1",
                "gedeeldOp": TIJD,
                "ontvangenOp": TIJD,
                "doelen": ["beoordelen"],
                "categorieen": ["incident"],
            }],
        }),
    )
}

fn overzichtregel() -> Value {
    object(
        "Eén levering met delen over de betrokkene, die de ontvanger in ontvangst nam.",
        vec![
            moet("organisatie", naar("Oin")),
            moet("ontvanger", naar("Oin")),
            moet("type", naar("Berichttype")),
            moet("gedeeldOp", naar("Tijdstip")),
            moet("ontvangenOp", naar("Tijdstip")),
            moet("doelen", lijst("Doel")),
            moet("categorieen", lijst("Categorie")),
        ],
    )
}

fn plicht() -> Value {
    json!({
        "soort": "transparantiebericht", "regel": "R32", "bericht": UUID, "schuldenaar": OIN, "uiterlijk": TIJD,
        "stand": "voldaan", "voldaanOp": TIJD, "voldaanDoor": UUID,
    })
}

fn plichtregel() -> Value {
    use inbreng_domain::antwoorden::Plichtstand::{Open, TeLaat, Voldaan};
    let standen = json!({ "type": "string", "description": "Hoe het ermee staat.", "enum": [Open, TeLaat, Voldaan] });
    object(
        "Een plicht met een termijn; noemt geen persoon.",
        vec![
            moet("soort", naar("Code")),
            moet("regel", naar("RegelId")),
            moet("bericht", naar("BerichtId")),
            moet("schuldenaar", naar("Oin")),
            moet("uiterlijk", naar("Tijdstip")),
            moet("stand", standen),
            mag("voldaanOp", naar("Tijdstip")),
            mag("voldaanDoor", naar("BerichtId")),
            mag("uitkomst", naar("Code")),
        ],
    )
}

fn stand() -> Value {
    use inbreng_domain::antwoorden::Leveringstand::{
        Beantwoord, DodeLetter, Gelezen, Geweigerd, InBehandeling, Onderweg, Ontvangen, Verlopen, Vervallen,
    };
    let standen = [Onderweg, Ontvangen, Gelezen, Beantwoord, Geweigerd, InBehandeling, Vervallen, Verlopen, DodeLetter];
    json!({ "type": "string", "description": "Hoe ver een levering is.", "enum": standen })
}

fn toegangsverzoek() -> Value {
    let mut voorbeeld = inzage().pointer("/examples/0").cloned().unwrap_or_default();
    if let Some(leden) = voorbeeld.as_object_mut() {
        let verklaring = leden.remove("toegang").unwrap_or_default();
        leden.insert("toegang".to_owned(), json!({ "oin": OIN, "verklaring": verklaring }));
    }
    met_voorbeeld(
        object(
            "De sleutel van een eigen deel voor nog een ontvanger, en het deel zelf waar de inhoud niet meer op het knooppunt staat.",
            vec![moet("wrap", naar("Sleutelwrap")), moet("toegang", naar("Toegang")), mag("deel", naar("Deel"))],
        ),
        voorbeeld,
    )
}

/// A reference to another component, with what it is here.
fn met_uitleg(component: &str, uitleg: &str) -> Value {
    erbij(naar(component), [("description", json!(uitleg))])
}

const TOELICHTING: &str = "Waarom dit nodig is voor een ander doel dan waarvoor het deel kwam (R28), verzegeld voor de lezer. Alleen als \
                           de toegangsverklaring haar digest noemt; anders is het niet toegelicht.";

fn inzage() -> Value {
    met_voorbeeld(
        object(
            "De sleutel van een deel, voor deze ene keer; wat er in `toegang` staat, beschrijft `Toegangsverklaring`.",
            vec![
                moet("wrap", naar("Sleutelwrap")),
                moet("toegang", naar("Jws")),
                mag("toelichting", met_uitleg("Inhoud", TOELICHTING)),
            ],
        ),
        json!({
            "wrap": {
                "header": {
                    "kid": "YdP82EduNR6tb8dXs8KyM6V8zSE7vYv9PCA6QQusMgE",
                    "epk": {
                        "kty": "EC",
                        "crv": "P-256",
                        "x": "2WBNePQmTYT6yHvfqzP_zQ287GFxZXueFZ5Zs-z5gik",
                        "y": "o97unZ3-5E3-CMwKMywY57t2cYWAcASOX_Q1wEWRuMg",
                    },
                },
                "encrypted_key": "i1BBWi-IzK5-dZ932UhZZwTyU8xoxxPDtMy034Wyz5TpQEngtzKssw",
            },
            "toegang": JWS,
        }),
    )
}

/// Counts of over-strictness.
fn strengheid() -> Value {
    let regel = object(
        "Eén telling.",
        vec![
            moet("organisatie", naar("Oin")),
            moet(
                "soort",
                json!({
                    "type": "string",
                    "enum": ["geweigerd-met-alternatief", "toegestaan-niet-gedeeld", "niet-gedeeld-met-reden"],
                    "description": "Wat er geteld is.",
                }),
            ),
            moet("regel", naar("RegelId")),
            moet("aantal", getal(5, "Hoe vaak; elk deel en elke ontvanger één keer.")),
        ],
    );
    let telling = object(
        "De telling van een maand die voorbij is. Zij verandert niet meer.",
        vec![
            moet("maand", tekst("De maand, `JJJJ-MM`.")),
            moet("ondergrens", getal(1, "Kleinere aantallen staan er niet in.")),
            moet("regels", json!({ "type": "array", "items": regel })),
        ],
    );
    met_voorbeeld(
        telling,
        json!({
            "maand": "2026-10",
            "ondergrens": 5,
            "regels": [{ "organisatie": OIN, "soort": "geweigerd-met-alternatief", "regel": "R8", "aantal": 12 }],
        }),
    )
}

/// Counts of the emergency path.
fn noodgebruik() -> Value {
    let regel = object(
        "Eén telling.",
        vec![
            moet("organisatie", naar("Oin")),
            moet("aantal", getal(1, "Berichten in nood.")),
            moet("getoetst", getal(0, "Van hoeveel daarvan de toets achteraf is vastgelegd.")),
            moet("boven", json!({ "type": "string", "enum": ["ja", "nee"], "description": "Of dat boven de drempel is." })),
        ],
    );
    let telling = object(
        "De telling van een maand, zover als die is.",
        vec![
            moet("maand", tekst("De maand, `JJJJ-MM`.")),
            moet("drempel", getal(4, "Wat daarboven is, wordt gemeld.")),
            moet("regels", json!({ "type": "array", "items": regel })),
        ],
    );
    met_voorbeeld(
        telling,
        json!({
            "maand": "2026-10",
            "drempel": 5,
            "regels": [{ "organisatie": OIN, "aantal": 7, "getoetst": 6, "boven": "ja" }],
        }),
    )
}
