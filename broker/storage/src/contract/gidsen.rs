//! Directory statements.

use inbreng_domain::{
    Digest,
    gids::{Gidsvermelding, Medeondertekend},
};

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, oin},
};
use crate::{Aannameuitslag, Gidsregel};

/// The newest statements of each partner; every change moves the facts of every decision.
pub async fn the_directory_replaces_and_moves_the_facts(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert!(matches!(store.gids().await.expect("read"), (regels, 0) if regels.is_empty()));
    let medeondertekend =
        |tekst: &str| Medeondertekend { verklaring: tekst.to_owned(), medeondertekening: format!("mede-{tekst}") };
    let regel = |n, tekst: &str| Gidsregel {
        oin: oin(n),
        gids: Gidsvermelding {
            vermelding: medeondertekend(tekst),
            sleutels: vec![medeondertekend("sleutel").into()],
            bevriezingen: Vec::new(),
        },
    };
    for (n, tekst) in [(2, "twee"), (1, "een"), (2, "twee opnieuw")] {
        store.gids_bijwerken(regel(n, tekst), proef.blad("vermelding")).await.expect("write");
    }
    let (mut regels, stand) = store.gids().await.expect("read");
    regels.sort_by_key(|r| r.oin);
    let namen: Vec<_> = regels.iter().map(|r| (r.oin, r.gids.vermelding.verklaring.as_str())).collect();
    assert_eq!(namen, [(oin(1), "een"), (oin(2), "twee opnieuw")]);
    assert_eq!(regels[0].gids.sleutels, [medeondertekend("sleutel").into()]);
    assert_eq!(store.hoofd().await.expect("read").0, 3);

    let verouderd = Bouw::van(&proef, oin(1)).op_feiten(0, stand - 1).af();
    assert_eq!(store.aannemen(verouderd).await.expect("write"), Aannameuitslag::Verouderd);
    aannemen(&*store, &Bouw::van(&proef, oin(1)).op_feiten(0, stand).af()).await;
    drop(store);
    assert_eq!(plek.openen().await.gids().await.expect("read").1, stand);
}

/// A freeze stands for ever: what replaces the statements beside it takes nothing away, and moves every decision.
pub async fn a_frozen_key_stays_frozen(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let beide = |tekst: &str| Medeondertekend { verklaring: tekst.to_owned(), medeondertekening: format!("mede-{tekst}") };
    let regel = |n, tekst: &str| Gidsregel {
        oin: oin(n),
        gids: Gidsvermelding { vermelding: beide(tekst), sleutels: Vec::new(), bevriezingen: Vec::new() },
    };
    for n in [1, 2] {
        store.gids_bijwerken(regel(n, "een"), proef.blad("vermelding")).await.expect("write");
    }
    let voor = store.gids().await.expect("read").1;
    for (tekst, digest) in [("a", [1; 32]), ("b", [2; 32]), ("a", [1; 32])] {
        let digest = Digest::from_bytes(digest);
        store.sleutel_bevriezen(oin(1), digest, tekst.to_owned(), proef.blad("bevriezing")).await.expect("write");
    }
    let verouderd = Bouw::van(&proef, oin(1)).op_feiten(0, voor).af();
    assert_eq!(store.aannemen(verouderd).await.expect("write"), Aannameuitslag::Verouderd);
    store.gids_bijwerken(regel(1, "twee"), proef.blad("vermelding")).await.expect("write");
    drop(store);
    let mut regels = plek.openen().await.gids().await.expect("read").0;
    regels.sort_by_key(|r| r.oin);
    assert_eq!(regels[0].gids.vermelding, beide("twee"));
    assert_eq!(
        (regels[0].gids.bevriezingen.as_slice(), regels[1].gids.bevriezingen.len()),
        (&["a".to_owned(), "b".to_owned()][..], 0)
    );
}
