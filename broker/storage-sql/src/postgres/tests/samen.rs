//! Several processes on one database: one log, one truth about who was first, nothing taken twice.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use inbreng_domain::{
    Tijdstip,
    vocabulary::{Deelname, Toegangswijze::Meegeleverd, Urgentie},
    zaak::Deelnemer,
};
use inbreng_proof::merkle;
use inbreng_storage::{
    Aannameuitslag, Berichten, Bezorgingen, Greep, Leveringen, Logboek, StoreError, Terugroepregel, Zaakgevolg, Zaken,
    contract::{Bouw, Proef, oin},
};
use tokio::task::JoinSet;

use super::{
    super::{Grenzen, open_met},
    contract::{Basis, klok},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn two_processes_number_one_log() {
    let (basis, proef) = (Basis::nieuw().await, Arc::new(Proef::default()));
    let stores = [Arc::new(basis.store().await), Arc::new(basis.store().await), Arc::new(basis.store().await)];
    let mut taken = JoinSet::new();
    for n in 0..300 {
        let (store, proef) = (Arc::clone(&stores[n % 3]), Arc::clone(&proef));
        taken.spawn(async move {
            let deel = proef.deel();
            let bericht = Bouw::van(&proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
            assert_eq!(store.aannemen(bericht).await.unwrap(), Aannameuitslag::Aangenomen);
        });
    }
    taken.join_all().await;
    for store in &stores {
        let bladen = store.bladen(0, u32::MAX).await.unwrap();
        assert!(bladen.iter().map(|b| b.index).eq(0..300), "without gaps");
        let hashes: Vec<_> = bladen.iter().map(|b| *b.hash.as_bytes()).collect();
        let knopen = merkle::append(&std::collections::HashMap::new(), 0, &hashes).unwrap();
        let knopen: std::collections::HashMap<_, _> = knopen.into_iter().map(|k| ((k.level, k.index), k.hash)).collect();
        assert_eq!(store.hoofd().await.unwrap(), (300, merkle::root(&knopen, 300).unwrap()));
        assert_eq!(store.tellingen().await.unwrap().open, 300);
        let open = store.open_leveringen(oin(2), u32::MAX).await.unwrap();
        assert_eq!(open.iter().map(|l| l.id).collect::<BTreeSet<_>>().len(), 300);
        assert!(open.is_sorted_by_key(|l| l.plek));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn one_message_at_two_processes_is_accepted_once() {
    let (basis, proef) = (Basis::nieuw().await, Proef::default());
    let stores = [Arc::new(basis.store().await), Arc::new(basis.store().await)];
    let mut eerst = 0;
    for _ in 0..40 {
        let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
        let mut taken = JoinSet::new();
        for store in &stores {
            let (store, bericht) = (Arc::clone(store), bericht.clone());
            taken.spawn(async move { store.aannemen(bericht).await.unwrap() });
        }
        let uitslagen = taken.join_all().await;
        eerst += uitslagen.iter().filter(|u| **u == Aannameuitslag::Aangenomen).count();
        assert!(uitslagen.iter().any(|u| matches!(u, Aannameuitslag::AlAanwezig { .. })), "{uitslagen:?}");
    }
    assert_eq!(eerst, 40);
}

/// Of two messages that rest on the same facts one moves them: the other is told, whichever process it came to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn facts_that_move_at_one_process_stop_the_other() {
    let (basis, proef) = (Basis::nieuw().await, Proef::default());
    let stores = [Arc::new(basis.store().await), Arc::new(basis.store().await)];
    let (mut aangenomen, mut verouderd) = (0, 0);
    for _ in 0..20 {
        let casus = proef.casus();
        stores[0].aannemen(Bouw::van(&proef, oin(1)).opent(casus).af()).await.unwrap();
        let stand = stores[1].zaakstand(casus).await.unwrap().stand;
        let mut taken = JoinSet::new();
        for (n, store) in stores.iter().enumerate() {
            let partner = oin(2 + u32::try_from(n).unwrap());
            let deelnemer = Deelnemer::doorlopend(partner, Deelname::Ja);
            let gevolg = Zaakgevolg::Deelnemer { casus, deelnemer };
            let bericht = Bouw::van(&proef, oin(1)).in_casus(casus).op_feiten(stand, 0).gevolg(gevolg).af();
            let store = Arc::clone(store);
            taken.spawn(async move { store.aannemen(bericht).await.unwrap() });
        }
        for uitslag in taken.join_all().await {
            match uitslag {
                Aannameuitslag::Aangenomen => aangenomen += 1,
                Aannameuitslag::Verouderd => verouderd += 1,
                anders => panic!("{anders:?}"),
            }
        }
    }
    assert_eq!((aangenomen, verouderd), (20, 20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_delivery_is_taken_by_one_process() {
    let (basis, proef) = (Basis::nieuw().await, Proef::default());
    let stores = [Arc::new(basis.store().await), Arc::new(basis.store().await)];
    let regel = Terugroepregel { oin: oin(2), volgnummer: 1, actief: true, record: "{}".to_owned() };
    stores[0].terugroep_plaatsen(regel, proef.blad("terugroep")).await.unwrap();
    for _ in 0..60 {
        stores[0].aannemen(Bouw::van(&proef, oin(1)).naar(oin(2)).af()).await.unwrap();
    }
    let nu = Tijdstip::from_unix_millis(1_795_000_000_000);
    let tot = Tijdstip::from_unix_millis(1_795_000_060_000);
    let mut taken = JoinSet::new();
    for n in 0..20 {
        let store = Arc::clone(&stores[n % 2]);
        let greep = Greep { ontvanger: oin(2), baan: Urgentie::Normaal, hoogstens: 5, nu, tot };
        taken.spawn(async move { store.bezorging_nemen(greep).await.unwrap() });
    }
    let genomen: Vec<_> = taken.join_all().await.into_iter().flatten().map(|g| g.levering).collect();
    assert_eq!(genomen.len(), 60);
    assert_eq!(genomen.iter().collect::<BTreeSet<_>>().len(), 60, "each once");
}

/// Whoever holds the counters keeps the others waiting, not for ever: they say so, and go on when it is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_process_that_stands_still_is_passed() {
    let (basis, proef) = (Basis::nieuw().await, Proef::default());
    basis.store().await.sluiten().await.unwrap();
    let grenzen = Grenzen { slot: Duration::from_millis(300), ..Grenzen::default() };
    let store = open_met(&basis.hier(), &basis.kast(), klok(), grenzen).await.unwrap();
    let bericht = Bouw::van(&proef, oin(1)).naar(oin(2)).af();
    let mut ander = basis.naast().await;
    sqlx::raw_sql("BEGIN; SELECT 1 FROM stand FOR UPDATE").execute(&mut ander).await.unwrap();
    let fout = store.aannemen(bericht.clone()).await.unwrap_err();
    assert!(matches!(fout, StoreError::Unavailable(_)), "{fout:?}");
    assert!(store.open_leveringen(oin(2), 9).await.unwrap().is_empty(), "reading goes on");
    drop(ander);
    let mut uitslag = store.aannemen(bericht.clone()).await;
    for _ in 0..20 {
        if uitslag.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        uitslag = store.aannemen(bericht.clone()).await;
    }
    assert_eq!(uitslag.unwrap(), Aannameuitslag::Aangenomen);
}

/// A server that ended all sessions, as at a restart: the first write after a silence goes through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn connections_that_were_cut_are_made_again() {
    let (basis, proef) = (Basis::nieuw().await, Proef::default());
    let store = basis.store().await;
    store.aannemen(Bouw::van(&proef, oin(1)).naar(oin(2)).af()).await.unwrap();
    assert_eq!(store.open_leveringen(oin(2), 9).await.unwrap().len(), 1);
    let eind =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::raw_sql(eind).execute(&mut basis.naast().await).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(store.aannemen(Bouw::van(&proef, oin(1)).naar(oin(2)).af()).await.unwrap(), Aannameuitslag::Aangenomen);
    assert_eq!(store.open_leveringen(oin(2), 9).await.unwrap().len(), 2);
}
