//! What goes wrong: brokers that are killed, stand still or lose a queue, processes that end without a word.

use std::time::Duration;

use lapin::{BasicProperties, options::BasicPublishOptions, types::FieldTable};
use tokio::time::Instant;

use super::{AANDELEN, GEDULD, Makelaar, naam, stand, verdeeld, wordt};
use crate::{
    Bus,
    contract::{ontvanger, werk},
};

/// Offers much, and gives how long that took.
async fn veel_aanbieden(bus: &dyn Bus) -> Duration {
    let begin = Instant::now();
    for n in 0..20_000 {
        bus.aanbieden(&[werk(n % 40)]).await.unwrap();
    }
    begin.elapsed()
}

/// Clean or not: nobody waits, each brings what it accepted itself; afterwards all is confirmed, and one brings again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn a_broker_that_stops_or_is_killed_holds_nobody_up_and_loses_nothing() {
    let makelaar = Makelaar::eigen();
    let processen = makelaar.processen(&naam(), 2).await;
    // A single node of RabbitMQ 3.10 that is killed within a second or two of making a queue elects no leader for it afterwards, and
    // says nothing (docs/operations/rabbitmq.md): that is not what this is about.
    tokio::time::sleep(Duration::from_secs(5)).await;
    for manier in ["kill", "stop"] {
        // Under way while it ends: some of these are never answered.
        let bron = std::sync::Arc::clone(&processen[0]);
        let stroom = tokio::spawn(async move {
            for n in 0.. {
                bron.aanbieden(&[werk(n % 40)]).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        makelaar.doe(&[manier]);
        stroom.abort();
        wordt("the loss is seen", || processen.iter().all(|p| !stand(p).verbonden)).await;
        for proces in &processen {
            let mut brenger = proces.luisteren_om_te_brengen(ontvanger(1));
            let mut postvak = proces.luisteren(ontvanger(1));
            assert!(veel_aanbieden(&**proces).await < GEDULD);
            assert!(proces.brengt(ontvanger(1)), "without a broker the leases of the store decide");
            assert!(brenger.wachten(GEDULD).await && postvak.wachten(GEDULD).await);
            wordt("visible, and bounded", || (40..=80).contains(&stand(proces).onbevestigd)).await;
        }
        makelaar.doe(&["start"]);
        verdeeld(&processen).await;
        wordt("everything is confirmed", || processen.iter().all(|p| stand(p).onbevestigd == 0)).await;
        let brenger = processen.iter().find(|p| p.brengt(ontvanger(2))).unwrap();
        let mut luisteraar = brenger.luisteren_om_te_brengen(ontvanger(2));
        processen[0].aanbieden(&[werk(2)]).await.unwrap();
        assert!(luisteraar.wachten(GEDULD).await, "{manier}");
    }
    assert!(processen.iter().any(|p| stand(p).tellers.verlopen > 0), "what was under way went out again");
}

/// A broker that stands still answers nothing, and its connections seem to live.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn a_confirmation_that_never_comes_is_given_up_and_offered_again() {
    let makelaar = Makelaar::eigen();
    let processen = makelaar.processen(&naam(), 1).await;
    let bus = &processen[0];
    bus.aanbieden(&[werk(1)]).await.unwrap();
    wordt("the first is confirmed", || stand(bus).onbevestigd == 0).await;
    let eerder = stand(bus).tellers;
    makelaar.doe(&["pause"]);
    bus.aanbieden(&[werk(1), werk(2)]).await.unwrap();
    wordt("they are given up", || stand(bus).tellers.verlopen >= eerder.verlopen + 2).await;
    wordt("that is seen", || !stand(bus).verbonden && stand(bus).onbevestigd == 2).await;
    makelaar.doe(&["resume"]);
    wordt("they are confirmed", || stand(bus).onbevestigd == 0).await;
    assert!(stand(bus).tellers.bevestigd >= eerder.bevestigd + 2);
}

/// The broker says yes, and there is no queue: that is a no.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn what_comes_back_is_a_failure_although_it_was_acknowledged() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let processen = makelaar.processen(&naam, 1).await;
    let (_verbinding, kanaal) = makelaar.naast().await;
    for aandeel in 0..AANDELEN {
        let rij = format!("{naam}.werk.{aandeel}");
        let sleutel = rij.clone().into();
        kanaal.queue_unbind(rij.into(), format!("{naam}.werk").into(), sleutel, FieldTable::default()).await.unwrap();
    }
    let bus = &processen[0];
    let mut luisteraar = bus.luisteren_om_te_brengen(ontvanger(1));
    bus.aanbieden(&[werk(1)]).await.unwrap();
    wordt("it came back", || stand(bus).tellers.teruggekomen > 0).await;
    assert!(luisteraar.wachten(GEDULD).await, "what was gone is made again, and it goes out again");
    wordt("it is confirmed", || stand(bus).onbevestigd == 0).await;
}

/// Queues that someone took away while their owner held their turns.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn queues_that_are_taken_away_are_made_again() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let processen = makelaar.processen(&naam, 2).await;
    let (_verbinding, kanaal) = makelaar.naast().await;
    for aandeel in 0..AANDELEN {
        kanaal.queue_delete(format!("{naam}.werk.{aandeel}").into(), Default::default()).await.unwrap();
    }
    wordt("the loss is seen", || processen.iter().any(|p| stand(p).tellers.verbindingen > 2)).await;
    verdeeld(&processen).await;
}

/// What a process had taken and not given back comes to who takes over, and so does everything after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn who_takes_over_is_woken_for_all_that_waits() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let mut processen = makelaar.processen(&naam, 3).await;
    for netjes in [false, true] {
        let plek = processen.iter().position(|p| p.brengt(ontvanger(1))).unwrap();
        let weg = processen.remove(plek);
        let mut luisteraars: Vec<_> = processen.iter().map(|p| p.luisteren_om_te_brengen(ontvanger(1))).collect();
        if netjes {
            weg.sluiten().await;
        }
        drop(weg);
        verdeeld(&processen).await;
        let over = processen.iter().position(|p| p.brengt(ontvanger(1))).unwrap();
        assert!(luisteraars[over].wachten(GEDULD).await, "whoever gets a shard looks in the store");
        processen[0].aanbieden(&[werk(1)]).await.unwrap();
        let mut opnieuw = processen[over].luisteren_om_te_brengen(ontvanger(1));
        processen[0].aanbieden(&[werk(1)]).await.unwrap();
        assert!(opnieuw.wachten(GEDULD).await);
    }
}

/// What one tells, every other hears, and nobody hears itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn what_one_tells_the_others_hear() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let processen = makelaar.processen(&naam, 3).await;
    let mut oren: Vec<_> = processen.iter().map(|p| p.omroep()).collect();
    processen[0].omroepen(b"een".to_vec());
    for oor in &mut oren[1..] {
        assert_eq!(&*tokio::time::timeout(GEDULD, oor.recv()).await.unwrap().unwrap(), b"een");
    }
    processen[1].omroepen(b"twee".to_vec());
    assert_eq!(&*tokio::time::timeout(GEDULD, oren[0].recv()).await.unwrap().unwrap(), b"twee", "not its own");
}

/// What nobody understands holds nothing up, and lies where a person finds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn what_is_not_understood_is_a_dead_letter() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let processen = makelaar.processen(&naam, 1).await;
    let (bus, (_verbinding, kanaal)) = (&processen[0], makelaar.naast().await);
    let sleutel = format!("{naam}.werk.1");
    for inhoud in [&b"{}"[..], b"\xff\xfe", b""] {
        let (ruil, opties) = (format!("{naam}.werk").into(), BasicPublishOptions::default());
        kanaal.basic_publish(ruil, sleutel.as_str().into(), opties, inhoud, BasicProperties::default()).await.unwrap();
    }
    wordt("they are put aside", || stand(bus).tellers.onleesbaar == 3).await;
    let rij = format!("{naam}.dood.letters\t3");
    let tot = Instant::now() + GEDULD;
    while !makelaar.doe(&["ctl", "list_queues", "-p", "inbreng", "name", "messages"]).contains(&rij) {
        assert!(Instant::now() < tot, "no dead letters");
    }
    assert!(stand(bus).verbonden, "and the connection holds");
}

/// A process that cannot work, since its store is gone for it alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn who_rests_leaves_its_shards_to_the_others_and_takes_part_again() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let processen = makelaar.processen(&naam, 2).await;
    verdeeld(&processen).await;
    let [een, ander] = [&processen[0], &processen[1]];
    een.rusten(true);
    wordt("the other has them all", || stand(ander).aandelen_hier == AANDELEN && stand(een).aandelen_hier == 0).await;
    let mut luisteraar = ander.luisteren_om_te_brengen(ontvanger(3));
    een.aanbieden(&[werk(3)]).await.unwrap();
    assert!(luisteraar.wachten(GEDULD).await, "what it accepts goes out all the same");
    // As often as it likes.
    een.rusten(true);
    een.rusten(false);
    verdeeld(&processen).await;
    een.rusten(true);
    een.loslaten();
    wordt("the other has them all", || stand(ander).aandelen_hier == AANDELEN).await;
    een.rusten(false);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(stand(een).aandelen_hier, 0, "let go is for good");
}
