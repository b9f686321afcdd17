//! What is known while a mapping file is read: its tables, the direction, and every place of the message that it mentions.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use inbreng_domain::Oin;
use serde_json::Value;

use super::{
    fout::MappingFout,
    lezer::{Lezer, vast},
    pad::{Pad, Patroon, Stap},
};

/// Templates and conditions deeper than this are refused.
const DIEPST: usize = 32;
/// The most templates in one line of a file, named ones counted at each use.
const MEESTE: usize = 20_000;

/// Which way a translation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Richting {
    /// Own format to the wire.
    Uit,
    /// The wire to the own format.
    In,
}

/// A value table: what a word of one side is on the other. `*` stands for every other word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tabel {
    pub(super) naam: String,
    regels: BTreeMap<String, Value>,
}

/// The word for every other word.
const OVERIG: &str = "*";

impl Tabel {
    pub(super) fn lezen(naam: &str, waarde: toml::Value, plek: &str) -> Result<Self, MappingFout> {
        let regels = Lezer::new(waarde, plek)?
            .leden()
            .map(|(sleutel, v, hier)| vast(v, &hier).map(|v| (sleutel, v)))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        if regels.is_empty() {
            return Err(MappingFout::new(plek, "deze tabel is leeg"));
        }
        Ok(Self { naam: naam.to_owned(), regels })
    }

    pub(super) fn zoek(&self, woord: &str) -> Option<&Value> {
        self.regels.get(woord).or_else(|| self.regels.get(OVERIG))
    }

    pub(super) fn waarden(&self) -> impl Iterator<Item = &Value> {
        self.regels.values()
    }

    /// The same table read from right to left.
    pub(super) fn omgekeerd(&self, plek: &str) -> Result<Self, MappingFout> {
        let mut regels = BTreeMap::new();
        for (sleutel, waarde) in self.regels.iter().filter(|(s, _)| *s != OVERIG) {
            let Some(woord) = woord_van(waarde) else {
                return Err(MappingFout::new(plek, "deze tabel kan niet omgekeerd: een waarde is geen tekst of getal"));
            };
            if regels.insert(woord, Value::String(sleutel.clone())).is_some() {
                return Err(MappingFout::new(plek, "deze tabel kan niet omgekeerd: twee regels hebben dezelfde waarde"));
            }
        }
        Ok(Self { naam: self.naam.clone(), regels })
    }
}

/// A text, number or yes/no as the word by which a table is read.
pub(super) fn woord_van(waarde: &Value) -> Option<String> {
    match waarde {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(if *b { "true" } else { "false" }.to_owned()),
        _ => None,
    }
}

/// How a pattern is used: its value, or only the list that stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gebruikt {
    Waarde,
    Lijst,
}

/// What the whole file names for use in its lines.
pub(super) struct Gedeeld {
    pub(super) partners: BTreeMap<String, Oin>,
    pub(super) tabellen: BTreeMap<String, Tabel>,
    /// Named templates, read where they are used: there their `./` means something.
    pub(super) sjablonen: BTreeMap<String, toml::Value>,
    gebruikt: RefCell<BTreeSet<(&'static str, String)>>,
}

const TABELLEN: &str = "tabellen";
const SJABLONEN: &str = "sjablonen";

impl Gedeeld {
    pub(super) fn new(
        partners: BTreeMap<String, Oin>,
        tabellen: BTreeMap<String, Tabel>,
        sjablonen: BTreeMap<String, toml::Value>,
    ) -> Self {
        Self { partners, tabellen, sjablonen, gebruikt: RefCell::default() }
    }

    /// Refuses a table or template that nothing uses: most often a slip in a name.
    pub(super) fn ongebruikt(&self) -> Result<(), MappingFout> {
        let tabellen = self.tabellen.keys().map(|n| (TABELLEN, n));
        let namen = tabellen.chain(self.sjablonen.keys().map(|n| (SJABLONEN, n)));
        let gebruikt = self.gebruikt.borrow();
        for (soort, naam) in namen {
            if !gebruikt.contains(&(soort, naam.clone())) {
                return Err(MappingFout::new(format!("{soort}.{naam}"), "dit wordt nergens gebruikt"));
            }
        }
        Ok(())
    }

    fn gebruik(&self, soort: &'static str, naam: &str) {
        self.gebruikt.borrow_mut().insert((soort, naam.to_owned()));
    }
}

/// The state of reading.
pub(super) struct Bouw<'f> {
    pub(super) gedeeld: &'f Gedeeld,
    pub(super) richting: Richting,
    /// The pattern of the present item.
    item: Patroon,
    genoemd: Vec<(Patroon, Gebruikt)>,
    leeftijd: bool,
    diepte: usize,
    aantal: usize,
}

impl<'f> Bouw<'f> {
    pub(super) const fn new(gedeeld: &'f Gedeeld, richting: Richting) -> Self {
        Self { gedeeld, richting, item: Vec::new(), genoemd: Vec::new(), leeftijd: false, diepte: 0, aantal: 0 }
    }

    /// Reads a path and remembers that the mapping uses its value.
    pub(super) fn pad(&mut self, tekst: &str, plek: &str) -> Result<Pad, MappingFout> {
        let pad = self.los_pad(tekst, plek)?;
        self.genoemd.push((pad.patroon(&self.item), Gebruikt::Waarde));
        Ok(pad)
    }

    fn los_pad(&self, tekst: &str, plek: &str) -> Result<Pad, MappingFout> {
        let pad = Pad::lezen(tekst, plek)?;
        if pad.is_van_item() && self.item.is_empty() {
            return Err(MappingFout::new(plek, "een pad met ./ kan alleen binnen een lijst (per)"));
        }
        Ok(pad)
    }

    /// Remembers that an age is asked, so that the file must say on which day.
    pub(super) const fn vraag_leeftijd(&mut self) {
        self.leeftijd = true;
    }

    pub(super) const fn vraagt_leeftijd(&self) -> bool {
        self.leeftijd
    }

    /// Reads the path of a list and does `binnen` as if at each of its items.
    pub(super) fn per<T>(
        &mut self,
        tekst: &str,
        plek: &str,
        binnen: impl FnOnce(&mut Self) -> Result<T, MappingFout>,
    ) -> Result<(Pad, T), MappingFout> {
        let pad = self.los_pad(tekst, plek)?;
        let mut items = pad.patroon(&self.item);
        self.genoemd.push((items.clone(), Gebruikt::Lijst));
        items.push(Stap::Elk);
        let buiten = std::mem::replace(&mut self.item, items);
        let gelezen = binnen(self);
        self.item = buiten;
        Ok((pad, gelezen?))
    }

    /// Does `binnen` one level deeper, within the bound.
    pub(super) fn dieper<T>(
        &mut self,
        plek: &str,
        binnen: impl FnOnce(&mut Self) -> Result<T, MappingFout>,
    ) -> Result<T, MappingFout> {
        if self.diepte >= DIEPST {
            return Err(MappingFout::new(plek, format!("dit is dieper genest dan {DIEPST} lagen")));
        }
        self.aantal += 1;
        if self.aantal > MEESTE {
            return Err(MappingFout::new(plek, format!("deze regel heeft meer dan {MEESTE} onderdelen")));
        }
        self.diepte += 1;
        let gelezen = binnen(self);
        self.diepte -= 1;
        gelezen
    }

    /// The table of this name, or one written on the spot.
    pub(super) fn tabel(&self, waarde: toml::Value, plek: &str) -> Result<Tabel, MappingFout> {
        let toml::Value::String(naam) = waarde else { return Tabel::lezen("hier ter plekke", waarde, plek) };
        let tabel = self.gedeeld.tabellen.get(&naam);
        self.gedeeld.gebruik(TABELLEN, &naam);
        tabel.cloned().ok_or_else(|| MappingFout::new(plek, format!("er is geen tabel [tabellen.{naam}]")))
    }

    /// The named template, still to be read here.
    pub(super) fn sjabloon(&self, naam: &str, plek: &str) -> Result<toml::Value, MappingFout> {
        self.gedeeld.gebruik(SJABLONEN, naam);
        let sjabloon = self.gedeeld.sjablonen.get(naam);
        sjabloon.cloned().ok_or_else(|| MappingFout::new(plek, format!("er is geen sjabloon [sjablonen.{naam}]")))
    }

    pub(super) fn genoemd(self) -> Vec<(Patroon, Gebruikt)> {
        self.genoemd
    }
}
