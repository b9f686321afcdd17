//! Canonical JSON (RFC 8785): the one byte string of a value, which is what is signed and hashed.

use inbreng_domain::Digest;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::hash::Sha256Writer;

/// A value that has no canonical form: not a number, infinite, or a map whose keys are not texts.
#[derive(Debug, thiserror::Error)]
#[error("value has no canonical form")]
pub struct CanonicalError(#[from] serde_json::Error);

/// The canonical form, as UTF-8 bytes.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    Ok(serde_json_canonicalizer::to_vec(&value)?)
}

/// The canonical form, as text.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn canonical_string<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    Ok(serde_json_canonicalizer::to_string(&value)?)
}

/// SHA-256 of the canonical form.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn digest_of<T: Serialize + ?Sized>(value: &T) -> Result<Digest, CanonicalError> {
    let mut hash = Sha256Writer::new();
    serde_json_canonicalizer::to_writer(&value, &mut hash)?;
    Ok(hash.finish())
}

/// An object without one of its members, without copying it: what a detached signature inside an object covers.
pub(crate) struct Without<'a> {
    pub(crate) object: &'a Map<String, Value>,
    pub(crate) member: &'a str,
}

impl Serialize for Without<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.object.iter().filter(|(key, _)| *key != self.member) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::hash::sha256;

    #[test]
    fn members_are_sorted_and_nothing_is_wasted() {
        let value = json!({"b": [1, {"z": null, "a": "é"}], "a": true});
        let text = r#"{"a":true,"b":[1,{"a":"é","z":null}]}"#;
        assert_eq!(canonical_string(&value).unwrap(), text);
        assert_eq!(digest_of(&value).unwrap(), sha256(text.as_bytes()));
    }

    #[test]
    fn one_member_can_be_left_out() {
        let Value::Object(object) = json!({"x": 1, "handtekening": "…", "a": {"handtekening": 2}}) else { unreachable!() };
        let text = canonical_string(&Without { object: &object, member: "handtekening" }).unwrap();
        assert_eq!(text, r#"{"a":{"handtekening":2},"x":1}"#);
    }

    #[test]
    fn what_json_cannot_hold_has_no_form() {
        assert!(canonical(&f64::NAN).is_err());
    }
}
