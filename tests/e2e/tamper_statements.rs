//! The statements that a partner hands in about deliveries, its directory entry, its keys, what proves or freezes one, and its callback
//! are changed in every place, one at a time, on its way: none of them has any effect, and unchanged it has. (Messages: `bad_message`;
//! deliveries at their recipient: `tamper_delivery`; the log: `tamper_log`; acts: `tamper_acts`.)

use std::{process::Command, sync::Arc};

use inbreng_certs::Pki;
use inbreng_domain::{
    Clock, Code, DeelId, LeveringId, Randomness,
    antwoorden::Sleutelverzoek,
    clock::SystemClock,
    gids::{Bevriesreden, Bevriezing, Medeondertekend, Sleutelverklaring, Sleutelvermelding, Vermelding},
    receipts::{Gelezen, Inzageverzoek, Ontvangst, Weigering, Weigeringscode},
    terugroep::{Bestemming, Bezorgschema, Terugroepverzoek},
    vocabulary::Doel,
};
use inbreng_harness::{Brief, Deelnemer, Hub, Partner, Regio, Stuk, slug};
use inbreng_proof::{
    SystemRandomness, Typ, digest_of, encoding,
    gids::{sign_bevriezing, verklaring_digest},
    jws,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hub,
    verminken::{Inpakken, PLAATSEN, Verklaring, typen, veranderd},
};

/// What is signed for these uses is tampered with here.
pub const TYPEN: [Typ; 10] = [
    Typ::Inzage,
    Typ::Ontvangst,
    Typ::Gelezen,
    Typ::Weigering,
    Typ::Vermelding,
    Typ::Sleutel,
    Typ::Opvolging,
    Typ::Bevriezing,
    Typ::Terugroep,
    Typ::Medeondertekening,
];

fn over_levering(wat: &'static str, pad: String, jws: String) -> Verklaring {
    Verklaring::los(wat, "postvak", pad, jws)
}

fn functie() -> Code {
    Code::parse("vertrouwensarts").unwrap()
}

/// What the recipient says of two deliveries and a view-only part.
fn woorden(vt: &Partner, brief: &Brief, leveringen: &[Value]) -> Vec<Verklaring> {
    let (ontvanger, tijd) = (vt.oin, SystemClock.now());
    let teken = |typ, woord: &Value| jws::sign(&vt.sleutel, typ, woord).unwrap();
    let id = |n: usize| LeveringId::parse(leveringen[n]["id"].as_str().unwrap()).unwrap();
    let bericht = |n: usize| serde_json::from_value(leveringen[n]["bericht"]["id"].clone()).unwrap();
    let data = &leveringen[0]["bericht"]["data"];
    let delen: Vec<DeelId> =
        data["delen"].as_array().unwrap().iter().map(|d| serde_json::from_value(d["labels"]["id"].clone()).unwrap()).collect();
    let digest = digest_of(&data["bericht"]).unwrap();
    let mut nonce = [0; 16];
    SystemRandomness.fill(&mut nonce);
    let deel = brief.delen[0].id;
    let ontvangst = Ontvangst { levering: id(0), bericht: bericht(0), digest, delen, ontvanger, tijd };
    let gelezen = Gelezen { levering: id(0), functie: functie(), ontvanger, tijd };
    let geweigerd = Some(digest_of(&leveringen[1]["bericht"]).unwrap());
    let code = Weigeringscode::NietVoorOns;
    let weigering = Weigering { levering: id(1), bericht: bericht(1), digest: geweigerd, code, ontvanger, tijd };
    let nonce = encoding::encode(&nonce);
    let inzage = Inzageverzoek { deel, ontvanger, functie: functie(), doel: Doel::Beoordelen, nonce, tijd };
    vec![
        over_levering("reading", format!("/delen/{deel}/inzage"), teken(Typ::Inzage, &json!(inzage))),
        over_levering("receipt", format!("/leveringen/{}/ontvangst", id(0)), teken(Typ::Ontvangst, &json!(ontvangst))),
        over_levering("read", format!("/leveringen/{}/gelezen", id(0)), teken(Typ::Gelezen, &json!(gelezen))),
        over_levering("refusal", format!("/leveringen/{}/weigering", id(1)), teken(Typ::Weigering, &json!(weigering))),
    ]
}

/// The directory statement, the first key statement and the callback, each by its partner and by the covenant manager; the proof of the
/// next key, and a freeze.
fn gids(pki: &Pki, vt: &Partner) -> Vec<Verklaring> {
    let gids = pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    let mut alle = Vec::new();
    let mut beide = |wat: [&'static str; 2], pad: &str, echt: Medeondertekend, om: fn(Medeondertekend) -> Value| {
        let pad = format!("/partners/{}/{pad}", vt.oin);
        let (een, twee) = (echt.clone(), echt.clone());
        let inpakken: [Inpakken; 2] = [
            Box::new(move |jws| om(Medeondertekend { verklaring: jws.to_owned(), ..een.clone() })),
            Box::new(move |jws| om(Medeondertekend { medeondertekening: jws.to_owned(), ..twee.clone() })),
        ];
        for ((wat, jws), inpakken) in wat.into_iter().zip([echt.verklaring, echt.medeondertekening]).zip(inpakken) {
            alle.push(Verklaring { wat, methode: Method::PUT, pad: pad.clone(), bereik: "gids", gezien: None, jws, inpakken });
        }
    };
    beide(["directory", "directory, countersigned"], "vermelding", gids.vermelding.clone(), |m| json!(m));
    let eerste = gids.sleutels.last().unwrap().clone();
    let sleutel =
        Medeondertekend { verklaring: eerste.verklaring.clone(), medeondertekening: eerste.medeondertekening.clone().unwrap() };
    beide(["key", "key, countersigned"], "sleutels", sleutel, |m| json!(Sleutelverzoek { sleutels: vec![m.into()] }));
    let bestemming = Bestemming { adres: "https://localhost:9/leveringen".parse().unwrap(), schema: Bezorgschema::default() };
    let terugroep = pki.terugroep(&slug("veilig-thuis"), 1, Some(bestemming)).unwrap();
    let echt = Medeondertekend { verklaring: terugroep.verklaring, medeondertekening: terugroep.medeondertekening.unwrap() };
    beide(["callback", "callback, countersigned"], "terugroep", echt, |m| {
        json!(Terugroepverzoek { verklaring: m.verklaring, medeondertekening: Some(m.medeondertekening) })
    });
    // The next key, which the first proves; and then the first is frozen.
    let tweede = gids.sleutels[0].clone();
    let (pad, jws, laatste) =
        (format!("/partners/{}/sleutels", vt.oin), tweede.opvolging.clone().unwrap(), verklaring_digest(&tweede.verklaring));
    let gelezen: Sleutelverklaring = jws::unverified_payload(&eerste.verklaring).unwrap();
    let inpakken: Inpakken = Box::new(move |jws| {
        let tweede = Sleutelvermelding { opvolging: Some(jws.to_owned()), ..tweede.clone() };
        json!(Sleutelverzoek { sleutels: vec![tweede, eerste.clone()] })
    });
    alle.push(Verklaring { wat: "proof of a key", methode: Method::PUT, pad, bereik: "gids", gezien: None, jws, inpakken });
    let vermelding: Vermelding = jws::unverified_payload(&gids.vermelding.verklaring).unwrap();
    let (kid, reden, tijd) = (gelezen.kid, Bevriesreden::Gelekt, SystemClock.now());
    let bevriezing = Bevriezing { oin: vt.oin, kid, laatste, reden, certificaten: vermelding.certificaten, tijd };
    let jws = sign_bevriezing(&vt.sleutel, &bevriezing).unwrap();
    alle.push(Verklaring::los("freeze", "gids", format!("/partners/{}/bevriezingen", vt.oin), jws));
    alle
}

/// The keys of the region beside it, with one more: the hub reads the region's own.
fn met_volgende_sleutel(regio: &Regio) -> Pki {
    let (van, naar) = (regio.pad("pki"), regio.pad("pki-daarna"));
    let gekopieerd = Command::new("cp").arg("-r").arg(van).arg(&naar).status().unwrap();
    assert!(gekopieerd.success());
    let mut pki = Pki::open(&naar, Arc::new(SystemClock)).unwrap();
    pki.sleutel_vernieuwen(&slug("veilig-thuis")).unwrap();
    pki
}

async fn gids_zoals_die_is(hub: &Hub, wie: &Deelnemer) -> (Value, Vec<u8>) {
    (hub.tellingen().await, wie.ophalen("gids", "/partners").await.met_status(200).inhoud)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_was_changed_has_no_effect() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let doel = Doel::Beoordelen;
    let brief = || {
        let stuk = || Stuk::incident(doel, "Er was ruzie.", &[&vt.partner]);
        let brief = Brief::new(&regio, &politie.partner, "incidentmelding").opent().aan(&[&vt.partner]);
        brief.met(stuk().alleen_inzien()).met(stuk())
    };
    let eerste = brief();
    for brief in [&eerste, &brief()] {
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
    let leveringen = vt.postvak().await;
    let mut alle = woorden(&vt.partner, &eerste, &leveringen);
    alle.extend(gids(&met_volgende_sleutel(&regio), &vt.partner));
    let teksten: Vec<String> = alle.iter().map(|v| v.jws.clone()).collect();
    let anderen: Vec<&str> = teksten.iter().map(String::as_str).collect();

    assert_eq!(typen(&alle), TYPEN.iter().map(|t| t.as_str()).collect());

    let voor = gids_zoals_die_is(&hub, &vt).await;
    let mut gedaan = 0;
    for verklaring in &alle {
        for (wat, jws) in veranderd(&verklaring.jws, &anderen, PLAATSEN) {
            let antwoord = verklaring.sturen(&vt, &jws).await;
            let bij = format!("{}: {wat}: {} {}", verklaring.wat, antwoord.status, antwoord.tekst());
            assert!((400..500).contains(&antwoord.status), "{bij}");
            gedaan += 1;
        }
        assert_eq!(gids_zoals_die_is(&hub, &vt).await, voor, "{}", verklaring.wat);
    }
    assert!(gedaan > 800, "{gedaan}");
    // Unchanged, each is taken: what was refused was the change.
    for verklaring in &alle {
        let antwoord = verklaring.sturen(&vt, &verklaring.jws).await;
        assert!(antwoord.status < 300, "{}: {} {}", verklaring.wat, antwoord.status, antwoord.tekst());
    }
    let (na, _) = gids_zoals_die_is(&hub, &vt).await;
    assert_eq!(na["open"], json!(0), "{na}");
}
