//! An access evaluation request in the standard's own shape. What a question must hold is refused when it is missing; what it
//! holds beyond that is ignored (AuthZEN 1.0, "Access Evaluation API Request").

use inbreng_domain::{authzen::Semantiek, problem::ProblemCode};
use inbreng_proof::strict::{StrictError, parse_strict};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Fout, Spoor};

pub(super) type Velden = Map<String, Value>;

/// Questions in one batch at most.
pub(super) const HOOGSTENS: usize = 64;

/// Who asks, or about what.
#[derive(Debug)]
pub(super) struct Entiteit {
    pub(super) soort: String,
    pub(super) id: String,
    pub(super) eigenschappen: Velden,
}

/// One question.
#[derive(Debug)]
pub(super) struct Vraag {
    pub(super) onderwerp: Entiteit,
    pub(super) handeling: String,
    pub(super) bron: Entiteit,
    pub(super) context: Velden,
}

/// A batch.
#[derive(Debug)]
pub(super) struct Reeks {
    pub(super) semantiek: Semantiek,
    pub(super) vragen: Vec<Result<Vraag, Fout>>,
}

/// Reads a body: one JSON object.
///
/// # Errors
/// `te-groot`, `geen-json`, `te-diep`, `veld-ongeldig`.
pub(super) fn object(body: &[u8], hoogstens: usize, diepte: usize) -> Result<Velden, Fout> {
    if body.len() > hoogstens {
        return Err(Fout::new(ProblemCode::TeGroot));
    }
    let value = parse_strict(body, diepte).map_err(|error| {
        let code = match error {
            StrictError::TooDeep => ProblemCode::TeDiep,
            StrictError::Number | StrictError::Shape(_) => ProblemCode::VeldOngeldig,
            StrictError::Syntax { .. } | StrictError::DuplicateKey => ProblemCode::GeenJson,
        };
        Fout::new(code).door(error)
    })?;
    match value {
        Value::Object(velden) => Ok(velden),
        _ => Err(ongeldig("")),
    }
}

impl Vraag {
    /// The question of a whole request.
    pub(super) fn lezen(velden: &Velden) -> Result<Self, Fout> {
        Self::uit(|naam| velden.get(naam))
    }

    /// An entity that the request's own object holds replaces the default as a whole.
    fn uit<'v>(veld: impl Fn(&str) -> Option<&'v Value>) -> Result<Self, Fout> {
        let handeling = verplicht(veld("action"), "/action")?;
        Ok(Self {
            onderwerp: Entiteit::lezen(veld("subject"), "/subject")?,
            handeling: tekst(handeling, "name", "/action")?,
            bron: Entiteit::lezen(veld("resource"), "/resource")?,
            context: mogelijk(veld("context"), "/context")?.cloned().unwrap_or_default(),
        })
        .and_then(|vraag: Self| mogelijk(handeling.get("properties"), "/action/properties").map(|_| vraag))
    }
}

impl Entiteit {
    fn lezen(value: Option<&Value>, pad: &str) -> Result<Self, Fout> {
        let velden = verplicht(value, pad)?;
        Ok(Self {
            soort: tekst(velden, "type", pad)?,
            id: tekst(velden, "id", pad)?,
            eigenschappen: mogelijk(velden.get("properties"), &format!("{pad}/properties"))?.cloned().unwrap_or_default(),
        })
    }
}

impl Reeks {
    /// The batch of a request; `None` where it holds none, or an empty one, and so is a single question.
    ///
    /// # Errors
    /// What is wrong with the request as a whole. What is wrong with one question stands in its place.
    pub(super) fn lezen(velden: &Velden) -> Result<Option<Self>, Fout> {
        let semantiek = semantiek(velden)?;
        let vragen = match velden.get("evaluations") {
            None => return Ok(None),
            Some(Value::Array(vragen)) if vragen.is_empty() => return Ok(None),
            Some(Value::Array(vragen)) => vragen,
            Some(_) => return Err(ongeldig("/evaluations")),
        };
        if vragen.len() > HOOGSTENS {
            return Err(Fout::new(ProblemCode::TeVeel).at("/evaluations"));
        }
        let vraag = |value: &Value| {
            let eigen = value.as_object().ok_or_else(|| ongeldig(""))?;
            Vraag::uit(|naam| eigen.get(naam).or_else(|| velden.get(naam)))
        };
        Ok(Some(Self { semantiek, vragen: vragen.iter().map(vraag).collect() }))
    }
}

fn semantiek(velden: &Velden) -> Result<Semantiek, Fout> {
    const PAD: &str = "/options/evaluations_semantic";
    let opties = mogelijk(velden.get("options"), "/options")?;
    match opties.and_then(|o| o.get("evaluations_semantic")) {
        None => Ok(Semantiek::Alles),
        Some(Value::String(woord)) => woord.parse().map_err(|_| ongeldig(PAD)),
        Some(_) => Err(ongeldig(PAD)),
    }
}

/// A member that is ours to interpret, if it is there.
pub(super) fn veld<T: DeserializeOwned>(velden: &Velden, groep: &str, naam: &str) -> Result<Option<T>, Fout> {
    let lezen = |value: &Value| T::deserialize(value).map_err(|_| ongeldig(&format!("{groep}/{naam}")));
    velden.get(naam).map(lezen).transpose()
}

/// A member that is ours to interpret and must be there.
pub(super) fn moet<T: DeserializeOwned>(velden: &Velden, groep: &str, naam: &str) -> Result<T, Fout> {
    veld(velden, groep, naam)?.ok_or_else(|| ongeldig(&format!("{groep}/{naam}")))
}

/// The trace that a context names; an invalid one counts as none.
pub(super) fn spoor(context: &Velden) -> Option<Spoor> {
    context.get("traceparent").and_then(Value::as_str).and_then(Spoor::lezen)
}

pub(super) fn ongeldig(pad: &str) -> Fout {
    Fout::new(ProblemCode::VeldOngeldig).at(pad)
}

fn verplicht<'v>(value: Option<&'v Value>, pad: &str) -> Result<&'v Velden, Fout> {
    value.and_then(Value::as_object).ok_or_else(|| ongeldig(pad))
}

fn mogelijk<'v>(value: Option<&'v Value>, pad: &str) -> Result<Option<&'v Velden>, Fout> {
    value.map(|v| v.as_object().ok_or_else(|| ongeldig(pad))).transpose()
}

fn tekst(velden: &Velden, naam: &str, pad: &str) -> Result<String, Fout> {
    let text = velden.get(naam).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| ongeldig(&format!("{pad}/{naam}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn velden(value: &Value) -> Velden {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_pointed_at() {
        let goed = json!({
            "subject": {"type": "partner", "id": "x", "properties": {"a": {"b": [1]}}},
            "action": {"name": "ontvangen", "properties": {"method": "GET"}},
            "resource": {"type": "deel", "id": "y"},
            "context": {"time": "1985-10-26T01:22-07:00"},
            "foo": "bar", "toekomst": {"diep": true},
        });
        assert!(Vraag::lezen(&velden(&goed)).is_ok());
        for (pad, waarde) in [
            ("/subject", json!("alice")),
            ("/subject/type", json!(1)),
            ("/subject/id", json!(null)),
            ("/subject/properties", json!([])),
            ("/action/name", json!(123)),
            ("/action/properties", json!("x")),
            ("/resource/id", json!({})),
            ("/context", json!("x")),
        ] {
            let mut anders = goed.clone();
            *anders.pointer_mut(pad).unwrap_or(&mut Value::Null) = waarde.clone();
            if anders.pointer(pad).is_none() {
                anders["resource"]["properties"] = waarde;
            }
            let fout = Vraag::lezen(&velden(&anders)).unwrap_err();
            assert_eq!((fout.code(), fout.pad()), (ProblemCode::VeldOngeldig, Some(pad)));
        }
        for (ouder, lid) in
            [("", "subject"), ("", "action"), ("", "resource"), ("/subject", "type"), ("/action", "name"), ("/resource", "id")]
        {
            let mut zonder = goed.clone();
            zonder.pointer_mut(ouder).unwrap().as_object_mut().unwrap().remove(lid);
            let fout = Vraag::lezen(&velden(&zonder)).unwrap_err();
            assert_eq!(fout.pad(), Some(format!("{ouder}/{lid}").as_str()));
        }
    }

    #[test]
    fn a_default_is_replaced_whole_and_never_mixed() {
        let request = json!({
            "subject": {"type": "partner", "id": "x"},
            "action": {"name": "ontvangen"},
            "resource": {"type": "deel", "id": "y", "properties": {"categorie": "hulp"}},
            "context": {"convenant": "a"},
            "evaluations": [{}, {"resource": {"type": "deel", "id": "z"}, "context": {"b": 1}}, {"resource": {"type": "deel"}}, 5],
        });
        let reeks = Reeks::lezen(&velden(&request)).unwrap().unwrap();
        assert_eq!(reeks.semantiek, Semantiek::Alles);
        let [een, twee, drie, vier] = &reeks.vragen[..] else { panic!("four questions") };
        assert_eq!(een.as_ref().unwrap().bron.eigenschappen["categorie"], "hulp");
        let twee = twee.as_ref().unwrap();
        assert!(twee.bron.eigenschappen.is_empty() && !twee.context.contains_key("convenant"));
        assert_eq!(drie.as_ref().unwrap_err().pad(), Some("/resource/id"));
        assert_eq!(vier.as_ref().unwrap_err().code(), ProblemCode::VeldOngeldig);
    }

    #[test]
    fn a_batch_is_bounded_and_its_options_are_known() {
        let met = |extra: Value| {
            let mut request = json!({"subject": {"type": "p", "id": "x"}});
            request.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            Reeks::lezen(&velden(&request))
        };
        assert!(met(json!({})).unwrap().is_none() && met(json!({"evaluations": []})).unwrap().is_none());
        assert_eq!(met(json!({"evaluations": vec![json!({}); HOOGSTENS]})).unwrap().unwrap().vragen.len(), HOOGSTENS);
        let te_veel = met(json!({"evaluations": vec![json!({}); HOOGSTENS + 1]})).unwrap_err();
        assert_eq!(te_veel.code(), ProblemCode::TeVeel);
        assert!(met(json!({"evaluations": {}})).is_err());
        let semantiek = |woord: Value| met(json!({"options": {"evaluations_semantic": woord, "x": 1}, "evaluations": [{}]}));
        for woord in ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] {
            assert_eq!(semantiek(json!(woord)).unwrap().unwrap().semantiek.as_str(), woord);
        }
        assert!(semantiek(json!("deny")).is_err() && semantiek(json!(1)).is_err());
    }
}
