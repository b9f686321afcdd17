//! What the hub answers to a sender, a reader and a verifier; and the signed statements it is sent.

use serde_json::json;

use super::{
    Component, DIGEST, JWS, OIN_ANDER, TIJD, UUID, UUID_ANDER, besluit, deel, getal, jws, lijst, mag, met_voorbeeld, moet, naar,
    object,
};

pub(super) fn components() -> Vec<Component> {
    let status = object(
        "De stand van een eigen bericht.",
        vec![
            moet("id", naar("Uuid7")),
            moet("aangenomenOp", naar("Tijdstip")),
            moet("ontvangstbewijs", jws("inbreng-ontvangstbewijs+jws")),
            moet("besluiten", lijst("Bewijsbesluit")),
            moet("ontvangers", lijst("Ontvangerstatus")),
        ],
    );
    vec![
        (
            "Aannameantwoord",
            met_voorbeeld(
                object(
                    "Het ondertekende ontvangstbewijs, en dezelfde besluiten leesbaar.",
                    vec![moet("ontvangstbewijs", jws("inbreng-ontvangstbewijs+jws")), moet("besluiten", lijst("Bewijsbesluit"))],
                ),
                json!({ "ontvangstbewijs": JWS, "besluiten": [besluit::voorbeeld_bewijs()] }),
            ),
        ),
        (
            "Statusantwoord",
            met_voorbeeld(
                status,
                json!({
                    "id": UUID,
                    "aangenomenOp": TIJD,
                    "ontvangstbewijs": JWS,
                    "besluiten": [besluit::voorbeeld_bewijs()],
                    "ontvangers": [{
                        "ontvanger": OIN_ANDER,
                        "stand": "gelezen",
                        "ontvangenOp": TIJD,
                        "gelezenOp": TIJD,
                        "inzagen": [{ "deel": UUID_ANDER, "functie": "vertrouwensarts", "doel": "beoordelen", "tijd": TIJD }],
                    }],
                }),
            ),
        ),
        (
            "Ontvangerstatus",
            object(
                "Hoe ver het is bij één ontvanger.",
                vec![
                    moet("ontvanger", naar("Oin")),
                    moet("stand", naar("Leveringstand")),
                    mag("ontvangenOp", naar("Tijdstip")),
                    mag("gelezenOp", naar("Tijdstip")),
                    mag("beantwoordOp", naar("Tijdstip")),
                    mag("antwoord", naar("Uuid7")),
                    mag("geweigerdOp", naar("Tijdstip")),
                    mag("weigering", naar("Weigeringscode")),
                    moet("inzagen", lijst("Inzageregel")),
                ],
            ),
        ),
        (
            "Inzageregel",
            object(
                "Eén keer dat een deel is ingezien.",
                vec![
                    moet("deel", naar("Uuid7")),
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
                    "Eén ondertekende verklaring.",
                    vec![moet(
                        "verklaring",
                        jws("inbreng-ontvangst+jws`, `inbreng-gelezen+jws`, `inbreng-weigering+jws` of `inbreng-inzage+jws"),
                    )],
                ),
                json!({ "verklaring": JWS }),
            ),
        ),
        (
            "Inzageantwoord",
            met_voorbeeld(
                object(
                    "De sleutel van een deel, voor deze ene keer.",
                    vec![moet("wrap", naar("Sleutelwrap")), moet("toegang", jws("inbreng-toegang+jws"))],
                ),
                json!({ "wrap": deel::voorbeeld_wrap(), "toegang": JWS }),
            ),
        ),
        (
            "Checkpointantwoord",
            met_voorbeeld(
                object("De kop van het logboek.", vec![moet("checkpoint", jws("inbreng-checkpoint+jws"))]),
                json!({ "checkpoint": JWS }),
            ),
        ),
        (
            "Insluitingsbewijs",
            met_voorbeeld(
                object(
                    "Bewijs dat een blad in het logboek zit.",
                    vec![
                        moet("index", getal(0, "Plaats van het blad, vanaf 0.")),
                        moet("omvang", getal(0, "Omvang van de boom.")),
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
                    "Bewijs dat een logboek alleen is gegroeid.",
                    vec![
                        moet("van", getal(0, "Kleinere omvang.")),
                        moet("naar", getal(0, "Grotere omvang.")),
                        moet("pad", lijst("Digest")),
                    ],
                ),
                json!({ "van": 21, "naar": 42, "pad": [DIGEST] }),
            ),
        ),
    ]
}
