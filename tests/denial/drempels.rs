//! Too much: a flood is held, nobody else with it, and no message about acute danger.

use inbreng_domain::{
    BerichtId, Clock,
    clock::SystemClock,
    vocabulary::{Doel, Urgentie},
};
use inbreng_harness::{Antwoord, Brief, Client, Deelnemer, Hub, Regio, Stuk};
use inbreng_proof::SystemRandomness;
use reqwest::Method;
use serde_json::json;

use crate::{probleem, starten};

const KRAP: &str = "
[drempels]
per_seconde = 1
tegelijk = 20
acuut_per_seconde = 1
acuut_tegelijk = 20
missers_per_minuut = 5
";

pub fn krap(regio: &Regio) -> Hub {
    Hub::in_kamer(std::path::Path::new(env!("CARGO_BIN_EXE_inbreng")), regio, "krap", KRAP)
}

pub async fn lezen(wie: &Deelnemer) -> reqwest::Response {
    let token = wie.token("gids").await.unwrap();
    wie.client.aanroep(Method::GET, "/v1/partners").token(&token).sturen().await
}

/// Asks until it is too much; how often it was not.
pub async fn tot_te_vaak(wie: &Deelnemer) -> usize {
    for keer in 0..100 {
        let antwoord = lezen(wie).await;
        if antwoord.status() == 429 {
            let wachten: u64 = antwoord.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=2).contains(&wachten), "{wachten}");
            let body = probleem(antwoord, 429, "te-vaak", "flood").await;
            assert_eq!(body["detail"], "U stuurt te veel verzoeken. Wacht even en probeer het opnieuw.");
            return keer;
        }
        assert_eq!(antwoord.status(), 200);
    }
    panic!("a hundred at once is no flood");
}

fn melding(regio: &Regio, wie: &Deelnemer, aan: &Deelnemer, urgentie: Urgentie) -> Brief {
    let mut brief = Brief::new(regio, &wie.partner, "incidentmelding");
    brief.urgentie = urgentie;
    brief.aan(&[&aan.partner]).met(Stuk::incident(Doel::Beoordelen, "Stoel om.", &[&aan.partner])).opent()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_held_and_no_acute_message_with_it() {
    let regio = Regio::maken();
    let hub = krap(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let token = politie.token("berichten").await.unwrap();
    let gevuld = tot_te_vaak(&politie).await;
    assert!((15..=25).contains(&gevuld), "{gevuld}");

    // Nobody else is held up.
    assert_eq!(lezen(&vt).await.status(), 200);
    // Its own ordinary messages are, …
    let gewoon = politie.sturen(melding(&regio, &politie, &vt, Urgentie::Normaal).bytes()).await;
    assert_eq!(gewoon.met_status(429).probleem().code.as_str(), "te-vaak");
    // … and not those about acute danger, nor the check before them, nor the token that they need.
    let acuut = melding(&regio, &politie, &vt, Urgentie::Acuut);
    let vraag = json!({
        "type": acuut.berichttype, "urgentie": "acuut", "convenant": "voorbeeldregio", "verklaring": {},
        "casus": acuut.casus, "opening": acuut.opening, "geadresseerden": acuut.geadresseerden, "delen": [],
    });
    let aanroep = politie.client.aanroep(Method::POST, "/v1/toetsen").token(&token).kop("content-type", "application/json");
    assert_ne!(aanroep.lijf(vraag.to_string()).sturen().await.status(), 429);
    // Spelled with an escape it is the same word, in the same lane.
    let gespeld = vraag.to_string().replace("\"acuut\"", r#""\u0061cuut""#);
    let aanroep = politie.client.aanroep(Method::POST, "/v1/toetsen").token(&token).kop("content-type", "application/json");
    assert!(gespeld.contains(r"\u0061cuut"));
    assert_ne!(aanroep.lijf(gespeld).sturen().await.status(), 429);
    assert_eq!(politie.client.aanvragen(&politie.client.aanvraag("berichten")).await.status(), 200);
    let _taken = politie.sturen(acuut.bytes()).await.met_status(202);
    // It lies with its recipient.
    assert_eq!(vt.postvak().await.len(), 1);
    // The acute lane has an end too, of its own.
    let mut geweigerd = 0;
    for _ in 0..40 {
        let antwoord = politie.sturen(melding(&regio, &politie, &vt, Urgentie::Acuut).bytes()).await;
        geweigerd += usize::from(antwoord.status == 429);
    }
    assert!(geweigerd > 0);
}

/// A hundred looks at once into a mailbox with much in it: each is answered or told to wait, and a message about acute danger of another is taken
/// meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn who_looks_without_end_holds_up_no_acute_message() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let verhaal = "Er was ruzie. ".repeat(4 * 1024);
    for _ in 0..10 {
        let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, &verhaal);
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    }
    let token = vt.token("postvak").await.unwrap();
    let kijken: Vec<_> =
        (0..100).map(|_| tokio::spawn(vt.client.aanroep(Method::GET, "/v1/postvak").token(&token).sturen())).collect();
    let _taken = politie.sturen(melding(&regio, &politie, &vt, Urgentie::Acuut).bytes()).await.met_status(202);
    let mut gezien = 0;
    for een in kijken {
        let antwoord = een.await.unwrap();
        match antwoord.status().as_u16() {
            200 => gezien += 1,
            429 | 503 => assert!(antwoord.headers().contains_key("retry-after")),
            anders => panic!("{anders}"),
        }
    }
    assert!(gezien > 0);
    assert_eq!(vt.postvak().await.len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_guessing_must_wait() {
    let regio = Regio::maken();
    let hub = krap(&regio);
    let [om, vt] = ["om", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let token = om.token("berichten").await.unwrap();
    let gissen = async |wie: &Client| {
        let id = BerichtId::mint(SystemClock.now(), &SystemRandomness);
        Antwoord::lezen(wie.aanroep(Method::GET, &format!("/v1/berichten/{id}")).token(&token).sturen().await).await.unwrap()
    };
    let mut gehoord = Vec::new();
    for _ in 0..8 {
        gehoord.push(gissen(&om.client).await.status);
    }
    assert_eq!(gehoord[..5], [404; 5]);
    assert!(gehoord[6..].iter().all(|s| *s == 429), "{gehoord:?}");
    // Other tokens are no way round, and say nothing any more.
    let aanroep = om.client.aanroep(Method::GET, "/v1/partners").token("geen.echt.token");
    assert_eq!(aanroep.sturen().await.status(), 429);
    // A good partner's question is answered.
    assert_eq!(lezen(&vt).await.status(), 200);
    assert!(hub.logregels("te-veel-missers").iter().all(|r| r["partner"] == om.client.oin.to_string()));
    assert!(!hub.logregels("te-veel-missers").is_empty());
}
