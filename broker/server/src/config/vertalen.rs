//! What is wrong in a configuration file, in Dutch: which key, what stands there, and what can stand there.

use figment::error::{Actual, Kind};

use crate::bevinding::Bevinding;

/// What figment found, as a finding.
pub(super) fn vertalen(error: figment::Error) -> Bevinding {
    let pad = error.path.join(".");
    let onder = |naam: &str| if pad.is_empty() { naam.to_owned() } else { format!("{pad}.{naam}") };
    match &error.kind {
        Kind::MissingField(naam) => Bevinding::fout(
            onder(naam),
            "deze sleutel ontbreekt",
            "Voeg de sleutel toe; docs/operations/README.md beschrijft hem.",
        ),
        Kind::UnknownField(naam, bekend) => {
            // figment already ends the path with the unknown field.
            let sleutel = if error.path.last() == Some(naam) { pad.clone() } else { onder(naam) };
            let oplossing = format!("Haal de sleutel weg of verbeter hem; hier kunnen: {}.", bekend.join(", "));
            Bevinding::fout(sleutel, "deze sleutel bestaat niet", oplossing)
        }
        Kind::InvalidType(gevonden, verwacht) | Kind::InvalidValue(gevonden, verwacht) => Bevinding::fout(
            sleutel(&pad),
            format!("hier staat {}", gevonden_als(gevonden)),
            format!("Geef {}.", in_woorden(verwacht)),
        ),
        Kind::UnknownVariant(naam, bekend) => {
            let oplossing = format!("Kies een van: {}.", bekend.join(", "));
            Bevinding::fout(sleutel(&pad), format!("`{naam}` kan hier niet"), oplossing)
        }
        // Our own types say what they take.
        Kind::Message(verwacht) if !pad.is_empty() => {
            Bevinding::fout(sleutel(&pad), "deze waarde kan hier niet", format!("Geef {verwacht}."))
        }
        anders => Bevinding::fout(sleutel(&pad), anders.to_string(), "Verbeter de waarde van deze sleutel."),
    }
}

/// What a type of the program is for who writes the file.
fn in_woorden(verwacht: &str) -> String {
    match verwacht {
        "u8" | "u16" | "u32" | "u64" | "usize" => "een heel getal van 0 of meer, zonder aanhalingstekens".to_owned(),
        "bool" | "a boolean" => "true of false, zonder aanhalingstekens".to_owned(),
        "a string" | "path string" => "tekst tussen aanhalingstekens".to_owned(),
        "a sequence" => "een lijst, zoals [\"een\", \"twee\"]".to_owned(),
        anders => anders.to_owned(),
    }
}

/// What stands there, in words.
fn gevonden_als(gevonden: &Actual) -> String {
    match gevonden {
        Actual::Str(tekst) => format!("de tekst `{tekst}`"),
        Actual::Bool(waarde) => format!("{waarde}"),
        Actual::Unsigned(getal) => format!("het getal {getal}"),
        Actual::Signed(getal) => format!("het getal {getal}"),
        Actual::Float(getal) => format!("het getal {getal}"),
        Actual::Seq => "een lijst".to_owned(),
        Actual::Map => "een tabel".to_owned(),
        anders => anders.to_string(),
    }
}

fn sleutel(pad: &str) -> String {
    if pad.is_empty() { "(bestand)".to_owned() } else { pad.to_owned() }
}
