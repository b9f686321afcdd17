//! One log record in the form of the NL GOV standard Authorization Decision Log (`authorization-decision-log` 0511b85, section
//! "Interface").

use inbreng_domain::{Digest, Oin};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One record: one call to the decision point, with every decision of that call in `body`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logregel {
    /// 32 lower-case hexadecimal characters: the trace of the caller, or one of its own.
    pub trace_id: String,
    /// 16 lower-case hexadecimal characters: this call.
    pub span_id: String,
    /// The caller's own span, where it sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_span_id: Option<String>,
    /// Which of the standard's information models it has.
    pub event_name: Gebeurtenis,
    /// Milliseconds since 1970.
    pub timestamp: u64,
    /// Whether the decision point could decide; a no is a decision.
    pub status: Status,
    /// Where what the decision rested on is found.
    pub attributes: Kenmerken,
    /// Who made the record.
    pub resource: Map<String, Value>,
    /// Question and answer.
    pub body: Inhoud,
}

/// The standard's events, as far as we have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gebeurtenis {
    /// One decision.
    #[serde(rename = "adl.access_evaluation")]
    Evaluatie,
    /// Several decisions in one call.
    #[serde(rename = "adl.access_evaluations")]
    Evaluaties,
}

/// How the deciding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It was decided.
    Unset,
    /// It could not be decided; the answer was no.
    Error,
}

/// References to what a decision rested on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kenmerken {
    /// Per covenant the digest of the version that decided.
    #[serde(rename = "adl.core.policies", default, skip_serializing_if = "Map::is_empty")]
    pub beleid: Map<String, Value>,
    /// The leaf of the log that holds the facts, and is proven by its hash.
    #[serde(rename = "adl.core.information", default, skip_serializing_if = "Map::is_empty")]
    pub informatie: Map<String, Value>,
    /// The kind of leaf: through which door the call came.
    #[serde(rename = "inbreng.blad.soort")]
    pub soort: String,
}

/// Question and answer, each as in AuthZEN.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhoud {
    /// The question; left out where it could not be read.
    #[serde(rename = "adl.core.request", default, skip_serializing_if = "Option::is_none")]
    pub vraag: Option<Value>,
    /// The answer.
    #[serde(rename = "adl.core.response")]
    pub antwoord: Value,
}

/// What is the same for every record of a hub.
#[must_use]
pub fn herkomst(knooppunt: Option<Oin>) -> Map<String, Value> {
    let mut resource = Map::from_iter([("service.name".to_owned(), Value::from("inbreng"))]);
    if let Some(oin) = knooppunt {
        resource.insert("inbreng.knooppunt.oin".to_owned(), oin.to_string().into());
    }
    resource
}

/// A leaf as a source reference: by its index and its hash it is found, and proven.
pub(super) fn verwijzing(index: u64, hash: Digest) -> Map<String, Value> {
    Map::from_iter([("inbreng.logboek".to_owned(), serde_json::json!({ "blad": index, "hash": hash }))])
}
