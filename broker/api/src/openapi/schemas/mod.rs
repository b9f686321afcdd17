//! Schemas of everything that goes over the wire, as components of the document: the published schemas of the wire, and
//! beside them what only this API says.

mod antwoorden;
mod authzen;
mod beheer;
mod bezorgen;
mod gepubliceerd;
mod gids;
mod partijen;
mod token;

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// One component: its name and its schema.
type Component = (&'static str, Value);

/// Every component, by name. Made once.
pub(super) fn alle() -> &'static Map<String, Value> {
    static ALLE: OnceLock<Map<String, Value>> = OnceLock::new();
    ALLE.get_or_init(|| {
        let eigen = [
            gids::components(),
            antwoorden::components(),
            beheer::components(),
            partijen::components(),
            bezorgen::components(),
            token::components(),
            authzen::components(),
        ];
        let eigen = eigen.into_iter().flatten();
        gepubliceerd::components().into_iter().chain(eigen.map(|(naam, schema)| (naam.to_owned(), schema))).collect()
    })
}

/// The example of a component, if it has one.
pub(super) fn voorbeeld(naam: &str) -> Option<Value> {
    alle().get(naam)?.get("examples")?.get(0).cloned()
}

/// A JSON object with further members, or others in their place.
fn erbij<const N: usize>(mut object: Value, leden: [(&str, Value); N]) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.extend(leden.map(|(naam, waarde)| (naam.to_owned(), waarde)));
    }
    object
}

/// A field of an object.
struct Veld {
    naam: &'static str,
    verplicht: bool,
    schema: Value,
}

/// A field that must be there.
const fn moet(naam: &'static str, schema: Value) -> Veld {
    Veld { naam, verplicht: true, schema }
}

/// A field that may be left out.
const fn mag(naam: &'static str, schema: Value) -> Veld {
    Veld { naam, verplicht: false, schema }
}

/// A closed object.
fn object(uitleg: &str, velden: Vec<Veld>) -> Value {
    let required: Vec<&str> = velden.iter().filter(|v| v.verplicht).map(|v| v.naam).collect();
    let properties: Map<String, Value> = velden.into_iter().map(|v| (v.naam.to_owned(), v.schema)).collect();
    json!({
        "type": "object",
        "description": uitleg,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Adds an example.
fn met_voorbeeld(mut schema: Value, voorbeeld: Value) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("examples".into(), json!([voorbeeld]));
    }
    schema
}

/// A reference to another component.
fn naar(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

/// A list of another component.
fn lijst(component: &str) -> Value {
    json!({ "type": "array", "items": naar(component) })
}

/// Text of this kind.
fn tekst(uitleg: &str) -> Value {
    json!({ "type": "string", "description": uitleg })
}

/// A whole number from `minimum`.
fn getal(minimum: u64, uitleg: &str) -> Value {
    json!({ "type": "integer", "minimum": minimum, "description": uitleg })
}

/// A compact JWS as examples show it: the right form, of nobody.
const JWS: &str =
    "eyJhbGciOiJFUzI1NiJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const OIN: &str = "00000001812345678000";
const UUID: &str = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";
const DIGEST: &str = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
const TIJD: &str = "2026-11-22T01:02:03.456Z";

#[cfg(test)]
mod tests;
