//! Who got what its owner took back or corrected (46, 47): it is told, also where it only fetches, whomever the owner named; and it is
//! followed until a human there has read it (R1, R31).

use inbreng_domain::{
    Code, Oin,
    antwoorden::{Plichtregel, Plichtstand},
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use serde_json::json;

use crate::{
    eigenaar::{van, zaak},
    feiten::op_zaak,
    terugval::leest,
    wereld::{Brief, Organisatie, Stuk, Wereld},
};

fn staken(plichten: Vec<Plichtregel>) -> Vec<(Oin, Plichtstand)> {
    let mut alle: Vec<_> = plichten
        .into_iter()
        .filter(|p| p.soort == Code::parse("gebruik-staken").unwrap())
        .map(|p| (p.schuldenaar, p.stand))
        .collect();
    alle.sort_by_key(|(oin, _)| *oin);
    alle
}

/// As its owner sees it.
async fn volgens(w: &Wereld, eigenaar: &Organisatie, brief: &Brief) -> Vec<(Oin, Plichtstand)> {
    staken(w.hub.status(eigenaar.oin, brief.id).await.unwrap().plichten)
}

async fn eigen(w: &Wereld, wie: &Organisatie) -> Vec<(Oin, Plichtstand)> {
    staken(w.hub.plichten(wie.oin).await.unwrap().plichten)
}

#[tokio::test]
async fn who_only_fetches_is_told_of_a_recall_and_followed_until_it_was_read() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let mut stuk = Stuk::new(Categorie::Plan, Doel::Plan, Grondslag::Convenant, &[&w.om]);
    stuk.voor.push((w.vt.clone(), Toegangswijze::Meegeleverd));
    let plan = Brief::new(&w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.om, &w.vt]).met(stuk);
    w.aangenomen(&plan).await;
    for wie in [&w.om, &w.vt] {
        assert!(van(&w.ontvangt(wie).await, plan.id).is_some(), "it has the part");
    }
    // Its owner names one of the two; both stop.
    let terug = Brief::new(&w, &w.wijkteam, "intrekking")
        .in_casus(casus)
        .aan(&[&w.om])
        .zegt(json!({"bericht": plan.id, "reden": "onjuist"}));
    w.aangenomen(&terug).await;
    let mut ieder = vec![(w.om.oin, Plichtstand::Open), (w.vt.oin, Plichtstand::Open)];
    ieder.sort_by_key(|(oin, _)| *oin);
    assert_eq!(volgens(&w, &w.wijkteam, &terug).await, ieder);
    let mut woorden = Vec::new();
    for wie in [&w.om, &w.vt] {
        let leveringen = w.ontvangt(wie).await;
        woorden.push(van(&leveringen, terug.id).expect("told, in its mailbox").clone());
        assert_eq!(eigen(&w, wie).await, [(wie.oin, Plichtstand::Open)], "a machine signed for it: nobody read it");
    }
    // Nobody else is told: the police took no part in it.
    assert!(van(&w.postvak(&w.politie).await, terug.id).is_none());

    w.clock.advance(time::Duration::days(10));
    let te_laat = |oin: Oin| (oin, Plichtstand::TeLaat);
    assert_eq!(eigen(&w, &w.vt).await, [te_laat(w.vt.oin)]);
    assert!(volgens(&w, &w.wijkteam, &terug).await.iter().all(|(_, stand)| *stand == Plichtstand::TeLaat), "its owner sees who");
    leest(&w, &w.om, &woorden[0]).await;
    let nu = volgens(&w, &w.wijkteam, &terug).await;
    assert!(nu.contains(&(w.om.oin, Plichtstand::Voldaan)) && nu.contains(&te_laat(w.vt.oin)), "{nu:?}");
    assert!(eigen(&w, &w.om).await.is_empty());
}

/// A correction that waits behind an embargo is told later, and is followed from then on.
#[tokio::test]
async fn a_correction_that_was_held_is_followed_once_it_goes() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let brief = crate::feiten::nog_een_melding(&w, casus);
    w.aangenomen(&brief).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    let verbetering = Brief::new(&w, &w.politie, "rectificatie")
        .in_casus(casus)
        .zegt(json!({"bericht": brief.id, "deel": brief.delen[0].id, "soort": "verbeterd"}))
        .met(Stuk::new(Categorie::Incident, Doel::Verantwoording, Grondslag::WettelijkeTaak, &[&w.vt]));
    w.aangenomen(&verbetering).await;
    assert!(van(&w.postvak(&w.vt).await, verbetering.id).is_none());
    assert!(eigen(&w, &w.vt).await.is_empty(), "of what it does not know yet");
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    let leveringen = w.ontvangt(&w.vt).await;
    assert_eq!(eigen(&w, &w.vt).await, [(w.vt.oin, Plichtstand::Open)]);
    leest(&w, &w.vt, van(&leveringen, verbetering.id).unwrap()).await;
    assert_eq!(volgens(&w, &w.politie, &verbetering).await, [(w.vt.oin, Plichtstand::Voldaan)]);
}
