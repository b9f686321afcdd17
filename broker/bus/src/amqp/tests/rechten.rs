//! What the user of an installation may do at the broker, and what it may not; and whom the bus believes.

use std::sync::Arc;

use inbreng_domain::randomness::SeededRandomness;
use lapin::{
    options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions},
    types::FieldTable,
};

use super::{super::AmqpFout, Knoop, Makelaar, naam};
use crate::amqp::{AmqpBus, Instellingen};

async fn proberen(instellingen: Instellingen) -> Result<(), AmqpFout> {
    AmqpBus::new(instellingen, Arc::new(SeededRandomness::new(1))).proberen().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn the_user_may_do_what_it_must_and_nothing_else() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    proberen(makelaar.instellingen(&naam)).await.unwrap();
    proberen(makelaar.instellingen(&naam)).await.unwrap();
    let geweigerd = |fout: lapin::Error| assert!(fout.to_string().contains("ACCESS_REFUSED"), "{fout}");
    let (verbinding, kanaal) = makelaar.naast().await;
    for vreemd in ["vreemd".to_owned(), "anders.werk.1".to_owned(), format!("{naam}.vreemd")] {
        let kanaal = verbinding.create_channel().await.unwrap();
        let uit = kanaal.queue_declare(vreemd.into(), QueueDeclareOptions::durable(), FieldTable::default()).await;
        geweigerd(uit.unwrap_err());
    }
    // Dead letters are for a person: the hub puts them there, and cannot take them back.
    let letters = format!("{naam}.dood.letters");
    let uit = kanaal.basic_consume(letters.into(), "x".into(), BasicConsumeOptions::default(), FieldTable::default()).await;
    geweigerd(uit.unwrap_err());
    let kanaal = verbinding.create_channel().await.unwrap();
    kanaal.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let opties = BasicPublishOptions::default();
    let uit = kanaal.basic_publish("amq.direct".into(), "x".into(), opties, b"", Default::default()).await.unwrap().await;
    geweigerd(uit.unwrap_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn only_the_broker_that_was_meant_is_believed() {
    let makelaar = Makelaar::van_allen();
    let (url, wachtwoord, ca) = (makelaar.lezen("url"), makelaar.lezen("wachtwoord"), makelaar.lezen("ca.pem"));
    let met = |url: &str, wachtwoord: &str, ca: &str| {
        let knoop = Knoop::nieuw(url, wachtwoord, Some(ca.to_owned())).unwrap();
        proberen(Instellingen { knopen: vec![knoop], ..makelaar.instellingen(&naam()) })
    };
    met(&url, &wachtwoord, &ca).await.unwrap();
    let andere_ca = ander_gezag();
    met(&url, &wachtwoord, &andere_ca).await.unwrap_err();
    met(&url, "verkeerd", &ca).await.unwrap_err();
    let (plek, _) = url.rsplit_once('/').unwrap();
    met(&format!("{plek}/%2f"), &wachtwoord, &ca).await.unwrap_err();
    let plat = url.replace("amqps://", "amqp://");
    met(&plat, &wachtwoord, &ca).await.unwrap_err();
}

/// Another password, and another node, count from the next connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn the_next_connection_has_the_password_of_then() {
    let makelaar = Makelaar::van_allen();
    let (url, wachtwoord, ca) = (makelaar.lezen("url"), makelaar.lezen("wachtwoord"), makelaar.lezen("ca.pem"));
    let met = |wachtwoord: &str| Knoop::nieuw(&url, wachtwoord, Some(ca.clone())).unwrap();
    let instellingen = Instellingen { knopen: vec![met("van-gisteren")], ..makelaar.instellingen(&naam()) };
    let bus = AmqpBus::new(instellingen, Arc::new(SeededRandomness::new(1)));
    bus.proberen().await.unwrap_err();
    bus.knopen_vervangen(&[met(&wachtwoord)]);
    bus.proberen().await.unwrap();
    bus.knopen_vervangen(&[]);
    assert!(matches!(bus.proberen().await, Err(AmqpFout::GeenKnoop)));
}

/// A certificate authority that issued nothing.
fn ander_gezag() -> String {
    let uit = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=Ander",
        ])
        .args(["-keyout", "/dev/null"])
        .output()
        .unwrap();
    String::from_utf8(uit.stdout).unwrap()
}

/// What someone made otherwise is not taken for ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ: cargo xtask test --only rabbitmq"]
async fn a_queue_of_another_kind_is_said() {
    let (makelaar, naam) = (Makelaar::van_allen(), naam());
    let (_verbinding, kanaal) = makelaar.naast().await;
    let rij = format!("{naam}.werk.0");
    kanaal.queue_declare(rij.into(), QueueDeclareOptions::durable(), FieldTable::default()).await.unwrap();
    let fout = proberen(makelaar.instellingen(&naam)).await.unwrap_err();
    assert!(matches!(&fout, AmqpFout::Makelaar(e) if e.to_string().contains("PRECONDITION_FAILED")), "{fout:?}");
}
