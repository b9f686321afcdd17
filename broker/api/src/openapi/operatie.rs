//! The description of one endpoint, as its own file gives it.

use inbreng_domain::ProblemCode;
use serde_json::{Map, Value, json};

use super::schemas::voorbeeld;
use crate::{afspraken::API_VERSIE, antwoordfout::PROBLEM_JSON, eindpunt::Slot, invoer::Mediatype};

/// One operation of the document.
#[derive(Debug)]
pub(crate) struct Operatie {
    id: &'static str,
    tag: &'static str,
    titel: &'static str,
    uitleg: &'static str,
    parameters: Vec<Parameter>,
    inhoud: Option<(Mediatype, &'static str)>,
    antwoord: (u16, &'static str, Option<&'static str>),
    etag: bool,
    problemen: Vec<ProblemCode>,
    authzen: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plek {
    Pad,
    Query,
    Kop,
}

/// A parameter in path, query or headers.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) naam: &'static str,
    pub(crate) uitleg: &'static str,
    pub(crate) schema: Value,
    pub(crate) voorbeeld: Value,
    plek: Plek,
    verplicht: bool,
}

impl Parameter {
    /// A parameter in the path.
    pub(crate) const fn pad(naam: &'static str, uitleg: &'static str, schema: Value, voorbeeld: Value) -> Self {
        Self { naam, uitleg, schema, voorbeeld, plek: Plek::Pad, verplicht: true }
    }

    /// A parameter in the query.
    pub(crate) const fn query(
        naam: &'static str,
        verplicht: bool,
        uitleg: &'static str,
        schema: Value,
        voorbeeld: Value,
    ) -> Self {
        Self { naam, uitleg, schema, voorbeeld, plek: Plek::Query, verplicht }
    }

    /// The month that is asked for.
    pub(crate) fn maand(uitleg: &'static str) -> Self {
        Self::query("maand", true, uitleg, json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" }), json!("2026-01"))
    }

    /// A header that must be there.
    pub(crate) const fn kop(naam: &'static str, uitleg: &'static str, schema: Value, voorbeeld: Value) -> Self {
        Self { naam, uitleg, schema, voorbeeld, plek: Plek::Kop, verplicht: true }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.naam,
            "in": match self.plek {
                Plek::Pad => "path",
                Plek::Query => "query",
                Plek::Kop => "header",
            },
            "required": self.verplicht,
            "description": self.uitleg,
            "schema": self.schema,
            "example": self.voorbeeld,
        })
    }
}

impl Operatie {
    /// Names an operation, the group it belongs to, what it does in a few words and in a sentence or two.
    pub(crate) const fn new(id: &'static str, tag: &'static str, titel: &'static str, uitleg: &'static str) -> Self {
        Self {
            id,
            tag,
            titel,
            uitleg,
            parameters: Vec::new(),
            inhoud: None,
            antwoord: (200, "Gelukt.", None),
            etag: false,
            problemen: Vec::new(),
            authzen: false,
        }
    }

    /// Adds a parameter.
    pub(crate) fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Asks a body: media type, component schema.
    pub(crate) const fn inhoud(mut self, soort: Mediatype, schema: &'static str) -> Self {
        self.inhoud = Some((soort, schema));
        self
    }

    /// Answers JSON: status, what it means, component schema.
    pub(crate) const fn antwoord(mut self, status: u16, uitleg: &'static str, schema: &'static str) -> Self {
        self.antwoord = (status, uitleg, Some(schema));
        self
    }

    /// Answers without a body.
    pub(crate) const fn leeg(mut self, uitleg: &'static str) -> Self {
        self.antwoord = (204, uitleg, None);
        self
    }

    /// Follows AuthZEN 1.0, "HTTPS JSON Binding": a request number comes back as it came, and another media type is 400.
    pub(crate) const fn authzen(mut self) -> Self {
        self.authzen = true;
        self
    }

    /// Shows how far the thing is, in `ETag`.
    pub(crate) const fn met_etag(mut self) -> Self {
        self.etag = true;
        self
    }

    /// Changes a thing: only who saw its last state may, by `If-Match`.
    pub(crate) fn wijzigt(self) -> Self {
        self.parameter(super::parameters::if_match())
            .met_etag()
            .problemen(&[ProblemCode::VoorwaardeOntbreekt, ProblemCode::VersieGewijzigd])
    }

    /// What the endpoint itself may refuse with; what every endpoint may refuse with is added by itself.
    pub(crate) fn problemen(mut self, codes: &[ProblemCode]) -> Self {
        self.problemen.extend_from_slice(codes);
        self
    }

    /// Where it is grouped.
    pub(crate) const fn tag(&self) -> &'static str {
        self.tag
    }

    /// The operation object.
    pub(crate) fn json(&self, slot: Slot) -> Value {
        let mut operation = Map::new();
        operation.insert("operationId".into(), self.id.into());
        operation.insert("tags".into(), json!([self.tag]));
        operation.insert("summary".into(), self.titel.into());
        operation.insert("description".into(), self.uitleg.into());
        operation.insert("security".into(), security(slot));
        let mut parameters: Vec<Value> = self.parameters.iter().map(Parameter::json).collect();
        if self.authzen {
            parameters.push(json!({ "$ref": "#/components/parameters/X-Request-ID" }));
        }
        if !parameters.is_empty() {
            operation.insert("parameters".into(), parameters.into());
        }
        if let Some((soort, schema)) = self.inhoud {
            let body = json!({ "required": true, "content": { soort.as_str(): content(schema) } });
            operation.insert("requestBody".into(), body);
        }
        operation.insert("responses".into(), self.responses(slot));
        Value::Object(operation)
    }

    fn responses(&self, slot: Slot) -> Value {
        let (status, uitleg, inhoud) = &self.antwoord;
        let mut good = json!({ "description": uitleg, "headers": self.headers() });
        if self.etag
            && let Some(headers) = good.get_mut("headers").and_then(Value::as_object_mut)
        {
            headers.insert("ETag".into(), json!({ "$ref": "#/components/headers/ETag" }));
        }
        if let (Some(schema), Some(good)) = (inhoud, good.as_object_mut()) {
            good.insert("content".into(), json!({ Mediatype::Json.as_str(): content(schema) }));
        }
        let mut responses = Map::new();
        responses.insert(status.to_string(), good);
        let mut codes = self.alle_problemen(slot);
        codes.sort_by_key(|code| self.status(*code));
        codes.dedup();
        for chunk in codes.chunk_by(|a, b| self.status(*a) == self.status(*b)) {
            if let Some(first) = chunk.first() {
                responses.insert(self.status(*first).to_string(), self.problem_response(chunk));
            }
        }
        Value::Object(responses)
    }

    fn status(&self, code: ProblemCode) -> u16 {
        if self.authzen && code == ProblemCode::MediatypeOnbekend { 400 } else { code.status() }
    }

    /// The headers that every answer of it carries.
    fn headers(&self) -> Value {
        let version = json!({ "$ref": "#/components/headers/API-Version" });
        if self.authzen {
            json!({ "API-Version": version, "X-Request-ID": { "$ref": "#/components/headers/X-Request-ID" } })
        } else {
            json!({ "API-Version": version })
        }
    }

    fn problem_response(&self, codes: &[ProblemCode]) -> Value {
        let description = codes.iter().map(|c| format!("`{c}`: {}", c.detail())).collect::<Vec<_>>().join("\n\n");
        json!({
            "description": description,
            "headers": self.headers(),
            "content": { PROBLEM_JSON: {
                "schema": { "$ref": "#/components/schemas/Problem" },
            } },
        })
    }

    /// Every code this endpoint may answer with.
    fn alle_problemen(&self, slot: Slot) -> Vec<ProblemCode> {
        use ProblemCode as P;
        let mut codes = vec![P::KopregelsTeGroot, P::InterneFout];
        codes.extend(&self.problemen);
        if slot != Slot::Open {
            codes.extend([P::GeenCertificaat, P::CertificaatIngetrokken, P::PartnerOnbekend, P::IntrekkingslijstVerlopen]);
            codes.push(P::TeVaak);
        }
        if matches!(slot, Slot::Token(_)) {
            codes.extend([P::TokenOntbreekt, P::TokenOngeldig, P::TokenNietGebonden, P::BereikOntbreekt]);
        }
        if !self.parameters.is_empty() {
            codes.push(P::VeldOngeldig);
        }
        if let Some((soort, _)) = self.inhoud {
            codes.extend([P::MediatypeOnbekend, P::TeGroot, P::TeTraag, P::OpslagNietBeschikbaar]);
            if soort != Mediatype::Formulier {
                codes.extend([P::GeenJson, P::TeDiep, P::VeldOngeldig]);
            }
        }
        codes.sort_by_key(|code| code.as_str());
        codes.dedup();
        codes
    }
}

fn security(slot: Slot) -> Value {
    match slot {
        Slot::Open => json!([]),
        Slot::Certificaat => json!([{ "certificaat": [] }]),
        Slot::Token(bereik) => json!([{ "certificaat": [], "token": [bereik.as_str()] }]),
    }
}

fn content(schema: &str) -> Value {
    let reference = json!({ "$ref": format!("#/components/schemas/{schema}") });
    voorbeeld(schema).map_or_else(|| json!({ "schema": reference }), |v| json!({ "schema": reference, "example": v }))
}

/// The header that every answer carries.
pub(super) fn version_component() -> Value {
    json!({
        "description": "Volledige versie van de API.",
        "required": true,
        "schema": { "type": "string" },
        "example": API_VERSIE,
    })
}

/// The header that says how far a thing is.
pub(super) fn etag_component() -> Value {
    json!({
        "description": "Nummer van de laatste stap, tussen aanhalingstekens; voor If-Match bij de volgende wijziging (RFC 9110).",
        "required": true,
        "schema": { "type": "string" },
        "example": "\"3\"",
    })
}

/// The number that a caller gave its request, as it comes back.
pub(super) fn request_id_component() -> Value {
    json!({
        "description": "Het nummer dat de vrager aan zijn verzoek gaf, zoals het kwam; zonder nummer ontbreekt de kopregel.",
        "schema": { "type": "string" },
        "example": REQUEST_ID,
    })
}

/// The number that a caller may give its request.
pub(super) fn request_id_parameter() -> Value {
    json!({
        "name": "X-Request-ID",
        "in": "header",
        "required": false,
        "description": "Een eigen nummer voor dit verzoek; het antwoord draagt hetzelfde.",
        "schema": { "type": "string" },
        "example": REQUEST_ID,
    })
}

const REQUEST_ID: &str = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
