//! Deliveries that are brought: real processes, real TLS, and recipients that do whatever can be done wrong.

mod instellingen;
mod knooppunten;
mod makelaar;
mod opwaarderen;
mod punt;

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use inbreng_certs::Partnermap;
use inbreng_domain::{
    Clock, LeveringId,
    clock::SystemClock,
    terugroep::{Bestemming, Bezorgschema, Herbezorging, Terugroepverzoek},
    versie::Beheerfunctie,
    vocabulary::{Doel, Urgentie},
};
use inbreng_harness::{Adapter, Antwoord, Brief, Deelnemer, Hub, Partner, Regio, Stuk, slug, wachten_tot};
use inbreng_proof::{Typ, jws};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, log_verify, mutatie};
use punt::ontvangst;
pub(crate) use punt::{Gedrag, Punt};

/// The hub may call this machine, which no hub may that is not told.
const HIER: &str = "[bezorgen]\nnetten = [\"127.0.0.0/8\", \"::1/128\"]\n";

pub(crate) fn schema(pauze: u32, antwoordtijd: u32, pogingen: u32) -> Bezorgschema {
    Bezorgschema::new(vec![pauze], antwoordtijd, pogingen, 3_600).unwrap()
}

fn verzoek(regio: &Regio, naam: &str, nummer: u32, waar: Option<(SocketAddr, Bezorgschema)>) -> Terugroepverzoek {
    let bestemming = waar.map(|(adres, schema)| Bestemming {
        adres: format!("https://localhost:{}/leveringen", adres.port()).parse().unwrap(),
        schema,
    });
    regio.pki.terugroep(&slug(naam), nummer, bestemming).unwrap()
}

async fn aanroep(wie: &Deelnemer, methode: Method, bereik: &str, pad: &str, inhoud: Option<&impl serde::Serialize>) -> Antwoord {
    let token = wie.token(bereik).await.unwrap();
    let aanroep = wie.client.aanroep(methode, &format!("/v1{pad}")).token(&token);
    let aanroep = match inhoud {
        Some(inhoud) => aanroep.kop("content-type", "application/json").lijf(serde_json::to_vec(inhoud).unwrap()),
        None => aanroep,
    };
    Antwoord::lezen(aanroep.sturen().await).await.unwrap()
}

async fn plaatsen(wie: &Deelnemer, verzoek: &Terugroepverzoek) -> Antwoord {
    let pad = format!("/partners/{}/terugroep", wie.partner.oin);
    aanroep(wie, Method::PUT, "gids", &pad, Some(verzoek)).await
}

pub(crate) async fn aanmelden(regio: &Regio, wie: &Deelnemer, naam: &str, nummer: u32, adres: SocketAddr, schema: Bezorgschema) {
    plaatsen(wie, &verzoek(regio, naam, nummer, Some((adres, schema)))).await.met_status(204);
}

/// An address on which nobody listens.
pub(crate) fn nergens() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn hier() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn map(regio: &Regio, naam: &str) -> Partnermap {
    regio.pki.partnermap(&slug(naam)).unwrap()
}

fn punt(regio: &Regio, wie: &Deelnemer, naam: &str, gedrag: Gedrag) -> Punt {
    Punt::openen(regio, &map(regio, naam), &wie.partner, hier(), gedrag)
}

pub(crate) fn melding(regio: &Regio, van: &Deelnemer, aan: &Partner) -> Brief {
    Brief::incidentmelding(regio, &van.partner, aan, "Er was ruzie.")
}

/// A further report in the case of an earlier one.
fn nog_een(regio: &Regio, van: &Deelnemer, aan: &Partner, eerder: &Brief) -> Brief {
    let stuk = Stuk::incident(Doel::Beoordelen, "Weer ruzie.", &[aan]);
    Brief { casus: eerder.casus, ..Brief::new(regio, &van.partner, "incidentmelding").aan(&[aan]).met(stuk) }
}

pub(crate) async fn sturen(van: &Deelnemer, brief: &Brief) {
    van.sturen(brief.bytes()).await.met_status(202);
}

/// What its sender sees of one recipient.
async fn bij(van: &Deelnemer, brief: &Brief, aan: &Deelnemer) -> Value {
    let status = van.status(brief.id).await;
    let ontvangers = status["ontvangers"].as_array().unwrap();
    ontvangers.iter().find(|o| o["ontvanger"] == aan.partner.oin.to_string()).unwrap().clone()
}

pub(crate) async fn wordt(van: &Deelnemer, brief: &Brief, aan: &Deelnemer, stand: &str) -> Value {
    wachten_tot(stand, async || Some(bij(van, brief, aan).await).filter(|o| o["stand"] == stand)).await
}

async fn mislukt_door(van: &Deelnemer, brief: &Brief, aan: &Deelnemer, reden: &str) {
    wachten_tot(reden, async || Some(bij(van, brief, aan).await).filter(|o| o["bezorging"]["reden"] == reden)).await;
}

/// A region with its hub, and the three who take part.
pub(crate) struct Toneel {
    pub(crate) regio: Regio,
    pub(crate) hub: Hub,
    pub(crate) politie: Deelnemer,
    pub(crate) vt: Deelnemer,
    pub(crate) om: Deelnemer,
}

impl Toneel {
    pub(crate) fn new() -> Self {
        let regio = Regio::maken();
        let hub = hub(&regio, "eerste", HIER);
        let [politie, vt, om] = ["politie", "veilig-thuis", "om"].map(|naam| Deelnemer::new(&regio, &hub, naam));
        Self { regio, hub, politie, vt, om }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adapter_is_brought_to_and_signs() {
    let Toneel { regio, hub, politie, vt, .. } = Toneel::new();
    let adres = nergens();
    let verklaring = regio.pad("terugroep.json");
    let json = serde_json::to_vec(&verzoek(&regio, "veilig-thuis", 1, Some((adres, schema(1, 5, 100))))).unwrap();
    std::fs::write(&verklaring, json).unwrap();
    let tabel = format!("[terugroep]\nluister = \"{adres}\"\nverklaring = \"{}\"\n", verklaring.display());
    let adapter = Adapter::starten_met(Path::new(PROGRAMMA), &regio, "veilig-thuis", hub.adres, &tabel).await;
    wachten_tot("the callback to be placed", async || {
        let partners = politie.ophalen("gids", "/partners").await.met_status(200).json();
        let alle = partners["partners"].as_array().unwrap().clone();
        alle.into_iter().find(|p| p["bezorgschema"]["pogingen"] == 100)
    })
    .await;

    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    let levering = wachten_tot("the delivery in the adapter", async || adapter.postbus().await.pop()).await;
    wachten_tot("the hub to have brought it", async || adapter.logtekst().contains("levering bezorgd").then_some(())).await;
    adapter.bevestigen(&levering).await;
    let status = wordt(&politie, &brief, &vt, "ontvangen").await;
    assert!(status["ontvangst"].is_string() && status.get("bezorging").is_none(), "{status}");

    // Nobody but the hub comes in there, whatever its certificate.
    let root = reqwest::Certificate::from_pem(&std::fs::read(regio.pki.dir().join("root.pem")).unwrap()).unwrap();
    let als = |map: &Partnermap| {
        let mut pem = std::fs::read(map.tls_pem()).unwrap();
        pem.extend(std::fs::read(map.tls_key()).unwrap());
        let als = reqwest::Client::builder().tls_certs_only([root.clone()]).identity(reqwest::Identity::from_pem(&pem).unwrap());
        als.timeout(Duration::from_secs(60))
    };
    let pad = format!("https://localhost:{}/leveringen", adres.port());
    // Over HTTP/1.1: the request of an HTTP/2 client that is refused while it greets may wait for ever.
    let vreemd = als(&map(&regio, "politie")).http1_only().build().unwrap();
    let fout = vreemd.post(&pad).body("{}").send().await.unwrap_err();
    assert!(!fout.is_timeout(), "refused in the handshake: {fout:?}");
    // The hub itself by HTTP/1.1 only, whatever it offers, and not with headers without end.
    let hub = als(&regio.pki.knooppuntmap()).build().unwrap();
    let antwoord = hub.post(&pad).body("{}").send().await.unwrap();
    assert_eq!((antwoord.version(), antwoord.status().as_u16()), (reqwest::Version::HTTP_11, 415));
    let antwoord = hub.post(&pad).header("x-lang", "a".repeat(20_000)).body("{}").send().await.unwrap();
    assert_eq!(antwoord.status().as_u16(), 431);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_that_was_down_gets_everything_in_order_and_signs_in_its_answer() {
    let Toneel { regio, hub: _hub, politie, vt, .. } = Toneel::new();
    let adres = nergens();
    aanmelden(&regio, &vt, "veilig-thuis", 1, adres, schema(1, 2, 100)).await;
    let eerste = melding(&regio, &politie, &vt.partner);
    let mut brieven = vec![eerste];
    for _ in 0..4 {
        brieven.push(nog_een(&regio, &politie, &vt.partner, &brieven[0]));
    }
    for brief in &brieven {
        sturen(&politie, brief).await;
    }
    mislukt_door(&politie, &brieven[0], &vt, "onbereikbaar").await;
    let punt = Punt::openen(&regio, &map(&regio, "veilig-thuis"), &vt.partner, adres, Gedrag::Tekent);
    for brief in &brieven {
        wordt(&politie, brief, &vt, "ontvangen").await;
    }
    let verwacht: Vec<_> = brieven.iter().map(|b| b.id.to_string()).collect();
    assert_eq!(punt.genomen(), verwacht, "in order, each once");
    assert!(vt.postvak().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_recipient_does_costs_only_itself() {
    let Toneel { regio, hub: _hub, politie, vt, om, .. } = Toneel::new();
    let goed = punt(&regio, &om, "om", Gedrag::Neemt);
    aanmelden(&regio, &om, "om", 1, goed.adres, schema(1, 5, 100)).await;
    // Where a redirect would lead: nothing may ever come there.
    let elders = punt(&regio, &om, "om", Gedrag::Neemt);
    let naar = format!("https://localhost:{}/leveringen", elders.adres.port());
    for (nummer, (gedrag, reden)) in (1..).zip([
        (Gedrag::Hangt, "te-traag"),
        (Gedrag::Druppelt, "te-traag"),
        (Gedrag::Stroomt, "onleesbaar"),
        (Gedrag::Rommelt, "onleesbaar"),
        (Gedrag::Verbreekt, "onleesbaar"),
        (Gedrag::Stuurt(naar), "omleiding"),
        (Gedrag::Zegt(500), "storing"),
        (Gedrag::Zegt(400), "afgewezen"),
    ]) {
        let slecht = punt(&regio, &vt, "veilig-thuis", gedrag.clone());
        aanmelden(&regio, &vt, "veilig-thuis", nummer, slecht.adres, schema(1, 1, 1_000)).await;
        let stuk = || Stuk::incident(Doel::Huisverbod, "Dit zei hij.", &[&vt.partner, &om.partner]);
        let brief = Brief::huisverbod(&regio, &politie.partner).aan(&[&vt.partner, &om.partner]).met(stuk());
        let begin = std::time::Instant::now();
        sturen(&politie, &brief).await;
        wachten_tot("the other's delivery", async || goed.genomen().contains(&brief.id.to_string()).then_some(())).await;
        assert!(begin.elapsed() < Duration::from_secs(5), "{gedrag:?} cost the other {:?}", begin.elapsed());
        mislukt_door(&politie, &brief, &vt, reden).await;
        // Signed for by the way that stays open: the mailbox.
        for levering in vt.postvak().await {
            vt.ontvangen(&levering).await;
        }
        wordt(&politie, &brief, &vt, "ontvangen").await;
    }
    assert!(elders.gekomen().is_empty(), "the hub follows nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_recipients_own_certificate_is_believed() {
    let Toneel { regio, hub: _hub, politie, vt, .. } = Toneel::new();
    let vreemd = Punt::openen(&regio, &map(&regio, "school"), &vt.partner, hier(), Gedrag::Neemt);
    aanmelden(&regio, &vt, "veilig-thuis", 1, vreemd.adres, schema(1, 2, 1_000)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    mislukt_door(&politie, &brief, &vt, "andere-organisatie").await;
    // Under another root.
    let andere = Regio::maken();
    let onbekend = Punt::openen(&andere, &map(&andere, "veilig-thuis"), &vt.partner, hier(), Gedrag::Neemt);
    aanmelden(&regio, &vt, "veilig-thuis", 2, onbekend.adres, schema(1, 2, 1_000)).await;
    mislukt_door(&politie, &brief, &vt, "tls").await;
    assert!(vreemd.gekomen().is_empty() && onbekend.gekomen().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_was_not_told_calls_no_address_of_its_own_network() {
    let regio = Regio::maken();
    let hub = hub(&regio, "eerste", "");
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Neemt);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 1_000)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    mislukt_door(&politie, &brief, &vt, "adres-niet-toegestaan").await;
    assert!(punt.gekomen().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_keeps_its_order_and_acute_overtakes() {
    let Toneel { regio, hub: _hub, politie, vt, .. } = Toneel::new();
    let eerste = melding(&regio, &politie, &vt.partner);
    let weigert = eerste.id.to_string();
    let punt = Punt::kiezend(&regio, &map(&regio, "veilig-thuis"), &vt.partner, hier(), move |levering| {
        if levering["bericht"]["id"] == weigert { Gedrag::Zegt(422) } else { Gedrag::Neemt }
    });
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 1_000)).await;
    sturen(&politie, &eerste).await;
    let tweede = nog_een(&regio, &politie, &vt.partner, &eerste);
    sturen(&politie, &tweede).await;
    let acuut = Brief { urgentie: Urgentie::Acuut, ..nog_een(&regio, &politie, &vt.partner, &eerste) };
    sturen(&politie, &acuut).await;
    let elders = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &elders).await;
    wachten_tot("the others", async || (punt.genomen().len() == 2).then_some(())).await;
    wachten_tot("three attempts", async || (punt.gekomen().len() >= 5).then_some(())).await;
    let genomen = punt.genomen();
    assert!(genomen.contains(&acuut.id.to_string()) && genomen.contains(&elders.id.to_string()), "{genomen:?}");
    punt.wordt(Gedrag::Neemt);
    wachten_tot("the rest", async || (punt.genomen().len() == 4).then_some(())).await;
    assert_eq!(punt.genomen()[2..], [eerste.id.to_string(), tweede.id.to_string()]);
    let pogingen: Vec<_> = punt.gekomen().iter().filter(|g| g.bericht() == eerste.id.to_string()).map(|g| g.poging).collect();
    assert_eq!(pogingen, (1..).take(pogingen.len()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_letter_is_told_and_is_brought_again() {
    let Toneel { regio, hub, politie, vt, om } = Toneel::new();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Zegt(503));
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 2)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    let dood = wordt(&politie, &brief, &vt, "dode-letter").await;
    assert_eq!((&dood["bezorging"]["grens"], &dood["bezorging"]["pogingen"]), (&json!("pogingen"), &json!(2)), "{dood}");
    assert_eq!(punt.gekomen().len(), 2);
    assert_eq!(vt.postvak().await.len(), 1, "it still lies in the mailbox");
    assert_eq!(hub.logregels("dode-letter").len(), 1);
    assert_eq!(hub.tellingen().await["dode_letters"], 1);

    let mut levering = None;
    for wie in [&politie, &vt] {
        let letters = wie.ophalen("beheer", "/beheer/dode-letters").await.met_status(200).json();
        let letter = &letters["dodeLetters"][0];
        assert_eq!((&letter["bericht"], &letter["reden"], &letter["status"]), (&json!(brief.id), &json!("storing"), &json!(503)));
        assert_eq!(letters["perOntvanger"], json!([{ "ontvanger": vt.partner.oin, "aantal": 1 }]));
        levering = Some(letter["levering"].as_str().unwrap().parse::<LeveringId>().unwrap());
    }
    let niets = om.ophalen("beheer", "/beheer/dode-letters").await.met_status(200).json();
    assert_eq!(niets, json!({ "dodeLetters": [], "perOntvanger": [] }));

    punt.wordt(Gedrag::Neemt);
    let levering = levering.unwrap();
    let opnieuw = async |wie: &Deelnemer| {
        let daad = Herbezorging { levering, door: wie.partner.oin, functie: Beheerfunctie::Fg, tijd: SystemClock.now() };
        let jws = jws::sign(&wie.partner.sleutel, Typ::Herbezorging, &daad).unwrap();
        let pad = format!("/beheer/dode-letters/{levering}/opnieuw");
        aanroep(wie, Method::POST, "beheer", &pad, Some(&json!({ "verklaring": jws }))).await
    };
    opnieuw(&om).await.met_status(404);
    opnieuw(&politie).await.met_status(204);
    wachten_tot("the delivery", async || punt.genomen().pop()).await;
    let onderweg = bij(&politie, &brief, &vt).await;
    assert_eq!(onderweg["stand"], "onderweg", "taken is not signed for: {onderweg}");
    opnieuw(&politie).await.met_status(404);
    let gekomen = punt.gekomen().pop().unwrap();
    assert_eq!(gekomen.poging, 1, "as if it were new");
    let pad = format!("/leveringen/{levering}/ontvangst");
    vt.verklaren(&pad, ontvangst(&vt.partner, &gekomen.levering)).await.met_status(204);
    wordt(&politie, &brief, &vt, "ontvangen").await;
    let db = hub.map().join("hub.sqlite");
    assert!(hub.stoppen());
    let (klopt, waarom) = log_verify(&db, None);
    assert!(klopt, "{waarom}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_senders_adapter_raises_an_alarm_for_a_dead_letter() {
    let Toneel { regio, hub, vt, .. } = Toneel::new();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Zegt(503));
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 1)).await;
    let adapter = Adapter::starten(Path::new(PROGRAMMA), &regio, "politie", hub.adres).await;
    let (status, antwoord) = adapter.sturen("/mutaties/huiselijk-geweld", &mutatie(1)).await;
    assert_eq!(status, 202, "{antwoord}");
    let alarm = wachten_tot("the alarm", async || {
        let (_, gezondheid) = adapter.ophalen("/gezondheid").await;
        gezondheid["alarmen"].as_array().unwrap().iter().find(|a| a["soort"] == "dode-letter").cloned()
    })
    .await;
    assert!(alarm["uitleg"].as_str().unwrap().contains("storing"), "{alarm}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_is_killed_in_the_middle_of_an_attempt_goes_on_with_the_next() {
    let Toneel { regio, mut hub, politie, vt, .. } = Toneel::new();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Hangt);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 100)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    wachten_tot("an attempt under way", async || (!punt.gekomen().is_empty()).then_some(())).await;
    hub.kill_9();
    punt.wordt(Gedrag::Neemt);
    hub.herstarten();
    wachten_tot("the delivery", async || punt.genomen().pop()).await;
    let pogingen: Vec<_> = punt.gekomen().iter().map(|g| g.poging).collect();
    assert!(pogingen.is_sorted_by(|a, b| a < b) && pogingen.len() >= 2, "no attempt is counted twice or lost: {pogingen:?}");
    assert_eq!(punt.genomen().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hubs_on_one_store_bring_each_delivery_once() {
    let Toneel { regio, hub: eerste, politie, vt, .. } = Toneel::new();
    let map = regio.kamer("tweede", HIER);
    let config = map.join("hub.toml");
    let opslag = eerste.map().join("hub.sqlite");
    let tekst = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, tekst.replace("pad = \"hub.sqlite\"", &format!("pad = \"{}\"", opslag.display()))).unwrap();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Neemt);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;
    let tweede = Hub::in_map(Path::new(PROGRAMMA), &map);
    let ook_politie = Deelnemer::new(&regio, &tweede, "politie");
    let brieven: Vec<_> = (0..60).map(|_| melding(&regio, &politie, &vt.partner)).collect();
    let sturen = brieven.iter().enumerate().map(|(i, brief)| {
        let wie = if i % 2 == 0 { &politie } else { &ook_politie };
        async move { wie.sturen(brief.bytes()).await.met_status(202) }
    });
    futures_util::future::join_all(sturen).await;
    wachten_tot("all of them", async || (punt.genomen().len() >= brieven.len()).then_some(())).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut genomen = punt.genomen();
    assert_eq!(genomen.len(), brieven.len(), "each once");
    genomen.sort();
    genomen.dedup();
    assert_eq!(genomen.len(), brieven.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stopped_while_it_waits_is_not_brought() {
    let Toneel { regio, hub: _hub, politie, vt, .. } = Toneel::new();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Zegt(422));
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 2, 1_000)).await;
    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    mislukt_door(&politie, &brief, &vt, "afgewezen").await;
    let embargo = |actie: &str, volgnummer: u32| {
        let mut embargo = Brief::new(&regio, &politie.partner, "embargo");
        embargo.casus = brief.casus;
        embargo.verklaring = json!({"actie": actie, "omvang": "zaak", "zichtbaarheid": "gesloten", "volgnummer": volgnummer});
        if actie == "zetten" {
            embargo.verklaring["herziening"] = json!(SystemClock.now().plus(time::Duration::days(10)));
        }
        embargo
    };
    sturen(&politie, &embargo("zetten", 1)).await;
    // One attempt may have been on its way when the embargo came; it is refused too. An attempt is made every second: after five without
    // one, none begins any more.
    let mut stil = (punt.gekomen().len(), Instant::now());
    wachten_tot("no attempt to begin", async || {
        let nu = punt.gekomen().len();
        if nu != stil.0 {
            stil = (nu, Instant::now());
        }
        (stil.1.elapsed() > Duration::from_secs(5)).then_some(())
    })
    .await;
    punt.wordt(Gedrag::Neemt);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(punt.gekomen().len(), stil.0, "held: not brought");
    assert!(punt.genomen().is_empty());
    sturen(&politie, &embargo("opheffen", 2)).await;
    wachten_tot("the delivery", async || punt.genomen().pop()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_is_numbered_signed_and_ended() {
    let Toneel { regio, hub: _hub, politie, vt, .. } = Toneel::new();
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    let pad = format!("/partners/{}/terugroep", vt.partner.oin);
    vt.ophalen("gids", &pad).await.met_status(404);
    let eerste = verzoek(&regio, "veilig-thuis", 3, Some((punt.adres, schema(1, 5, 10))));
    let zonder = Terugroepverzoek { medeondertekening: None, ..eerste.clone() };
    plaatsen(&vt, &zonder).await.met_status(400);
    let andermans = verzoek(&regio, "veilig-thuis", 4, Some((punt.adres, schema(1, 5, 10)))).medeondertekening;
    plaatsen(&vt, &Terugroepverzoek { medeondertekening: andermans, ..eerste.clone() }).await.met_status(422);
    plaatsen(&vt, &eerste).await.met_status(204);
    plaatsen(&vt, &eerste).await.met_status(204);
    plaatsen(&vt, &verzoek(&regio, "veilig-thuis", 3, None)).await.met_status(409);
    plaatsen(&vt, &verzoek(&regio, "veilig-thuis", 2, None)).await.met_status(409);
    let staat = vt.ophalen("gids", &pad).await;
    assert_eq!(staat.koppen["etag"], "\"3\"");
    assert_eq!(staat.json(), json!(eerste));
    politie.ophalen("gids", &pad).await.met_status(403);

    let brief = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &brief).await;
    wordt(&politie, &brief, &vt, "ontvangen").await;
    plaatsen(&vt, &verzoek(&regio, "veilig-thuis", 4, None)).await.met_status(204);
    let later = melding(&regio, &politie, &vt.partner);
    sturen(&politie, &later).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(punt.genomen(), [brief.id.to_string()]);
    assert_eq!(vt.postvak().await.len(), 1, "it fetches again");
}
