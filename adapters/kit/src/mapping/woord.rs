//! Words of a closed vocabulary in a mapping: fixed ones are checked when the file is read, the others at each message.

use std::{fmt::Display, str::FromStr};

use serde_json::Value;

use super::{
    bouw::Bouw,
    fout::{MappingFout, veld},
    lezer::woord,
    pad::Plek,
    vullen::Vuller,
    waarde::Sjabloon,
};
use crate::concept::Vertaalfout;

/// One word, or several, from a constant or from a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Woorden<T> {
    Vast(Vec<T>),
    Uit(Sjabloon),
}

impl<T> Woorden<T>
where
    T: FromStr + Clone,
    T::Err: Display,
{
    pub(super) fn lezen(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let sjabloon = Sjabloon::lezen(waarde, plek, bouw)?;
        if let Some(vast) = constant(&sjabloon) {
            return match Self::ontleed(&vast) {
                Some(Ok(woorden)) => Ok(Self::Vast(woorden)),
                Some(Err(tekst)) => woord::<T>(&tekst, plek).map(|w| Self::Vast(vec![w])),
                None => Err(MappingFout::new(plek, "hier hoort een woord, of een lijst van woorden")),
            };
        }
        // A table that can only yield wrong words is a mistake of the file, not of the message.
        if let Sjabloon::Veld(v) = &sjabloon {
            for waarde in v.tabel.iter().flat_map(|t| t.waarden()).chain(v.anders.iter()) {
                match Self::ontleed(waarde) {
                    Some(Ok(_)) => {}
                    Some(Err(tekst)) => drop(woord::<T>(&tekst, plek)?),
                    None => return Err(MappingFout::new(plek, "de waarden van deze tabel moeten woorden zijn")),
                }
            }
        }
        Ok(Self::Uit(sjabloon))
    }

    /// The words of a value; the first that is none; or nothing when it holds no words at all.
    fn ontleed(waarde: &Value) -> Option<Result<Vec<T>, String>> {
        let los = |v: &Value| v.as_str().map(|s| s.parse().map_err(|_| s.to_owned()));
        match waarde {
            Value::Array(items) => {
                items.iter().map(los).collect::<Option<Vec<_>>>().map(|w| w.into_iter().collect::<Result<Vec<_>, _>>())
            }
            v => los(v).map(|w| w.map(|w| vec![w])),
        }
    }

    /// The words here; none where the field may be absent and is.
    pub(super) fn bepaal(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Option<Vec<T>>, Vertaalfout> {
        let sjabloon = match self {
            Self::Vast(woorden) => return Ok(Some(woorden.clone())),
            Self::Uit(sjabloon) => sjabloon,
        };
        let Some(waarde) = vuller.vul(sjabloon, plek)? else { return Ok(None) };
        match Self::ontleed(&waarde) {
            Some(Ok(woorden)) => Ok(Some(woorden)),
            _ => Err(veld(sjabloon.aanwijzer(plek), "Deze waarde is hier niet mogelijk.")),
        }
    }

    /// The one word here.
    pub(super) fn een(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Option<T>, Vertaalfout> {
        match self.bepaal(vuller, plek)? {
            None => Ok(None),
            Some(woorden) => match woorden.as_slice() {
                [een] => Ok(Some(een.clone())),
                _ => Err(veld(self.aanwijzer(plek), "Hier hoort één waarde.")),
            },
        }
    }

    pub(super) fn aanwijzer(&self, plek: &Plek<'_>) -> String {
        match self {
            Self::Vast(_) => plek.pad.clone(),
            Self::Uit(s) => s.aanwijzer(plek),
        }
    }

    /// The words that this can yield without looking at a message.
    pub(super) fn mogelijk(&self) -> Vec<T> {
        match self {
            Self::Vast(woorden) => woorden.clone(),
            Self::Uit(Sjabloon::Veld(v)) => {
                let waarden = v.tabel.iter().flat_map(|t| t.waarden()).chain(v.anders.iter());
                waarden.filter_map(Self::ontleed).filter_map(Result::ok).flatten().collect()
            }
            Self::Uit(_) => Vec::new(),
        }
    }
}

fn constant(sjabloon: &Sjabloon) -> Option<Value> {
    match sjabloon {
        Sjabloon::Vast(v) => Some(v.clone()),
        Sjabloon::Lijst(items) => items.iter().map(constant).collect::<Option<_>>().map(Value::Array),
        _ => None,
    }
}

impl Sjabloon {
    /// The pointer of the first field in it, for errors.
    pub(super) fn aanwijzer(&self, plek: &Plek<'_>) -> String {
        self.eerste_veld(plek).unwrap_or_else(|| plek.pad.clone())
    }

    fn eerste_veld(&self, plek: &Plek<'_>) -> Option<String> {
        match self {
            Self::Vast(_) => None,
            Self::Veld(v) => Some(v.pad.aanwijzer(plek)),
            Self::Object(leden) => leden.iter().find_map(|(_, s)| s.eerste_veld(plek)),
            Self::Lijst(items) | Self::Samen { delen: items, .. } | Self::Eerste(items) => {
                items.iter().find_map(|s| s.eerste_veld(plek))
            }
            Self::Per(p) => Some(p.lijst.aanwijzer(plek)),
            Self::Wanneer(w) => w.1.eerste_veld(plek),
            Self::Plaatshouder(_, s) => s.eerste_veld(plek),
            Self::OinVan(naam) => Some(naam.aanwijzer(plek)),
        }
    }
}
