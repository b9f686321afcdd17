//! What was shared about a person: what was received, in one case, and the duty to answer.

use inbreng_domain::{CasusRef, Datum, PersoonRef, Tijdstip, vocabulary::Toegangswijze::Meegeleverd};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, code, later, levering, oin},
    feiten::stand,
};
use crate::{
    Aanname, Beleidsgrens, Feitenstand, Inzagegrens, Leveringsbericht, NieuwOverzicht, OntvangenDeel, Ontvangenplek, Plicht,
    Store, Voldoening, Zaakgevolg,
};

fn persoon(n: u8) -> PersoonRef {
    PersoonRef::from_bytes([n; 16])
}

/// A message in this case with a part about this person for each of these partners.
async fn deelt(store: &dyn Store, proef: &Proef, casus: CasusRef, over: PersoonRef, aan: &[u32]) -> Aanname {
    let bouw = Bouw::van(proef, oin(1)).in_casus(casus).op_feiten(stand(store, casus).await, 0);
    let bouw = aan.iter().fold(bouw, |bouw, n| {
        let deel = proef.deel();
        bouw.deel(deel, "x").geeft(deel, oin(*n), Meegeleverd)
    });
    let mut bericht = bouw.af();
    for deel in &mut bericht.delen {
        deel.labels = format!(r#"{{"id":"{}","betrokkenen":[{{"ref":"{over}"}}]}}"#, deel.id);
    }
    aannemen(store, &bericht).await;
    bericht
}

async fn ontvangt(store: &dyn Store, proef: &Proef, bericht: &Aanname, wie: u32) {
    let id = levering(bericht, oin(wie));
    store
        .leveringsbericht(oin(wie), id, Leveringsbericht::Ontvangen, "jws".to_owned(), proef.blad("ontvangst"))
        .await
        .expect("written");
}

/// All about one person.
async fn alle(store: &dyn Store, casus: CasusRef) -> Vec<OntvangenDeel> {
    store.ontvangen_delen(casus, &[persoon(1)], Ontvangenplek::default(), 100).await.expect("read")
}

/// Only what its recipient signed for, only about this person, only in this case; in the order of acceptance.
pub async fn what_was_received_about_a_person_is_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let [casus, ander] = [proef.casus(), proef.casus()];
    for casus in [casus, ander] {
        aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    }
    let een = deelt(&*store, &proef, casus, persoon(1), &[2, 3]).await;
    let over_ander = deelt(&*store, &proef, casus, persoon(2), &[2]).await;
    let elders = deelt(&*store, &proef, ander, persoon(1), &[2]).await;
    let twee = deelt(&*store, &proef, casus, persoon(1), &[2]).await;
    let gevonden = async || alle(&*store, casus).await;
    assert_eq!(gevonden().await, [], "what waits was not received");
    for bericht in [&twee, &over_ander, &elders, &een] {
        ontvangt(&*store, &proef, bericht, 2).await;
    }
    let delen = gevonden().await;
    let wie: Vec<_> = delen.iter().map(|d| (d.ontvanger, d.aangenomen_op)).collect();
    assert_eq!(wie, [(oin(2), een.bericht.aangenomen_op), (oin(2), twee.bericht.aangenomen_op)]);
    let OntvangenDeel { labels, ontvangen_op, doel, .. } = &delen[0];
    assert!(een.delen.iter().any(|d| d.labels == *labels) && *ontvangen_op > een.bericht.aangenomen_op && doel.is_none());
    ontvangt(&*store, &proef, &een, 3).await;
    let delen = gevonden().await;
    assert_eq!(delen.len(), 3);
    assert!(delen[0].levering != delen[1].levering, "each delivery is one");
    assert!(alle(&*store, proef.casus()).await.is_empty());
}

/// A piece at a time it is the same as at once, also where a piece ends in the middle of a delivery; under whatever reference of the person.
pub async fn what_was_received_is_read_on_from_a_place(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    for over in [1, 1, 2, 1] {
        let bericht = deelt(&*store, &proef, casus, persoon(over), &[2, 2, 3]).await;
        ontvangt(&*store, &proef, &bericht, 2).await;
        ontvangt(&*store, &proef, &bericht, 3).await;
    }
    let personen = [persoon(2), persoon(1)];
    let lezen = async |na, hoogstens| store.ontvangen_delen(casus, &personen, na, hoogstens).await.expect("read");
    let ineens = lezen(Ontvangenplek::default(), 100).await;
    assert_eq!(ineens.len(), 12, "three parts of four messages");
    let plekken: Vec<_> = ineens.iter().map(|d| d.plek).collect();
    assert!(plekken.is_sorted() && plekken[0] > Ontvangenplek::default());
    for hoogstens in [1, 2, 5] {
        let (mut stukken, mut na) = (Vec::new(), Ontvangenplek::default());
        loop {
            let stuk = lezen(na, hoogstens).await;
            assert!(stuk.len() <= hoogstens as usize);
            let Some(laatste) = stuk.last() else { break };
            na = laatste.plek;
            stukken.extend(stuk);
        }
        assert_eq!(stukken, ineens, "{hoogstens} at a time");
    }
    // A delivery by its number: behind all of it.
    for deel in &ineens {
        let plek = store.ontvangen_plek(casus, &personen, deel.levering).await.expect("read").expect("it is one");
        assert!(plek > deel.plek && (plek.bericht, plek.levering) == (deel.plek.bericht, deel.plek.levering));
        assert!(lezen(plek, 100).await.iter().all(|d| d.levering != deel.levering));
    }
    let eerste = ineens[0].levering;
    assert_eq!(store.ontvangen_plek(casus, &[persoon(3)], eerste).await.expect("read"), None, "of another person");
    assert_eq!(store.ontvangen_plek(proef.casus(), &personen, eerste).await.expect("read"), None, "of another case");
}

/// Those that were joined with it, also through another; not itself.
pub async fn cases_that_count_as_one_are_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let zaken = [0; 4].map(|_| proef.casus());
    for casus in zaken {
        aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    }
    for (casus, met) in [(zaken[0], zaken[1]), (zaken[1], zaken[2])] {
        let mut bericht = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand(&*store, casus).await, 0).af();
        bericht.zaak = vec![Zaakgevolg::Samenvoegen { casus, met }];
        aannemen(&*store, &bericht).await;
    }
    let bij = async |casus| store.gekoppelde_zaken(casus).await.expect("read");
    assert_eq!(bij(zaken[0]).await, [zaken[1], zaken[2]]);
    assert_eq!(bij(zaken[2]).await, [zaken[0], zaken[1]]);
    assert_eq!((bij(zaken[3]).await, bij(proef.casus()).await), (vec![], vec![]));
}

async fn vraagt(store: &dyn Store, proef: &Proef, casus: CasusRef, op: u64, dag: &str, uiterlijk: Tijdstip) -> bool {
    let feiten = Feitenstand { casus: op, gids: 0 };
    let nieuw = NieuwOverzicht {
        verzoek: proef.bericht(),
        organisatie: oin(1),
        persoon: persoon(1),
        gevraagd_op: Datum::parse(dag).expect("a date"),
        uiterlijk,
        verklaring: "een.ondertekend.verzoek".to_owned(),
        besluiten: Vec::new(),
        blad: proef.blad("overzicht"),
        op: Inzagegrens { casus, feiten, beleid: Beleidsgrens::default() },
    };
    store.overzicht_vastleggen(nieuw).await.expect("answer")
}

/// Once for each day that it was asked; met when the person was told by who owes it, and by nothing else.
pub async fn who_asked_for_an_overview_is_answered(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    let open = async || -> Vec<Plicht> { store.open_plichten(oin(1), 100).await.expect("read") };
    let op = stand(&*store, casus).await;
    let (bladen, _) = store.hoofd().await.expect("read");
    assert!(!vraagt(&*store, &proef, casus, op + 1, "2026-11-20", later()).await, "on other facts");
    assert_eq!((open().await.len(), store.hoofd().await.expect("read").0), (0, bladen), "nothing was written");
    let eerder = proef.nu();
    for (dag, uiterlijk) in [("2026-11-20", later()), ("2026-11-20", later()), ("2026-10-01", eerder)] {
        assert!(vraagt(&*store, &proef, casus, op, dag, uiterlijk).await);
    }
    assert_eq!(store.hoofd().await.expect("read").0, bladen + 3, "that it was asked, each time");
    let plichten = open().await;
    assert_eq!(plichten.iter().map(|p| p.uiterlijk).collect::<Vec<_>>(), [eerder, later()], "the first to end in front");
    assert!(plichten.iter().all(|p| p.soort.as_str() == "overzicht-geven" && p.regel.nummer() == 33));
    assert!(store.open_plichten(oin(2), 100).await.expect("read").is_empty());

    let vertelt = async |van: u32, over: PersoonRef, uitstel| {
        let mut bericht = Bouw::van(&proef, oin(van)).in_casus(casus).op_feiten(stand(&*store, casus).await, 0).af();
        bericht.voldoeningen = vec![Voldoening { soort: code("transparantiebericht"), over: over.to_string(), uitstel }];
        aannemen(&*store, &bericht).await;
    };
    vertelt(2, persoon(1), None).await;
    vertelt(1, persoon(2), None).await;
    vertelt(1, persoon(1), Some(later())).await;
    assert_eq!(open().await, plichten, "another's word, about another, or put off: the law's term stands");
    vertelt(1, persoon(1), None).await;
    assert!(open().await.is_empty());
    assert!(vraagt(&*store, &proef, casus, stand(&*store, casus).await, "2026-11-20", later()).await);
    assert!(open().await.is_empty(), "answered is answered");
}
