//! What an owner, an officer and a partner sign apart from deliveries: a further wrap, the outcome of a review, a request for an
//! overview, that a dead letter is to be brought again, that everything was sent again to a hub that was put back. Changed in any place,
//! signed by another, for another use or about something else, none has any effect; unchanged each has. (Policy and parties:
//! `tamper_policy`.)

use inbreng_domain::{
    BerichtId, Clock, clock::SystemClock, overzicht::Overzichtverzoek, receipts::Nazending, terugroep::Herbezorging,
    versie::Beheerfunctie,
};
use inbreng_harness::{Brief, Deelnemer, Stuk};
use inbreng_proof::{SystemRandomness, Typ, jws, sha256};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    bezorgen::{self, Toneel},
    eigenaar::Zaak,
    hub,
    teruggezet::{self, backup, heropen, terugzetten},
    verminken::{Verklaring, typen},
};

/// In a case.
pub const IN_EEN_ZAAK: [Typ; 3] = [Typ::Toegang, Typ::Toetsuitslag, Typ::Overzicht];
/// Of deliveries.
pub const BEZORGEN: [Typ; 1] = [Typ::Herbezorging];
/// Of a hub that was put back.
pub const HERSTEL: [Typ; 1] = [Typ::Nazending];

fn namen(typen: &[Typ]) -> std::collections::BTreeSet<&'static str> {
    typen.iter().map(|t| t.as_str()).collect()
}

/// What anyone could see of an effect: leaves, messages, duties, who holds what, and what lies in mailboxes.
async fn zaak_zoals_die_is(z: &Zaak, antwoord: &Brief, nood: &Brief) -> Value {
    let plichten = async |wie: &Deelnemer| wie.ophalen("berichten", "/plichten").await.met_status(200).json();
    json!([
        z.hub.tellingen().await,
        z.ggz.status(antwoord.id).await,
        z.ggz.status(nood.id).await,
        plichten(&z.ggz).await,
        plichten(&z.vt).await,
        z.om.postvak().await,
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_further_wrap_a_review_or_an_overview_that_was_changed_has_no_effect() {
    let z = Zaak::openen("verminkt").await;
    let (antwoord, deel) = z.antwoord_van_ggz().await;
    let verzoek = z.verzoek(&antwoord).await;
    z.besluit(&verzoek, "ja", 1).await;
    let nood = z.noodopening().await;
    let (ggz, vt) = (&z.ggz.partner, &z.vt.partner);

    let mut wrap = z.wrap(&deel, &verzoek);
    wrap.deel = Some(deel.clone());
    let lijf = json!(wrap);
    let pad = format!("/delen/{}/toegang", deel.labels.id);
    let toegang = Verklaring::los("a further wrap", "berichten", pad, wrap.toegang.verklaring.clone()).in_lijf({
        let lijf = lijf.clone();
        move |jws| {
            let mut lijf = lijf.clone();
            lijf["toegang"]["verklaring"] = json!(jws);
            lijf
        }
    });
    let pad = format!("/berichten/{}/toets-achteraf", nood.id);
    let toets = Verklaring::los("a review", "berichten", pad, z.toetsuitslag(&nood));
    let gevraagd = Overzichtverzoek {
        verzoek: BerichtId::mint(SystemClock.now(), &SystemRandomness),
        casus: z.opening.casus.unwrap(),
        persoon: z.opening.delen[0].betrokkenen[0],
        convenant: z.regio.tekst.convenant.clone(),
        gevraagd_op: SystemClock.now().to_string()[..10].parse().unwrap(),
        organisatie: vt.oin,
        functie: "casusregisseur".parse().unwrap(),
        tijd: SystemClock.now(),
        na: None,
    };
    let jws = jws::sign(&vt.sleutel, Typ::Overzicht, &gevraagd).unwrap();
    let overzicht = Verklaring::los("an overview", "berichten", "/overzichten".to_owned(), jws);
    assert_eq!(typen([&toegang, &toets, &overzicht]), namen(&IN_EEN_ZAAK));

    let voor = zaak_zoals_die_is(&z, &antwoord, &nood).await;
    let mut gedaan = 0;
    for (verklaring, wie, ander) in [(&toegang, &z.ggz, vt), (&toets, &z.ggz, vt), (&overzicht, &z.vt, ggz)] {
        gedaan += verklaring.verminkt_wordt_geweigerd(wie, &wie.partner, ander).await;
    }
    assert!(gedaan > 700, "{gedaan}");
    gedaan += lijf_verminkt(&toegang, &z.ggz, &lijf).await;
    assert!(gedaan > 750, "{gedaan}");

    // Signed by the owner, about another part, content, key, wrap or purpose; and by the owner's hand at another's part.
    let ander = json!(sha256(b"anders"));
    for (veld, waarde, code) in [
        ("/deel", json!(z.opening.delen[0].id), "verzegeling-ongeldig"),
        ("/inhoud", ander.clone(), "verzegeling-ongeldig"),
        ("/sleutel", json!(vt.zegel.kid()), "verzegeling-ongeldig"),
        ("/wrap", ander, "verzegeling-ongeldig"),
        ("/ontvanger", json!(vt.oin), "niet-gelijk"),
        ("/wijze", json!("terugval"), "veld-ongeldig"),
    ] {
        toegang.geweigerd(&z.ggz, veld, &toegang.anders(ggz, veld, waarde), code).await;
    }
    toegang.geweigerd_op(&z.ggz, format!("/delen/{}/toegang", z.opening.delen[0].id), "niet-gevonden").await;
    toegang.geweigerd(&z.vt, "passed on by who got it", &toegang.jws, "niet-gevonden").await;

    toets.geweigerd_op(&z.ggz, format!("/berichten/{}/toets-achteraf", antwoord.id), "niet-gelijk").await;
    let over_ander = Verklaring {
        jws: toets.anders(ggz, "/bericht", json!(antwoord.id)),
        ..Verklaring::los("a review", "berichten", format!("/berichten/{}/toets-achteraf", antwoord.id), String::new())
    };
    over_ander.geweigerd(&z.ggz, "of what is not to be reviewed", &over_ander.jws, "niet-gevonden").await;
    toets.geweigerd(&z.ggz, "another's", &toets.anders(ggz, "/organisatie", json!(vt.oin)), "niet-gelijk").await;
    let van_vt = toets.anders(vt, "/organisatie", json!(vt.oin));
    toets.geweigerd(&z.vt, "of another's decision", &van_vt, "niet-gevonden").await;

    let van_ggz = overzicht.anders(vt, "/organisatie", json!(ggz.oin));
    overzicht.geweigerd(&z.vt, "for another", &van_ggz, "niet-gelijk").await;
    let oud = json!(SystemClock.now().plus(-Duration::minutes(6)));
    overzicht.geweigerd(&z.vt, "of before", &overzicht.anders(vt, "/tijd", oud), "veld-ongeldig").await;
    overzicht.geweigerd(&z.ggz, "in another's name", &overzicht.jws, "handtekening-ongeldig").await;
    assert_eq!(zaak_zoals_die_is(&z, &antwoord, &nood).await, voor);

    for (verklaring, wie) in [(&toegang, &z.ggz), (&toets, &z.ggz), (&overzicht, &z.vt)] {
        let toen = zaak_zoals_die_is(&z, &antwoord, &nood).await;
        verklaring.wordt_aangenomen(wie).await;
        assert_ne!(zaak_zoals_die_is(&z, &antwoord, &nood).await, toen, "{}", verklaring.wat);
    }
    assert!(z.hub.stoppen());
}

/// What comes along with a further wrap, and is not the statement: every text of it changed at its end.
async fn lijf_verminkt(toegang: &Verklaring, wie: &Deelnemer, lijf: &Value) -> usize {
    let mut paden = Vec::new();
    crate::verminken::plaatsen(lijf, "", &mut paden);
    let paden: Vec<_> = paden.into_iter().filter(|p| p != "/toegang/verklaring").collect();
    for pad in &paden {
        let mut anders = lijf.clone();
        let plek = anders.pointer_mut(pad).unwrap();
        *plek = match &*plek {
            Value::String(tekst) => json!(crate::verminken::met_ander_teken(tekst, tekst.chars().count().saturating_sub(1))),
            _ => json!("x"),
        };
        if anders == *lijf {
            continue;
        }
        let antwoord = toegang.sturen_lijf(wie, &anders).await;
        assert!((400..500).contains(&antwoord.status), "{pad}: {} {}", antwoord.status, antwoord.tekst());
    }
    paden.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_bring_again_that_was_changed_has_no_effect() {
    let Toneel { regio, hub, politie, vt, om } = Toneel::new();
    let schema = bezorgen::schema(1, 2, 1);
    bezorgen::aanmelden(&regio, &vt, "veilig-thuis", 1, bezorgen::nergens(), schema).await;
    let brieven = [(); 2].map(|()| bezorgen::melding(&regio, &politie, &vt.partner));
    for brief in &brieven {
        bezorgen::sturen(&politie, brief).await;
        bezorgen::wordt(&politie, brief, &vt, "dode-letter").await;
    }
    let letters = async |wie: &Deelnemer| wie.ophalen("beheer", "/beheer/dode-letters").await.met_status(200).json();
    let stand = async || json!([hub.tellingen().await, letters(&politie).await, letters(&vt).await]);
    let voor = stand().await;
    let levering = |n: usize| voor[1]["dodeLetters"][n]["levering"].as_str().unwrap().parse().unwrap();
    let (deze, andere) = (levering(0), levering(1));
    let (zelf, tijd) = (&politie.partner, SystemClock.now());
    let daad = Herbezorging { levering: deze, door: zelf.oin, functie: Beheerfunctie::Fg, tijd };
    let pad = |levering| format!("/beheer/dode-letters/{levering}/opnieuw");
    let jws = jws::sign(&zelf.sleutel, Typ::Herbezorging, &daad).unwrap();
    let opnieuw = Verklaring::los("bring it again", "beheer", pad(deze), jws);
    assert_eq!(typen([&opnieuw]), namen(&BEZORGEN));

    let gedaan = opnieuw.verminkt_wordt_geweigerd(&politie, zelf, &vt.partner).await;
    assert!(gedaan > 150, "{gedaan}");
    opnieuw.geweigerd_op(&politie, pad(andere), "niet-gelijk").await;
    opnieuw.geweigerd(&politie, "of another", &opnieuw.anders(zelf, "/levering", json!(andere)), "niet-gelijk").await;
    let oud = json!(tijd.plus(-Duration::minutes(16)));
    opnieuw.geweigerd(&politie, "of before", &opnieuw.anders(zelf, "/tijd", oud), "niet-gelijk").await;
    let vermomd = opnieuw.anders(zelf, "/door", json!(vt.partner.oin));
    opnieuw.geweigerd(&politie, "in another's name", &vermomd, "bron-niet-eigen").await;
    opnieuw.geweigerd(&vt, "another's", &opnieuw.jws, "handtekening-ongeldig").await;
    let vreemd = opnieuw.anders(&om.partner, "/door", json!(om.partner.oin));
    opnieuw.geweigerd(&om, "an outsider's", &vreemd, "niet-gevonden").await;
    assert_eq!(stand().await, voor);

    opnieuw.wordt_aangenomen(&politie).await;
    assert_ne!(stand().await, voor);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_all_was_sent_again_opens_nothing_when_it_was_changed() {
    let regio = inbreng_harness::Regio::maken();
    let mut hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let brief = |doel| {
        Brief::huisverbod(&regio, &politie.partner).aan(&[&vt.partner]).met(Stuk::incident(doel, "Er was ruzie.", &[&vt.partner]))
    };
    politie.sturen(brief(inbreng_domain::vocabulary::Doel::Huisverbod).bytes()).await.met_status(202);
    let (kopie, _) = backup(&hub, "kopie.sqlite");
    terugzetten(&mut hub, &kopie);
    let allen = teruggezet::ALLEN.map(|naam| Deelnemer::new(&regio, &hub, naam));
    let [politie, vt, ..] = &allen;
    let stand = async || json!([heropen(&hub, &[]).1, hub.tellingen().await]);
    let voor = stand().await;

    let hersteld = teruggezet::kop(vt).await.hersteld.unwrap();
    let woord = |wie: &Deelnemer| {
        let hersteld = hersteld.clone();
        let nazending = Nazending { hub: regio.knooppunt(), partner: wie.partner.oin, hersteld, tijd: SystemClock.now() };
        let jws = jws::sign(&wie.partner.sleutel, Typ::Nazending, &nazending).unwrap();
        Verklaring::los("all sent again", "logboek", "/logboek/nazending".to_owned(), jws)
    };
    let nagezonden = woord(vt);
    assert_eq!(typen([&nagezonden]), namen(&HERSTEL));
    let gedaan = nagezonden.verminkt_wordt_geweigerd(vt, &vt.partner, &politie.partner).await;
    assert!(gedaan > 150, "{gedaan}");
    let (ander, eerder) = (json!(sha256(b"anders")), json!(hersteld.op.plus(-Duration::seconds(1))));
    for (veld, waarde) in [
        ("/hub", json!(politie.partner.oin)),
        ("/partner", json!(politie.partner.oin)),
        ("/hersteld/omvang", json!(hersteld.omvang + 1)),
        ("/hersteld/wortel", ander),
        ("/hersteld/tot", eerder.clone()),
        ("/hersteld/op", eerder),
    ] {
        nagezonden.geweigerd(vt, veld, &nagezonden.anders(&vt.partner, veld, waarde), "niet-gelijk").await;
    }
    nagezonden.geweigerd(politie, "another's", &nagezonden.jws, "handtekening-ongeldig").await;
    assert_eq!(stand().await, voor);
    assert_eq!(vt.ophalen("postvak", "/postvak?wacht=0").await.met_status(503).probleem().code.as_str(), "knooppunt-hersteld");

    for wie in &allen {
        woord(wie).wordt_aangenomen(wie).await;
    }
    assert_eq!(heropen(&hub, &[]).1["heropend"], true);
    assert_eq!(vt.postvak().await.len(), 1);
}
