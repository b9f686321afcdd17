//! Who is refused, and how: every operation of the served API document, by every wrong caller
//! and by a good partner on another's thing; tokens and client
//! assertions bent one thing at a time; bad input; certificates that are revoked while connected.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails where it stands")]

mod document;
mod drempels;
mod herladen;
mod input;
mod instellingen;
mod matrix;
mod nieuwkomer;
mod ondergrond;
mod partner;
mod revocation;
mod tls;
mod tokens;
mod verbindingen;

use std::path::Path;

use inbreng_harness::{Hub, Regio};
use reqwest::Response;
use serde_json::Value;

fn starten(regio: &Regio) -> Hub {
    Hub::starten(Path::new(env!("CARGO_BIN_EXE_inbreng")), regio)
}

/// Asserts that an answer is this problem, in the agreed form.
async fn probleem(antwoord: Response, status: u16, code: &str, bij: &str) -> Value {
    assert_eq!(antwoord.headers().get("api-version").map(|v| v.to_str().unwrap()), Some("1.0.0"), "{bij}");
    assert_eq!(antwoord.headers()["cache-control"], "no-store", "{bij}");
    let got = antwoord.status().as_u16();
    let media = antwoord.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned());
    let text = antwoord.text().await.unwrap();
    assert_eq!(media.as_deref(), Some("application/problem+json"), "{bij}: {got} {text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((got, body["code"].as_str()), (status, Some(code)), "{bij}: {text}");
    assert_eq!(body["status"], status, "{bij}");
    assert!(body["detail"].as_str().is_some_and(|d| d.ends_with('.')), "{bij}");
    body
}
