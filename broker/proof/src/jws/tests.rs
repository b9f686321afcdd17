//! What is signed is read back, and nothing else is.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    canonical_string,
    testpki::{GGZ, POLITIE, TestPki},
};

fn keys() -> (SigningKey, SigningKey) {
    let pki = TestPki::new();
    (pki.partner(POLITIE).key(), pki.partner(GGZ).key())
}

/// A JWS with any header and payload, well signed: what a partner with a valid key could make.
fn forge(key: &SigningKey, header: &str, payload: &[u8]) -> String {
    let input = signing_input(&encoding::encode(header.as_bytes()), payload);
    let signature = signature(key, &input).unwrap();
    format!("{input}.{signature}")
}

fn good_header(key: &SigningKey) -> String {
    format!(r#"{{"alg":"ES256","kid":"{}","typ":"inbreng-deel+jws"}}"#, key.kid())
}

#[test]
fn what_is_signed_is_read_back() {
    let (key, other) = keys();
    let payload = json!({"b": 1, "a": ["x", null]});
    let jws = sign(&key, Typ::Deel, &payload).unwrap();
    assert_eq!(verify::<Value>(&jws, Typ::Deel, key.verifying_key()).unwrap(), payload);
    assert_eq!(unverified_payload::<Value>(&jws).unwrap(), payload);
    assert_eq!(unverified_kid(&jws).unwrap(), key.kid());
    let middle = jws.split('.').nth(1).unwrap();
    assert_eq!(encoding::decode(middle).unwrap(), br#"{"a":["x",null],"b":1}"#);
    assert!(matches!(verify::<Value>(&jws, Typ::Deel, other.verifying_key()), Err(JwsError::Kid)));
}

#[test]
fn a_signature_counts_for_one_use() {
    let (key, _) = keys();
    for made in Typ::ALL {
        let jws = sign(&key, *made, &json!({})).unwrap();
        for asked in Typ::ALL {
            let verdict = verify::<Value>(&jws, *asked, key.verifying_key());
            if made == asked {
                verdict.unwrap();
            } else {
                assert!(matches!(verdict, Err(JwsError::Typ)), "{made} as {asked}");
            }
        }
    }
}

#[test]
fn only_the_agreed_header() {
    let (key, _) = keys();
    let kid = key.kid();
    verify::<Value>(&forge(&key, &good_header(&key), b"{}"), Typ::Deel, key.verifying_key()).unwrap();
    let typ = "inbreng-deel+jws";
    let wrong = [
        format!(r#"{{"alg":"none","kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES384","kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","crit":[],"kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","b64":false,"kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","jwk":{{}},"kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"{typ}","x5c":[]}}"#),
        format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"{typ}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"none","alg":"ES256","kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"kid":"{kid}","alg":"ES256","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256", "kid":"{kid}","typ":"{typ}"}}"#),
        format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"application/{typ}"}}"#),
        format!(r#"{{"alg":"ES256","kid":"{}","typ":"{typ}"}}"#, kid.to_lowercase()),
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
    ];
    for header in &wrong {
        let forged = forge(&key, header, b"{}");
        assert!(verify::<Value>(&forged, Typ::Deel, key.verifying_key()).is_err(), "{header}");
        assert!(!names_signer(&forged, Typ::Deel, kid), "{header}");
    }
}

#[test]
fn a_signer_is_named_for_one_use() {
    let (key, other) = keys();
    for made in Typ::ALL {
        let jws = sign(&key, *made, &json!({})).unwrap();
        for asked in Typ::ALL {
            assert_eq!(names_signer(&jws, *asked, key.kid()), made == asked, "{made} as {asked}");
        }
        assert!(!names_signer(&jws, *made, other.kid()));
    }
}

#[test]
fn an_unsigned_one_is_refused() {
    let (key, _) = keys();
    let jws = sign(&key, Typ::Deel, &json!({})).unwrap();
    let (input, signature) = jws.rsplit_once('.').unwrap();
    let der = encoding::encode(&[0x30, 0x44]);
    for wrong in ["", "AA", &signature[..84], &format!("{signature}AA"), &format!("{signature}=="), &der, &"A".repeat(86)] {
        let jws = format!("{input}.{wrong}");
        assert!(matches!(verify::<Value>(&jws, Typ::Deel, key.verifying_key()), Err(JwsError::Signature)), "{wrong}");
    }
}

#[test]
fn only_three_parts() {
    let (key, _) = keys();
    let jws = sign(&key, Typ::Deel, &json!({})).unwrap();
    let object = json!({"payload": "e30", "signatures": []}).to_string();
    for wrong in ["", ".", "..", "...", "a.b", &format!("{jws}."), &format!(".{jws}"), &format!("{jws}.x"), &object] {
        assert!(verify::<Value>(wrong, Typ::Deel, key.verifying_key()).is_err(), "{wrong}");
        assert!(unverified_payload::<Value>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_payload_is_strict_and_canonical() {
    let (key, _) = keys();
    let header = good_header(&key);
    let wrong: [&[u8]; 9] = [
        br#"{"b":1,"a":2}"#,
        br#"{"a": 1}"#,
        br#"{"a":1,"a":2}"#,
        br#"{"a":"\u0041"}"#,
        br#"{"a":1.5}"#,
        br#"{"a":"\/"}"#,
        b"{} ",
        b"\xff",
        b"",
    ];
    for payload in wrong {
        let refused = verify::<Value>(&forge(&key, &header, payload), Typ::Deel, key.verifying_key());
        let text = String::from_utf8_lossy(payload);
        assert!(matches!(refused, Err(JwsError::NotCanonical | JwsError::Payload(_))), "{text}");
    }
    let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
    let refused = verify::<Value>(&forge(&key, &header, deep.as_bytes()), Typ::Deel, key.verifying_key());
    assert!(matches!(refused, Err(JwsError::Payload(StrictError::TooDeep))));
}

#[test]
fn a_payload_of_another_shape_is_refused() {
    let (key, _) = keys();
    let jws = sign(&key, Typ::Medeondertekening, &json!({"verklaring": "x", "tijd": "y", "meer": 1})).unwrap();
    let refused = verify::<inbreng_domain::gids::Medeondertekening>(&jws, Typ::Medeondertekening, key.verifying_key());
    assert!(matches!(refused, Err(JwsError::Shape(_))));
}

#[test]
fn detached_covers_what_stands_elsewhere() {
    let (key, _) = keys();
    let payload = canonical_string(&json!({"a": 1})).unwrap();
    let jws = sign_detached(&key, Typ::Kop, payload.as_bytes()).unwrap();
    assert!(jws.contains(".."));
    verify_detached(&jws, Typ::Kop, payload.as_bytes(), key.verifying_key()).unwrap();
    let other = verify_detached(&jws, Typ::Kop, br#"{"a":2}"#, key.verifying_key());
    assert!(matches!(other, Err(JwsError::Signature)));
    let as_message = verify_detached(&jws, Typ::Bericht, payload.as_bytes(), key.verifying_key());
    assert!(matches!(as_message, Err(JwsError::Typ)));
    // Attached where detached is asked, and the other way round.
    let attached = sign(&key, Typ::Kop, &json!({"a": 1})).unwrap();
    assert!(matches!(verify_detached(&attached, Typ::Kop, b"", key.verifying_key()), Err(JwsError::Format)));
    assert!(verify::<Value>(&jws, Typ::Kop, key.verifying_key()).is_err());
}

#[test]
fn a_key_shows_nothing_of_itself() {
    let pki = TestPki::new();
    let getekend = pki.partner(POLITIE);
    let shown = format!("{:?}", getekend.key());
    assert_eq!(shown, format!("SigningKey(kid {})", getekend.key().kid()));
    assert!(SigningKey::from_pem("geen sleutel", &getekend.chain[0]).is_err());
    assert!(SigningKey::from_pem(&getekend.key_pem, b"geen certificaat").is_err());
    assert!(VerifyingKey::new([4; 65], getekend.key().kid().to_owned()).is_err(), "not on the curve");
    assert!(VerifyingKey::new(*getekend.key().verifying_key().point(), r#"a","typ":"b"#.to_owned()).is_err());
}

#[test]
fn any_character_changed_is_refused() {
    let (key, _) = keys();
    let jws = sign(&key, Typ::Deel, &json!({"deel": "x", "getal": 12})).unwrap();
    let payload = canonical_string(&json!({"a": 1})).unwrap();
    let detached = sign_detached(&key, Typ::Kop, payload.as_bytes()).unwrap();
    for (text, is_detached) in [(&jws, false), (&detached, true)] {
        for i in 0..text.len() {
            for replacement in [b'A', b'B', b'.', b'=', b'_', b' ', b'\n'] {
                let mut bytes = text.clone().into_bytes();
                if bytes[i] == replacement {
                    continue;
                }
                bytes[i] = replacement;
                let changed = String::from_utf8(bytes).unwrap();
                let refused = if is_detached {
                    verify_detached(&changed, Typ::Kop, payload.as_bytes(), key.verifying_key()).is_err()
                } else {
                    verify::<Value>(&changed, Typ::Deel, key.verifying_key()).is_err()
                };
                assert!(refused, "character {i} became {}", replacement as char);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[A-Za-z0-9_.=-]{0,60}|.{0,20}") {
        let _ = (unverified_payload::<Value>(&text), unverified_kid(&text));
    }
}
