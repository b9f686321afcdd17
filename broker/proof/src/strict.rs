//! Strict reading of JSON: one text, one meaning (RFC 7493, I-JSON, and narrower).
//!
//! Lenient readers disagree about duplicate members and about numbers; what two parties read differently cannot be signed
//! or decided on. Refused: duplicate member names at any level, numbers that are not whole or lie outside ±(2^53 − 1),
//! nesting beyond the limit, anything after the value, text that is not UTF-8.

use std::cell::Cell;

use serde::{
    Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// The largest whole number that every JSON reader agrees on (RFC 7493 §2.2).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// The deepest nesting that can be allowed at all (serde_json itself stops at 127); a larger limit counts as this one.
pub const MAX_NESTING: usize = 126;

/// Why a text was refused. Carries no content of the text.
#[derive(Debug, thiserror::Error)]
pub enum StrictError {
    /// Not JSON, or not UTF-8, or something follows the value.
    #[error("not one valid JSON value (line {line}, column {column})")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A member name stands twice in one object.
    #[error("an object holds the same member twice")]
    DuplicateKey,
    /// Nested deeper than allowed.
    #[error("nested too deeply")]
    TooDeep,
    /// A number that is not whole, or too large to be read alike everywhere.
    #[error("a number is not whole or outside ±(2^53-1)")]
    Number,
    /// Good JSON, but not the object that was expected.
    #[error("unexpected shape: {0}")]
    Shape(#[source] serde_json::Error),
}

/// Reads one value.
///
/// `max_nesting` counts arrays and objects inside each other, the outermost included; [`MAX_NESTING`] at most.
///
/// # Errors
/// [`StrictError`]; see the module.
pub fn parse_strict(bytes: &[u8], max_nesting: usize) -> Result<Value, StrictError> {
    let refused = Cell::new(None);
    let seed = Strict { left: max_nesting.min(MAX_NESTING), refused: &refused };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|e| match refused.take() {
        Some(Refused::DuplicateKey) => StrictError::DuplicateKey,
        Some(Refused::TooDeep) => StrictError::TooDeep,
        Some(Refused::Number) => StrictError::Number,
        None => StrictError::Syntax { line: e.line(), column: e.column() },
    })
}

/// Reads one value into a type. A type with `deny_unknown_fields` makes the reading closed.
///
/// # Errors
/// [`StrictError`]; [`StrictError::Shape`] when the text is good and the type is not met.
pub fn parse_strict_as<T: DeserializeOwned>(bytes: &[u8], max_nesting: usize) -> Result<T, StrictError> {
    serde_json::from_value(parse_strict(bytes, max_nesting)?).map_err(StrictError::Shape)
}

#[derive(Debug, Clone, Copy)]
enum Refused {
    DuplicateKey,
    TooDeep,
    Number,
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    left: usize,
    refused: &'a Cell<Option<Refused>>,
}

impl Strict<'_> {
    fn refuse<E: Error>(self, why: Refused) -> E {
        self.refused.set(Some(why));
        E::custom("refused")
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => Err(self.refuse(Refused::TooDeep)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Value, E> {
        if n <= MAX_INTEGER.unsigned_abs() { Ok(n.into()) } else { Err(self.refuse(Refused::Number)) }
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Value, E> {
        if n >= -MAX_INTEGER { Ok(n.into()) } else { Err(self.refuse(Refused::Number)) }
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(self.refuse(Refused::Number))
    }

    fn visit_str<E: Error>(self, s: &str) -> Result<Value, E> {
        Ok(Value::String(s.to_owned()))
    }

    fn visit_string<E: Error>(self, s: String) -> Result<Value, E> {
        Ok(Value::String(s))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inside)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut members = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(self.refuse(Refused::DuplicateKey));
            }
            members.insert(key, map.next_value_seed(inside)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn a_member_counts_once_however_it_is_spelt() {
        for twice in [r#"{"a":1,"a":2}"#, r#"[{"b":{"a":1,"c":2,"a":1}}]"#, r#"{"a":1,"\u0061":2}"#] {
            assert!(matches!(parse_strict(twice.as_bytes(), 32), Err(StrictError::DuplicateKey)), "{twice}");
        }
        assert!(parse_strict(br#"{"a":{"a":1},"b":{"a":1}}"#, 32).is_ok());
    }

    #[test]
    fn only_whole_numbers_that_everyone_reads_alike() {
        for ok in ["0", "-1", "9007199254740991", "-9007199254740991"] {
            assert_eq!(parse_strict(ok.as_bytes(), 1).unwrap().to_string(), ok);
        }
        for wrong in ["9007199254740992", "-9007199254740992", "1.0", "1e2", "-0", "0.5", "18446744073709551616"] {
            assert!(matches!(parse_strict(wrong.as_bytes(), 1), Err(StrictError::Number)), "{wrong}");
        }
    }

    #[test]
    fn nesting_ends_where_the_limit_says() {
        assert!(parse_strict(nested(32).as_bytes(), 32).is_ok());
        assert!(matches!(parse_strict(nested(33).as_bytes(), 32), Err(StrictError::TooDeep)));
        assert!(parse_strict(nested(126).as_bytes(), usize::MAX).is_ok());
        for deep in [127, 128, 100_000] {
            assert!(matches!(parse_strict(nested(deep).as_bytes(), usize::MAX), Err(StrictError::TooDeep)), "{deep}");
        }
        assert!(matches!(parse_strict(b"{}", 0), Err(StrictError::TooDeep)));
    }

    #[test]
    fn one_value_in_utf8_and_nothing_else() {
        let wrong: [&[u8]; 13] = [
            b"",
            b" ",
            b"{} {}",
            b"{},",
            b"nul",
            b"\"\xff\"",
            b"\xef\xbb\xbf{}",
            br#""\ud800""#,
            b"{\"a\":1,}",
            b"[1,]",
            b"01",
            b"\"\n\"",
            b"NaN",
        ];
        for text in wrong {
            assert!(matches!(parse_strict(text, 32), Err(StrictError::Syntax { .. })), "{text:?}");
        }
    }

    #[test]
    fn the_error_does_not_quote_the_text() {
        let err = parse_strict(br#"{"naam":"Testpersoon Appel" oops"#, 32).unwrap_err();
        assert!(!format!("{err} {err:?}").contains("Appel"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_what_it_takes_serde_takes_alike(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = parse_strict(&bytes, 8) {
                prop_assert_eq!(value, serde_json::from_slice::<Value>(&bytes).unwrap());
            }
        }

        #[test]
        fn json_like_text_reads_as_serde_reads_it(text in r#"[\[\]{}:,"a\\u0-9 .eE-]{0,24}"#) {
            if let Ok(value) = parse_strict(text.as_bytes(), 8) {
                prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
