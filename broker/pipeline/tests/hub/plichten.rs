//! Duties: followed until the message that meets them, within the terms of the covenant.

use inbreng_domain::{PersoonRef, antwoorden::Plichtstand, problem::ProblemCode};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::{
    effects::{medisch, toestemming},
    feiten::{intrekken, op_zaak},
    wereld::{Brief, Organisatie, Wereld, nu},
};

#[tokio::test]
async fn a_duty_is_followed_until_the_message_that_meets_it() {
    let w = Wereld::new().await;
    let (melding, casus) = w.melding();
    w.aangenomen(&melding).await;
    let [open] = w.hub.plichten(w.politie.oin).await.unwrap().plichten.try_into().unwrap();
    assert_eq!((open.soort.as_str().as_ref(), open.regel.nummer(), open.bericht), ("transparantiebericht", 32, melding.id));
    assert_eq!((open.stand, open.schuldenaar), (Plichtstand::Open, w.politie.oin));
    assert!(w.hub.plichten(w.vt.oin).await.unwrap().plichten.is_empty());
    assert_eq!(w.hub.status(w.politie.oin, melding.id).await.unwrap().plichten, std::slice::from_ref(&open));
    let tekst = serde_json::to_string(&open).unwrap();
    assert!(!tekst.contains(&melding.delen[0].betrokkenen[0].to_string()), "no person: {tekst}");

    let vertelt = |stand: &str, nummer: u32| {
        let mut verklaring = json!({"persoon": melding.delen[0].betrokkenen[0], "stand": stand, "volgnummer": nummer});
        if stand == "uitgesteld" {
            verklaring["opnieuwOp"] = json!("2026-12-20");
        }
        Brief::new(&w, &w.politie, "transparantiebericht").in_casus(casus).aan(&[&w.vt]).zegt(verklaring)
    };
    w.aangenomen(&vertelt("wordt-verteld", 1)).await;
    assert_eq!(w.hub.plichten(w.politie.oin).await.unwrap().plichten, std::slice::from_ref(&open));
    w.aangenomen(&vertelt("uitgesteld", 2)).await;
    let [uitgesteld] = w.hub.plichten(w.politie.oin).await.unwrap().plichten.try_into().unwrap();
    assert!(uitgesteld.uiterlijk > open.uiterlijk);
    w.clock.advance(time::Duration::days(40));
    assert_eq!(w.hub.plichten(w.politie.oin).await.unwrap().plichten[0].stand, Plichtstand::TeLaat);
    w.clock.advance(time::Duration::days(-40));
    let verteld = vertelt("verteld", 3);
    w.aangenomen(&verteld).await;
    assert!(w.hub.plichten(w.politie.oin).await.unwrap().plichten.is_empty());
    let [voldaan] = w.hub.status(w.politie.oin, melding.id).await.unwrap().plichten.try_into().unwrap();
    assert_eq!((voldaan.stand, voldaan.voldaan_door), (Plichtstand::Voldaan, Some(verteld.id)));

    // An embargo is to be looked at again, until that was done.
    for (n, actie, open) in [(1, "zetten", 1), (2, "verlengen", 1), (3, "opheffen", 0)] {
        w.aangenomen(&op_zaak(&w, casus, actie, n)).await;
        let plichten = w.hub.plichten(w.politie.oin).await.unwrap().plichten;
        assert_eq!(plichten.iter().filter(|p| p.soort.as_str() == "embargo-herzien").count(), open, "{actie}");
    }
}

/// Terms are those of the covenant: to stop, to deal with a misdelivery, to look at an embargo again.
#[tokio::test]
async fn terms_of_duties_are_those_of_the_covenant() {
    let strenger = "stoppen_werkdagen = 2\nmisplaatsing_werkdagen = 0\nembargo_herziening_dagen = 7";
    let mut termijnen = Vec::new();
    for w in [Wereld::new().await, Wereld::onder(strenger).await] {
        let (melding, casus) = w.melding();
        w.aangenomen(&melding).await;
        w.ontvangt(&w.vt).await;
        let gemeld = Brief::new(&w, &w.vt, "misplaatsing")
            .in_casus(casus)
            .zegt(json!({"bericht": melding.id, "delen": [melding.delen[0].id], "reden": "verkeerd-label"}));
        w.aangenomen(&gemeld).await;
        let vraag = w.vraag(casus, &w.ggz).await;
        let persoon = PersoonRef::mint(&SystemRandomness);
        w.aangenomen(&toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1)).await;
        w.aangenomen(&medisch(&w, casus, vraag, persoon)).await;
        w.ontvangt(&w.vt).await;
        w.aangenomen(&intrekken(&w, casus, persoon, 2)).await;
        let uiterlijk = async |van: &Organisatie, soort: &str| {
            let open = w.hub.plichten(van.oin).await.unwrap().plichten;
            open.iter().find(|p| p.soort.as_str() == soort).unwrap_or_else(|| panic!("{soort}")).uiterlijk
        };
        let stoppen = uiterlijk(&w.vt, "gebruik-staken").await;
        let misplaatsing = uiterlijk(&w.politie, "misplaatsing-afhandelen").await;
        let embargo = w.stuur(&op_zaak(&w, casus, "zetten", 1)).await.err().map(|fout| fout.code());
        termijnen.push((stoppen, misplaatsing, embargo));
    }
    let [(stoppen, misplaatsing, embargo), (eerder, meteen, te_laat)] = termijnen.try_into().unwrap();
    assert!(eerder < stoppen, "{eerder} {stoppen}");
    assert!(meteen < misplaatsing && meteen == nu(), "{meteen} {misplaatsing}");
    // It asks to be looked at after ten days.
    assert_eq!((embargo, te_laat), (None, Some(ProblemCode::VerklaringOngeldig)));
}
