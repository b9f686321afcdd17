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

/// The processes that share a bus; one, of a bus inside one process.
pub type Processen = Vec<Arc<dyn Bus>>;

/// A bus of one process.
#[must_use]
pub fn een(bus: impl Bus + 'static) -> Processen {
    vec![Arc::new(bus)]
}

fn eerste(processen: &[Arc<dyn Bus>]) -> Arc<dyn Bus> {
    Arc::clone(processen.first().expect("at least one process"))
}

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
pub async fn offered_before_waiting_is_not_lost(processen: Processen) {
    let bus = eerste(&processen);
    let mut luisteraar = bus.luisteren(ontvanger(1));
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// Work wakes a listener that waits already.
pub async fn wakes_who_waits(processen: Processen) {
    let bus = eerste(&processen);
    let mut luisteraar = bus.luisteren(ontvanger(1));
    let wacht = tokio::spawn(async move { luisteraar.wachten(LANG).await });
    tokio::task::yield_now().await;
    aanbieden(&*bus, 1).await;
    assert!(wacht.await.expect("the listener ends"));
}

/// Without work the wait ends at its time.
pub async fn ends_at_its_time(processen: Processen) {
    let bus = eerste(&processen);
    assert!(!bus.luisteren(ontvanger(1)).wachten(KORT).await);
    assert!(!bus.luisteren(ontvanger(1)).wachten(Duration::ZERO).await);
}

/// What was offered before the listener was taken stands in the store already and does not wake it.
pub async fn earlier_work_does_not_wake(processen: Processen) {
    let bus = eerste(&processen);
    aanbieden(&*bus, 1).await;
    assert!(!bus.luisteren(ontvanger(1)).wachten(KORT).await);
}

/// Nobody learns of another's work, not even that there is some (R16).
pub async fn work_of_another_does_not_wake(processen: Processen) {
    let bus = eerste(&processen);
    let mut luisteraar = bus.luisteren(ontvanger(1));
    aanbieden(&*bus, 2).await;
    assert!(!luisteraar.wachten(KORT).await);
}

/// Many offers are one wake-up; later work wakes again.
pub async fn offers_are_joined_and_seen_again(processen: Processen) {
    let bus = eerste(&processen);
    let mut luisteraar = bus.luisteren(ontvanger(1));
    bus.aanbieden(&[werk(1), werk(2), werk(1)]).await.expect("the bus takes work");
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
    assert!(!luisteraar.wachten(KORT).await, "nothing new since");
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// A wait that was given up loses nothing.
pub async fn a_dropped_wait_loses_nothing(processen: Processen) {
    let bus = eerste(&processen);
    let mut luisteraar = bus.luisteren(ontvanger(1));
    assert!(tokio::time::timeout(KORT, luisteraar.wachten(LANG)).await.is_err());
    aanbieden(&*bus, 1).await;
    assert!(luisteraar.wachten(LANG).await);
}

/// All listeners of a recipient wake, however many there are.
pub async fn every_listener_wakes(processen: Processen) {
    let bus = eerste(&processen);
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
pub async fn no_wakeup_is_lost_in_a_race(processen: Processen) {
    let bus = eerste(&processen);
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

/// Work that is offered in one process wakes who waits for a mailbox in any, and only for that recipient.
pub async fn every_process_hears(processen: Processen) {
    let luisteraars = |n| processen.iter().map(|bus| bus.luisteren(ontvanger(n))).collect::<Vec<_>>();
    let (voor_een, mut voor_twee) = (luisteraars(1), luisteraars(2));
    aanbieden(&*eerste(&processen), 1).await;
    for mut luisteraar in voor_een {
        assert!(luisteraar.wachten(LANG).await);
    }
    for luisteraar in &mut voor_twee {
        assert!(!luisteraar.wachten(KORT).await, "nobody learns of another's work");
    }
    let laatste = processen.last().expect("at least one process");
    laatste.aanbieden(&[werk(2)]).await.expect("the bus takes work");
    for mut luisteraar in voor_twee {
        assert!(luisteraar.wachten(LANG).await);
    }
}

/// To each recipient one process brings, and not all to the same.
pub async fn one_process_brings_to_a_recipient(processen: Processen) {
    for n in 0..200 {
        let brengers = processen.iter().filter(|bus| bus.brengt(ontvanger(n))).count();
        assert_eq!(brengers, 1, "recipient {n}");
    }
    for bus in &processen {
        assert!((0..200).any(|n| bus.brengt(ontvanger(n))), "a process has no part in the work");
    }
}

/// Work wakes who brings it, wherever it was offered; every offer after the last look is heard.
pub async fn work_comes_to_who_brings(processen: Processen) {
    for n in 0..20 {
        for bron in &processen {
            let brenger = processen.iter().find(|bus| bus.brengt(ontvanger(n))).expect("one brings");
            let mut luisteraar = brenger.luisteren_om_te_brengen(ontvanger(n));
            for _ in 0..3 {
                bron.aanbieden(&[werk(n)]).await.expect("the bus takes work");
                assert!(luisteraar.wachten(LANG).await);
            }
        }
    }
}

/// Who brings, and looks in the store after each sign, in the end has seen all that was stored before its offer, in the order
/// in which it was stored, however much is offered at a time and wherever.
pub async fn nothing_is_left_behind(processen: Processen) {
    const WERK: u64 = 3_000;
    let opslag = Arc::new(AtomicU64::new(0));
    let brenger = Arc::clone(processen.iter().find(|bus| bus.brengt(ontvanger(1))).expect("one brings"));
    let gezien = Arc::clone(&opslag);
    let lezer = tokio::spawn(async move {
        let mut luisteraar = brenger.luisteren_om_te_brengen(ontvanger(1));
        let mut vorige = 0;
        loop {
            let nu = gezien.load(Ordering::SeqCst);
            assert!(nu >= vorige, "later work never comes before earlier");
            vorige = nu;
            if nu == WERK {
                return true;
            }
            if !luisteraar.wachten(LANG).await {
                return false;
            }
        }
    });
    for (n, bus) in (0..WERK).zip(processen.iter().cycle()) {
        opslag.fetch_add(1, Ordering::SeqCst);
        bus.aanbieden(&[werk(1)]).await.expect("the bus takes work");
        if n % 16 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert!(lezer.await.expect("the reader ends"), "who brings slept while work was there");
}

/// Offering waits for nobody: it is over before a network could have answered.
pub async fn offering_waits_for_nobody(processen: Processen) {
    let bus = eerste(&processen);
    let begin = tokio::time::Instant::now();
    for n in 0..10_000 {
        bus.aanbieden(&[werk(n % 50)]).await.expect("the bus takes work");
    }
    assert!(begin.elapsed() < LANG, "{:?}", begin.elapsed());
}

/// One test per property of the contract, each on fresh processes made by the expression; `ignore "why";` before it where they
/// need what is not always there.
#[macro_export]
macro_rules! bus_contract {
    (ignore $reden:literal; $maak:expr) => {
        $crate::bus_contract! { @alle [#[ignore = $reden]] $maak }
    };
    (@alle $metas:tt $maak:expr) => {
        $crate::bus_contract! { @elk $metas $maak;
            offered_before_waiting_is_not_lost wakes_who_waits ends_at_its_time earlier_work_does_not_wake
            work_of_another_does_not_wake offers_are_joined_and_seen_again a_dropped_wait_loses_nothing
            every_listener_wakes no_wakeup_is_lost_in_a_race every_process_hears one_process_brings_to_a_recipient
            work_comes_to_who_brings nothing_is_left_behind offering_waits_for_nobody
        }
    };
    (@elk $metas:tt $maak:expr; $($eigenschap:ident)+) => {
        mod contract {
            #[allow(unused_imports)]
            use super::*;
            $($crate::bus_contract! { @een $metas $maak; $eigenschap })+
        }
    };
    (@een [$($meta:tt)*] $maak:expr; $eigenschap:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $($meta)*
        async fn $eigenschap() {
            $crate::contract::$eigenschap($maak).await;
        }
    };
    ($maak:expr) => {
        $crate::bus_contract! { @alle [] $maak }
    };
}
