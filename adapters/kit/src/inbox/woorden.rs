//! The words of vocabularies and schemas as people write them: one place for what the page asks and what it shows.

use std::sync::LazyLock;

use inbreng_domain::Code;
use inbreng_policy::Woordenboek;

use super::bladzijde::leesbaar;

/// The policy's own words.
static WOORDENBOEK: LazyLock<Option<Woordenboek>> = LazyLock::new(|| Woordenboek::ingebouwd().ok());

/// What a duty asks, as a sentence; of a duty of another's making its name.
pub(super) fn plicht(soort: &Code) -> String {
    let zin = WOORDENBOEK.as_ref().and_then(|w| w.plicht(soort));
    zin.map_or_else(|| format!("{}.", leesbaar(&soort.as_str())), str::to_owned)
}

/// What a word of a schema is called on the page.
pub(super) fn woord(code: &str) -> String {
    match code {
        "0-11" => "0 tot en met 11 jaar",
        "12-15" => "12 tot en met 15 jaar",
        "16-17" => "16 of 17 jaar",
        "18+" => "18 jaar of ouder",
        "adres-geheim" => "Geheim adres",
        "alleen-verdachte" => "Alleen wie verdachte is",
        "beeindigd" => "Beëindigd",
        "beeindigen" => "Beëindigen",
        "broer-zus" => "Broer of zus",
        "client-wil-niet" => "Cliënt wil niet",
        "dreiging-met-doden" => "Dreigt met de dood",
        "dreiging-met-ontvoering" => "Dreigt met ontvoering",
        "doorbreken-beroepsgeheim" => "Doorbreken van het beroepsgeheim",
        "e-mail" => "E-mail",
        "een-van-meer" => "Een van meer gezagsdragers",
        "eergerelateerd" => "Heeft met eer te maken",
        "ex-partner" => "Ex-partner",
        "gedeeld" => "Alles gedeeld",
        "lichamelijk" => "Lichamelijk geweld",
        "mda-plus-plus" => "MDA++",
        "middelen" => "Alcohol of drugs",
        "om-client" => "OM en cliënt gescheiden",
        "overig" => "Iets anders",
        "pleger-slachtoffer" => "Pleger en slachtoffer gescheiden",
        "psychisch" => "Psychisch geweld",
        "seksueel" => "Seksueel geweld",
        "sms" => "SMS",
        "suicidaliteit" => "Suïcidaliteit",
        "wapen" => "Een wapen",
        "zonder-toestemming" => "Zonder toestemming, met uitleg",
        "zonder-verdachte" => "Wie gezag heeft, zonder de verdachte",
        _ => return leesbaar(code),
    }
    .to_owned()
}

/// What a label says to who reads: the same words as the form asks, without what is meant for who fills it in.
pub(super) fn gelezen(label: &str) -> String {
    let einde = [";", " (BCP", ", zo kort als kan"].into_iter().filter_map(|teken| label.find(teken)).min();
    let kort = einde.and_then(|einde| label.get(..einde)).unwrap_or(label);
    match kort {
        "Adres in Nederland" => "Adres",
        "Alles van de zaak, alles over een persoon, of een deel" => "Wat eronder valt",
        "Bij omvang deel" => "Deel",
        "Bij omvang persoon" => "Persoon",
        "Dag 8, 12:00" => "Advies nodig voor",
        "Deel van de termijn dat voorbij is, in honderdsten" => "Deel van de termijn dat voorbij is, in procenten",
        "Hoe weet u dit?" => "Hoe dit bekend is",
        "In welk soort bericht u het wilt doorgeven" => "In welk soort bericht het zou doorgaan",
        "Naam van een persoon" => "Naam",
        "Organisatie-identificatienummer" => "Organisatie",
        "Telt op" => "Volgnummer",
        "Toevoegen, een andere rol geven of beëindigen" | "Zetten of opheffen" | "Zetten, verlengen of opheffen" => {
            "Wat er gebeurt"
        }
        "Waarom u dit deelt" => "Waarom dit is gedeeld",
        "Wat is uw antwoord?" => "Antwoord",
        _ => kort,
    }
    .to_owned()
}

/// A language by its two letters (BCP 47), where it is one that is often spoken here; else the letters.
pub(super) fn taal(code: &str) -> &str {
    match code {
        "ar" => "Arabisch",
        "bg" => "Bulgaars",
        "de" => "Duits",
        "en" => "Engels",
        "es" => "Spaans",
        "fa" => "Perzisch",
        "fr" => "Frans",
        "it" => "Italiaans",
        "nl" => "Nederlands",
        "pl" => "Pools",
        "pt" => "Portugees",
        "ro" => "Roemeens",
        "ru" => "Russisch",
        "so" => "Somalisch",
        "ti" => "Tigrinya",
        "tr" => "Turks",
        "uk" => "Oekraïens",
        "zh" => "Chinees",
        _ => code,
    }
}
