//! What runs out below a hub: memory for what comes in, file descriptors. Who takes much is told to wait, the others go on, and
//! afterwards everything is as before.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use inbreng_harness::{Brief, Client, Deelnemer, Hub, Regio, wachten_tot};
use rustls::{ClientConfig, ClientConnection, StreamOwned, version::TLS13};

use crate::{
    probleem,
    tls::{Verbinding, config_van},
};

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");
const CLOUDEVENT: &str = "application/cloudevents+json";
/// Bytes that an organisation may have in progress at this hub, and a message at most.
const DEEL: usize = 1 << 20;

/// A hub with little room, that waits long for the rest of a body.
fn krap(regio: &Regio) -> Hub {
    let map = regio.kamer("krap", "[grenzen]\nmessage_bytes = 1048576\n");
    let config = map.join("hub.toml");
    let tekst = fs::read_to_string(&config).unwrap();
    assert!(tekst.contains("inlezen_seconden = 2\n"), "{tekst}");
    fs::write(&config, tekst.replace("inlezen_seconden = 2\n", "inlezen_seconden = 20\nmebibytes = 6\n")).unwrap();
    Hub::in_map(Path::new(PROGRAMMA), &map)
}

/// A message of which so much comes and the rest does not.
fn blijft_hangen(hub: &Hub, config: &std::sync::Arc<ClientConfig>, token: &str, bytes: usize) -> Verbinding {
    let tcp = TcpStream::connect(hub.adres).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let tls = ClientConnection::new(std::sync::Arc::clone(config), "localhost".try_into().unwrap()).unwrap();
    let mut verbinding = StreamOwned::new(tls, tcp);
    let kop = format!(
        "POST /v1/berichten HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: {CLOUDEVENT}\r\n\
         content-length: {DEEL}\r\n\r\n"
    );
    verbinding.write_all(kop.as_bytes()).unwrap();
    verbinding.write_all(&vec![b' '; bytes]).unwrap();
    verbinding.flush().unwrap();
    verbinding
}

/// What the hub says that it holds.
async fn bezet(hub: &Hub) -> usize {
    let bladzijde = reqwest::get(format!("http://{}/metrics", hub.beheer)).await.unwrap().text().await.unwrap();
    let regel = bladzijde.lines().find_map(|r| r.strip_prefix("inbreng_verzoeken_onderhanden_bytes "));
    regel.unwrap_or_else(|| panic!("{bladzijde}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_progress_has_an_end_for_each_and_for_all() {
    let regio = Regio::maken();
    let hub = krap(&regio);
    let namen = ["politie", "veilig-thuis", "om", "ggz", "school"];
    let wie = namen.map(|naam| Deelnemer::new(&regio, &hub, naam));
    let [politie, vt, .., school] = &wie;
    let groot = DEEL - 1024;
    let mut hangend = Vec::new();
    let bijna = |n: usize| n * groot;
    for (n, een) in wie[..4].iter().enumerate() {
        let token = een.token("berichten").await.unwrap();
        let config = config_van(&regio, namen[n], &[&TLS13], &[]);
        hangend.push(blijft_hangen(&hub, &config, &token, groot));
        wachten_tot("it to have come", async || (bezet(&hub).await >= bijna(n + 1)).then_some(())).await;
        if n == 0 {
            // One more of the same does not fit, and one of another does.
            let token = politie.token("berichten").await.unwrap();
            let vol = |wie: &Deelnemer, token: &str| {
                let aanroep = wie.client.aanroep(reqwest::Method::POST, "/v1/berichten").token(token);
                aanroep.kop("content-type", CLOUDEVENT).lijf(vec![b' '; DEEL / 4]).sturen()
            };
            let antwoord = vol(politie, &token).await;
            assert!(antwoord.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
            probleem(antwoord, 429, "te-vaak", "its part is full").await;
            let klein = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
            let _fits = politie.sturen(klein.bytes()).await.met_status(202);
            let token = vt.token("berichten").await.unwrap();
            probleem(vol(vt, &token).await, 400, "geen-json", "there is room for others").await;
        }
    }
    // Now all of it is in use but half of one part: who is left gets nothing large, and something small.
    let token = school.token("berichten").await.unwrap();
    let aanroep = school.client.aanroep(reqwest::Method::POST, "/v1/berichten").token(&token).kop("content-type", CLOUDEVENT);
    let antwoord = aanroep.lijf(vec![b' '; DEEL - DEEL / 4]).sturen().await;
    assert!(antwoord.headers().contains_key("retry-after"));
    probleem(antwoord, 503, "opslag-niet-beschikbaar", "everything is full").await;
    for een in [politie, school] {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
        let token = een.token("berichten").await.unwrap();
        let aanroep = een.client.aanroep(reqwest::Method::POST, "/v1/berichten").token(&token).kop("content-type", CLOUDEVENT);
        let antwoord = aanroep.lijf(brief.bytes()).sturen().await;
        let verwacht = if std::ptr::eq(een, politie) { 202 } else { 403 };
        assert_eq!(antwoord.status().as_u16(), verwacht, "what is small goes through, the sender's own large ones beside it");
    }
    // Whoever hangs up gives back what it had.
    drop(hangend);
    wachten_tot("the room to be free", async || (bezet(&hub).await == 0).then_some(())).await;
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
}

/// A message with a long part.
fn lang(regio: &Regio, van: &Deelnemer, aan: &Deelnemer) -> Brief {
    let verhaal = "Er was ruzie. ".repeat(4 * 1024);
    Brief::incidentmelding(regio, &van.partner, &aan.partner, &verhaal)
}

/// A mailbox that is asked for again and again and not read: its owner has its part of the room, and others do not notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads_have_an_end_for_each() {
    const VENSTER: i64 = 64 * 1024;
    const BRIEVEN: usize = 9;
    let regio = Regio::maken();
    let hub = krap(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    for _ in 0..BRIEVEN {
        let _accepted = politie.sturen(lang(&regio, &politie, &vt).bytes()).await.met_status(202);
    }
    let heel = vt.client.aanroep(reqwest::Method::GET, "/v1/postvak").token(&vt.token("postvak").await.unwrap()).sturen().await;
    let heel = i64::try_from(heel.bytes().await.unwrap().len()).unwrap();
    // More than half of its part, so that two do not fit.
    assert!(heel > i64::try_from(DEEL / 2 + DEEL / 8).unwrap(), "{heel}");
    let onderweg = || hub.getal("inbreng_antwoorden_onderweg_bytes");
    wachten_tot("what was read to be gone", async || (onderweg().await == 0).then_some(())).await;

    let traag = Client::met_venster(&regio, &hub, "veilig-thuis", u32::try_from(VENSTER).unwrap());
    let token = traag.token("postvak gids").await;
    let vragen = |pad: &str| traag.aanroep(reqwest::Method::GET, pad).token(&token).sturen();
    let ongelezen = vragen("/v1/postvak").await;
    assert_eq!(ongelezen.status(), 200);
    for _ in 0..20 {
        let antwoord = vragen("/v1/postvak").await;
        assert!(antwoord.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
        probleem(antwoord, 429, "te-vaak", "its part is on its way").await;
    }
    assert!((heel - VENSTER..=heel).contains(&onderweg().await), "one answer, however often it was asked for");
    // It counts as a request that is not done.
    assert_eq!(hub.getal("inbreng_verzoeken_onderhanden").await, 1);
    // What is short gets through, to itself and to others.
    assert_eq!(vragen("/v1/routering/0518").await.status(), 200);
    let _answered = politie.ophalen("gids", "/routering/0518").await.met_status(200);
    // Whoever lets go gives back what it had, and gets it all the same.
    drop(ongelezen);
    wachten_tot("the room to be free", async || (onderweg().await == 0).then_some(())).await;
    assert_eq!(vt.postvak().await.len(), BRIEVEN);
}

/// More connections than the hub may have files: those that never greet are let go after their time, and nothing that was accepted is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_file_descriptors_cost_a_moment() {
    let regio = Regio::maken();
    let programma = regio.pad("krap.sh");
    fs::write(&programma, format!("#!/bin/sh\nulimit -n 128\nexec {PROGRAMMA} \"$@\"\n")).unwrap();
    fs::set_permissions(&programma, fs::Permissions::from_mode(0o755)).unwrap();
    let mut hub = Hub::starten(&programma, &regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let melding = || Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
    let _accepted = politie.sturen(melding().bytes()).await.met_status(202);

    let stil: Vec<TcpStream> = (0..400).filter_map(|_| TcpStream::connect(hub.adres).ok()).collect();
    assert!(stil.len() > 200, "{}", stil.len());
    // Who was there already goes on, with the store and its key store open.
    for _ in 0..5 {
        let _accepted = politie.sturen(melding().bytes()).await.met_status(202);
    }
    let begin = Instant::now();
    let nieuw = wachten_tot("a new partner to get in", async || {
        let om = Deelnemer::new(&regio, &hub, "om");
        tokio::time::timeout(Duration::from_secs(2), om.token("gids")).await.ok()?.ok().map(|_| om)
    });
    let _om = nieuw.await;
    assert!(begin.elapsed() < Duration::from_secs(30) && hub.leeft());
    // The hub closed what never said a word.
    let mut eerste = &stil[0];
    eerste.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert_eq!(eerste.read(&mut [0; 1]).unwrap_or(0), 0);
    drop(stil);
    assert_eq!(vt.postvak().await.len(), 6);
    assert!(hub.stoppen());
}
