//! Attack test 1: a hub that was taken over points the sender's adapter at someone else. The adapter does not seal.
//! One wrong role stands in the adapter's own tests; here every other way to name a wrong recipient, to a real process.

use inbreng_domain::{
    Digest, Geadresseerde,
    envelope::NaarRol,
    toets::{Toetsantwoord, Toetsontvanger, Toetsverzoek},
    vocabulary::Partnertype,
};
use inbreng_harness::{Adapter, Regio, slug};
use serde_json::{Value, json};

use crate::{
    PROGRAMMA,
    lying_hub::{LyingHub, alles_mag},
    mutatie,
};

#[tokio::test(flavor = "multi_thread")]
async fn attack_1_a_hub_that_names_someone_else_gets_nothing() {
    let mut regio = Regio::maken();
    let hub = LyingHub::starten(&regio);
    let eerst = regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    regio.pki.sleutel_vernieuwen(&slug("veilig-thuis")).unwrap();
    let mut onbewezen = regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    onbewezen.sleutels[0].opvolging = None;
    let politie = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
    let vreemd = regio.pki.vreemde_pki(&regio.pad("vreemd")).unwrap();
    let gids = |naam: &str| if naam == "veilig-thuis" { eerst.clone() } else { regio.pki.gidsvermelding(&slug(naam)).unwrap() };
    let [vt, ggz] = ["veilig-thuis", "ggz"].map(|naam| Toetsontvanger {
        geadresseerde: None,
        oin: regio.partner(naam).oin,
        gids: gids(naam),
    });
    let zelf = Toetsontvanger { geadresseerde: None, oin: regio.partner("politie").oin, gids: gids("politie") };
    let beleid = regio.beleid;
    // The own mutation goes to whoever fills this role.
    let gevraagd = |v: &Toetsverzoek| v.geadresseerden.first().cloned();
    let ander_adres = Geadresseerde::Rol(NaarRol { rol: Partnertype::Ggz, functie: None });
    let andere_sleutels = {
        let mut gids = gids("veilig-thuis");
        gids.sleutels = self::Toetsontvanger::clone(&ggz).gids.sleutels;
        gids
    };
    let eigen_sleutel = vreemd.gidsvermelding(&slug("veilig-thuis")).unwrap();
    let mut ongetekend = gids("veilig-thuis");
    ongetekend.sleutels[0].medeondertekening = gids("ggz").sleutels[0].medeondertekening.clone();

    type Leugen = Box<dyn Fn(&Toetsverzoek) -> Toetsantwoord + Send>;
    let met = |o: Toetsontvanger| -> Leugen {
        Box::new(move |v| alles_mag(beleid, v, vec![Toetsontvanger { geadresseerde: gevraagd(v), ..o.clone() }]))
    };
    let (vt1, vt2, vt3, ggz1) = (vt.clone(), vt.clone(), vt.clone(), ggz.clone());
    let leugens: Vec<(&str, Leugen)> = vec![
        ("another role", met(ggz.clone())),
        ("the number of the one, the statements of the other", met(Toetsontvanger { gids: gids("ggz"), ..vt.clone() })),
        ("the statements of the one, the number of the other", met(Toetsontvanger { oin: ggz.oin, ..vt.clone() })),
        ("the hub itself", met(Toetsontvanger { oin: regio.knooppunt(), ..vt.clone() })),
        ("the sender itself", met(zelf)),
        ("keys of another partner", met(Toetsontvanger { gids: andere_sleutels, ..vt.clone() })),
        ("keys of the hub's own making", met(Toetsontvanger { gids: eigen_sleutel, ..vt.clone() })),
        ("keys that nobody countersigned", met(Toetsontvanger { gids: ongetekend, ..vt.clone() })),
        ("a key that the one before it does not prove", met(Toetsontvanger { gids: onbewezen, ..vt.clone() })),
        (
            "someone beside the addressee",
            Box::new(move |v| {
                alles_mag(beleid, v, vec![Toetsontvanger { geadresseerde: gevraagd(v), ..vt1.clone() }, ggz1.clone()])
            }),
        ),
        (
            "an addressee that was not asked for",
            Box::new(move |v| {
                alles_mag(beleid, v, vec![Toetsontvanger { geadresseerde: Some(ander_adres.clone()), ..ggz.clone() }])
            }),
        ),
        (
            "no decision",
            Box::new(move |v| {
                let goed = alles_mag(beleid, v, vec![Toetsontvanger { geadresseerde: gevraagd(v), ..vt2.clone() }]);
                Toetsantwoord { besluiten: Vec::new(), ..goed }
            }),
        ),
    ];
    for (nummer, (wat, leugen)) in leugens.into_iter().enumerate() {
        hub.liegt(leugen);
        let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie(nummer)).await;
        assert!((400..500).contains(&status), "{wat}: {status} {antwoord}");
        assert!(hub.verstuurd().is_empty(), "{wat}: sealed and sent");
    }
    let (_, gezondheid) = politie.ophalen("/gezondheid").await;
    assert!(gezondheid["alarmen"].as_array().is_some_and(|a| !a.is_empty()), "{gezondheid}");

    // A policy that the covenant manager never signed: waits, unsealed.
    hub.liegt(move |v| {
        let onbekend = Digest::from_bytes([7; 32]);
        alles_mag(onbekend, v, vec![Toetsontvanger { geadresseerde: gevraagd(v), ..vt3.clone() }])
    });
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=2", &mutatie(90)).await;
    assert_eq!((status, &antwoord["stand"]), (202, &json!("aangenomen")), "{antwoord}");
    assert!(hub.verstuurd().is_empty(), "sealed under an unknown policy");

    // The truth is sealed and sent: it was the lies that were refused.
    hub.liegt(move |v| alles_mag(beleid, v, vec![Toetsontvanger { geadresseerde: gevraagd(v), ..vt.clone() }]));
    let _not_confirmed = politie.sturen("/mutaties/huiselijk-geweld?wacht=5", &mutatie(91)).await;
    let verstuurd: Vec<Value> = hub.verstuurd();
    assert!(!verstuurd.is_empty());
    let ontvanger = regio.partner("veilig-thuis").oin;
    for deel in verstuurd.iter().flat_map(|v| v["data"]["delen"].as_array().unwrap()) {
        assert_eq!(deel["toegang"].as_array().unwrap().iter().map(|t| &t["oin"]).collect::<Vec<_>>(), [&json!(ontvanger)]);
    }
}
