//! `inbreng log besluiten`, `policy replay`, `policy simulate` and `policy explain --nummer`, on the decisions of a real hub.

use std::path::{Path, PathBuf};

use inbreng_domain::vocabulary::{Doel, Grondslag};
use inbreng_harness::{Brief, Deelnemer, Hub, Regio, Stuk};
use serde_json::{Value, json};

use crate::{Uit, inbreng, verschil::concept};

/// A region whose hub took some decisions, and stopped.
struct Verleden {
    regio: Regio,
    db: PathBuf,
    /// The bundle that the hub decided with.
    jws: PathBuf,
    _hub: Hub,
}

impl Verleden {
    async fn nieuw() -> Self {
        let regio = Regio::maken();
        let mut hub = Hub::in_kamer(Path::new(env!("CARGO_BIN_EXE_inbreng")), &regio, "hub", "");
        let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
        for _ in 0..3 {
            let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, "Er was ruzie.");
            let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
        }
        let mut stuk = Stuk::incident(Doel::Beoordelen, "Er was ruzie.", &[&vt.partner]);
        stuk.grondslagen = vec![Grondslag::Convenant];
        let brief = Brief::new(&regio, &politie.partner, "incidentmelding").opent().aan(&[&vt.partner]).met(stuk);
        let _refused = politie.sturen(brief.bytes()).await.met_status(403);
        let jws = regio.pad("voorbeeldregio.jws");
        hub.kill_9();
        let db = hub.opslag_kopieren("verleden");
        Self { regio, db, jws, _hub: hub }
    }

    fn db(&self) -> &str {
        self.db.to_str().unwrap()
    }

    fn jws(&self) -> &str {
        self.jws.to_str().unwrap()
    }

    fn export(&self, naam: &str) -> PathBuf {
        let pad = self.regio.pad(naam);
        inbreng(&["log", "besluiten", "--db", self.db(), "--uit", pad.to_str().unwrap()]).goed();
        pad
    }

    fn replay(&self, log: &Path) -> Uit {
        inbreng(&["policy", "replay", "--alles", "--json", "--log", log.to_str().unwrap(), "--convenant", self.jws()])
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_of_a_hub_again_on_a_draft_and_explained() {
    let v = Verleden::nieuw().await;
    // From the store and from an export: the same, byte for byte.
    let certificaat = v.regio.pki.beheerdersmap().ondertekening_pem();
    let uit_db = inbreng(&[
        "policy",
        "replay",
        "--alles",
        "--db",
        v.db(),
        "--convenant",
        v.jws(),
        "--certificaat",
        certificaat.to_str().unwrap(),
    ]);
    assert!(uit_db.goed().contains("alles gelijk, byte voor byte"), "{}", uit_db.tekst());
    let log = v.export("besluiten.jsonl");
    let uit = v.replay(&log);
    assert_eq!(uit.status(), 0, "{}", uit.tekst());
    let bekeken = uit.json()["gelijk"].as_u64().unwrap();
    assert!(bekeken >= 4, "{}", uit.tekst());
    let regels = std::fs::read_to_string(&log).unwrap();
    assert_eq!(regels.lines().count() as u64, uit.json()["bekeken"].as_u64().unwrap());

    // One of them, and the wrong version.
    let een = inbreng(&["policy", "replay", "--nummer", "1", "--log", log.to_str().unwrap(), "--convenant", v.jws()]);
    assert!(een.goed().contains("1 besluit opnieuw genomen"));
    let map = crate::map();
    let concept = concept(&map);
    let ander = inbreng(&["policy", "replay", "--alles", "--log", log.to_str().unwrap(), "--convenant", &concept]);
    assert_eq!(ander.status(), 1);
    assert!(ander.tekst().contains("een versie die u niet gaf"), "{}", ander.tekst());

    // Explained as it was asked.
    let uitleg = inbreng(&["policy", "explain", "--nummer", "1", "--db", v.db(), "--convenant", v.jws(), "--json"]).json();
    let eerste: Value = serde_json::from_str(regels.lines().next().unwrap()).unwrap();
    let record: Value = serde_json::from_str(eerste["record"].as_str().unwrap()).unwrap();
    assert_eq!((&uitleg["besluit"], &uitleg["verzoek"]), (&record["besluit"], &record["verzoek"]));
    assert_eq!(inbreng(&["policy", "explain", "--nummer", "99", "--db", v.db(), "--convenant", v.jws()]).status(), 2);
    // Another region did not decide it; what it would have said of the very same request, it says when it is asked to.
    let elders = ["policy", "explain", "--nummer", "1", "--db", v.db(), "--convenant", "voorbeeldregio-noord", "--json"];
    assert!(inbreng(&elders).klacht().contains("--ook-elders"));
    let daar = inbreng(&[&elders[..], &["--ook-elders"]].concat()).json();
    let mut zelfde = record["verzoek"].clone();
    zelfde["convenant"] = json!("voorbeeldregio-noord");
    assert_eq!(daar["verzoek"], zelfde);
    assert_ne!(daar["besluit"]["beleid"], uitleg["besluit"]["beleid"]);

    // A draft on them: the reports become refusals, the refusal stays.
    let simuleren = |rest: &[&str]| inbreng(&[&["policy", "simulate", &concept, "--log", log.to_str().unwrap()], rest].concat());
    let json = simuleren(&["--json"]).json();
    assert_eq!((&json["telling"]["gewijzigd"]["strenger"], &json["telling"]["gewijzigd"]["ruimer"]), (&json!(3), &json!(0)));
    assert_eq!(json["voorbeelden"].as_array().unwrap().len(), 1, "alike, so one is enough: {json}");
    let tekst = simuleren(&[]).goed();
    assert!(tekst.contains("3 strenger") && tekst.contains("R6 Convenant als grond"), "{tekst}");
    let eerder = simuleren(&["--tot", "2020-01-01", "--json"]).json();
    assert_eq!(eerder["telling"]["bekeken"], 0);
    assert_eq!(simuleren(&["--van", "gisteren"]).status(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_gets_its_own_decisions_and_they_come_out_the_same() {
    let v = Verleden::nieuw().await;
    let lees = |naam: &str| {
        let pad = v.regio.pad(&format!("{naam}.jsonl"));
        let oin = v.regio.partner(naam).oin.to_string();
        inbreng(&["log", "besluiten", "--db", v.db(), "--organisatie", &oin, "--uit", pad.to_str().unwrap()]).goed();
        pad
    };
    let alle = std::fs::read_to_string(v.export("alle.jsonl")).unwrap();
    let eigen = lees("politie");
    let regels = std::fs::read_to_string(&eigen).unwrap();
    assert!(regels.lines().count() >= 4 && regels.lines().count() <= alle.lines().count());
    for regel in regels.lines() {
        let regel: Value = serde_json::from_str(regel).unwrap();
        let record: Value = serde_json::from_str(regel["record"].as_str().unwrap()).unwrap();
        let verzoek = &record["verzoek"];
        assert_eq!(verzoek["van_oin"], json!(v.regio.partner("politie").oin));
        // Nothing of what only the hub knows: the recipient took no part yet, which decided nothing.
        assert_eq!((&verzoek["naar_deelnemer"], &verzoek["scheiding"]), (&json!("ja"), &json!([])), "{record}");
    }
    assert!(alle.contains(r#"\"naar_deelnemer\":\"nee\""#), "the whole log knows");
    // It is enough to replay, byte for byte.
    assert_eq!(v.replay(&eigen).status(), 0);
    // Who sent nothing, gets nothing.
    assert_eq!(std::fs::read_to_string(lees("veilig-thuis")).unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_past_decision_is_found() {
    let v = Verleden::nieuw().await;
    let log = v.export("besluiten.jsonl");
    let regels = std::fs::read_to_string(&log).unwrap();
    let anders = v.regio.pad("anders.jsonl");
    let met = |wat: &str, verander: &dyn Fn(&str) -> String| {
        let veranderd: Vec<String> =
            regels.lines().enumerate().map(|(n, r)| if n == 0 { verander(r) } else { r.to_owned() }).collect();
        assert_ne!(veranderd.join("\n"), regels.trim_end(), "{wat}: nothing was changed");
        std::fs::write(&anders, veranderd.join("\n")).unwrap();
        v.replay(&anders)
    };
    let record = |r: &str, verander: &dyn Fn(&mut Value)| -> String {
        let mut regel: Value = serde_json::from_str(r).unwrap();
        let mut record: Value = serde_json::from_str(regel["record"].as_str().unwrap()).unwrap();
        verander(&mut record);
        regel["record"] = inbreng_proof::canonical_string(&record).unwrap().into();
        regel.to_string()
    };
    type Bederven<'a> = &'a dyn Fn(&str) -> String;
    let gevallen: [(&str, Bederven<'_>); 5] = [
        ("sentence", &|r| record(r, &|v| v["besluit"]["uitleg"]["afzender"] = "Het mag.".into())),
        ("fact", &|r| record(r, &|v| v["verzoek"]["embargo"] = "ja".into())),
        ("name", &|r| record(r, &|v| v["namen"]["ontvanger"] = "iemand anders".into())),
        ("rules", &|r| record(r, &|v| v["besluit"]["regels"] = json!(["R1"]))),
        ("form", &|r| r.replacen("\\\"besluit\\\":", "\\\"besluit\\\": ", 1)),
    ];
    for (wat, verander) in gevallen {
        let uit = met(wat, verander);
        assert_eq!(uit.status(), 1, "{wat}: {}", uit.tekst());
        assert_eq!(uit.json()["verschillen"].as_array().unwrap().len(), 1, "{wat}: {}", uit.tekst());
    }
    let kapot = met("line", &|_| "{}".to_owned());
    assert_eq!(kapot.status(), 2);
    assert!(kapot.klacht().contains("regel 1 is geen besluit"), "{}", kapot.klacht());
}
