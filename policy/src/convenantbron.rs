//! A covenant as its makers write it down: who signed, who takes what, which routes; and the national minimum beside it.

use serde::{Deserialize, Serialize};

use inbreng_domain::{
    ConvenantId, Digest, Tijdstip, TypeNaam,
    vocabulary::{Categorie, Partnertype},
};

use crate::{
    BeleidFout,
    bundel::{Instellingen, Ondertekenaars, Rij, Route, Standaardontvangers, Stapstandaard},
};

/// The source of a covenant: TOML under `convenanten/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convenantbron {
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// The version of its policy, counting up.
    pub versie: u32,
    /// From when it is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// SHA-256 of the document that the parties sign.
    #[serde(default)]
    pub document: Option<Digest>,
    /// Whom it is open to.
    pub ondertekenaars: Ondertekenaars,
    /// Partner types that may receive on the emergency path (R35).
    pub noodontvangers: Vec<Partnertype>,
    /// Categories that the covenant is no ground for (R8).
    pub buiten_convenant: Vec<Categorie>,
    /// Project defaults, where they differ.
    #[serde(default)]
    pub instellingen: Instellingen,
    /// Who fills a role in a municipality.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Who receives a type when the sender names nobody.
    #[serde(default)]
    pub ontvangers: Vec<Standaardontvangers>,
    /// Stricter rows of the region and of organisations: they hold back, they never allow.
    #[serde(default)]
    pub rijen: Vec<Rij>,
}

impl Convenantbron {
    /// The example covenant that the project ships, with fictitious organisations.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`]; a test holds that there is none.
    pub fn voorbeeldregio() -> Result<Self, BeleidFout> {
        Self::lezen(include_str!("../convenanten/voorbeeldregio.toml"))
    }

    /// A second example covenant: other routes, other signatories, stricter rows, and rows of single organisations.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`]; a test holds that there is none.
    pub fn voorbeeldregio_noord() -> Result<Self, BeleidFout> {
        Self::lezen(include_str!("../convenanten/voorbeeldregio-noord.toml"))
    }

    /// Every covenant that the project ships.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`]; a test holds that there is none.
    pub fn meegeleverd() -> Result<Vec<Self>, BeleidFout> {
        Ok(vec![Self::voorbeeldregio()?, Self::voorbeeldregio_noord()?])
    }

    /// Reads a source.
    ///
    /// # Errors
    /// [`BeleidFout::Onleesbaar`] with place and reason; [`BeleidFout::ZonderToelichting`] for a row without its legal note.
    pub fn lezen(toml: &str) -> Result<Self, BeleidFout> {
        let bron: Self = toml::from_str(toml)
            .map_err(|e| BeleidFout::Onleesbaar { wat: "the covenant source".to_owned(), waarom: e.to_string() })?;
        crate::toetsen::toelichtingen(&bron.rijen)?;
        Ok(bron)
    }
}

/// The national minimum: what every region has and none may loosen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Landelijk {
    /// Categories that no covenant is a ground for (R8).
    pub(crate) buiten_convenant: Vec<Categorie>,
    /// Partner types that a region may register as recipients in an emergency (R35).
    pub(crate) noodontvangers: Vec<Partnertype>,
    /// The types that the emergency path is for (R35).
    pub(crate) noodsoorten: Vec<TypeNaam>,
    /// What "a participant" can be, where the catalogue says no more.
    pub(crate) deelnemers: Vec<Partnertype>,
    /// Partners of care, whose parts are not for a criminal case without their yes (R28).
    pub(crate) zorg: Vec<Partnertype>,
    /// Partners of criminal justice.
    pub(crate) straf: Vec<Partnertype>,
    /// Types that go to holders of a part and are never refused to them.
    pub(crate) houders: Vec<TypeNaam>,
    /// Types that rest on a statutory task or on openness alone, and not on consent beside it.
    pub(crate) niet_op_toestemming: Vec<TypeNaam>,
    /// Types that are themselves what a person said about consent.
    pub(crate) toestemming_zelf: Vec<TypeNaam>,
    /// What a step answers when no row allows.
    pub(crate) standaarden: Vec<Stapstandaard>,
    /// The rows.
    pub(crate) rijen: Vec<Rij>,
}

impl Landelijk {
    pub(crate) fn ingebouwd() -> Result<Self, BeleidFout> {
        toml::from_str(include_str!("../convenanten/landelijk.toml"))
            .map_err(|e| BeleidFout::Onleesbaar { wat: "the national minimum".to_owned(), waarom: e.to_string() })
    }
}
