//! The mailbox: order, lanes, and each recipient its own.

use inbreng_domain::vocabulary::{
    Toegangswijze::{Inzage, Meegeleverd},
    Urgentie,
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, levering, oin},
};
use crate::{Leveringsbericht, POSTVAK_BYTES, Postvakplek, Wrap};

/// The acute lane first; within a lane as it was accepted.
pub async fn acute_first_then_in_order_of_acceptance(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut ids = Vec::new();
    for n in 0..6 {
        let bouw = Bouw::van(&proef, oin(n)).naar(oin(9)).naar(oin(8));
        let bericht = if n % 3 == 2 { Bouw::van(&proef, oin(n)).acuut().naar(oin(9)).naar(oin(8)) } else { bouw }.af();
        ids.push(bericht.bericht.id);
        aannemen(&*store, &bericht).await;
    }
    let open = store.open_leveringen(oin(9), 10).await.expect("read");
    assert_eq!(open.iter().map(|l| l.bericht_id).collect::<Vec<_>>(), [ids[2], ids[5], ids[0], ids[1], ids[3], ids[4]]);
    assert_eq!(open.iter().filter(|l| l.baan == Urgentie::Acuut).count(), 2);
    assert!(open[..2].is_sorted_by_key(|l| l.volgnummer) && open[2..].is_sorted_by_key(|l| l.volgnummer));
    assert!(store.open_leveringen(oin(7), 10).await.expect("read").is_empty());

    // Received out of order, the rest keeps its place.
    let woord = Leveringsbericht::Ontvangen;
    store.leveringsbericht(oin(9), open[3].id, woord, "jws".to_owned(), proef.blad("ontvangst")).await.expect("write");
    let open = store.open_leveringen(oin(9), 10).await.expect("read");
    assert_eq!(open.iter().map(|l| l.bericht_id).collect::<Vec<_>>(), [ids[2], ids[5], ids[0], ids[3], ids[4]]);
    assert_eq!(store.open_leveringen(oin(8), 10).await.expect("read").len(), 6, "another's receipt is not this one's");
}

/// Behind a place in the mailbox stands what came later in each lane, whatever stays open before it.
pub async fn behind_a_place_stands_what_came_later(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut ids = Vec::new();
    for n in 0..6 {
        let bouw = Bouw::van(&proef, oin(1));
        let bericht = if n % 3 == 2 { bouw.acuut() } else { bouw }.naar(oin(9)).naar(oin(8)).af();
        ids.push(bericht.bericht.id);
        aannemen(&*store, &bericht).await;
    }
    let mut na = Postvakplek::default();
    for verwacht in [&[ids[2], ids[5], ids[0]][..], &[ids[1], ids[3], ids[4]], &[]] {
        let open = store.open_leveringen_na(oin(9), na, 3).await.expect("read");
        assert_eq!(open.iter().map(|l| l.bericht_id).collect::<Vec<_>>(), verwacht);
        na = open.iter().fold(na, Postvakplek::na);
    }
    let (gewoon, acuut) = (Bouw::van(&proef, oin(1)).naar(oin(9)).af(), Bouw::van(&proef, oin(1)).acuut().naar(oin(9)).af());
    aannemen(&*store, &gewoon).await;
    aannemen(&*store, &acuut).await;
    let open = store.open_leveringen_na(oin(9), na, 3).await.expect("read");
    assert_eq!(open.iter().map(|l| l.bericht_id).collect::<Vec<_>>(), [acuut.bericht.id, gewoon.bericht.id]);
    assert_eq!(store.open_leveringen(oin(9), 10).await.expect("read").len(), 8, "from the beginning everything that is open");
}

/// Two recipients of one message get different parts; neither can see from its bytes that there was more.
pub async fn a_recipient_gets_its_own_and_nothing_else(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (gedeeld, alleen, inzien) = (proef.deel(), proef.deel(), proef.deel());
    let casus = proef.casus();
    let bericht = Bouw::van(&proef, oin(1))
        .opent(casus)
        .deel(gedeeld, r#"{"ciphertext":"gedeeld \" \\ é"}"#)
        .deel(alleen, "alleen")
        .deel(inzien, "inzien")
        .geeft(inzien, oin(2), Inzage)
        .geeft(gedeeld, oin(2), Meegeleverd)
        .geeft(gedeeld, oin(3), Meegeleverd)
        .geeft(alleen, oin(3), Meegeleverd)
        .weigert(alleen, oin(2), 8)
        .af();
    aannemen(&*store, &bericht).await;

    let open = store.open_leveringen(oin(2), 10).await.expect("read");
    assert_eq!(open.len(), 1);
    let een = &open[0];
    assert_eq!((een.id, een.van, een.bericht_id), (levering(&bericht, oin(2)), oin(1), bericht.bericht.id));
    assert_eq!((&een.bericht, &een.bron), (&bericht.bericht.bericht, &bericht.bericht.bron), "byte for byte");
    assert_eq!((een.casus, een.aangenomen_op), (Some(casus), bericht.bericht.aangenomen_op));
    assert_eq!(een.berichttype, bericht.bericht.berichttype);
    assert_eq!(een.besluiten, bericht.leveringen[0].besluiten);
    assert_eq!(
        een.delen.iter().map(|d| d.inhoud.as_str()).collect::<Vec<_>>(),
        ["inzien", r#"{"ciphertext":"gedeeld \" \\ é"}"#]
    );
    assert_eq!(een.delen[0].sleutel, None, "a view-only part comes without its key");
    let wrap = Wrap { wrap: format!(r#"{{"wrap":"{gedeeld}-{}"}}"#, oin(2)), toegang: format!("toegang-{gedeeld}-{}", oin(2)) };
    assert_eq!(een.delen[1].sleutel, Some(wrap));
    assert_eq!(een.delen[1].labels, bericht.delen[0].labels);
    assert_eq!(een.delen[1].eigenaarsbewijs, bericht.delen[0].eigenaarsbewijs);
    for vreemd in [alleen.to_string(), oin(3).to_string()] {
        assert!(!format!("{een:?}").contains(&vreemd), "nothing of what is not its own");
    }
    let ander = &store.open_leveringen(oin(3), 10).await.expect("read")[0];
    assert_eq!(ander.delen.iter().map(|d| d.inhoud.as_str()).collect::<Vec<_>>()[1], "alleen");
    assert!(!format!("{ander:?}").contains(&oin(2).to_string()));
}

/// A look brings as many as were asked, and not more bytes than fit.
pub async fn a_mailbox_has_limits(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    // Three of these are more than a look may bring.
    let groot = "x".repeat(usize::try_from(POSTVAK_BYTES / 2 - 10_000).expect("fits"));
    for _ in 0..3 {
        let deel = proef.deel();
        aannemen(&*store, &Bouw::van(&proef, oin(1)).deel(deel, &groot).geeft(deel, oin(2), Meegeleverd).af()).await;
        aannemen(&*store, &Bouw::van(&proef, oin(1)).naar(oin(3)).af()).await;
    }
    assert_eq!(store.open_leveringen(oin(3), 2).await.expect("read").len(), 2);
    assert_eq!(store.open_leveringen(oin(2), 10).await.expect("read").len(), 2, "the third does not fit");
    // One that alone is too large comes all the same.
    let deel = proef.deel();
    let reus = "x".repeat(usize::try_from(POSTVAK_BYTES + 1).expect("fits"));
    aannemen(&*store, &Bouw::van(&proef, oin(1)).deel(deel, &reus).geeft(deel, oin(4), Meegeleverd).af()).await;
    assert_eq!(store.open_leveringen(oin(4), 10).await.expect("read")[0].delen[0].inhoud.len(), reus.len());
}
