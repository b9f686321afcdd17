//! A partner by its name in `[partners]`: the own system never knows an OIN.

use std::collections::BTreeMap;

use inbreng_domain::Oin;

use super::{
    bouw::Bouw,
    fout::{MappingFout, veld},
    pad::Plek,
    vullen::Vuller,
    waarde::Sjabloon,
};
use crate::concept::Vertaalfout;

/// A name, fixed or from a field, and the names there are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PartnerNaam {
    naam: Sjabloon,
    partners: BTreeMap<String, Oin>,
}

impl PartnerNaam {
    pub(super) fn lezen(waarde: toml::Value, plek: &str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        let naam = Sjabloon::lezen(waarde, plek, bouw)?;
        let partners = &bouw.gedeeld.partners;
        // Names that stand in the file itself are checked now; the others at each message.
        let in_bestand = match &naam {
            Sjabloon::Vast(v) => vec![v],
            Sjabloon::Veld(v) => v.tabel.iter().flat_map(|t| t.waarden()).chain(v.anders.iter()).collect(),
            _ => Vec::new(),
        };
        for waarde in in_bestand {
            if waarde.as_str().is_none_or(|n| !partners.contains_key(n)) {
                let naam = waarde.as_str().unwrap_or_default();
                return Err(MappingFout::new(plek, format!("'{naam}' staat niet in [partners]")));
            }
        }
        Ok(Self { naam, partners: partners.clone() })
    }

    pub(super) fn oin(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Option<Oin>, Vertaalfout> {
        let Some(naam) = vuller.tekst(&self.naam, plek)? else { return Ok(None) };
        let oin = self.partners.get(&naam).copied();
        oin.map(Some).ok_or_else(|| veld(self.aanwijzer(plek), "Deze organisatie staat niet in de lijst van partners."))
    }

    pub(super) fn aanwijzer(&self, plek: &Plek<'_>) -> String {
        self.naam.aanwijzer(plek)
    }
}
