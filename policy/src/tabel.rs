//! Decision tables: given a request, expect an outcome. The same format for tests, command line and console.

use serde::{Deserialize, Serialize};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Besluit, Code, ConvenantId, RegelId, Uitkomst, vocabulary::Grondslag};

use crate::{Beleid, BeleidFout, Namen, Verzoek};

/// A table of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Tabel {
    /// The covenant that it is about.
    pub convenant: ConvenantId,
    /// The cases.
    pub gevallen: Vec<Geval>,
}

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub struct Geval {
    /// What it shows.
    pub naam: String,
    /// The request, the table's defaults filled in.
    pub verzoek: Verzoek,
    /// What should come out.
    pub verwacht: Verwacht,
    /// A rule that must be among the deciding ones.
    pub regel: Option<RegelId>,
    /// An obligation that must be present.
    pub verplichting: Option<Code>,
    /// A ground that must be among the alternatives.
    pub alternatief: Option<Grondslag>,
}

/// An expected outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verwacht {
    /// Exactly this.
    Uitkomst(Uitkomst),
    /// Either of the two that deliver.
    Toegelaten,
    /// Any of the three that do not.
    NietToegelaten,
}

impl Verwacht {
    /// Whether this outcome is as expected.
    #[must_use]
    pub fn past(self, uitkomst: Uitkomst) -> bool {
        match self {
            Self::Uitkomst(u) => u == uitkomst,
            Self::Toegelaten => uitkomst.levert(),
            Self::NietToegelaten => !uitkomst.levert(),
        }
    }

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uitkomst(u) => u.as_str(),
            Self::Toegelaten => "toegelaten",
            Self::NietToegelaten => "niet-toegelaten",
        }
    }
}

impl Serialize for Verwacht {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Verwacht {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let word = String::deserialize(d)?;
        match word.as_str() {
            "toegelaten" => Ok(Self::Toegelaten),
            "niet-toegelaten" => Ok(Self::NietToegelaten),
            other => other.parse().map(Self::Uitkomst).map_err(|_| {
                serde::de::Error::custom(format!(
                    "`{other}` is geen uitkomst: toestaan, toestaan-met-plicht, vragen, aanhouden, weigeren, toegelaten of \
                     niet-toegelaten"
                ))
            }),
        }
    }
}

/// A table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tabelbron {
    convenant: ConvenantId,
    #[serde(default)]
    standaard: toml::Table,
    #[serde(default)]
    geval: Vec<Gevalbron>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gevalbron {
    naam: String,
    verzoek: toml::Table,
    verwacht: Verwacht,
    #[serde(default)]
    regel: Option<RegelId>,
    #[serde(default)]
    verplichting: Option<Code>,
    #[serde(default)]
    alternatief: Option<Grondslag>,
}

impl Tabel {
    /// Reads a table.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`] names the case and what is wrong with it; also for a table without cases, which would
    /// prove nothing.
    pub fn lezen(toml: &str) -> Result<Self, BeleidFout> {
        let unreadable = |wat: &str, waarom: String| BeleidFout::Onleesbaar { wat: wat.to_owned(), waarom };
        let bron: Tabelbron = toml::from_str(toml).map_err(|e| unreadable("the decision table", e.to_string()))?;
        if bron.geval.is_empty() {
            return Err(unreadable("the decision table", "it has no [[geval]]".to_owned()));
        }
        let mut gevallen = Vec::with_capacity(bron.geval.len());
        for g in bron.geval {
            let mut velden = bron.standaard.clone();
            velden.entry("convenant").or_insert_with(|| toml::Value::String(bron.convenant.to_string()));
            velden.extend(g.verzoek);
            let verzoek = Verzoek::deserialize(toml::Value::Table(velden))
                .map_err(|e| unreadable(&format!("case `{}`", g.naam), e.to_string()))?;
            gevallen.push(Geval {
                naam: g.naam,
                verzoek,
                verwacht: g.verwacht,
                regel: g.regel,
                verplichting: g.verplichting,
                alternatief: g.alternatief,
            });
        }
        Ok(Self { convenant: bron.convenant, gevallen })
    }

    /// The covenant it is about.
    #[must_use]
    pub const fn convenant(&self) -> &ConvenantId {
        &self.convenant
    }

    /// Runs every case.
    #[must_use]
    pub fn draaien(&self, beleid: &Beleid, catalogus: &Catalogus) -> Vec<Gevaluitslag> {
        self.gevallen.iter().map(|g| Gevaluitslag::van(g, beleid, catalogus)).collect()
    }
}

/// What came out of one case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gevaluitslag {
    /// The case.
    pub naam: String,
    /// Whether everything was as expected.
    pub geslaagd: bool,
    /// What should have come out.
    pub verwacht: Verwacht,
    /// What differs, in words; empty where nothing does.
    pub verschillen: Vec<String>,
    /// What came out, with rules, obligations, alternatives and sentences.
    pub besluit: Besluit,
}

impl Gevaluitslag {
    fn van(geval: &Geval, beleid: &Beleid, catalogus: &Catalogus) -> Self {
        let besluit =
            beleid.beslissen(&geval.verzoek, &Namen { eigenaar: "de inbrenger", ontvanger: "de ontvanger", betrokkene: None });
        let mut verschillen = Vec::new();
        if catalogus.definitie(&geval.verzoek.soort).is_none() {
            verschillen.push(format!("berichttype {} staat niet in de catalogus", geval.verzoek.soort));
        }
        if !geval.verwacht.past(besluit.uitkomst) {
            verschillen.push(format!("verwacht {}, gekregen {}", geval.verwacht.as_str(), besluit.uitkomst));
        }
        if let Some(regel) = geval.regel.filter(|r| !besluit.regels.contains(r)) {
            verschillen.push(format!("regel {regel} hoort bij de regels die beslisten"));
        }
        if let Some(plicht) = geval.verplichting.as_ref().filter(|p| besluit.verplichtingen.iter().all(|v| v.soort != **p)) {
            verschillen.push(format!("verplichting {plicht} ontbreekt"));
        }
        if let Some(grond) = geval.alternatief.filter(|g| besluit.alternatieven.iter().all(|a| a.grondslag != Some(*g))) {
            verschillen.push(format!("alternatief {grond} ontbreekt"));
        }
        Self { naam: geval.naam.clone(), geslaagd: verschillen.is_empty(), verwacht: geval.verwacht, verschillen, besluit }
    }
}
