//! The page in Chromium: a person answers by keyboard alone, and axe finds nothing on any page (WCAG 2.1 and 2.2, A and AA).
//! `cargo xtask test --only pagina` installs what it needs and runs it.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use super::{GEHEIM, Postvak, gevraagd, medisch_beantwoord};
use crate::regio::{Partner, Regio, fixture};

/// What the browser saw: one object for each page, and what it read on it.
async fn browser(wat: &'static str, postvak: &Postvak) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop/pagina.mjs");
    let mut node = Command::new("node");
    node.arg(script).args([wat, postvak.basis(), GEHEIM]);
    let output = tokio::task::spawn_blocking(move || node.output().unwrap()).await.unwrap();
    let (gezegd, fouten) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success(), "{gezegd}\n{fouten}");
    gezegd.lines().map(|regel| serde_json::from_str(regel).unwrap()).collect()
}

/// Every page is right: no rule of axe broken, no scrolling sideways, one heading on top, nothing that ran or failed to.
fn toegankelijk(gezien: &[Value], paginas: usize) {
    let bekeken: Vec<&Value> = gezien.iter().filter(|g| g["pagina"].is_string()).collect();
    assert!(bekeken.len() >= paginas, "{}: {bekeken:?}", bekeken.len());
    let mis: Vec<&Value> = bekeken.iter().copied().filter(|p| !is_goed(p)).collect();
    assert!(mis.is_empty(), "{mis:#?}");
    assert_eq!(gezien.last(), Some(&json!({"klaar": true, "gelopen": []})));
}

fn is_goed(pagina: &Value) -> bool {
    let koppen: Vec<&str> = pagina["koppen"].as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect();
    pagina["nagekeken"].as_u64().unwrap() > 10
        && pagina["overtredingen"] == json!([])
        && pagina["opzij"] == json!({"breed": [], "smal": []})
        && koppen.first().is_some_and(|k| k.starts_with("H1 "))
        && koppen.iter().filter(|k| k.starts_with("H1 ")).count() == 1
}

/// What was said under this name.
fn gezegd<'g>(gezien: &'g [Value], naam: &str) -> &'g str {
    gezien.iter().find_map(|g| g[naam].as_str()).unwrap_or_else(|| panic!("no {naam} in {gezien:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs Chromium: cargo xtask test --only pagina"]
async fn chromium_a_person_answers_by_keyboard_alone() {
    let regio = Regio::nieuw().await;
    let (vt, ggz) = gevraagd(&regio).await;
    ggz.berichten(1).await;
    let gezien = browser("antwoord", &ggz).await;
    toegankelijk(&gezien, 10);
    assert_eq!(gezegd(&gezien, "naarVeld"), "deel.hulp.vormen", "the way to a field puts the focus there");
    assert!(gezegd(&gezien, "magDit").contains("Er is nog niets verstuurd"), "{gezien:?}");
    assert_eq!(gezegd(&gezien, "verzonden"), "Verstuurd");
    assert!(gezegd(&gezien, "bevestigd").contains("De inhoud is hier weg"), "{gezien:?}");
    assert!(gezegd(&gezien, "afgemeld").ends_with("/inbox/aanmelden"), "{gezien:?}");
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    assert_eq!(binnen["hulp"][0]["hulp"][0]["hulp"], "Getikte gesprekken", "{binnen}");
    ggz.stoppen().await;
}

/// A report with persons, a child and an incident; and what is view-only, read once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs Chromium: cargo xtask test --only pagina"]
async fn chromium_every_page_of_what_came_in_reads_as_a_document() {
    let regio = Regio::met(&[Partner::Om]).await;
    let politie = regio.partner(Partner::Politie).await;
    let (om, ggz) = (regio.partner(Partner::Om).await, regio.partner(Partner::Ggz).await);
    let mut vt = regio.postvak(Partner::VeiligThuis).await;
    vt.aanmelden("gedragswetenschapper").await;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    assert_eq!(politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await.status, 202);
    let aanvraag = fixture("om/fixtures/adviesaanvragen/guave-zsm.json");
    assert_eq!(om.post("/adviesaanvragen?wacht=20", &aanvraag).await.status, 202);
    medisch_beantwoord(&vt, &ggz).await;
    vt.berichten(3).await;

    let gezien = browser("lezen", &vt).await;
    toegankelijk(&gezien, 10);
    let gelezen: Vec<&str> = gezien.iter().filter_map(|g| g["gelezen"].as_str()).collect();
    let van = |woord: &str| *gelezen.iter().find(|g| g.contains(woord)).unwrap_or_else(|| panic!("no {woord} in {gelezen:?}"));
    let melding = van("Testpersoon Olijf");
    for tekst in ["Wat er gebeurde", "Hoe dit bekend is", "Vormen van geweld", "Gedeeld voor: beoordelen"] {
        assert!(melding.contains(tekst), "{tekst} in {melding}");
    }
    assert!(gezegd(&gezien, "ingezien").contains("Ambulante behandeling agressie"), "{gezien:?}");
    for tekst in gelezen {
        for raar in ["plaatsgevondenOp", "kinderenAanwezig", "voorWie", "2026-11-2"] {
            assert!(!tekst.contains(raar), "{raar} in {tekst}");
        }
    }
    vt.stoppen().await;
}
