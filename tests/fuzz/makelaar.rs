//! What is fuzzed of a broker: whatever it gives a hub, whoever put it there. Nothing of it is more than a hint to look in the store, or
//! something that another process used up.

use inbreng_api::drempels::{Drempels, Maten, Verbruik};
use inbreng_bus::amqp::bericht::{Gelezen, MEESTE, Roep, horen, lezen};
use inbreng_domain::Oin;
use serde_json::Value;

/// Who this process is.
const ZELF: &str = "dit-proces";

/// A message at the broker as bytes: its kind and the name of its sender on the first line, each absent where it is `-`, the body behind
/// it. What is understood is what stands there.
pub fn busbericht(bytes: &[u8]) {
    let plaats = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
    let (kop, inhoud) = bytes.split_at(plaats);
    let inhoud = inhoud.strip_prefix(b"\n").unwrap_or(inhoud);
    let kop = String::from_utf8_lossy(kop);
    let mut woorden = kop.split(' ').map(|w| Some(w).filter(|w| *w != "-"));
    let (soort, van) = (woorden.next().flatten(), woorden.next().flatten());
    if let Some(Gelezen::Werk(ontvanger)) = lezen(soort, inhoud) {
        let teken: Value = serde_json::from_slice(inhoud).expect("what was read is JSON");
        let velden = teken.as_object().expect("an object");
        assert!(velden.len() == 2 && inhoud.len() <= MEESTE, "{teken}");
        assert_eq!(velden.get("ontvanger").and_then(Value::as_str), Some(&*ontvanger.to_string()));
    }
    let Some((wie, roep)) = horen(ZELF, van, soort, inhoud.to_vec()) else { return };
    assert!(wie != ZELF && van == Some(wie.as_str()), "{wie}");
    match roep {
        Roep::Hier => {}
        Roep::Wek(ontvangers) => {
            assert!(inhoud.len() <= MEESTE);
            let gezegd: Vec<Oin> = serde_json::from_slice(inhoud).expect("what was heard is a list");
            assert_eq!(ontvangers, gezegd);
        }
        Roep::Omroep(gehoord) => {
            assert!(gehoord == inhoud && gehoord.len() <= MEESTE);
            if let Ok(verbruik) = serde_json::from_slice::<Vec<Verbruik>>(&gehoord) {
                verbruikt(&verbruik);
            }
        }
    }
}

/// What others are said to have used up is no miss here: who did not guess is not told to wait as one who did.
fn verbruikt(verbruik: &[Verbruik]) {
    let drempels = Drempels::gedeeld(Maten::default());
    drempels.elders(verbruik);
    drempels.aflossen();
    for Verbruik { partner, .. } in verbruik.iter().take(64) {
        assert!(drempels.gemist(*partner).is_ok(), "{partner} is taken for one who guessed");
    }
    assert!(drempels.verbruik().is_empty(), "what was heard is told on");
}
