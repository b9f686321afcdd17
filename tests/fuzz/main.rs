//! The entry points of the fuzz targets over seeds and mutations of them, in every test run and without a fuzzer; those of the
//! policy stand at the policy (`policy/tests/fuzz_ingangen.rs`). [`hub`] goes over TLS, to every operation that takes a
//! body; [`postvak`] to the pages and the operations of an adapter;
//! [`bestanden`] gives files to the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod adapter;
mod beheerder;
mod bestanden;
mod draad;
mod hub;
mod inhoud;
mod koppen;
mod lezers;
mod makelaar;
#[allow(dead_code, reason = "the tests of the policy use the rest")]
mod mutaties;
mod postvak;
mod terugroep;
mod toegang;

use beheerder::BUREAU;
use draad::ZENDING;
use mutaties::draaien;
use toegang::TOEGANG;

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
fn answers_of_a_hub() {
    let mut seeds: Vec<Vec<u8>> = ["toetsantwoord", "aannameantwoord", "checkpoint", "problem"]
        .map(|naam| {
            let pad = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/schemas/");
            let schema = std::fs::read_to_string(format!("{pad}{naam}.json")).unwrap();
            let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
            schema["examples"][0].to_string().into_bytes()
        })
        .into();
    seeds.push(br#"{"van":3,"naar":7,"pad":["sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"]}"#.to_vec());
    draaien("answers", &seeds, &WOORDEN, 2_000, draad::antwoorden);
}

#[test]
fn statements_of_parties() {
    let seeds: Vec<Vec<u8>> = ZENDING.toetredingen().iter().map(|t| serde_json::to_vec(t).unwrap()).collect();
    draaien("parties", &seeds, &WOORDEN, 300, draad::partijen);
}

/// Words of tokens and of what asks for one.
const CLAIMS: [&str; 16] = [
    "at+jwt",
    "JWT",
    "none",
    "HS256",
    "ES256",
    "iss",
    "aud",
    "sub",
    "exp",
    "iat",
    "nbf",
    "jti",
    "crit",
    "jwk",
    "@0",
    "@99999999999",
];

fn als_tekst(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn access_tokens() {
    let seeds = TOEGANG.tokens();
    let goed: Vec<bool> = seeds.iter().map(|s| TOEGANG.neemt_token(als_tekst(s))).collect();
    assert_eq!(goed, [true, false, true], "what is bent is a token, or all but one");
    draaien("access tokens", &seeds, &CLAIMS, 1_500, toegang::toegangstoken);
}

#[test]
fn client_assertions() {
    let seeds = TOEGANG.verklaringen();
    assert!(seeds.iter().all(|s| TOEGANG.neemt_verklaring(als_tekst(s))), "what is bent was good");
    draaien("client assertions", &seeds, &CLAIMS, 1_500, toegang::clientverklaring);
}

#[test]
fn words_about_the_clock() {
    let seeds = TOEGANG.klokwoorden();
    let goed: Vec<bool> = seeds.iter().map(|s| TOEGANG.neemt_klokwoord(als_tekst(s))).collect();
    assert_eq!(goed, [true, true, false], "what is bent is such a word, or another of the hub");
    let woorden = ["inbreng-klok+jwt", "urn:inbreng:klok", "aud", "tijd", "crit", "none", "HS256", "at+jwt", ""];
    draaien("words about the clock", &seeds, &woorden, 1_500, toegang::klokwoord);
}

#[test]
fn token_requests() {
    let seeds = TOEGANG.formulieren();
    assert!(seeds.iter().all(|s| inbreng_api::token::Tokenverzoek::lezen(s).is_ok()), "what is bent was good");
    let woorden = ["scope", "grant_type", "client_assertion", "&", "=", "%26", "+", ""];
    draaien("token requests", &seeds, &woorden, 5_000, toegang::tokenverzoek);
}

#[test]
fn certificates_of_a_connection() {
    draaien("connection certificates", &TOEGANG.certificaten(), &[], 1_500, toegang::clientcertificaat);
}

#[test]
fn headers() {
    let woorden = ["gzip", "identity", "W/", "*", "", "Bearer", "00"];
    draaien("headers", &koppen::KOPPEN.map(|s| s.as_bytes().to_vec()), &woorden, 20_000, koppen::koppen);
}

#[test]
fn queries() {
    draaien("queries", &koppen::VRAGEN.map(|s| s.as_bytes().to_vec()), &[], 20_000, koppen::vraag);
}

#[test]
fn pauses_that_a_hub_asks() {
    let woorden =
        ["GMT", "Mon, 23 Nov 2026 07:03:01 GMT", "Sun Nov  6 08:49:37 1994", "1970", "9999", "60", "-1", "+5", "", "\n"];
    draaien("pauses", &koppen::PAUZES.map(|s| s.as_bytes().to_vec()), &woorden, 20_000, koppen::pas_na);
}

#[test]
fn texts_behind_the_seal() {
    draaien("texts behind the seal", &inhoud::teksten(), &WOORDEN, 400, inhoud::klaretekst);
}

#[test]
fn explanations_behind_the_seal() {
    draaien("explanations", &inhoud::toelichtingen(), &["tekst", "", " ", "anders"], 400, inhoud::toelichting);
}

#[test]
fn deliveries_that_were_opened() {
    let woorden = ["feit", "vermoeden", "verbeterd", "zienswijze", "2026-02-30", "AAECAwQFBgcICQoLDA0ODw", "", "anders"];
    draaien("opened deliveries", &adapter::ontvangsten(), &woorden, 1_500, adapter::ontvangen);
}

#[test]
fn answers_of_the_own_system() {
    let woorden = ["kenmerk", "nummer", "id", "zaak", "personen", "ref", ""];
    draaien("own answers", &adapter::ANTWOORDEN.map(|s| s.as_bytes().to_vec()), &woorden, 300, adapter::eigen_antwoord);
}

#[test]
fn deliveries_that_are_brought() {
    let seeds = ZENDING.leveringen();
    let goed = |s: &Vec<u8>| matches!(inbreng_adapter::engine::Binnenkomst::gebracht(s), Some(b) if !onleesbaar(&b));
    assert!(seeds.iter().all(goed), "what is bent was a delivery");
    draaien("deliveries", &seeds, &WOORDEN, 800, draad::levering);
}

fn onleesbaar(gekomen: &inbreng_adapter::engine::Binnenkomst) -> bool {
    matches!(gekomen, inbreng_adapter::engine::Binnenkomst::Onleesbaar { .. })
}

#[test]
fn tokens_that_a_hub_answers() {
    let seeds = [
        r#"{"access_token":"eyJh.eyJp.c2ln","token_type":"Bearer","expires_in":300,"scope":"berichten"}"#,
        r#"{"access_token":"a","expires_in":4294967295}"#,
        r#"{"access_token":"a","expires_in":-9223372036854775808}"#,
    ];
    draaien("token answers", &seeds.map(|s| s.as_bytes().to_vec()), &["", "a b", "expires_in", "é"], 5_000, draad::tokenantwoord);
}

/// Words of what officers send each other.
const DAAD: [&str; 8] = ["verklaring", "vermelding", "sleutel", "certificaten", "bundel", "versie", "2026-02-30", ""];

#[test]
fn accessions_to_countersign() {
    draaien("accessions", &BUREAU.toetredingen(), &DAAD, 60, beheerder::toetreding);
}

#[test]
fn entries_to_countersign() {
    draaien("entries", &BUREAU.vermeldingen(), &DAAD, 60, beheerder::vermelding);
}

#[test]
fn keys_to_confirm() {
    draaien("keys", &BUREAU.sleutels(), &DAAD, 60, beheerder::sleutel);
}

#[test]
fn callbacks_to_countersign() {
    draaien("callbacks", &BUREAU.terugroepen(), &DAAD, 60, beheerder::terugroep);
}

#[test]
fn statements_that_are_brought() {
    draaien("brought statements", &BUREAU.te_brengen(), &DAAD, 40, beheerder::gebracht);
}

#[test]
fn proposals_to_sign() {
    draaien("proposals", &BUREAU.voorstellen(), &DAAD, 60, beheerder::voorstel);
}

#[test]
fn certificate_requests() {
    draaien("certificate requests", &BUREAU.aanvragen(), &["tls", ""], 300, beheerder::aanvraag);
}

/// Whoever adds an entry point gives it a target for the fuzzer and rounds in every test run; who takes one away is noticed: what
/// outsiders send, by where it is read.
#[test]
fn every_parser_of_outside_bytes_has_its_target() {
    const PARSERS: [(&str, &str); 44] = [
        ("any JSON", "json"),
        ("a message", "envelop"),
        ("a part and its JWE", "deel"),
        ("a signed statement", "verklaring"),
        ("a certificate", "certificaat"),
        ("authorities and revocation lists", "ankers"),
        ("directory statements", "gids"),
        ("statements of parties", "partijen"),
        ("a check, a mailbox", "overig"),
        ("answers of a hub", "antwoorden"),
        ("an access token", "toegangstoken"),
        ("the client assertion that asks for one", "clientverklaring"),
        ("the form that it comes in", "tokenverzoek"),
        ("somebody's word that the clock is right", "klokwoord"),
        ("the certificate of a connection", "clientcertificaat"),
        ("headers", "koppen"),
        ("the query of an address", "vraag"),
        ("when an answer may be asked for again", "pas_na"),
        ("a text behind the seal", "klaretekst"),
        ("an explanation behind the seal", "toelichting"),
        ("a delivery that was opened", "ontvangen"),
        ("the own system's answer", "eigen_antwoord"),
        ("a delivery as it comes to an adapter", "levering"),
        ("the hub's answer to who asks for a token", "tokenantwoord"),
        ("an accession to countersign", "toetreding"),
        ("an entry to countersign", "vermelding"),
        ("a key to confirm", "sleutel"),
        ("where deliveries go, to countersign", "terugroep"),
        ("what comes back signed, to bring", "gebracht"),
        ("a proposal to sign", "voorstel"),
        ("a request for a certificate", "aanvraag"),
        ("an export of the log", "uitvoer"),
        ("what is answered to a delivery", "bezorgantwoord"),
        ("words of the wire", "woorden"),
        ("what an adapter keeps", "bewaard"),
        ("a message of a broker", "busbericht"),
        ("the configuration of an adapter", "configuratie"),
        ("a mapping file", "mapping"),
        ("a message of the own system", "eigen_bericht"),
        ("a policy bundle", "bundels"),
        ("rows", "rijen"),
        ("sources of a policy", "bronnen"),
        ("decision tables", "tabellen"),
        ("requests to the policy", "verzoeken"),
    ];
    let hier = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz");
    let lees = |naam: &str| std::fs::read_to_string(hier.join(naam)).unwrap_or_else(|e| panic!("{naam}: {e}"));
    let bronnen = ["draad", "adapter", "beleid", "makelaar", "toegang", "koppen", "inhoud", "beheerder"]
        .map(|module| (module, lees(&format!("{module}.rs"))));
    let in_elke_loop = [lees("main.rs"), lees("../../policy/tests/fuzz_ingangen.rs")].concat();
    let manifest = lees("Cargo.toml");
    let mut gevonden = Vec::new();
    for (module, bron) in &bronnen {
        for (naam, _) in
            bron.split("pub fn ").skip(1).filter_map(|r| r.split_once('(')).filter(|(_, r)| r.starts_with("bytes: &[u8])"))
        {
            let ingang = format!("{module}::{naam}");
            assert!(lees(&format!("fuzz_targets/{naam}.rs")).contains(&format!("{ingang}(bytes)")), "{ingang} has no target");
            assert!(manifest.contains(&format!("name = \"{naam}\"")), "{ingang} is not in the manifest");
            assert!(
                [")", ","].iter().any(|einde| in_elke_loop.contains(&format!("::{naam}{einde}"))),
                "{ingang} is not in every test run"
            );
            gevonden.push(naam.to_owned());
        }
    }
    gevonden.sort();
    let mut lijst = PARSERS.map(|(_, naam)| naam.to_owned());
    lijst.sort();
    assert_eq!(gevonden, lijst);
    lezers::elk_bestand_dat_leest_staat_er(&gevonden);
}

#[test]
fn exports_of_the_log() {
    let mut seeds = ZENDING.logboeken();
    seeds.push(seeds[0].split_inclusive(|b| *b == b'\n').take(2).flatten().copied().collect());
    draaien("exports", &seeds, &["bericht", "herstel", "", "opgeruimd", "bladvorm"], 1_500, draad::uitvoer);
}

#[test]
fn answers_to_deliveries() {
    draaien("answers to deliveries", &ZENDING.bezorgantwoorden(), &WOORDEN, 3_000, draad::bezorgantwoord);
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
fn messages_of_a_broker() {
    let oin = "00000099000000003000";
    let levering = "0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a";
    let wek: Vec<&str> = vec![oin; 500];
    let verbruik: Vec<_> = ["gewoon", "acuut", "token", "misser", "acuut-na-missers"]
        .map(|emmer| serde_json::json!({"partner": oin, "emmer": emmer, "aantal": u32::MAX}))
        .into();
    let seeds = [
        format!("werk {levering}\n{}", serde_json::json!({"ontvanger": oin, "levering": levering})),
        "beurt -\n".to_owned(),
        "hier ander-proces\n".to_owned(),
        format!("wek ander-proces\n{}", serde_json::json!(wek)),
        format!("wek dit-proces\n{}", serde_json::json!([oin])),
        format!("omroep ander-proces\n{}", serde_json::json!(verbruik)),
        format!("omroep ander-proces\n{}", "[".repeat(70_000)),
        "- -\n".to_owned(),
    ];
    let woorden = ["ontvanger", "levering", "partner", "emmer", "aantal", "acuut", "00000099000000004000", ""];
    draaien("messages of a broker", &seeds.map(String::into_bytes), &woorden, 4_000, makelaar::busbericht);
}

#[test]
fn configurations_of_an_adapter() {
    let seeds = [adapter::CONFIGURATIE.as_bytes().to_vec()];
    let woorden =
        ["127.0.0.1:0", "0.0.0.0:80", "https://localhost:1", "", "politie", "inbox", "eigen_systeem", "../..", "geheim"];
    draaien("adapter configurations", &seeds, &woorden, 2_000, adapter::configuratie);
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
