//! A partner that shares no code with us, in both directions with an adapter: `docs/partners/python/`.

use std::{path::Path, process::Stdio, time::Duration};

use inbreng_harness::{Adapter, Hub, Regio, wachten_tot};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::{PROGRAMMA, hub};

/// A step that the example names, one JSON object on a line.
async fn stap(lijnen: &mut tokio::io::Lines<BufReader<tokio::process::ChildStdout>>, naam: &str) -> Value {
    let lijn = tokio::time::timeout(Duration::from_secs(120), lijnen.next_line()).await.unwrap().unwrap();
    let stap: Value = serde_json::from_str(&lijn.unwrap_or_else(|| panic!("ended before {naam}"))).unwrap();
    assert_eq!(stap["stap"], naam, "{stap}");
    stap
}

fn voorbeeld(regio: &Regio, hub: &Hub, partner: &str) -> tokio::process::Child {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/partners/python/voorbeeld.py");
    Command::new(std::env::var("INBRENG_PYTHON").expect("INBRENG_PYTHON names a Python with the libraries of the example"))
        .arg("-B")
        .arg(script)
        .args(["--partner", partner, "--functie", "intern-begeleider", "--hub"])
        .arg(format!("https://localhost:{}", hub.adres.port()))
        .arg("--map")
        .arg(regio.map())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs a Python with the libraries of the example: cargo xtask test --only jose"]
async fn python_partner_and_adapter_in_both_directions() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let vt = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let mut school = voorbeeld(&regio, &hub, "school");
    let mut lijnen = BufReader::new(school.stdout.take().unwrap()).lines();
    let verstuurd = stap(&mut lijnen, "verstuurd").await;

    // Veilig Thuis's own system reads it in its own words, and takes it under its own number.
    let melding = wachten_tot("the report at Veilig Thuis", async || vt.postbus().await.into_iter().next()).await;
    assert_eq!((&melding["soort"], &melding["bericht"]), (&json!("zorgmelding"), &verstuurd["bericht"]), "{melding}");
    assert_eq!(melding["pad"], "/meldingen/professionals");
    let tekst = melding["lichaam"].to_string();
    assert!(tekst.contains("Testpersoon Python"), "{tekst}");
    let eigen = json!({ "meldingnummer": "M-PY-1", "dossiernummer": "D-PY-1" });
    let pad = format!("/postbus/{}/ontvangen", melding["levering"].as_str().unwrap());
    assert_eq!(vt.sturen(&pad, &eigen).await.0, 204);

    // Its answer goes back to who reported, sealed and signed by the adapter, opened and verified by the example.
    let besluit = json!({
        "besluitnummer": "TB-PY-1", "meldingnummer": "M-PY-1", "datum": "2026-11-22", "besluit": "Directe overdracht",
        "medewerker": { "functie": "triagist" }, "toelichting_melder": "Wij dragen deze melding over aan het lokale team.",
    });
    let (status, antwoord) = vt.sturen("/meldingen/triage", &besluit).await;
    assert_eq!(status, 202, "{antwoord}");
    let ontvangen = stap(&mut lijnen, "ontvangen").await;
    assert_eq!(ontvangen["verklaring"]["uitkomst"], "directe-overdracht");
    assert_eq!(ontvangen["delen"], json!([{ "toelichting": "Wij dragen deze melding over aan het lokale team." }]));
    assert_eq!(stap(&mut lijnen, "klaar").await["ok"], true);
    assert!(school.wait().await.unwrap().success());

    // Both signed for what they got: nothing is on its way any more.
    wachten_tot("both receipts", async || (hub.tellingen().await["open"] == 0).then_some(())).await;
}
