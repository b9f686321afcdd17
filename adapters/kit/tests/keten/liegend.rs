//! A hub that lies, as a double: valid TLS, valid directory, valid policy; but to every question it answers with the same
//! organisation, and that everything is allowed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
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
    verstuurd: Arc<AtomicUsize>,
}

pub struct Liegend {
    pub adres: String,
    verstuurd: Arc<AtomicUsize>,
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

async fn berichten(leugen: web::Data<Leugen>) -> HttpResponse {
    leugen.verstuurd.fetch_add(1, Ordering::SeqCst);
    HttpResponse::InternalServerError().finish()
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
        let verstuurd = Arc::new(AtomicUsize::new(0));
        let leugen = web::Data::new(Leugen {
            partners: Partners { partners },
            convenanten: Convenanten { convenanten: vec![weergave] },
            ontvanger: Toetsontvanger { geadresseerde: None, oin, gids },
            verstuurd: Arc::clone(&verstuurd),
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
        })
        .workers(1)
        .disable_signals()
        .bind_rustls_0_23("127.0.0.1:0", tls)
        .unwrap();
        let adres = format!("https://localhost:{}", server.addrs()[0].port());
        tokio::spawn(server.run());
        Self { adres, verstuurd }
    }

    /// How many messages were sent to it.
    pub fn verstuurd(&self) -> usize {
        self.verstuurd.load(Ordering::SeqCst)
    }
}
