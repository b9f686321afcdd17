//! jwcrypto (Python), an independent implementation: it opens what we seal, and we open what it seals.
//!
//! Runs `tests/interop/jose.py` with the Python that `INBRENG_PYTHON` names; `cargo xtask test` makes that one.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Deel, jwe::Inhoud, part::Deelbewijs};
use inbreng_proof::{Typ, deel as proof, digest_of, jws};
use serde_json::{Value, json};

use super::{tests::Proef, verzegelen::toegang_geven, *};
use crate::testsleutels::{GGZ, VEILIG_THUIS, WIJKTEAM, labels};

fn python(vraag: &Value) -> Value {
    let python = std::env::var("INBRENG_PYTHON").unwrap_or_else(|_| panic!("INBRENG_PYTHON names no Python with jwcrypto"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/jose.py");
    let mut kind = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    kind.stdin.take().unwrap().write_all(vraag.to_string().as_bytes()).unwrap();
    let uit = kind.wait_with_output().unwrap();
    assert!(uit.status.success(), "{:?}", uit.status);
    serde_json::from_slice(&uit.stdout).unwrap()
}

fn publiek(sleutel: &Zegelsleutel) -> Value {
    let mut jwk = serde_json::to_value(sleutel.jwk()).unwrap();
    jwk["kid"] = json!(sleutel.kid());
    jwk
}

fn prive(sleutel: &Zegelsleutel) -> Value {
    let d = sleutel.prive().ec_key().unwrap().private_key().to_vec_padded(32).unwrap();
    let mut jwk = publiek(sleutel);
    jwk["d"] = json!(URL_SAFE_NO_PAD.encode(d));
    jwk
}

#[test]
#[ignore = "needs a Python with jwcrypto: cargo xtask test --only jose"]
fn jwcrypto_opens_what_we_seal_and_seals_what_we_open() {
    let p = Proef::new();
    let deel = p.deel();
    let hun_labels = labels(GGZ);
    let mut tekst = inbreng_proof::canonical(&Proef::inhoud()).unwrap();
    super::aanvulling::aanvullen(&mut tekst).unwrap();
    let aad = String::from_utf8(inbreng_proof::canonical(&hun_labels).unwrap()).unwrap();
    let antwoord = python(&json!({
        "open": { "jwe": deel.inhoud, "sleutels": [prive(&p.eigen), prive(&p.vt), prive(&p.wijkteam)] },
        "seal": {
            "aad": aad, "deel": hun_labels.id, "tekst": String::from_utf8(tekst).unwrap(),
            "ontvangers": [publiek(&p.vt), publiek(&p.wijkteam)],
        },
    }));

    let geopend = antwoord["open"].as_array().unwrap();
    assert_eq!(geopend.len(), 3);
    for tekst in geopend {
        assert_eq!(serde_json::from_str::<Value>(tekst.as_str().unwrap()).unwrap(), Proef::inhoud());
    }

    let inhoud: Inhoud = serde_json::from_value(antwoord["seal"]["jwe"].clone()).unwrap();
    let bewijs = Deelbewijs {
        deel: hun_labels.id,
        labels: digest_of(&hun_labels).unwrap(),
        inhoud: proof::inhoud_digest(&inhoud).unwrap(),
        sleutelbinding: antwoord["seal"]["sleutelbinding"].as_str().unwrap().to_owned(),
    };
    let eigenaarsbewijs = jws::sign(&p.ondertekening, Typ::Deel, &bewijs).unwrap();
    let toegang = [(VEILIG_THUIS, &p.vt), (WIJKTEAM, &p.wijkteam)]
        .into_iter()
        .zip(&inhoud.recipients)
        .map(|((wie, sleutel), wrap)| {
            toegang_geven(&hun_labels, &inhoud, &Proef::voor(wie, sleutel), wrap, None, &p.ondertekening).unwrap()
        })
        .collect();
    let hun_deel = Deel { labels: hun_labels, inhoud, eigenaarsbewijs, toegang };
    for (wie, sleutel) in [(VEILIG_THUIS, &p.vt), (WIJKTEAM, &p.wijkteam)] {
        assert_eq!(p.open(&hun_deel, wie, sleutel).unwrap().inhoud.waarde().unwrap(), Proef::inhoud());
    }
}
