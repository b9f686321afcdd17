//! Part of what a person wants to send may not go: the page says why before anything is sent, and the person decides on the rest.

use serde_json::{Value, json};

use super::{MEDISCH, gevraagd_door, personen, veld, verzoek};
use crate::regio::{Partner, Regio};

/// Three parts; what is medical may not go on consent that nobody knows of (R8).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_sends_what_may_go_after_reading_why_the_rest_may_not() {
    let regio = Regio::nieuw().await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = gevraagd_door(&vt, &regio, &verzoek(false)).await;
    let bericht = ggz.berichten(1).await.remove(0);
    let pad = format!("{bericht}/antwoord/informatie-antwoord");
    let vel = ggz.get(&pad).await;
    let wie = personen(&vel).remove(0);
    let (formulier, kenmerk) = (veld(&vel, "formulier"), veld(&vel, "kenmerk"));
    let velden = [
        ("formulier", formulier),
        ("kenmerk", kenmerk),
        ("antwoord", "deels-gedeeld"),
        ("deel.hulp", "ja"),
        ("over.hulp", &wie),
        ("grond.hulp", "wettelijke-taak"),
        ("doel.hulp", "beoordelen"),
        ("deel.hulp.vormen.0.soort", "Verzonnen gesprekken"),
        ("deel.hulp.vormen.0.stand", "loopt"),
        ("deel.hulp.bron.zekerheid", "feit"),
        ("deel.hulp.bron.functie", "behandelaar"),
        ("over.medisch", &wie),
        ("deel.risico", "ja"),
        ("over.risico", &wie),
        ("grond.risico", "wettelijke-taak"),
        ("doel.risico", "beoordelen"),
        ("deel.risico.ernst", "zorgelijk"),
        ("deel.risico.bron.zekerheid", "vermoeden"),
        ("deel.risico.bron.functie", "behandelaar"),
    ];
    let met = async |actie| ggz.post(&pad, &[velden.as_slice(), &MEDISCH, &[("actie", actie)]].concat()).await;

    // Sending stops at what may not go: why, what would be possible, and nothing has left.
    let geweigerd = met("stuur").await;
    assert_eq!(geweigerd.status, 200, "{}", geweigerd.tekst);
    for tekst in [
        "Medische gegevens: <strong>Geweigerd",
        "Hulp: <strong>Toegestaan",
        "Wel mogelijk:",
        "Er is nog niets verstuurd",
        "Versturen zonder wat niet mag",
        "Verzonnen gesprekken",
    ] {
        assert!(geweigerd.tekst.contains(tekst), "{tekst} in {}", geweigerd.tekst);
    }
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 0);

    // The person decides, by the button of that page; twice is once.
    for _ in 0..2 {
        let verstuurd = met("zonder").await;
        assert_eq!(verstuurd.status, 303, "{}", verstuurd.tekst);
        let uitslag = ggz.get(verstuurd.naar.as_deref().unwrap()).await;
        assert!(
            uitslag.tekst.contains("<h1>Verstuurd") && uitslag.tekst.contains("Deel 3: <strong>Geweigerd"),
            "{}",
            uitslag.tekst
        );
    }
    // What the page said beforehand is what was decided: the policy's sentence, and what would be possible.
    let uitslag = ggz.rest_get(&format!("/verzonden/inbox-{kenmerk}")).await;
    let besluiten = uitslag["besluiten"].as_array().unwrap();
    let nee: Vec<&Value> = besluiten.iter().filter(|b| b["stand"] == "geweigerd").collect();
    let [nee] = nee.as_slice() else { panic!("{uitslag}") };
    assert!(!nee["alternatieven"].as_array().unwrap().is_empty(), "{nee}");
    for zin in [&nee["zin"]].into_iter().chain(nee["alternatieven"].as_array().unwrap().iter().map(|a| &a["zin"])) {
        let zin = zin.as_str().unwrap().replace('"', "&quot;");
        assert!(zin.len() > 20 && geweigerd.tekst.contains(&zin), "{zin} in {}", geweigerd.tekst);
    }
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    vt.rust().await;
    assert_eq!(vt.systeem.aantal(), 1);
    // Exactly the two that may go, each view-only.
    let mut gelezen = Vec::new();
    for regel in binnen["alleen_inzage"].as_array().unwrap() {
        let pad = format!("/inzage/{}", regel["inzagenummer"].as_str().unwrap());
        let deel = vt.post(&pad, &json!({"functie": "gedragswetenschapper", "doel": "beoordelen"})).await;
        assert_eq!(deel.status, 200, "{deel:?}");
        gelezen.push(deel.json["inhoud"].clone());
    }
    assert_eq!(gelezen.len(), 2, "{binnen}");
    assert!(gelezen.iter().any(|i| i["vormen"][0]["soort"] == "Verzonnen gesprekken"), "{gelezen:?}");
    assert!(gelezen.iter().any(|i| i["ernst"] == "zorgelijk"), "{gelezen:?}");
    assert!(!binnen.to_string().contains("Verzonnen behandeling"), "{binnen}");
    regio.nergens("Verzonnen behandeling.");
    ggz.stoppen().await;
}
