//! Directory statements.

use inbreng_domain::gids::{Gidsvermelding, Medeondertekend};

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
        gids: Gidsvermelding { vermelding: medeondertekend(tekst), sleutels: vec![medeondertekend("sleutel")] },
    };
    for (n, tekst) in [(2, "twee"), (1, "een"), (2, "twee opnieuw")] {
        store.gids_bijwerken(regel(n, tekst), proef.blad("vermelding")).await.expect("write");
    }
    let (mut regels, stand) = store.gids().await.expect("read");
    regels.sort_by_key(|r| r.oin);
    let namen: Vec<_> = regels.iter().map(|r| (r.oin, r.gids.vermelding.verklaring.as_str())).collect();
    assert_eq!(namen, [(oin(1), "een"), (oin(2), "twee opnieuw")]);
    assert_eq!(regels[0].gids.sleutels, [medeondertekend("sleutel")]);
    assert_eq!(store.hoofd().await.expect("read").0, 3);

    let verouderd = Bouw::van(&proef, oin(1)).op_feiten(0, stand - 1).af();
    assert_eq!(store.aannemen(verouderd).await.expect("write"), Aannameuitslag::Verouderd);
    aannemen(&*store, &Bouw::van(&proef, oin(1)).op_feiten(0, stand).af()).await;
    drop(store);
    assert_eq!(plek.openen().await.gids().await.expect("read").1, stand);
}
