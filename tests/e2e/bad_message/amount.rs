//! More than is allowed.

use inbreng_domain::{PersoonRef, ProblemCode, vocabulary::Doel};
use inbreng_harness::{Deelnemer, Stuk, naar};
use inbreng_proof::SystemRandomness;

use super::{Proef, poging};
use crate::hub;

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_allowed() {
    use ProblemCode::{TeGroot, TeVeel, VeldOngeldig};
    let p = Proef::new();
    let stuk = || Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[&p.vt]);
    let met_personen = |aantal: usize| {
        p.geschreven(|b| b.delen[0].betrokkenen = (0..aantal).map(|_| PersoonRef::mint(&SystemRandomness)).collect())
    };
    p.allemaal_geweigerd(vec![
        poging("parts", p.geschreven(|b| b.delen = (0..33).map(|_| stuk()).collect()), TeVeel, "/data/delen"),
        poging("parts of this type", p.geschreven(|b| b.delen = (0..17).map(|_| stuk()).collect()), VeldOngeldig, "/data/delen"),
        poging("no parts", p.geschreven(|b| b.delen.clear()), VeldOngeldig, "/data/delen"),
        poging("persons", met_personen(64), TeVeel, "/data/delen"),
        poging("header", p.geschreven(|b| b.checkpoint = Some("x".repeat(256 * 1024))), TeGroot, "/data/kop"),
    ])
    .await;
    // At the edge it is allowed: 64 persons, of whom one in the other part.
    assert_eq!(p.afzender.sturen(met_personen(63)).await.status, 202);

    let klein = hub(&p.regio, "klein", "[grenzen]\nmessage_bytes = 20000\nparts = 2\nrecipients = 1\nnesting = 12");
    let client = Deelnemer::new(&p.regio, &klein, "politie");
    for (wat, bytes, code) in [
        ("bytes", p.geschreven(|b| b.checkpoint = Some("x".repeat(20_000))), TeGroot),
        ("parts", p.geschreven(|b| b.delen.push(stuk())), TeVeel),
        (
            "recipients",
            p.geschreven(|b| {
                b.geadresseerden.push(naar(p.om.oin));
                b.delen[0] = Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[&p.vt, &p.om]);
            }),
            TeVeel,
        ),
    ] {
        assert_eq!(client.sturen(bytes).await.met_status(code.status()).probleem().code, code, "{wat}");
    }
    assert_eq!(client.sturen(p.brief().bytes()).await.status, 202, "what fits in smaller limits");
}
