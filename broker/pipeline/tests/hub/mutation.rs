//! Hostile bytes: whatever is changed in a good message, it is refused, and nothing panics.

use inbreng_domain::problem::ProblemCode;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::Value;

use crate::wereld::Wereld;

/// Every text in a message, by its JSON Pointer.
fn teksten(value: &Value, pad: &str, alle: &mut Vec<String>) {
    match value {
        Value::Object(o) => o.iter().for_each(|(k, v)| teksten(v, &format!("{pad}/{k}"), alle)),
        Value::Array(a) => a.iter().enumerate().for_each(|(i, v)| teksten(v, &format!("{pad}/{i}"), alle)),
        Value::String(_) => alle.push(pad.to_owned()),
        _ => {}
    }
}

#[tokio::test]
async fn every_changed_text_of_a_signed_message_is_refused() {
    let w = Wereld::new().await;
    let goed = serde_json::to_value(w.melding().0.envelop()).unwrap();
    let mut alle = Vec::new();
    teksten(&goed, "", &mut alle);
    assert!(alle.len() > 40, "{}", alle.len());
    for pad in &alle {
        let lengte = goed.pointer(pad).and_then(Value::as_str).unwrap().len();
        // The name of the system in `source` is the one text that no signature covers; it is a code and says nothing.
        let plaatsen = if pad == "/source" { vec![0, 20] } else { vec![0, lengte / 2, lengte - 1] };
        for plaats in plaatsen {
            let mut veranderd = goed.clone();
            let Some(Value::String(text)) = veranderd.pointer_mut(pad) else { panic!("{pad}") };
            let oud = text.as_bytes()[plaats];
            let nieuw = if oud == b'A' { "B" } else { "A" };
            text.replace_range(plaats..=plaats, nieuw);
            let tekst = serde_json::to_vec(&veranderd).unwrap();
            let uitslag = w.hub.aannemen(w.politie.oin, &tekst).await;
            assert!(uitslag.is_err(), "{pad} at {plaats}");
        }
    }
    assert_eq!(w.hub.tellingen().await.unwrap().berichten, 0);
    // Unchanged it is still good.
    w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&goed).unwrap()).await.unwrap();
}

#[test]
fn no_bytes_make_the_hub_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let w = runtime.block_on(Wereld::new());
    let goed = w.melding().0.tekst();
    let van = w.politie.oin;
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let lengte = goed.len();
    let wijziging = vec((0..lengte, any::<u8>()), 1..4);
    runner
        .run(&(wijziging, 0..lengte, any::<bool>()), |(bytes, knip, afknippen)| {
            let mut tekst = goed.clone();
            for (plaats, byte) in bytes {
                tekst[plaats] = byte;
            }
            if afknippen {
                tekst.truncate(knip);
            }
            if tekst == goed {
                return Ok(());
            }
            let toets = runtime.block_on(w.hub.toetsen(van, &tekst));
            prop_assert!(toets.is_err());
            if let Err(fout) = runtime.block_on(w.hub.aannemen(van, &tekst)) {
                prop_assert!(fout.code() != ProblemCode::InterneFout, "{fout:?}");
            }
            Ok(())
        })
        .unwrap();
    // Only a change that means nothing (white space, another spelling of the same value) can have been accepted.
    let berichten = runtime.block_on(w.hub.tellingen()).unwrap().berichten;
    assert!(berichten <= 1);
}
