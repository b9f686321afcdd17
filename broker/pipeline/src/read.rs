//! Reading what comes from outside: limits first, then strict JSON, then a type.

use inbreng_domain::problem::ProblemCode;
use inbreng_proof::{CanonicalText, StrictError};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::Fout;

/// Reads a body: size, then strict JSON, then the type. Gives its canonical text too, because what is signed is the value
/// as it was received, and not what a type made of it.
///
/// # Errors
/// `te-groot`, `geen-json`, `te-diep`, `veld-ongeldig` with the place.
pub(crate) fn body<T: DeserializeOwned>(body: &[u8], max_bytes: usize, nesting: usize) -> Result<(CanonicalText<'_>, T), Fout> {
    if body.len() > max_bytes {
        return Err(Fout::new(ProblemCode::TeGroot));
    }
    let text = CanonicalText::parse(body, nesting).map_err(|error| Fout::new(strict_code(&error)).door(error))?;
    let typed = serde_json::from_str(text.as_str()).map_err(|_| located::<T>(text.as_str()))?;
    Ok((text, typed))
}

const fn strict_code(error: &StrictError) -> ProblemCode {
    match error {
        StrictError::Syntax { .. } | StrictError::DuplicateKey => ProblemCode::GeenJson,
        StrictError::TooDeep => ProblemCode::TeDiep,
        StrictError::Number | StrictError::Shape(_) => ProblemCode::VeldOngeldig,
    }
}

/// Reads again, slower, to say where it went wrong. The reason itself is left out: it may quote what was sent; and so is the name
/// of a member that nobody knows, since a name can be a person's. Then the object that holds it is pointed at.
fn located<T: DeserializeOwned>(text: &str) -> Fout {
    let fout = Fout::new(ProblemCode::VeldOngeldig);
    match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text)) {
        Ok(_) => fout,
        Err(error) => {
            let segments = error.path().iter().len();
            let unknown = usize::from(error.inner().to_string().starts_with("unknown field"));
            fout.at(pointer(error.path(), segments - unknown.min(segments)))
        }
    }
}

/// The first segments of a path.
fn pointer(path: &Path, segments: usize) -> String {
    let mut text = String::new();
    for segment in path.iter().take(segments) {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            // RFC 6901 §3.
            Segment::Map { key } => text.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use inbreng_domain::toets::Toetsverzoek;

    use super::*;

    fn code(text: &[u8]) -> (ProblemCode, Option<String>) {
        let fout = body::<Toetsverzoek>(text, 200, 4).unwrap_err();
        (fout.code(), fout.pad().map(str::to_owned))
    }

    #[test]
    fn each_way_to_be_unreadable_has_its_code() {
        assert_eq!(code(&[b' '; 201]).0, ProblemCode::TeGroot);
        assert_eq!(code(b"{").0, ProblemCode::GeenJson);
        assert_eq!(code(b"{\"a\":1,\"a\":2}").0, ProblemCode::GeenJson);
        assert_eq!(code(b"\xff").0, ProblemCode::GeenJson);
        assert_eq!(code(b"[[[[[]]]]]").0, ProblemCode::TeDiep);
        assert_eq!(code(b"{\"a\":1.5}").0, ProblemCode::VeldOngeldig);
    }

    #[test]
    fn a_wrong_field_is_pointed_at_and_not_quoted() {
        let text = br#"{"type":"nl.inbreng.advies.v1","urgentie":"Appel","convenant":"x","verklaring":{}}"#;
        assert_eq!(code(text), (ProblemCode::VeldOngeldig, Some("/urgentie".to_owned())));
        let fout = body::<Toetsverzoek>(text, 200, 4).unwrap_err();
        assert!(!format!("{fout:?}").contains("Appel"));
    }

    #[test]
    fn a_member_that_nobody_knows_is_not_named() {
        for (text, pad) in [
            (&br#"{"type":"nl.inbreng.advies.v1","Testpersoon Appel":1}"#[..], ""),
            (br#"{"delen":[{"Testpersoon Appel":{}}]}"#, "/delen/0"),
            (br#"{"delen":[{"labels":{"Testpersoon Appel":"x"}}]}"#, "/delen/0/labels"),
        ] {
            let fout = body::<Toetsverzoek>(text, 200, 5).unwrap_err();
            assert_eq!((fout.code(), fout.pad()), (ProblemCode::VeldOngeldig, Some(pad)));
            assert!(!format!("{fout:?} {:?}", fout.problem()).contains("Appel"));
        }
    }
}
