//! The page says what was told, shows whom a message reached, and stands by itself.

use serde_json::json;

use super::*;

fn told() -> Vec<Entry> {
    let event = |who: &str, what: &str, routes| Entry::Event {
        at: Duration::from_millis(1500),
        who: who.to_owned(),
        what: what.to_owned(),
        took: Duration::from_millis(20),
        routes,
    };
    let route = |to: &str, allowed, refused, held| Route { to: to.to_owned(), allowed, refused, held };
    vec![
        event("opbouw", "maakt certificaten", vec![]),
        Entry::Heading("Een <scène> & meer".to_owned()),
        event(
            "politie",
            "stuurt een melding",
            vec![route("00000001000000000030", true, false, false), route("00000001000000000020", false, true, false)],
        ),
        Entry::Because { outcome: "geweigerd".to_owned(), rules: "R8".to_owned(), sentence: "Dat mag <niet>.".to_owned() },
        event("veilig-thuis", "leest", vec![]),
        Entry::Verdict { held: true, claim: "De melding kwam aan.".to_owned() },
        Entry::Heading("Zonder inhoud".to_owned()),
    ]
}

fn made() -> String {
    let balance = Balance {
        tellingen: json!({"berichten": 7, "leveringen": 5, "bladen": 30, "besluiten": {"toestaan": 4}, "weigeringen": {"R8": 1}}),
        gestuurd: 3,
        van_partners: 6,
        bij_partners: 5,
        ontvangsten: 5,
        verteld: Counted::default(),
        kanaries: 12,
        fouten: vec![],
    };
    let verdicts = [Verdict { naam: "een".to_owned(), fout: None, duur: Duration::from_secs(2), gestuurd: 3 }];
    page(
        &Night {
            when: "2026-11-22T03:00:00Z",
            took: Duration::from_millis(8100),
            verdicts: &verdicts,
            balance: &balance,
            ok: true,
        },
        &told(),
    )
}

#[test]
fn the_page_tells_the_story_with_reasons_and_counts() {
    let page = made();
    for part in ["Politie Voorbeeldregio", "stuurt een melding", "Dat mag &lt;niet&gt;.", "R8", "De melding kwam aan.", "8,1 s"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("Een &lt;scène&gt; &amp; meer") && !page.contains("<scène>"), "text is text");
    assert!(!page.contains("Zonder inhoud"), "a heading with nothing below it is no section");
}

#[test]
fn the_picture_draws_what_went_through_and_what_was_stopped() {
    let page = made();
    assert_eq!(page.matches("<svg").count(), 1, "only a scene in which something was sent");
    assert_eq!(page.matches("class=\"line allowed\"").count(), 1);
    assert_eq!(page.matches("class=\"line stopped\"").count(), 1);
    assert_eq!(page.matches("class=\"refused\"").count(), 1);
    assert_eq!(page.matches("class=\"lane hub\"").count(), 1);
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let page = made().replace("http://www.w3.org/2000/svg", "");
    for foreign in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}
