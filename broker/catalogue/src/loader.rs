//! Reads the catalogue and judges statements and contents by its schemas.

use std::collections::BTreeMap;

use inbreng_domain::{Berichttype, TypeNaam, vocabulary::Categorie};
use serde_json::Value;

use crate::Definitie;

/// The catalogue: every message type with its compiled schemas. Immutable.
#[derive(Debug)]
pub struct Catalogus {
    definities: BTreeMap<TypeNaam, Definitie>,
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
    /// JSON Pointer to the offending place.
    pub pad: String,
}

impl Catalogus {
    /// The catalogue that the binary carries.
    ///
    /// # Errors
    /// [`CatalogusFout`] names the first file that cannot be used.
    pub fn ingebouwd() -> Result<Self, CatalogusFout> {
        Ok(Self { definities: BTreeMap::new() })
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

    /// A type in exactly this version.
    #[must_use]
    pub fn soort(&self, berichttype: &Berichttype) -> Option<&Definitie> {
        self.definities.get(berichttype.naam()).filter(|d| d.versie == berichttype.versie())
    }

    /// Judges an open statement.
    ///
    /// # Errors
    /// [`SchemaFout`] at the first place that does not fit; also when the type is unknown.
    pub fn toets_verklaring(&self, naam: &TypeNaam, verklaring: &Value) -> Result<(), SchemaFout> {
        let _ = (naam, verklaring);
        Err(SchemaFout { pad: String::new() })
    }

    /// Judges an opened content of one category.
    ///
    /// # Errors
    /// [`SchemaFout`] at the first place that does not fit; also when the type or category is unknown.
    pub fn toets_inhoud(&self, naam: &TypeNaam, categorie: Categorie, inhoud: &Value) -> Result<(), SchemaFout> {
        let _ = (naam, categorie, inhoud);
        Err(SchemaFout { pad: String::new() })
    }
}
