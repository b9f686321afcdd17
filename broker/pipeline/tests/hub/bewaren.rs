//! How long things are kept (R40), swept by hubs on one database.

use std::sync::Arc;

use inbreng_domain::{
    antwoorden::Leveringstand,
    clock::FixedClock,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze},
};
use inbreng_pipeline::bewaren::{Opgeruimd, TermijnOngeldig, Termijnen};
use inbreng_proof::merkle::verify_consistency;
use serde_json::Value;
use time::Duration;

use crate::{
    feiten::{nog_een_melding, op_zaak},
    wereld::{Brief, Organisatie, Stuk, Wereld, dagen, nu},
};

async fn stand(w: &Wereld, van: &Organisatie, brief: &Brief) -> Vec<Leveringstand> {
    w.hub.status(van.oin, brief.id).await.unwrap().ontvangers.iter().map(|o| o.stand).collect()
}

/// Revocation lists that hold as long as these tests last.
fn lang(w: &Wereld) {
    w.hub.ankers_vervangen(w.pki.anchors_tot(&[], dagen(400)));
}

async fn opruimen(w: &Wereld) -> Opgeruimd {
    w.hub.opruimen("een").await.unwrap().unwrap()
}

fn dagen_later(w: &Wereld, dagen: i64) {
    let straks = nu().plus(Duration::days(dagen));
    w.clock.advance(straks.since(inbreng_domain::Clock::now(&*w.clock)));
}

#[tokio::test]
async fn what_nobody_fetches_leaves_and_its_sender_hears_it() {
    let w = Wereld::new().await;
    lang(&w);
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    dagen_later(&w, 29);
    assert_eq!(opruimen(&w).await, Opgeruimd::default());
    assert_eq!(stand(&w, &w.politie, &melding).await, [Leveringstand::Onderweg]);
    let levering = w.postvak(&w.vt).await.remove(0);
    dagen_later(&w, 30);
    assert_eq!(opruimen(&w).await, Opgeruimd { verlopen: 1, ..Opgeruimd::default() });
    assert_eq!(stand(&w, &w.politie, &melding).await, [Leveringstand::Verlopen]);
    assert!(w.postvak(&w.vt).await.is_empty());
    let deel = levering.bericht.data.delen[0].labels.id;
    assert!(w.store.toegangsdeel(w.politie.oin, deel).await.unwrap().unwrap().inhoud.is_none(), "the ciphertext is gone");
    // Who looked at it before and signs now is too late: its sender counts on it that nobody has it.
    let woord = crate::wereld::ontvangst(&w.vt, &levering);
    let fout = w.hub.ontvangst(w.vt.oin, levering.id, &woord).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::LeveringAfgesloten);
    let soorten: Vec<String> =
        w.store.bladen(0, 99).await.unwrap().iter().map(|b| b.soort.to_string()).filter(|s| s == "verlopen").collect();
    assert_eq!(soorten.len(), 1);
    assert!(w.hub.controleer_logboek().await.unwrap().klopt);
    assert_eq!(opruimen(&w).await, Opgeruimd::default());
}

/// Thirty days count from when it might be fetched: the time that it was held is not among them.
#[tokio::test]
async fn the_time_that_something_is_held_does_not_count() {
    let w = Wereld::new().await;
    lang(&w);
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let open = nog_een_melding(&w, casus);
    w.aangenomen(&open).await;
    dagen_later(&w, 5);
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    let gehouden = nog_een_melding(&w, casus);
    assert_eq!(w.aangenomen(&gehouden).await.besluiten[0].stand, Ontvangerstand::InBehandeling);
    assert_eq!(stand(&w, &w.politie, &open).await, [Leveringstand::InBehandeling]);
    dagen_later(&w, 200);
    assert_eq!(opruimen(&w).await, Opgeruimd::default(), "never while held");
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 2);
    dagen_later(&w, 229);
    assert_eq!(opruimen(&w).await, Opgeruimd::default());
    dagen_later(&w, 230);
    assert_eq!(opruimen(&w).await.verlopen, 2);
    assert_eq!(stand(&w, &w.politie, &open).await, [Leveringstand::Verlopen]);
    assert_eq!(stand(&w, &w.politie, &gehouden).await, [Leveringstand::Verlopen]);
}

/// The shortest of what the type, the hub and the owner say.
#[tokio::test]
async fn the_shortest_term_holds() {
    let w = Wereld::new().await;
    // What is said last counts: the configuration is read again while a hub runs.
    w.hub.bewaren(Termijnen::van_dagen([3, 365]).unwrap());
    w.hub.bewaren(Termijnen::van_dagen([9, 365]).unwrap());
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let kort = Brief::new(&w, &w.politie, "incidentmelding")
        .aan(&[&w.vt])
        .met(
            Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt])
                .bewaren_tot(nu().plus(Duration::days(2))),
        )
        .opent();
    w.aangenomen(&kort.0).await;
    for (dag, verlopen) in [(1, 0), (2, 1), (8, 0), (9, 1)] {
        dagen_later(&w, dag);
        assert_eq!(opruimen(&w).await.verlopen, verlopen, "day {dag}");
    }
    for (dagen, termijn) in [([31, 365], "onbezorgd_dagen"), ([30, 366], "verwijzing_dagen"), ([30, 91], "verwijzing_dagen")] {
        let fout: TermijnOngeldig = Termijnen::van_dagen(dagen).unwrap_err();
        assert_eq!(fout.termijn, termijn, "stricter only, and a case ends under nobody");
    }
}

#[tokio::test]
async fn evidence_ends_and_the_log_still_holds() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let antwoord = w.aangenomen(&melding).await;
    w.ontvangt(&w.vt).await;
    let (omvang, wortel) = w.store.hoofd().await.unwrap();
    let bewijzen = |hash| w.hub.insluitingsbewijs(hash, Some(omvang));
    let bladen = w.store.bladen(0, 99).await.unwrap();
    let blad = bladen.iter().find(|b| &*b.soort.as_str() == "bericht").unwrap();
    let eerder = bewijzen(blad.hash).await.unwrap();

    dagen_later(&w, 1826);
    let gedaan = opruimen(&w).await;
    assert_eq!(gedaan.berichten, 1);
    assert_eq!(w.hub.status(w.politie.oin, melding.id).await.unwrap_err().code(), ProblemCode::NietGevonden);
    let controle = w.hub.controleer_logboek().await.unwrap();
    assert!(controle.klopt && controle.bladen == omvang + 2, "{controle:?}");
    let samen = w.hub.samenhangbewijs(omvang, omvang + 2).await.unwrap();
    verify_consistency(omvang, &wortel, omvang + 2, &controle.wortel, &samen.pad).unwrap();
    assert_eq!(bewijzen(blad.hash).await.unwrap().pad, eerder.pad, "an old receipt is still proven");
    let over = w.store.bladen(0, 99).await.unwrap();
    let leesbaar: Vec<String> = over.iter().filter(|b| !b.record.is_empty()).map(|b| b.soort.to_string()).collect();
    let blijft = ["vermelding", "partij", "versie", "opgeruimd"];
    assert!(leesbaar.iter().all(|s| blijft.contains(&s.as_str())), "{leesbaar:?}");
    // And the log says that it was swept: up to when as soon as the first record went, and in the end how much.
    let [begin, einde] = [2, 1].map(|van_achter| serde_json::from_str::<Value>(&over[over.len() - van_achter].record).unwrap());
    assert!(begin.get("berichten").is_none(), "{begin}");
    assert_eq!(einde["berichten"], 1);
    assert_eq!([&begin["bewijsTot"], &einde["bewijsTot"]], [nu().to_string().as_str(); 2]);
    assert!(!antwoord.ontvangstbewijs.is_empty());
}

/// After its term (twelve months, or shorter by a setting) a closed case is as unknown as one that never was; on every hub.
#[tokio::test]
async fn the_reference_of_a_closed_case_ends_on_every_hub() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let mut kijken = nog_een_melding(&w, casus);
    kijken.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&kijken).await;
    w.ontvangt(&w.vt).await;
    let wrap = async || w.store.inzagedeel(w.vt.oin, kijken.delen[0].id).await.unwrap().unwrap().sleutel.wrap;
    let mut sluiten = Brief::new(&w, &w.vt, "zaak-samenvoegen").in_casus(casus);
    sluiten.variant = Some("sluiten".parse().unwrap());
    w.aangenomen(&sluiten).await;
    lang(&w);
    let klok = Arc::new(FixedClock::at(nu()));
    let ander = w.hub_erbij(klok.clone()).await;
    let korter = Termijnen::van_dagen([30, 92]).unwrap();
    w.hub.bewaren(korter);
    ander.bewaren(korter);
    klok.advance(Duration::days(92));
    dagen_later(&w, 91);
    assert_eq!(opruimen(&w).await.zaken, 0);
    assert!(!wrap().await.is_empty());
    assert!(ander.opruimen("ander").await.unwrap().is_some_and(|g| g.zaken == 1), "its clock is further, and the task is free");
    assert!(!w.store.zaakstand(casus).await.unwrap().bestaat);
    assert!(wrap().await.is_empty(), "whoever mints the reference again opens nothing by it");
    let in_zaak = nog_een_melding(&w, casus);
    let nooit = nog_een_melding(&w, w.melding().1);
    assert_eq!(w.code(&in_zaak).await, w.code(&nooit).await);
    // While the one is at it, the other lets it be.
    assert!(ander.opruimen("ander").await.unwrap().is_some());
    assert!(w.hub.opruimen("een").await.unwrap().is_none());
}
