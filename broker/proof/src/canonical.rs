//! Canonical JSON (RFC 8785): the one byte string of a value, which is what is signed and hashed.

mod text;
mod writer;

use inbreng_domain::Digest;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

pub use text::{CanonicalText, Part};

use crate::hash::sha256;

/// A value that has no canonical form: an object with one name twice, a map whose keys are not texts, ready-made JSON.
///
/// A float that is not a number never gets here: serde_json takes it for `null`. No type of the wire holds a float.
#[derive(Debug, thiserror::Error)]
#[error("value has no canonical form")]
pub struct CanonicalError(#[from] serde_json::Error);

/// The canonical form, as UTF-8 bytes.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    Ok(writer::write(value)?)
}

/// The canonical form, as text.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn canonical_string<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    // INVARIANT: JSON text is UTF-8.
    Ok(String::from_utf8(canonical(value)?).map_err(<serde_json::Error as serde::ser::Error>::custom)?)
}

/// SHA-256 of the canonical form.
///
/// # Errors
/// [`CanonicalError`] for a value that JSON cannot hold.
pub fn digest_of<T: Serialize + ?Sized>(value: &T) -> Result<Digest, CanonicalError> {
    Ok(sha256(&canonical(value)?))
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
pub(crate) mod tests {
    use serde_json::json;

    use proptest::prelude::*;

    use super::*;

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
    fn one_name_twice_has_no_form() {
        struct Twice;
        impl Serialize for Twice {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([("a", 1), ("b", 2), ("a", 3)])
            }
        }
        assert!(canonical(&Twice).is_err());
        assert!(canonical(&[Twice]).is_err());
    }

    #[test]
    fn names_sort_by_utf16_and_quotes_do_not_count() {
        // U+10000 sorts before U+FFFF in UTF-16, behind it in UTF-8; `a!` stands behind `a`.
        let value = json!({"\u{ffff}": 1, "\u{10000}": 2, "a!": 3, "a": 4, "a\"": 5, "\n": 6, "": 7});
        let text = "{\"\":7,\"\\n\":6,\"a\":4,\"a!\":3,\"a\\\"\":5,\"\u{10000}\":2,\"\u{ffff}\":1}";
        assert_eq!(canonical_string(&value).unwrap(), text);
        let plain = json!({"a!": 3, "a": 4, "a#": 1});
        assert_eq!(canonical_string(&plain).unwrap(), r##"{"a":4,"a!":3,"a#":1}"##);
    }

    #[test]
    fn whole_numbers_beyond_2_to_the_53_are_doubles() {
        assert_eq!(canonical_string(&[u64::MAX, 1 << 53]).unwrap(), "[18446744073709552000,9007199254740992]");
        assert_eq!(canonical_string(&[i64::MIN, -(1 << 53)]).unwrap(), "[-9223372036854776000,-9007199254740992]");
        assert_eq!(canonical_string(&-0.0).unwrap(), "0");
    }

    /// Any JSON, with names and texts that tend to need care.
    pub(crate) fn json() -> impl Strategy<Value = Value> {
        let name = || prop_oneof!["[a-c!\"#]{0,3}", ".{0,3}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
            "[\\x00-\\x7f]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((name(), inner), 0..6).prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn as_the_reference_library_writes_it(value in json()) {
            prop_assert_eq!(canonical_string(&value).unwrap(), serde_json_canonicalizer::to_string(&value).unwrap());
        }

        #[test]
        fn canonical_text_stays_as_it_is(value in json()) {
            let text = canonical(&value).unwrap();
            prop_assert_eq!(&canonical(&serde_json::from_slice::<Value>(&text).unwrap()).unwrap(), &text);
        }
    }
}
