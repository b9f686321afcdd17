//! The served documents as a stranger reads them: Schemathesis makes requests from each, good and bent, and compares every
//! answer with what is documented.

use std::{path::Path, process::Command};

use inbreng_harness::{Client, Hub, Regio, slug};

/// No 5xx; no status, media type, header or body beside the documented ones; nothing answered without a token that needs one;
/// nothing accepted that the schema refuses. (That a well-formed request may still be refused is the rule here, not the
/// exception: signatures, cases and covenants are no part of a schema. So `positive_data_acceptance` is not asked.)
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,missing_required_header,ignored_auth,\
                      unsupported_method";

/// What it may take for a right answer beside its own list.
const INSTELLING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/schemathesis.toml");

/// What each run is called, its document, under which address its paths lie, and which of them: one path has a server of its
/// own (RFC 8615). AuthZEN answers what it cannot judge with 200, `false` and the error in the context, so that a request that
/// the schema refuses need not get a 4xx there.
const RONDEN: [(&str, &str, &str, &[&str]); 3] = [
    ("v1", "/v1/openapi.json", "/v1", &[]),
    (
        "authzen",
        "/access/v1/openapi.json",
        "/access/v1",
        &["--exclude-path", WELL_KNOWN, "--exclude-checks", "negative_data_rejection"],
    ),
    ("well-known", "/access/v1/openapi.json", "", &["--include-path", WELL_KNOWN]),
];
const WELL_KNOWN: &str = "/.well-known/authzen-configuration";

/// Requests per operation and phase; many more in the full run.
fn voorbeelden() -> String {
    std::env::var("INBRENG_SCHEMATHESIS_VOORBEELDEN").unwrap_or_else(|_| "20".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a Python with schemathesis: cargo xtask test --only schemathesis"]
async fn schemathesis_finds_no_answer_beside_the_documents() {
    let python = std::env::var("INBRENG_PYTHON").expect("INBRENG_PYTHON names a Python with schemathesis");
    let regio = Regio::maken();
    for (naam, document, basis, welke) in RONDEN {
        // A hub of its own for each: what one run leaves behind is no part of the other.
        // It waits for deliveries for a second at most, so that thousands of requests end.
        let map = regio.kamer(naam, "");
        let config = std::fs::read_to_string(map.join("hub.toml")).unwrap();
        let config = config.replacen("werkers = 1", "werkers = 1\nwachten_seconden = 1", 1);
        assert!(config.contains("wachten_seconden"));
        std::fs::write(map.join("hub.toml"), config).unwrap();
        let hub = Hub::in_map(Path::new(env!("CARGO_BIN_EXE_inbreng")), &map);
        let politie = Client::partner(&regio, &hub, "politie");
        let token = politie.token("berichten postvak gids logboek beheer").await;
        let map = regio.pki.partnermap(&slug("politie")).unwrap();
        let adres = format!("https://localhost:{}", hub.adres.port());
        let pad = regio.pad(&format!("{naam}.json"));
        let tekst = politie.aanroep(reqwest::Method::GET, document).sturen().await.text().await.unwrap();
        std::fs::write(&pad, tekst).unwrap();
        let uit = Command::new(&python)
            .args([
                "-m",
                "schemathesis.cli",
                "--config-file",
                INSTELLING,
                "run",
                "--no-color",
                "--phases",
                "examples,coverage,fuzzing",
            ])
            .args(["--checks", CHECKS, "--max-examples", &voorbeelden(), "--seed", "20261122", "--generation-database", "none"])
            // One worker: in some versions of Python 3.11 two threads that parse at once may break each other off
            // (https://github.com/python/cpython/issues/106905).
            .args(["--continue-on-failure", "--no-shrink", "--workers", "1", "--warnings", "off", "--request-timeout", "40"])
            .args(welke)
            .arg("--url")
            .arg(format!("{adres}{basis}"))
            .arg("--header")
            .arg(format!("authorization: Bearer {token}"))
            .arg("--request-cert")
            .arg(map.tls_pem())
            .arg("--request-cert-key")
            .arg(map.tls_key())
            .arg("--tls-verify")
            .arg(regio.pki.dir().join("root.pem"))
            .arg(&pad)
            .current_dir(regio.map())
            .output()
            .unwrap();
        let verslag = String::from_utf8_lossy(&uit.stdout);
        assert!(uit.status.success(), "{document}\n{verslag}\n{}", String::from_utf8_lossy(&uit.stderr));
        assert!(verslag.contains("No issues found"), "{document}\n{verslag}");
        // It still answers, and its log has no fault of its own.
        let _alive = politie.token("gids").await;
        let log = std::fs::read_to_string(hub.map().join("hub.log")).unwrap();
        let fouten: Vec<_> = log.lines().filter(|l| l.contains("\"level\":\"ERROR\"")).collect();
        assert!(fouten.is_empty(), "{fouten:#?}");
    }
}
