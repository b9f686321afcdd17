//! The parties of a covenant, as officers' tools see them.

use inbreng_domain::convenant::Partijverklaringsoort;
use serde_json::json;

use super::{Component, DIGEST, JWS, OIN, TIJD, getal, lijst, mag, met_voorbeeld, moet, naar, object, tekst};

pub(super) fn components() -> Vec<Component> {
    vec![
        (
            "Partijverklaringsoort",
            json!({ "type": "string", "description": "Wat een partij verklaart.", "enum": Partijverklaringsoort::ALL }),
        ),
        (
            "Convenantlijst",
            met_voorbeeld(
                object("De convenanten, op naam.", vec![moet("convenanten", lijst("Convenantregel"))]),
                json!({ "convenanten": [{
                    "convenant": "voorbeeldregio", "titel": "Convenant Voorbeeldregio", "geldigVanaf": TIJD,
                    "geldigTot": "2031-01-01T00:00:00.000Z", "partijen": 12, "stand": 14,
                }] }),
            ),
        ),
        (
            "Convenantregel",
            object(
                "Een convenant in een lijst.",
                vec![
                    moet("convenant", naar("Code")),
                    moet("titel", tekst("Hoe mensen het noemen.")),
                    moet("geldigVanaf", naar("Tijdstip")),
                    moet("geldigTot", naar("Tijdstip")),
                    moet("partijen", getal(0, "Hoeveel organisaties nu partij zijn.")),
                    moet("stand", getal(0, "Nummer van de laatste verklaring; ook in ETag.")),
                ],
            ),
        ),
        ("Convenantinzage", inzage()),
        (
            "Convenanttekstweergave",
            object(
                "Wat er te ondertekenen is, en de versies die het uitwerken.",
                vec![
                    moet("digest", naar("Digest")),
                    moet("tekst", naar("Convenanttekst")),
                    moet("versies", lijst("Tekstversie")),
                ],
            ),
        ),
        (
            "Tekstversie",
            object(
                "Een versie van het beleid die deze tekst uitwerkt.",
                vec![
                    moet("versie", naar("Digest")),
                    moet("nummer", getal(0, "Versienummer van de bundel: wat `afspraken` noemt.")),
                    moet("staat", naar("Versiestaat")),
                ],
            ),
        ),
        (
            "Convenantpartij",
            object(
                "Een organisatie die heeft getekend.",
                vec![
                    moet("oin", naar("Oin")),
                    mag("naam", tekst("Haar naam, als de gids haar kent.")),
                    moet("tekst", naar("Digest")),
                    moet("afspraken", getal(1, "De versie waarvan zij de afspraken las.")),
                    moet("vanaf", naar("Tijdstip")),
                    mag("tot", naar("Tijdstip")),
                    moet("partij", naar("JaNee")),
                ],
            ),
        ),
        (
            "Partijverklaring",
            object(
                "Een verklaring zoals zij is ondertekend.",
                vec![
                    moet("nummer", getal(1, "Telt op vanaf 1.")),
                    moet("soort", naar("Partijverklaringsoort")),
                    moet("partij", naar("Oin")),
                    moet("volgnummer", getal(1, "Het nummer dat de partij zelf gaf.")),
                    moet("vanaf", naar("Tijdstip")),
                    moet("functie", naar("Versiefunctie")),
                    moet("ondertekendOp", naar("Tijdstip")),
                    moet("vastgelegdOp", naar("Tijdstip")),
                    moet("verklaring", naar("Jws")),
                    mag("medeondertekening", naar("Jws")),
                ],
            ),
        ),
    ]
}

fn inzage() -> serde_json::Value {
    let tekst = json!({
        "convenant": "voorbeeldregio", "titel": "Convenant Voorbeeldregio", "document": DIGEST, "geldigVanaf": TIJD,
        "geldigTot": "2031-01-01T00:00:00.000Z", "buitenConvenant": ["medisch"],
    });
    let voorbeeld = json!({
        "convenant": "voorbeeldregio",
        "inKracht": DIGEST,
        "teksten": [{ "digest": DIGEST, "tekst": tekst, "versies": [{ "versie": DIGEST, "nummer": 1, "staat": "actief" }] }],
        "partijen": [{
            "oin": OIN, "naam": "Veilig Thuis Voorbeeldregio", "tekst": DIGEST, "afspraken": 1, "vanaf": TIJD, "partij": "ja",
        }],
        "verklaringen": [{
            "nummer": 1, "soort": "toetreding", "partij": OIN, "volgnummer": 1, "vanaf": TIJD, "functie": "bestuurder",
            "ondertekendOp": TIJD, "vastgelegdOp": TIJD, "verklaring": JWS, "medeondertekening": JWS,
        }],
        "stand": 1,
    });
    let velden = vec![
        moet("convenant", naar("Code")),
        mag("inKracht", naar("Digest")),
        moet("teksten", lijst("Convenanttekstweergave")),
        moet("partijen", lijst("Convenantpartij")),
        moet("verklaringen", lijst("Partijverklaring")),
        moet("stand", getal(0, "Hoeveel verklaringen er zijn; ook in ETag.")),
    ];
    met_voorbeeld(object("Een convenant: wat er te ondertekenen is en wie dat deed.", velden), voorbeeld)
}
