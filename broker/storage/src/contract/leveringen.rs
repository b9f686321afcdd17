//! The recipient's words: received, read, refused, and what then leaves the store (R40).

use inbreng_domain::{
    receipts::Weigeringscode,
    vocabulary::Toegangswijze::{Inzage, Meegeleverd},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
};
use crate::{Leveringsbericht, Leveringsstaat, Leveringsuitslag, Store};

async fn zegt(
    store: &dyn Store,
    proef: &Proef,
    (ontvanger, levering): (u32, inbreng_domain::LeveringId),
    wat: Leveringsbericht,
) -> Leveringsuitslag {
    let blad = proef.blad("ontvangst");
    store.leveringsbericht(oin(ontvanger), levering, wat, "een.ondertekend.woord".to_owned(), blad).await.expect("write")
}

/// Repetition changes nothing, and nobody signs for another.
pub async fn a_receipt_counts_once_and_only_from_its_recipient(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).naar(oin(3)).af();
    aannemen(&*store, &bericht).await;
    let id = levering(&bericht, oin(2));
    let kop = store.levering(oin(2), id).await.expect("read").expect("its delivery");
    assert_eq!((kop.van, kop.bericht_id, kop.staat), (oin(1), bericht.bericht.id, Leveringsstaat::Open));
    assert_eq!((kop.bericht, kop.delen), (bericht.bericht.bericht.clone(), Vec::new()));
    for vreemd in [1, 3] {
        assert!(store.levering(oin(vreemd), id).await.expect("read").is_none());
        assert_eq!(zegt(&*store, &proef, (vreemd, id), Leveringsbericht::Ontvangen).await, Leveringsuitslag::Onbekend);
    }
    assert_eq!(zegt(&*store, &proef, (2, proef.levering()), Leveringsbericht::Ontvangen).await, Leveringsuitslag::Onbekend);
    assert_eq!(store.hoofd().await.expect("read").0, 1, "what is not written leaves no leaf");

    assert_eq!(zegt(&*store, &proef, (2, id), Leveringsbericht::Ontvangen).await, Leveringsuitslag::Vastgelegd);
    assert_eq!(store.hoofd().await.expect("read").0, 2);
    assert_eq!(zegt(&*store, &proef, (2, id), Leveringsbericht::Ontvangen).await, Leveringsuitslag::AlVastgelegd);
    let weigering = Leveringsbericht::Geweigerd(Weigeringscode::TypeOnbekend);
    assert_eq!(zegt(&*store, &proef, (2, id), weigering).await, Leveringsuitslag::Afgesloten);
    assert_eq!(store.hoofd().await.expect("read").0, 2);
    assert_eq!(store.levering(oin(2), id).await.expect("read").expect("its delivery").staat, Leveringsstaat::Ontvangen);
    assert!(store.open_leveringen(oin(2), 9).await.expect("read").is_empty());
    assert_eq!(store.open_leveringen(oin(3), 9).await.expect("read").len(), 1);
    assert_eq!(store.tellingen().await.expect("read").open, 1);
}

/// A refused delivery is over; the first reason stands.
pub async fn a_refusal_ends_a_delivery(plek: &dyn Plek) {
    use Weigeringscode::{NietTeOpenen, TypeOnbekend};
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    aannemen(&*store, &bericht).await;
    let id = (2, levering(&bericht, oin(2)));
    assert_eq!(zegt(&*store, &proef, id, Leveringsbericht::Geweigerd(NietTeOpenen)).await, Leveringsuitslag::Vastgelegd);
    assert_eq!(zegt(&*store, &proef, id, Leveringsbericht::Geweigerd(NietTeOpenen)).await, Leveringsuitslag::AlVastgelegd);
    for later in [Leveringsbericht::Geweigerd(TypeOnbekend), Leveringsbericht::Ontvangen, Leveringsbericht::Gelezen] {
        assert_eq!(zegt(&*store, &proef, id, later).await, Leveringsuitslag::Afgesloten);
    }
    assert!(store.open_leveringen(oin(2), 9).await.expect("read").is_empty());
    assert_eq!(store.tellingen().await.expect("read").open, 0);
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("the sender's");
    assert_eq!(status.leveringen[0].weigering, Some(NietTeOpenen));
}

/// The first reading counts, before or after the receipt.
pub async fn a_reading_by_a_human_counts_once(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).naar(oin(3)).af();
    aannemen(&*store, &bericht).await;
    let (een, ander) = ((2, levering(&bericht, oin(2))), (3, levering(&bericht, oin(3))));
    assert_eq!(zegt(&*store, &proef, een, Leveringsbericht::Ontvangen).await, Leveringsuitslag::Vastgelegd);
    assert_eq!(zegt(&*store, &proef, een, Leveringsbericht::Gelezen).await, Leveringsuitslag::Vastgelegd);
    let gelezen = |s: crate::Berichtstatus, n: usize| s.leveringen[n].gelezen_op;
    let eerst = gelezen(store.status(oin(1), bericht.bericht.id).await.expect("read").expect("status"), 0);
    assert!(eerst.is_some());
    assert_eq!(zegt(&*store, &proef, een, Leveringsbericht::Gelezen).await, Leveringsuitslag::AlVastgelegd);
    assert_eq!(gelezen(store.status(oin(1), bericht.bericht.id).await.expect("read").expect("status"), 0), eerst);

    assert_eq!(zegt(&*store, &proef, ander, Leveringsbericht::Gelezen).await, Leveringsuitslag::Vastgelegd);
    assert_eq!(store.open_leveringen(oin(3), 9).await.expect("read").len(), 1, "only a receipt ends a delivery");
    assert_eq!(zegt(&*store, &proef, ander, Leveringsbericht::Ontvangen).await, Leveringsuitslag::Vastgelegd);
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("status");
    assert!(status.leveringen[1].gelezen_op.is_some() && status.leveringen[1].afgehandeld_op.is_some());
}

/// Whoever still waits gets the whole; after the last receipt nothing is left to hand out, but the view-only key (R40).
pub async fn ciphertext_leaves_after_the_last_receipt(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let deel = proef.deel();
    let bericht = Bouw::van(&proef, oin(1))
        .deel(deel, "verzegeld")
        .geeft(deel, oin(2), Meegeleverd)
        .geeft(deel, oin(3), Inzage)
        .geeft(deel, oin(4), Meegeleverd)
        .af();
    aannemen(&*store, &bericht).await;
    for ontvanger in [2, 3] {
        let id = (ontvanger, levering(&bericht, oin(ontvanger)));
        assert_eq!(zegt(&*store, &proef, id, Leveringsbericht::Ontvangen).await, Leveringsuitslag::Vastgelegd);
    }
    let open = store.open_leveringen(oin(4), 9).await.expect("read");
    assert_eq!(open[0].delen[0].inhoud, "verzegeld");
    assert!(open[0].delen[0].sleutel.is_some());
    assert!(store.inzagedeel(oin(2), deel).await.expect("read").is_some());

    let id = (4, levering(&bericht, oin(4)));
    assert_eq!(zegt(&*store, &proef, id, Leveringsbericht::Ontvangen).await, Leveringsuitslag::Vastgelegd);
    for ontvanger in [2, 4] {
        assert!(store.inzagedeel(oin(ontvanger), deel).await.expect("read").is_none(), "the wrap has left");
    }
    let inzage = store.inzagedeel(oin(3), deel).await.expect("read").expect("the view-only wrap stays");
    assert_eq!((inzage.wijze, inzage.van, &inzage.labels), (Inzage, oin(1), &bericht.delen[0].labels));
    assert_eq!(inzage.sleutel.toegang, format!("toegang-{deel}-{}", oin(3)));
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("the evidence stays");
    assert!(status.leveringen.iter().all(|l| l.staat == Leveringsstaat::Ontvangen));
}
