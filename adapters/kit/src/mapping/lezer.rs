//! Reads TOML tables key by key, so that every unknown key is refused in Dutch and with its place.

use serde_json::Value;

use super::fout::MappingFout;

type Uitkomst<T> = Result<T, MappingFout>;

/// A table that is being read. What is left at [`Lezer::klaar`] is unknown.
pub(super) struct Lezer {
    tabel: toml::Table,
    plek: String,
    bekend: Vec<&'static str>,
}

impl Lezer {
    pub(super) fn new(waarde: toml::Value, plek: impl Into<String>) -> Uitkomst<Self> {
        let plek = plek.into();
        match waarde {
            toml::Value::Table(tabel) => Ok(Self { tabel, plek, bekend: Vec::new() }),
            _ => Err(MappingFout::new(plek, "hier hoort een tabel met sleutels")),
        }
    }

    pub(super) fn plek(&self) -> &str {
        &self.plek
    }

    pub(super) fn bij(&self, sleutel: &str) -> String {
        if self.plek.is_empty() { sleutel.to_owned() } else { format!("{}.{sleutel}", self.plek) }
    }

    pub(super) fn heeft(&self, sleutel: &str) -> bool {
        self.tabel.contains_key(sleutel)
    }

    pub(super) fn neem(&mut self, sleutel: &'static str) -> Option<toml::Value> {
        self.bekend.push(sleutel);
        self.tabel.remove(sleutel)
    }

    pub(super) fn moet(&mut self, sleutel: &'static str) -> Uitkomst<toml::Value> {
        self.neem(sleutel).ok_or_else(|| MappingFout::new(self.bij(sleutel), "deze sleutel is verplicht en ontbreekt"))
    }

    pub(super) fn tekst(&mut self, sleutel: &'static str) -> Uitkomst<Option<String>> {
        let plek = self.bij(sleutel);
        self.neem(sleutel).map(|v| tekst(v, &plek)).transpose()
    }

    pub(super) fn ja_nee(&mut self, sleutel: &'static str) -> Uitkomst<Option<bool>> {
        match self.neem(sleutel) {
            None => Ok(None),
            Some(toml::Value::Boolean(b)) => Ok(Some(b)),
            Some(_) => Err(MappingFout::new(self.bij(sleutel), "hier hoort true of false")),
        }
    }

    pub(super) fn aantal(&mut self, sleutel: &'static str) -> Uitkomst<Option<usize>> {
        let plek = self.bij(sleutel);
        match self.neem(sleutel) {
            None => Ok(None),
            Some(toml::Value::Integer(n)) => {
                usize::try_from(n).map(Some).map_err(|_| MappingFout::new(plek, "hier hoort een getal vanaf 0"))
            }
            Some(_) => Err(MappingFout::new(plek, "hier hoort een geheel getal")),
        }
    }

    /// The items of a list with their places; an absent list is empty.
    pub(super) fn lijst(&mut self, sleutel: &'static str) -> Uitkomst<Vec<(toml::Value, String)>> {
        let plek = self.bij(sleutel);
        self.neem(sleutel).map_or_else(|| Ok(Vec::new()), |v| lijst(v, &plek))
    }

    /// Every member with its place, for tables whose keys are the author's own.
    pub(super) fn leden(self) -> impl Iterator<Item = (String, toml::Value, String)> {
        let plek = self.plek;
        self.tabel.into_iter().map(move |(sleutel, waarde)| {
            let hier = if plek.is_empty() { sleutel.clone() } else { format!("{plek}.{sleutel}") };
            (sleutel, waarde, hier)
        })
    }

    /// Refuses what was not read.
    pub(super) fn klaar(self) -> Uitkomst<()> {
        self.tabel.keys().next().map_or(Ok(()), |over| {
            Err(MappingFout::new(
                self.bij(over),
                format!("deze sleutel is hier onbekend; wel mogelijk: {}", self.bekend.join(", ")),
            ))
        })
    }
}

pub(super) fn tekst(waarde: toml::Value, plek: &str) -> Uitkomst<String> {
    match waarde {
        toml::Value::String(s) => Ok(s),
        _ => Err(MappingFout::new(plek, "hier hoort een tekst")),
    }
}

pub(super) fn lijst(waarde: toml::Value, plek: &str) -> Uitkomst<Vec<(toml::Value, String)>> {
    match waarde {
        toml::Value::Array(items) => Ok(items.into_iter().enumerate().map(|(i, v)| (v, format!("{plek}[{i}]"))).collect()),
        _ => Err(MappingFout::new(plek, "hier hoort een lijst")),
    }
}

/// Reads a word of a closed vocabulary or an identifier.
pub(super) fn woord<T: std::str::FromStr>(tekst: &str, plek: &str) -> Uitkomst<T>
where
    T::Err: std::fmt::Display,
{
    tekst.parse().map_err(|e: T::Err| MappingFout::new(plek, format!("'{tekst}': {e}")))
}

/// A constant as JSON. The wire knows no fractions, and dates are texts.
pub(super) fn vast(waarde: toml::Value, plek: &str) -> Uitkomst<Value> {
    match waarde {
        toml::Value::String(s) => Ok(Value::String(s)),
        toml::Value::Integer(n) => Ok(Value::from(n)),
        toml::Value::Boolean(b) => Ok(Value::Bool(b)),
        toml::Value::Float(_) => Err(MappingFout::new(plek, "een getal met een komma kan niet; schrijf een tekst")),
        toml::Value::Datetime(_) => Err(MappingFout::new(plek, "schrijf een datum als tekst, tussen aanhalingstekens")),
        toml::Value::Array(items) => items
            .into_iter()
            .enumerate()
            .map(|(i, v)| vast(v, &format!("{plek}[{i}]")))
            .collect::<Uitkomst<_>>()
            .map(Value::Array),
        toml::Value::Table(leden) => leden
            .into_iter()
            .map(|(k, v)| {
                let hier = format!("{plek}.{k}");
                vast(v, &hier).map(|v| (k, v))
            })
            .collect::<Uitkomst<_>>()
            .map(Value::Object),
    }
}
