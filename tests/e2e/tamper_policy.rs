//! What officers, parties and the covenant manager sign about the rules: every act on a version, its activation, joining and leaving.
//! Changed in any place, signed by another, for another use, of another version or moment, none has any effect; unchanged each has.

use std::collections::BTreeSet;

use inbreng_certs::Toetredingsopgave;
use inbreng_domain::{
    Clock,
    clock::SystemClock,
    gids::Medeondertekend,
    versie::{Beheerfunctie, Versiehandeling},
    vocabulary::JaNee,
};
use inbreng_harness::{Deelnemer, Partner, Regio, slug};
use inbreng_proof::{Typ, jws, sha256};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    hub,
    verminken::{Verklaring, typen},
    versies::{Concept, dag, geldend, strenger},
};

/// On a version.
pub const VERSIES: [Typ; 3] = [Typ::Beheer, Typ::Activering, Typ::Beleid];
/// On a covenant.
pub const PARTIJEN: [Typ; 3] = [Typ::Toetreding, Typ::Medeondertekening, Typ::Uittreding];

fn namen(typen: &[Typ]) -> BTreeSet<&'static str> {
    typen.iter().map(|t| t.as_str()).collect()
}

fn op_versie(wat: &'static str, concept: &Concept, stap: &str, gezien: u64, jws: String) -> Verklaring {
    Verklaring::los(wat, "beheer", format!("/beheer/versies/{}/{stap}", concept.versie), jws).gezien(gezien)
}

/// What anyone could see of an effect: leaves, versions with their steps, and the covenant.
async fn beleid_zoals_het_is(hub: &inbreng_harness::Hub, wie: &Deelnemer, versies: &[&Concept]) -> Value {
    let mut alles = vec![hub.tellingen().await];
    let mut paden = vec!["/beheer/versies".to_owned(), "/beheer/convenanten/voorbeeldregio".to_owned()];
    paden.extend(versies.iter().map(|c| format!("/beheer/versies/{}", c.versie)));
    for pad in paden {
        alles.push(wie.ophalen("beheer", &pad).await.met_status(200).json());
    }
    json!(alles)
}

/// What is signed well and is about something else than where it is sent: another version of the same author, another act, in another's
/// name, of too long ago.
async fn elders_geweigerd(verklaring: &Verklaring, wie: &Deelnemer, ander: &Concept, vreemde: &Partner) {
    let zelf = &wie.partner;
    let oud = json!(SystemClock.now().plus(-Duration::minutes(16)));
    for (veld, waarde, code) in [
        ("/versie", json!(ander.versie), "niet-gelijk"),
        ("/tabellen", json!(sha256(b"anders")), "niet-gelijk"),
        ("/convenant", json!("andere-regio"), "niet-gelijk"),
        ("/handeling", json!("terugdraaien"), "niet-gelijk"),
        ("/door", json!(vreemde.oin), "bron-niet-eigen"),
        ("/tijd", oud, "niet-gelijk"),
    ] {
        verklaring.geweigerd(wie, veld, &verklaring.anders(zelf, veld, waarde), code).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_on_a_version_that_was_changed_has_no_effect() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let [politie, vt, ggz] = ["politie", "veilig-thuis", "ggz"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let geldend = geldend(&regio);
    let strenger = |nummer| Concept::maken(&strenger(&geldend, nummer), "niet-toegelaten");
    let (deze, ander) = (strenger(4), strenger(5));
    use Versiehandeling::{Goedkeuren, Indienen, Intrekken, Simuleren, Testen};
    let mut gebruikt = BTreeSet::new();
    let mut versies = Vec::new();

    // Handing in: nothing stands yet.
    let (bundel, tabellen) = (deze.bundel.clone(), deze.tabellen.clone());
    let indienen = Verklaring::los("draft", "beheer", "/beheer/versies".to_owned(), deze.daad(&politie, Indienen, None))
        .in_lijf(move |jws| json!({ "bundel": bundel, "tabellen": tabellen, "verklaring": jws }));
    let simuleren = |jws: &str| json!({ "van": dag(-1), "tot": dag(0), "verklaring": jws });
    let stappen: [(&str, &str, u64, Versiehandeling, &Deelnemer); 3] = [
        ("tables", "toets", 1, Testen, &politie),
        ("simulation", "simulaties", 2, Simuleren, &politie),
        ("approval", "goedkeuringen", 3, Goedkeuren, &ggz),
    ];
    let mut alle = vec![(indienen, &politie)];
    for (wat, stap, gezien, _, wie) in stappen {
        alle.push((op_versie(wat, &deze, stap, gezien, String::new()), wie));
    }
    let mut simulatie = None;
    for (n, (mut verklaring, wie)) in alle.into_iter().enumerate() {
        if let Some((_, stap, _, handeling, _)) = n.checked_sub(1).map(|n| stappen[n]) {
            verklaring.jws = deze.daad(wie, handeling, simulatie);
            if stap == "simulaties" {
                verklaring = verklaring.in_lijf(simuleren);
            }
        }
        let voor = beleid_zoals_het_is(&hub, &politie, &versies).await;
        gebruikt.extend(typen([&verklaring]));
        let gedaan = verklaring.verminkt_wordt_geweigerd(wie, &wie.partner, &vt.partner).await;
        assert!(gedaan > 40, "{gedaan}");
        elders_geweigerd(&verklaring, wie, &ander, &vt.partner).await;
        verklaring.geweigerd(&vt, "another's", &verklaring.jws, "handtekening-ongeldig").await;
        if let Some(gezien) = simulatie {
            let blind = verklaring.anders(&wie.partner, "/simulatie", json!(sha256(b"anders")));
            verklaring.geweigerd(wie, "of another simulation", &blind, "simulatie-anders").await;
            assert_ne!(gezien, sha256(b"anders"));
        }
        assert_eq!(beleid_zoals_het_is(&hub, &politie, &versies).await, voor, "{}", verklaring.wat);
        let antwoord = verklaring.wordt_aangenomen(wie).await.json();
        assert_ne!(beleid_zoals_het_is(&hub, &politie, &versies).await, voor, "{}", verklaring.wat);
        simulatie = antwoord["simulatie"].as_str().and_then(|s| s.parse().ok()).or(simulatie);
        if n == 0 {
            versies.push(&deze);
        }
    }
    op_versie("approval", &deze, "goedkeuringen", 4, deze.daad(&vt, Goedkeuren, simulatie)).wordt_aangenomen(&vt).await;

    // In force: what counts is the covenant manager's hand, whoever brings it.
    let voor = beleid_zoals_het_is(&hub, &politie, &versies).await;
    let manager = Partner { sleutel: regio.pki.beheerdersleutel().unwrap(), ..politie.partner.clone() };
    let plan = deze.plan(&regio.pki, 1, SystemClock.now().plus(Duration::hours(1)), JaNee::Nee);
    let deel = |wat: &'static str, lid: &'static str| {
        let (heel, jws) = (plan.clone(), plan[lid].as_str().unwrap().to_owned());
        op_versie(wat, &deze, "activeringen", 5, jws).in_lijf(move |jws| {
            let mut heel = heel.clone();
            heel[lid] = json!(jws);
            heel
        })
    };
    let (activering, bundel) = (deel("activation", "activering"), deel("bundle", "bundel"));
    for verklaring in [&activering, &bundel] {
        gebruikt.extend(typen([verklaring]));
        let gedaan = verklaring.verminkt_wordt_geweigerd(&politie, &manager, &vt.partner).await;
        assert!(gedaan > 40, "{gedaan}");
    }
    let gisteren = json!(SystemClock.now().plus(-Duration::days(1)));
    for (veld, waarde, code) in [
        ("/versie", json!(ander.versie), "niet-gelijk"),
        ("/convenant", json!("andere-regio"), "niet-gelijk"),
        ("/terug", json!("ja"), "niet-gelijk"),
        ("/volgnummer", json!(0), "niet-nieuwer"),
        ("/ingang", gisteren, "ingang-voorbij"),
    ] {
        activering.geweigerd(&politie, veld, &activering.anders(&manager, veld, waarde), code).await;
    }
    let andere_bundel = regio.pki.beleid_ondertekenen(&ander.bundel).unwrap();
    bundel.geweigerd(&politie, "of another version", &andere_bundel, "digest-ongelijk").await;
    assert_eq!(beleid_zoals_het_is(&hub, &politie, &versies).await, voor);
    activering.wordt_aangenomen(&politie).await;

    // Withdrawn before it counts.
    let voor = beleid_zoals_het_is(&hub, &politie, &versies).await;
    let intrekken = op_versie("withdrawal", &deze, "intrekking", 6, deze.daad(&politie, Intrekken, None));
    intrekken.verminkt_wordt_geweigerd(&politie, &politie.partner, &vt.partner).await;
    elders_geweigerd(&intrekken, &politie, &ander, &vt.partner).await;
    assert_eq!(beleid_zoals_het_is(&hub, &politie, &versies).await, voor);
    intrekken.wordt_aangenomen(&politie).await;
    assert_ne!(beleid_zoals_het_is(&hub, &politie, &versies).await, voor);
    assert_eq!(gebruikt, namen(&VERSIES));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_party_signed_that_was_changed_has_no_effect() {
    const CONVENANT: &str = "regio-aan-zee";
    let regio = Regio::met_convenant(CONVENANT, &["veilig-thuis"]);
    let hub = hub(&regio, "hub", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let pad = |wat: &str| format!("/beheer/convenanten/{CONVENANT}/{wat}");
    let stand = async || {
        let inzage = vt.ophalen("beheer", &format!("/beheer/convenanten/{CONVENANT}")).await.met_status(200).json();
        (json!([hub.tellingen().await, inzage]), inzage["stand"].as_u64().unwrap())
    };
    let (voor, nummer) = stand().await;
    let opgave = |tekst| Toetredingsopgave::eerste(tekst, 1);
    let echt = regio.pki.toetreden(&slug("veilig-thuis"), opgave(regio.tekst.clone())).unwrap();
    let manager = Partner { sleutel: regio.pki.beheerdersleutel().unwrap(), ..vt.partner.clone() };

    let (een, twee) = (echt.clone(), echt.clone());
    let zelf = Verklaring::los("joining", "beheer", pad("toetredingen"), echt.verklaring.clone()).gezien(nummer);
    let zelf = zelf.in_lijf(move |jws| json!(Medeondertekend { verklaring: jws.to_owned(), ..een.clone() }));
    let mede = Verklaring::los("countersignature", "beheer", pad("toetredingen"), echt.medeondertekening.clone()).gezien(nummer);
    let mede = mede.in_lijf(move |jws| json!(Medeondertekend { medeondertekening: jws.to_owned(), ..twee.clone() }));
    for (verklaring, door) in [(&zelf, &vt.partner), (&mede, &manager)] {
        let gedaan = verklaring.verminkt_wordt_geweigerd(&vt, door, &politie.partner).await;
        assert!(gedaan > 150, "{gedaan}");
    }
    // Countersigned, but for another: in the name of who does not bring it, of another covenant, under another's countersignature.
    let van_politie = regio.toetredingen.iter().find(|t| t.verklaring.contains(&kop(&politie.partner))).unwrap();
    zelf.geweigerd(&politie, "another's", &echt.verklaring, "bron-niet-eigen").await;
    mede.geweigerd(&vt, "of another's joining", &van_politie.medeondertekening, "handtekening-ongeldig").await;
    let elders = inbreng_domain::convenant::Convenanttekst { convenant: "andere-regio".parse().unwrap(), ..regio.tekst.clone() };
    let elders = regio.pki.toetreden(&slug("veilig-thuis"), opgave(elders)).unwrap();
    let ander = zelf.sturen_lijf(&vt, &json!(elders)).await;
    assert_eq!(ander.probleem().code.as_str(), "niet-gelijk");
    let ongelezen = Toetredingsopgave { afspraken: 77, ..opgave(regio.tekst.clone()) };
    let ongelezen = regio.pki.toetreden(&slug("veilig-thuis"), ongelezen).unwrap();
    assert_eq!(zelf.sturen_lijf(&vt, &json!(ongelezen)).await.probleem().code.as_str(), "niet-gelijk");
    assert_eq!(stand().await.0, voor);
    zelf.wordt_aangenomen(&vt).await;

    let (voor, nummer) = stand().await;
    let convenant = CONVENANT.parse().unwrap();
    let weg = |convenant: &inbreng_domain::ConvenantId, nummer| {
        let functie = Beheerfunctie::Bestuurder;
        regio.pki.uittreden(&slug("veilig-thuis"), convenant, SystemClock.now(), nummer, functie).unwrap()
    };
    let uit = Verklaring::los("leaving", "beheer", pad("uittredingen"), weg(&convenant, 2)).gezien(nummer);
    let gedaan = uit.verminkt_wordt_geweigerd(&vt, &vt.partner, &politie.partner).await;
    assert!(gedaan > 150, "{gedaan}");
    uit.geweigerd(&politie, "another's", &uit.jws, "bron-niet-eigen").await;
    uit.geweigerd(&vt, "of another covenant", &weg(&"andere-regio".parse().unwrap(), 2), "niet-gelijk").await;
    uit.geweigerd(&vt, "of before", &weg(&convenant, 1), "niet-nieuwer").await;
    assert_eq!(stand().await.0, voor);
    uit.wordt_aangenomen(&vt).await;
    assert_ne!(stand().await.0, voor);
    assert_eq!(typen([&zelf, &mede, &uit]), namen(&PARTIJEN));
}

/// How the header begins of what this partner signs to join.
fn kop(partner: &Partner) -> String {
    let jws = jws::sign(&partner.sleutel, Typ::Toetreding, &json!({})).unwrap();
    jws.split('.').next().unwrap().to_owned()
}
