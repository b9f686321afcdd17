//! Two hub processes on one store: what is stated through one is in force in the very next decision of the other, what was
//! decided meanwhile on older facts is decided again, and the log stays one. And an outsider that walks over every endpoint
//! learns of no case, embargo or join (attack 7).

use std::{fs, path::Path, time::Instant};

use inbreng_domain::{
    CasusRef, Clock,
    clock::SystemClock,
    receipts::Checkpoint,
    vocabulary::{Categorie, Doel, Grondslag},
};
use inbreng_harness::{Antwoord, Brief, Deelnemer, Hub, Regio, Stuk, postgres};
use inbreng_proof::jws;
use serde_json::{Value, json};
use time::Duration;

use crate::{PROGRAMMA, hub, log_klopt, log_verify};

/// A second hub on the store of the first.
pub(crate) fn tweede(regio: &Regio, eerste: &Hub) -> Hub {
    let map = regio.kamer("tweede", "");
    let config = map.join("hub.toml");
    let opslag = eerste.map().join("hub.sqlite");
    let tekst = fs::read_to_string(&config).unwrap();
    fs::write(&config, tekst.replace("pad = \"hub.sqlite\"", &format!("pad = \"{}\"", opslag.display()))).unwrap();
    Hub::in_map(Path::new(PROGRAMMA), &map)
}

pub(crate) fn embargo(regio: &Regio, van: &Deelnemer, casus: CasusRef, actie: &str, volgnummer: usize) -> Brief {
    let mut brief = Brief::new(regio, &van.partner, "embargo");
    brief.casus = Some(casus);
    brief.verklaring = json!({"actie": actie, "omvang": "zaak", "zichtbaarheid": "gesloten", "volgnummer": volgnummer});
    if actie != "opheffen" {
        brief.verklaring["herziening"] = json!(SystemClock.now().plus(Duration::days(10)));
    }
    brief
}

pub(crate) fn melding(regio: &Regio, van: &Deelnemer, aan: &Deelnemer, casus: CasusRef) -> Brief {
    let stuk = Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[&aan.partner]);
    let mut brief = Brief::new(regio, &van.partner, "incidentmelding").aan(&[&aan.partner]).met(stuk);
    brief.casus = Some(casus);
    brief
}

/// What the sender hears of its one part.
fn stand(antwoord: &Value) -> &str {
    antwoord["besluiten"][0]["stand"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_store_rest_on_one_set_of_facts_and_keep_one_log() {
    let regio = Regio::maken();
    let a = hub(&regio, "eerste", "");
    let b = tweede(&regio, &a);
    let db = a.map().join("hub.sqlite");
    een_waarheid(&regio, a, b, &db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn two_processes_rest_on_one_set_of_facts_and_keep_one_log_on_postgres() {
    let regio = Regio::maken();
    let url = postgres::basis();
    let [a, b] = ["eerste", "tweede"].map(|naam| Hub::in_map(Path::new(PROGRAMMA), &postgres::kamer(&regio, naam, &url)));
    een_waarheid(&regio, a, b, Path::new(&url)).await;
}

/// What was written to a file is there in the database: the mailbox, the facts, the log; and it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_hub_goes_on_where_its_file_ended_on_postgres() {
    let regio = Regio::maken();
    let oud = hub(&regio, "oud", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &oud, naam));
    let opening = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    politie.sturen(opening.bytes()).await.met_status(202);
    let kop = politie.checkpoint().await;
    let bestand = oud.map().join("hub.sqlite");
    assert!(oud.stoppen());

    let url = postgres::basis();
    let map = postgres::kamer(&regio, "nieuw", &url);
    let config = map.join("hub.toml");
    let args = ["migrate", "--van", bestand.to_str().unwrap(), "--naar", config.to_str().unwrap()];
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
    let waarom = String::from_utf8_lossy(&uit.stderr);
    assert!(uit.status.code() == Some(2) && waarom.contains("opslag.sleutels"), "its keys go along: {waarom}");
    fs::rename(format!("{}.sleutels", bestand.display()), postgres::sleutels(&url)).unwrap();
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
    assert!(uit.status.success(), "{}", String::from_utf8_lossy(&uit.stderr));
    let nogmaals = Hub::uitvoeren(Path::new(PROGRAMMA), &args);
    assert_eq!(nogmaals.status.code(), Some(2), "the target is not empty any more");

    let nieuw = Hub::in_map(Path::new(PROGRAMMA), &map);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &nieuw, naam));
    politie.sturen(melding(&regio, &politie, &vt, opening.casus.unwrap()).bytes()).await.met_status(202);
    let leveringen = vt.postvak().await;
    assert_eq!(leveringen.len(), 2, "the one of before, and the new one");
    for levering in &leveringen {
        vt.ontvangen(levering).await;
    }
    assert!(nieuw.stoppen());
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    log_klopt(Path::new(&url), &kop, &certificaat);

    // Marked as put back by PostgreSQL's own means: it tells so in the head of its log, and starts closed.
    let uit = Hub::uitvoeren(Path::new(PROGRAMMA), &["restore", "--db", &url, "--json"]);
    assert!(uit.status.success(), "{uit:?}");
    let teruggezet = Hub::in_map(Path::new(PROGRAMMA), &map);
    let vt = Deelnemer::new(&regio, &teruggezet, "veilig-thuis");
    let kop: Checkpoint = jws::unverified_payload(&vt.checkpoint().await).unwrap();
    assert!(kop.hersteld.is_some());
}

async fn een_waarheid(regio: &Regio, a: Hub, b: Hub, db: &Path) {
    let politie = [Deelnemer::new(regio, &a, "politie"), Deelnemer::new(regio, &b, "politie")];
    let vt = [Deelnemer::new(regio, &a, "veilig-thuis"), Deelnemer::new(regio, &b, "veilig-thuis")];

    let opening = Brief::incidentmelding(regio, &politie[0].partner, &vt[0].partner, "Er was ruzie.");
    let casus = opening.casus.unwrap();
    politie[0].sturen(opening.bytes()).await.met_status(202);
    assert_eq!(vt[1].postvak().await.len(), 1, "accepted by one, delivered by the other");

    for ronde in 0..6 {
        // Through one hub the embargo is set, through the other the very next decision rests on it; and round about.
        let (zet, stuur) = (ronde % 2, (ronde + 1) % 2);
        politie[zet].sturen(embargo(regio, &politie[zet], casus, "zetten", 2 * ronde + 1).bytes()).await.met_status(202);
        let vast = melding(regio, &politie[stuur], &vt[0], casus);
        let antwoord = politie[stuur].sturen(vast.bytes()).await.met_status(202).json();
        assert_eq!(stand(&antwoord), "in-behandeling", "round {ronde}");
        assert!(vt[stuur].postvak().await.is_empty(), "round {ronde}: held, the earlier one too");

        politie[zet].sturen(embargo(regio, &politie[zet], casus, "opheffen", 2 * ronde + 2).bytes()).await.met_status(202);
        assert_eq!(vt[stuur].postvak().await.len(), ronde + 2, "round {ronde}: all of them are back");
    }

    // Both at once, many times: whatever was decided before the embargo was accepted is decided again.
    for ronde in 0..10 {
        let nummer = 100 + 2 * ronde;
        let meldingen: Vec<_> = (0..4).map(|_| melding(regio, &politie[1], &vt[1], casus)).collect();
        let zetten = embargo(regio, &politie[0], casus, "zetten", nummer);
        let antwoorden = async { futures_util::future::join_all(meldingen.iter().map(|m| politie[1].sturen(m.bytes()))).await };
        let (gezet, antwoorden) = tokio::join!(politie[0].sturen(zetten.bytes()), antwoorden);
        gezet.met_status(202);
        for antwoord in antwoorden {
            antwoord.met_status(202);
        }
        assert!(vt[0].postvak().await.is_empty(), "whichever came first, nothing is handed out under an embargo");
        assert!(vt[1].postvak().await.is_empty());
        politie[1].sturen(embargo(regio, &politie[1], casus, "opheffen", nummer + 1).bytes()).await.met_status(202);
    }
    let alles = 1 + 6 + 40;
    let mut gezien = std::collections::BTreeSet::new();
    loop {
        let leveringen = vt[0].postvak().await;
        if leveringen.is_empty() {
            break;
        }
        for levering in &leveringen {
            assert!(gezien.insert(levering["bericht"]["id"].as_str().unwrap().to_owned()), "each once");
            vt[1].ontvangen(levering).await;
        }
    }
    assert_eq!(gezien.len(), alles);

    // One log: both heads belong to it, and it recomputes from its leaves.
    let koppen = [politie[0].checkpoint().await, politie[1].checkpoint().await];
    let certificaat = regio.pki.knooppuntmap().ondertekening_pem();
    assert!(a.stoppen() && b.stoppen());
    let (klopt, waarom) = log_verify(db, None);
    assert!(klopt, "{waarom}");
    for kop in koppen {
        log_klopt(db, &kop, &certificaat);
    }
}

/// All that an outsider can tell of an answer.
fn te_zien(antwoord: &Antwoord) -> (u16, Vec<String>, Vec<u8>) {
    (antwoord.status, antwoord.vaste_koppen(), antwoord.inhoud.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outsider_learns_of_no_case_embargo_or_join() {
    let regio = Regio::maken();
    let hub = hub(&regio, "buiten", "");
    let [politie, vt, ggz] = ["politie", "veilig-thuis", "ggz"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let opent = async || {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
        politie.sturen(brief.bytes()).await.met_status(202);
        brief
    };
    let (gewoon, onder_embargo, samen, met) = (opent().await, opent().await, opent().await, opent().await);
    politie.sturen(embargo(&regio, &politie, onder_embargo.casus.unwrap(), "zetten", 1).bytes()).await.met_status(202);
    let mut samenvoegen = Brief::new(&regio, &vt.partner, "zaak-samenvoegen");
    samenvoegen.casus = samen.casus;
    samenvoegen.verklaring = json!({"met": met.casus});
    vt.sturen(samenvoegen.bytes()).await.met_status(202);

    let onbekend = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let gevallen = [&onbekend, &gewoon, &onder_embargo, &samen];
    let zien = async |zaak: &Brief| {
        let casus = zaak.casus.unwrap();
        let mut gezien = Vec::new();
        for soort in
            ["zorgmelding", "informatie-antwoord", "vlag", "deelname", "embargo", "zaak-samenvoegen", "toestemming-ingetrokken"]
        {
            let mut brief = Brief::new(&regio, &ggz.partner, soort);
            brief.casus = Some(casus);
            brief.verklaring = match soort {
                "vlag" => json!({"soort": "om-client", "actie": "zetten", "volgnummer": 1}),
                "deelname" => json!({"partner": ggz.partner.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 1}),
                "embargo" => json!({"actie": "opheffen", "omvang": "zaak", "zichtbaarheid": "open", "volgnummer": 1}),
                "zaak-samenvoegen" => json!({"met": gewoon.casus}),
                "informatie-antwoord" => json!({"antwoord": "gedeeld"}),
                _ => json!({}),
            };
            if soort == "zorgmelding" {
                let mut stuk = Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[&vt.partner]);
                (stuk.categorie, stuk.grondslagen) = (Categorie::Hulp, vec![Grondslag::WettelijkeTaak]);
                brief = brief.aan(&[&vt.partner]).met(stuk);
            }
            gezien.push(te_zien(&ggz.sturen(brief.bytes()).await));
        }
        gezien.push(te_zien(&ggz.ophalen("berichten", &format!("/berichten/{}", zaak.id)).await));
        // The place in the mailbox is sealed anew each time, at one length.
        let (status, koppen, inhoud) = te_zien(&ggz.ophalen("postvak", "/postvak?wacht=0").await);
        let mut postvak: serde_json::Value = serde_json::from_slice(&inhoud).unwrap();
        let plek = postvak["verder"].as_str().unwrap().len();
        postvak["verder"] = json!("-".repeat(plek));
        gezien.push((status, koppen, postvak.to_string().into_bytes()));
        gezien.push(te_zien(&ggz.ophalen("berichten", "/plichten").await));
        gezien
    };
    let eerste = zien(gevallen[0]).await;
    assert!(eerste.iter().any(|(status, ..)| *status == 403) && eerste.iter().any(|(status, ..)| *status == 404));
    for geval in gevallen.iter().skip(1) {
        assert_eq!(zien(geval).await, eerste);
    }

    // Time: the four kinds in turn, and the medians lie close. The bound is generous; a further look into the store would
    // show as a multiple on every one of them.
    let mut duren = [const { Vec::new() }; 4];
    for _ in 0..40 {
        for (geval, duren) in gevallen.iter().zip(&mut duren) {
            let mut brief = Brief::new(&regio, &ggz.partner, "vlag");
            brief.casus = geval.casus;
            brief.verklaring = json!({"soort": "om-client", "actie": "zetten", "volgnummer": 1});
            let bytes = brief.bytes();
            let begin = Instant::now();
            ggz.sturen(bytes).await.met_status(403);
            duren.push(begin.elapsed());
        }
    }
    let medianen = duren.map(|mut d| {
        d.sort();
        d[d.len() / 2]
    });
    let (kort, lang) = (medianen.iter().min().unwrap(), medianen.iter().max().unwrap());
    assert!(*lang < *kort * 2, "{medianen:?}");
}
