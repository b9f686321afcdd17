//! The declarative mapping between a partner's own format and [`crate::concept`].
//!
//! A mapping is one TOML file. It says, per path on which the own system posts, which message that is and where its
//! fields go; and per message type that comes in, to which path of the own system it goes and in which words. It has no
//! expressions and runs no code: what it can say is a closed list of forms, all checked when the file is read. How to
//! write one stands in `docs/partners/mapping.md`.

mod bekend;
mod bouw;
mod catalogus;
mod delen;
mod fout;
mod inkomend;
mod lezer;
mod pad;
mod partner;
mod personen;
mod proef;
mod tijdvorm;
mod uitgaand;
mod voorwaarde;
mod vullen;
mod waarde;
mod woord;

use std::collections::BTreeMap;

use inbreng_domain::Oin;
use serde_json::Value;

use self::{
    bouw::{Bouw, Gedeeld, Richting, Tabel},
    inkomend::{Inkomend, beeld},
    lezer::{Lezer, tekst, woord},
    uitgaand::Uitgaand,
    voorwaarde::Voorwaarde,
};
pub use self::{fout::MappingFout, proef::voorbeeld};
use crate::concept::{Concept, Eigenbericht, Eigennummers, Ontvangen, Vertaalfout, Vertaling};

/// Bytes of a mapping file.
const GROOTSTE_BESTAND: usize = 256 * 1024;

/// Paths of the local API that are the adapter's own.
const EIGEN_VAN_ADAPTER: [&str; 11] = [
    "gezondheid",
    "healthz",
    "readyz",
    "metrics",
    "openapi.json",
    "postbus",
    "inzage",
    "inbox",
    "verzonden",
    "toets",
    "eigenaar",
];

/// A mapping file that was read and checked. Immutable.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    uitgaand: Vec<Uitgaand>,
    inkomend: Vec<Inkomend>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`MappingFout`] at the first place that is unknown, missing or of the wrong kind.
    pub fn lezen(bestand: &str) -> Result<Self, MappingFout> {
        if bestand.len() > GROOTSTE_BESTAND {
            return Err(MappingFout::new("bestand", format!("groter dan {} KiB", GROOTSTE_BESTAND / 1024)));
        }
        let toml: toml::Table =
            toml::from_str(bestand).map_err(|e| MappingFout::new("bestand", format!("dit is geen geldige TOML: {e}")))?;
        let mut l = Lezer::new(toml::Value::Table(toml), "")?;
        l.tekst("omschrijving")?;
        let gedeeld = Gedeeld::new(
            l.neem("partners").map_or_else(|| Ok(BTreeMap::new()), partners)?,
            l.neem("tabellen").map_or_else(|| Ok(BTreeMap::new()), tabellen)?,
            l.neem("sjablonen").map_or_else(|| Ok(BTreeMap::new()), sjablonen)?,
        );
        let bouw = |richting| Bouw::new(&gedeeld, richting);
        let uitgaand = l
            .lijst("uitgaand")?
            .into_iter()
            .map(|(v, plek)| Uitgaand::lezen(v, &plek, bouw(Richting::Uit)))
            .collect::<Result<Vec<_>, _>>()?;
        let inkomend = l
            .lijst("inkomend")?
            .into_iter()
            .map(|(v, plek)| Inkomend::lezen(v, &plek, bouw(Richting::In), bouw(Richting::In)))
            .collect::<Result<Vec<_>, _>>()?;
        l.klaar()?;
        let mapping = Self { uitgaand, inkomend };
        mapping.onbereikbaar()?;
        gedeeld.ongebruikt()?;
        Ok(mapping)
    }

    /// Refuses a line that another one before it always takes the place of.
    fn onbereikbaar(&self) -> Result<(), MappingFout> {
        let fout = |plek: String| Err(MappingFout::new(plek, "een regel hiervoor geldt altijd al; zet er een wanneer bij"));
        let altijd = |v: &Voorwaarde| *v == Voorwaarde::Altijd(true);
        for (i, regel) in self.uitgaand.iter().enumerate() {
            if self.uitgaand.iter().take(i).any(|v| v.pad == regel.pad && altijd(&v.wanneer)) {
                return fout(format!("uitgaand[{i}]"));
            }
        }
        for (i, regel) in self.inkomend.iter().enumerate() {
            let eerder = self.inkomend.iter().take(i);
            let dekt = |v: &&Inkomend| v.soort == regel.soort && (v.variant.is_none() || v.variant == regel.variant);
            if eerder.filter(dekt).any(|v| altijd(&v.wanneer)) {
                return fout(format!("inkomend[{i}]"));
            }
        }
        Ok(())
    }

    fn voor(&self, ontvangen: &Ontvangen, beeld: &Value) -> Result<&Inkomend, Vertaalfout> {
        for regel in &self.inkomend {
            if regel.geldt(ontvangen, beeld)? {
                return Ok(regel);
            }
        }
        Err(Vertaalfout::SoortOnbekend(ontvangen.soort.clone()))
    }
}

impl Vertaling for Mapping {
    fn uitgaand(&self, pad: &str, lichaam: &Value) -> Result<Concept, Vertaalfout> {
        let mut gezien = false;
        for regel in self.uitgaand.iter().filter(|r| r.pad == pad) {
            gezien = true;
            if regel.geldt(lichaam)? {
                return regel.maak(lichaam);
            }
        }
        if gezien {
            Err(fout::veld("", "De mapping kent dit soort bericht niet op dit pad."))
        } else {
            Err(Vertaalfout::PadOnbekend)
        }
    }

    fn inkomend(&self, ontvangen: &Ontvangen) -> Result<Eigenbericht, Vertaalfout> {
        let beeld = beeld(ontvangen)?;
        self.voor(ontvangen, &beeld)?.maak(ontvangen, &beeld)
    }

    fn eigennummers(&self, ontvangen: &Ontvangen, antwoord: &Value) -> Eigennummers {
        let regel = beeld(ontvangen).and_then(|beeld| self.voor(ontvangen, &beeld));
        regel.map(|r| r.eigennummers(antwoord)).unwrap_or_default()
    }

    fn paden(&self) -> Vec<String> {
        let mut paden: Vec<String> = self.uitgaand.iter().map(|r| r.pad.clone()).collect();
        paden.sort_unstable();
        paden.dedup();
        paden
    }
}

fn partners(waarde: toml::Value) -> Result<BTreeMap<String, Oin>, MappingFout> {
    Lezer::new(waarde, "partners")?.leden().map(|(naam, v, plek)| Ok((naam, woord(&tekst(v, &plek)?, &plek)?))).collect()
}

fn tabellen(waarde: toml::Value) -> Result<BTreeMap<String, Tabel>, MappingFout> {
    Lezer::new(waarde, "tabellen")?
        .leden()
        .map(|(naam, v, plek)| Tabel::lezen(&naam, v, &plek).map(|tabel| (naam, tabel)))
        .collect()
}

fn sjablonen(waarde: toml::Value) -> Result<BTreeMap<String, toml::Value>, MappingFout> {
    Ok(Lezer::new(waarde, "sjablonen")?.leden().map(|(naam, v, _)| (naam, v)).collect())
}

/// A path: plain segments, nothing to interpret.
fn eigen_pad(pad: String, plek: &str) -> Result<String, MappingFout> {
    let gewoon = |s: &str| {
        !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && s.chars().any(|c| c != '.')
    };
    if !pad.starts_with('/') || pad.len() > 200 || !pad.split('/').skip(1).all(gewoon) {
        return Err(MappingFout::new(plek, "een pad begint met / en bestaat uit letters, cijfers, - _ en . tussen de strepen"));
    }
    Ok(pad)
}

/// A path on which the own system posts: not one that the adapter uses itself.
fn lokaal_pad(pad: String, plek: &str) -> Result<String, MappingFout> {
    let pad = eigen_pad(pad, plek)?;
    if pad.split('/').nth(1).is_some_and(|eerste| EIGEN_VAN_ADAPTER.contains(&eerste)) {
        return Err(MappingFout::new(plek, format!("de adapter gebruikt zelf: /{}", EIGEN_VAN_ADAPTER.join(", /"))));
    }
    Ok(pad)
}

#[cfg(test)]
mod tests;
