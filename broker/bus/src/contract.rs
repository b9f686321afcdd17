//! The contract suite: what every bus must do, whatever it is made of. [`bus_contract!`](crate::bus_contract) makes one test
//! of each property.
#![expect(clippy::expect_used, reason = "a test suite: a broken expectation is its result")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use inbreng_domain::{LeveringId, Oin, Tijdstip, randomness::SeededRandomness, vocabulary::Urgentie};
use tokio::task::JoinSet;

use crate::{Bus, Werk};

/// Long enough that only a lost wake-up reaches it.
const LANG: Duration = Duration::from_secs(30);
/// Long enough to see that nothing comes.
const KORT: Duration = Duration::from_millis(20);

/// Recipient number `n`, invented.
#[must_use]
pub fn ontvanger(n: u32) -> Oin {
    Oin::parse(&format!("0000000999{n:010}")).expect("20 digits")
}

/// Some delivery for recipient number `n`.
#[must_use]
pub fn werk(n: u32) -> Werk {
    let levering = LeveringId::mint(Tijdstip::from_unix_millis(1_795_000_000_000), &SeededRandomness::new(n.into()));
    Werk { ontvanger: ontvanger(n), levering, baan: Urgentie::Normaal }
}

async fn aanbieden(bus: &dyn Bus, n: u32) {
    bus.aanbieden(&[werk(n)]).await.expect("the bus takes work");
}

/// Work that was offered before the listener waits is not lost.
pub async fn offered_before_waiting_is_not_lost(bus: Arc<dyn Bus>) {
    let mut luisteraar = bus.luisteren(ontvanger(1));
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// Work wakes a listener that waits already.
pub async fn wakes_who_waits(bus: Arc<dyn Bus>) {
    let mut luisteraar = bus.luisteren(ontvanger(1));
    let wacht = tokio::spawn(async move { luisteraar.wachten(LANG).await });
    tokio::task::yield_now().await;
    aanbieden(&*bus, 1).await;
    assert!(wacht.await.expect("the listener ends"));
}

/// Without work the wait ends at its time.
pub async fn ends_at_its_time(bus: Arc<dyn Bus>) {
    assert!(!bus.luisteren(ontvanger(1)).wachten(KORT).await);
    assert!(!bus.luisteren(ontvanger(1)).wachten(Duration::ZERO).await);
}

/// What was offered before the listener was taken stands in the store already and does not wake it.
pub async fn earlier_work_does_not_wake(bus: Arc<dyn Bus>) {
    aanbieden(&*bus, 1).await;
    assert!(!bus.luisteren(ontvanger(1)).wachten(KORT).await);
}

/// Nobody learns of another's work, not even that there is some (R16).
pub async fn work_of_another_does_not_wake(bus: Arc<dyn Bus>) {
    let mut luisteraar = bus.luisteren(ontvanger(1));
    aanbieden(&*bus, 2).await;
    assert!(!luisteraar.wachten(KORT).await);
}

/// Many offers are one wake-up; later work wakes again.
pub async fn offers_are_joined_and_seen_again(bus: Arc<dyn Bus>) {
    let mut luisteraar = bus.luisteren(ontvanger(1));
    bus.aanbieden(&[werk(1), werk(2), werk(1)]).await.expect("the bus takes work");
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
    assert!(!luisteraar.wachten(KORT).await, "nothing new since");
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// A wait that was given up loses nothing.
pub async fn a_dropped_wait_loses_nothing(bus: Arc<dyn Bus>) {
    let mut luisteraar = bus.luisteren(ontvanger(1));
    assert!(tokio::time::timeout(KORT, luisteraar.wachten(LANG)).await.is_err());
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// All listeners of a recipient wake, however many there are.
pub async fn every_listener_wakes(bus: Arc<dyn Bus>) {
    let mut wachtenden = JoinSet::new();
    for n in 0..1000 {
        let mut luisteraar = bus.luisteren(ontvanger(n % 10));
        wachtenden.spawn(async move { luisteraar.wachten(LANG).await });
    }
    for n in 0..10 {
        aanbieden(&*bus, n).await;
    }
    assert!(wachtenden.join_all().await.into_iter().all(|gewekt| gewekt));
}

/// A recipient that looks in the store and then waits never sleeps on work: the order of use that [`Bus::luisteren`] asks.
pub async fn no_wakeup_is_lost_in_a_race(bus: Arc<dyn Bus>) {
    const WERK: u64 = 5_000;
    let opslag = Arc::new(AtomicU64::new(0));
    let mut lezers = JoinSet::new();
    for _ in 0..8 {
        let (bus, opslag) = (Arc::clone(&bus), Arc::clone(&opslag));
        lezers.spawn(async move {
            loop {
                // As the mailbox does it: a listener for each look.
                let mut luisteraar = bus.luisteren(ontvanger(1));
                let gezien = opslag.load(Ordering::SeqCst);
                if gezien == WERK {
                    return true;
                }
                if !luisteraar.wachten(LANG).await {
                    return false;
                }
            }
        });
    }
    for _ in 0..WERK {
        opslag.fetch_add(1, Ordering::SeqCst);
        aanbieden(&*bus, 1).await;
        tokio::task::yield_now().await;
    }
    assert!(lezers.join_all().await.into_iter().all(|klaar| klaar), "a listener slept while work was there");
}

/// One test per property of the contract, each on a fresh bus made by the expression.
#[macro_export]
macro_rules! bus_contract {
    ($maak:expr) => {
        $crate::bus_contract! { @ $maak;
            offered_before_waiting_is_not_lost wakes_who_waits ends_at_its_time earlier_work_does_not_wake
            work_of_another_does_not_wake offers_are_joined_and_seen_again a_dropped_wait_loses_nothing
            every_listener_wakes no_wakeup_is_lost_in_a_race
        }
    };
    (@ $maak:expr; $($eigenschap:ident)+) => {
        mod contract {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $eigenschap() {
                    $crate::contract::$eigenschap(std::sync::Arc::new($maak)).await;
                }
            )+
        }
    };
}
