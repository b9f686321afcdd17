//! What the own system does not take: refused in the end under our signature, told to a human, in nobody's way.

use serde_json::{Value, json};

use crate::regio::{Draaiend, Partner, Regio, fixture};

const PAD: &str = "/mutaties/huiselijk-geweld";

/// A report in the household of the first, under a number of its own.
fn mutatie(nummer: &str, huishouden: &str, toedracht: &str) -> Value {
    let mut mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    mutatie["registratienummer"] = json!(nummer);
    mutatie["huishoudnummer"] = json!(huishouden);
    mutatie["toedracht"] = json!(toedracht);
    mutatie
}

async fn alarm(bij: &Draaiend, soort: &str) -> Value {
    let is = |g: &Value| g["alarmen"].as_array().unwrap().iter().any(|a| a["soort"] == soort);
    let gezondheid = bij.tot("/gezondheid", is).await;
    gezondheid["alarmen"].as_array().unwrap().iter().find(|a| a["soort"] == soort).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_own_system_never_takes_is_refused_and_holds_nobody_up() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    vt.systeem.weigert("past-niet", 422);
    vt.systeem.weigert("nu-even-niet", 503);
    for (nummer, huishouden, toedracht) in [
        ("PL-1", "H-1", "Dit past-niet in het dossier."),
        ("PL-2", "H-1", "Er was opnieuw ruzie."),
        ("PL-3", "H-2", "Dit kan nu-even-niet."),
        ("PL-4", "H-3", "Buren hoorden lawaai."),
    ] {
        let antwoord = politie.post(&format!("{PAD}?wacht=20"), &mutatie(nummer, huishouden, toedracht)).await;
        assert_eq!(antwoord.status, 202, "{antwoord:?}");
    }
    // The other case goes first, the second message of the first case once the first is refused.
    let mut gekomen = Vec::new();
    for _ in 0..2 {
        gekomen.push(vt.systeem.ontvangt("/meldingen/politie").await["incident"][0]["kenmerk_politie"].clone());
    }
    gekomen.sort_by_key(Value::to_string);
    assert_eq!(gekomen, [json!("PL-2"), json!("PL-4")]);
    let status = politie.tot("/verzonden/PL-1", |s| s["ontvangers"][0]["status"]["stand"] == "geweigerd").await;
    assert_eq!(status["ontvangers"][0]["status"]["weigering"], "niet-verwerkt");
    let bij_ontvanger = alarm(&vt, "levering-niet-verwerkt").await;
    assert!(bij_ontvanger["uitleg"].as_str().unwrap().contains("incidentmelding"), "{bij_ontvanger}");
    // A human at the sender is told as well: who refused, and why.
    let bij_afzender = alarm(&politie, "levering-geweigerd-door-ontvanger").await;
    let uitleg = bij_afzender["uitleg"].as_str().unwrap();
    assert!(uitleg.contains("Veilig Thuis Voorbeeldregio") && uitleg.contains("niet-verwerkt"), "{uitleg}");
    for alarm in [bij_ontvanger, bij_afzender] {
        assert!(!alarm.to_string().contains("Olijf") && !alarm.to_string().contains("past-niet"), "{alarm}");
    }
    // A system that is down is asked again without end.
    let gevraagd = vt.systeem.geweigerd();
    let tot = std::time::Instant::now() + std::time::Duration::from_secs(180);
    while vt.systeem.geweigerd() < gevraagd + 2 && std::time::Instant::now() < tot {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    vt.systeem.weigert("nu-even-niet", 0);
    assert_eq!(vt.systeem.ontvangt("/meldingen/politie").await["incident"][0]["kenmerk_politie"], "PL-3");
    vt.rust().await;
    assert_eq!(
        politie.tot("/verzonden/PL-3", |s| s["ontvangers"][0]["status"]["ontvangenOp"].is_string()).await["stand"],
        "bevestigd"
    );
}

/// A citizen service number or a postcode in free text: nothing is sealed, sent or kept until the caller looked, and stands by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_in_free_text_is_asked_about_before_anything_is_sealed() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let melding = mutatie("PL-1", "H-1", "De man toonde een pas met nummer 123456782.");
    let gevraagd = politie.post(&format!("{PAD}?wacht=20"), &melding).await;
    assert_eq!((gevraagd.status, gevraagd.json["code"].as_str()), (409, Some("waarschuwing-bevestigen")), "{gevraagd:?}");
    let detail = gevraagd.json["detail"].as_str().unwrap();
    assert!(detail.contains("burgerservicenummer") && !detail.contains("123456782"), "{detail}");
    assert_eq!(politie.get("/verzonden/PL-1").await.status, 404);
    assert_eq!(politie.get("/gezondheid").await.json["teVersturen"], 0);
    // Asking whether it may shows the same, and takes nothing either.
    let vraag = politie.post(&format!("/toets{PAD}"), &melding).await;
    assert!(vraag.json["waarschuwingen"].to_string().contains("burgerservicenummer"), "{vraag:?}");
    // A postcode alone is asked about in the same way.
    let met_postcode = mutatie("PL-2", "H-2", "Het gebeurde bij 1012 AB, aan de achterkant.");
    let gevraagd = politie.post(&format!("{PAD}?wacht=20"), &met_postcode).await;
    assert_eq!((gevraagd.status, gevraagd.json["code"].as_str()), (409, Some("waarschuwing-bevestigen")), "{gevraagd:?}");
    let detail = gevraagd.json["detail"].as_str().unwrap();
    assert!(detail.contains("postcode") && !detail.contains("1012") && !detail.contains("burgerservicenummer"), "{detail}");
    assert_eq!(politie.get("/verzonden/PL-2").await.status, 404);
    assert_eq!(politie.get("/gezondheid").await.json["teVersturen"], 0);
    assert_eq!(politie.post(&format!("{PAD}?waarschuwingen=ja"), &melding).await.status, 400);
    assert_eq!(vt.systeem.aantal(), 0);

    let bevestigd = politie.post(&format!("{PAD}?wacht=20&waarschuwingen=gezien"), &melding).await;
    assert_eq!(bevestigd.status, 202, "{bevestigd:?}");
    assert!(bevestigd.json["waarschuwingen"].to_string().contains("burgerservicenummer"), "{bevestigd:?}");
    assert_eq!(vt.systeem.ontvangt("/meldingen/politie").await["incident"][0]["kenmerk_politie"], "PL-1");
    // The same again, without the word: it was taken before, and is the same message.
    assert_eq!(politie.post(PAD, &melding).await.status, 202);
}
