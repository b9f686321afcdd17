//! Looking back.

use inbreng_domain::vocabulary::Toegangswijze::Meegeleverd;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, oin},
};
use crate::{HERSTELBLADEN, Zending};

/// Leaves of the kinds that are asked, in order, by the page, each with its moment.
pub async fn leaves_are_found_by_kind(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let bladen: Vec<_> = ["toets", "ontvangst", "besluit", "toets"].map(|soort| proef.blad(soort)).to_vec();
    store.bladen_toevoegen(bladen.clone()).await.expect("write");
    let alle = store.bladen_van(&["toets", "besluit"], 0, 9).await.expect("read");
    assert_eq!(alle.iter().map(|b| b.index).collect::<Vec<_>>(), [0, 2, 3]);
    for gevonden in &alle {
        let gegeven = &bladen[usize::try_from(gevonden.index).expect("small")];
        assert_eq!((&gevonden.record, gevonden.tijd), (&gegeven.record, gegeven.tijd));
        assert_eq!((&gevonden.soort, gevonden.hash), (&gegeven.soort, gegeven.hash));
    }
    assert_eq!(store.bladen_van(&["toets", "besluit"], 1, 1).await.expect("read"), alle[1..2]);
    assert_eq!(store.bladen_van(&["inzage"], 0, 9).await.expect("read"), []);
    assert_eq!(store.bladen_van(&[], 0, 9).await.expect("read"), []);
    assert_eq!(store.bladen_van(&["toets"], u64::MAX, 9).await.expect("read"), []);
}

/// What a restoration left in the log is found, in order, and nothing else.
pub async fn leaves_of_a_restoration_are_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.herstelbladen().await.expect("read"), []);
    let bladen: Vec<_> =
        ["toets", "herstel", "bericht", "nazending", "heropening", "nazending", "herstel"].map(|s| proef.blad(s)).into();
    store.bladen_toevoegen(bladen).await.expect("write");
    let gevonden = store.herstelbladen().await.expect("read");
    assert_eq!(gevonden.iter().map(|b| b.index).collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
    assert_eq!(gevonden, store.bladen_van(&HERSTELBLADEN, 0, 9).await.expect("read"));
}

/// A part counts as sent for those it was decided on, by its owner, and for nobody else.
pub async fn what_was_sent_is_found(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let (deel, nooit) = (proef.deel(), proef.deel());
    let bericht = Bouw::van(&proef, oin(1)).deel(deel, "een").geeft(deel, oin(2), Meegeleverd).weigert(deel, oin(3), 8).af();
    aannemen(&*store, &bericht).await;
    let zending = |eigenaar, deel, ontvanger| Zending { eigenaar: oin(eigenaar), deel, ontvanger: oin(ontvanger) };
    let gevraagd = [zending(1, deel, 4), zending(1, deel, 2), zending(2, deel, 2), zending(1, nooit, 2), zending(1, deel, 3)];
    let op = Some(bericht.bericht.aangenomen_op);
    assert_eq!(store.verzonden(&gevraagd).await.expect("read"), [None, op, None, None, op]);
    assert_eq!(store.verzonden(&[]).await.expect("read"), []);
}
