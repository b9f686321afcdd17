//! Every operation as the wrong partner: a valid certificate, a valid token, well-signed statements, and another's thing.
//!
//! What a partner has no part in does not exist for it (R16): each refusal is compared, byte for byte, with the one for a
//! thing that really does not exist, and so is what it leaves behind in the counts and the log.

mod authzen;
mod proeven;
mod tijd;
mod toneel;

use std::collections::BTreeSet;

use inbreng_domain::{
    antwoorden::Aannameantwoord,
    receipts::Ontvangstbewijs,
    terugroep::{Bestemming, Bezorgschema},
};
use inbreng_harness::{Antwoord, Regio, slug, wachten_tot};
use inbreng_proof::{jws::unverified_payload, sha256};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::{document::alle_operaties, starten};
use proeven::{Proef, antwoorden_uit_eigen_zaak, proeven};
pub(crate) use toneel::Toneel;

/// What concerns nobody's thing in particular: the same for every partner. This list only shrinks.
const NIEMANDS: &[&str] = &[
    "GET /beheer/convenanten",
    "GET /beheer/convenanten/{convenant}",
    "GET /beheer/versies",
    "GET /beheer/versies/{versie}",
    "GET /beheer/versies/{versie}/inhoud",
    "GET /beheer/versies/{versie}/wijzigingen",
    // What counts is who signed: the covenant manager, by whoever brings it.
    "POST /beheer/versies/{versie}/activeringen",
    "GET /.well-known/authzen-configuration",
    "GET /access/v1/openapi.json",
    "GET /berichttypen",
    "GET /convenanten",
    "GET /logboek/bewijzen/samenhang",
    "GET /logboek/checkpoint",
    "GET /openapi.json",
    "GET /partners",
    "GET /routering/{gemeente}",
    // As another: by certificate, assertion and signature, in `tokens`.
    "POST /token",
];

/// What has a test of its own below.
const APART: &[&str] = &[
    // Its own counts and nobody else's: in the pipeline's tests.
    "GET /beheer/noodgebruik",
    "GET /beheer/strengheid",
    "GET /logboek/bewijzen/insluiting/{hash}",
    "GET /plichten",
    "GET /postvak",
    "GET /beheer/dode-letters",
    // Its refusals are decisions, in `authzen`.
    "POST /access/v1/evaluation",
    "POST /access/v1/evaluations",
];

/// All that an answer says, the clock excepted.
pub(crate) fn gezien(antwoord: &Antwoord) -> (u16, HeaderMap, String) {
    let mut koppen = antwoord.koppen.clone();
    let _clock = koppen.remove("date");
    (antwoord.status, koppen, antwoord.tekst())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_has_a_case_as_the_wrong_partner() {
    let toneel = Toneel::opbouwen().await;
    let proeven = proeven(&toneel);
    let gedekt: BTreeSet<&str> = proeven.iter().map(|p| p.operatie).chain(APART.iter().copied()).collect();
    let niemands: BTreeSet<&str> = NIEMANDS.iter().copied().collect();
    assert!(gedekt.is_disjoint(&niemands));
    let bediend = alle_operaties(&toneel.derde.client).await;
    let bediend: BTreeSet<&str> = bediend.iter().map(|o| o.naam.as_str()).collect();
    let zonder: Vec<_> = bediend.iter().filter(|naam| !gedekt.contains(*naam) && !niemands.contains(*naam)).collect();
    assert!(zonder.is_empty(), "no case as the wrong partner: {zonder:?}");
    let verdwenen: Vec<_> = gedekt.union(&niemands).filter(|naam| !bediend.contains(*naam)).collect();
    assert!(verdwenen.is_empty(), "cases for what is not served: {verdwenen:?}");
    for proef in &proeven {
        assert!(proef.is_van_operatie(), "{}: {} is another address", proef.operatie, proef.wat);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_ones_thing_is_nothing() {
    let toneel = Toneel::opbouwen().await;
    let gids = toneel.derde.ophalen("gids", "/partners").await.met_status(200).inhoud;
    allemaal_geweigerd(&toneel, "waiting").await;

    // The rightful ones are where they were: the sender sees it under way, the recipient has it, reads it, signs for it.
    let status = toneel.politie.status(toneel.brief.id).await;
    assert_eq!(status["ontvangers"].as_array().unwrap().len(), 1);
    assert_eq!(status["ontvangers"][0]["stand"], "onderweg");
    let postvak = toneel.vt.postvak().await;
    assert_eq!(postvak.len(), 1);
    assert_eq!(postvak[0], toneel.levering);
    assert_eq!(postvak[0]["bericht"]["data"]["delen"].as_array().unwrap().len(), 2);
    let wrap = toneel.inzien(&toneel.vt, toneel.inzagedeel()).await.met_status(200).json();
    assert!(wrap["wrap"].is_object() && wrap["toegang"].is_string());
    toneel.vt.ontvangen(&toneel.levering).await;
    let _read = toneel.gelezen(&toneel.vt).await.met_status(204);

    // And once it is closed, an outsider cannot tell that either.
    allemaal_geweigerd(&toneel, "received and read").await;
    let status = toneel.politie.status(toneel.brief.id).await;
    let ontvanger = &status["ontvangers"][0];
    assert_eq!((&ontvanger["stand"], &ontvanger["ontvanger"]), (&"gelezen".into(), &toneel.vt.partner.oin.to_string().into()));
    assert_eq!(ontvanger["inzagen"].as_array().unwrap().len(), 1, "one reading, by who may");
    assert!(toneel.vt.postvak().await.is_empty());

    // Nor that it is under an embargo.
    toneel.embargo().await;
    allemaal_geweigerd(&toneel, "under embargo").await;
    assert_eq!(toneel.derde.ophalen("gids", "/partners").await.inhoud, gids, "the directory stands as it stood");
}

async fn allemaal_geweigerd(toneel: &Toneel, stand: &str) {
    for proef in proeven(toneel) {
        geweigerd(toneel, proef, stand).await;
    }
}

async fn geweigerd(toneel: &Toneel, proef: Proef, stand: &str) {
    let Proef { operatie, wat, echt, niets, code, laat_spoor } = proef;
    let bij = format!("{stand}: {operatie}: {wat}");
    let begin = toneel.tellingen().await;
    let antwoord = echt.sturen(&toneel.derde).await;
    assert_eq!((antwoord.status, antwoord.probleem().code), (code.status(), code), "{bij}: {}", antwoord.tekst());
    let daarna = toneel.tellingen().await;
    if !laat_spoor {
        assert_eq!(daarna, begin, "{bij}");
    }
    for veld in ["berichten", "leveringen"] {
        assert_eq!((&daarna[veld], begin[veld].is_u64()), (&begin[veld], true), "{bij}: {veld}");
    }
    let Some(niets) = niets else { return };
    let onbekend = niets.sturen(&toneel.derde).await;
    assert_eq!(gezien(&antwoord), gezien(&onbekend), "{bij}: not as for what does not exist");
    // The tree grows as much (R16): who watches the checkpoints learns nothing.
    assert_eq!(verschil(&daarna, &toneel.tellingen().await), verschil(&begin, &daarna), "{bij}");
}

/// Nor does a message tell, from a case of one's own, whether what it says to answer exists.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_answers_another_ones_message_answers_nothing() {
    let toneel = Toneel::opbouwen().await;
    let eigen = toneel.eigen_brief().opent();
    let _accepted = toneel.derde.sturen(eigen.bytes()).await.met_status(202);
    for proef in antwoorden_uit_eigen_zaak(&toneel, eigen.casus) {
        geweigerd(&toneel, proef, "own case").await;
    }
}

/// How much each count grew.
fn verschil(van: &Value, naar: &Value) -> Vec<(String, i64)> {
    let (van, naar) = (van.as_object().unwrap(), naar.as_object().unwrap());
    let getal = |waarde: Option<&Value>| waarde.and_then(Value::as_i64).unwrap_or_default();
    naar.iter().map(|(naam, waarde)| (naam.clone(), getal(Some(waarde)) - getal(van.get(naam)))).collect()
}

/// As [`gezien`], with the place in the mailbox masked: it is sealed anew each time, at one length.
fn postvak_gezien(antwoord: &Antwoord) -> (u16, HeaderMap, String) {
    let (status, koppen, tekst) = gezien(antwoord);
    let verder = antwoord.json()["verder"].as_str().unwrap().to_owned();
    (status, koppen, tekst.replace(&verder, &"-".repeat(verder.len())))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_shows_nothing_of_another() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let om = Toneel::deelnemer(&regio, &hub, "om");
    let leeg = om.ophalen("postvak", "/postvak?wacht=0").await;
    let zonder_plicht = om.ophalen("berichten", "/plichten").await;
    let toneel = Toneel::in_regio(regio, hub).await;
    for _ in 0..2 {
        let nu = toneel.derde.ophalen("postvak", "/postvak?wacht=0").await.met_status(200);
        assert_eq!(postvak_gezien(&nu), postvak_gezien(&leeg));
        assert_eq!(nu.json()["leveringen"], serde_json::json!([]));
        // The sender has no delivery either, and its duty is nobody else's.
        assert!(toneel.politie.postvak().await.is_empty());
        let plichten = toneel.derde.ophalen("berichten", "/plichten").await.met_status(200);
        assert_eq!(gezien(&plichten), gezien(&zonder_plicht));
        // Each part is about someone else, and both are to be told (R32).
        assert_eq!(toneel.politie.ophalen("berichten", "/plichten").await.json()["plichten"].as_array().unwrap().len(), 2);
        if !toneel.vt.postvak().await.is_empty() {
            toneel.vt.ontvangen(&toneel.levering).await;
        }
    }
}

/// What could not be brought is for who sent it and who should have got it.
#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_show_nothing_of_another() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let vt = Toneel::deelnemer(&regio, &hub, "veilig-thuis");
    // A hub that was not told may not call this machine: one attempt, and it is a dead letter.
    let schema = Bezorgschema::new(vec![1], 1, 1, 60).unwrap();
    let bestemming = Bestemming { adres: "https://localhost:1/leveringen".parse().unwrap(), schema };
    let verzoek = regio.pki.terugroep(&slug("veilig-thuis"), 1, Some(bestemming)).unwrap();
    let token = vt.token("gids").await.unwrap();
    let aanroep = vt.client.aanroep(reqwest::Method::PUT, &format!("/v1/partners/{}/terugroep", vt.partner.oin)).token(&token);
    let inhoud = serde_json::to_vec(&verzoek).unwrap();
    let geplaatst = aanroep.kop("content-type", "application/json").lijf(inhoud).sturen().await;
    assert_eq!(geplaatst.status(), 204);
    let leeg = Toneel::deelnemer(&regio, &hub, "om").ophalen("beheer", "/beheer/dode-letters").await;
    let toneel = Toneel::in_regio(regio, hub).await;
    let letter = wachten_tot("the dead letter", async || {
        let letters = toneel.politie.ophalen("beheer", "/beheer/dode-letters").await.met_status(200).json();
        letters["dodeLetters"][0]["levering"].as_str().map(str::to_owned)
    })
    .await;
    for pad in ["/beheer/dode-letters".to_owned(), format!("/beheer/dode-letters?na={letter}")] {
        let nu = toneel.derde.ophalen("beheer", &pad).await.met_status(200);
        assert_eq!(gezien(&nu), gezien(&leeg), "{pad}");
    }
}

/// A leaf's hash is salted with 32 random bytes that only its receipt holds. Whoever has the hash gets the proof; the proof is
/// a place and more hashes, the same for everyone, and says nothing of case, sender or kind.
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_tells_an_outsider_no_more_than_places_and_hashes() {
    let toneel = Toneel::opbouwen().await;
    let Aannameantwoord { ontvangstbewijs, .. } = serde_json::from_slice(&toneel.aangenomen.inhoud).unwrap();
    let bewijs: Ontvangstbewijs = unverified_payload(&ontvangstbewijs).unwrap();
    let pad = format!("/logboek/bewijzen/insluiting/{}?omvang=2", bewijs.blad.hash);
    let van_afzender = toneel.politie.ophalen("logboek", &pad).await;
    let van_derde = toneel.derde.ophalen("logboek", &pad).await;
    assert_eq!(gezien(&van_derde), gezien(&van_afzender));
    let pad = format!("/logboek/bewijzen/insluiting/{}", bewijs.blad.hash);
    let json = toneel.derde.ophalen("logboek", &pad).await.met_status(200).json();
    let velden: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(velden, BTreeSet::from(["index", "omvang", "pad"]));
    // By anything else that names the message there is no proof, as for any other hash.
    let verzonnen = toneel.derde.ophalen("logboek", &format!("/logboek/bewijzen/insluiting/{}", sha256(b"niets"))).await;
    assert_eq!(verzonnen.met_status(404).probleem().code.as_str(), "niet-gevonden");
    for digest in [bewijs.digest, sha256(toneel.brief.id.to_string().as_bytes())] {
        let antwoord = toneel.derde.ophalen("logboek", &format!("/logboek/bewijzen/insluiting/{digest}")).await;
        assert_eq!(antwoord.met_status(404).probleem().code.as_str(), "niet-gevonden");
    }
}

/// Numbers are each sender's own: one that another used already is as free as any.
#[tokio::test(flavor = "multi_thread")]
async fn another_ones_message_number_is_free() {
    let toneel = Toneel::opbouwen().await;
    let voor = toneel.politie.status(toneel.brief.id).await;
    let mut eigen = toneel.eigen_brief().opent();
    eigen.id = toneel.brief.id;
    let _accepted = toneel.derde.sturen(eigen.bytes()).await.met_status(202);
    assert_eq!(toneel.politie.status(toneel.brief.id).await, voor);
    // Each sees its own under that number.
    assert_ne!(toneel.derde.status(eigen.id).await["ontvangstbewijs"], voor["ontvangstbewijs"]);
}
