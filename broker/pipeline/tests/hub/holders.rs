//! Messages about a part: to its owner, to who got it, and to nobody else (R1, R3, R4, R31); and the one question that
//! leaves a case (R16).

use inbreng_domain::{
    CasusRef, DeelId,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_proof::SystemRandomness;
use serde_json::json;

use crate::wereld::{Brief, Organisatie, Stuk, Wereld, brief::bytes, nu};

/// A case in which Veilig Thuis and the GGZ take part, with the report of the police to Veilig Thuis alone.
async fn zaak(w: &Wereld) -> (CasusRef, Brief) {
    let (melding, casus) = w.melding();
    w.aangenomen(&melding).await;
    w.vraag(casus, &w.ggz).await;
    (casus, melding)
}

fn rectificatie(w: &Wereld, van: &Organisatie, casus: CasusRef, over: (&Brief, DeelId), naar: &[&Organisatie]) -> Brief {
    Brief::new(w, van, "rectificatie")
        .in_casus(casus)
        .aan(naar)
        .zegt(json!({"bericht": over.0.id, "deel": over.1, "soort": "verbeterd"}))
        .met(Stuk::new(Categorie::Incident, Doel::Verantwoording, Grondslag::WettelijkeTaak, naar))
}

#[tokio::test]
async fn a_correction_reaches_who_got_the_part_and_nobody_else() {
    let w = Wereld::new().await;
    let (casus, melding) = zaak(&w).await;
    let deel = melding.delen[0].id;
    // It has the old version: one that still waits would lapse now.
    w.ontvangt(&w.vt).await;
    let voor = w.postvak(&w.vt).await.len();

    // The ground would carry it, and the GGZ takes part: but it never got this part.
    let te_ver = rectificatie(&w, &w.politie, casus, (&melding, deel), &[&w.vt, &w.ggz]);
    assert_eq!(w.code(&te_ver).await, ProblemCode::NietGelijk);
    // Nor does who is no owner correct it, nor does an unknown part, nor another message.
    assert_eq!(w.code(&rectificatie(&w, &w.vt, casus, (&melding, deel), &[&w.politie])).await, ProblemCode::NietGelijk);
    let onbekend = DeelId::mint(nu(), &SystemRandomness);
    assert_eq!(w.code(&rectificatie(&w, &w.politie, casus, (&melding, onbekend), &[&w.vt])).await, ProblemCode::NietGelijk);
    let (ander, _) = w.melding();
    assert_eq!(w.code(&rectificatie(&w, &w.politie, casus, (&ander, deel), &[&w.vt])).await, ProblemCode::NietGelijk);
    // A correction is of the category of what it corrects.
    let mut anders = rectificatie(&w, &w.politie, casus, (&melding, deel), &[&w.vt]);
    anders.delen[0].categorie = Categorie::Straf;
    assert_eq!(w.code(&anders).await, ProblemCode::NietGelijk);
    assert_eq!(w.postvak(&w.vt).await.len(), voor);

    w.aangenomen(&rectificatie(&w, &w.politie, casus, (&melding, deel), &[&w.vt])).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor + 1);
}

#[tokio::test]
async fn an_owner_who_left_the_case_still_corrects_and_takes_back_what_it_brought_in_and_nothing_else() {
    let w = Wereld::new().await;
    let (casus, melding) = zaak(&w).await;
    let deel = melding.delen[0].id;
    let weg = json!({"partner": w.politie.oin, "actie": "beeindigen", "volgnummer": 1});
    w.aangenomen(&Brief::new(&w, &w.vt, "deelname").in_casus(casus).zegt(weg)).await;
    let nog_een = Brief::new(&w, &w.politie, "incidentmelding").in_casus(casus).aan(&[&w.vt]).met(Stuk::new(
        Categorie::Incident,
        Doel::Beoordelen,
        Grondslag::WettelijkeTaak,
        &[&w.vt],
    ));
    assert_eq!(w.code(&nog_een).await, ProblemCode::NietToegestaan, "an outsider now");
    let intrekken = |over: &Brief, van: &Organisatie| {
        Brief::new(&w, van, "intrekking").in_casus(casus).aan(&[&w.vt]).zegt(json!({"bericht": over.id, "reden": "onjuist"}))
    };
    // Not of another's part, nor of what it never sent, nor in another case.
    let (ander, elders) = w.melding();
    w.aangenomen(&ander).await;
    assert_eq!(w.code(&intrekken(&melding, &w.om)).await, ProblemCode::NietToegestaan);
    assert_eq!(w.code(&intrekken(&nog_een, &w.politie)).await, ProblemCode::NietToegestaan);
    assert_eq!(w.code(&intrekken(&ander, &w.politie)).await, ProblemCode::NietToegestaan);
    assert_ne!(elders, casus);

    w.ontvangt(&w.vt).await;
    let voor = w.postvak(&w.vt).await.len();
    w.aangenomen(&rectificatie(&w, &w.politie, casus, (&melding, deel), &[&w.vt])).await;
    w.aangenomen(&intrekken(&melding, &w.politie)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor + 2);
    assert_eq!(w.code(&nog_een).await, ProblemCode::NietToegestaan, "it takes no part by that");
}

#[tokio::test]
async fn who_got_a_part_is_still_known_when_its_content_has_left() {
    let w = Wereld::new().await;
    let (casus, melding) = zaak(&w).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&rectificatie(&w, &w.politie, casus, (&melding, melding.delen[0].id), &[&w.vt])).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
}

#[tokio::test]
async fn a_withdrawal_without_addressees_goes_to_all_who_got_the_message() {
    let w = Wereld::new().await;
    let (casus, melding) = zaak(&w).await;
    w.ontvangt(&w.vt).await;
    let (vt, ggz) = (w.postvak(&w.vt).await.len(), w.postvak(&w.ggz).await.len());
    let intrekking = |van: &Organisatie| {
        Brief::new(&w, van, "intrekking").in_casus(casus).zegt(json!({"bericht": melding.id, "reden": "onjuist"}))
    };
    assert_eq!(w.code(&intrekking(&w.ggz)).await, ProblemCode::NietGelijk);
    w.aangenomen(&intrekking(&w.politie)).await;
    assert_eq!((w.postvak(&w.vt).await.len(), w.postvak(&w.ggz).await.len()), (vt + 1, ggz));
}

#[tokio::test]
async fn a_request_about_a_part_goes_from_who_got_it_to_its_owner() {
    let w = Wereld::new().await;
    let (casus, melding) = zaak(&w).await;
    let verzoek = |van: &Organisatie, aan: &[&Organisatie]| {
        Brief::new(&w, van, "dossier-verzoek")
            .in_casus(casus)
            .aan(aan)
            .zegt(json!({"bericht": melding.id, "delen": [melding.delen[0].id]}))
    };
    let voor = w.postvak(&w.politie).await.len();
    // Who did not get it learns nothing by asking, and nobody else is asked.
    assert_eq!(w.code(&verzoek(&w.ggz, &[&w.politie])).await, ProblemCode::NietGelijk);
    assert_eq!(w.code(&verzoek(&w.vt, &[&w.ggz])).await, ProblemCode::NietGelijk);
    let gevraagd = verzoek(&w.vt, &[]);
    w.aangenomen(&gevraagd).await;
    assert_eq!(w.postvak(&w.politie).await.len(), voor + 1);

    let besluit = Brief::new(&w, &w.politie, "eigenaar-besluit")
        .in_casus(casus)
        .antwoord(gevraagd.id)
        .zegt(json!({"besluit": "ja", "volgnummer": 1}));
    let voor = w.postvak(&w.vt).await.len();
    w.aangenomen(&besluit).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor + 1);
}

#[tokio::test]
async fn a_reference_to_another_case_finds_nothing() {
    let w = Wereld::new().await;
    let (_, melding) = zaak(&w).await;
    let (tweede, casus) = w.melding();
    w.aangenomen(&tweede).await;
    let intrekking =
        Brief::new(&w, &w.politie, "intrekking").in_casus(casus).zegt(json!({"bericht": melding.id, "reden": "onjuist"}));
    assert_eq!(w.code(&intrekking).await, ProblemCode::NietGelijk);
}

fn bekend(w: &Wereld, van: &Organisatie, casus: CasusRef, aan: &Organisatie) -> Brief {
    Brief::new(w, van, "bekendheidsvraag").in_casus(casus).aan(&[aan]).met(Stuk::new(
        Categorie::Persoon,
        Doel::Analyse,
        Grondslag::WettelijkeTaak,
        &[aan],
    ))
}

fn antwoord(w: &Wereld, van: &Organisatie, vraag: &Brief, aan: &Organisatie) -> Brief {
    Brief::new(w, van, "bekendheidsantwoord").in_casus(vraag.casus.unwrap()).antwoord(vraag.id).met(Stuk::new(
        Categorie::Status,
        Doel::Analyse,
        Grondslag::WettelijkeTaak,
        &[aan],
    ))
}

#[tokio::test]
async fn who_is_asked_from_outside_answers_that_and_nothing_else() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = bekend(&w, &w.vt, casus, &w.ggz);
    w.aangenomen(&vraag).await;
    assert_eq!(w.postvak(&w.ggz).await.len(), 1);
    // Being asked makes nobody a participant.
    assert!(w.store.zaakstand(casus).await.unwrap().deelnemers.iter().all(|d| d.partner != w.ggz.oin));

    let voor = w.postvak(&w.vt).await.len();
    w.aangenomen(&antwoord(&w, &w.ggz, &vraag, &w.vt)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), voor + 1);
    // Any other type of the same partner meets the wall.
    let meer = Brief::new(&w, &w.ggz, "veiligheidssignaal").in_casus(casus).aan(&[&w.vt]).met(Stuk::new(
        Categorie::Risico,
        Doel::Plan,
        Grondslag::WettelijkeTaak,
        &[&w.vt],
    ));
    assert_eq!(w.code(&meer).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn who_was_not_asked_gets_the_answer_for_an_unknown_case() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let vraag = bekend(&w, &w.vt, casus, &w.ggz);
    w.aangenomen(&vraag).await;
    let gegokt = antwoord(&w, &w.om, &vraag, &w.vt);
    let mut nergens = gegokt.clone();
    nergens.casus = Some(CasusRef::from_bytes(bytes()));
    let mut geweigerd = Vec::new();
    for brief in [&gegokt, &nergens] {
        let fout = w.geweigerd(&w.om, &brief.tekst()).await;
        assert_eq!(fout.code(), ProblemCode::NietToegestaan);
        geweigerd.push(serde_json::to_string(fout.besluiten()).unwrap());
    }
    assert_eq!(geweigerd[0], geweigerd[1]);
}

#[tokio::test]
async fn no_partner_speaks_for_the_hub() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let escalatie = Brief::new(&w, &w.vt, "termijn-escalatie")
        .in_casus(casus)
        .aan(&[&w.politie])
        .zegt(json!({"bericht": melding, "trede": "teamleiding", "percentage": 100}));
    let fout = w.geweigerd(&w.vt, &escalatie.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
}

/// What has no case is taken back without one (R27, R31): what waits is not handed out, its holder is told, and nobody else can.
#[tokio::test]
async fn what_has_no_case_is_taken_back_and_corrected_without_one() {
    let w = Wereld::new().await;
    let stuk = || Stuk::new(Categorie::Kind, Doel::KindSteunen, Grondslag::ZonderToestemming, &[&w.school]);
    let hwc = || Brief::new(&w, &w.politie, "handle-with-care").aan(&[&w.school]).met(stuk());
    let intrekken =
        |van: &Organisatie, over: &Brief| Brief::new(&w, van, "intrekking").zegt(json!({"bericht": over.id, "reden": "onjuist"}));
    let (gekregen, wacht, blijft) = (hwc(), hwc(), hwc());
    w.aangenomen(&gekregen).await;
    w.ontvangt(&w.school).await;
    w.aangenomen(&wacht).await;
    w.aangenomen(&blijft).await;
    // Not by another, not of what was never sent, and not of a message in a case.
    assert_eq!(w.code(&intrekken(&w.vt, &gekregen)).await, ProblemCode::CasusOngeldig);
    assert_eq!(w.code(&intrekken(&w.politie, &hwc())).await, ProblemCode::CasusOngeldig);
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    assert_eq!(w.code(&intrekken(&w.politie, &melding)).await, ProblemCode::CasusOngeldig);

    for over in [&gekregen, &wacht] {
        w.aangenomen(&intrekken(&w.politie, over)).await;
    }
    let leveringen = w.ontvangt(&w.school).await;
    let soorten: Vec<String> = leveringen.iter().map(|l| l.bericht.berichttype.naam().to_string()).collect();
    assert_eq!(soorten.iter().filter(|s| *s == "intrekking").count(), 2, "{soorten:?}");
    assert!(leveringen.iter().all(|l| l.bericht.id != wacht.id), "in force at once for what was not delivered yet");
    assert!(leveringen.iter().any(|l| l.bericht.id == blijft.id), "another message of the same sender");
    // Again: the number of each statement is its own.
    w.aangenomen(&intrekken(&w.politie, &wacht)).await;
    // A correction has room for more than the one sentence: it is taken back and sent anew.
    let verbeterd = Brief::new(&w, &w.politie, "rectificatie")
        .aan(&[&w.school])
        .zegt(json!({"bericht": blijft.id, "deel": blijft.delen[0].id, "soort": "verbeterd"}))
        .met(Stuk::new(Categorie::Kind, Doel::Verantwoording, Grondslag::WettelijkeTaak, &[&w.school]));
    assert_eq!(w.code(&verbeterd).await, ProblemCode::NietToegestaan);

    // What may only be viewed is not read any more.
    let mut ruimte = Stuk::new(Categorie::Capaciteit, Doel::HulpStarten, Grondslag::Geen, &[&w.wijkteam]).alleen_inzien();
    ruimte.betrokkenen = Vec::new();
    let deel = ruimte.id;
    let capaciteit =
        Brief::new(&w, &w.ggz, "capaciteitsbericht").aan(&[&w.wijkteam]).zegt(json!({"peildatum": "2026-11-20"})).met(ruimte);
    w.aangenomen(&capaciteit).await;
    w.ontvangt(&w.wijkteam).await;
    let verzoek = || crate::reading::verzoek(&w.wijkteam, deel, Doel::HulpStarten);
    w.hub.inzage(w.wijkteam.oin, deel, &verzoek()).await.unwrap();
    w.aangenomen(&intrekken(&w.ggz, &capaciteit)).await;
    assert_eq!(w.hub.inzage(w.wijkteam.oin, deel, &verzoek()).await.unwrap_err().code(), ProblemCode::NietToegestaan);
}
