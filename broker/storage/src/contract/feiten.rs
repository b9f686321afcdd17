//! Statements about a case, joined cases, and what is decided again when they move.

use inbreng_domain::{
    CasusRef, Oin, Uitkomst,
    vocabulary::{Deelname, Toegangswijze::Meegeleverd},
    zaak::{Deelnemer, Feitsoort, Zaakfeit},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, later, levering, oin},
};
use crate::{
    Aanname, Feitenstand, Herzien, Herziening, Herzieningsuitslag, Leveringsbericht, Leveringsstaat, Leveringsuitslag,
    NieuwBesluit, NieuweLevering, Store, StoreError, TeHerzien, Zaakgevolg,
};

pub(super) fn feit(proef: &Proef, casus: CasusRef, door: Oin, volgnummer: u32, record: &str) -> Zaakfeit {
    Zaakfeit {
        casus,
        soort: Feitsoort::Embargo,
        onderwerp: "zaak".to_owned(),
        door,
        volgnummer,
        bericht: proef.bericht(),
        record: record.to_owned(),
    }
}

pub(super) async fn stand(store: &dyn Store, casus: CasusRef) -> u64 {
    store.zaakstand(casus).await.expect("read").stand
}

/// A statement of this partner about the case, on the facts of now.
pub(super) async fn stellen(store: &dyn Store, proef: &Proef, feit: Zaakfeit) {
    let op = stand(store, feit.casus).await;
    let bericht = Bouw::van(proef, feit.door).in_casus(feit.casus).op_feiten(op, 0).gevolg(Zaakgevolg::Feit(feit));
    aannemen(store, &bericht.af()).await;
}

/// Of each setter, in the order in which they were accepted; a number that is taken is the caller's fault, and spoils nothing.
pub async fn of_statements_the_highest_number_counts_per_setter(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    for (door, nummer, record) in [(2, 1, "\"a\""), (1, 3, "\"b\""), (2, 7, "\"c\"")] {
        let voor = stand(&*store, casus).await;
        stellen(&*store, &proef, feit(&proef, casus, oin(door), nummer, record)).await;
        assert!(stand(&*store, casus).await > voor, "a statement is a fact");
    }
    let zaak = store.zaakstand(casus).await.expect("read");
    let staat: Vec<_> = zaak.feiten.iter().map(|f| (f.door, f.volgnummer, f.record.as_str())).collect();
    assert_eq!(staat, [(oin(1), 3, "\"b\""), (oin(2), 7, "\"c\"")]);
    let dubbel = Zaakgevolg::Feit(feit(&proef, casus, oin(2), 7, "\"d\""));
    let bericht = Bouw::van(&proef, oin(2)).in_casus(casus).op_feiten(zaak.stand, 0).gevolg(dubbel).af();
    assert!(matches!(store.aannemen(bericht).await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.zaakstand(casus).await.expect("read").feiten, zaak.feiten);
}

/// A place has a period, which is read back as it was given.
pub async fn a_place_keeps_its_period(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    let deelnemer = Deelnemer { partner: oin(2), rol: Deelname::Deskundige, vanaf: Some(proef.nu()), tot: Some(proef.nu()) };
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).gevolg(Zaakgevolg::Deelnemer { casus, deelnemer }).af()).await;
    assert_eq!(store.zaakstand(casus).await.expect("read").deelnemers, [deelnemer]);
    let open = Deelnemer { tot: None, ..deelnemer };
    let langer = Zaakgevolg::Deelnemer { casus, deelnemer: open };
    let op = stand(&*store, casus).await;
    aannemen(&*store, &Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(op, 0).gevolg(langer).af()).await;
    let zaak = store.zaakstand(casus).await.expect("read");
    assert_eq!(zaak.deelnemers, [open]);
    assert!(zaak.stand > op);
}

/// Flags, embargoes and refusals of both count; the facts of one move those of the other; participation stays apart.
pub async fn joined_cases_share_facts_and_not_participants(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let [een, twee, drie] = [proef.casus(), proef.casus(), proef.casus()];
    for (casus, n) in [(een, 1), (twee, 2), (drie, 3)] {
        let deelnemer = Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(n), Deelname::Ja) };
        aannemen(&*store, &Bouw::van(&proef, oin(n)).opent(casus).gevolg(deelnemer).af()).await;
    }
    stellen(&*store, &proef, feit(&proef, twee, oin(2), 1, "\"van twee\"")).await;
    let samen = async |casus, met| {
        let op = stand(&*store, casus).await;
        let bericht = Bouw::van(&proef, oin(9)).in_casus(casus).op_feiten(op, 0);
        aannemen(&*store, &bericht.gevolg(Zaakgevolg::Samenvoegen { casus, met }).af()).await;
    };
    let voor = [stand(&*store, een).await, stand(&*store, twee).await];
    samen(een, twee).await;
    samen(drie, een).await;
    for casus in [een, twee, drie] {
        let zaak = store.zaakstand(casus).await.expect("read");
        assert_eq!(zaak.feiten.len(), 1, "the embargo of one counts in all");
        assert_eq!(zaak.feiten[0].casus, twee);
        assert_eq!(zaak.deelnemers.len(), 1, "participation is not widened");
        assert!(voor.iter().all(|v| zaak.stand > *v));
    }
    // A fact of one is a fact of all, also inside the accepting transaction.
    let op = stand(&*store, een).await;
    stellen(&*store, &proef, feit(&proef, drie, oin(3), 1, "\"van drie\"")).await;
    assert!(stand(&*store, een).await > op);
    let oud = Bouw::van(&proef, oin(1)).in_casus(een).op_feiten(op, 0).af();
    assert_eq!(store.aannemen(oud).await.expect("answer"), crate::Aannameuitslag::Verouderd);
    // Joining again changes nothing.
    let op = stand(&*store, een).await;
    samen(een, drie).await;
    assert_eq!(stand(&*store, een).await, op);
}

/// Closing is told once, and a new signal opens the case again.
pub async fn a_case_is_closed_once(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    let mut wanneer = None;
    for _ in 0..2 {
        let op = stand(&*store, casus).await;
        let bericht = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(op, 0).gevolg(Zaakgevolg::Sluiten { casus });
        aannemen(&*store, &bericht.af()).await;
        let gesloten = store.zaakstand(casus).await.expect("read").gesloten_op;
        assert!(gesloten.is_some() && wanneer.is_none_or(|w| Some(w) == gesloten));
        wanneer = gesloten;
    }
    let op = stand(&*store, casus).await;
    let bericht = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(op, 0).gevolg(Zaakgevolg::Heropenen { casus });
    aannemen(&*store, &bericht.af()).await;
    let zaak = store.zaakstand(casus).await.expect("read");
    assert!(zaak.gesloten_op.is_none() && zaak.stand > op, "a fact that the next decision compares");
}

/// Who looked and found nothing to decide again looks again when facts move, whichever process moved them.
pub async fn facts_that_another_process_moves_are_seen(plek: &dyn Plek) {
    let (hier, daar, proef) = (plek.openen().await, plek.openen().await, Proef::default());
    let (casus, deel) = (proef.casus(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "inhoud").geeft(deel, oin(2), Meegeleverd).af();
    aannemen(&*hier, &bericht).await;
    let aantal = async |store: &dyn Store| store.te_herzien(oin(2), 10, proef.nu()).await.expect("read").len();
    for _ in 0..2 {
        assert_eq!((aantal(&*hier).await, aantal(&*daar).await), (0, 0));
    }
    assert!(hier.te_herzien(oin(3), 0, proef.nu()).await.expect("read").is_empty(), "nothing was asked for");
    stellen(&*daar, &proef, feit(&proef, casus, oin(1), 1, "\"embargo\"")).await;
    for _ in 0..2 {
        assert_eq!((aantal(&*hier).await, aantal(&*daar).await), (1, 1), "until it is decided");
    }
}

/// A delivery to 2 of one part, another part held for it; and an embargo after that.
pub(super) async fn onder_embargo(store: &dyn Store, proef: &Proef) -> Aanname {
    let (casus, een, twee) = (proef.casus(), proef.deel(), proef.deel());
    let bericht = Bouw::van(proef, oin(1))
        .opent(casus)
        .deel(een, "inhoud-een")
        .deel(twee, "inhoud-twee")
        .geeft(een, oin(2), Meegeleverd)
        .houdt_aan(twee, oin(2))
        .af();
    aannemen(store, &bericht).await;
    bericht
}

pub(super) fn herziening(
    proef: &Proef,
    een: &TeHerzien,
    feiten: Feitenstand,
    uitkomst: Uitkomst,
    herzien: Herzien,
) -> Herziening {
    let besluiten = een.onderdelen.iter().map(|o| NieuwBesluit {
        deel: o.deel,
        ontvanger: een.ontvanger,
        uitkomst,
        regel: Some(20),
        record: format!(r#"{{"nieuw":"{uitkomst}"}}"#),
    });
    Herziening {
        van: een.van,
        bericht_id: een.bericht_id,
        casus: een.casus,
        ontvanger: een.ontvanger,
        feiten,
        beleid: crate::Beleidsgrens::default(),
        uitkomst: herzien,
        besluiten: besluiten.collect(),
        plichten: Vec::new(),
        zaak: Vec::new(),
        bladen: vec![proef.blad("besluit")],
    }
}

/// What rests on facts that have moved is not handed out until it is decided again, and comes back when it is.
pub async fn moved_facts_keep_a_delivery_back_until_decided_again(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = onder_embargo(&*store, &proef).await;
    let casus = bericht.bericht.casus.expect("a case");
    assert!(store.te_herzien(oin(2), 10, proef.nu()).await.expect("read").is_empty(), "own effects move nothing");
    assert_eq!(store.open_leveringen(oin(2), 10).await.expect("read").len(), 1);

    stellen(&*store, &proef, feit(&proef, casus, oin(1), 1, "\"embargo\"")).await;
    assert!(store.open_leveringen(oin(2), 10).await.expect("read").is_empty(), "decided on old facts");
    let te_herzien = store.te_herzien(oin(2), 10, proef.nu()).await.expect("read");
    assert_eq!(te_herzien.len(), 2, "the delivery, and what was held");
    let id = levering(&bericht, oin(2));
    let open = te_herzien.iter().find(|t| t.levering == Some(id)).expect("the delivery");
    assert_eq!((open.van, open.bericht_id, open.casus), (oin(1), bericht.bericht.id, Some(casus)));
    assert_eq!(open.onderdelen.len(), 1);
    assert_eq!(open.onderdelen[0].deel, Some(bericht.delen[0].id));
    assert_eq!(open.onderdelen[0].labels.as_deref(), Some(bericht.delen[0].labels.as_str()));

    let feiten = Feitenstand { casus: stand(&*store, casus).await, gids: 0 };
    let naar = |staat| Herzien::Levering { id, staat, besluiten: "[]".to_owned(), bewaren_tot: later(), vervangen_door: None };
    let vast = herziening(&proef, open, feiten, Uitkomst::Aanhouden, naar(Leveringsstaat::Aangehouden));
    let oud = Herziening { feiten: Feitenstand { casus: feiten.casus - 1, gids: 0 }, ..vast.clone() };
    assert_eq!(store.herzien(oud).await.expect("answer"), Herzieningsuitslag::Verouderd);
    assert_eq!(store.herzien(vast).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    assert!(store.open_leveringen(oin(2), 10).await.expect("read").is_empty());
    assert_eq!(store.te_herzien(oin(2), 10, proef.nu()).await.expect("read").len(), 1, "what was held is still to be decided");
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("there");
    assert_eq!(status.leveringen[0].staat, Leveringsstaat::Aangehouden);

    stellen(&*store, &proef, feit(&proef, casus, oin(1), 2, "\"opgeheven\"")).await;
    let te_herzien = store.te_herzien(oin(2), 10, proef.nu()).await.expect("read");
    let open = te_herzien.iter().find(|t| t.levering == Some(id)).expect("the held delivery");
    assert_eq!(open.onderdelen[0].record, r#"{"nieuw":"aanhouden"}"#, "the newest decision");
    let feiten = Feitenstand { casus: stand(&*store, casus).await, gids: 0 };
    let weer = herziening(&proef, open, feiten, Uitkomst::Toestaan, naar(Leveringsstaat::Open));
    assert_eq!(store.herzien(weer).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    assert_eq!(store.open_leveringen(oin(2), 10).await.expect("read")[0].id, id, "the same delivery");
}

/// What was held comes in a delivery of its own, with its ciphertext and its key.
pub async fn what_was_held_comes_later(plek: &dyn Plek) {
    losgelaten(plek, true).await;
}

/// What was held and is refused comes never, and leaves (R40).
pub async fn what_was_held_and_is_refused_leaves(plek: &dyn Plek) {
    losgelaten(plek, false).await;
}

/// What is kept ready is found from its instant on, by whoever looks and by whoever keeps the time; what moves before does nothing.
pub async fn what_is_kept_ready_waits_for_its_instant_and_for_no_fact(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, deel) = (proef.casus(), proef.deel());
    let vanaf = proef.nu().plus(time::Duration::minutes(90));
    let bericht = Bouw::van(&proef, oin(1))
        .opent(casus)
        .acuut()
        .deel(deel, "inhoud")
        .geeft(deel, oin(2), Meegeleverd)
        .valt_terug(deel, oin(3), vanaf);
    let bericht = bericht.af();
    aannemen(&*store, &bericht).await;
    let jws = || "jws".to_owned();
    let id = levering(&bericht, oin(2));
    store.leveringsbericht(oin(2), id, Leveringsbericht::Ontvangen, jws(), proef.blad("ontvangst")).await.expect("written");
    stellen(&*store, &proef, feit(&proef, casus, oin(1), 1, "\"x\"")).await;
    let voor = vanaf.plus(time::Duration::milliseconds(-1));
    for nu in [proef.nu(), voor] {
        assert!(store.te_herzien(oin(3), 10, nu).await.expect("read").is_empty());
        assert!(!store.aangehouden_onder_ander_beleid(nu).await.expect("read").contains(&oin(3)));
    }
    assert_eq!(store.aangehouden_onder_ander_beleid(vanaf).await.expect("read"), [oin(3)]);
    let te_herzien = store.te_herzien(oin(3), 10, vanaf).await.expect("read");
    assert_eq!(te_herzien.len(), 1);
    let een = &te_herzien[0];
    assert_eq!((een.levering, een.onderdelen[0].deel), (None, Some(deel)));
    assert_eq!(een.onderdelen[0].toegang, Some(format!("toegang-{deel}-{}", oin(3))));
    let nieuw = NieuweLevering {
        id: proef.levering(),
        ontvanger: oin(3),
        functie: None,
        baan: een.urgentie,
        besluiten: "[]".to_owned(),
        bewaren_tot: later(),
        delen: vec![(deel, Meegeleverd)],
    };
    let feiten = Feitenstand { casus: stand(&*store, casus).await, gids: 0 };
    let uitkomst = Herzien::Aangehouden { blijft: Vec::new(), levering: Some(nieuw.clone()) };
    let uit = herziening(&proef, een, feiten, Uitkomst::Toestaan, uitkomst);
    assert_eq!(store.herzien(uit).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    let open = store.open_leveringen(oin(3), 10).await.expect("read");
    assert_eq!((open.len(), open[0].delen[0].inhoud.as_str()), (1, "inhoud"), "kept although its first recipient has it");
    assert!(open[0].delen[0].sleutel.is_some());
    assert!(store.te_herzien(oin(3), 10, later()).await.expect("read").is_empty());
}

async fn losgelaten(plek: &dyn Plek, vrij: bool) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = onder_embargo(&*store, &proef).await;
    let casus = bericht.bericht.casus.expect("a case");
    let twee = bericht.delen[1].id;
    let id = levering(&bericht, oin(2));
    let jws = || "jws".to_owned();
    let gedaan = store.leveringsbericht(oin(2), id, Leveringsbericht::Ontvangen, jws(), proef.blad("ontvangst")).await;
    assert_eq!(gedaan.expect("written"), Leveringsuitslag::Vastgelegd);
    stellen(&*store, &proef, feit(&proef, casus, oin(1), 1, "\"x\"")).await;
    let te_herzien = store.te_herzien(oin(2), 10, proef.nu()).await.expect("read");
    assert_eq!(te_herzien.len(), 1, "what was received is not decided again");
    assert_eq!((te_herzien[0].levering, te_herzien[0].onderdelen[0].deel), (None, Some(twee)));
    let feiten = Feitenstand { casus: stand(&*store, casus).await, gids: 0 };
    let nieuw = NieuweLevering {
        id: proef.levering(),
        ontvanger: oin(2),
        functie: None,
        baan: te_herzien[0].urgentie,
        besluiten: "[]".to_owned(),
        bewaren_tot: later(),
        delen: vec![(twee, Meegeleverd)],
    };
    let uitkomst = if vrij { Uitkomst::Toestaan } else { Uitkomst::Weigeren };
    let levering = vrij.then(|| nieuw.clone());
    let uit = herziening(&proef, &te_herzien[0], feiten, uitkomst, Herzien::Aangehouden { blijft: Vec::new(), levering });
    assert_eq!(store.herzien(uit.clone()).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    // Another process, which read it at the same time, is late: nothing is let go twice.
    let levering = vrij.then(|| NieuweLevering { id: proef.levering(), ..nieuw.clone() });
    let weer = Herziening { uitkomst: Herzien::Aangehouden { blijft: Vec::new(), levering }, ..uit };
    assert_eq!(plek.openen().await.herzien(weer).await.expect("answer"), Herzieningsuitslag::Verouderd);
    assert!(store.te_herzien(oin(2), 10, proef.nu()).await.expect("read").is_empty());
    let open = store.open_leveringen(oin(2), 10).await.expect("read");
    assert_eq!(open.len(), usize::from(vrij));
    if let Some(open) = open.first() {
        assert_eq!((open.id, open.delen[0].inhoud.as_str()), (nieuw.id, "inhoud-twee"));
        assert!(open.delen[0].sleutel.is_some());
    }
}

/// Who was given a delivery before it was held can still sign for it: it was handed out.
pub async fn a_word_about_a_held_delivery_counts(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = onder_embargo(&*store, &proef).await;
    let casus = bericht.bericht.casus.expect("a case");
    stellen(&*store, &proef, feit(&proef, casus, oin(1), 1, "\"x\"")).await;
    let id = levering(&bericht, oin(2));
    let te_herzien = store.te_herzien(oin(2), 10, proef.nu()).await.expect("read");
    let open = te_herzien.iter().find(|t| t.levering == Some(id)).expect("the delivery");
    let feiten = Feitenstand { casus: stand(&*store, casus).await, gids: 0 };
    let staat = Leveringsstaat::Aangehouden;
    let vast = Herzien::Levering { id, staat, besluiten: "[]".to_owned(), bewaren_tot: later(), vervangen_door: None };
    let vast = herziening(&proef, open, feiten, Uitkomst::Aanhouden, vast);
    store.herzien(vast.clone()).await.expect("written");
    let woord = store.leveringsbericht(oin(2), id, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst")).await;
    assert_eq!(woord.expect("written"), Leveringsuitslag::Vastgelegd);
    assert_eq!(store.herzien(vast).await.expect("answer"), Herzieningsuitslag::Verouderd, "it has ended");
}

/// What is stated about a message alone, which has no case: its deliveries are decided again, and those of another message not.
pub async fn a_message_without_a_case_gets_one_of_its_own(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    let los = || {
        let deel = proef.deel();
        Bouw::van(&proef, oin(1)).deel(deel, "los").geeft(deel, oin(2), Meegeleverd).af()
    };
    let (een, ander) = (los(), los());
    aannemen(&*store, &een).await;
    aannemen(&*store, &ander).await;
    let te_herzien = async || store.te_herzien(oin(2), 9, proef.nu()).await.expect("read");
    assert!(te_herzien().await.is_empty());
    let verbinden = |stand| Zaakgevolg::Verbinden { casus, van: oin(1), bericht: een.bericht.id, stand };
    let over = |n| Zaakgevolg::Feit(feit(&proef, casus, oin(1), n, "\"terug\""));
    let bericht =
        Bouw::van(&proef, oin(1)).gevolg(Zaakgevolg::Openen { casus, door: oin(1) }).gevolg(verbinden(0)).gevolg(over(1));
    aannemen(&*store, &bericht.af()).await;
    let gevonden = te_herzien().await;
    assert_eq!(gevonden.iter().map(|h| (h.bericht_id, h.casus)).collect::<Vec<_>>(), [(een.bericht.id, None)]);
    let zaak = store.zaakstand(casus).await.expect("read");
    assert!(zaak.bestaat && zaak.deelnemers.is_empty() && zaak.feiten.len() == 1);
    // What rests on another state of it is not written.
    let oud = Bouw::van(&proef, oin(1)).gevolg(verbinden(0)).gevolg(over(2)).af();
    assert_eq!(store.aannemen(oud).await.expect("answer"), crate::Aannameuitslag::Verouderd);
    let nieuw = Bouw::van(&proef, oin(1)).gevolg(verbinden(zaak.stand)).gevolg(over(2)).af();
    aannemen(&*store, &nieuw).await;
    assert_eq!(store.zaakstand(casus).await.expect("read").feiten[0].volgnummer, 2);
}
