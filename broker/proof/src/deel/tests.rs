//! Parts and access statements: what their owner made, and every way to change it.

use inbreng_domain::{
    Oin,
    envelope::{Deelverwijzing, Kop},
    part::{Toegang, Toegangsverklaring},
};
use serde_json::{Value, json};

use super::*;
use crate::{
    encoding::encode,
    jwe::tests::inhoud,
    testpki::{GGZ, POLITIE, TestPki, oin},
    toegang::ToegangError,
};

pub(crate) const CEK: [u8; 32] = [7; 32];

pub(crate) fn labels() -> Labels {
    serde_json::from_value(json!({
        "bericht": "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a",
        "type": "nl.inbreng.incidentmelding.v1",
        "urgentie": "normaal",
        "convenant": "voorbeeldregio",
        "id": "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8b",
        "casus": encode(&[5; 32]),
        "eigenaar": POLITIE,
        "functie": "wijkagent",
        "betrokkenen": [{"ref": encode(&[6; 16]), "leeftijdsgroep": "18+"}],
        "categorie": "incident",
        "status": "feit",
        "doel": "beoordelen",
        "grondslagen": ["wettelijke-taak"],
        "noodbesluit": "nee",
        "noodzaak": "toegelicht",
        "afgeschermd": "nee",
        "briefing": "nee"
    }))
    .unwrap()
}

pub(crate) fn kid(n: u8) -> String {
    encode(&[n; 32])
}

/// A part of the police for the GGZ, as its adapter would make it.
pub(crate) fn deel(key: &SigningKey) -> Deel {
    let labels = labels();
    let inhoud = inhoud(&labels_aad(&labels).unwrap(), 1024, &[&kid(1), &kid(2)]);
    let eigenaarsbewijs = sign_deel(key, &labels, &inhoud, &CEK).unwrap();
    let verklaring = sign_toegang(key, &toegangsverklaring(&labels, &inhoud)).unwrap();
    Deel { labels, inhoud, eigenaarsbewijs, toegang: vec![Toegang { oin: oin(GGZ), verklaring, toelichting: None }] }
}

fn toegangsverklaring(labels: &Labels, inhoud: &Inhoud) -> Toegangsverklaring {
    serde_json::from_value(json!({
        "deel": labels.id,
        "inhoud": inhoud_digest(inhoud).unwrap(),
        "ontvanger": GGZ,
        "sleutel": kid(2),
        "wrap": wrap_digest(&inhoud.recipients[1]).unwrap(),
        "wijze": "meegeleverd",
        "doel": "beoordelen",
        "gebruik": ["dossier"],
        "genoemd": "nee"
    }))
    .unwrap()
}

#[test]
fn a_part_is_verified_with_the_key_of_its_owner() {
    let pki = TestPki::new();
    let (key, other) = (pki.partner(POLITIE).key(), pki.partner(GGZ).key());
    let deel = deel(&key);
    let bewijs = verify_deel(&deel, key.verifying_key()).unwrap();
    assert_eq!(bewijs.deel, deel.labels.id);
    assert!(is_gebonden(&CEK, &bewijs));
    assert!(!is_gebonden(&[8; 32], &bewijs), "another key than the committed one");
    assert!(matches!(verify_deel(&deel, other.verifying_key()), Err(DeelError::Bewijs(JwsError::Kid))));
}

#[test]
fn a_recipient_sees_the_same_whatever_was_wrapped_for_others() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let whole = deel(&key);
    let mut own = whole.clone();
    own.inhoud.recipients.remove(0);
    let mut none = whole.clone();
    none.inhoud.recipients.clear();
    for seen in [&whole, &own, &none] {
        assert_eq!(inhoud_digest(&seen.inhoud).unwrap(), inhoud_digest(&whole.inhoud).unwrap());
        verify_deel(seen, key.verifying_key()).unwrap();
    }
}

#[test]
fn any_label_or_byte_of_content_changed_is_refused() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let good = serde_json::to_value(deel(&key)).unwrap();
    let strings = pointers(&good, "");
    assert!(strings.len() > 30);
    let mut tried = 0;
    // What is bound by the access statement instead, and tested below.
    for pointer in strings.iter().filter(|p| !p.starts_with("/toegang") && !p.starts_with("/inhoud/recipients")) {
        let text = good.pointer(pointer).and_then(Value::as_str).unwrap();
        for i in [0, text.len() / 2, text.len() - 1] {
            let mut bytes = text.to_owned().into_bytes();
            bytes[i] = if bytes[i] == b'1' { b'2' } else { b'1' };
            let mut changed = good.clone();
            *changed.pointer_mut(pointer).unwrap() = String::from_utf8(bytes).unwrap().into();
            let refused = serde_json::from_value::<Deel>(changed).map_or(true, |d| verify_deel(&d, key.verifying_key()).is_err());
            assert!(refused, "{pointer} at {i}");
            tried += 1;
        }
    }
    assert!(tried > 60);
}

/// Where every text of a value stands.
fn pointers(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::String(_) => vec![at.to_owned()],
        Value::Array(items) => items.iter().enumerate().flat_map(|(i, v)| pointers(v, &format!("{at}/{i}"))).collect(),
        Value::Object(members) => members.iter().flat_map(|(k, v)| pointers(v, &format!("{at}/{k}"))).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn each_refusal_names_its_reason() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let good = deel(&key);
    let refuse = |change: &dyn Fn(&mut Deel)| {
        let mut deel = good.clone();
        change(&mut deel);
        verify_deel(&deel, key.verifying_key()).unwrap_err()
    };
    assert!(matches!(refuse(&|d| d.labels.doel = inbreng_domain::vocabulary::Doel::Strafzaak), DeelError::Labels));
    assert!(matches!(refuse(&|d| d.labels.id = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8c".parse().unwrap()), DeelError::AnderDeel));
    assert!(matches!(refuse(&|d| d.inhoud.ciphertext.replace_range(0..1, "B")), DeelError::Inhoud));
    assert!(matches!(refuse(&|d| d.inhoud.tag = encode(&[0])), DeelError::Vorm(JweShapeError::Tag)));

    // The owner itself seals one thing and labels another: well signed, still refused.
    let mut other = labels();
    other.doel = inbreng_domain::vocabulary::Doel::Strafzaak;
    let aad_differs = |d: &mut Deel| {
        d.inhoud.aad = labels_aad(&other).unwrap();
        d.eigenaarsbewijs = sign_deel(&key, &d.labels, &d.inhoud, &CEK).unwrap();
    };
    assert!(matches!(refuse(&aad_differs), DeelError::Aad));
    let no_binding = |d: &mut Deel| {
        let bewijs = Deelbewijs {
            deel: d.labels.id,
            labels: digest_of(&d.labels).unwrap(),
            inhoud: inhoud_digest(&d.inhoud).unwrap(),
            sleutelbinding: String::new(),
        };
        d.eigenaarsbewijs = jws::sign(&key, Typ::Deel, &bewijs).unwrap();
    };
    assert!(matches!(refuse(&no_binding), DeelError::Sleutelbinding));
}

#[test]
fn an_access_statement_covers_one_recipient_key_and_wrap() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let deel = deel(&key);
    let verklaring = verify_toegang(&deel.toegang[0].verklaring, key.verifying_key()).unwrap();
    let wrap = &deel.inhoud.recipients[1];
    let check = |d: &Deel, o: Oin, kid: &str, w: &Sleutelwrap| check_toegang(&verklaring, d, o, kid, w);
    check(&deel, oin(GGZ), &kid(2), wrap).unwrap();

    assert_eq!(check(&deel, oin(POLITIE), &kid(2), wrap), Err(ToegangError::Ontvanger));
    assert_eq!(check(&deel, oin(GGZ), &kid(3), wrap), Err(ToegangError::Sleutel));
    assert_eq!(check(&deel, oin(GGZ), &kid(2), &deel.inhoud.recipients[0]), Err(ToegangError::Sleutel));
    // Hub and recipient wrap the key again for a third, under the name that the statement gives.
    let mut again = wrap.clone();
    again.encrypted_key = encode(&[9; 40]);
    assert_eq!(check(&deel, oin(GGZ), &kid(2), &again), Err(ToegangError::Wrap));
    let mut elsewhere = deel.clone();
    elsewhere.labels.id = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8c".parse().unwrap();
    assert_eq!(check(&elsewhere, oin(GGZ), &kid(2), wrap), Err(ToegangError::AnderDeel));
    let mut other_text = deel.clone();
    other_text.inhoud.ciphertext.replace_range(0..1, "B");
    assert_eq!(check(&other_text, oin(GGZ), &kid(2), wrap), Err(ToegangError::Inhoud));

    let other = pki.partner(GGZ).key();
    let forged = sign_toegang(&other, &verklaring).unwrap();
    assert!(verify_toegang(&forged, key.verifying_key()).is_err());
}

/// A message of one part, signed, as JSON.
pub(crate) fn bericht(key: &SigningKey) -> (Value, Value, Vec<Value>) {
    let deel = deel(key);
    let mut bericht: inbreng_domain::Bericht = serde_json::from_value(json!({
        "id": deel.labels.bericht, "type": deel.labels.berichttype, "casus": deel.labels.casus, "van": POLITIE,
        "tijd": "2026-11-22T01:00:00.000Z", "urgentie": "normaal", "verklaring": {"z": 1, "a": [true]}, "handtekening": ""
    }))
    .unwrap();
    crate::bericht::sign_bericht(key, &mut bericht).unwrap();
    let mut kop = Kop {
        bericht: crate::bericht::bericht_digest(&bericht).unwrap(),
        convenant: deel.labels.convenant.clone(),
        beleid: crate::sha256(b"beleid"),
        opening: None,
        gemeente: None,
        geadresseerden: Vec::new(),
        delen: vec![Deelverwijzing { id: deel.labels.id, digest: crate::bericht::deel_digest(&deel).unwrap() }],
        handtekening: String::new(),
    };
    assert_eq!(kop.delen, crate::bericht::deelverwijzingen(std::slice::from_ref(&deel)).unwrap());
    crate::bericht::sign_kop(key, &mut kop).unwrap();
    let value = |object: Result<Value, serde_json::Error>| object.unwrap();
    (value(serde_json::to_value(&bericht)), value(serde_json::to_value(&kop)), vec![value(serde_json::to_value(&deel))])
}
