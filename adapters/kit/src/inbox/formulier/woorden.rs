//! The words of the vocabularies as people write them.

use crate::inbox::bladzijde::leesbaar;

/// What a word of a schema is called on the page.
pub(in crate::inbox) fn woord(code: &str) -> String {
    match code {
        "0-11" => "0 tot en met 11 jaar",
        "12-15" => "12 tot en met 15 jaar",
        "16-17" => "16 of 17 jaar",
        "18+" => "18 jaar of ouder",
        "adres-geheim" => "Geheim adres",
        "beeindigd" => "Beëindigd",
        "broer-zus" => "Broer of zus",
        "client-wil-niet" => "Cliënt wil niet",
        "dreiging-met-doden" => "Dreigt met de dood",
        "dreiging-met-ontvoering" => "Dreigt met ontvoering",
        "doorbreken-beroepsgeheim" => "Doorbreken van het beroepsgeheim",
        "e-mail" => "E-mail",
        "eergerelateerd" => "Heeft met eer te maken",
        "ex-partner" => "Ex-partner",
        "gedeeld" => "Alles gedeeld",
        "lichamelijk" => "Lichamelijk geweld",
        "mda-plus-plus" => "MDA++",
        "middelen" => "Alcohol of drugs",
        "overig" => "Iets anders",
        "psychisch" => "Psychisch geweld",
        "seksueel" => "Seksueel geweld",
        "sms" => "SMS",
        "suicidaliteit" => "Suïcidaliteit",
        "wapen" => "Een wapen",
        "zonder-toestemming" => "Zonder toestemming, met uitleg",
        _ => return leesbaar(code),
    }
    .to_owned()
}
