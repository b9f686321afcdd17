//! Duties: open until they are met, seen by whose they are and by whose message they came with.

use inbreng_domain::{CasusRef, Code, Oin, RegelId};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
};
use crate::{Leveringsbericht, NieuwePlicht, Plicht, Plichtuitslag, Store, Voldoening};

fn code(tekst: &str) -> Code {
    Code::parse(tekst).expect("a code")
}

fn plicht(proef: &Proef, soort: &str, schuldenaar: Oin, ontvanger: Option<Oin>, over: Option<&str>) -> NieuwePlicht {
    let regel = RegelId::new(32).expect("a rule");
    let over = over.map(str::to_owned);
    NieuwePlicht { soort: code(soort), regel, schuldenaar, ontvanger, over, uiterlijk: proef.nu() }
}

async fn open(store: &dyn Store, wie: u32) -> Vec<Plicht> {
    store.open_plichten(oin(wie), 100).await.expect("read")
}

async fn op(store: &dyn Store, casus: CasusRef) -> u64 {
    store.zaakstand(casus).await.expect("read").stand
}

/// Of its own sender, in its own case, about the same: met by a message, or put off by it.
pub async fn a_duty_is_open_until_it_is_met_or_put_off(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let [casus, ander] = [proef.casus(), proef.casus()];
    let mut bericht = Bouw::van(&proef, oin(1)).opent(casus).naar(oin(2)).af();
    bericht.plichten = ["a", "b"].map(|p| plicht(&proef, "transparantiebericht", oin(1), None, Some(p))).into();
    aannemen(&*store, &bericht).await;
    let mut elders = Bouw::van(&proef, oin(1)).opent(ander).af();
    elders.plichten = vec![plicht(&proef, "transparantiebericht", oin(1), None, Some("a"))];
    aannemen(&*store, &elders).await;
    let alle = open(&*store, 1).await;
    assert_eq!(alle.len(), 3);
    assert!(alle.is_sorted_by_key(|p| p.uiterlijk) && alle.iter().all(|p| p.voldaan_op.is_none()));
    assert!(open(&*store, 2).await.is_empty());

    let stap = async |van: u32, over: &str, uitstel| {
        let stand = op(&*store, casus).await;
        let mut bericht = Bouw::van(&proef, oin(van)).in_casus(casus).op_feiten(stand, 0).af();
        bericht.voldoeningen = vec![Voldoening { soort: code("transparantiebericht"), over: over.to_owned(), uitstel }];
        aannemen(&*store, &bericht).await;
        bericht.bericht.id
    };
    stap(2, "a", None).await;
    assert_eq!(open(&*store, 1).await.len(), 3, "another's word meets nothing");
    let later = proef.nu();
    stap(1, "b", Some(later)).await;
    assert_eq!(open(&*store, 1).await.last().map(|p| p.uiterlijk), Some(later));
    let gedaan = stap(1, "a", None).await;
    assert_eq!(open(&*store, 1).await.len(), 2);
    let van = store.plichten_van(oin(1), bericht.bericht.id).await.expect("read");
    let voldaan: Vec<_> = van.iter().filter(|p| p.voldaan_op.is_some()).map(|p| p.voldaan_door).collect();
    assert_eq!((van.len(), voldaan), (2, vec![Some(gedaan)]));
    assert!(store.plichten_van(oin(2), bericht.bericht.id).await.expect("read").is_empty(), "another's message");
}

/// A recipient confirms that it stops by reading that it must (R11).
pub async fn a_reading_by_a_human_confirms_that_use_stops(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).naar(oin(3)).af();
    bericht.plichten = [2, 3].map(|n| plicht(&proef, "gebruik-staken", oin(n), Some(oin(n)), None)).into();
    aannemen(&*store, &bericht).await;
    let id = levering(&bericht, oin(2));
    for (wat, over) in [(Leveringsbericht::Ontvangen, 1), (Leveringsbericht::Gelezen, 0)] {
        store.leveringsbericht(oin(2), id, wat, "jws".to_owned(), proef.blad("gelezen")).await.expect("written");
        assert_eq!(open(&*store, 2).await.len(), over);
    }
    assert_eq!(open(&*store, 3).await.len(), 1);
}

/// The review of an emergency decision is met by what its reviewer found, once, and only by who owes it.
pub async fn a_review_is_met_by_what_it_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    bericht.plichten = vec![plicht(&proef, "toets-achteraf", oin(1), None, None)];
    aannemen(&*store, &bericht).await;
    let vinden = async |van, uitkomst: &str| {
        let code = inbreng_domain::Code::parse(uitkomst).expect("a code");
        store.toets_vastleggen(van, bericht.bericht.id, code, "jws".to_owned(), proef.blad("toetsuitslag")).await.expect("answer")
    };
    assert_eq!(vinden(oin(2), "terecht").await, Plichtuitslag::Onbekend);
    assert_eq!(open(&*store, 1).await.len(), 1);
    let (bladen, _) = store.hoofd().await.expect("read");
    assert_eq!(vinden(oin(1), "leerpunt").await, Plichtuitslag::Vastgelegd);
    assert_eq!(vinden(oin(1), "onterecht").await, Plichtuitslag::AlVastgelegd);
    assert!(open(&*store, 1).await.is_empty());
    assert_eq!(store.hoofd().await.expect("read").0, bladen + 1, "only what changes something is evidence");
    let [af] = store.plichten_van(oin(1), bericht.bericht.id).await.expect("read").try_into().expect("one");
    assert!(af.voldaan_op.is_some() && af.voldaan_door.is_none());
    assert_eq!(af.uitkomst.map(|u| u.to_string()), Some("leerpunt".to_owned()));
}
