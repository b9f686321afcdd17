//! The schemas of one message type, each compiled at its first use.

use std::{collections::BTreeMap, sync::OnceLock};

use inbreng_domain::vocabulary::Categorie;
use jsonschema::{Registry, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

use crate::{
    files::{Bestanden, GEMEENSCHAPPELIJK},
    loader::{CatalogusFout, SchemaFout},
};

/// Where the schemas' names begin. Names, not pages: nothing is ever fetched.
pub(crate) const BASIS: &str = "https://inbreng.example/catalogus/";

/// The pieces that all schemas share, ready to be referred to.
#[derive(Debug)]
pub(crate) struct Gedeeld(Registry<'static>);

impl Gedeeld {
    pub(crate) fn lezen() -> Result<Self, CatalogusFout> {
        let fout = |why: String| CatalogusFout { file: "gemeenschappelijk.json".to_owned(), why };
        let schema: Value = serde_json::from_str(GEMEENSCHAPPELIJK).map_err(|e| fout(e.to_string()))?;
        let registry = Registry::new()
            .add(format!("{BASIS}gemeenschappelijk.json"), schema)
            .and_then(|builder| builder.prepare())
            .map_err(|e| fout(e.to_string()))?;
        Ok(Self(registry))
    }
}

/// A schema, and its validator once it has been asked for.
#[derive(Debug)]
struct Schema {
    tekst: Value,
    gecompileerd: OnceLock<Result<Validator, String>>,
}

impl Schema {
    const fn new(tekst: Value) -> Self {
        Self { tekst, gecompileerd: OnceLock::new() }
    }

    fn validator(&self, gedeeld: &Gedeeld) -> Result<&Validator, &str> {
        self.gecompileerd
            .get_or_init(|| {
                jsonschema::draft202012::options()
                    .with_registry(&gedeeld.0)
                    .should_validate_formats(true)
                    .build(&self.tekst)
                    .map_err(|e| e.to_string())
            })
            .as_ref()
            .map_err(String::as_str)
    }

    fn toets(&self, gedeeld: &Gedeeld, waarde: &Value) -> Result<(), SchemaFout> {
        let Ok(validator) = self.validator(gedeeld) else {
            // Fails closed: what cannot be judged does not fit. `opwarmen` finds this before anything is accepted.
            return Err(SchemaFout { pad: String::new() });
        };
        validator.validate(waarde).map_err(|fout| {
            let mut pad = fout.instance_path().as_str().to_owned();
            // A missing member is pointed at by the name that the schema gives it; an unknown one only by its object, since
            // its name is the sender's own text and the path may end in a log.
            if let ValidationErrorKind::Required { property } = fout.kind()
                && let Some(naam) = property.as_str()
            {
                pad.push('/');
                pad.push_str(naam);
            }
            SchemaFout { pad }
        })
    }
}

/// The schemas of one message type.
#[derive(Debug)]
pub(crate) struct Typeschemas {
    verklaring: Schema,
    inhoud: BTreeMap<Categorie, Schema>,
}

impl Typeschemas {
    pub(crate) fn lezen(bestanden: &Bestanden) -> Result<Self, CatalogusFout> {
        let naam = bestanden.naam;
        let verklaring = lees(&format!("{naam}.verklaring.json"), bestanden.verklaring)?;
        let file = format!("{naam}.inhoud.json");
        let mut inhoud = lees(&file, bestanden.inhoud)?;
        let fout = |why: String| CatalogusFout { file: file.clone(), why };
        let Some(Value::Object(defs)) = inhoud.get_mut("$defs").map(Value::take) else {
            return Err(fout("needs $defs with one schema per category".to_owned()));
        };
        let mut per_categorie = BTreeMap::new();
        for (woord, mut schema) in defs {
            let categorie: Categorie = woord.parse().map_err(|_| fout(format!("$defs/{woord} is not a category")))?;
            let object = schema.as_object_mut().ok_or_else(|| fout(format!("$defs/{woord} is not an object")))?;
            // References to the shared pieces resolve against this name.
            object.insert("$id".to_owned(), Value::String(format!("{BASIS}{naam}.inhoud.{woord}.json")));
            per_categorie.insert(categorie, Schema::new(schema));
        }
        Ok(Self { verklaring: Schema::new(Value::Object(verklaring)), inhoud: per_categorie })
    }

    /// The categories that have a schema of their content.
    pub(crate) fn categorieen(&self) -> impl Iterator<Item = Categorie> {
        self.inhoud.keys().copied()
    }

    /// The schema of one member of the `verklaring`.
    pub(crate) fn verklaringsveld(&self, naam: &str) -> Option<&Value> {
        self.verklaring.tekst.get("properties")?.get(naam)
    }

    /// Whether the `verklaring` requires this member.
    pub(crate) fn verklaring_vereist(&self, naam: &str) -> bool {
        let nodig = self.verklaring.tekst.get("required").and_then(Value::as_array);
        nodig.is_some_and(|n| n.iter().any(|v| v.as_str() == Some(naam)))
    }

    /// The schema of the `verklaring`, as JSON.
    pub(crate) const fn verklaring(&self) -> &Value {
        &self.verklaring.tekst
    }

    /// The schema of the content of one category, as JSON.
    pub(crate) fn inhoud(&self, categorie: Categorie) -> Option<&Value> {
        self.inhoud.get(&categorie).map(|s| &s.tekst)
    }

    pub(crate) fn toets_verklaring(&self, gedeeld: &Gedeeld, waarde: &Value) -> Result<(), SchemaFout> {
        self.verklaring.toets(gedeeld, waarde)
    }

    pub(crate) fn toets_inhoud(&self, gedeeld: &Gedeeld, categorie: Categorie, waarde: &Value) -> Result<(), SchemaFout> {
        self.inhoud.get(&categorie).map_or_else(|| Err(SchemaFout { pad: String::new() }), |s| s.toets(gedeeld, waarde))
    }

    /// Compiles everything that has not been compiled yet.
    pub(crate) fn opwarmen(&self, gedeeld: &Gedeeld, naam: &str) -> Result<(), CatalogusFout> {
        let alle = std::iter::once(("verklaring", &self.verklaring)).chain(self.inhoud.iter().map(|(c, s)| (c.as_str(), s)));
        for (wat, schema) in alle {
            schema.validator(gedeeld).map_err(|why| CatalogusFout { file: format!("{naam}: {wat}"), why: why.to_owned() })?;
        }
        Ok(())
    }
}

fn lees(file: &str, tekst: &str) -> Result<Map<String, Value>, CatalogusFout> {
    let fout = |why: String| CatalogusFout { file: file.to_owned(), why };
    let schema: Map<String, Value> = serde_json::from_str(tekst).map_err(|e| fout(e.to_string()))?;
    let id = format!("{BASIS}{file}");
    if schema.get("$id").and_then(Value::as_str) == Some(id.as_str()) {
        Ok(schema)
    } else {
        Err(fout(format!("$id must be {id}")))
    }
}
