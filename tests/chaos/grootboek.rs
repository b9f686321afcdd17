//! The outside ledger: what the own systems of the partners were given, written down by themselves. Nothing of it comes from hub
//! or adapters but the deliveries.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use inbreng_domain::randomness::SeededRandomness;
use serde_json::json;

use crate::{kans, merk};

/// Of a hundred deliveries, how many an own system is too busy for, and how many it takes and cannot say so any more.
const TE_DRUK: u64 = 4;
const ZONDER_ANTWOORD: u64 = 4;

/// Everything that own systems were given.
#[derive(Debug)]
pub struct Grootboek {
    toeval: SeededRandomness,
    regels: Mutex<Vec<Regel>>,
    /// By message.
    tijden: Mutex<BTreeMap<usize, Tijden>>,
}

/// When its sender's own system first offered a message, and when its recipient's first took it.
#[derive(Debug, Default)]
struct Tijden {
    aangeboden: Option<Instant>,
    genomen: Option<Instant>,
}

/// A message that an own system took, once per number of delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regel {
    /// Who was given it.
    pub bij: String,
    /// Under which `Idempotency-Key`.
    pub levering: String,
    /// Which message: by the word that its sender wrote into it.
    pub nummer: usize,
}

impl Grootboek {
    /// Starts the own systems of everyone behind one address, each under its name.
    pub fn starten(toeval: SeededRandomness) -> (Arc<Self>, SocketAddr) {
        let boek = Arc::new(Self { toeval, regels: Mutex::default(), tijden: Mutex::default() });
        let gedeeld = web::Data::from(Arc::clone(&boek));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(gedeeld.clone())
                .app_data(web::PayloadConfig::new(1 << 24))
                .route("/{bij}/{pad:.*}", web::post().to(aannemen))
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let adres = server.addrs()[0];
        tokio::spawn(server.run());
        (boek, adres)
    }

    /// The messages in the order in which each own system first took them.
    pub fn regels(&self) -> Vec<Regel> {
        self.regels.lock().unwrap().clone()
    }

    /// Whether a message was taken by anyone.
    pub fn heeft(&self, nummer: usize) -> bool {
        self.regels.lock().unwrap().iter().any(|r| r.nummer == nummer)
    }

    /// By message: who took it, under which deliveries.
    pub fn per_bericht(&self) -> BTreeMap<usize, BTreeSet<(String, String)>> {
        let mut per = BTreeMap::<_, BTreeSet<_>>::new();
        for Regel { bij, levering, nummer } in self.regels() {
            per.entry(nummer).or_default().insert((bij, levering));
        }
        per
    }

    /// The own system of its sender offers this message to its adapter now.
    pub fn aangeboden(&self, nummer: usize) {
        self.tijden.lock().unwrap().entry(nummer).or_default().aangeboden.get_or_insert_with(Instant::now);
    }

    /// How long each message that was taken was on its way.
    pub fn onderweg(&self) -> Vec<Duration> {
        let tijden = self.tijden.lock().unwrap();
        tijden.values().filter_map(|t| Some(t.genomen?.saturating_duration_since(t.aangeboden?))).collect()
    }

    /// Writes down what came; the same delivery again is one, as partners are asked to do.
    fn nemen(&self, regel: Regel) {
        self.tijden.lock().unwrap().entry(regel.nummer).or_default().genomen.get_or_insert_with(Instant::now);
        let mut regels = self.regels.lock().unwrap();
        if !regels.contains(&regel) {
            regels.push(regel);
        }
    }
}

async fn aannemen(boek: web::Data<Grootboek>, req: HttpRequest, lichaam: web::Bytes) -> HttpResponse {
    let tekst = String::from_utf8(lichaam.to_vec()).unwrap();
    let Some(nummer) = merk::zoeken(&tekst) else { return HttpResponse::BadRequest().finish() };
    if kans(&boek.toeval, TE_DRUK) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let levering = req.headers().get("idempotency-key").unwrap().to_str().unwrap().to_owned();
    let bij = req.match_info().get("bij").unwrap().to_owned();
    boek.nemen(Regel { bij, levering, nummer });
    if kans(&boek.toeval, ZONDER_ANTWOORD) {
        return HttpResponse::BadGateway().finish();
    }
    // Under which number this system filed it: what its answers will refer to.
    HttpResponse::Ok().json(json!({ "meldingnummer": format!("M-{nummer}") }))
}
