//! View-only parts: each reading asked, written, and seen by the sender.

use inbreng_domain::{
    CasusRef, DeelId,
    receipts::Weigeringscode,
    vocabulary::{Doel, Toegangswijze},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, code, levering, oin},
    feiten::{feit, stand, stellen},
};
use crate::{
    Aanvullingsuitslag::{AlGegeven, InhoudWeg, Vastgelegd, Verouderd},
    Beleidsgrens, Feitenstand, Inzage, Inzagegrens, Inzageuitslag, Leveringsbericht, Store, StoreError, StoreResult,
};

/// Of a message without a case, of which nothing was stated, under a policy that did not move.
pub(super) fn zonder_feiten() -> Inzagegrens {
    Inzagegrens { casus: CasusRef::from_bytes([0; 32]), feiten: Feitenstand::default(), beleid: Beleidsgrens::default() }
}

async fn leest(store: &dyn Store, proef: &Proef, ontvanger: u32, deel: DeelId, nonce: &str) -> StoreResult<Inzageuitslag> {
    leest_op(store, proef, ontvanger, deel, nonce, zonder_feiten()).await
}

async fn leest_op(
    store: &dyn Store,
    proef: &Proef,
    ontvanger: u32,
    deel: DeelId,
    nonce: &str,
    op: Inzagegrens,
) -> StoreResult<Inzageuitslag> {
    let blad = proef.blad("inzage");
    let inzage =
        Inzage { deel, ontvanger: oin(ontvanger), functie: code("behandelaar"), doel: Doel::Beoordelen, tijd: blad.tijd };
    store.inzage(inzage, nonce.to_owned(), "een.ondertekend.verzoek".to_owned(), blad, op).await
}

/// A signed request counts once; another recipient may draw the same nonce. The sender sees each reading.
pub async fn a_reading_counts_once_per_nonce(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1))
        .deel(deel, "verzegeld")
        .geeft(deel, oin(2), Toegangswijze::Inzage)
        .geeft(deel, oin(3), Toegangswijze::Inzage)
        .af();
    aannemen(&*store, &bericht).await;
    assert_eq!(leest(&*store, &proef, 2, deel, "een").await.expect("write"), Inzageuitslag::Vastgelegd);
    assert_eq!(leest(&*store, &proef, 2, deel, "een").await.expect("write"), Inzageuitslag::Herhaald);
    assert_eq!(leest(&*store, &proef, 3, deel, "een").await.expect("write"), Inzageuitslag::Vastgelegd);
    assert_eq!(leest(&*store, &proef, 2, deel, "twee").await.expect("write"), Inzageuitslag::Vastgelegd);
    assert_eq!(store.hoofd().await.expect("read").0, 4, "a repetition leaves no leaf");
    drop(store);

    let store = plek.openen().await;
    assert_eq!(leest(&*store, &proef, 2, deel, "een").await.expect("write"), Inzageuitslag::Herhaald, "also after reopening");
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("the sender's");
    let [twee, drie] = &status.leveringen[..] else { unreachable!("two recipients") };
    assert_eq!((twee.inzagen.len(), drie.inzagen.len()), (2, 1));
    assert!(twee.inzagen.iter().all(|i| i.deel == deel && i.ontvanger == oin(2) && i.doel == Doel::Beoordelen));
    assert!(twee.inzagen.is_sorted_by_key(|i| i.tijd));
    assert_eq!(twee.inzagen[0].functie, code("behandelaar"));
}

/// What was stated about the case since the reading was decided keeps the key back, and the nonce is free for the next decision.
pub async fn a_reading_waits_for_no_older_facts(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (deel, casus) = (proef.deel(), proef.casus());
    let bericht = Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "verzegeld").geeft(deel, oin(2), Toegangswijze::Inzage).af();
    aannemen(&*store, &bericht).await;
    let op = async || Inzagegrens {
        casus,
        feiten: Feitenstand { casus: stand(&*store, casus).await, gids: 0 },
        beleid: Beleidsgrens::default(),
    };
    let oud = op().await;
    stellen(&*store, &proef, feit(&proef, casus, oin(1), 1, "\"ingetrokken\"")).await;
    let bladen = store.hoofd().await.expect("read").0;
    assert_eq!(leest_op(&*store, &proef, 2, deel, "een", oud).await.expect("answer"), Inzageuitslag::Verouderd);
    assert_eq!(store.hoofd().await.expect("read").0, bladen, "nothing was written");
    let nu = op().await;
    assert_eq!(leest_op(&*store, &proef, 2, deel, "een", nu).await.expect("write"), Inzageuitslag::Vastgelegd);
}

/// Only who got the part, and did not refuse it, finds its key.
pub async fn a_reading_needs_a_delivery(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1))
        .deel(deel, "verzegeld")
        .geeft(deel, oin(2), Toegangswijze::Inzage)
        .houdt_aan(deel, oin(3))
        .naar(oin(3))
        .weigert(deel, oin(4), 8)
        .af();
    aannemen(&*store, &bericht).await;
    assert!(store.inzagedeel(oin(2), deel).await.expect("read").is_some());
    for vreemd in [1, 3, 4, 5] {
        assert!(store.inzagedeel(oin(vreemd), deel).await.expect("read").is_none(), "partner {vreemd}");
    }
    assert!(store.inzagedeel(oin(2), proef.deel()).await.expect("read").is_none());
    let onbekend = leest(&*store, &proef, 2, proef.deel(), "een").await;
    assert!(matches!(onbekend, Err(StoreError::Conflict { .. })), "{onbekend:?}");
    assert_eq!(leest(&*store, &proef, 2, deel, "een").await.expect("write"), Inzageuitslag::Vastgelegd, "its nonce is free");

    let woord = Leveringsbericht::Geweigerd(Weigeringscode::NietTeOpenen);
    let id = levering(&bericht, oin(2));
    store.leveringsbericht(oin(2), id, woord, "jws".to_owned(), proef.blad("weigering")).await.expect("write");
    assert!(store.inzagedeel(oin(2), deel).await.expect("read").is_none());
}

/// Its owner gives a part to one more recipient: where its content has left, it must come again; the wrap counts once.
pub async fn a_further_wrap_brings_its_part_to_one_more(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, deel) = (proef.casus(), proef.deel());
    let bericht =
        Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "verzegeld").geeft(deel, oin(2), Toegangswijze::Meegeleverd).af();
    aannemen(&*store, &bericht).await;
    let feiten = crate::Feitenstand { casus: store.zaakstand(casus).await.expect("read").stand, gids: 0 };
    let verder = |wie: u32, inhoud: Option<&str>| crate::Aanvulling {
        van: oin(1),
        bericht_id: bericht.bericht.id,
        casus: Some(casus),
        wrap: crate::NieuweWrap {
            deel,
            ontvanger: oin(wie),
            wrap: "wrap".to_owned(),
            toegang: Some("jws".to_owned()),
            wijze: Toegangswijze::Meegeleverd,
        },
        inhoud: inhoud.map(str::to_owned),
        levering: crate::NieuweLevering {
            id: proef.levering(),
            ontvanger: oin(wie),
            functie: None,
            baan: bericht.bericht.urgentie,
            besluiten: "[]".to_owned(),
            bewaren_tot: super::bouw::later(),
            delen: vec![(deel, Toegangswijze::Meegeleverd)],
        },
        besluiten: Vec::new(),
        plichten: Vec::new(),
        bladen: vec![proef.blad("toegang")],
        feiten,
        beleid: crate::Beleidsgrens::default(),
    };
    let aanvullen = async |a| store.aanvullen(a).await.expect("answer");
    let oud = crate::Aanvulling { feiten: crate::Feitenstand::default(), ..verder(3, None) };
    assert_eq!(aanvullen(oud).await, Verouderd);
    assert_eq!(aanvullen(verder(3, None)).await, Vastgelegd);
    assert_eq!(aanvullen(verder(3, None)).await, AlGegeven);
    assert!(store.toegangsdeel(oin(2), deel).await.expect("read").is_none(), "its sender alone");
    assert!(store.toegangsdeel(oin(1), deel).await.expect("read").expect("there").inhoud.is_some());
    // Both sign for it: the content leaves. For a third it comes again.
    for wie in [2, 3] {
        let [open] = store.open_leveringen(oin(wie), 10).await.expect("read").try_into().expect("one delivery");
        assert_eq!(open.delen.len(), 1);
        let woord = Leveringsbericht::Ontvangen;
        store.leveringsbericht(oin(wie), open.id, woord, "jws".to_owned(), proef.blad("ontvangst")).await.expect("written");
    }
    assert!(store.toegangsdeel(oin(1), deel).await.expect("read").expect("there").inhoud.is_none());
    assert_eq!(aanvullen(verder(4, None)).await, InhoudWeg);
    assert_eq!(aanvullen(verder(4, Some("verzegeld"))).await, Vastgelegd);
    let [open] = store.open_leveringen(oin(4), 10).await.expect("read").try_into().expect("one delivery");
    assert_eq!((open.delen[0].inhoud.as_str(), open.bericht_id), ("verzegeld", bericht.bericht.id));
    assert_eq!(store.berichttekst(oin(1), bericht.bericht.id).await.expect("read"), Some(bericht.bericht.bericht.clone()));
    assert_eq!(store.berichttekst(oin(2), bericht.bericht.id).await.expect("read"), None);
}
