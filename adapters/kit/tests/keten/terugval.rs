//! An acute message that nobody reads: the sender's adapter sealed it for the crisis service beforehand, whose adapter opens it at
//! its step.

use serde_json::{Value, json};

use crate::regio::{Draaiend, Partner, Regio, fixture, oin};

/// What the police of this test sends beside its own: one part for the crisis service too, and one that is not.
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
negeren = ["/hulpofficier", "/rihg", "/motivering", "/adres", "/achterblijvers", "/kinderen"]
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
"#;

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
    let regio = Regio::met(&[Partner::Crisisdienst]).await;
    let crisis = regio.partner_volgens(Partner::Crisisdienst, CRISISDIENST).await;
    let wijkteam = regio.partner(Partner::Wijkteam).await;
    let politie = regio.partner_met_mapping(Partner::Politie, POLITIE).await;
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
    let crisis = oin(Partner::Crisisdienst);
    let stand = |v: &Value| {
        let wie =
            v["ontvangers"].as_array().and_then(|o| o.iter().find(|o| o["status"]["ontvanger"] == crisis.as_str()).cloned());
        wie.is_some_and(|o| o["status"]["stand"] == "ontvangen")
    };
    verzonden(&n, stand).await;
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
