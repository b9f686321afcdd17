//! Accepting: once, whole, on facts that hold, whatever happens beside it.

use std::{collections::BTreeSet, sync::Arc};

use inbreng_domain::{
    Uitkomst,
    vocabulary::{Deelname, Toegangswijze::Meegeleverd},
    zaak::Deelnemer,
};
use tokio::task::JoinSet;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, digest, oin},
    logboek::wortel_van,
};
use crate::{Aannameuitslag, Besluitregel, Feitenstand, NieuwBesluit, StoreError, Tellingen, Zaakgevolg};

/// The same message again: the same receipt; other bytes under its id: what was stored. Nothing more is written.
pub async fn accepts_once_and_then_answers_the_same(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
    assert_eq!(store.ontvangstbewijs(oin(1), bericht.bericht.id).await.expect("read"), None);
    aannemen(&*store, &bericht).await;
    let (voor, hoofd) = (store.tellingen().await.expect("read"), store.hoofd().await.expect("read"));

    let mut anders = bericht.clone();
    anders.bericht.digest = digest("andere bytes");
    anders.bericht.ontvangstbewijs = "ander bewijs".to_owned();
    // Facts and parts are not looked at: the message is there.
    anders.feiten = Feitenstand { casus: 9, gids: 9 };
    for nogmaals in [bericht.clone(), anders] {
        let Aannameuitslag::AlAanwezig { digest, ontvangstbewijs } = store.aannemen(nogmaals).await.expect("write") else {
            unreachable!("the message is there already");
        };
        assert_eq!((digest, &ontvangstbewijs), (bericht.bericht.digest, &bericht.bericht.ontvangstbewijs));
    }
    let bewijs = store.ontvangstbewijs(oin(1), bericht.bericht.id).await.expect("read");
    assert_eq!(bewijs, Some((bericht.bericht.digest, bericht.bericht.ontvangstbewijs.clone())));
    assert_eq!(store.ontvangstbewijs(oin(2), bericht.bericht.id).await.expect("read"), None);
    assert_eq!(store.tellingen().await.expect("read"), voor);
    assert_eq!(store.hoofd().await.expect("read"), hoofd);
    assert_eq!(store.open_leveringen(oin(2), 9).await.expect("read").len(), 1);
}

/// The idempotency key is sender and id: nobody can occupy another's ids.
pub async fn one_id_of_two_senders_is_two_messages(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let een = Bouw::van(&proef, oin(1)).naar(oin(3)).af();
    let mut twee = Bouw::van(&proef, oin(2)).naar(oin(3)).af();
    twee.bericht.id = een.bericht.id;
    aannemen(&*store, &een).await;
    aannemen(&*store, &twee).await;
    let open = store.open_leveringen(oin(3), 9).await.expect("read");
    assert_eq!(open.iter().map(|l| l.van).collect::<Vec<_>>(), [oin(1), oin(2)]);
}

/// Two hundred messages, each offered twice at the same time: each is there once, and the log is whole.
pub async fn two_hundred_at_once_are_all_there_once(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut taken = JoinSet::new();
    let mut berichten = Vec::new();
    for n in 0..200 {
        let deel = proef.deel();
        let mut bericht = Bouw::van(&proef, oin(n % 7)).deel(deel, "verzegeld").geeft(deel, oin(100 + n % 3), Meegeleverd).af();
        bericht.bladen.push(proef.blad("besluit"));
        berichten.push(bericht.clone());
        for _ in 0..2 {
            let (store, bericht) = (Arc::clone(&store), bericht.clone());
            taken.spawn(async move { store.aannemen(bericht).await.expect("write") });
        }
    }
    let uitslagen = taken.join_all().await;
    assert_eq!(uitslagen.iter().filter(|u| **u == Aannameuitslag::Aangenomen).count(), 200);
    assert_eq!(uitslagen.iter().filter(|u| matches!(u, Aannameuitslag::AlAanwezig { .. })).count(), 200);

    let mut geleverd = BTreeSet::new();
    for ontvanger in 100..103 {
        let open = store.open_leveringen(oin(ontvanger), 1000).await.expect("read");
        assert!(open.is_sorted_by_key(|l| l.volgnummer));
        assert!(open.iter().all(|l| l.delen.len() == 1 && l.delen[0].sleutel.is_some()));
        geleverd.extend(open.iter().map(|l| l.bericht_id));
    }
    assert_eq!(geleverd, berichten.iter().map(|b| b.bericht.id).collect());

    let bladen = store.bladen(0, 1000).await.expect("read");
    assert!(bladen.iter().map(|b| b.index).eq(0..400), "indexes follow each other");
    let hashes: BTreeSet<_> = berichten.iter().flat_map(|b| b.bladen.iter().map(|l| l.hash)).collect();
    assert_eq!(bladen.iter().map(|b| b.hash).collect::<BTreeSet<_>>(), hashes);
    for bericht in &berichten {
        let eerste = store.bladindex(bericht.bladen[0].hash).await.expect("read").expect("the leaf is there");
        assert_eq!(store.bladindex(bericht.bladen[1].hash).await.expect("read"), Some(eerste + 1), "in the order given");
    }
    let hoofd = store.hoofd().await.expect("read");
    assert_eq!(hoofd, (400, wortel_van(&bladen.iter().map(|b| b.hash).collect::<Vec<_>>())));
}

/// Decisions that rest on other facts than now hold are not written, nor anything with them.
pub async fn moved_facts_write_nothing(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    let stand = store.zaakstand(casus).await.expect("read").stand;
    let (voor, hoofd) = (store.tellingen().await.expect("read"), store.hoofd().await.expect("read"));

    let deelnemer = || Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(2), Deelname::Ja) };
    for (zaak, gids) in [(0, 0), (stand + 1, 0), (stand, 1)] {
        let verouderd = Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(deelnemer()).op_feiten(zaak, gids).naar(oin(2)).af();
        let id = verouderd.bericht.id;
        assert_eq!(store.aannemen(verouderd).await.expect("write"), Aannameuitslag::Verouderd);
        assert_eq!(store.ontvangstbewijs(oin(1), id).await.expect("read"), None);
    }
    // A message without a case rests on no case's facts, and a case that is not there has none.
    for bouw in [Bouw::van(&proef, oin(1)), Bouw::van(&proef, oin(1)).in_casus(proef.casus())] {
        assert_eq!(store.aannemen(bouw.op_feiten(1, 0).af()).await.expect("write"), Aannameuitslag::Verouderd);
    }
    assert_eq!(store.zaakstand(casus).await.expect("read").deelnemers, []);
    assert_eq!(store.tellingen().await.expect("read"), voor);
    assert_eq!(store.hoofd().await.expect("read"), hoofd);
    assert!(store.open_leveringen(oin(2), 9).await.expect("read").is_empty());

    aannemen(&*store, &Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(deelnemer()).op_feiten(stand, 0).af()).await;
}

/// Many decided on the same facts and each would change them: one gets through, the others must decide again.
pub async fn of_equals_on_the_same_facts_one_is_first(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).opent(casus).af()).await;
    let stand = store.zaakstand(casus).await.expect("read").stand;
    let mut taken = JoinSet::new();
    for n in 0..20 {
        let gevolg = Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(oin(10 + n), Deelname::Ja) };
        let bericht = Bouw::van(&proef, oin(1)).in_casus(casus).gevolg(gevolg).op_feiten(stand, 0).af();
        let store = Arc::clone(&store);
        taken.spawn(async move { store.aannemen(bericht).await.expect("write") });
    }
    let uitslagen = taken.join_all().await;
    assert_eq!(uitslagen.iter().filter(|u| **u == Aannameuitslag::Aangenomen).count(), 1);
    assert_eq!(uitslagen.iter().filter(|u| **u == Aannameuitslag::Verouderd).count(), 19);
    assert_eq!(store.zaakstand(casus).await.expect("read").deelnemers.len(), 1);
}

/// A part belongs to one message, for ever.
pub async fn a_part_id_counts_once(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let deel = proef.deel();
    aannemen(&*store, &Bouw::van(&proef, oin(1)).deel(deel, "eerste").geeft(deel, oin(2), Meegeleverd).af()).await;
    let hoofd = store.hoofd().await.expect("read");
    let tweede = Bouw::van(&proef, oin(3)).deel(deel, "tweede").geeft(deel, oin(2), Meegeleverd).af();
    assert_eq!(store.aannemen(tweede).await.expect("write"), Aannameuitslag::DeelBestaat(deel));
    let open = store.open_leveringen(oin(2), 9).await.expect("read");
    assert_eq!(open.iter().flat_map(|l| &l.delen).map(|d| d.inhoud.as_str()).collect::<Vec<_>>(), ["eerste"]);
    assert_eq!(store.hoofd().await.expect("read"), hoofd);
}

/// A write that cannot be is refused; those that wait beside it in the same batch are not.
pub async fn a_contradiction_spoils_only_itself(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let eerder = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    aannemen(&*store, &eerder).await;
    let mut taken = JoinSet::new();
    let mut goed = BTreeSet::new();
    for n in 0..60 {
        let deel = proef.deel();
        let mut bericht = Bouw::van(&proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
        match n % 20 {
            // Seen before writing: a wrap, a decision, a delivery of a part that is not there.
            5 => bericht.wraps[0].deel = proef.deel(),
            6 => bericht.besluiten[0].deel = Some(proef.deel()),
            7 => bericht.leveringen[0].delen[0].0 = proef.deel(),
            8 => bericht.wraps.retain(|w| w.toegang.is_none()),
            // Seen only while writing: a delivery id that exists.
            9 => bericht.leveringen[0].id = eerder.leveringen[0].id,
            _ => drop(goed.insert(bericht.bericht.id)),
        }
        let store = Arc::clone(&store);
        taken.spawn(async move { (bericht.bericht.id, store.aannemen(bericht).await) });
    }
    for (id, uitslag) in taken.join_all().await {
        if goed.contains(&id) {
            assert_eq!(uitslag.expect("write"), Aannameuitslag::Aangenomen);
        } else {
            assert!(matches!(uitslag, Err(StoreError::Conflict { .. })), "{uitslag:?}");
            assert_eq!(store.ontvangstbewijs(oin(1), id).await.expect("read"), None);
        }
    }
    assert_eq!(store.open_leveringen(oin(2), 100).await.expect("read").len(), goed.len() + 1);
    let bladen = store.bladen(0, 100).await.expect("read");
    assert!(bladen.iter().map(|b| b.index).eq(0..1 + goed.len() as u64), "no gap where a write was refused");
}

/// A caller that stops waiting leaves the message accepted as a whole, or not at all.
pub async fn a_dropped_caller_leaves_a_whole_write(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut berichten = Vec::new();
    for n in 0..100 {
        let deel = proef.deel();
        let bericht = Bouw::van(&proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
        berichten.push(bericht.clone());
        let taak = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.aannemen(bericht).await }
        });
        for _ in 0..n % 5 {
            tokio::task::yield_now().await;
        }
        taak.abort();
    }
    // Written after all of them: whatever of them is to be written stands before it.
    aannemen(&*store, &Bouw::van(&proef, oin(1)).af()).await;
    let open = store.open_leveringen(oin(2), 1000).await.expect("read");
    let mut aangenomen = 0;
    for bericht in &berichten {
        let is_er = store.ontvangstbewijs(oin(1), bericht.bericht.id).await.expect("read").is_some();
        assert_eq!(open.iter().filter(|l| l.bericht_id == bericht.bericht.id && l.delen.len() == 1).count(), usize::from(is_er));
        assert_eq!(store.bladindex(bericht.bladen[0].hash).await.expect("read").is_some(), is_er);
        aangenomen += u64::from(is_er);
    }
    assert_eq!(store.hoofd().await.expect("read").0, aangenomen + 1);
    // Sent again, each ends accepted once.
    for bericht in berichten {
        store.aannemen(bericht).await.expect("write");
    }
    assert_eq!(store.open_leveringen(oin(2), 1000).await.expect("read").len(), 100);
}

/// What was answered is there when the store is opened again.
pub async fn what_was_accepted_is_there_after_reopening(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, deel) = (proef.casus(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
    aannemen(&*store, &bericht).await;
    let (hoofd, tellingen) = (store.hoofd().await.expect("read"), store.tellingen().await.expect("read"));
    drop(store);
    let store = plek.openen().await;
    assert_eq!(store.hoofd().await.expect("read"), hoofd);
    assert_eq!(store.tellingen().await.expect("read"), tellingen);
    assert!(store.zaakstand(casus).await.expect("read").bestaat);
    assert_eq!(store.open_leveringen(oin(2), 9).await.expect("read")[0].delen[0].inhoud, "verzegeld");
    assert!(matches!(store.aannemen(bericht).await.expect("write"), Aannameuitslag::AlAanwezig { .. }));
    aannemen(&*store, &Bouw::van(&proef, oin(1)).af()).await;
    assert_eq!(store.hoofd().await.expect("read").0, hoofd.0 + 1);
}

/// A message that goes to nobody is not kept; why it was refused is (R41).
pub async fn decisions_on_a_message_to_nobody_are_kept_and_counted(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let besluit =
        |uitkomst, regel| NieuwBesluit { deel: Some(proef.deel()), ontvanger: oin(2), uitkomst, regel, record: "{}".to_owned() };
    let besluiten = vec![besluit(Uitkomst::Weigeren, Some(8)), besluit(Uitkomst::Vragen, Some(7))];
    let grens = crate::Beleidsgrens::default();
    assert!(store.besluiten_vastleggen(besluiten, vec![proef.blad("besluit")], grens).await.expect("write"));
    // Also where there is no leaf.
    assert!(store.besluiten_vastleggen(vec![besluit(Uitkomst::Weigeren, Some(8))], Vec::new(), grens).await.expect("write"));
    let tellingen = store.tellingen().await.expect("read");
    let verwacht = Tellingen {
        dode_letters: 0,
        besluiten: [("vragen".to_owned(), 1), ("weigeren".to_owned(), 2)].into(),
        weigeringen: [("R8".to_owned(), 2)].into(),
        bladen: 1,
        ..Tellingen::default()
    };
    assert_eq!(tellingen, verwacht);
}

/// Decisions are read as they were given, in the order in which they were taken, those of refused messages among them.
pub async fn decisions_are_read_in_their_order(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.besluiten(0, 9).await.expect("read"), []);
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1)).deel(deel, "een").geeft(deel, oin(2), Meegeleverd).weigert(deel, oin(3), 8).af();
    aannemen(&*store, &bericht).await;
    let record = r#"{"besluit":"\u00e9","verzoek":{"a":1}}"#.to_owned();
    let geweigerd = NieuwBesluit { deel: None, ontvanger: oin(4), uitkomst: Uitkomst::Weigeren, regel: None, record };
    let grens = crate::Beleidsgrens::default();
    assert!(store.besluiten_vastleggen(vec![geweigerd.clone()], Vec::new(), grens).await.expect("write"));
    let alle = store.besluiten(0, 9).await.expect("read");
    let gegeven: Vec<_> = bericht.besluiten.iter().chain([&geweigerd]).collect();
    assert_eq!(alle.len(), 3);
    for (gelezen, gegeven) in alle.iter().zip(gegeven) {
        assert_eq!((gelezen.deel, gelezen.ontvanger, gelezen.uitkomst), (gegeven.deel, gegeven.ontvanger, gegeven.uitkomst));
        assert_eq!(gelezen.record, gegeven.record);
    }
    let van = Some((oin(1), bericht.bericht.id));
    assert_eq!(alle.iter().map(|b| b.bericht).collect::<Vec<_>>(), [van, van, None]);
    // By the page, without a gap and without one twice.
    let mut gebladerd = Vec::new();
    while let Some(volgend) =
        store.besluiten(gebladerd.last().map_or(0, |b: &Besluitregel| b.nummer), 1).await.expect("read").pop()
    {
        gebladerd.push(volgend);
    }
    assert_eq!(gebladerd, alle);
    assert_eq!(store.besluiten(u64::MAX, 9).await.expect("read"), []);
}

/// Counts are those of what was written.
pub async fn counts_follow_every_write(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.tellingen().await.expect("read"), Tellingen::default());
    let (een, twee) = (proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1))
        .deel(een, "een")
        .deel(twee, "twee")
        .geeft(een, oin(2), Meegeleverd)
        .geeft(een, oin(3), Meegeleverd)
        .weigert(twee, oin(2), 8)
        .weigert(twee, oin(3), 16)
        .besluit(None, oin(4), Uitkomst::Weigeren, None)
        .af();
    aannemen(&*store, &bericht).await;
    aannemen(&*store, &Bouw::van(&proef, oin(1)).af()).await;
    let verwacht = Tellingen {
        dode_letters: 0,
        berichten: 2,
        leveringen: 2,
        open: 2,
        overgedragen: 0,
        besluiten: [("toestaan".to_owned(), 2), ("weigeren".to_owned(), 3)].into(),
        weigeringen: [("R16".to_owned(), 1), ("R8".to_owned(), 1)].into(),
        bladen: 2,
        verlopen: 0,
        gesnoeid: 0,
        zaken_beeindigd: 0,
    };
    assert_eq!(store.tellingen().await.expect("read"), verwacht);
}
