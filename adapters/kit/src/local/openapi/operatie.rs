//! The description of one endpoint, as its own file gives it.

use inbreng_domain::ProblemCode;
use serde_json::{Map, Value, json};

use super::{super::eindpunt::Slot, toegang};

const PROBLEM_JSON: &str = "application/problem+json";

/// One operation of the document.
#[derive(Debug, Clone)]
pub(in super::super) struct Operatie {
    id: String,
    tag: &'static str,
    titel: &'static str,
    uitleg: String,
    parameters: Vec<Value>,
    inhoud: Option<&'static str>,
    antwoorden: Vec<(u16, &'static str, Inhoud)>,
    problemen: Vec<ProblemCode>,
}

#[derive(Debug, Clone, Copy)]
enum Inhoud {
    Geen,
    Json(&'static str),
    Tekst,
}

impl Operatie {
    /// Names an operation, its group, what it does in a few words and in a sentence or two.
    pub(in super::super) fn new(id: &str, tag: &'static str, titel: &'static str, uitleg: &str) -> Self {
        Self {
            id: id.to_owned(),
            tag,
            titel,
            uitleg: uitleg.to_owned(),
            parameters: Vec::new(),
            inhoud: None,
            antwoorden: Vec::new(),
            problemen: Vec::new(),
        }
    }

    /// The same for one path of the mapping.
    pub(super) fn voor_pad(&self, pad: &str) -> Self {
        let woorden: Vec<String> =
            pad.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(kapitaal).collect();
        Self { id: format!("{}{}", self.id, woorden.concat()), ..self.clone() }
    }

    /// A parameter in the path.
    pub(in super::super) fn in_pad(mut self, naam: &str, uitleg: &str) -> Self {
        self.parameters.push(json!({
            "name": naam, "in": "path", "required": true, "description": uitleg, "schema": { "type": "string" },
        }));
        self
    }

    /// A whole number in the query, that may be left out.
    pub(in super::super) fn in_query(mut self, naam: &str, hoogstens: u64, uitleg: &str) -> Self {
        self.parameters.push(json!({
            "name": naam, "in": "query", "required": false, "description": uitleg,
            "schema": { "type": "integer", "minimum": 0, "maximum": hoogstens, "default": 0 },
        }));
        self
    }

    /// May be asked with this one word.
    pub(in super::super) fn in_query_woord(mut self, naam: &str, woord: &str, uitleg: &str) -> Self {
        self.parameters.push(json!({
            "name": naam, "in": "query", "required": false, "description": uitleg,
            "schema": { "type": "string", "enum": [woord] },
        }));
        self
    }

    /// Asks a body.
    pub(in super::super) fn inhoud(mut self, schema: &'static str) -> Self {
        self.inhoud = Some(schema);
        self
    }

    /// Answers JSON.
    pub(in super::super) fn antwoord(mut self, status: u16, uitleg: &'static str, schema: &'static str) -> Self {
        self.antwoorden.push((status, uitleg, Inhoud::Json(schema)));
        self
    }

    /// Answers plain text.
    pub(in super::super) fn tekst(mut self, status: u16, uitleg: &'static str) -> Self {
        self.antwoorden.push((status, uitleg, Inhoud::Tekst));
        self
    }

    /// Answers without a body.
    pub(in super::super) fn leeg(mut self, uitleg: &'static str) -> Self {
        self.antwoorden.push((204, uitleg, Inhoud::Geen));
        self
    }

    /// What it may refuse with, beside what every call may be refused with.
    pub(in super::super) fn problemen(mut self, codes: &[ProblemCode]) -> Self {
        self.problemen.extend_from_slice(codes);
        self
    }

    /// Where it is grouped.
    pub(super) const fn tag(&self) -> &'static str {
        self.tag
    }

    /// The operation object.
    pub(super) fn json(&self, slot: Slot) -> Value {
        let mut uit = Map::new();
        uit.insert("operationId".into(), self.id.clone().into());
        uit.insert("tags".into(), json!([self.tag]));
        uit.insert("summary".into(), self.titel.into());
        uit.insert("description".into(), self.uitleg.clone().into());
        uit.insert("security".into(), toegang(slot));
        if !self.parameters.is_empty() {
            uit.insert("parameters".into(), self.parameters.clone().into());
        }
        if let Some(schema) = self.inhoud {
            uit.insert("requestBody".into(), json!({ "required": true, "content": { "application/json": inhoud(schema) } }));
        }
        uit.insert("responses".into(), self.antwoorden(slot));
        Value::Object(uit)
    }

    fn antwoorden(&self, slot: Slot) -> Value {
        let mut uit = Map::new();
        for (status, uitleg, soort) in &self.antwoorden {
            let antwoord = match soort {
                Inhoud::Geen => json!({ "description": uitleg }),
                Inhoud::Json(schema) => json!({ "description": uitleg, "content": { "application/json": inhoud(schema) } }),
                Inhoud::Tekst => {
                    json!({ "description": uitleg, "content": { "text/plain": { "schema": { "type": "string" } } } })
                }
            };
            uit.insert(status.to_string(), antwoord);
        }
        let mut codes = self.alle_problemen(slot);
        codes.sort_by_key(|c| (c.status(), c.as_str()));
        codes.dedup();
        for gelijk in codes.chunk_by(|a, b| a.status() == b.status()) {
            let Some(eerste) = gelijk.first() else { continue };
            let uitleg = gelijk.iter().map(|c| format!("`{c}`: {}", c.detail())).collect::<Vec<_>>().join("\n\n");
            let mut probleem = json!({ "description": uitleg, "content": { PROBLEM_JSON: inhoud("Problem") } });
            // Both ways to answer under one status.
            if let Some(anders) =
                uit.get(&eerste.status().to_string()).and_then(|a| a.pointer("/content/application~1json")).cloned()
                && let Some(soorten) = probleem.get_mut("content").and_then(Value::as_object_mut)
            {
                soorten.insert("application/json".into(), anders);
            }
            uit.insert(eerste.status().to_string(), probleem);
        }
        Value::Object(uit)
    }

    fn alle_problemen(&self, slot: Slot) -> Vec<ProblemCode> {
        use ProblemCode as P;
        let mut codes = self.problemen.clone();
        if slot == Slot::Geheim {
            codes.extend([P::TokenOngeldig, P::InterneFout, P::OpslagNietBeschikbaar]);
        }
        if self.inhoud.is_some() {
            codes.extend([P::GeenJson, P::TeDiep, P::TeGroot, P::MediatypeOnbekend]);
        }
        codes
    }
}

fn inhoud(schema: &str) -> Value {
    json!({ "schema": { "$ref": format!("#/components/schemas/{schema}") } })
}

fn kapitaal(woord: &str) -> String {
    let mut letters = woord.chars();
    letters.next().map_or_else(String::new, |eerste| eerste.to_uppercase().chain(letters).collect())
}
