//! Writes of many shapes in one transaction: each finds its own rows again.

use inbreng_domain::{Uitkomst, vocabulary::Toegangswijze::Meegeleverd};
use inbreng_proof::merkle;
use inbreng_storage::{
    Aanname, Aannameuitslag, Berichten, Leveringen, Logboek,
    contract::{Bouw, Proef, oin},
};

use super::contract::Map;

/// A message with so many parts, each for so many recipients.
fn bericht(proef: &Proef, delen: u32, ontvangers: u32) -> Aanname {
    let casus = proef.casus();
    let mut bouw = Bouw::van(proef, oin(1)).opent(casus).besluit(None, oin(2), Uitkomst::Toestaan, None);
    for _ in 0..delen {
        let deel = proef.deel();
        bouw = bouw.deel(deel, &format!("inhoud van {deel}"));
        for n in 0..ontvangers {
            bouw = bouw.geeft(deel, oin(2 + n), Meegeleverd);
        }
    }
    bouw.af()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_shapes_at_a_time_and_one_that_is_too_large_for_a_hop() {
    let map = Map::nieuw();
    let store = std::sync::Arc::new(map.store().await);
    let proef = Proef::default();
    let mut berichten: Vec<Aanname> = (0..60).map(|n| bericht(&proef, n % 4, n % 3)).collect();
    berichten.push(bericht(&proef, 12, 8));
    let mut taken = tokio::task::JoinSet::new();
    for aanname in &berichten {
        let (store, aanname) = (std::sync::Arc::clone(&store), aanname.clone());
        taken.spawn(async move { store.aannemen(aanname).await.unwrap() });
    }
    assert!(taken.join_all().await.iter().all(|u| *u == Aannameuitslag::Aangenomen));

    for ontvanger in (2..10).map(oin) {
        let open = store.open_leveringen(ontvanger, 64).await.unwrap();
        for verwacht in &berichten {
            let mine = verwacht.leveringen.iter().find(|l| l.ontvanger == ontvanger);
            let found = open.iter().find(|o| o.bericht_id == verwacht.bericht.id);
            assert_eq!(mine.map(|l| l.id), found.map(|o| o.id));
            let (Some(mine), Some(found)) = (mine, found) else { continue };
            assert_eq!(mine.delen.len(), found.delen.len());
            for ((id, _), deel) in mine.delen.iter().zip(&found.delen) {
                assert_eq!(deel.inhoud, format!("inhoud van {id}"));
                assert_eq!(deel.sleutel.as_ref().unwrap().toegang, format!("toegang-{id}-{ontvanger}"));
            }
        }
    }
    let tellingen = store.tellingen().await.unwrap();
    assert_eq!(tellingen.berichten, 61);
    assert_eq!(tellingen.bladen, 61);
    let bladen = store.bladen(0, 100).await.unwrap();
    let hashes: Vec<[u8; 32]> = bladen.iter().map(|b| *b.hash.as_bytes()).collect();
    let knopen = merkle::append(&std::collections::HashMap::new(), 0, &hashes).unwrap();
    let knopen: std::collections::HashMap<_, _> = knopen.into_iter().map(|k| ((k.level, k.index), k.hash)).collect();
    assert_eq!(store.hoofd().await.unwrap(), (61, merkle::root(&knopen, 61).unwrap()));
}
