//! Connections that cost and do nothing: over HTTP/2, where one carries many requests, and too many of one organisation.

use std::{
    io::{ErrorKind, Read, Write},
    time::{Duration, Instant},
};

use inbreng_harness::{Brief, Client, Deelnemer, Hub, Regio, wachten_tot};
use rustls::version::TLS13;

use crate::{
    starten,
    tls::{Verbinding, config, config_van, verbinden},
};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A frame (RFC 9113 §4.1).
fn kader(soort: u8, vlaggen: u8, stroom: u32, inhoud: &[u8]) -> Vec<u8> {
    let mut kader = u32::try_from(inhoud.len()).unwrap().to_be_bytes()[1..].to_vec();
    kader.extend([soort, vlaggen]);
    kader.extend(stroom.to_be_bytes());
    kader.extend(inhoud);
    kader
}

/// A header, spelled out (RFC 7541 §6.2.2).
fn kop(naam: &str, waarde: &str) -> Vec<u8> {
    let mut kop = vec![0];
    for tekst in [naam, waarde] {
        match tekst.len().checked_sub(127) {
            None => kop.push(u8::try_from(tekst.len()).unwrap()),
            Some(mut rest) => {
                kop.push(127);
                while rest >= 128 {
                    kop.push(u8::try_from(rest % 128).unwrap() | 128);
                    rest /= 128;
                }
                kop.push(u8::try_from(rest).unwrap());
            }
        }
        kop.extend(tekst.as_bytes());
    }
    kop
}

/// A connection over HTTP/2 that has greeted.
fn begroet(hub: &Hub, regio: &Regio) -> Verbinding {
    let mut verbinding = verbinden(hub, &config(regio, &[&TLS13], &[b"h2"]));
    let mut begin = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    begin.extend(kader(SETTINGS, 0, 0, &[]));
    verbinding.write_all(&begin).unwrap();
    verbinding
}

/// Asks for what waits in the mailbox, and waits for so many seconds.
fn postvak(stroom: u32, token: &str, wacht: u32) -> Vec<u8> {
    let koppen = [
        kop(":method", "GET"),
        kop(":scheme", "https"),
        kop(":authority", "localhost"),
        kop(":path", &format!("/v1/postvak?wacht={wacht}")),
        kop("authorization", &format!("Bearer {token}")),
    ];
    kader(HEADERS, END_HEADERS | END_STREAM, stroom, &koppen.concat())
}

/// A connection over HTTP/2 on which a mailbox is waited for.
fn wachtend(hub: &Hub, regio: &Regio, token: &str) -> Verbinding {
    let mut verbinding = begroet(hub, regio);
    verbinding.write_all(&postvak(1, token, 50)).unwrap();
    verbinding
}

/// The next body that comes, or a piece of it: of which request, and its text.
fn volgend_lijf(verbinding: &mut Verbinding) -> (u32, String) {
    loop {
        let mut begin = [0; 9];
        verbinding.read_exact(&mut begin).unwrap();
        let [a, b, c, soort, _, stroom @ ..] = begin;
        let mut inhoud = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        verbinding.read_exact(&mut inhoud).unwrap();
        if soort == DATA && !inhoud.is_empty() {
            return (u32::from_be_bytes(stroom), String::from_utf8(inhoud).unwrap());
        }
    }
}

/// Whether the other side has ended it: reads what there is.
fn beeindigd(verbinding: &mut Verbinding) -> bool {
    match verbinding.read(&mut [0; 4096]) {
        Ok(gelezen) => gelezen == 0,
        Err(fout) => !matches!(fout.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

fn reden(hub: &Hub, reden: &str) -> bool {
    hub.logregels("verbinding-beeindigd").iter().any(|regel| regel["reden"] == reden)
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_trickle_over_http_2_end_the_connection() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let token = Client::partner(&regio, &hub, "politie").token("postvak").await;
    tokio::task::spawn_blocking(move || {
        // Another request of the same connection waits for its answer all the while.
        let mut traag = wachtend(&hub, &regio, &token);
        traag.sock.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        traag.write_all(&kader(HEADERS, END_STREAM, 3, &kop(":method", "GET"))).unwrap();
        let begin = Instant::now();
        let mut keer = 0;
        while !beeindigd(&mut traag) {
            assert!(begin.elapsed() < Duration::from_secs(30), "it may trickle for ever");
            keer += 1;
            let _gone = traag.write_all(&kader(CONTINUATION, 0, 3, &kop("x-nog-een", &keer.to_string())));
        }
        assert!(keer > 0 && reden(&hub, "kopregels-te-traag"), "{}", hub.logtekst());
        // Longer than any that would be answered: at once.
        let mut lang = wachtend(&hub, &regio, &token);
        let stuk = kop("x-lang", &"x".repeat(16_000));
        let begin = Instant::now();
        let _gone = lang.write_all(&kader(HEADERS, END_STREAM, 3, &stuk));
        while !beeindigd(&mut lang) {
            assert!(begin.elapsed() < Duration::from_secs(30), "headers have no end");
            let _gone = lang.write_all(&kader(CONTINUATION, 0, 3, &stuk));
        }
    })
    .await
    .unwrap();
}

/// A connection that opens and is kept with nothing on it, but for answers to what the hub asks of it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_greets_over_http_2_and_asks_nothing_is_let_go() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    tokio::task::spawn_blocking(move || {
        let mut stil = begroet(&hub, &regio);
        let begin = Instant::now();
        while !beeindigd(&mut stil) {
            assert!(begin.elapsed() < Duration::from_secs(30));
        }
        assert!(reden(&hub, "geen-verzoek"), "{}", hub.logtekst());
    })
    .await
    .unwrap();
}

/// An answer that is not read in its time: the connection ends, and what was asked is there for the next.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_read_its_answer_loses_the_connection() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let verhaal = "Er was ruzie. ".repeat(4 * 1024);
    for _ in 0..3 {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, &verhaal);
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
    let traag = Client::met_venster(&regio, &hub, "veilig-thuis", 64 * 1024);
    let token = traag.token("postvak").await;
    let ongelezen = traag.aanroep(reqwest::Method::GET, "/v1/postvak").token(&token).sturen().await;
    assert_eq!(ongelezen.status(), 200);
    // This hub waits two seconds.
    wachten_tot("the connection to end", async || reden(&hub, "antwoord-niet-gelezen").then_some(())).await;
    wachten_tot("the room to be free", async || (hub.getal("inbreng_antwoorden_onderweg_bytes").await == 0).then_some(())).await;
    assert!(ongelezen.bytes().await.is_err(), "half an answer is none");
    assert_eq!(vt.postvak().await.len(), 3);
}

/// Asks something and keeps the connection; whether there was an answer.
fn antwoordt(verbinding: &mut Verbinding) -> bool {
    let gestuurd =
        verbinding.write_all(b"GET /v1/partners HTTP/1.1\r\nhost: localhost\r\n\r\n").and_then(|()| verbinding.flush());
    gestuurd.is_ok() && verbinding.read(&mut [0; 4096]).is_ok_and(|gelezen| gelezen > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_organisation_has_so_many_connections_and_no_more() {
    const HOOGSTENS: usize = 256;
    let regio = Regio::maken();
    let hub = starten(&regio);
    let van = |naam: &str| config_van(&regio, naam, &[&TLS13], &[]);
    let (politie, vt) = (van("politie"), van("veilig-thuis"));
    let mut open = Vec::new();
    for n in 0..HOOGSTENS {
        let mut een = verbinden(&hub, &politie);
        assert!(antwoordt(&mut een), "connection {n}");
        open.push(een);
    }
    assert!(!antwoordt(&mut verbinden(&hub, &politie)), "one too many");
    assert!(antwoordt(&mut verbinden(&hub, &vt)), "of another");
    let regels = hub.logregels("te-veel-verbindingen");
    assert!(!regels.is_empty() && regels.iter().all(|r| r["partner"] == regio.partner("politie").oin.to_string()), "{regels:?}");
    assert!(antwoordt(&mut open[0]), "those that there are stay");
    open.truncate(HOOGSTENS - 1);
    wachten_tot("its place to be free", async || antwoordt(&mut verbinden(&hub, &politie)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_has_so_many_requests_under_way_and_no_more() {
    const TEGELIJK: u32 = 1024;
    let regio = Regio::maken();
    let hub = starten(&regio);
    let token = Client::partner(&regio, &hub, "politie").token("postvak").await;
    tokio::task::spawn_blocking(move || {
        // Which request of the connection it is: a client counts in odd numbers.
        let stroom = |nummer: u32| 2 * nummer - 1;
        let mut druk = begroet(&hub, &regio);
        let mut vragen: Vec<u8> = (1..TEGELIJK).flat_map(|nummer| postvak(stroom(nummer), &token, 50)).collect();
        vragen.extend(postvak(stroom(TEGELIJK), &token, 5));
        vragen.extend(postvak(stroom(TEGELIJK + 1), &token, 50));
        druk.write_all(&vragen).unwrap();
        let (welke, antwoord) = volgend_lijf(&mut druk);
        assert!(welke == stroom(TEGELIJK + 1) && antwoord.contains("\"te-vaak\""), "{welke}: {antwoord}");
        // Of this connection alone: on another the same organisation is answered.
        let leeg = |verbinding: &mut Verbinding, van: u32| {
            let (welke, antwoord) = volgend_lijf(verbinding);
            assert!(welke == van && antwoord.contains("\"leveringen\":[]"), "{welke}: {antwoord}");
        };
        let mut ander = begroet(&hub, &regio);
        ander.write_all(&postvak(1, &token, 0)).unwrap();
        leeg(&mut ander, 1);
        // One that was answered makes room for one.
        leeg(&mut druk, stroom(TEGELIJK));
        druk.write_all(&postvak(stroom(TEGELIJK + 2), &token, 0)).unwrap();
        leeg(&mut druk, stroom(TEGELIJK + 2));
    })
    .await
    .unwrap();
}
