//! An owner's word towards the own system, where no mapping words it: whole, in the words of the wire, with what one must do.

use inbreng_domain::TypeNaam;
use serde_json::{Value, json};

use super::{
    DOORVERSTREKKING_VERZOEK, DOSSIER_VERZOEK, EIGENAAR_BESLUIT, EMBARGO, INTREKKING, MISPLAATSING, PAD, RECTIFICATIE,
    TOESTEMMING_INGETROKKEN, is_zienswijze,
};
use crate::concept::{Deelinhoud, Eigenbericht, Ontvangen, OntvangenDeel};

/// The one form. Nothing that came is left out.
pub(super) fn eigenbericht(ontvangen: &Ontvangen) -> Eigenbericht {
    let verwijzing = |v: &Option<crate::concept::Berichtverwijzing>| {
        v.as_ref().map(|v| json!({ "bericht": v.id, "kenmerk": v.eigen })).unwrap_or(Value::Null)
    };
    let lichaam = json!({
        "soort": ontvangen.soort,
        "variant": ontvangen.variant,
        "bericht": ontvangen.bericht,
        "urgentie": ontvangen.urgentie,
        "van": { "oin": ontvangen.van.oin, "naam": ontvangen.van.naam },
        "ontvangenOp": ontvangen.aangenomen_op,
        "casus": ontvangen.casus.as_ref().map(|c| json!({ "ref": c.verwijzing, "eigen": c.eigen })),
        "over": verwijzing(&ontvangen.over),
        "antwoordOp": verwijzing(&ontvangen.antwoord_op),
        "wat": wat(&ontvangen.soort, &ontvangen.verklaring),
        "verklaring": ontvangen.verklaring,
        "delen": ontvangen.delen.iter().map(deel).collect::<Vec<_>>(),
        "personen": ontvangen.personen,
    });
    Eigenbericht { pad: format!("{PAD}{}", ontvangen.soort), lichaam }
}

fn deel(deel: &OntvangenDeel) -> Value {
    let verplichtingen: Vec<Value> =
        deel.verplichtingen.iter().map(|v| json!({ "soort": v.soort, "uiterlijk": v.uiterlijk })).collect();
    let (inhoud, inzagenummer) = match &deel.inhoud {
        Deelinhoud::Open(inhoud) => (Some(inhoud), None),
        Deelinhoud::AlleenInzage(_) => (None, Some(deel.labels.id)),
    };
    json!({
        "deel": deel.labels.id,
        "categorie": deel.labels.categorie,
        "zin": deel.zin,
        "gebruik": deel.gebruik,
        "doel": deel.doel,
        "toelichting": deel.toelichting,
        "bewarenTot": deel.bewaren_tot,
        "verplichtingen": verplichtingen,
        "inhoud": inhoud,
        "inzagenummer": inzagenummer,
    })
}

/// What the reader of this statement must do, in a sentence or two.
pub(crate) fn wat(soort: &TypeNaam, verklaring: &Value) -> &'static str {
    match &*soort.as_str() {
        INTREKKING => "De eigenaar neemt dit terug. Gebruik het niet meer, en bevestig dat door het te lezen.",
        RECTIFICATIE if is_zienswijze(verklaring) => {
            "De betrokkene is het hier niet mee eens. Lees dit erbij; wat u kreeg, blijft staan."
        }
        RECTIFICATIE => "De eigenaar verbetert dit. Gebruik het oude deel niet meer, en bevestig dat door het te lezen.",
        MISPLAATSING => "Dit is gemeld als verkeerd bezorgd. Doe er niets mee tot de eigenaar besluit.",
        TOESTEMMING_INGETROKKEN => "De toestemming is ingetrokken. Stop met het gebruik van wat daarop rust.",
        EIGENAAR_BESLUIT => "De eigenaar besluit op uw vraag of melding. Handel daarnaar.",
        DOSSIER_VERZOEK => "Mag wat u stuurde in het dossier van de vrager? U besluit; geen antwoord is nee.",
        DOORVERSTREKKING_VERZOEK => "Mag wat u stuurde naar een ander, of voor een ander doel? U besluit; geen antwoord is nee.",
        EMBARGO => "Informatie wordt tegengehouden, of niet langer. Handel daarnaar, en zeg het niet verder.",
        _ => "Lees dit bericht.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_something_back_tells_its_reader_to_stop() {
        for (soort, verklaring, stopt) in [
            (INTREKKING, json!({"reden": "onjuist"}), true),
            (RECTIFICATIE, json!({"soort": "verbeterd"}), true),
            (RECTIFICATIE, json!({"soort": "verouderd"}), true),
            (RECTIFICATIE, json!({"soort": "zienswijze"}), false),
        ] {
            let zin = wat(&TypeNaam::parse(soort).unwrap(), &verklaring);
            assert_eq!(zin.contains("niet meer"), stopt, "{soort} {verklaring}: {zin}");
        }
    }
}
