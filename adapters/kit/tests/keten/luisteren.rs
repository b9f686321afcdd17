//! What the own system's side of an adapter bounds: versions of HTTP, headers, and the time that a request takes to come in.

use std::{
    io::{ErrorKind, Read as _},
    net::TcpStream,
};

use crate::{
    proces::Proces,
    regio::{GEHEIM, Partner, Regio},
};

const PAD: &str = "/mutaties/huiselijk-geweld";

/// All that comes back until the connection ends, which it does.
async fn antwoord(mut verbinding: TcpStream) -> String {
    let lezen = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        match verbinding.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(fout) => assert_eq!(fout.kind(), ErrorKind::ConnectionReset, "it ends"),
        }
        String::from_utf8(bytes).unwrap()
    });
    lezen.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_has_its_bounds_before_anything_of_it_is_done() {
    let regio = Regio::nieuw().await;
    let politie = Proces::start(&regio, Partner::Politie).await;
    let kop = |rest: &str| format!("POST {PAD} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n{rest}");
    let geheim = format!("authorization: Bearer {GEHEIM}\r\n");

    // The longest waits first, all at a time.
    let zonder_lichaam = antwoord(politie.ruw(kop(&format!("{geheim}content-length: 100\r\n\r\n{{")).as_bytes()));
    let halve_kop = antwoord(politie.ruw(kop(&geheim).as_bytes()));
    let stil = antwoord(politie.ruw(b""));
    // Who has no secret hears so, and nobody waits for what it announced.
    let vreemd = antwoord(politie.ruw(kop("content-length: 100\r\n\r\n").as_bytes()));
    let lang = antwoord(
        politie.ruw(kop(&format!("{geheim}x-lang: {}\r\ncontent-length: 2\r\n\r\n{{}}", "a".repeat(20_000))).as_bytes()),
    );
    // HTTP/2 without TLS: its preface and an empty frame of settings.
    let twee = antwoord(politie.ruw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"));
    let (zonder_lichaam, halve_kop, stil, vreemd, lang, twee) = tokio::join!(zonder_lichaam, halve_kop, stil, vreemd, lang, twee);

    for (wat, antwoord, status, code) in [
        ("a body that does not come", &zonder_lichaam, "408", "te-traag"),
        ("headers that do not end", &halve_kop, "408", ""),
        ("no secret", &vreemd, "401", "token-ongeldig"),
        ("long headers", &lang, "431", "kopregels-te-groot"),
    ] {
        assert!(antwoord.starts_with(&format!("HTTP/1.1 {status} ")) && antwoord.contains(code), "{wat}: {antwoord}");
    }
    assert!(stil.is_empty() || stil.starts_with("HTTP/1.1 408 "), "{stil}");
    assert!(twee.starts_with("HTTP/1.1 4"), "{twee}");
    // It does its work all the same.
    politie.rust().await;
}
