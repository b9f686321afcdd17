//! The life of a policy version over HTTP, on two hub processes on one database, by the steps of `docs/operations/policy-versions.md`:
//! handed in, tested, replayed, approved by two organisations, planned, in force in both at its instant, and brought back.

use std::{cell::RefCell, time::Duration};

use inbreng_certs::Pki;
use inbreng_domain::{
    Clock, Digest, Tijdstip,
    clock::SystemClock,
    versie::{Activering, Beheerfunctie, Beheerhandeling, Versiehandeling},
    vocabulary::{Categorie, JaNee},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Regio, wachten_tot};
use inbreng_policy::{Bundel, Effect, Handhaving, Laag, Rij, Stap};
use inbreng_proof::{Typ, canonical_string, digest_of, jws, sha256};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{feiten::tweede, hub, log_verify};

const BLADZIJDE: &str = include_str!("../../docs/operations/policy-versions.md");

const TABEL: &str = r#"
convenant = "voorbeeldregio"

[standaard]
van_deelnemer = "ja"
naar_deelnemer = "ja"
ondertekend = "beide"
noodzaak = "toegelicht"
embargo = "nee"
scheiding = []
afgeschermd = "nee"
bevestigd = "ja"
noodbesluit = "nee"

[[geval]]
naam = "een melding gaat naar Veilig Thuis"
verzoek = { van = "politie", naar = "veilig-thuis", soort = "incidentmelding", categorie = "incident", doel = "beoordelen", handeling = "ontvangen", grondslag = "wettelijke-taak" }
verwacht = "VERWACHT"
"#;

/// A draft with its tables.
pub(crate) struct Concept {
    pub(crate) bundel: Value,
    pub(crate) tabellen: Value,
    pub(crate) versie: Digest,
    tabellen_digest: Digest,
}

impl Concept {
    pub(crate) fn maken(bundel: &Bundel, verwacht: &str) -> Self {
        let bundel = serde_json::to_value(bundel).unwrap();
        let tabellen = json!([{ "naam": "melding", "inhoud": TABEL.replace("VERWACHT", verwacht) }]);
        let tabellen_digest = sha256(canonical_string(&tabellen).unwrap().as_bytes());
        Self { versie: digest_of(&bundel).unwrap(), bundel, tabellen, tabellen_digest }
    }

    pub(crate) fn daad(&self, door: &Deelnemer, handeling: Versiehandeling, simulatie: Option<Digest>) -> String {
        let daad = Beheerhandeling {
            handeling,
            convenant: "voorbeeldregio".parse().unwrap(),
            versie: self.versie,
            tabellen: self.tabellen_digest,
            simulatie,
            door: door.partner.oin,
            functie: Beheerfunctie::PrivacyOfficer,
            tijd: SystemClock.now(),
        };
        jws::sign(&door.partner.sleutel, Typ::Beheer, &daad).unwrap()
    }

    pub(crate) fn indiening(&self, door: &Deelnemer) -> Value {
        json!({
            "bundel": self.bundel, "tabellen": self.tabellen, "verklaring": self.daad(door, Versiehandeling::Indienen, None),
        })
    }

    pub(crate) fn plan(&self, pki: &Pki, volgnummer: u32, ingang: Tijdstip, terug: JaNee) -> Value {
        let convenant = "voorbeeldregio".parse().unwrap();
        let activering = Activering { convenant, versie: self.versie, volgnummer, ingang, terug, tijd: SystemClock.now() };
        let activering = jws::sign(&pki.beheerdersleutel().unwrap(), Typ::Activering, &activering).unwrap();
        json!({ "bundel": pki.beleid_ondertekenen(&self.bundel).unwrap(), "activering": activering })
    }
}

/// Every step that was taken: where to, having seen what.
#[derive(Default)]
struct Gang(RefCell<Vec<(String, Option<u64>)>>);

impl Gang {
    /// A step as the page has it; noted.
    async fn stap(&self, wie: &Deelnemer, versie: Digest, wat: &str, gezien: u64, inhoud: &Value) -> Antwoord {
        self.0.borrow_mut().push((wat.to_owned(), Some(gezien)));
        posten(wie, &format!("/{versie}/{wat}"), Some(gezien), inhoud).await
    }
}

async fn posten(wie: &Deelnemer, pad: &str, gezien: Option<u64>, inhoud: &Value) -> Antwoord {
    let token = wie.token("beheer").await.unwrap();
    let aanroep = wie.client.aanroep(Method::POST, &format!("/v1/beheer/versies{pad}")).token(&token);
    let aanroep = match gezien {
        Some(gezien) => aanroep.kop("if-match", &format!("\"{gezien}\"")),
        None => aanroep,
    };
    let aanroep = aanroep.kop("content-type", "application/json").lijf(serde_json::to_vec(inhoud).unwrap());
    Antwoord::lezen(aanroep.sturen().await).await.unwrap()
}

async fn versie(wie: &Deelnemer, versie: Digest) -> Value {
    wie.ophalen("beheer", &format!("/beheer/versies/{versie}")).await.met_status(200).json()
}

/// The number of the last step, as the answer's ETag has it.
fn etag(antwoord: &Antwoord) -> u64 {
    antwoord.koppen["etag"].to_str().unwrap().trim_matches('"').parse().unwrap()
}

fn verklaring(jws: String) -> Value {
    json!({ "verklaring": jws })
}

fn code(antwoord: &Antwoord, status: u16) -> String {
    assert_eq!(antwoord.status, status, "{}", antwoord.tekst());
    antwoord.probleem().code.as_str().to_owned()
}

/// The version that is in force in a region that was just made.
pub(crate) fn geldend(regio: &Regio) -> Bundel {
    let tekst = std::fs::read_to_string(regio.pad("voorbeeldregio.jws")).unwrap();
    serde_json::from_value(jws::unverified_payload(tekst.trim()).unwrap()).unwrap()
}

/// The same under another number, with one row more.
pub(crate) fn strenger(geldend: &Bundel, nummer: u32) -> Bundel {
    let mut bundel = geldend.clone();
    bundel.versie = nummer;
    bundel.rijen.push(tegen_incidenten(geldend));
    bundel
}

/// No incident data for Veilig Thuis any more: what is decided by it is easily told from what is not.
fn tegen_incidenten(bundel: &Bundel) -> Rij {
    let voorbeeld = bundel.rijen.iter().find(|r| r.effect == Effect::Tegenhouden && r.uitkomst == Some(Handhaving::Weigeren));
    Rij {
        regel: voorbeeld.unwrap().regel,
        uitkomst: Some(Handhaving::Weigeren),
        soorten: vec!["incidentmelding".parse().unwrap()],
        categorieen: vec![Categorie::Incident],
        toelichting: Some("afspraak van de regio".to_owned()),
        ..Rij::over_alles(Laag::Convenant, Stap::Kring, Effect::Tegenhouden)
    }
}

/// The beginning of a day, so many days from now.
pub(crate) fn dag(over: i64) -> Tijdstip {
    let tekst = SystemClock.now().plus(time::Duration::days(over)).to_string();
    format!("{}T00:00:00.000Z", tekst.split_once('T').unwrap().0).parse().unwrap()
}

/// A report that opens a case, checked against this version; 202 or the code of the refusal.
async fn melden(regio: &Regio, politie: &Deelnemer, vt: &Deelnemer, beleid: Digest) -> String {
    let brief = Brief { beleid, ..Brief::incidentmelding(regio, &politie.partner, &vt.partner, "Er was ruzie.") };
    let antwoord = politie.sturen(brief.bytes()).await;
    if antwoord.status == 202 { "202".to_owned() } else { antwoord.probleem().code.as_str().to_owned() }
}

/// The steps of the page, in its order: the last word of each address under `versies/$V`, and the number that was seen.
fn volgens_bladzijde() -> Vec<(String, Option<u64>)> {
    let live = BLADZIJDE.split("## Back").next().unwrap();
    let mut gezien = None;
    let mut stappen = Vec::new();
    for regel in live.lines() {
        if let Some((_, rest)) = regel.split_once("if-match: \"") {
            gezien = rest.split('"').next().unwrap().parse().ok();
        }
        if let Some((_, wat)) = regel.split_once("/v1/beheer/versies/$V/")
            && let Some(gezien) = gezien.take()
        {
            stappen.push((wat.trim().to_owned(), Some(gezien)));
        }
    }
    stappen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_lives_over_http_and_switches_in_two_processes_at_once() {
    let regio = Regio::maken();
    let a = hub(&regio, "eerste", "");
    let b = tweede(&regio, &a);
    let [politie, vt, ggz, om] = ["politie", "veilig-thuis", "ggz", "om"].map(|naam| Deelnemer::new(&regio, &a, naam));
    let [politie_b, vt_b, ggz_b] = ["politie", "veilig-thuis", "ggz"].map(|naam| Deelnemer::new(&regio, &b, naam));
    assert_eq!(melden(&regio, &politie, &vt, regio.beleid).await, "202");
    let geldend = geldend(&regio);
    let strenger = |nummer| strenger(&geldend, nummer);
    use Versiehandeling::{Goedkeuren, Simuleren, Terugdraaien, Testen};

    // A version that fails its own table stays a draft; one that loosens the minimum says which rule it breaks.
    let faalt = Concept::maken(&strenger(2), "toegelaten");
    let stand = etag(&posten(&politie, "", None, &faalt.indiening(&politie)).await.met_status(201));
    let pad = |c: &Concept, wat: &str| format!("/{}/{wat}", c.versie);
    let test = verklaring(faalt.daad(&politie, Testen, None));
    let uitslag = posten(&politie, &pad(&faalt, "toets"), Some(stand), &test).await.met_status(200).json();
    assert_eq!((&uitslag["geslaagd"], &uitslag["mislukt"], &uitslag["staat"]), (&json!(false), &json!(1), &json!("concept")));
    let verder = json!({ "van": dag(-1), "tot": dag(0), "verklaring": faalt.daad(&politie, Simuleren, None) });
    assert_eq!(code(&posten(&politie, &pad(&faalt, "simulaties"), Some(stand), &verder).await, 409), "versie-staat");
    let mut los = geldend.clone();
    los.versie = 3;
    los.rijen.retain(|r| !(r.laag == Laag::Landelijk && r.effect == Effect::Tegenhouden));
    assert_ne!(los.rijen.len(), geldend.rijen.len());
    let los = Concept::maken(&los, "toegelaten");
    let stand = etag(&posten(&politie, "", None, &los.indiening(&politie)).await.met_status(201));
    let test = verklaring(los.daad(&politie, Testen, None));
    let uitslag = posten(&politie, &pad(&los, "toets"), Some(stand), &test).await.met_status(200).json();
    assert_eq!((&uitslag["geslaagd"], &uitslag["gevallen"], &uitslag["staat"]), (&json!(false), &json!(0), &json!("concept")));
    let fout = uitslag["fout"].as_str().unwrap();
    assert!(fout.contains("may be stricter, not looser") && fout.contains("what R22 holds back"), "{fout}");

    // As the page has it; through both processes in turn.
    let (gang, nieuw) = (Gang::default(), Concept::maken(&strenger(4), "niet-toegelaten"));
    let v = nieuw.versie;
    assert_eq!(etag(&posten(&politie, "", None, &nieuw.indiening(&politie)).await.met_status(201)), 1);
    let test = verklaring(nieuw.daad(&politie_b, Testen, None));
    assert_eq!(etag(&gang.stap(&politie_b, v, "toets", 1, &test).await.met_status(200)), 2);
    // Who did not see the last step is refused, whatever it says.
    let verloren = posten(&politie, &pad(&nieuw, "toets"), Some(1), &test).await;
    assert_eq!(code(&verloren, 412), "versie-gewijzigd");
    let nagaan = json!({ "van": dag(-1), "tot": dag(0), "verklaring": nieuw.daad(&politie, Simuleren, None) });
    let antwoord = gang.stap(&politie, v, "simulaties", 2, &nagaan).await.met_status(200);
    let simulatie: Digest = antwoord.json()["simulatie"].as_str().unwrap().parse().unwrap();
    vt.ophalen("beheer", &format!("/beheer/versies/{v}/wijzigingen")).await.met_status(200);

    // Not by its author, not by one in another's name, not by one alone, and not on a simulation that nobody saw.
    let ja = |wie: &Deelnemer| verklaring(nieuw.daad(wie, Goedkeuren, Some(simulatie)));
    let eigen = posten(&politie, &pad(&nieuw, "goedkeuringen"), Some(3), &ja(&politie)).await;
    assert!((400..500).contains(&eigen.status), "{}", eigen.tekst());
    let vermomd = posten(&om, &pad(&nieuw, "goedkeuringen"), Some(3), &ja(&ggz)).await;
    assert!((400..500).contains(&vermomd.status), "{}", vermomd.tekst());
    let blind = verklaring(nieuw.daad(&vt, Goedkeuren, Some(sha256(b"anders"))));
    let blind = posten(&vt, &pad(&nieuw, "goedkeuringen"), Some(3), &blind).await;
    assert!((400..500).contains(&blind.status), "{}", blind.tekst());
    let te_vroeg = nieuw.plan(&regio.pki, 1, dag(1), JaNee::Nee);
    assert_eq!(code(&posten(&politie, &pad(&nieuw, "activeringen"), Some(3), &te_vroeg).await, 409), "versie-staat");
    let een = gang.stap(&ggz_b, v, "goedkeuringen", 3, &ja(&ggz_b)).await.met_status(200);
    assert_eq!((etag(&een), &een.json()["staat"]), (4, &json!("gesimuleerd")), "one is not two");
    let dubbel = posten(&ggz, &pad(&nieuw, "goedkeuringen"), Some(4), &ja(&ggz)).await;
    assert!((400..500).contains(&dubbel.status), "nor is one twice: {}", dubbel.tekst());
    let twee = posten(&vt, &pad(&nieuw, "goedkeuringen"), Some(4), &ja(&vt)).await.met_status(200);
    assert_eq!((etag(&twee), &twee.json()["staat"]), (5, &json!("goedgekeurd")));

    // Planned through the one; at its instant it is in force in both, and not before.
    let ingang = SystemClock.now().plus(time::Duration::seconds(4));
    let plan = nieuw.plan(&regio.pki, 1, ingang, JaNee::Nee);
    gang.stap(&politie, v, "activeringen", 5, &plan).await.met_status(200);
    assert_eq!(gang.0.take(), volgens_bladzijde(), "the page says what was done");
    for wie in [&vt, &vt_b] {
        assert_eq!(versie(wie, v).await["staat"], json!("gepland"));
    }
    for (politie, vt) in [(&politie, &vt), (&politie_b, &vt_b)] {
        let heen = melden(&regio, politie, vt, regio.beleid).await;
        assert!(heen == "202" || SystemClock.now() >= ingang, "{heen}");
    }
    let over = (ingang.unix_millis() - SystemClock.now().unix_millis()).max(0).unsigned_abs();
    tokio::time::sleep(Duration::from_millis(over + 20)).await;
    for (politie, vt) in [(&politie, &vt), (&politie_b, &vt_b)] {
        assert_eq!(melden(&regio, politie, vt, regio.beleid).await, "opnieuw-toetsen", "checked against the version before");
        assert_eq!(melden(&regio, politie, vt, v).await, "niet-toegestaan");
        assert_eq!(versie(vt, v).await["staat"], json!("actief"));
    }

    // Back: the version before is in the history, and two that are not its author approve.
    let oud = Concept { versie: regio.beleid, ..Concept::maken(&geldend, "toegelaten") };
    let bekend = versie(&politie, oud.versie).await;
    let oud = Concept { tabellen_digest: bekend["tabellen"].as_str().unwrap().parse().unwrap(), ..oud };
    let stand = wachten_tot("the version before is history", async || {
        let nu = versie(&politie, oud.versie).await;
        (nu["staat"] == json!("vervallen")).then(|| nu["stand"].as_u64().unwrap())
    })
    .await;
    let terug = |wie: &Deelnemer| verklaring(oud.daad(wie, Terugdraaien, None));
    let een = posten(&vt_b, &pad(&oud, "goedkeuringen"), Some(stand), &terug(&vt_b)).await.met_status(200);
    let twee = posten(&politie, &pad(&oud, "goedkeuringen"), Some(etag(&een)), &terug(&politie)).await.met_status(200);
    let nu = || SystemClock.now().plus(time::Duration::seconds(2));
    let zelfde = oud.plan(&regio.pki, 1, nu(), JaNee::Ja);
    assert_eq!(code(&posten(&om, &pad(&oud, "activeringen"), Some(etag(&twee)), &zelfde).await, 409), "niet-nieuwer");
    let ingang = nu();
    let plan = oud.plan(&regio.pki, 2, ingang, JaNee::Ja);
    posten(&om, &pad(&oud, "activeringen"), Some(etag(&twee)), &plan).await.met_status(200);
    let over = (ingang.unix_millis() - SystemClock.now().unix_millis()).max(0).unsigned_abs();
    tokio::time::sleep(Duration::from_millis(over + 20)).await;
    for (politie, vt) in [(&politie, &vt), (&politie_b, &vt_b)] {
        assert_eq!(melden(&regio, politie, vt, v).await, "opnieuw-toetsen");
        assert_eq!(melden(&regio, politie, vt, regio.beleid).await, "202", "as before");
    }
    let soorten: Vec<Value> = versie(&vt, v).await["stappen"].as_array().unwrap().iter().map(|s| s["soort"].clone()).collect();
    assert_eq!(soorten[..6], ["indienen", "testen", "simuleren", "goedkeuren", "goedkeuren", "plannen"].map(|s| json!(s)));
    let db = a.map().join("hub.sqlite");
    assert!(a.stoppen() && b.stoppen());
    let (klopt, waarom) = log_verify(&db, None);
    assert!(klopt, "{waarom}");
}
