//! The entry points of the fuzz targets over seeds and mutations of them, in every test run and without a fuzzer; those of the
//! policy stand at the policy (`policy/tests/fuzz_ingangen.rs`). The last one goes over TLS, to every operation that takes a
//! body.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod adapter;
mod draad;
mod hub;
#[allow(dead_code, reason = "the tests of the policy use the rest")]
mod mutaties;

use draad::ZENDING;
use mutaties::draaien;

/// Words that a reader of the wire looks for.
const WOORDEN: [&str; 12] =
    ["ES256", "none", "A256GCM", "zip", "handtekening", "labels", "politie", "medisch", "delen", "kid", "epk", ""];

#[test]
fn strict_json() {
    let mut seeds = ZENDING.delen();
    seeds.push(br#"{"a":[1,-1,9007199254740991,true,null,"\u00e9\ud83d\ude42"],"\n":{}}"#.to_vec());
    draaien("strict json", &seeds, &WOORDEN, 3_000, draad::json);
}

#[test]
fn messages() {
    draaien("messages", &[ZENDING.bytes()], &WOORDEN, 800, draad::envelop);
}

#[test]
fn parts() {
    draaien("parts", &ZENDING.delen(), &WOORDEN, 1_000, draad::deel);
}

#[test]
fn statements() {
    draaien("statements", &ZENDING.verklaringen(), &WOORDEN, 600, draad::verklaring);
}

#[test]
fn certificates() {
    draaien("certificates", &ZENDING.certificaten(), &[], 1_500, draad::certificaat);
}

#[test]
fn authorities() {
    draaien("authorities", &ZENDING.ankers(), &[], 500, draad::ankers);
}

#[test]
fn directories() {
    draaien("directories", &[ZENDING.gids()], &WOORDEN, 250, draad::gids);
}

#[test]
fn checks_and_mailboxes() {
    let voorbeelden = ["toetsverzoek", "postvak"].map(|naam| {
        let pad = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/schemas/");
        let schema = std::fs::read_to_string(format!("{pad}{naam}.json")).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        schema["examples"][0].to_string().into_bytes()
    });
    draaien("checks and mailboxes", &voorbeelden, &WOORDEN, 2_000, draad::overig);
}

#[test]
fn texts_that_an_adapter_keeps() {
    let eigen = ZENDING.vt.zegel.jwk();
    let tekst = inbreng_adapter::sealing::bewaren(b"{\"naam\":\"***\"}", eigen, &inbreng_proof::SystemRandomness).unwrap();
    draaien("kept texts", &[tekst.into_bytes()], &WOORDEN, 600, draad::bewaard);
}

#[test]
fn words_of_the_wire() {
    let seeds = [
        "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a",
        "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "AAECAwQFBgcICQoLDA0ODw",
        "00000099000000003000",
        "2026-11-22T10:00:00.000Z",
        "2026-11-22",
        "0518",
        "R17",
        "nl.inbreng.incidentmelding.v1",
        "informatie-antwoord",
        r#"{"oin":"00000099000000003000","functie":"piketdesk"}"#,
        r#"{"rol":"veilig-thuis"}"#,
    ];
    draaien("words", &seeds.map(|s| s.as_bytes().to_vec()), &WOORDEN, 20_000, draad::woorden);
}

#[test]
fn mapping_files() {
    draaien(
        "mapping files",
        &adapter::bestanden(),
        &["soort", "$nu", "pad", "rest", "wanneer", "zo/niet"],
        300,
        adapter::mapping,
    );
}

#[test]
fn messages_of_the_own_system() {
    let woorden = ["Directe overdracht", "2026-02-30", "M", "999990019", "", "onbekend"];
    draaien("own messages", &adapter::berichten(), &woorden, 1_000, adapter::eigen_bericht);
}
