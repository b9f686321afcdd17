//! What messages change: consent (41), responsibility (21).

use inbreng_domain::{
    BerichtId, CasusRef, PersoonRef,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::{
    reading::verzoek,
    wereld::{Brief, Organisatie, Stuk, Wereld},
};

pub fn toestemming(w: &Wereld, van: &Organisatie, casus: CasusRef, persoon: PersoonRef, stand: &str, volgnummer: u32) -> Brief {
    Brief::new(w, van, "toestemming-gegeven").in_casus(casus).zegt(json!({
        "persoon": persoon, "leeftijdsgroep": "18+", "door": "betrokkene", "stand": stand, "eigenaar": w.ggz.oin,
        "ontvangers": [w.vt.oin], "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": volgnummer,
        "vanaf": "2026-11-21T09:00:00.000Z", "tot": "2027-11-21T09:00:00.000Z"
    }))
}

pub fn medisch(w: &Wereld, casus: CasusRef, vraag: BerichtId, persoon: PersoonRef) -> Brief {
    Brief::new(w, &w.ggz, "informatie-antwoord")
        .in_casus(casus)
        .antwoord(vraag)
        .zegt(json!({"antwoord": "gedeeld"}))
        .met(Stuk::new(Categorie::Medisch, Doel::Beoordelen, Grondslag::Toestemming, &[&w.vt]).over(persoon))
}

#[tokio::test]
async fn medical_information_passes_on_consent_of_this_person_alone() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let (persoon, ander) = (PersoonRef::mint(&SystemRandomness), PersoonRef::mint(&SystemRandomness));

    let fout = w.geweigerd(&w.ggz, &medisch(&w, casus, vraag, persoon).tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    assert_eq!(fout.besluiten()[0].stand, Ontvangerstand::Geweigerd);

    w.aangenomen(&toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1)).await;
    let voor = w.postvak(&w.vt).await.len();
    w.aangenomen(&medisch(&w, casus, vraag, persoon)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor + 1);
    assert_eq!(w.code(&medisch(&w, casus, vraag, ander)).await, ProblemCode::NietToegestaan);

    w.aangenomen(&toestemming(&w, &w.ggz, casus, persoon, "geweigerd", 2)).await;
    assert_eq!(w.code(&medisch(&w, casus, vraag, persoon)).await, ProblemCode::NietToegestaan);
    // An older number does not bring it back, and is not dropped in silence.
    for nummer in [1, 2] {
        assert_eq!(w.code(&toestemming(&w, &w.ggz, casus, persoon, "gegeven", nummer)).await, ProblemCode::VolgnummerBezet);
    }
    assert_eq!(w.code(&medisch(&w, casus, vraag, persoon)).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn a_yes_for_one_purpose_opens_nothing_for_another() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    w.aangenomen(&toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1)).await;
    let mut antwoord = medisch(&w, casus, vraag, persoon);
    antwoord.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&antwoord).await;

    let deel = antwoord.delen[0].id;
    w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap();
    // The type knows this purpose too; the person was not asked for it.
    let fout = w.hub.inzage(w.vt.oin, deel, &verzoek(&w.vt, deel, Doel::Analyse)).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn who_asks_does_not_vouch_for_its_own_consent() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    w.aangenomen(&toestemming(&w, &w.vt, casus, persoon, "gegeven", 1)).await;
    assert_eq!(w.code(&medisch(&w, casus, vraag, persoon)).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn a_message_to_the_hub_alone_is_accepted_and_delivered_to_nobody() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    let antwoord = w.aangenomen(&toestemming(&w, &w.vt, casus, persoon, "gegeven", 1)).await;
    assert!(antwoord.besluiten.is_empty());
    for wie in w.organisaties() {
        assert!(w.postvak(wie).await.is_empty());
    }
    let [toestemming] = w.store.zaakstand(casus).await.unwrap().toestemmingen.try_into().unwrap();
    assert_eq!((toestemming.persoon, toestemming.geregistreerd_door), (persoon, w.vt.oin));
}

#[tokio::test]
async fn an_outsider_registers_no_consent() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    assert_eq!(w.code(&toestemming(&w, &w.om, casus, persoon, "gegeven", 1)).await, ProblemCode::NietToegestaan);
    assert!(w.store.zaakstand(casus).await.unwrap().toestemmingen.is_empty());
}

#[tokio::test]
async fn a_period_that_ends_before_it_begins_is_refused() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let mut brief = toestemming(&w, &w.vt, casus, PersoonRef::mint(&SystemRandomness), "gegeven", 1);
    brief.verklaring["tot"] = json!("2026-11-20T09:00:00.000Z");
    assert_eq!(w.code(&brief).await, ProblemCode::VerklaringOngeldig);
}

fn acceptatie(w: &Wereld, casus: CasusRef) -> Brief {
    Brief::new(w, &w.wijkteam, "overdracht-acceptatie")
        .in_casus(casus)
        .aan(&[&w.vt])
        .zegt(json!({"functie": "gezinscoach", "eersteContactOp": "2026-11-26"}))
}

#[tokio::test]
async fn responsibility_moves_at_acceptance_and_not_at_sending() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let overdracht = Brief::new(&w, &w.vt, "overdracht").in_casus(casus).aan(&[&w.wijkteam]).met(Stuk::new(
        Categorie::Plan,
        Doel::HulpStarten,
        Grondslag::WettelijkeTaak,
        &[&w.wijkteam],
    ));
    w.aangenomen(&overdracht).await;
    assert_eq!(w.store.zaakstand(casus).await.unwrap().verantwoordelijk, None);

    // Without saying what it accepts, or accepting what it did not receive: no.
    assert_eq!(w.code(&acceptatie(&w, casus)).await, ProblemCode::VeldOngeldig);
    assert_eq!(w.code(&acceptatie(&w, casus).antwoord(melding)).await, ProblemCode::NietGelijk);
    assert_eq!(w.store.zaakstand(casus).await.unwrap().verantwoordelijk, None);

    w.aangenomen(&acceptatie(&w, casus).antwoord(overdracht.id)).await;
    assert_eq!(w.store.zaakstand(casus).await.unwrap().verantwoordelijk, Some(w.wijkteam.oin));

    // Once for each overdracht, and only from who is responsible.
    assert_eq!(w.code(&acceptatie(&w, casus).antwoord(overdracht.id)).await, ProblemCode::OverdrachtAfgerond);
    let stuk = Stuk::new(Categorie::Plan, Doel::HulpStarten, Grondslag::WettelijkeTaak, &[&w.wijkteam]);
    let nog_een = Brief::new(&w, &w.vt, "overdracht").in_casus(casus).aan(&[&w.wijkteam]).met(stuk);
    w.aangenomen(&nog_een).await;
    assert_eq!(w.code(&acceptatie(&w, casus).antwoord(nog_een.id)).await, ProblemCode::OverdrachtAfgerond);
}
