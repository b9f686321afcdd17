//! Consent for a child: who may give it and take it back, and what becomes of it when the child comes of age (R26).

use inbreng_domain::{
    PersoonRef,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag, Leeftijdsgroep},
};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::{
    effects::{medisch, toestemming},
    feiten::intrekken,
    wereld::{Brief, Stuk, Wereld},
};

#[tokio::test]
async fn consent_by_another_than_who_may_give_it_carries_nothing() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    // Stated as a child of under twelve, for whom another consents; the part says that it is about an adult (R26).
    let mut ja = toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1);
    ja.verklaring["leeftijdsgroep"] = json!("0-11");
    ja.verklaring["door"] = json!("gezaghebbende");
    ja.verklaring["gezag"] = json!("alle-gezagsdragers");
    w.aangenomen(&ja).await;
    let fout = w.geweigerd(&w.ggz, &medisch(&w, casus, vraag, persoon).tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    assert!(fout.besluiten()[0].zin.contains("achttien geworden"), "{:?}", fout.besluiten());
    w.aangenomen(&toestemming(&w, &w.ggz, casus, persoon, "gegeven", 2)).await;
    w.aangenomen(&medisch(&w, casus, vraag, persoon)).await;
}

/// A parent who is suspected in the case can neither give nor refuse nor withdraw alone what is said for the child; the other can.
#[tokio::test]
async fn a_suspected_parent_alone_decides_nothing_for_the_child() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let kind = PersoonRef::mint(&SystemRandomness);
    let zegt = |mut brief: Brief, gezag: &str| {
        brief.verklaring["leeftijdsgroep"] = json!("0-11");
        brief.verklaring["door"] = json!("gezaghebbende");
        brief.verklaring["gezag"] = json!(gezag);
        brief.verklaring["incidentOp"] = json!("2026-11-18");
        brief
    };
    let gegeven = |stand, nummer, gezag| zegt(toestemming(&w, &w.ggz, casus, kind, stand, nummer), gezag);
    let over_het_kind = || {
        let mut brief = medisch(&w, casus, vraag, kind);
        brief.delen[0].leeftijd = Leeftijdsgroep::Tot12;
        brief
    };
    w.aangenomen(&gegeven("gegeven", 1, "alleen-verdachte")).await;
    assert_eq!(w.code(&over_het_kind()).await, ProblemCode::NietToegestaan);
    w.aangenomen(&gegeven("gegeven", 2, "zonder-verdachte")).await;
    w.aangenomen(&over_het_kind()).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&gegeven("geweigerd", 3, "alleen-verdachte")).await;
    w.aangenomen(&over_het_kind()).await;
    w.ontvangt(&w.vt).await;
    // Nobody is told to stop, and the next part goes.
    let voor = w.postvak(&w.vt).await.len();
    w.aangenomen(&zegt(intrekken(&w, casus, kind, 4), "alleen-verdachte")).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor);
    w.aangenomen(&over_het_kind()).await;
    w.ontvangt(&w.vt).await;
    // The other parent can.
    w.aangenomen(&zegt(intrekken(&w, casus, kind, 5), "zonder-verdachte")).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 1, "who has it is told");
    assert_eq!(w.code(&over_het_kind()).await, ProblemCode::NietToegestaan);
    // A role in an incident that is yet to come is none.
    let mut straks = gegeven("gegeven", 6, "zonder-verdachte");
    straks.verklaring["incidentOp"] = json!("2030-01-01");
    assert_eq!(w.code(&straks).await, ProblemCode::VerklaringOngeldig);
}

/// Another ground carries a part about who came of age since its parents said yes: its owner asks again and prepares the transfer, until
/// that is sent (R26).
#[tokio::test]
async fn who_came_of_age_is_handed_over_anew() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    let mut toen = toestemming(&w, &w.vt, casus, persoon, "gegeven", 1);
    for (lid, waarde) in [
        ("leeftijdsgroep", json!("12-15")),
        ("door", json!("betrokkene-en-gezaghebbende")),
        ("gezag", json!("alle-gezagsdragers")),
        ("eigenaar", json!(w.vt.oin)),
        ("ontvangers", json!([w.wijkteam.oin])),
        ("categorieen", json!(["hulp"])),
        ("doelen", json!(["hulp-starten"])),
    ] {
        toen.verklaring[lid] = waarde;
    }
    w.aangenomen(&toen).await;
    let overdracht = |variant: &str| {
        let stuk = Stuk::new(Categorie::Hulp, Doel::HulpStarten, Grondslag::WettelijkeTaak, &[&w.wijkteam]).over(persoon);
        let mut brief = Brief::new(&w, &w.vt, "overdracht").in_casus(casus).aan(&[&w.wijkteam]).met(stuk);
        brief.variant = Some(variant.parse().unwrap());
        brief
    };
    let open = async || {
        let plichten = w.hub.plichten(w.vt.oin).await.unwrap().plichten;
        plichten.iter().filter(|p| p.soort.as_str() == "overdracht-18-plus").count()
    };
    let mut als_kind = overdracht("direct");
    als_kind.delen[0].leeftijd = Leeftijdsgroep::Van12Tot16;
    w.aangenomen(&als_kind).await;
    assert_eq!(open().await, 0, "not of age yet");
    w.aangenomen(&overdracht("direct")).await;
    assert_eq!(open().await, 1);
    w.aangenomen(&overdracht("18-plus")).await;
    assert_eq!(open().await, 0, "the transfer itself meets it, and brings none");
}
