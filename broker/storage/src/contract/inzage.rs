//! View-only parts: each reading asked, written, and seen by the sender.

use inbreng_domain::{
    CasusRef, DeelId, Uitkomst,
    receipts::Weigeringscode,
    vocabulary::{Doel, Toegangswijze},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, code, later, levering, oin},
    feiten::{feit, stand, stellen},
};
use crate::{
    Aanname, Aanvulling,
    Aanvullingsuitslag::{AlGegeven, InhoudWeg, Vastgelegd, Verouderd},
    Beleidsgrens, Feitenstand, Herzien, Herziening, Herzieningsuitslag, Inzage, Inzagegrens, Inzageuitslag, Leveringsbericht,
    NieuwBesluit, NieuweLevering, NieuweWrap, Store, StoreError, StoreResult, Vervangt,
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

/// The owner of this message gives its part to one more.
fn aanvulling(proef: &Proef, bericht: &Aanname, deel: DeelId, wie: u32, feiten: Feitenstand) -> Aanvulling {
    let wijze = Toegangswijze::Meegeleverd;
    let (ontvanger, toegang) = (oin(wie), Some("jws".to_owned()));
    Aanvulling {
        van: bericht.bericht.van,
        bericht_id: bericht.bericht.id,
        casus: bericht.bericht.casus,
        wrap: NieuweWrap { deel, ontvanger, wrap: "wrap".to_owned(), toegang, wijze },
        inhoud: None,
        doel: None,
        vervangt: None,
        levering: NieuweLevering {
            id: proef.levering(),
            ontvanger,
            functie: None,
            baan: bericht.bericht.urgentie,
            besluiten: "[]".to_owned(),
            bewaren_tot: later(),
            delen: vec![(deel, wijze)],
        },
        besluiten: Vec::new(),
        plichten: Vec::new(),
        bladen: vec![proef.blad("toegang")],
        feiten,
        beleid: Beleidsgrens::default(),
    }
}

/// Its owner gives a part to one more recipient: where its content has left, it must come again; the wrap counts once.
pub async fn a_further_wrap_brings_its_part_to_one_more(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, deel) = (proef.casus(), proef.deel());
    let bericht =
        Bouw::van(&proef, oin(1)).opent(casus).deel(deel, "verzegeld").geeft(deel, oin(2), Toegangswijze::Meegeleverd).af();
    aannemen(&*store, &bericht).await;
    let feiten = Feitenstand { casus: store.zaakstand(casus).await.expect("read").stand, gids: 0 };
    let verder = |wie: u32, inhoud: Option<&str>| Aanvulling {
        inhoud: inhoud.map(str::to_owned),
        ..aanvulling(&proef, &bericht, deel, wie, feiten)
    };
    let aanvullen = async |a| store.aanvullen(a).await.expect("answer");
    let oud = Aanvulling { feiten: Feitenstand::default(), ..verder(3, None) };
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

/// A key takes the place of the one that lies under a key that was frozen, with its leaf and without a further delivery: of a view-only part,
/// and of one that travels with its content and is still to be fetched.
pub async fn a_wrap_under_a_frozen_key_makes_room(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, een, twee) = (proef.casus(), proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1))
        .opent(casus)
        .deel(een, "inhoud")
        .deel(twee, "inhoud-twee")
        .geeft(een, oin(2), Toegangswijze::Inzage)
        .geeft(een, oin(3), Toegangswijze::Inzage)
        .geeft(twee, oin(2), Toegangswijze::Meegeleverd)
        .af();
    aannemen(&*store, &bericht).await;
    let feiten = Feitenstand { casus: store.zaakstand(casus).await.expect("read").stand, gids: 0 };
    let geven = async |deel, vervangt| {
        let basis = aanvulling(&proef, &bericht, deel, 2, feiten);
        let (wrap, toegang) = ("nieuw".to_owned(), Some("nieuw woord".to_owned()));
        let wrap = NieuweWrap { wrap, toegang, ..basis.wrap };
        store.aanvullen(Aanvulling { wrap, vervangt, ..basis }).await.expect("answer")
    };
    let ligt = async |wie: u32, deel| store.inzagedeel(oin(wie), deel).await.expect("read").expect("there").sleutel.wrap;
    let (voor, bladen) = (ligt(2, een).await, store.hoofd().await.expect("read").0);
    assert_eq!((geven(een, None).await, ligt(2, een).await), (AlGegeven, voor.clone()));
    assert_eq!(store.hoofd().await.expect("read").0, bladen);
    assert_eq!((geven(een, Some(Vervangt::Wrap)).await, ligt(2, een).await), (AlGegeven, "nieuw".to_owned()));
    assert_eq!(store.hoofd().await.expect("read").0, bladen + 1);
    assert_ne!(ligt(3, een).await, "nieuw", "another's stays");
    let liggend = async |deel| store.liggende_toegang(oin(2), deel, None).await.expect("read").expect("there");
    assert_eq!((liggend(twee).await.plek, liggend(twee).await.komt_nog), (Vervangt::BijInhoud, true));
    for plek in [Vervangt::BijInhoud, Vervangt::Wrap] {
        assert_eq!(liggend(twee).await.plek, plek, "from now on by itself");
        assert_eq!((geven(twee, Some(plek)).await, ligt(2, twee).await), (AlGegeven, "nieuw".to_owned()));
    }
    let [open] = store.open_leveringen(oin(2), 10).await.expect("read").try_into().expect("one delivery");
    let sleutel = open.delen.iter().find_map(|d| d.sleutel.clone()).expect("its key goes along");
    assert_eq!((sleutel.wrap.as_str(), sleutel.toegang.as_str()), ("nieuw", "nieuw woord"));
    let woord = Leveringsbericht::Ontvangen;
    store.leveringsbericht(oin(2), open.id, woord, "jws".to_owned(), proef.blad("ontvangst")).await.expect("written");
    assert!(store.liggende_toegang(oin(2), twee, None).await.expect("read").is_none(), "gone with its content");
}

/// What its owner gives a holder for another purpose stands beside what it has: both are delivered, each is read for its own purpose, and
/// decided again by its own decision.
pub async fn another_purpose_stands_beside_the_first(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, mee, kijken) = (proef.casus(), proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1))
        .opent(casus)
        .deel(mee, "inhoud")
        .deel(kijken, "inhoud-twee")
        .geeft(mee, oin(2), Toegangswijze::Meegeleverd)
        .geeft(kijken, oin(2), Toegangswijze::Inzage)
        .af();
    aannemen(&*store, &bericht).await;
    let feiten = Feitenstand { casus: store.zaakstand(casus).await.expect("read").stand, gids: 0 };
    let geven = async |deel, wijze, doel| {
        let basis = aanvulling(&proef, &bericht, deel, 2, feiten);
        let toegang = Some(format!("woord {doel:?}"));
        let wrap = NieuweWrap { wrap: format!("wrap {doel:?}"), toegang, wijze, ..basis.wrap };
        let levering = NieuweLevering { delen: vec![(deel, wijze)], ..basis.levering };
        store.aanvullen(Aanvulling { wrap, doel, levering, ..basis }).await.expect("answer")
    };
    let bladen = async || store.hoofd().await.expect("read").0;
    for (deel, wijze) in [(mee, Toegangswijze::Meegeleverd), (kijken, Toegangswijze::Inzage)] {
        let voor = bladen().await;
        assert_eq!(geven(deel, wijze, None).await, AlGegeven, "it has that");
        assert_eq!(bladen().await, voor);
        assert_eq!(geven(deel, wijze, Some(Doel::Strafzaak)).await, Vastgelegd);
        assert_eq!(bladen().await, voor + 1);
        assert_eq!(geven(deel, wijze, Some(Doel::Strafzaak)).await, AlGegeven, "once");
    }
    let open = store.open_leveringen(oin(2), 10).await.expect("read");
    assert_eq!(open.len(), 3, "as it was sent, and each part for the other purpose");
    let wraps = |i: usize| open[i].delen.iter().filter_map(|d| Some(d.sleutel.clone()?.wrap)).collect::<Vec<_>>();
    let ander = format!("wrap {:?}", Some(Doel::Strafzaak));
    assert_eq!((wraps(0).len(), wraps(0) == [ander.clone()]), (1, false));
    assert_eq!((wraps(1), wraps(2).len()), (vec![ander.clone()], 0));
    let ligt = async |doel| store.inzagedeel_voor(oin(2), kijken, doel).await.expect("read").expect("there").sleutel.wrap;
    assert_eq!(ligt(Some(Doel::Strafzaak)).await, ander);
    assert_ne!(ligt(None).await, ander);
    assert_ne!(ligt(Some(Doel::Analyse)).await, ander, "what was given for no other purpose is that of the part");
}

/// A wrap that only waits for nobody to read the message holds up no owner who gives that part itself: it is given now, in the owner's
/// words, and no more at the step. What else is kept for that step stays.
pub async fn an_owner_gives_what_was_kept_for_a_fallback(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, een, twee) = (proef.casus(), proef.deel(), proef.deel());
    let vanaf = proef.nu().plus(time::Duration::minutes(90));
    let bericht = Bouw::van(&proef, oin(1))
        .opent(casus)
        .acuut()
        .deel(een, "inhoud")
        .deel(twee, "inhoud-twee")
        .geeft(een, oin(2), Toegangswijze::Meegeleverd)
        .geeft(twee, oin(2), Toegangswijze::Meegeleverd)
        .valt_terug(een, oin(3), vanaf)
        .valt_terug(twee, oin(3), vanaf)
        .af();
    aannemen(&*store, &bericht).await;
    let feiten = Feitenstand { casus: store.zaakstand(casus).await.expect("read").stand, gids: 0 };
    let geven = async || store.aanvullen(aanvulling(&proef, &bericht, een, 3, feiten)).await.expect("answer");
    assert_eq!(geven().await, Vastgelegd);
    assert_eq!(geven().await, AlGegeven, "once");
    let [open] = store.open_leveringen(oin(3), 10).await.expect("read").try_into().expect("one delivery");
    let sleutel = open.delen[0].sleutel.clone().expect("its key goes along");
    assert_eq!((open.delen.len(), sleutel.wrap.as_str(), sleutel.toegang.as_str()), (1, "wrap", "jws"), "the owner's wrap");
    let straks = store.te_herzien(oin(3), 10, vanaf).await.expect("read");
    let delen: Vec<_> = straks.iter().flat_map(|t| t.onderdelen.iter().map(|o| o.deel)).collect();
    assert_eq!(delen, [Some(twee)], "the other part still waits for its step");

    // It came to its step, and somebody had read the message: what lies there is no gift.
    let leeg = Herziening {
        van: oin(1),
        bericht_id: bericht.bericht.id,
        casus: Some(casus),
        ontvanger: oin(3),
        feiten,
        beleid: Beleidsgrens::default(),
        uitkomst: Herzien::Aangehouden { blijft: Vec::new(), levering: None },
        besluiten: vec![NieuwBesluit {
            deel: Some(twee),
            ontvanger: oin(3),
            uitkomst: Uitkomst::Toestaan,
            regel: None,
            record: "{}".to_owned(),
        }],
        plichten: Vec::new(),
        zaak: Vec::new(),
        bladen: vec![proef.blad("besluit")],
    };
    assert_eq!(store.herzien(leeg).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    assert_eq!(store.aanvullen(aanvulling(&proef, &bericht, twee, 3, feiten)).await.expect("answer"), Vastgelegd);
    assert_eq!(store.open_leveringen(oin(3), 10).await.expect("read").len(), 2);
}
