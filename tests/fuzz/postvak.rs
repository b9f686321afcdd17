//! Whole requests to a running adapter: the forms of its inbox page, and the addresses, query strings and bodies of what its own system
//! may ask.

use std::{fs, path::Path};

use inbreng_harness::{Adapter, Antwoord, Brief, Deelnemer, Hub, Ingang, Regio, Stuk, wachten_tot};
use reqwest::Method;
use serde_json::Value;

use crate::mutaties::een_van;

const PROGRAMMA: &str = env!("CARGO_BIN_EXE_inbreng");
const GEHEIM: &str = "geheim-van-het-postvak-0123456789abcdef";
const FORMULIER: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
/// Names and values of fields, and what makes a form another.
const WOORDEN: [&str; 10] = ["formulier", "actie", "stuur", "functie", "delen", "reden", "&", "=", "%", "+"];
/// How many of these share the time of a long run.
const SAMEN: u32 = 12;

/// Every byte that has a meaning in an address, and every one that is no text, as `%XX`; in a query the separators stay.
fn in_adres(bytes: &[u8], laten: &[u8]) -> String {
    let een = |b: &u8| {
        let zo = b.is_ascii_alphanumeric() || laten.contains(b);
        if zo { char::from(*b).to_string() } else { format!("%{b:02X}") }
    };
    bytes.iter().map(een).collect()
}

/// A browser that is logged in.
struct Browser {
    ingang: Ingang,
    koekje: String,
}

impl Browser {
    async fn nieuw(ingang: Ingang) -> Self {
        let velden = format!("geheim={GEHEIM}&functie=vertrouwensarts");
        let antwoord = ingang.vragen(Method::POST, "/inbox/aanmelden", &[FORMULIER], Some(velden.into_bytes())).await;
        assert_eq!(antwoord.status, 303, "{}", antwoord.tekst());
        let koekje = antwoord.koppen["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { ingang, koekje }
    }

    async fn pagina(&self, pad: &str) -> Antwoord {
        self.ingang.vragen(Method::GET, pad, &[("cookie", &self.koekje)], None).await
    }

    async fn formulier(&self, pad: &str, lichaam: &[u8]) -> Antwoord {
        self.ingang.vragen(Method::POST, pad, &[("cookie", &self.koekje), FORMULIER], Some(lichaam.to_vec())).await
    }

    /// The addresses on a page that begin like this.
    async fn paden(&self, pad: &str, begin: &str) -> Vec<String> {
        let tekst = self.pagina(pad).await.met_status(200).tekst();
        let paden = tekst.split("href=\"").skip(1).filter_map(|s| s.split('"').next());
        paden.filter(|p| p.starts_with(begin)).map(str::to_owned).collect()
    }
}

/// The forms of a page: where to, and with which fields as they stand.
fn formulieren(pagina: &str) -> Vec<(String, String)> {
    let attribuut = |stuk: &str, naam: &str| stuk.split(&format!("{naam}=\"")).nth(1)?.split('"').next().map(str::to_owned);
    let formulier = |stuk: &str| {
        let stuk = stuk.split("</form>").next()?;
        let velden: Vec<String> = ["<input", "<select", "<button"]
            .iter()
            .flat_map(|soort| stuk.split(soort).skip(1))
            .filter_map(|veld| {
                let veld = veld.split_inclusive('>').next()?;
                let waarde = attribuut(veld, "value").unwrap_or_else(|| "2026-11-22".to_owned());
                Some(format!("{}={}", attribuut(veld, "name")?, in_adres(waarde.as_bytes(), b"-")))
            })
            .collect();
        Some((attribuut(stuk, "action")?, velden.join("&")))
    };
    pagina.split("<form").skip(1).filter_map(formulier).collect()
}

fn geen_storing(wat: &str, antwoord: &Antwoord) {
    assert!(antwoord.status < 500, "{wat}: {} {}", antwoord.status, String::from_utf8_lossy(&antwoord.inhoud));
}

#[test]
fn no_form_or_request_makes_an_adapter_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let regio = Regio::maken();
    let hub = Hub::in_kamer(Path::new(PROGRAMMA), &regio, "postvak", "");
    fs::create_dir_all(regio.pad("adapter-veilig-thuis")).unwrap();
    fs::write(regio.pad("adapter-veilig-thuis/postvak"), GEHEIM).unwrap();
    let tabel = "[inbox]\ngeheim = \"postvak\"\n";
    let (vt, browser, bericht) = runtime.block_on(async {
        let vt = Adapter::starten_met(Path::new(PROGRAMMA), &regio, "veilig-thuis", hub.adres, tabel).await;
        let politie = Deelnemer::new(&regio, &hub, "politie");
        let aan = regio.partner("veilig-thuis");
        let doel = inbreng_domain::vocabulary::Doel::Beoordelen;
        let brief = Brief::incidentmelding(&regio, &politie.partner, &aan, "Er was ruzie.")
            .met(Stuk::incident(doel, "Weer.", &[&aan]).alleen_inzien());
        politie.sturen(brief.bytes()).await.met_status(202);
        let browser = Browser::nieuw(vt.ingang()).await;
        let bericht = wachten_tot("a message", async || browser.paden("/inbox", "/inbox/bericht/").await.pop()).await;
        (vt, browser, bericht)
    });

    // Every form of the message and of what can be answered to it, bent; and who asks for a page in another way.
    let mut alle = runtime.block_on(async {
        let mut alle = formulieren(&browser.pagina(&bericht).await.met_status(200).tekst());
        for pad in browser.paden(&bericht, &format!("{bericht}/antwoord/")).await {
            alle.extend(formulieren(&browser.pagina(&pad).await.met_status(200).tekst()));
        }
        alle
    });
    alle.retain(|(pad, _)| pad != "/inbox/afmelden");
    assert!(alle.len() >= 4, "{alle:?}");
    for (pad, velden) in &alle {
        een_van(SAMEN, pad, &[velden.clone().replace("formulier=", "formulier=x").into_bytes()], &WOORDEN, 20, |bytes| {
            geen_storing(pad, &runtime.block_on(browser.formulier(pad, bytes)));
        });
        // Under the session's own token the rest of the form is read.
        let (token, rest) = velden.split_once('&').unwrap_or((velden, ""));
        assert!(token.starts_with("formulier="), "{velden}");
        if !pad.contains("/antwoord/") {
            continue;
        }
        een_van(SAMEN, pad, &[rest.as_bytes().to_vec()], &WOORDEN, 20, |bytes| {
            let heel = [token.as_bytes(), b"&", bytes].concat();
            geen_storing(pad, &runtime.block_on(browser.formulier(pad, &heel)));
        });
    }
    let los = [(Method::POST, "/inbox/afmelden", 15), (Method::POST, "/inbox/aanmelden", 3)];
    for (_, pad, rondes) in los {
        let seed = format!("geheim={GEHEIM}x&functie=vertrouwensarts&formulier=x").into_bytes();
        een_van(SAMEN, pad, &[seed], &WOORDEN, rondes, |bytes| {
            geen_storing(pad, &runtime.block_on(browser.formulier(pad, bytes)));
        });
    }
    for (pad, seed) in [("/inbox?", "vanzelf"), ("/inbox/bericht/", &bericht[15..]), ("/inbox/verzonden/", "PL-1")] {
        een_van(SAMEN, pad, &[seed.as_bytes().to_vec()], &WOORDEN, 30, |bytes| {
            let heel = format!("{pad}{}", in_adres(bytes, if pad.ends_with('?') { b"&=-." } else { b"-" }));
            geen_storing(&heel, &runtime.block_on(browser.pagina(&heel)));
        });
    }
    van_het_eigen_systeem(&runtime, &vt);

    // Nothing came of it: the message lies there as it did, and the adapter is well.
    runtime.block_on(async {
        let browser = Browser::nieuw(vt.ingang()).await;
        assert_eq!(browser.paden("/inbox", "/inbox/bericht/").await, [bericht]);
        assert_eq!(vt.ophalen("/readyz").await.0, 200);
    });
    let log = vt.logtekst();
    assert!(!log.contains("panicked"), "{log}");
    assert!(hub.stoppen());
}

/// Every operation of the document that an adapter serves: its address, its query string and its body, bent.
fn van_het_eigen_systeem(runtime: &tokio::runtime::Runtime, adapter: &Adapter) {
    let ingang = adapter.ingang();
    let (status, document) = runtime.block_on(ingang.ophalen("/openapi.json"));
    assert_eq!(status, 200);
    let json = [("content-type", "application/json")];
    let mut gedaan = 0;
    for (pad, item) in document["paths"].as_object().unwrap() {
        for (methode, op) in item.as_object().unwrap() {
            let Ok(methode) = methode.to_uppercase().parse::<Method>() else { continue };
            if !op.is_object() || !op["responses"].is_object() {
                continue;
            }
            let seed = op.pointer("/requestBody/content/application~1json/schema").map(|schema| voorbeeld(&document, schema));
            let vast = seed.clone().map(|s| s.to_string().into_bytes());
            let wat = format!("{methode} {pad}");
            let adres = |bent: &str| {
                let stukken = pad.split('/').map(|s| if s.starts_with('{') { bent } else { s });
                stukken.collect::<Vec<_>>().join("/")
            };
            if pad.contains('{') {
                een_van(SAMEN, &wat, &[b"0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a".to_vec()], &WOORDEN, 15, |bytes| {
                    let heel = adres(&in_adres(bytes, b"-"));
                    geen_storing(&heel, &runtime.block_on(ingang.vragen(methode.clone(), &heel, &json, vast.clone())));
                });
            }
            let heel = adres("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a");
            een_van(SAMEN, &wat, &[b"wacht=0&waarschuwingen=gezien".to_vec()], &WOORDEN, 10, |bytes| {
                // Whatever else it asks, it asks no long wait.
                let heel = format!("{heel}?{}", in_adres(bytes, b"&=-.").replace("wacht=", "wacht=0"));
                geen_storing(&heel, &runtime.block_on(ingang.vragen(methode.clone(), &heel, &json, vast.clone())));
            });
            if let Some(seed) = &vast {
                een_van(SAMEN, &wat, std::slice::from_ref(seed), &WOORDEN, 15, |bytes| {
                    geen_storing(&wat, &runtime.block_on(ingang.vragen(methode.clone(), &heel, &json, Some(bytes.to_vec()))));
                });
            }
            gedaan += 1;
        }
    }
    assert!(gedaan >= 10, "{gedaan}");
}

/// An example of a schema: its own, or one of each member.
fn voorbeeld(document: &Value, schema: &Value) -> Value {
    if let Some(verwijzing) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
        return voorbeeld(document, document.pointer(verwijzing).unwrap());
    }
    if let Some(een) = schema["examples"].get(0).or(schema.get("example")).or(schema["enum"].get(0)) {
        return een.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let leden = schema["properties"].as_object().into_iter().flatten();
            leden.map(|(naam, lid)| (naam.clone(), voorbeeld(document, lid))).collect()
        }
        Some("array") => Value::Array(vec![voorbeeld(document, &schema["items"])]),
        Some("integer") => 1.into(),
        Some("boolean") => true.into(),
        _ => "x".into(),
    }
}
