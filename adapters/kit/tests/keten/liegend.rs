//! A hub that lies, as a double: valid TLS, valid directory, valid policy; but to every question it answers with the same
//! organisation, and that everything is allowed; and it delivers whatever the test makes of what was sent.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::{StatusCode, header},
    web,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    Besluit, Code, Tijdstip, Uitkomst, Uitleg,
    antwoorden::{Aannameantwoord, Convenanten, Convenantweergave, Partners, Partnerweergave},
    receipts::{Bewijsbesluit, Bladopening, Ontvangerstand, Ontvangstbewijs},
    toets::{Toetsantwoord, Toetsbesluit, Toetsontvanger, Toetsverzoek},
};
use inbreng_proof::{SigningKey, Typ, digest_of, jws, ontvangstbewijs::bladhash};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

use crate::regio::{Partner, Regio};

struct Leugen {
    partners: Partners,
    convenanten: Convenanten,
    ontvanger: Toetsontvanger,
    /// The hub's key, where it takes messages.
    ontvangstbewijs: Option<SigningKey>,
    gezien: Arc<Gezien>,
}

/// What the adapters gave it, and what it gives them.
#[derive(Default)]
struct Gezien {
    verstuurd: Mutex<Vec<Value>>,
    postvak: Mutex<Vec<Value>>,
    /// Per delivery: `ontvangst`, or the code of the refusal.
    antwoorden: Mutex<BTreeMap<String, String>>,
    /// The last receipt that was signed.
    ontvangst: Mutex<Option<String>>,
    /// When it was asked to take which message.
    gevraagd: Mutex<Vec<(String, Instant)>>,
    drukte: Mutex<Drukte>,
}

/// What it has no time for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Drukte {
    #[default]
    Geen,
    /// To what is not acute it never answers.
    GewoonHangt,
    /// So many messages get this status, and are to come again after so many seconds.
    Straks { status: u16, seconden: u32, nog: u32 },
}

pub struct Liegend {
    pub adres: String,
    gezien: Arc<Gezien>,
}

/// The token is the number of who asks: the double has one mailbox, for the recipient.
async fn token(formulier: web::Form<BTreeMap<String, String>>) -> HttpResponse {
    let verklaring = formulier["client_assertion"].split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(verklaring).unwrap()).unwrap();
    HttpResponse::Ok()
        .json(json!({"access_token": claims["iss"], "token_type": "Bearer", "expires_in": 300, "scope": "berichten"}))
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
    HttpResponse::Ok().json(Toetsantwoord { beleid, ontvangers, besluiten, terugval: None })
}

async fn berichten(leugen: web::Data<Leugen>, envelop: web::Bytes) -> HttpResponse {
    let waarde: Value = serde_json::from_slice(&envelop).unwrap();
    leugen.gezien.gevraagd.lock().unwrap().push((waarde["id"].as_str().unwrap().to_owned(), Instant::now()));
    let drukte = *leugen.gezien.drukte.lock().unwrap();
    match drukte {
        Drukte::GewoonHangt if waarde["data"]["bericht"]["urgentie"] != "acuut" => std::future::pending::<()>().await,
        Drukte::Straks { status, seconden, nog } if nog > 0 => {
            *leugen.gezien.drukte.lock().unwrap() = Drukte::Straks { status, seconden, nog: nog - 1 };
            let status = StatusCode::from_u16(status).unwrap();
            return HttpResponse::build(status).insert_header((header::RETRY_AFTER, seconden.to_string())).finish();
        }
        _ => {}
    }
    leugen.gezien.verstuurd.lock().unwrap().push(waarde.clone());
    let Some(sleutel) = &leugen.ontvangstbewijs else { return HttpResponse::InternalServerError().finish() };
    let besluiten: Vec<Bewijsbesluit> = waarde["data"]["delen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| Bewijsbesluit {
            ontvanger: leugen.ontvanger.oin,
            deel: serde_json::from_value(d["labels"]["id"].clone()).unwrap(),
            stand: Ontvangerstand::Toegestaan,
            regels: vec![],
            zin: "Ja hoor.".to_owned(),
            verplichtingen: vec![],
            alternatieven: vec![],
        })
        .collect();
    let digest = inbreng_proof::sha256(&envelop);
    let mut bewijs = Ontvangstbewijs {
        bericht: serde_json::from_value(waarde["id"].clone()).unwrap(),
        van: serde_json::from_value(waarde["data"]["bericht"]["van"].clone()).unwrap(),
        digest,
        aangenomen_op: Tijdstip::parse("2026-11-22T01:00:00.000Z").unwrap(),
        beleid: leugen.convenanten.convenanten[0].beleid,
        besluiten: besluiten.clone(),
        blad: Bladopening { zout: "A".repeat(43), hash: digest },
    };
    bewijs.blad.hash = bladhash(&bewijs, &[0; 32]).unwrap();
    let jws = jws::sign(sleutel, Typ::Ontvangstbewijs, &bewijs).unwrap();
    HttpResponse::Accepted().json(Aannameantwoord { ontvangstbewijs: jws, besluiten, waarschuwingen: Vec::new() })
}

/// What it says of a message: that all is well, with whatever the recipient signed.
async fn status(leugen: web::Data<Leugen>, id: web::Path<String>) -> HttpResponse {
    let ontvangst = leugen.gezien.ontvangst.lock().unwrap().clone();
    HttpResponse::Ok().json(json!({
        "id": *id, "aangenomenOp": "2026-11-22T01:00:00.000Z", "ontvangstbewijs": "x", "besluiten": [],
        "ontvangers": [{
            "ontvanger": leugen.ontvanger.oin, "stand": "ontvangen", "ontvangenOp": "2026-11-22T01:00:00.000Z",
            "ontvangst": ontvangst, "inzagen": [],
        }],
    }))
}

async fn postvak(leugen: web::Data<Leugen>, req: HttpRequest) -> HttpResponse {
    let wie = req.headers().get("authorization").unwrap().to_str().unwrap().to_owned();
    let voor_hem = wie.ends_with(&leugen.ontvanger.oin.to_string());
    let open = if voor_hem { leugen.gezien.postvak.lock().unwrap().clone() } else { Vec::new() };
    if open.is_empty() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    HttpResponse::Ok().json(json!({ "leveringen": open, "verder": "hier" }))
}

async fn verklaring(leugen: web::Data<Leugen>, pad: web::Path<(String, String)>, lichaam: web::Json<Value>) -> HttpResponse {
    let (levering, wat) = pad.into_inner();
    let verklaring: Value = jws::unverified_payload(lichaam["verklaring"].as_str().unwrap()).unwrap();
    if wat == "ontvangst" {
        *leugen.gezien.ontvangst.lock().unwrap() = Some(lichaam["verklaring"].as_str().unwrap().to_owned());
    }
    let antwoord = verklaring["code"].as_str().map_or(wat, str::to_owned);
    leugen.gezien.postvak.lock().unwrap().retain(|l| l["id"] != levering.as_str());
    leugen.gezien.antwoorden.lock().unwrap().insert(levering, antwoord);
    HttpResponse::NoContent().finish()
}

impl Liegend {
    /// One that takes no message.
    pub async fn start(regio: &Regio, ontvanger: Partner) -> Self {
        Self::start_met(regio, ontvanger, None).await
    }

    /// One that takes messages, and gives the hub's receipt for each.
    pub async fn start_aannemend(regio: &Regio, ontvanger: Partner) -> Self {
        let map = regio.pki.knooppuntmap();
        let certificaat = CertificateDer::from_pem_file(map.ondertekening_pem()).unwrap();
        let pem = std::fs::read_to_string(map.ondertekening_key()).unwrap();
        Self::start_met(regio, ontvanger, Some(SigningKey::from_pem(&pem, &certificaat).unwrap())).await
    }

    async fn start_met(regio: &Regio, ontvanger: Partner, ontvangstbewijs: Option<SigningKey>) -> Self {
        let gids = regio.pki.gidsvermelding(&Code::parse(ontvanger.slug()).unwrap()).unwrap();
        let partners = regio
            .pki
            .partners()
            .map(|p| Partnerweergave {
                bezorgschema: None,
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
            activering: None,
            toetredingen: regio.toetredingen.clone(),
            uittredingen: Vec::new(),
        };
        let gezien = Arc::new(Gezien::default());
        let leugen = web::Data::new(Leugen {
            partners: Partners { partners },
            convenanten: Convenanten { convenanten: vec![weergave] },
            ontvanger: Toetsontvanger { geadresseerde: None, oin, gids },
            ontvangstbewijs,
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
                .route("/v1/berichten/{id}", web::get().to(status))
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

    /// From now on it has no time for this.
    pub fn drukte(&self, drukte: Drukte) {
        *self.gezien.drukte.lock().unwrap() = drukte;
    }

    /// Which messages it was asked to take, and when, whatever it did with them.
    pub fn gevraagd(&self) -> Vec<(String, Instant)> {
        self.gezien.gevraagd.lock().unwrap().clone()
    }

    /// What was sent to it.
    pub fn verstuurd(&self) -> Vec<Value> {
        self.gezien.verstuurd.lock().unwrap().clone()
    }

    /// The first message that is sent to it.
    pub async fn eerste(&self) -> Value {
        for _ in 0..3600 {
            if let Some(envelop) = self.verstuurd().into_iter().next() {
                return envelop;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing was sent");
    }

    /// Puts something into the mailbox, whatever it is.
    pub fn zomaar(&self, levering: Value) {
        self.gezien.postvak.lock().unwrap().push(levering);
    }

    /// Delivers, and gives what the adapter says of it.
    pub async fn leveren(&self, levering: Value) -> String {
        let id = levering["id"].as_str().unwrap().to_owned();
        self.gezien.postvak.lock().unwrap().push(levering);
        for _ in 0..3600 {
            if let Some(antwoord) = self.gezien.antwoorden.lock().unwrap().get(&id) {
                return antwoord.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the adapter says nothing of {id}");
    }
}
