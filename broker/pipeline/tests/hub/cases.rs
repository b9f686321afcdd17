//! Cases: who opens one, who takes part, and that an outsider learns nothing (R16, R17).

use inbreng_domain::{
    CasusRef, Opening,
    antwoorden::Berichttypen,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Deelname, Doel, Grondslag},
    zaak::Deelnemer,
};
use serde_json::json;

use crate::wereld::{Brief, Stuk, Wereld, brief::bytes};

#[tokio::test]
async fn a_report_opens_a_case_for_sender_and_recipient() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let stand = w.store.zaakstand(casus).await.unwrap();
    assert!(stand.bestaat);
    let wie: Vec<_> = stand.deelnemers.iter().map(|d| (d.partner, d.rol)).collect();
    assert_eq!(wie, [(w.politie.oin, Deelname::Ja), (w.vt.oin, Deelname::Ja)]);
}

#[tokio::test]
async fn who_received_the_report_answers_it_and_an_outsider_cannot() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let besluit = |van| {
        Brief::new(&w, van, "triagebesluit")
            .in_casus(casus)
            .antwoord(melding)
            .aan(&[&w.politie])
            .zegt(json!({"uitkomst": "directe-overdracht"}))
    };
    w.aangenomen(&besluit(&w.vt)).await;
    assert_eq!(w.postvak(&w.politie).await.len(), 1);
    assert_eq!(w.code(&besluit(&w.om)).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn only_its_minter_opens_a_case() {
    let w = Wereld::new().await;
    let (mut melding, casus) = w.melding();
    melding.opening = Some(Opening::from_bytes(bytes()));
    assert_eq!(w.code(&melding).await, ProblemCode::CasusOngeldig);
    // Someone else's nonce does not fit the own OIN.
    let (gelezen, _) = w.melding();
    let mut gekaapt = Brief::new(&w, &w.ggz, "zorgmelding").aan(&[&w.vt]).in_casus(casus).met(Stuk::new(
        Categorie::Hulp,
        Doel::Beoordelen,
        Grondslag::WettelijkeTaak,
        &[&w.vt],
    ));
    gekaapt.opening = gelezen.opening;
    assert_eq!(w.code(&gekaapt).await, ProblemCode::CasusOngeldig);
}

#[tokio::test]
async fn a_type_that_opens_nothing_takes_no_opening_and_a_case_is_needed() {
    let w = Wereld::new().await;
    let (_, melding) = w.zaak().await;
    let besluit = Brief::new(&w, &w.vt, "triagebesluit")
        .antwoord(melding)
        .aan(&[&w.politie])
        .zegt(json!({"uitkomst": "directe-overdracht"}));
    assert_eq!(w.code(&besluit).await, ProblemCode::CasusOngeldig);
    assert_eq!(w.code(&besluit.opent().0).await, ProblemCode::CasusOngeldig);
}

#[tokio::test]
async fn unknown_and_someone_elses_case_give_the_same_bytes_everywhere() {
    let w = Wereld::new().await;
    let (bestaand, melding) = w.zaak().await;
    let onbekend = CasusRef::from_bytes(bytes());
    let bladen = async || w.store.hoofd().await.unwrap().0;

    let mut antwoorden = Vec::new();
    for casus in [bestaand, onbekend] {
        let brief = Brief::new(&w, &w.ggz, "zorgmelding").in_casus(casus).aan(&[&w.vt]).met(Stuk::new(
            Categorie::Hulp,
            Doel::Beoordelen,
            Grondslag::WettelijkeTaak,
            &[&w.vt],
        ));
        let voor = bladen().await;
        let aannemen = w.geweigerd(&w.ggz, &brief.tekst()).await;
        let gegroeid = bladen().await - voor;
        let toets = crate::check::verzoek(&brief);
        let toetsen = w.hub.toetsen(w.ggz.oin, &toets).await.unwrap_err();
        assert_eq!(aannemen.code(), ProblemCode::NietToegestaan);
        antwoorden.push((
            serde_json::to_vec(&aannemen.problem()).unwrap(),
            serde_json::to_vec(&toetsen.problem()).unwrap(),
            gegroeid,
        ));
    }
    assert_eq!(antwoorden[0], antwoorden[1]);
    let zin = String::from_utf8(antwoorden[0].0.clone()).unwrap();
    assert!(zin.contains("Er is geen informatie beschikbaar.") && zin.contains("R16"), "{zin}");

    // Status and reading: another's message or part, and none.
    let geen = Brief::new(&w, &w.ggz, "zorgmelding").id;
    let status = async |id| serde_json::to_vec(&w.hub.status(w.ggz.oin, id).await.unwrap_err().problem()).unwrap();
    assert_eq!(status(melding).await, status(geen).await);
    let deel = w.postvak(&w.vt).await[0].bericht.data.delen[0].labels.id;
    let ander = Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[]).id;
    let inzage = async |deel| {
        let jws = crate::reading::verzoek(&w.ggz, deel, Doel::Beoordelen);
        serde_json::to_vec(&w.hub.inzage(w.ggz.oin, deel, &jws).await.unwrap_err().problem()).unwrap()
    };
    assert_eq!(inzage(deel).await, inzage(ander).await);
}

#[tokio::test]
async fn the_answer_to_an_outsider_does_not_depend_on_what_is_answered() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let geen = Brief::new(&w, &w.ggz, "zorgmelding").id;
    let mut antwoorden = Vec::new();
    for (casus, op) in [(casus, melding), (casus, geen), (CasusRef::from_bytes(bytes()), melding)] {
        let brief = Brief::new(&w, &w.wijkteam, "terugkoppeling")
            .in_casus(casus)
            .antwoord(op)
            .zegt(json!({"stand": "ontvangen", "op": "2026-11-22", "volgnummer": 1}));
        antwoorden.push(serde_json::to_vec(&w.geweigerd(&w.wijkteam, &brief.tekst()).await.problem()).unwrap());
    }
    assert!(antwoorden.iter().all(|a| *a == antwoorden[0]));
}

#[tokio::test]
async fn who_is_asked_takes_part_from_then_on() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let voor = w.store.zaakstand(casus).await.unwrap();
    assert!(!voor.deelnemers.iter().any(|d| d.partner == w.ggz.oin));
    w.vraag(casus, &w.ggz).await;
    let na = w.store.zaakstand(casus).await.unwrap();
    assert!(na.deelnemers.contains(&Deelnemer::doorlopend(w.ggz.oin, Deelname::Ja)));
    assert!(na.stand > voor.stand);
}

#[tokio::test]
async fn views_know_nothing_of_cases() {
    let w = Wereld::new().await;
    let voor = serde_json::to_string(&w.hub.partners()).unwrap();
    w.zaak().await;
    assert_eq!(serde_json::to_string(&w.hub.partners()).unwrap(), voor);
    let Berichttypen { berichttypen } = w.hub.berichttypen();
    assert!(berichttypen.iter().any(|t| t.nummer == 1 && t.van == ["politie"] && t.naar == ["veilig-thuis"]));
}

/// R39: advice without a name rests on no ground, leaves no case behind, and nobody links it to one: not when it is asked, not when it
/// is answered, not by a message about the same afterwards.
#[tokio::test]
async fn advice_without_a_name_belongs_to_no_case_then_or_later() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let anoniem = || {
        let mut brief = Brief::new(&w, &w.wijkteam, "advies-verzoek")
            .aan(&[&w.vt])
            .met(Stuk { betrokkenen: Vec::new(), ..Stuk::new(Categorie::Vraag, Doel::Beoordelen, Grondslag::Geen, &[&w.vt]) });
        brief.variant = Some("anoniem".parse().unwrap());
        brief
    };
    // Not in a case that stands, whoever takes part in it, and not in one that it would open.
    for van in [&w.wijkteam, &w.politie] {
        let in_zaak = Brief { van: van.clone(), ..anoniem() }.in_casus(casus);
        assert_eq!(w.code(&in_zaak).await, ProblemCode::CasusOngeldig);
    }
    assert_eq!(w.code(&anoniem().in_casus(CasusRef::from_bytes(bytes()))).await, ProblemCode::CasusOngeldig);
    let (opent, nieuw) = anoniem().opent();
    assert_eq!(w.code(&opent).await, ProblemCode::CasusOngeldig);
    assert!(!w.store.zaakstand(nieuw).await.unwrap().bestaat);

    // Without one it goes, on no ground.
    let vraag = anoniem();
    let antwoord = w.aangenomen(&vraag).await;
    assert_eq!(antwoord.besluiten[0].stand, Ontvangerstand::Toegestaan);
    let [levering] =
        w.ontvangt(&w.vt).await.into_iter().filter(|l| l.bericht.id == vraag.id).collect::<Vec<_>>().try_into().unwrap();
    let labels = &levering.bericht.data.delen[0].labels;
    assert_eq!((levering.bericht.subject, labels.casus, labels.betrokkenen.len()), (None, None, 0));
    assert_eq!(labels.grondslagen, [Grondslag::Geen]);

    // Its answer neither, and what is asked later about somebody is a matter of its own.
    let advies = || {
        let mut brief = Brief::new(&w, &w.vt, "advies").antwoord(vraag.id).aan(&[&w.wijkteam]).met(Stuk {
            betrokkenen: Vec::new(),
            ..Stuk::new(Categorie::Proces, Doel::Beoordelen, Grondslag::Geen, &[&w.wijkteam])
        });
        brief.variant = Some("anoniem".parse().unwrap());
        brief
    };
    assert_eq!(w.code(&advies().in_casus(casus)).await, ProblemCode::CasusOngeldig);
    w.aangenomen(&advies()).await;
    let later = Brief::new(&w, &w.vt, "advies").antwoord(vraag.id).in_casus(casus).aan(&[&w.wijkteam]).met(Stuk::new(
        Categorie::Proces,
        Doel::Beoordelen,
        Grondslag::Geen,
        &[&w.wijkteam],
    ));
    assert!(w.stuur(&later).await.is_err());
    let deelnemers = w.store.zaakstand(casus).await.unwrap().deelnemers;
    assert!(deelnemers.iter().all(|d| d.partner != w.wijkteam.oin), "who asked without a name has no place in a case by it");
}
