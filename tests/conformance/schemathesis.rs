//! The served documents as a stranger reads them: Schemathesis makes requests from each, good and bent, and compares every
//! answer with what is documented.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use inbreng_harness::{Adapter, Client, Hub, Regio, slug, wachten_tot};
use serde_json::{Value, json};

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

/// Makes requests of this document at this address. Fails where an answer is not as the document says.
fn vergelijken(document: &Path, adres: &str, token: &str, welke: &[impl AsRef<OsStr>]) {
    let python = std::env::var("INBRENG_PYTHON").unwrap_or_else(|_| panic!("INBRENG_PYTHON names a Python with schemathesis"));
    let uit = Command::new(python)
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
        .args(["--url", adres, "--header", &format!("Authorization: Bearer {token}")])
        .arg(document)
        .current_dir(document.parent().unwrap())
        .output()
        .unwrap();
    let verslag = String::from_utf8_lossy(&uit.stdout);
    let naam = document.display();
    assert!(uit.status.success(), "{naam}\n{verslag}\n{}", String::from_utf8_lossy(&uit.stderr));
    assert!(verslag.contains("No issues found"), "{naam}\n{verslag}");
}

/// What went wrong inside while it answered.
fn zonder_fouten(log: &str) {
    let fouten: Vec<_> = log.lines().filter(|l| l.contains("\"level\":\"ERROR\"")).collect();
    assert!(fouten.is_empty(), "{fouten:#?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a Python with schemathesis: cargo xtask test --only schemathesis"]
async fn schemathesis_finds_no_answer_beside_the_documents() {
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
        let pad = regio.pad(&format!("{naam}.json"));
        let tekst = politie.aanroep(reqwest::Method::GET, document).sturen().await.text().await.unwrap();
        std::fs::write(&pad, tekst).unwrap();
        let tls: [(&str, PathBuf); 3] = [
            ("--request-cert", map.tls_pem()),
            ("--request-cert-key", map.tls_key()),
            ("--tls-verify", regio.pki.dir().join("root.pem")),
        ];
        let tls = tls.iter().flat_map(|(optie, pad)| [OsStr::new(*optie), pad.as_os_str()]);
        let welke: Vec<&OsStr> = welke.iter().map(OsStr::new).chain(tls).collect();
        vergelijken(&pad, &format!("https://localhost:{}{basis}", hub.adres.port()), &token, &welke);
        // It still answers, and its log has no fault of its own.
        let _alive = politie.token("gids").await;
        zonder_fouten(&std::fs::read_to_string(hub.map().join("hub.log")).unwrap());
    }
}

/// The local interface of an adapter that has something of everything: what came in, what it sent, what lies ready, what a human must see.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a Python with schemathesis: cargo xtask test --only schemathesis"]
async fn schemathesis_finds_no_answer_of_an_adapter_beside_its_document() {
    let (regio, programma) = (Regio::maken(), Path::new(env!("CARGO_BIN_EXE_inbreng")));
    let hub = Hub::starten(programma, &regio);
    let politie = Adapter::starten(programma, &regio, "politie", hub.adres).await;
    let vt = Adapter::starten(programma, &regio, "veilig-thuis", hub.adres).await;
    let fixture = |pad: &str| -> Value {
        let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters");
        serde_json::from_slice(&std::fs::read(map.join(pad)).unwrap()).unwrap()
    };
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(status, 202, "{antwoord}");
    wachten_tot("the report to come in", async || (!vt.postbus().await.is_empty()).then_some(())).await;
    let (status, antwoord) =
        vt.sturen("/klaar/informatie/verzoeken", &fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json")).await;
    assert_eq!(status, 202, "{antwoord}");
    let (status, document) = vt.ophalen("/openapi.json").await;
    assert_eq!(status, 200);
    let pad = regio.pad("adapter.json");
    std::fs::write(&pad, document.to_string()).unwrap();
    let [adres, geheim] = ["adres", "geheim"].map(|naam| std::fs::read_to_string(vt.map().join(naam)).unwrap());
    vergelijken(&pad, &format!("http://{}", adres.trim()), geheim.trim(), &[] as &[&str]);
    // It still answers, and took no harm: what had come in is there.
    let (status, gezondheid) = vt.ophalen("/gezondheid").await;
    assert_eq!((status, &gezondheid["gereed"]), (200, &json!(true)), "{gezondheid}");
    assert_eq!(vt.postbus().await.len(), 1);
    zonder_fouten(&vt.logtekst());
}
