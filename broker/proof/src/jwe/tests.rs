//! The one form of sealed content, and each departure from it.

use inbreng_domain::jwe::{Crv, Jwk, Kty, Wrapheader};

use super::*;
use crate::encoding::encode;

/// A well-formed content of `size` bytes with wraps for these key names.
pub(crate) fn inhoud(aad: &str, size: usize, kids: &[&str]) -> Inhoud {
    // The generator of P-256 (FIPS 186-5), as a point that is surely on the curve.
    let epk = Jwk {
        kty: Kty::Ec,
        crv: Crv::P256,
        x: "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY".to_owned(),
        y: "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU".to_owned(),
    };
    Inhoud {
        protected: PROTECTED.to_owned(),
        aad: aad.to_owned(),
        iv: encode(&[1; 12]),
        ciphertext: encode(&vec![2; size]),
        tag: encode(&[3; 16]),
        recipients: kids
            .iter()
            .map(|kid| Sleutelwrap {
                header: Wrapheader { kid: (*kid).to_owned(), epk: epk.clone() },
                encrypted_key: encode(&[4; 40]),
            })
            .collect(),
    }
}

fn kid(n: u8) -> String {
    encode(&[n; 32])
}

fn good() -> Inhoud {
    inhoud("e30", 1024, &[&kid(1), &kid(2)])
}

#[test]
fn the_agreed_form_passes() {
    check_jwe_shape(&good()).unwrap();
    for size in SIZE_CLASSES {
        check_jwe_shape(&inhoud("e30", size, &[])).unwrap();
    }
    check_epk(&good().recipients[0]).unwrap();
}

#[test]
fn the_protected_header_is_exactly_alg_and_enc() {
    assert_eq!(PROTECTED, encode(br#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}"#));
    for header in [
        r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM","zip":"DEF"}"#,
        r#"{"enc":"A256GCM","alg":"ECDH-ES+A256KW"}"#,
        r#"{"alg":"ECDH-ES+A128KW","enc":"A256GCM"}"#,
        r#"{"alg":"ECDH-ES+A256KW","enc":"A128GCM"}"#,
        r#"{"alg":"dir","enc":"A256GCM"}"#,
        r#"{"alg":"none"}"#,
        "{}",
        "",
    ] {
        let wrong = Inhoud { protected: encode(header.as_bytes()), ..good() };
        assert_eq!(check_jwe_shape(&wrong), Err(JweShapeError::Protected), "{header}");
    }
}

#[test]
fn lengths_are_exact() {
    let with = |change: fn(&mut Inhoud)| {
        let mut inhoud = good();
        change(&mut inhoud);
        check_jwe_shape(&inhoud)
    };
    assert_eq!(with(|i| i.tag = encode(&[3])), Err(JweShapeError::Tag));
    assert_eq!(with(|i| i.tag = encode(&[3; 15])), Err(JweShapeError::Tag));
    assert_eq!(with(|i| i.tag = encode(&[3; 17])), Err(JweShapeError::Tag));
    assert_eq!(with(|i| i.tag.clear()), Err(JweShapeError::Tag));
    assert_eq!(with(|i| i.iv = encode(&[1; 11])), Err(JweShapeError::Iv));
    assert_eq!(with(|i| i.iv = encode(&[1; 16])), Err(JweShapeError::Iv));
    for size in [0, 1, 1023, 1025, 1040, 8 << 20] {
        let wrong = Inhoud { ciphertext: encode(&vec![0; size]), ..good() };
        assert_eq!(check_jwe_shape(&wrong), Err(JweShapeError::Ciphertext), "{size}");
    }
    assert_eq!(with(|i| i.aad.push('=')), Err(JweShapeError::Aad));
    assert_eq!(with(|i| i.ciphertext.push('\n')), Err(JweShapeError::Ciphertext));
}

#[test]
fn each_wrap_is_looked_at() {
    let with = |change: fn(&mut Sleutelwrap)| {
        let mut inhoud = good();
        change(&mut inhoud.recipients[1]);
        check_jwe_shape(&inhoud)
    };
    assert_eq!(with(|w| w.encrypted_key = encode(&[4; 24])), Err(JweShapeError::Wrap));
    assert_eq!(with(|w| w.encrypted_key = encode(&[4; 41])), Err(JweShapeError::Wrap));
    assert_eq!(with(|w| w.header.kid = "sleutel-1".to_owned()), Err(JweShapeError::Kid));
    assert_eq!(with(|w| w.header.epk.x = encode(&[0; 31])), Err(JweShapeError::Epk));
    assert_eq!(with(|w| w.header.kid = kid(1)), Err(JweShapeError::DuplicateRecipient));
    let mut beside = good().recipients[0].clone();
    beside.header.epk.y = encode(&[9; 32]);
    assert_eq!(check_epk(&beside), Err(JweShapeError::Epk), "a point beside the curve");
}

#[test]
fn json_outside_the_form_does_not_even_parse() {
    let text = serde_json::to_string(&good()).unwrap();
    for (from, to) in [
        (r#"{"protected""#, r#"{"unprotected":{"enc":"A256GCM"},"protected""#),
        (r#"{"protected""#, r#"{"encrypted_key":"AA","protected""#),
        (r#"{"kid""#, r#"{"alg":"ECDH-ES+A256KW","kid""#),
        (r#""kty":"EC""#, r#""kty":"OKP""#),
        (r#""crv":"P-256""#, r#""crv":"P-384""#),
        (r#""kty":"EC""#, r#""kty":"EC","d":"AA""#),
    ] {
        assert!(text.contains(from));
        assert!(serde_json::from_str::<Inhoud>(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
}
