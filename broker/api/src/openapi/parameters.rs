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

/// A policy version in the path, by the digest of its bundle.
pub(crate) fn versie() -> Parameter {
    let schema = json!({ "$ref": "#/components/schemas/Digest" });
    let voorbeeld = json!("sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    Parameter::pad("versie", "De digest van de bundel.", schema, voorbeeld)
}

/// A covenant in the path.
pub(crate) fn convenant() -> Parameter {
    let schema = json!({ "$ref": "#/components/schemas/Code" });
    Parameter::pad("convenant", "Het convenant.", schema, json!("voorbeeldregio"))
}

/// What the caller saw last.
pub(crate) fn if_match() -> Parameter {
    let uitleg = "De ETag van de stand die u zag. Is er intussen iets veranderd, dan gebeurt er niets (412).";
    Parameter::kop("If-Match", uitleg, json!({ "type": "string", "pattern": "^\"[0-9]{1,9}\"$" }), json!("\"3\""))
}
