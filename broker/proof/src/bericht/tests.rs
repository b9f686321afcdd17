//! Messages: one signature binds all of it.

use inbreng_domain::Kop;
use serde_json::json;

use super::*;
use crate::{
    deel::tests::bericht,
    testpki::{GGZ, POLITIE, TestPki},
};

#[test]
fn a_message_is_bound_by_the_one_signature_of_its_kop() {
    let pki = TestPki::new();
    let (key, other) = (pki.partner(POLITIE).key(), pki.partner(GGZ).key());
    let (bericht, kop, delen) = bericht(&key);
    verify_bericht(&bericht, key.verifying_key()).unwrap();
    verify_kop(&kop, key.verifying_key()).unwrap();
    assert!(verify_bericht(&bericht, other.verifying_key()).is_err());
    assert!(verify_kop(&kop, other.verifying_key()).is_err());
    // One signature never serves as the other.
    assert!(matches!(verify_bericht(&kop, key.verifying_key()), Err(JwsError::Typ)));
    assert!(matches!(verify_kop(&bericht, key.verifying_key()), Err(JwsError::Typ)));

    let typed: Kop = serde_json::from_value(kop).unwrap();
    check_samenhang(&typed, &bericht, &delen).unwrap();
    let mut changed = bericht.clone();
    changed["verklaring"]["z"] = json!(2);
    assert!(matches!(check_samenhang(&typed, &changed, &delen), Err(SamenhangError::Bericht)));
    assert!(matches!(check_samenhang(&typed, &bericht, &[]), Err(SamenhangError::Delen)));
    let mut changed = delen.clone();
    changed[0]["toegang"] = json!([]);
    assert!(matches!(check_samenhang(&typed, &bericht, &changed), Err(SamenhangError::Deel(_))));
    let mut changed = delen;
    changed[0]["labels"]["id"] = json!("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8c");
    assert!(matches!(check_samenhang(&typed, &bericht, &changed), Err(SamenhangError::Delen)));
}

#[test]
fn nothing_can_be_added_changed_or_left_out() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let (bericht, kop, _) = bericht(&key);
    for (object, verify) in [(bericht, verify_bericht as fn(&Value, &VerifyingKey) -> Result<(), JwsError>), (kop, verify_kop)] {
        for member in object.as_object().unwrap().keys() {
            let mut without = object.clone();
            without.as_object_mut().unwrap().shift_remove(member);
            assert!(verify(&without, key.verifying_key()).is_err(), "without {member}");
            let mut other = object.clone();
            other[member] = json!({"anders": true});
            assert!(verify(&other, key.verifying_key()).is_err(), "other {member}");
        }
        let mut more = object.clone();
        more["onbekend"] = json!(null);
        assert!(verify(&more, key.verifying_key()).is_err());
        for wrong in [json!(null), json!([]), json!("x"), json!({})] {
            assert!(matches!(verify(&wrong, key.verifying_key()), Err(JwsError::Format)));
        }
    }
}

#[test]
fn order_of_members_means_nothing() {
    let pki = TestPki::new();
    let key = pki.partner(POLITIE).key();
    let (bericht, ..) = bericht(&key);
    let turned: serde_json::Map<_, _> = bericht.as_object().unwrap().clone().into_iter().rev().collect();
    let turned = Value::Object(turned);
    verify_bericht(&turned, key.verifying_key()).unwrap();
    assert_eq!(bericht_digest(&turned).unwrap(), bericht_digest(&bericht).unwrap());
}
