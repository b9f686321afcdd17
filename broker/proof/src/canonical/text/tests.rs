//! What is canonical, and where its parts stand.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::canonical::tests::json;

fn is_canonical(text: &str) -> bool {
    CanonicalText::read(text.as_bytes(), 8).is_some()
}

#[test]
fn one_spelling_of_each_value() {
    for yes in [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9007199254740991",
        "-9007199254740991",
        "\"\"",
        "\"é\u{10000}\"",
        "[]",
        "{}",
        r#"{"a":[1,2,{"b":null}],"b":""}"#,
        r#""\b\t\n\f\r\"\\\u0000\u001f\u000b""#,
        "\"\u{7f}/\"",
        r#"{"":1,"a":2}"#,
    ] {
        assert!(is_canonical(yes), "{yes}");
    }
    for no in [
        "",
        " ",
        "nul",
        "1 ",
        " 1",
        "-0",
        "00",
        "01",
        "-",
        "1.0",
        "1e2",
        "9007199254740992",
        "+1",
        "[1, 2]",
        "[1,]",
        "{\"a\": 1}",
        r#"{"b":1,"a":2}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,}"#,
        r#"{"a"}"#,
        r#"{a:1}"#,
        "\"",
        "\"\n\"",
        r#""\u0061""#,
        r#""\/""#,
        r#""\u000a""#,
        r#""\u001F""#,
        r#""\u0020""#,
        r#""\u00e9""#,
        "{} ",
        "{}{}",
        "[[[[[[[[[]]]]]]]]]",
        "\u{feff}{}",
    ] {
        assert!(!is_canonical(no), "{no}");
    }
    assert!(CanonicalText::read(b"\"\xff\"", 8).is_none());
}

#[test]
fn names_sort_by_utf16() {
    assert!(is_canonical("{\"\u{10000}\":1,\"\u{ffff}\":2}"));
    assert!(!is_canonical("{\"\u{ffff}\":2,\"\u{10000}\":1}"));
    assert!(is_canonical(r##"{"\n":1,"a":2,"a!":3,"a\"":4}"##));
}

#[test]
fn parts_are_slices_of_the_text() {
    let value = json!({"a": {"handtekening": "x", "z": [1, {"q": "},{"}, []]}, "lijst": [], "q\"": 1});
    let bytes = serde_json::to_vec_pretty(&value).unwrap();
    let text = CanonicalText::parse(&bytes, 8).unwrap();
    let a = text.root().member("a").unwrap();
    assert_eq!(a.as_str(), r#"{"handtekening":"x","z":[1,{"q":"},{"},[]]}"#);
    assert_eq!(a.without("handtekening").unwrap(), r#"{"z":[1,{"q":"},{"},[]]}"#);
    assert_eq!(a.without("z").unwrap(), r#"{"handtekening":"x"}"#);
    let items: Vec<_> = a.member("z").unwrap().items().map(Part::as_str).collect();
    assert_eq!(items, ["1", r#"{"q":"},{"}"#, "[]"]);
    assert_eq!(text.root().member("lijst").unwrap().items().count(), 0);
    // What is not there, and what has no members or items.
    assert!(a.member("a").is_none() && a.without("a").is_none());
    assert!(a.member("z").unwrap().member("q").is_none() && a.items().next().is_none());
    let one = CanonicalText::read(br#"{"x":1}"#, 8).unwrap();
    assert_eq!(one.root().without("x").unwrap(), "{}");
}

#[test]
fn what_is_not_strict_is_refused_as_ever() {
    assert!(matches!(CanonicalText::parse(br#"{"a":1,"a":2}"#, 8), Err(StrictError::DuplicateKey)));
    assert!(matches!(CanonicalText::parse(b"[[[]]]", 2), Err(StrictError::TooDeep)));
    assert!(matches!(CanonicalText::parse(b"1.5", 2), Err(StrictError::Number)));
}

proptest! {
    #[test]
    fn canonical_is_what_the_writer_writes(value in json()) {
        let text = canonical_string(&value).unwrap();
        let strict = parse_strict(text.as_bytes(), 8).is_ok();
        prop_assert_eq!(CanonicalText::read(text.as_bytes(), 8).is_some(), strict);
        let loose = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(CanonicalText::read(loose.as_bytes(), 8).is_some(), strict && loose == text);
        // `5.0` is written as `5`; as it stands it is refused.
        if strict && parse_strict(loose.as_bytes(), 8).is_ok() {
            let parsed = CanonicalText::parse(loose.as_bytes(), 8).unwrap();
            prop_assert_eq!(parsed.as_str(), &text);
            if let Value::Object(object) = &value {
                for (name, member) in object.iter().filter(|(n, _)| n.chars().all(|c| c >= ' ' && c != '"' && c != '\\')) {
                    let form = canonical_string(member).unwrap();
                    prop_assert_eq!(parsed.root().member(name).unwrap().as_str(), form);
                    let without = canonical_string(&super::super::Without { object, member: name }).unwrap();
                    prop_assert_eq!(parsed.root().without(name).unwrap(), without);
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic_and_what_it_takes_is_strict_and_canonical(text in r#"[\[\]{}:,"a\\u0-9b -]{0,24}"#) {
        if CanonicalText::read(text.as_bytes(), 8).is_some() {
            let value = parse_strict(text.as_bytes(), 8).unwrap();
            prop_assert_eq!(canonical_string(&value).unwrap(), text);
        }
    }
}
