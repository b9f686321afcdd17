//! Monitoring and self-description: what they show, to whom, and that none of it says anything about a person. And what is
//! view-only stays in memory: neither store nor log of the reader ever holds it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    proces::Proces,
    regio::{Antwoord, Partner, Regio, fixture},
};

/// Whether an answer is what the document says of it.
pub fn past(document: &Value, schema: &str, antwoord: &Antwoord) {
    let mut s = json!({ "$ref": format!("#/components/schemas/{schema}") });
    s["components"] = document["components"].clone();
    let toets = jsonschema::validator_for(&s).unwrap();
    let fouten: Vec<_> = toets.iter_errors(&antwoord.json).map(|f| format!("{}: {f}", f.instance_path())).collect();
    assert!(fouten.is_empty(), "{schema}: {fouten:?} in {}", antwoord.json);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_adapter_describes_itself_and_counts_without_persons() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let vt = regio.partner(Partner::VeiligThuis).await;
    let document = politie.get("/openapi.json").await.json;
    let mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    let kenmerk = mutatie["registratienummer"].as_str().unwrap();

    let vraag = politie.post("/toets/mutaties/huiselijk-geweld", &mutatie).await;
    assert_eq!(vraag.status, 200, "{vraag:?}");
    past(&document, "Toetsing", &vraag);
    let gestuurd = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    assert_eq!(gestuurd.status, 202, "{gestuurd:?}");
    past(&document, "Aangenomen", &gestuurd);
    vt.systeem.ontvangt("/meldingen/politie").await;
    vt.rust().await;
    past(&document, "Verzonden", &politie.get(&format!("/verzonden/{kenmerk}")).await);
    past(&document, "Gezondheid", &politie.get("/gezondheid").await);
    past(&vt.get("/openapi.json").await.json, "Postbus", &vt.get("/postbus").await);

    // What the police still owes for this report: each person is to be told (R32). No review is owed, so none can be handed in.
    let plichten = politie.get("/plichten").await;
    past(&document, "Plichten", &plichten);
    let open = plichten.json["plichten"].as_array().unwrap();
    assert!(!open.is_empty() && open.iter().all(|p| p["kenmerk"] == kenmerk), "{plichten:?}");
    assert!(open.iter().all(|p| p["soort"] == "transparantiebericht" && p["regel"] == "R32"), "{plichten:?}");
    let uitslag = json!({"functie": "privacy-functionaris", "oordeel": "terecht"});
    for (naam, lichaam, status, code) in [
        (kenmerk, &uitslag, 404, "niet-gevonden"),
        ("bestaat-niet", &uitslag, 404, "niet-gevonden"),
        (kenmerk, &json!({"functie": "privacy-functionaris", "oordeel": "goed"}), 400, "veld-ongeldig"),
    ] {
        let antwoord = politie.post(&format!("/verzonden/{naam}/toets-achteraf"), lichaam).await;
        assert_eq!((antwoord.status, antwoord.json["code"].as_str().unwrap()), (status, code), "{antwoord:?}");
    }
    let fout = politie.post("/mutaties/huiselijk-geweld", &json!({ "onbekend": kenmerk })).await;
    assert_eq!(fout.status, 400);
    past(&document, "Problem", &fout);
    // Every path of the mapping is in it, to send on and to ask.
    for pad in ["/mutaties/huiselijk-geweld", "/toets/mutaties/huiselijk-geweld", "/handle-with-care"] {
        assert!(document["paths"][pad]["post"].is_object(), "{pad}");
    }

    // Without a secret: that it lives, that it is ready, and nothing else.
    let gereed = politie.als("GET", "/readyz", None).await;
    assert_eq!((gereed.status, &gereed.json), (200, &json!({ "gereed": true, "ontbreekt": [] })));
    past(&document, "Gereedheid", &gereed);
    assert_eq!(politie.als("GET", "/healthz", None).await.status, 200);
    for pad in ["/metrics", "/openapi.json", "/gezondheid", "/healthz/x", "/readyz/"] {
        assert_eq!(politie.als("GET", pad, None).await.status, 401, "{pad}");
    }

    // Whatever callers write in a path or a body, no label comes of it.
    for i in 0..20 {
        politie.get(&format!("/verzonden/Testpersoon-{i}")).await;
        politie.post(&format!("/Testpersoon/{i}"), &json!({})).await;
    }
    let metrieken = politie.tekst("/metrics").await;
    for regel in [
        "inbreng_adapter_gereed 1",
        "inbreng_adapter_zendingen{stand=\"bevestigd\"} 1",
        "inbreng_adapter_zendingen{stand=\"geweigerd\"} 0",
        "inbreng_adapter_oudste_wacht_seconden{richting=\"uit\"} 0",
        "inbreng_adapter_alarmen_totaal{soort=\"gids-teruggezet\"} 0",
        "inbreng_adapter_verzoeken_totaal{route=\"/verzonden/{kenmerk}\",status=\"4xx\"} 20",
        "# TYPE inbreng_adapter_verzoeken_totaal counter",
    ] {
        assert!(metrieken.lines().any(|r| r == regel), "{regel} in\n{metrieken}");
    }
    for gebruik in ["tls", "ondertekening"] {
        let begin = format!("inbreng_adapter_certificaat_geldig_tot_tijdstip_seconden{{gebruik=\"{gebruik}\"}} ");
        let tot: i64 = metrieken.lines().find_map(|r| r.strip_prefix(&begin)).unwrap().parse().unwrap();
        assert!(tot > 1_700_000_000, "{tot}");
    }
    let routes: BTreeSet<_> = metrieken.lines().filter_map(|r| r.split("route=\"").nth(1)?.split('"').next()).collect();
    assert!(routes.len() < 16, "{routes:?}");
    // What the alert rules and the dashboard ask of an adapter is there.
    let vragen = concat!(
        include_str!("../../../../compose/prometheus/meldingen.yml"),
        include_str!("../../../../compose/grafana/inbreng.json"),
        include_str!("../../../../docs/operations/failures.md")
    );
    let gevraagd: BTreeSet<_> = vragen
        .split(|c: char| !(c.is_ascii_lowercase() || c == '_'))
        .filter(|woord| woord.starts_with("inbreng_adapter_"))
        .collect();
    assert!(gevraagd.len() >= 5, "{gevraagd:?}");
    for naam in gevraagd {
        assert!(metrieken.contains(&format!("# TYPE {naam} ")), "{naam}");
    }
    for woord in ["Testpersoon", "Olijf", kenmerk, "99999"] {
        assert!(!metrieken.contains(woord), "{woord}");
    }
    assert!(vt.tekst("/metrics").await.contains("inbreng_adapter_leveringen{stand=\"gemeld\"} 1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_view_only_is_in_no_store_and_no_log_of_its_reader() {
    let regio = Regio::nieuw().await;
    let ggz = regio.partner(Partner::Ggz).await;
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    // Everything that our own crates can say, is said.
    let vt = Proces::start_met_log(&regio, Partner::VeiligThuis, "debug").await;
    let verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    assert_eq!(vt.post("/informatie/verzoeken?wacht=20", &verzoek).await, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;
    let dossier = fixture("ggz/fixtures/antwoorden/1-medisch-op-convenant.json");
    assert_eq!(ggz.post("/antwoorden?wacht=20", &dossier).await.status, 202);
    let binnen = vt.systeem.ontvangt("/informatie/antwoorden").await;
    let deel = binnen["alleen_inzage"][0]["inzagenummer"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        let gelezen =
            vt.post_json(&format!("/inzage/{deel}"), &json!({"functie": "vertrouwensarts", "doel": "beoordelen"})).await;
        assert!(gelezen["inhoud"].is_object(), "{gelezen}");
        assert!(gelezen.to_string().contains("Ambulante behandeling agressie"), "{gelezen}");
    }
    vt.rust().await;
    let log = vt.log();
    // Of what it is made of an adapter says nothing below a warning, at any level.
    assert!(log.lines().count() >= 3 && log.lines().all(|regel| regel.contains("\"bron\":\"inbreng")), "{log}");
    for geheim in ["Ambulante behandeling agressie", "Verslavingszorg", "Hij komt zijn afspraken na"] {
        assert!(!log.contains(geheim), "{geheim} in the log");
        regio.nergens(geheim);
    }
}
