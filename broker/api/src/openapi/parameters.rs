//! Parameters that several endpoints share.

use serde_json::json;

use super::Parameter;

/// An identifier of version 7 in the path.
pub(crate) fn id(component: &str, uitleg: &'static str) -> Parameter {
    let schema = json!({ "$ref": format!("#/components/schemas/{component}") });
    Parameter::pad("id", uitleg, schema, json!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a"))
}

/// The partner's own OIN in the path.
pub(crate) fn oin() -> Parameter {
    let schema = json!({ "$ref": "#/components/schemas/Oin" });
    Parameter::pad("oin", "Het OIN van de eigen organisatie.", schema, json!("00000001003214345000"))
}

/// A size of the log in the query.
pub(crate) fn omvang(naam: &'static str, verplicht: bool, uitleg: &'static str, voorbeeld: u64) -> Parameter {
    Parameter::query(naam, verplicht, uitleg, json!({ "type": "integer", "format": "int64", "minimum": 0 }), json!(voorbeeld))
}
