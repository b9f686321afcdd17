//! When something around the hub fails: nothing is lost, nothing is half accepted.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use inbreng_bus::{Bus, BusError, Luisteraar, Werk};
use inbreng_domain::{
    Clock, Oin,
    clock::FixedClock,
    problem::ProblemCode,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_storage_sql::sqlite;

use crate::wereld::{Brief, Stuk, Wereld};

/// A double for a bus whose broker is gone.
#[derive(Debug)]
struct BusZonderBroker;

#[async_trait]
impl Bus for BusZonderBroker {
    async fn aanbieden(&self, _: &[Werk]) -> Result<(), BusError> {
        Err(BusError("broker gone".into()))
    }
    fn luisteren(&self, _: Oin) -> Box<dyn Luisteraar> {
        Box::new(Stil)
    }
}

struct Stil;

#[async_trait]
impl Luisteraar for Stil {
    async fn wachten(&mut self, _: Duration) -> bool {
        false
    }
}

#[tokio::test]
async fn without_a_bus_accepting_goes_on_and_the_mailbox_finds_it() {
    let w = Wereld::met(|store| store, Arc::new(BusZonderBroker)).await;
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    assert_eq!(w.postvak(&w.vt).await[0].bericht.id, melding.id);
}

#[tokio::test]
async fn without_a_store_nothing_is_accepted() {
    let w = Wereld::new().await;
    let map = tempfile::tempdir().unwrap();
    let store = Arc::new(sqlite::open(map.path().join("dicht.db"), w.clock.clone()).await.unwrap());
    let hub = w.hub_op(store.clone(), inbreng_domain::limits::Limits::default()).await;
    store.sluiten().await.unwrap();
    let fout = hub.aannemen(w.politie.oin, &w.melding().0.tekst()).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::OpslagNietBeschikbaar);
    let fout = hub.postvak(w.vt.oin, Duration::ZERO).await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::OpslagNietBeschikbaar);
}

/// By a clock that was set back no statement of the directory is in force yet. Who asks is told to ask again, until the clock is back or
/// somebody has looked.
#[tokio::test]
async fn a_clock_that_jumped_refuses_nothing_for_good() {
    let w = Wereld::new().await;
    w.hub.klok_bewaken().await.unwrap();
    let (melding, _) = w.melding();
    let vraag = crate::check::verzoek(&melding);
    let getoetst = async || w.hub.toetsen(w.politie.oin, &vraag).await.map(drop).map_err(|fout| fout.code());
    let jaar = time::Duration::days(365);

    w.clock.advance(-jaar);
    assert_eq!(w.code(&melding).await, ProblemCode::BeleidVerouderd);
    assert_eq!(getoetst().await, Err(ProblemCode::BeleidVerouderd));
    w.hub.klok_staat_goed();
    assert_eq!(w.code(&melding).await, ProblemCode::PartnerOnbekend);
    assert_eq!(getoetst().await, Err(ProblemCode::PartnerOnbekend));

    w.clock.advance(jaar);
    assert_eq!(getoetst().await, Ok(()));
    w.aangenomen(&melding).await;
}

/// A process that starts by a wrong clock sees no jump. What the log holds is of later: nothing is taken in until the clock is past that,
/// or somebody has looked; and what was right before is right again.
#[tokio::test]
async fn a_clock_that_is_before_the_log_at_the_start_takes_nothing_in_and_refuses_nothing_for_good() {
    let w = Wereld::new().await;
    w.clock.advance(time::Duration::minutes(30));
    let (melding, _) = w.melding();
    w.aangenomen(&melding).await;
    let fout = ProblemCode::BeleidVerouderd;
    let begonnen = async |achter: time::Duration| {
        let clock = Arc::new(FixedClock::at(w.clock.now().plus(-achter)));
        (w.hub_op_klok(Arc::clone(&clock)).await, clock)
    };

    let (hub, clock) = begonnen(time::Duration::minutes(20)).await;
    assert_eq!(hub.klok_achter(), Some(time::Duration::minutes(20)));
    assert!(!hub.klok_vertrouwd() && !hub.klok_bijgezet());
    let (nieuw, _) = w.melding();
    let vraag = crate::check::verzoek(&nieuw);
    assert_eq!(hub.aannemen(w.politie.oin, &nieuw.tekst()).await.unwrap_err().code(), fout);
    assert_eq!(hub.toetsen(w.politie.oin, &vraag).await.map(drop).unwrap_err().code(), fout);
    // Set right: a jump, but none to be wary of.
    hub.klok_bewaken().await.unwrap();
    clock.advance(time::Duration::minutes(20));
    assert!(hub.klok_bijgezet() && hub.klok_achter().is_none());
    assert!(!hub.klok_vertrouwd(), "what was read by the wrong clock is to be read again first");
    hub.klok_staat_goed();
    assert!(!hub.klok_bijgezet() && hub.klok_vertrouwd());
    let _accepted = hub.aannemen(w.politie.oin, &nieuw.tekst()).await.unwrap();

    // The log was written by a clock that ran ahead, and this one is right: somebody looks, and says so.
    let (hub, _clock) = begonnen(time::Duration::minutes(10)).await;
    let (nieuw, _) = w.melding();
    assert_eq!(hub.aannemen(w.politie.oin, &nieuw.tekst()).await.unwrap_err().code(), fout);
    hub.klok_staat_goed();
    let _accepted = hub.aannemen(w.politie.oin, &nieuw.tekst()).await.unwrap();

    // As far as clocks of several machines differ, and ahead by any time: the log says nothing of that.
    for achter in [time::Duration::seconds(59), -time::Duration::DAY] {
        let (hub, _clock) = begonnen(achter).await;
        assert!(hub.klok_achter().is_none() && hub.klok_vertrouwd(), "{achter}");
    }
}

/// What is in force is not to be seen, and all else is: for a minute it decides on what it saw last, and then not at all. Nothing of either
/// counts: what was decided cannot be recorded beside a plan that is not there.
#[tokio::test]
async fn a_process_that_cannot_see_what_is_in_force_stops_deciding() {
    let w = Wereld::new().await;
    let (melding, _) = w.melding();
    let vraag = crate::check::verzoek(&melding);
    let getoetst = async || w.hub.toetsen(w.politie.oin, &vraag).await.map(drop).map_err(|fout| fout.code());
    assert_eq!(getoetst().await, Ok(()));

    w.in_opslag("ALTER TABLE stand RENAME COLUMN beleid TO zoek").await;
    w.store.beleidsstand().await.unwrap_err();
    w.clock.advance(time::Duration::seconds(59));
    assert_eq!(getoetst().await, Err(ProblemCode::OpslagNietBeschikbaar), "decided, and not recorded");
    w.clock.advance(time::Duration::seconds(1));
    assert_eq!(getoetst().await, Err(ProblemCode::BeleidVerouderd));
    assert_eq!(w.code(&melding).await, ProblemCode::BeleidVerouderd);

    w.in_opslag("ALTER TABLE stand RENAME COLUMN zoek TO beleid").await;
    assert_eq!(getoetst().await, Ok(()));
    w.aangenomen(&melding).await;
}

#[tokio::test]
async fn decisions_whose_facts_move_are_made_again() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    // All at once in one case, and each changes who takes part or adds to it.
    let brieven: Vec<Brief> = [&w.ggz, &w.wijkteam, &w.om]
        .into_iter()
        .map(|aan| {
            Brief::new(&w, &w.vt, "informatieverzoek")
                .in_casus(casus)
                .aan(&[aan])
                .zegt(serde_json::json!({"gevraagd": ["hulp"]}))
                .met(Stuk::new(Categorie::Vraag, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[aan]))
        })
        .collect();
    let alle = futures_util::future::join_all(brieven.iter().map(|b| w.stuur(b))).await;
    assert!(alle.iter().all(Result::is_ok), "{alle:?}");
    assert_eq!(w.store.zaakstand(casus).await.unwrap().deelnemers.len(), 5);
    assert!(w.hub.controleer_logboek().await.unwrap().klopt);
}

#[tokio::test]
async fn futures_of_the_hub_can_move_between_threads() {
    fn verplaatsbaar<T: Send>(_: &T) {}
    let w = Wereld::new().await;
    let (oin, id) = (w.vt.oin, w.melding().0.id);
    verplaatsbaar(&w.hub.aannemen(oin, b""));
    verplaatsbaar(&w.hub.toetsen(oin, b""));
    verplaatsbaar(&w.hub.postvak(oin, Duration::ZERO));
    verplaatsbaar(&w.hub.status(oin, id));
}
