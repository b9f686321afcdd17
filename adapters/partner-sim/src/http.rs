//! The system's own HTTP.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::Server, http::Method, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    Fout,
    systeem::{Stand, Systeem},
};

/// The largest message it takes, in bytes.
const GROOTSTE: usize = 16 * 1024 * 1024;
/// The longest that a question about what came in may wait, in seconds.
const LANGSTE_WACHT: u64 = 60;

/// Listens; gives the address that was taken.
pub(crate) fn luister(systeem: Arc<Systeem>, adres: SocketAddr) -> Result<(Server, SocketAddr), Fout> {
    let gegevens = web::Data::from(systeem);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(gegevens.clone())
            .app_data(web::PayloadConfig::new(GROOTSTE))
            .app_data(web::JsonConfig::default().limit(GROOTSTE))
            .route("/gezondheid", web::get().to(gezondheid))
            .route("/ontvangen", web::get().to(ontvangen))
            .route("/verzonden", web::get().to(verzonden))
            .route("/stuur", web::get().to(klaar))
            .route("/stuur/{naam:.+}", web::post().to(stuur))
            .route("/storing", web::post().to(storing))
            .route("/inzage/{deel}", web::post().to(inzage))
            .route("/gelezen/{levering}", web::post().to(gelezen))
            .route("/toets-achteraf/{kenmerk}", web::post().to(toets_achteraf))
            .route("/nagaan/{kenmerk}", web::get().to(nagaan))
            .default_service(web::to(neem_aan))
    })
    .workers(1)
    .bind(adres)?;
    let adres = server.addrs().first().copied().unwrap_or(adres);
    Ok((server.run(), adres))
}

fn fout(status: u16, waarom: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).json(json!({ "fout": waarom }))
}

async fn gezondheid(systeem: web::Data<Systeem>) -> HttpResponse {
    let (ontvangen, verzonden) = (systeem.ontvangen().len(), systeem.verzonden().len());
    HttpResponse::Ok().json(json!({ "naam": systeem.naam(), "ontvangen": ontvangen, "verzonden": verzonden }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vraag {
    pad: Option<String>,
    #[serde(default)]
    minstens: usize,
    #[serde(default)]
    wacht: u64,
}

async fn ontvangen(systeem: web::Data<Systeem>, vraag: web::Query<Vraag>) -> HttpResponse {
    let gevraagd = || {
        let alle = systeem.ontvangen();
        alle.into_iter().filter(|o| vraag.pad.as_ref().is_none_or(|p| *p == o.pad)).collect::<Vec<_>>()
    };
    let mut aantal = systeem.aantal();
    let genoeg = async {
        while gevraagd().len() < vraag.minstens {
            if aantal.changed().await.is_err() {
                break;
            }
        }
    };
    // What there is when the time is up is the answer too.
    let _ = tokio::time::timeout(Duration::from_secs(vraag.wacht.min(LANGSTE_WACHT)), genoeg).await;
    HttpResponse::Ok().json(gevraagd())
}

async fn verzonden(systeem: web::Data<Systeem>) -> HttpResponse {
    HttpResponse::Ok().json(systeem.verzonden())
}

async fn klaar(systeem: web::Data<Systeem>) -> HttpResponse {
    let namen: Vec<_> = systeem.fixtures.alle().map(|f| json!({ "naam": f.naam, "pad": f.pad() })).collect();
    HttpResponse::Ok().json(namen)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opdracht {
    #[serde(default)]
    zet: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wachten {
    #[serde(default)]
    wacht: u64,
}

async fn stuur(
    systeem: web::Data<Systeem>,
    naam: web::Path<String>,
    wachten: web::Query<Wachten>,
    lichaam: web::Bytes,
) -> HttpResponse {
    let opdracht = if lichaam.is_empty() { Ok(Opdracht::default()) } else { serde_json::from_slice(&lichaam) };
    let Ok(opdracht) = opdracht else { return fout(400, "Stuur niets, of {\"zet\": {\"/veld\": waarde}}.") };
    let wacht = Duration::from_secs(wachten.wacht.min(LANGSTE_WACHT));
    doorgegeven(systeem.stuur(&naam, &opdracht.zet, wacht, None).await)
}

/// A user has read a message: with that what it asks is confirmed.
async fn gelezen(systeem: web::Data<Systeem>, levering: web::Path<String>, wie: web::Json<Value>) -> HttpResponse {
    let pad = format!("/postbus/{}/gelezen", in_pad(&levering));
    doorgegeven(systeem.vraag(reqwest::Method::POST, &pad, Some(&wie)).await)
}

/// The privacy officer says what was found of a decision in an emergency.
async fn toets_achteraf(systeem: web::Data<Systeem>, kenmerk: web::Path<String>, uitslag: web::Json<Value>) -> HttpResponse {
    let pad = format!("/verzonden/{}/toets-achteraf", in_pad(&kenmerk));
    doorgegeven(systeem.vraag(reqwest::Method::POST, &pad, Some(&uitslag)).await)
}

/// A user opens a view-only part: asked of the program beside it, shown, and not kept.
async fn inzage(systeem: web::Data<Systeem>, deel: web::Path<String>, wie: web::Json<Value>) -> HttpResponse {
    doorgegeven(systeem.vraag(reqwest::Method::POST, &format!("/inzage/{}", in_pad(&deel)), Some(&wie)).await)
}

/// What became of a message.
async fn nagaan(systeem: web::Data<Systeem>, kenmerk: web::Path<String>) -> HttpResponse {
    doorgegeven(systeem.vraag(reqwest::Method::GET, &format!("/verzonden/{}", in_pad(&kenmerk)), None).await)
}

/// A number of a user, as it may stand in an address.
fn in_pad(tekst: &str) -> String {
    tekst.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')).collect()
}

/// What the program beside it answered, or why it did not.
fn doorgegeven(uitslag: Result<crate::Antwoord, Fout>) -> HttpResponse {
    match uitslag {
        Ok(antwoord) => HttpResponse::Ok().json(antwoord),
        Err(Fout::Buur(_)) => fout(502, "Het programma hiernaast antwoordt niet. Draait het?"),
        Err(Fout::Fixture(waarom)) => fout(404, &format!("Dit bericht kan niet weg: {waarom}")),
        Err(_) => fout(500, "Het bericht kon niet worden bewaard."),
    }
}

async fn storing(systeem: web::Data<Systeem>, stand: web::Json<Stand>) -> HttpResponse {
    systeem.storing(*stand);
    HttpResponse::Ok().json(*stand)
}

async fn neem_aan(systeem: web::Data<Systeem>, verzoek: HttpRequest, lichaam: web::Bytes) -> HttpResponse {
    if systeem.gezicht.ontvangst(verzoek.path()).is_none() {
        return fout(404, "Dit systeem kent dit adres niet.");
    }
    if verzoek.method() != Method::POST {
        return fout(405, "Hier kunt u alleen berichten afleveren.");
    }
    let getoond = verzoek.headers().get("Authorization").and_then(|v| v.to_str().ok());
    if systeem.geheim.as_ref().is_some_and(|geheim| !geheim.klopt(getoond)) {
        return fout(401, "Toon het geheim van dit systeem.");
    }
    match systeem.stand() {
        Stand::Aan => {}
        Stand::Uit => return fout(503, "Het systeem is even niet bereikbaar."),
        Stand::Traag { ms } => tokio::time::sleep(Duration::from_millis(ms.min(60_000))).await,
    }
    let Ok(bericht) = serde_json::from_slice::<Value>(&lichaam) else { return fout(400, "Dit is geen leesbaar bericht.") };
    let sleutel = verzoek.headers().get("Idempotency-Key").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let pad = verzoek.path().to_owned();
    let systeem = systeem.into_inner();
    match systeem.neem_aan(&pad, sleutel, bericht) {
        Ok(Some(antwoord)) => HttpResponse::Created().json(antwoord),
        Ok(None) => fout(404, "Dit systeem kent dit adres niet."),
        Err(_) => fout(500, "Het bericht kon niet worden bewaard."),
    }
}
