//! A hub that lies, as a double: valid TLS, valid directory, valid policy; but to every question it answers with the same
//! organisation, and that everything is allowed; and it delivers whatever the test makes of what was sent.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{App, HttpResponse, HttpServer, web};
use inbreng_domain::{
    Besluit, Code, Uitkomst, Uitleg,
    antwoorden::{Convenanten, Convenantweergave, Partners, Partnerweergave},
    toets::{Toetsantwoord, Toetsbesluit, Toetsontvanger, Toetsverzoek},
};
use inbreng_proof::{digest_of, jws};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

use crate::regio::{Partner, Regio};

struct Leugen {
    partners: Partners,
    convenanten: Convenanten,
    ontvanger: Toetsontvanger,
    gezien: Arc<Gezien>,
}

/// What the adapters gave it, and what it gives them.
#[derive(Default)]
struct Gezien {
    verstuurd: Mutex<Vec<Value>>,
    postvak: Mutex<Vec<Value>>,
    /// Per delivery: `ontvangst`, or the code of the refusal.
    antwoorden: Mutex<BTreeMap<String, String>>,
}

pub struct Liegend {
    pub adres: String,
    gezien: Arc<Gezien>,
}

async fn token() -> HttpResponse {
    HttpResponse::Ok().json(json!({"access_token": "leugen", "token_type": "Bearer", "expires_in": 300, "scope": "berichten"}))
}

async fn toetsen(leugen: web::Data<Leugen>, vraag: web::Json<Toetsverzoek>) -> HttpResponse {
    let beleid = leugen.convenanten.convenanten[0].beleid;
    let geadresseerde = vraag.geadresseerden.first().cloned();
    let besluit = Besluit {
        uitkomst: Uitkomst::Toestaan,
        regels: vec![],
        grondslag: None,
        verplichtingen: vec![],
        uitleg: Uitleg { afzender: "Ja hoor.".to_owned(), ontvanger: "Ja hoor.".to_owned() },
        alternatieven: vec![],
        beleid,
    };
    let besluiten = vraag
        .delen
        .iter()
        .map(|d| Toetsbesluit { deel: Some(d.labels.id), ontvanger: leugen.ontvanger.oin, besluit: besluit.clone() })
        .collect();
    let ontvangers = vec![Toetsontvanger { geadresseerde, ..leugen.ontvanger.clone() }];
    HttpResponse::Ok().json(Toetsantwoord { beleid, ontvangers, besluiten })
}

async fn berichten(leugen: web::Data<Leugen>, envelop: web::Bytes) -> HttpResponse {
    leugen.gezien.verstuurd.lock().unwrap().push(serde_json::from_slice(&envelop).unwrap());
    HttpResponse::InternalServerError().finish()
}

async fn postvak(leugen: web::Data<Leugen>) -> HttpResponse {
    let open = leugen.gezien.postvak.lock().unwrap().clone();
    if open.is_empty() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    HttpResponse::Ok().json(json!({ "leveringen": open }))
}

async fn verklaring(leugen: web::Data<Leugen>, pad: web::Path<(String, String)>, lichaam: web::Json<Value>) -> HttpResponse {
    let (levering, wat) = pad.into_inner();
    let verklaring: Value = jws::unverified_payload(lichaam["verklaring"].as_str().unwrap()).unwrap();
    let antwoord = verklaring["code"].as_str().map_or(wat, str::to_owned);
    leugen.gezien.postvak.lock().unwrap().retain(|l| l["id"] != levering.as_str());
    leugen.gezien.antwoorden.lock().unwrap().insert(levering, antwoord);
    HttpResponse::NoContent().finish()
}

impl Liegend {
    pub async fn start(regio: &Regio, ontvanger: Partner) -> Self {
        let gids = regio.pki.gidsvermelding(&Code::parse(ontvanger.slug()).unwrap()).unwrap();
        let partners = regio
            .pki
            .partners()
            .map(|p| Partnerweergave {
                oin: p.oin,
                naam: p.naam.clone(),
                partnertype: p.partnertype,
                gids: regio.pki.gidsvermelding(&p.slug).unwrap(),
            })
            .collect();
        let oin = regio.pki.partners().find(|p| p.slug.as_str() == ontvanger.slug()).unwrap().oin;
        let bundel: Value = jws::unverified_payload(&regio.bundel).unwrap();
        let weergave = Convenantweergave {
            convenant: serde_json::from_value(bundel["convenant"].clone()).unwrap(),
            beleid: digest_of(&bundel).unwrap(),
            bundel: regio.bundel.clone(),
        };
        let gezien = Arc::new(Gezien::default());
        let leugen = web::Data::new(Leugen {
            partners: Partners { partners },
            convenanten: Convenanten { convenanten: vec![weergave] },
            ontvanger: Toetsontvanger { geadresseerde: None, oin, gids },
            gezien: Arc::clone(&gezien),
        });
        let map = regio.pki.knooppuntmap();
        let keten = CertificateDer::pem_file_iter(map.tls_pem()).unwrap().map(Result::unwrap).collect();
        let sleutel = PrivateKeyDer::from_pem_file(map.tls_key()).unwrap();
        let tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(keten, sleutel).unwrap();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(leugen.clone())
                .route("/v1/token", web::post().to(token))
                .route("/v1/partners", web::get().to(|l: web::Data<Leugen>| async move { HttpResponse::Ok().json(&l.partners) }))
                .route(
                    "/v1/convenanten",
                    web::get().to(|l: web::Data<Leugen>| async move { HttpResponse::Ok().json(&l.convenanten) }),
                )
                .route("/v1/toetsen", web::post().to(toetsen))
                .route("/v1/berichten", web::post().to(berichten))
                .route("/v1/postvak", web::get().to(postvak))
                .route("/v1/leveringen/{id}/{wat}", web::post().to(verklaring))
        })
        .workers(1)
        .disable_signals()
        .bind_rustls_0_23("127.0.0.1:0", tls)
        .unwrap();
        let adres = format!("https://localhost:{}", server.addrs()[0].port());
        tokio::spawn(server.run());
        Self { adres, gezien }
    }

    /// What was sent to it.
    pub fn verstuurd(&self) -> Vec<Value> {
        self.gezien.verstuurd.lock().unwrap().clone()
    }

    /// The first message that is sent to it.
    pub async fn eerste(&self) -> Value {
        for _ in 0..600 {
            if let Some(envelop) = self.verstuurd().into_iter().next() {
                return envelop;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing was sent");
    }

    /// Delivers, and gives what the adapter says of it.
    pub async fn leveren(&self, levering: Value) -> String {
        let id = levering["id"].as_str().unwrap().to_owned();
        self.gezien.postvak.lock().unwrap().push(levering);
        for _ in 0..600 {
            if let Some(antwoord) = self.gezien.antwoorden.lock().unwrap().get(&id) {
                return antwoord.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the adapter says nothing of {id}");
    }
}
