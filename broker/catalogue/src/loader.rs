//! Reads the catalogue and judges statements and contents by its schemas.

use std::collections::BTreeMap;

use inbreng_domain::{Berichttype, TypeNaam, vocabulary::Categorie};
use serde_json::Value;

use crate::{
    Definitie, controle,
    files::{BESTANDEN, Bestanden},
    schemas::{Gedeeld, Typeschemas},
};

/// The catalogue: every message type with its schemas. Immutable; schemas are compiled at their first use.
#[derive(Debug)]
pub struct Catalogus {
    definities: BTreeMap<TypeNaam, Definitie>,
    schemas: BTreeMap<TypeNaam, Typeschemas>,
    gedeeld: Gedeeld,
}

/// Why a catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("catalogue file {file}: {why}")]
pub struct CatalogusFout {
    /// Which file.
    pub file: String,
    /// What is wrong, and how to mend it.
    pub why: String,
}

/// Where a value does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("does not fit its schema at {pad}")]
pub struct SchemaFout {
    /// JSON Pointer to the offending place: to a missing member by its name, to an unknown one by the object it stands in.
    pub pad: String,
}

impl Catalogus {
    /// The catalogue that the binary carries.
    ///
    /// # Errors
    /// [`CatalogusFout`] names the first file that cannot be used.
    pub fn ingebouwd() -> Result<Self, CatalogusFout> {
        Self::lezen(BESTANDEN)
    }

    pub(crate) fn lezen(bestanden: &[Bestanden]) -> Result<Self, CatalogusFout> {
        let gedeeld = Gedeeld::lezen()?;
        let mut definities = BTreeMap::new();
        let mut schemas = BTreeMap::new();
        for bestand in bestanden {
            let file = format!("{}.toml", bestand.naam);
            let definitie: Definitie =
                toml::from_str(bestand.definitie).map_err(|e| CatalogusFout { file: file.clone(), why: e.to_string() })?;
            let typeschemas = Typeschemas::lezen(bestand)?;
            controle::definitie(bestand.naam, &definitie, &typeschemas)?;
            schemas.insert(definitie.naam.clone(), typeschemas);
            if definities.insert(definitie.naam.clone(), definitie).is_some() {
                return Err(CatalogusFout { file, why: "stands twice".to_owned() });
            }
        }
        controle::onderling(&definities)?;
        Ok(Self { definities, schemas, gedeeld })
    }

    /// Compiles every schema now, so that the first message does not wait for it.
    ///
    /// # Errors
    /// [`CatalogusFout`] names the first schema that cannot be compiled.
    pub fn opwarmen(&self) -> Result<(), CatalogusFout> {
        self.schemas.iter().try_for_each(|(naam, s)| s.opwarmen(&self.gedeeld, &naam.as_str()))
    }

    /// All types, by name.
    pub fn definities(&self) -> impl Iterator<Item = &Definitie> {
        self.definities.values()
    }

    /// A type by its bare name.
    #[must_use]
    pub fn definitie(&self, naam: &TypeNaam) -> Option<&Definitie> {
        self.definities.get(naam)
    }

    /// Whether a type answers a question that goes to partners outside the case: then they may send it (R16).
    #[must_use]
    pub fn antwoordt_van_buiten(&self, definitie: &Definitie) -> bool {
        !definitie.antwoord_op.is_empty()
            && definitie.antwoord_op.iter().all(|naam| self.definitie(naam).is_some_and(|d| d.bevraagt_buiten))
    }

    /// A type in exactly this version.
    #[must_use]
    pub fn soort(&self, berichttype: &Berichttype) -> Option<&Definitie> {
        self.definities.get(berichttype.naam()).filter(|d| d.versie == berichttype.versie())
    }

    /// The JSON Schema of a type's open statement, with its examples.
    #[must_use]
    pub fn verklaringschema(&self, naam: &TypeNaam) -> Option<&Value> {
        self.schemas.get(naam).map(Typeschemas::verklaring)
    }

    /// The JSON Schema of a type's sealed content of one category, with its examples.
    #[must_use]
    pub fn inhoudschema(&self, naam: &TypeNaam, categorie: Categorie) -> Option<&Value> {
        self.schemas.get(naam)?.inhoud(categorie)
    }

    /// The pieces that the schemas refer to: `gemeenschappelijk.json`.
    #[must_use]
    pub const fn gedeelde_schemas() -> &'static str {
        crate::files::GEMEENSCHAPPELIJK
    }

    /// Judges an open statement.
    ///
    /// # Errors
    /// [`SchemaFout`] at the first place that does not fit; also when the type is unknown.
    pub fn toets_verklaring(&self, naam: &TypeNaam, verklaring: &Value) -> Result<(), SchemaFout> {
        self.van(naam)?.toets_verklaring(&self.gedeeld, verklaring)
    }

    /// Judges an opened content of one category.
    ///
    /// # Errors
    /// [`SchemaFout`] at the first place that does not fit; also when the type or category is unknown.
    pub fn toets_inhoud(&self, naam: &TypeNaam, categorie: Categorie, inhoud: &Value) -> Result<(), SchemaFout> {
        self.van(naam)?.toets_inhoud(&self.gedeeld, categorie, inhoud)
    }

    fn van(&self, naam: &TypeNaam) -> Result<&Typeschemas, SchemaFout> {
        self.schemas.get(naam).ok_or_else(|| SchemaFout { pad: String::new() })
    }
}
