//! The sender's view.

use inbreng_domain::{
    BerichtId,
    vocabulary::{Categorie, Toegangswijze},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
};
use crate::{Deelhouders, Leveringsbericht, Leveringsstaat, Store, Zaakgevolg};

/// For anyone else it does not exist (R16).
pub async fn status_is_for_the_sender_alone(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    aannemen(&*store, &bericht).await;
    let id = bericht.bericht.id;
    assert!(store.status(oin(1), id).await.expect("read").is_some());
    for vreemd in [2, 3] {
        assert!(store.status(oin(vreemd), id).await.expect("read").is_none());
    }
    assert!(store.status(oin(1), proef.bericht()).await.expect("read").is_none());
}

/// Each recipient has its own line with its own times.
pub async fn status_tells_per_recipient_what_happened(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(3)).naar(oin(2)).af();
    aannemen(&*store, &bericht).await;
    let blad = proef.blad("ontvangst");
    let toen = blad.tijd;
    let id = levering(&bericht, oin(3));
    store.leveringsbericht(oin(3), id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await.expect("write");
    let status = store.status(oin(1), bericht.bericht.id).await.expect("read").expect("the sender's");
    assert_eq!((status.id, status.aangenomen_op), (bericht.bericht.id, bericht.bericht.aangenomen_op));
    assert_eq!(status.ontvangstbewijs, bericht.bericht.ontvangstbewijs);
    let [twee, drie] = &status.leveringen[..] else { unreachable!("two recipients") };
    assert_eq!((twee.ontvanger, twee.staat, twee.afgehandeld_op), (oin(2), Leveringsstaat::Open, None));
    assert_eq!((drie.ontvanger, drie.staat, drie.afgehandeld_op), (oin(3), Leveringsstaat::Ontvangen, Some(toen)));
    assert_eq!((twee.ontvangst.as_deref(), drie.ontvangst.as_deref()), (None, Some("jws")));
    assert!(status.leveringen.iter().all(|l| l.gelezen_op.is_none() && l.beantwoord.is_none() && l.inzagen.is_empty()));
}

/// The first answer of each recipient shows; a stranger's, or one in another case, does not.
pub async fn an_answer_counts_from_a_recipient_in_the_same_case(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, andere) = (proef.casus(), proef.casus());
    let open = |c, door| Zaakgevolg::Openen { casus: c, door };
    let vraag = Bouw::van(&proef, oin(1)).opent(casus).gevolg(open(andere, oin(1))).naar(oin(2)).naar(oin(3)).af();
    aannemen(&*store, &vraag).await;
    let op = vraag.bericht.id;
    let antwoord = |van, zaak: Option<_>| {
        let bouw = Bouw::van(&proef, oin(van)).antwoord_op(op);
        match zaak {
            Some(c) => bouw.in_casus(c).op_feiten(1, 0).af(),
            None => bouw.af(),
        }
    };
    for naast in [antwoord(4, Some(casus)), antwoord(2, Some(andere)), antwoord(2, None)] {
        aannemen(&*store, &naast).await;
        assert!(beantwoord(&*store, op).await.into_iter().all(|a| a.is_none()));
    }
    let (eerste, tweede) = (antwoord(2, Some(casus)), antwoord(2, Some(casus)));
    aannemen(&*store, &eerste).await;
    aannemen(&*store, &tweede).await;
    assert_eq!(beantwoord(&*store, op).await, [Some(eerste.bericht.id), None]);
    let status = store.status(oin(1), op).await.expect("read").expect("the sender's");
    assert_eq!(status.leveringen[0].beantwoord, Some((eerste.bericht.id, eerste.bericht.aangenomen_op)));
}

async fn beantwoord(store: &dyn Store, id: BerichtId) -> Vec<Option<BerichtId>> {
    let status = store.status(oin(1), id).await.expect("read").expect("the sender's");
    status.leveringen.into_iter().map(|l| l.beantwoord.map(|(id, _)| id)).collect()
}

/// A part is known by who got it, also when its content has left; an unknown part by nothing.
pub async fn who_got_a_part_is_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (casus, deel, ander) = (proef.casus(), proef.deel(), proef.deel());
    let een = Bouw::van(&proef, oin(1))
        .opent(casus)
        .deel(deel, "inhoud")
        .deel(ander, "andere inhoud")
        .geeft(deel, oin(2), Toegangswijze::Meegeleverd)
        .geeft(deel, oin(3), Toegangswijze::Inzage)
        .geeft(ander, oin(4), Toegangswijze::Meegeleverd)
        .naar(oin(5))
        .af();
    aannemen(&*store, &een).await;
    let mut gevonden = store.deelhouders(deel).await.expect("read").expect("a part");
    gevonden.houders.sort();
    gevonden.bereikt.sort();
    let verwacht = Deelhouders {
        van: oin(1),
        bericht: een.bericht.id,
        casus: Some(casus),
        categorie: Categorie::Incident,
        houders: vec![oin(2), oin(3)],
        bereikt: vec![oin(2), oin(3)],
    };
    assert_eq!(gevonden, verwacht);
    assert!(store.deelhouders(proef.deel()).await.expect("read").is_none());
    // Of its recipients each by its own parts; of another's message nothing.
    for (wie, delen) in [(2, vec![deel]), (4, vec![ander]), (5, vec![]), (1, vec![])] {
        assert_eq!(store.gekregen_delen(oin(1), een.bericht.id, oin(wie)).await.expect("read"), delen, "{wie}");
    }
    assert!(store.gekregen_delen(oin(2), een.bericht.id, oin(3)).await.expect("read").is_empty());
}

/// All messages under an id, each with who got it.
pub async fn what_an_answer_refers_to_is_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let casus = proef.casus();
    let een = Bouw::van(&proef, oin(5)).opent(casus).naar(oin(3)).naar(oin(2)).af();
    let mut twee = Bouw::van(&proef, oin(1)).af();
    twee.bericht.id = een.bericht.id;
    aannemen(&*store, &een).await;
    aannemen(&*store, &twee).await;
    assert!(store.beantwoord(proef.bericht()).await.expect("read").is_empty());
    let mut gevonden = store.beantwoord(een.bericht.id).await.expect("read");
    let [eerste, tweede] = &mut gevonden[..] else { unreachable!("two messages") };
    eerste.ontvangers.sort();
    assert_eq!((eerste.van, eerste.casus, &eerste.ontvangers), (oin(5), Some(casus), &vec![oin(2), oin(3)]));
    eerste.bereikt.sort();
    assert_eq!(eerste.bereikt, eerste.ontvangers);
    assert_eq!(eerste.berichttype, een.bericht.berichttype);
    assert_eq!(eerste.baan, Some(een.bericht.urgentie), "the lane in which they got it");
    assert_eq!((tweede.van, tweede.casus, tweede.ontvangers.len(), tweede.baan), (oin(1), None, 0, None));
}
