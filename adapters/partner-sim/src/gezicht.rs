//! A face: which partner's system is played, what it does with what it receives. Data, one TOML file per face.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::Fout;

/// The faces that are built in, with their data.
const INGEBOUWD: [(&str, &str); 11] = [
    ("politie", include_str!("../gezichten/politie.toml")),
    ("veilig-thuis", include_str!("../gezichten/veilig-thuis.toml")),
    ("om", include_str!("../gezichten/om.toml")),
    ("ggz", include_str!("../gezichten/ggz.toml")),
    ("wijkteam", include_str!("../gezichten/wijkteam.toml")),
    ("school", include_str!("../gezichten/school.toml")),
    ("reclassering", include_str!("../gezichten/reclassering.toml")),
    ("burgemeester", include_str!("../gezichten/burgemeester.toml")),
    ("huisarts", include_str!("../gezichten/huisarts.toml")),
    ("vrouwenopvang", include_str!("../gezichten/vrouwenopvang.toml")),
    ("zvh", include_str!("../gezichten/zvh.toml")),
];

/// One partner's system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gezicht {
    /// How it calls itself.
    pub naam: String,
    /// Persons it knows already, with its own numbers.
    #[serde(default)]
    pub(crate) relaties: Vec<Relatie>,
    /// What it takes, path by path.
    #[serde(default)]
    pub(crate) ontvangst: Vec<Ontvangst>,
}

/// A person in its own register.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relatie {
    pub achternaam: String,
    pub geboortedatum: String,
    pub nummer: String,
    #[serde(default)]
    pub dossier: Option<String>,
}

/// What it does with a message on one path.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ontvangst {
    pub pad: String,
    /// What it says then; `{…}` is filled in.
    pub zeg: String,
    /// The numbers it files the message under; they are its answer.
    #[serde(default)]
    pub nummers: Vec<Nummer>,
    #[serde(default)]
    pub personen: Option<Personen>,
    /// What it does next by itself: the first line whose conditions all hold.
    #[serde(default)]
    pub daarna: Vec<Daarna>,
}

/// A number of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nummer {
    pub veld: String,
    pub vorm: String,
    /// Where the message names a number that it gave earlier.
    #[serde(default)]
    pub bestaand: Option<String>,
    /// Whether a known person brings the file that person has.
    #[serde(default)]
    pub dossier_van_relatie: bool,
}

/// How it recognises persons in a message, and numbers those it does not know.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Personen {
    /// Lists of persons; `*` is each item.
    pub lijsten: Vec<String>,
    /// The field with the number under which the message names the person.
    pub sleutel: String,
    pub vorm: String,
}

/// An automatic follow-up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Daarna {
    #[serde(default)]
    pub wanneer: Vec<Vraag>,
    pub stuur: Vec<Stap>,
}

/// One message that it sends by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stap {
    /// Milliseconds after the step before.
    pub na_ms: u64,
    /// Which fixture.
    pub bericht: String,
    /// What is different in it: pointer and text, `{…}` is filled in.
    #[serde(default)]
    pub zet: BTreeMap<String, String>,
}

/// A question about the message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vraag {
    pub veld: String,
    #[serde(default)]
    pub is: Option<Value>,
    #[serde(default)]
    pub bevat: Option<Value>,
    #[serde(default)]
    pub aanwezig: Option<bool>,
}

impl Vraag {
    pub(crate) fn geldt(&self, bericht: &Value) -> bool {
        let gevonden = bericht.pointer(&self.veld);
        self.is.as_ref().is_none_or(|w| gevonden == Some(w))
            && self.aanwezig.is_none_or(|ja| gevonden.is_some() == ja)
            && self.bevat.as_ref().is_none_or(|w| gevonden.and_then(Value::as_array).is_some_and(|items| items.contains(w)))
    }
}

impl Gezicht {
    /// A face that is built in.
    ///
    /// # Errors
    /// [`Fout::Gezicht`] when there is none of this name.
    pub fn ingebouwd(naam: &str) -> Result<Self, Fout> {
        let (_, bestand) = INGEBOUWD.iter().find(|(n, _)| *n == naam).ok_or_else(|| {
            let namen: Vec<_> = INGEBOUWD.iter().map(|(n, _)| *n).collect();
            Fout::Gezicht(format!("there is no face {naam}; there are {}", namen.join(", ")))
        })?;
        toml::from_str(bestand).map_err(|e| Fout::Gezicht(format!("{naam}: {e}")))
    }

    /// The names of all faces.
    pub fn namen() -> impl Iterator<Item = &'static str> {
        INGEBOUWD.iter().map(|(naam, _)| *naam)
    }

    pub(crate) fn ontvangst(&self, pad: &str) -> Option<&Ontvangst> {
        self.ontvangst.iter().find(|o| o.pad == pad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::Fixtures;

    #[test]
    fn every_face_reads_and_sends_only_what_it_has() {
        for naam in Gezicht::namen() {
            let gezicht = Gezicht::ingebouwd(naam).unwrap();
            let fixtures = Fixtures::lezen(naam, None).unwrap();
            assert!(!gezicht.ontvangst.is_empty(), "{naam}");
            for stap in gezicht.ontvangst.iter().flat_map(|o| &o.daarna).flat_map(|d| &d.stuur) {
                let fixture = fixtures.zoek(&stap.bericht).unwrap_or_else(|| panic!("{naam}: {}", stap.bericht));
                for pad in stap.zet.keys() {
                    assert!(fixture.bericht.pointer(pad).is_some(), "{naam}: {} {pad}", stap.bericht);
                }
            }
        }
        assert!(Gezicht::ingebouwd("niemand").is_err());
    }
}
