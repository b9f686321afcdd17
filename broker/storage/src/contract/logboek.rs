//! The log, against the definitions of RFC 6962 §2.1 written out as they stand there: slow, and nobody's optimisation.

use inbreng_domain::Digest;
use sha2::{Digest as _, Sha256};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, oin},
};

/// MTH(D[n]).
pub(super) fn wortel_van(bladen: &[Digest]) -> Digest {
    match bladen {
        [] => Digest::from_bytes(Sha256::digest(b"").into()),
        [blad] => *blad,
        _ => {
            let (links, rechts) = bladen.split_at(helft(bladen.len()));
            let hash = Sha256::new().chain_update([1]).chain_update(wortel_van(links).as_bytes());
            Digest::from_bytes(hash.chain_update(wortel_van(rechts).as_bytes()).finalize().into())
        }
    }
}

/// The largest power of two smaller than `n`.
const fn helft(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// PATH(m, D[n]).
fn pad_van(m: usize, bladen: &[Digest]) -> Vec<Digest> {
    if bladen.len() == 1 {
        return Vec::new();
    }
    let (links, rechts) = bladen.split_at(helft(bladen.len()));
    let (mut pad, naast) = match m.checked_sub(links.len()) {
        None => (pad_van(m, links), rechts),
        Some(m) => (pad_van(m, rechts), links),
    };
    pad.push(wortel_van(naast));
    pad
}

/// SUBPROOF(m, D[n], b).
fn samenhang_van(m: usize, bladen: &[Digest], heel: bool) -> Vec<Digest> {
    if m == bladen.len() {
        return if heel { Vec::new() } else { vec![wortel_van(bladen)] };
    }
    let (links, rechts) = bladen.split_at(helft(bladen.len()));
    let (mut bewijs, naast) = match m.checked_sub(links.len()).filter(|rest| *rest > 0) {
        None => (samenhang_van(m, links, heel), rechts),
        Some(rest) => (samenhang_van(rest, rechts, false), links),
    };
    bewijs.push(wortel_van(naast));
    bewijs
}

/// From 0, in the order given, whatever wrote them; readable in pieces.
pub async fn leaves_are_numbered_without_gaps(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.hoofd().await.expect("read"), (0, wortel_van(&[])));
    assert!(store.bladen(0, 10).await.expect("read").is_empty());
    assert_eq!(store.soort_vanaf().await.expect("read"), 0, "of a new log every leaf");
    let eerste: Vec<_> = (0..3).map(|_| proef.blad("toets")).collect();
    store.bladen_toevoegen(eerste.clone()).await.expect("write");
    store.bladen_toevoegen(Vec::new()).await.expect("write");
    let bericht = Bouw::van(&proef, oin(1)).af();
    aannemen(&*store, &bericht).await;
    let verwacht: Vec<_> = eerste.iter().chain(&bericht.bladen).collect();
    let bladen = store.bladen(0, 10).await.expect("read");
    assert_eq!(bladen.len(), 4);
    for (index, (blad, gegeven)) in (0u64..).zip(bladen.iter().zip(verwacht)) {
        assert_eq!((blad.index, &blad.soort, &blad.record), (index, &gegeven.soort, &gegeven.record));
        assert_eq!((blad.zout, blad.hash, blad.tijd), (gegeven.zout, gegeven.hash, gegeven.tijd));
        assert_eq!(store.bladindex(blad.hash).await.expect("read"), Some(index));
    }
    assert_eq!(store.bladindex(proef.blad("toets").hash).await.expect("read"), None);
    assert_eq!(store.bladen(1, 2).await.expect("read"), bladen[1..3]);
    assert!(store.bladen(4, 10).await.expect("read").is_empty());
    assert!(store.bladen(u64::MAX, 10).await.expect("read").is_empty());
}

/// Inclusion of every leaf and consistency between all sizes, in a tree that grew in steps of many sizes.
pub async fn proofs_hold_for_every_leaf_at_every_size(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let mut bladen = Vec::new();
    for stap in [1, 1, 2, 3, 5, 1, 8, 12] {
        let nieuw: Vec<_> = (0..stap).map(|_| proef.blad("toets")).collect();
        bladen.extend(nieuw.iter().map(|b| b.hash));
        store.bladen_toevoegen(nieuw).await.expect("write");
        let hoofd = store.hoofd().await.expect("read");
        assert_eq!(hoofd, (bladen.len() as u64, wortel_van(&bladen)), "head at {}", bladen.len());
    }
    for omvang in 1..=bladen.len() {
        for index in 0..omvang {
            let bewijs = store.insluitingsbewijs(index as u64, omvang as u64).await.expect("read");
            assert_eq!(bewijs, Some(pad_van(index, &bladen[..omvang])), "leaf {index} of {omvang}");
        }
        for van in 1..=omvang {
            let bewijs = store.samenhangbewijs(van as u64, omvang as u64).await.expect("read");
            assert_eq!(bewijs, Some(samenhang_van(van, &bladen[..omvang], true)), "from {van} to {omvang}");
        }
    }
    // A large step over several levels at once.
    let nieuw: Vec<_> = (0..300).map(|_| proef.blad("toets")).collect();
    bladen.extend(nieuw.iter().map(|b| b.hash));
    store.bladen_toevoegen(nieuw).await.expect("write");
    assert_eq!(store.hoofd().await.expect("read"), (333, wortel_van(&bladen)));
    for index in [0, 32, 33, 255, 256, 320, 332] {
        assert_eq!(store.insluitingsbewijs(index as u64, 333).await.expect("read"), Some(pad_van(index, &bladen)));
    }
    assert_eq!(store.samenhangbewijs(33, 333).await.expect("read"), Some(samenhang_van(33, &bladen, true)));
}

/// Nodes are given in the order in which they are asked; what is not complete is not stored.
pub async fn nodes_are_given_in_their_places(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let nieuw: Vec<_> = (0..5).map(|_| proef.blad("toets")).collect();
    let bladen: Vec<Digest> = nieuw.iter().map(|b| b.hash).collect();
    store.bladen_toevoegen(nieuw).await.expect("write");
    assert_eq!(store.knopen(&[]).await.expect("read"), []);
    let knopen = store.knopen(&[(2, 0), (0, 4), (1, 2), (1, 1), (0, 5), (3, 0)]).await.expect("read");
    let wortel = |deel: &[Digest]| Some(*wortel_van(deel).as_bytes());
    let verwacht = [wortel(&bladen[..4]), Some(*bladen[4].as_bytes()), None, wortel(&bladen[2..4]), None, None];
    assert_eq!(knopen, verwacht);
}

/// There is no proof of what is not there.
pub async fn proofs_out_of_range_are_none(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.insluitingsbewijs(0, 0).await.expect("read"), None);
    store.bladen_toevoegen((0..5).map(|_| proef.blad("toets")).collect()).await.expect("write");
    for (index, omvang) in [(5, 5), (0, 6), (0, 0), (4, 4), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        assert_eq!(store.insluitingsbewijs(index, omvang).await.expect("read"), None, "{index} {omvang}");
    }
    for (van, naar) in [(5, 6), (4, 3), (1, u64::MAX), (6, 6)] {
        assert_eq!(store.samenhangbewijs(van, naar).await.expect("read"), None, "{van} {naar}");
    }
    assert_eq!(store.samenhangbewijs(0, 5).await.expect("read"), Some(Vec::new()), "nothing precedes everything");
}
