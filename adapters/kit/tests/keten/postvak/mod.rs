//! The inbox page, as a browser without scripts uses it. What that browser sees is in the modules.

mod antwoorden;
mod chromium;
mod lezen;
mod zonder;

use std::time::Duration;

use inbreng_adapter::Handle;
use inbreng_harness::wachten_tot;
use reqwest::{Method, header, redirect::Policy};
use serde_json::{Value, json};

use crate::regio::{self, Draaiend, Partner, Regio, client, fixture};

pub const GEHEIM: &str = "geheim-van-het-postvak-0123456789abcdef";

/// An adapter with an inbox page, and a browser.
pub struct Postvak {
    handle: Handle,
    basis: String,
    http: reqwest::Client,
    koekje: Option<String>,
}

#[derive(Debug)]
struct Pagina {
    status: u16,
    naar: Option<String>,
    koekje: Option<String>,
    koppen: header::HeaderMap,
    tekst: String,
}

impl Postvak {
    pub async fn new(handle: Handle) -> Self {
        let basis = format!("http://{}", handle.adres());
        let http =
            reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(Duration::from_secs(60)).build().unwrap();
        let postvak = Self { handle, basis, http, koekje: None };
        wachten_tot("the adapter to be ready", async || {
            let antwoord = postvak.http.get(format!("{}/readyz", postvak.basis)).send().await.unwrap();
            (antwoord.status() == 200).then_some(())
        })
        .await;
        postvak
    }

    /// Where a browser finds it.
    pub fn basis(&self) -> &str {
        &self.basis
    }

    async fn vraag(&self, methode: Method, pad: &str, formulier: Option<&[(&str, &str)]>, koppen: &[(&str, &str)]) -> Pagina {
        let mut verzoek = self.http.request(methode, format!("{}{pad}", self.basis));
        if let Some(koekje) = &self.koekje {
            verzoek = verzoek.header("Cookie", koekje);
        }
        if let Some(velden) = formulier {
            let lichaam = velden.iter().map(|(n, w)| format!("{}={}", gecodeerd(n), gecodeerd(w))).collect::<Vec<_>>().join("&");
            verzoek = verzoek.header("Content-Type", "application/x-www-form-urlencoded").body(lichaam);
        }
        for (naam, waarde) in koppen {
            verzoek = verzoek.header(*naam, *waarde);
        }
        let antwoord = verzoek.send().await.unwrap();
        let kop = |naam: header::HeaderName| antwoord.headers().get(naam).map(|v| v.to_str().unwrap().to_owned());
        Pagina {
            status: antwoord.status().as_u16(),
            naar: kop(header::LOCATION),
            koekje: kop(header::SET_COOKIE),
            koppen: antwoord.headers().clone(),
            tekst: antwoord.text().await.unwrap(),
        }
    }

    async fn get(&self, pad: &str) -> Pagina {
        self.vraag(Method::GET, pad, None, &[]).await
    }

    async fn post(&self, pad: &str, velden: &[(&str, &str)]) -> Pagina {
        self.vraag(Method::POST, pad, Some(velden), &[]).await
    }

    async fn aanmelden(&mut self, functie: &str) {
        let pagina = self.post("/inbox/aanmelden", &[("geheim", GEHEIM), ("functie", functie)]).await;
        assert_eq!((pagina.status, pagina.naar.as_deref()), (303, Some("/inbox")), "{pagina:?}");
        let koekje = pagina.koekje.unwrap();
        assert!(koekje.contains("HttpOnly") && koekje.contains("SameSite=Strict") && koekje.contains("Path=/inbox"), "{koekje}");
        self.koekje = Some(koekje.split(';').next().unwrap().to_owned());
    }

    /// The pages of the messages in the list, once there are so many.
    async fn berichten(&self, aantal: usize) -> Vec<String> {
        wachten_tot("the messages to come in", async || {
            let lijst = self.get("/inbox").await.tekst;
            let paden = lijst.split("href=\"").skip(1).filter_map(|s| s.split('"').next());
            let berichten: Vec<String> = paden.filter(|p| p.starts_with("/inbox/bericht/")).map(str::to_owned).collect();
            (berichten.len() >= aantal).then_some(berichten)
        })
        .await
    }

    /// Fills in a form and sends it: these fields, with those of the page that a browser sends along.
    async fn invullen(&self, pad: &str, velden: &[(&str, &str)]) -> Pagina {
        let vel = self.get(pad).await;
        assert_eq!(vel.status, 200, "{pad}: {}", vel.tekst);
        let eigen = [("formulier", veld(&vel, "formulier")), ("kenmerk", veld(&vel, "kenmerk"))];
        self.post(pad, &[&eigen, velden].concat()).await
    }

    /// The same, sent, and what became of it.
    async fn sturen(&self, pad: &str, velden: &[(&str, &str)]) -> Pagina {
        let verstuurd = self.invullen(pad, &[velden, &[("actie", "stuur")]].concat()).await;
        assert_eq!(verstuurd.status, 303, "{}", verstuurd.tekst);
        self.get(verstuurd.naar.as_deref().unwrap()).await
    }

    /// Posts as its own system could too: an inbox does not take the REST away.
    async fn rest(&self, pad: &str, lichaam: &Value) -> u16 {
        client(regio::GEHEIM).post(format!("{}{pad}", self.basis)).json(lichaam).send().await.unwrap().status().as_u16()
    }

    /// What its own system could ask too.
    async fn rest_get(&self, pad: &str) -> Value {
        client(regio::GEHEIM).get(format!("{}{pad}", self.basis)).send().await.unwrap().json().await.unwrap()
    }

    async fn stoppen(self) {
        self.handle.stoppen().await;
    }
}

fn gecodeerd(tekst: &str) -> String {
    tekst
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b == b'-' { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The value of a hidden or other field.
fn veld<'p>(pagina: &'p Pagina, naam: &str) -> &'p str {
    let na = pagina
        .tekst
        .split(&format!("name=\"{naam}\" value=\""))
        .nth(1)
        .unwrap_or_else(|| panic!("no {naam} in {}", pagina.tekst));
    na.split('"').next().unwrap()
}

/// The references of the persons that a form can point out, in the order of the page.
fn personen(vel: &Pagina) -> Vec<String> {
    let mut uit: Vec<String> = Vec::new();
    for stuk in vel.tekst.split("name=\"over.").skip(1) {
        let verwijzing = stuk.split("value=\"").nth(1).and_then(|s| s.split('"').next()).unwrap().to_owned();
        if !uit.contains(&verwijzing) {
            uit.push(verwijzing);
        }
    }
    uit
}

/// What Veilig Thuis asks the GGZ, as its own system says it. Only what is not acute is held up by a second look, and read view-only.
fn verzoek(spoed: bool) -> Value {
    let mut verzoek = fixture("veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json");
    verzoek["spoed"] = json!(spoed);
    verzoek
}

/// Where the own system of Veilig Thuis asks.
const VRAGEN: &str = "/informatie/verzoeken?wacht=20";

/// Veilig Thuis asks the GGZ this, whose people read in the page.
async fn gevraagd_door(vt: &Draaiend, regio: &Regio, verzoek: &Value) -> Postvak {
    let mut ggz = regio.postvak(Partner::Ggz).await;
    ggz.aanmelden("behandelaar").await;
    let antwoord = vt.post(VRAGEN, verzoek).await;
    assert_eq!(antwoord.status, 202, "{antwoord:?}");
    ggz
}

/// The same of what is acute, by a Veilig Thuis as it comes.
async fn gevraagd(regio: &Regio) -> (Draaiend, Postvak) {
    let vt = regio.partner(Partner::VeiligThuis).await;
    let ggz = gevraagd_door(&vt, regio, &verzoek(true)).await;
    (vt, ggz)
}

/// The other way round: Veilig Thuis reads in the page, and the system of the GGZ answers with a medical part, view-only. Gives the
/// answer.
async fn medisch_beantwoord(vt: &Postvak, ggz: &Draaiend) -> Value {
    ggz.systeem.antwoordt("/verzoeken", json!({"verzoeknummer": "VZ-0001", "dossiernummer": "GD-77"}));
    ggz.systeem.personen("patientnummer", &["PT-55012"]);
    assert_eq!(vt.rest(VRAGEN, &verzoek(true)).await, 202);
    ggz.systeem.ontvangt("/verzoeken").await;
    ggz.rust().await;
    let dossier = fixture("ggz/fixtures/antwoorden/1-medisch-op-convenant.json");
    assert_eq!(ggz.post("/antwoorden?wacht=20", &dossier).await.status, 202);
    dossier
}

/// A medical part as a person fills it in, on consent that nobody knows of: it may not go (R8). About whom it is stands apart.
const MEDISCH: [(&str, &str); 8] = [
    ("deel.medisch", "ja"),
    ("grond.medisch", "toestemming"),
    ("doel.medisch", "beoordelen"),
    ("deel.medisch.gegevens.0.soort", "behandeling"),
    ("deel.medisch.gegevens.0.omschrijving", "Verzonnen behandeling."),
    ("deel.medisch.bron.zekerheid", "feit"),
    ("deel.medisch.bron.functie", "behandelaar"),
    ("deel.medisch.verantwoording.noodzaak", "Zonder dit is niet te beoordelen of het veilig is."),
];
