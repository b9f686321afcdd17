//! Parties of covenants: what they state only grows, and moves every decision; what is held is decided again.

use inbreng_domain::{ConvenantId, Tijdstip, Uitkomst, convenant::Partijverklaringsoort};
use time::Duration;

use super::{
    Plek,
    bouw::{Bouw, Proef, aannemen, later, oin},
    feiten,
};
use crate::{
    Aannameuitslag, Beleidsgrens, Feitenstand, Herzien, Herziening, Herzieningsuitslag, Leveringsstaat, Partijschrift,
    Partijuitslag, Partijverklaring, Store,
};

fn convenant(naam: &str) -> ConvenantId {
    ConvenantId::parse(naam).expect("a covenant")
}

fn schrift(proef: &Proef, naam: &str, partij: u32, volgnummer: u32, verwacht: Option<u32>) -> Partijschrift {
    let soort = if volgnummer.is_multiple_of(2) { Partijverklaringsoort::Uittreding } else { Partijverklaringsoort::Toetreding };
    Partijschrift {
        verwacht,
        verklaring: Partijverklaring {
            convenant: convenant(naam),
            partij: oin(partij),
            volgnummer,
            soort,
            tijd: proef.nu(),
            verklaring: format!("verklaring-{partij}-{volgnummer}"),
            medeondertekening: (soort == Partijverklaringsoort::Toetreding).then(|| "mede".to_owned()),
        },
        blad: proef.blad("partij"),
    }
}

async fn schrijven(store: &dyn Store, schrift: Partijschrift) -> Partijuitslag {
    store.partijverklaring_schrijven(schrift).await.expect("write")
}

/// Who did not see the covenant's last statement writes nothing; a party's own numbers only rise.
pub async fn what_parties_state_only_grows(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    assert_eq!(store.partijverklaringen().await.expect("read"), crate::Partijverklaringen::default());
    let (een, twee) = (schrift(&proef, "een-regio", 1, 1, Some(0)), schrift(&proef, "een-regio", 2, 1, Some(1)));
    assert_eq!(schrijven(&*store, een.clone()).await, Partijuitslag::Vastgelegd(1));
    assert_eq!(schrijven(&*store, een.clone()).await, Partijuitslag::Gewijzigd(1), "it is there");
    assert_eq!(schrijven(&*store, Partijschrift { verwacht: None, ..een.clone() }).await, Partijuitslag::NietNieuwer);
    assert_eq!(schrijven(&*store, Partijschrift { verwacht: Some(0), ..twee.clone() }).await, Partijuitslag::Gewijzigd(1));
    assert_eq!(schrijven(&*store, twee.clone()).await, Partijuitslag::Vastgelegd(2), "of another party");
    let ander = schrift(&proef, "andere-regio", 1, 1, Some(0));
    assert_eq!(schrijven(&*store, ander.clone()).await, Partijuitslag::Vastgelegd(1), "of another covenant");
    let weg = schrift(&proef, "een-regio", 1, 2, None);
    assert_eq!(schrijven(&*store, weg.clone()).await, Partijuitslag::Vastgelegd(3));
    assert_eq!(store.hoofd().await.expect("read").0, 4, "one leaf for each, none for what was refused");
    drop(store);
    let alle = plek.openen().await.partijverklaringen().await.expect("read");
    assert_eq!((alle.stand, alle.alle), (4, [ander, een, twee, weg].map(|s| s.verklaring).into()));
}

/// Of many who saw the same statement one writes; the others are told.
pub async fn of_equal_statements_of_parties_one_is_first(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let taken: Vec<_> = (1..=20)
        .map(|partij| {
            let (store, schrift) = (store.clone(), schrift(&proef, "een-regio", partij, 1, Some(0)));
            tokio::spawn(async move { schrijven(&*store, schrift).await })
        })
        .collect();
    let mut geschreven = 0;
    for taak in taken {
        match taak.await.expect("task") {
            Partijuitslag::Vastgelegd(1) => geschreven += 1,
            anders => assert_eq!(anders, Partijuitslag::Gewijzigd(1)),
        }
    }
    assert_eq!(geschreven, 1);
}

/// A decision that did not see the newest statement is not recorded.
pub async fn who_joins_or_leaves_moves_every_decision(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    schrijven(&*store, schrift(&proef, "een-regio", 1, 1, None)).await;
    let mut oud = Bouw::van(&proef, oin(1)).af();
    oud.beleid = Beleidsgrens { stand: 0, tot: None };
    assert_eq!(store.aannemen(oud).await.expect("write"), Aannameuitslag::Verouderd);
    let mut nieuw = Bouw::van(&proef, oin(1)).af();
    nieuw.beleid = Beleidsgrens { stand: 1, tot: None };
    aannemen(&*store, &nieuw).await;
}

/// What is held rests on a policy: it is decided again when that has changed, or when its instant has come.
pub async fn what_is_held_is_decided_again_when_its_policy_ends(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    // The clock of a store under test stands at this instant.
    let klok = Tijdstip::from_unix_millis(1_795_000_000_000);
    let morgen = klok.plus(Duration::days(1));
    let deel = proef.deel();
    let mut bericht = Bouw::van(&proef, oin(1)).deel(deel, "jwe").houdt_aan(deel, oin(2)).af();
    bericht.beleid = Beleidsgrens { stand: 0, tot: Some(morgen) };
    aannemen(&*store, &bericht).await;
    let wie = async |nu| {
        let hoeveel = store.te_herzien(oin(2), 9, nu).await.expect("read").len();
        (store.aangehouden_onder_ander_beleid(nu).await.expect("read"), hoeveel)
    };
    assert_eq!(wie(klok).await, (vec![], 0), "nothing has changed");
    assert_eq!(wie(morgen.plus(Duration::milliseconds(-1))).await, (vec![], 0));
    assert_eq!(wie(morgen).await, (vec![oin(2)], 1), "its instant has come");
    schrijven(&*store, schrift(&proef, "een-regio", 3, 1, None)).await;
    assert_eq!(wie(klok).await, (vec![oin(2)], 1), "someone joined");
}

/// A delivery that facts held back rests on a policy as well.
pub async fn a_held_delivery_is_decided_again_when_its_policy_ends(plek: &dyn Plek) {
    let (store, proef) = (plek.openen().await, Proef::default());
    let klok = Tijdstip::from_unix_millis(1_795_000_000_000);
    let morgen = klok.plus(Duration::days(1));
    let bericht = feiten::onder_embargo(&*store, &proef).await;
    let casus = bericht.bericht.casus.expect("a case");
    feiten::stellen(&*store, &proef, feiten::feit(&proef, casus, oin(1), 1, "\"embargo\"")).await;
    let leveringen = async |nu| {
        let alle = store.te_herzien(oin(2), 9, nu).await.expect("read");
        alle.into_iter().filter(|t| t.levering.is_some()).collect::<Vec<_>>()
    };
    let houden = async |stand| {
        let [open] = leveringen(klok).await.try_into().expect("the delivery");
        let id = open.levering.expect("a number");
        let uitkomst = Herzien::Levering {
            id,
            staat: Leveringsstaat::Aangehouden,
            besluiten: "[]".to_owned(),
            bewaren_tot: later(),
            vervangen_door: None,
        };
        let op = Feitenstand { casus: feiten::stand(&*store, casus).await, gids: 0 };
        let beleid = Beleidsgrens { stand, tot: Some(morgen) };
        let vast = Herziening { beleid, ..feiten::herziening(&proef, &open, op, Uitkomst::Aanhouden, uitkomst) };
        assert_eq!(store.herzien(vast).await.expect("written"), Herzieningsuitslag::Vastgelegd);
    };
    houden(0).await;
    assert!(leveringen(klok).await.is_empty() && leveringen(morgen.plus(Duration::milliseconds(-1))).await.is_empty());
    assert_eq!(leveringen(morgen).await.len(), 1, "its instant has come");
    assert_eq!(store.aangehouden_onder_ander_beleid(morgen).await.expect("read"), [oin(2)]);
    schrijven(&*store, schrift(&proef, "een-regio", 3, 1, None)).await;
    assert_eq!(leveringen(klok).await.len(), 1, "someone joined");
    houden(1).await;
    assert!(leveringen(klok).await.is_empty(), "decided under what is in force now");
}
