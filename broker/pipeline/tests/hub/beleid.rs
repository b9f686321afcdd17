//! A policy that cannot be used never becomes active, and never stops the one that is.

use inbreng_domain::problem::ProblemCode;
use inbreng_proof::{SigningKey, Typ, digest_of, jws};
use serde_json::{Value, json};

use crate::wereld::Wereld;

fn getekend(sleutel: &SigningKey, document: &Value) -> String {
    jws::sign(sleutel, Typ::Beleid, document).unwrap()
}

#[tokio::test]
async fn what_is_not_a_policy_changes_nothing() {
    let w = Wereld::new().await;
    let whole: Value = jws::verify(&w.bundels[0], Typ::Beleid, w.beheerder.verifying_key()).unwrap();
    let with = |change: fn(&mut Value)| {
        let mut document = whole.clone();
        change(&mut document);
        getekend(&w.beheerder, &document)
    };
    let mut flipped = w.bundels[0].clone().into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let before = serde_json::to_string(&w.hub.convenanten().await).unwrap();
    for (what, bundels) in [
        ("none", vec![]),
        ("no document", vec!["niets".to_owned()]),
        ("a byte changed", vec![String::from_utf8(flipped).unwrap()]),
        ("another's signature", vec![getekend(&w.hub_sleutel, &whole)]),
        ("an unknown field", vec![with(|b| b["vrijheid"] = json!("alles"))]),
        ("partial", vec![with(|b| drop(b.as_object_mut().unwrap().remove("standaarden")))]),
        ("contradictory", vec![with(|b| b["geldig_tot"] = b["geldig_vanaf"].clone())]),
        // Nothing in a bundle leads to something else in it, so that nothing can lead back: there is no place for roles.
        ("cyclic", vec![with(|b| b["rollen"] = json!([["ggz", "om"], ["om", "ggz"]]))]),
        ("milder than the nation", vec![with(|b| b["buiten_convenant"] = json!([]))]),
        ("huge", vec![with(|b| b["rijen"] = Value::Array(vec![b["rijen"][0].clone(); 100_001]))]),
        ("one good, one not", vec![w.bundels[0].clone(), with(|b| b["vorm"] = json!(99))]),
        ("twice the same covenant", vec![w.bundels[0].clone(), w.bundels[0].clone()]),
    ] {
        assert!(w.hub.beleid_vervangen(&bundels).await.is_err(), "{what}");
        assert_eq!(serde_json::to_string(&w.hub.convenanten().await).unwrap(), before, "{what}");
        w.aangenomen(&w.melding().0).await;
    }
    let next = with(|b| b["versie"] = json!(2));
    w.hub.beleid_vervangen(std::slice::from_ref(&next)).await.unwrap();
    assert_ne!(serde_json::to_string(&w.hub.convenanten().await).unwrap(), before, "a good one takes over");
    let (mut melding, _) = w.melding();
    assert_eq!(w.code(&melding).await, ProblemCode::OpnieuwToetsen, "it was checked against the one before");
    melding.beleid = digest_of(&jws::unverified_payload::<Value>(&next).unwrap()).unwrap();
    w.aangenomen(&melding).await;
}
