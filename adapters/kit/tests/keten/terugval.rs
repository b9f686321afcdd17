//! An acute message that nobody reads: the sender's adapter sealed it for the crisis service beforehand, whose adapter opens it at
//! its step.

use inbreng_harness::wachten_tot;
use serde_json::{Value, json};

use crate::{
    ander_doel::ERBIJ,
    beleid::Officer,
    eigenaar::in_postbus,
    regio::{Draaiend, Partner, Regio, fixture, oin},
    sleutels::{sleutel, vervangen, wisselt},
};

/// What the police of this test sends beside its own: two parts for the crisis service too, and between them one that is not.
const POLITIE: &str = r#"
[[uitgaand]]
pad = "/proef/huisverboden"
soort = "huisverbod-opgelegd"
kenmerk = "/besluitnummer"
casus = { eigen = "/huishoudnummer" }
urgentie = "acuut"
gemeente = { veld = "/gemeente", tabel = "gemeente" }
peildatum = { veld = "/opgelegd", als = "datum", vorm = "RFC3339" }
functie = "hulpofficier"
geadresseerden = [{ rol = "wijkteam" }]
negeren = ["/hulpofficier", "/rihg/formulier", "/rihg/signalen", "/motivering", "/adres", "/achterblijvers", "/kinderen"]
[uitgaand.verklaring]
opgelegdOp = { veld = "/opgelegd", als = "tijdstip" }
eindigtOp = { veld = "/eindigt", als = "tijdstip" }

[[uitgaand.delen]]
categorie = "bestuur"
doel = "huisverbod"
grondslagen = ["wettelijke-taak"]
betrokkenen = [{ per = "/uithuisgeplaatste", sleutel = "./persoonsnummer", leeftijdsgroep = { sjabloon = "leeftijd" } }]
ontvangers = [{ rol = "wijkteam" }, { rol = "crisisdienst" }]
inhoud = { sjabloon = "huisverbod" }

[[uitgaand.delen]]
categorie = "persoon"
doel = "huisverbod"
grondslagen = ["wettelijke-taak"]
betrokkenen = [{ per = "/uithuisgeplaatste", sleutel = "./persoonsnummer", leeftijdsgroep = { sjabloon = "leeftijd" } }]
ontvangers = [{ rol = "wijkteam" }]
inhoud = { spoor = "uithuisgeplaatste", personen = { per = "/uithuisgeplaatste", waarde = { sjabloon = "persoon" } } }

[[uitgaand.delen]]
categorie = "risico"
doel = "huisverbod"
grondslagen = ["wettelijke-taak"]
status = "feit"
waargenomen_op = { veld = "/opgelegd", als = "datum", vorm = "RFC3339" }
betrokkenen = [{ per = "/uithuisgeplaatste", sleutel = "./persoonsnummer", leeftijdsgroep = { sjabloon = "leeftijd" } }]
ontvangers = [{ rol = "wijkteam" }, { rol = "crisisdienst" }]
[uitgaand.delen.inhoud]
instrument = "rihg"
uitkomst = { veld = "/rihg/uitkomst", tabel = "rihg" }
bron = { zekerheid = "feit", functie = "hulpofficier", waargenomenOp = { veld = "/opgelegd", als = "datum", vorm = "RFC3339" } }
"#;

/// To the wijkteam, and to Veilig Thuis, which may put others on the list of the case.
fn ook_veilig_thuis() -> String {
    POLITIE.replace("[{ rol = \"wijkteam\" }", "[{ rol = \"wijkteam\" }, { rol = \"veilig-thuis\" }")
}

const CRISISDIENST: &str = r#"
omschrijving = "Crisisdienst: wat niemand op tijd las"

[[inkomend]]
soort = "huisverbod-opgelegd"
pad = "/spoed"
rest = "verder"
[inkomend.lichaam]
van = "/van/naam"
binnen = { veld = "/aangenomenOp", als = "tijdstip", vorm = "RFC3339" }
"#;

struct Nacht {
    regio: Regio,
    politie: Draaiend,
    wijkteam: Draaiend,
    crisis: Draaiend,
    besluitnummer: Value,
}

/// A barring order that the wijkteam's system has, and that nobody there has read.
async fn nacht() -> Nacht {
    nacht_met(Regio::met(&[Partner::Crisisdienst]).await, POLITIE).await
}

async fn nacht_met(regio: Regio, politie: &str) -> Nacht {
    let crisis = regio.partner_volgens(Partner::Crisisdienst, CRISISDIENST).await;
    nacht_bij(regio, crisis, politie).await
}

async fn nacht_bij(regio: Regio, crisis: Draaiend, politie: &str) -> Nacht {
    let wijkteam = regio.partner(Partner::Wijkteam).await;
    let politie = regio.partner_met_mapping(Partner::Politie, politie).await;
    let mut huisverbod = fixture("politie/fixtures/huisverboden/kweepeer.json");
    huisverbod["gemeente"] = json!("Rijswijk");
    let antwoord = politie.post("/proef/huisverboden?wacht=20", &huisverbod).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    wijkteam.systeem.ontvangt("/huisverboden").await;
    Nacht { regio, politie, wijkteam, crisis, besluitnummer: huisverbod["besluitnummer"].clone() }
}

async fn verzonden(n: &Nacht, goed: impl Fn(&Value) -> bool) -> Value {
    n.politie.tot(&format!("/verzonden/{}", n.besluitnummer.as_str().unwrap()), goed).await
}

/// What the police see of the crisis service: how far each delivery is, and whether its signature holds.
fn bij_crisis(verzonden: &Value) -> Vec<(&str, &str)> {
    let crisis = oin(Partner::Crisisdienst);
    let ontvangers = verzonden["ontvangers"].as_array().map_or(&[][..], Vec::as_slice);
    let van_crisis = ontvangers.iter().filter(|o| o["status"]["ontvanger"] == crisis.as_str());
    van_crisis.map(|o| (o["status"]["stand"].as_str().unwrap(), o["bewijs"].as_str().unwrap_or_default())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_nobody_reads_is_opened_by_the_crisis_service_at_its_step() {
    let n = nacht().await;
    let klaar = verzonden(&n, |v| v.to_string().contains("terugval")).await;
    assert!(klaar.to_string().contains("Leest niemand dit binnen 90 minuten"), "{klaar}");
    assert_eq!(n.crisis.systeem.aantal(), 0);

    n.regio.stap_nu().await;
    let gekomen = n.crisis.systeem.ontvangt("/spoed").await;
    let tekst = gekomen.to_string();
    assert!(tekst.contains("HV-2026-0043"), "{tekst}");
    assert!(!tekst.contains("Kweepeer"), "the part with names was for the wijkteam: {tekst}");
    verzonden(&n, |v| bij_crisis(v) == [("ontvangen", "klopt")]).await;
    assert_eq!(n.crisis.get("/gezondheid").await.json["alarmen"], json!([]));
    let alarmen = n.politie.get("/gezondheid").await.json["alarmen"].clone();
    assert!(alarmen.as_array().unwrap().iter().all(|a| a["soort"] != "ontvangst-wijkt-af"), "{alarmen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_human_read_in_time_stays_where_it_is() {
    let n = nacht().await;
    let postbus = n.wijkteam.tot("/postbus", |p| p["leveringen"][0]["levering"].is_string()).await;
    let levering = postbus["leveringen"][0]["levering"].as_str().unwrap();
    let gelezen = n.wijkteam.post(&format!("/postbus/{levering}/gelezen"), &json!({"functie": "piketdesk"})).await;
    assert_eq!(gelezen.status, 204, "{gelezen:?}");
    verzonden(&n, |v| v["ontvangers"][0]["status"]["stand"] == "gelezen").await;
    n.regio.stap_nu().await;
    // It looks into its mailbox meanwhile, again and again.
    n.crisis.verversen();
    n.crisis.rust().await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(n.crisis.systeem.aantal(), 0);
}

/// The wijkteam asks to pass on the assessment of the risk, and the police say yes (44, 45).
async fn gevraagd_en_ja(n: &Nacht) {
    let gekregen = in_postbus(&n.wijkteam, "huisverbod-opgelegd", "gemeld").await;
    n.politie.systeem.antwoordt("/eigenaar/doorverstrekking-verzoek", json!({"kenmerk": "V-1"}));
    let vraag = json!({
        "kenmerk": "DV-1", "over": gekregen["bericht"], "delen": [2], "variant": "ander-doel",
        "verklaring": {"ontvangers": [oin(Partner::Crisisdienst)], "doel": "plan", "soort": "veiligheidssignaal"},
    });
    let antwoord = n.wijkteam.post("/eigenaar/doorverstrekking-verzoek?wacht=20", &vraag).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
    n.politie.systeem.ontvangt("/eigenaar/doorverstrekking-verzoek").await;
    n.politie.rust().await;
    let ja = json!({"kenmerk": "EB-1", "antwoordOp": "V-1", "verklaring": {"besluit": "ja"}});
    let antwoord = n.politie.post("/eigenaar/eigenaar-besluit?wacht=20", &ja).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
}

/// Veilig Thuis puts the crisis service on the list of the case, and the police give it what the wijkteam asked for: that part goes at
/// once, by its owner's word. What nobody asked for waits for its step, and goes then; neither goes twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_its_owner_gives_the_crisis_service_goes_at_once_and_the_rest_at_its_step() {
    let regio = Regio::met(&[Partner::Crisisdienst]).await;
    let vt = regio.partner_met_mapping(Partner::VeiligThuis, ERBIJ).await;
    vt.systeem.antwoordt("/huisverboden", json!({"huisverbodnummer": "HV-1", "dossiernummer": "D-1"}));
    let n = nacht_met(regio, &ook_veilig_thuis()).await;
    vt.systeem.ontvangt("/huisverboden").await;
    vt.rust().await;
    let erbij = json!({"nummer": "DN-1", "dossier": "D-1", "partner": oin(Partner::Crisisdienst)});
    let antwoord = vt.post("/proef/deelname?wacht=20", &erbij).await;
    assert_eq!((antwoord.status, antwoord.json["stand"].as_str()), (202, Some("bevestigd")), "{antwoord:?}");
    n.crisis.rust().await;
    assert_eq!(n.crisis.systeem.aantal(), 0, "who is put on the list gets nothing of before by that (R17)");

    gevraagd_en_ja(&n).await;
    let gegeven = n.crisis.systeem.ontvangt("/spoed").await.to_string();
    assert!(gegeven.contains("rihg"), "{gegeven}");
    assert!(!gegeven.contains("HV-2026-0043"), "that waits for its step: {gegeven}");
    verzonden(&n, |v| bij_crisis(v) == [("ontvangen", "klopt")]).await;
    let doelen = |p: &Value| {
        let doelen = p["leveringen"][0]["doelen"].as_array().unwrap().clone();
        doelen.iter().map(|d| d["doel"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    n.crisis.tot("/postbus", |p| doelen(p) == ["plan"]).await;

    n.regio.stap_nu().await;
    let rest = n.crisis.systeem.ontvangt("/spoed").await.to_string();
    assert!(rest.contains("HV-2026-0043") && !rest.contains("rihg") && !rest.contains("Kweepeer"), "{rest}");
    verzonden(&n, |v| bij_crisis(v) == [("ontvangen", "klopt"); 2]).await;
    n.crisis.rust().await;
    assert_eq!(n.crisis.systeem.aantal(), 2, "neither goes twice");
    assert_eq!(doelen(&n.crisis.get("/postbus").await.json), ["plan", "huisverbod"], "each for what it was given");
    for partner in [&n.crisis, &n.politie, &n.wijkteam, &vt] {
        assert_eq!(partner.get("/gezondheid").await.json["alarmen"], json!([]));
    }
}

/// Who is on no list of the case gets nothing by a yes either (R17): the owner hears why, and that crisis service still gets it at its step.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_yes_puts_nobody_on_the_list_and_its_owner_hears_that() {
    let n = nacht().await;
    gevraagd_en_ja(&n).await;
    let gezondheid = n.politie.tot("/gezondheid", |g| g["alarmen"].as_array().is_some_and(|a| !a.is_empty())).await;
    let [alarm] = gezondheid["alarmen"].as_array().unwrap().as_slice() else { panic!("{gezondheid}") };
    assert_eq!(alarm["soort"], "toegang-niet-gegeven", "{alarm}");
    let uitleg = alarm["uitleg"].as_str().unwrap();
    assert!(uitleg.contains("Crisisdienst Voorbeeldregio staat niet op de lijst"), "{uitleg}");
    assert_eq!(n.crisis.systeem.aantal(), 0);

    n.regio.stap_nu().await;
    let gekomen = n.crisis.systeem.ontvangt("/spoed").await.to_string();
    assert!(gekomen.contains("HV-2026-0043") && gekomen.contains("rihg"), "{gekomen}");
}

/// The key of the crisis service leaked before the step. What waits for it is wrapped again by the police, and it opens that with its next
/// key alone (ADR 20).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_for_its_step_is_wrapped_again_for_the_next_key() {
    let regio = Regio::met(&[Partner::Crisisdienst]).await;
    let crisis = regio.partner_uit_bestand_volgens(Partner::Crisisdienst, CRISISDIENST).await;
    let map = wisselt(&regio, Partner::Crisisdienst);
    let n = nacht_bij(regio, crisis, POLITIE).await;
    let officer = Officer { config: n.regio.pad("crisisdienst.toml") };
    let kid = n.regio.kid(Partner::Crisisdienst);
    sleutel(&officer, &["bevriezen", "--kid", &kid, "--reden", "gelekt", "--ja"], "").await.gelukt();
    vervangen(&n.regio, &officer, &n.crisis).await;
    assert_eq!(n.regio.bladen("toegang").await, 0);
    n.politie.verversen();
    // Both parts that wait, and nothing of the wijkteam's.
    wachten_tot("what waits to be wrapped again", async || (n.regio.bladen("toegang").await == 2).then_some(())).await;

    let tekst = std::fs::read_to_string(&officer.config).unwrap();
    let (voor, rest) = tekst.split_once("verzegeling = [").unwrap();
    let (_, na) = rest.split_once(']').unwrap();
    let alleen = map.join("verzegeling-2.key").display().to_string();
    std::fs::write(&officer.config, format!("{voor}verzegeling = [{alleen:?}]{na}")).unwrap();
    let crisis = n.crisis.herstart_uit_bestand(&n.regio).await;
    assert_eq!(crisis.systeem.aantal(), 0, "it waits for its step as before");
    n.regio.stap_nu().await;
    let gekomen = crisis.systeem.ontvangt("/spoed").await.to_string();
    assert!(gekomen.contains("HV-2026-0043") && gekomen.contains("rihg"), "{gekomen}");
    n.politie.verversen();
    n.politie.rust().await;
    assert_eq!((n.regio.bladen("toegang").await, crisis.systeem.aantal()), (2, 1), "once");
}
