//! `kill -9` at any moment, on either database: what was acknowledged is there, once, and the log is whole.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
};

use inbreng_domain::{BerichtId, LeveringId, vocabulary::Toegangswijze::Meegeleverd};
use inbreng_proof::merkle;
use inbreng_storage::{
    Berichten, Leveringen, Leveringsbericht, Leveringsstaat, Leveringsuitslag, Logboek,
    contract::{Bouw, Proef, oin},
};

use crate::SqlStore;

/// Where the child finds its store, and the seed of its identifiers.
const PLAATS: &str = "INBRENG_KILL_PLAATS";
const ZAAD: &str = "INBRENG_KILL_ZAAD";

/// What the process that is killed was told: where its store is, and its seed. Nothing in a run of its own.
pub(crate) fn opgedragen() -> Option<(String, u64)> {
    Some((std::env::var(PLAATS).ok()?, std::env::var(ZAAD).ok()?.parse().unwrap()))
}

/// The process that is killed. Says on standard output what the store has acknowledged.
pub(crate) async fn werken(store: SqlStore, zaad: u64) {
    let (store, proef) = (Arc::new(store), Arc::new(Proef::met_zaad(zaad)));
    let mut taken = tokio::task::JoinSet::new();
    for n in 0..16 {
        let (store, proef) = (Arc::clone(&store), Arc::clone(&proef));
        taken.spawn(async move {
            loop {
                let deel = proef.deel();
                let bericht = Bouw::van(&proef, oin(1)).deel(deel, "verzegeld").geeft(deel, oin(2), Meegeleverd).af();
                let (id, levering) = (bericht.bericht.id, bericht.leveringen[0].id);
                store.aannemen(bericht).await.unwrap();
                writeln!(std::io::stdout(), "AANGENOMEN {id}").unwrap();
                if n % 2 == 0 {
                    let (blad, wat) = (proef.blad("ontvangst"), Leveringsbericht::Ontvangen);
                    store.leveringsbericht(oin(2), levering, wat, "jws".to_owned(), blad).await.unwrap();
                    writeln!(std::io::stdout(), "ONTVANGEN {levering}").unwrap();
                }
            }
        });
    }
    taken.join_all().await;
}

#[derive(Default)]
pub(crate) struct Bevestigd {
    aangenomen: BTreeSet<BerichtId>,
    ontvangen: BTreeSet<LeveringId>,
}

impl Bevestigd {
    /// Adds what another life acknowledged.
    pub(crate) fn bij(&mut self, ander: Self) {
        self.aangenomen.extend(ander.aangenomen);
        self.ontvangen.extend(ander.ontvangen);
    }
}

/// Lets a child work until it has acknowledged this much, kills it, and adds all that it said.
pub(crate) fn een_leven(test: &str, plaats: &str, zaad: u64, bevestigd: &mut Bevestigd) {
    let tot = 20 + usize::try_from(zaad * 7919 % 400).unwrap();
    let mut kind = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--include-ignored"])
        .env(PLAATS, plaats)
        .env(ZAAD, zaad.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut gezegd = 0;
    for regel in BufReader::new(kind.stdout.take().unwrap()).lines() {
        // A line may be cut where the child was killed.
        let regel = regel.unwrap();
        match regel.split_once(' ') {
            Some(("AANGENOMEN", id)) => drop(BerichtId::parse(id).map(|id| bevestigd.aangenomen.insert(id))),
            Some(("ONTVANGEN", id)) => drop(LeveringId::parse(id).map(|id| bevestigd.ontvangen.insert(id))),
            _ => continue,
        }
        gezegd += 1;
        if gezegd == tot {
            kind.kill().unwrap();
        }
    }
    assert!(!kind.wait().unwrap().success(), "it was killed, not done");
}

/// What must hold after all of these lives.
pub(crate) async fn nagaan(store: &SqlStore, bevestigd: &Bevestigd) {
    assert!(bevestigd.aangenomen.len() > 50 && bevestigd.ontvangen.len() > 20);
    for id in &bevestigd.aangenomen {
        let status = store.status(oin(1), *id).await.unwrap().expect("an acknowledged message is there");
        assert_eq!(status.leveringen.len(), 1, "as a whole");
    }
    for id in &bevestigd.ontvangen {
        let kop = store.levering(oin(2), *id).await.unwrap().expect("an acknowledged delivery is there");
        assert_eq!(kop.staat, Leveringsstaat::Ontvangen);
    }
    // What was written but not acknowledged is whole too: counts, deliveries and log agree.
    let tellingen = store.tellingen().await.unwrap();
    assert!(tellingen.berichten >= bevestigd.aangenomen.len() as u64 && tellingen.leveringen == tellingen.berichten);
    let open = store.open_leveringen(oin(2), u32::MAX).await.unwrap();
    assert_eq!(open.len() as u64, tellingen.open);
    assert!(open.iter().all(|l| l.delen.len() == 1 && l.delen[0].sleutel.is_some()));
    let ontvangen = tellingen.leveringen - tellingen.open;
    let bladen = store.bladen(0, u32::MAX).await.unwrap();
    assert!(bladen.iter().map(|b| b.index).eq(0..tellingen.berichten + ontvangen), "a leaf for each, without gaps");
    let hashes: Vec<_> = bladen.iter().map(|b| *b.hash.as_bytes()).collect();
    let knopen: std::collections::HashMap<_, _> = merkle::append(&std::collections::HashMap::new(), 0, &hashes)
        .unwrap()
        .into_iter()
        .map(|k| ((k.level, k.index), k.hash))
        .collect();
    assert_eq!(store.hoofd().await.unwrap(), (bladen.len() as u64, merkle::root(&knopen, bladen.len() as u64).unwrap()));
    // Recovered, it goes on.
    let nogmaals = open.first().map(|l| l.id);
    if let Some(id) = nogmaals {
        let blad = Proef::default().blad("ontvangst");
        let uitslag = store.leveringsbericht(oin(2), id, Leveringsbericht::Ontvangen, "jws".to_owned(), blad).await;
        assert_eq!(uitslag.unwrap(), Leveringsuitslag::Vastgelegd);
    }
}
