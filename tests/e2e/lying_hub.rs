//! A hub that was taken over, as a double: it has the real hub's certificates, the real directory and the real policy, and
//! says and delivers whatever a test wants.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpResponse, HttpServer, http::StatusCode, web};
use inbreng_certs::Partnerspec;
use inbreng_domain::{
    Besluit, DeelId, Digest, Oin, Problem, ProblemCode, Uitkomst, Uitleg,
    antwoorden::{Convenanten, Convenantweergave, Inzageantwoord, Partners, Partnerweergave},
    toets::{Toetsantwoord, Toetsbesluit, Toetsontvanger, Toetsverzoek},
};
use inbreng_harness::Regio;
use rustls::{ServerConfig, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

/// What it answers to "mag dit?".
pub type Antwoorder = Box<dyn Fn(&Toetsverzoek) -> Toetsantwoord + Send>;

#[derive(Default)]
struct Stand {
    antwoorder: Mutex<Option<Antwoorder>>,
    postvak: Mutex<Vec<Value>>,
    woorden: Mutex<BTreeMap<String, (String, String)>>,
    verstuurd: Mutex<Vec<Value>>,
    partners: Mutex<Vec<Partnerweergave>>,
    sleutels: Mutex<BTreeMap<String, Value>>,
    weigert: Mutex<Option<ProblemCode>>,
}

/// The double.
pub struct LyingHub {
    stand: Arc<Stand>,
    /// Where adapters reach it.
    pub adres: SocketAddr,
}

struct Waarheid {
    stand: Arc<Stand>,
    convenanten: Convenanten,
}

type Gedeeld = web::Data<Waarheid>;

impl LyingHub {
    /// Starts it in this process, with the hub's own certificates.
    pub fn starten(regio: &Regio) -> Self {
        let stand = Arc::new(Stand::default());
        *stand.partners.lock().unwrap() = partners(regio);
        let waarheid = web::Data::new(Waarheid {
            stand: Arc::clone(&stand),
            convenanten: Convenanten {
                convenanten: vec![Convenantweergave {
                    convenant: "voorbeeldregio".parse().unwrap(),
                    beleid: regio.beleid,
                    bundel: std::fs::read_to_string(regio.pad("voorbeeldregio.jws")).unwrap(),
                    activering: None,
                    toetredingen: regio.toetredingen.clone(),
                    uittredingen: Vec::new(),
                }],
            },
        });
        let map = regio.pki.knooppuntmap();
        let keten = CertificateDer::pem_file_iter(map.tls_pem()).unwrap().map(Result::unwrap).collect();
        let sleutel = PrivateKeyDer::from_pem_file(map.tls_key()).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(keten, sleutel)
            .unwrap();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(waarheid.clone())
                .app_data(web::JsonConfig::default().limit(1 << 24).content_type_required(false))
                .route("/v1/token", web::post().to(token))
                .route("/v1/partners", web::get().to(gids))
                .route("/v1/convenanten", web::get().to(async |w: Gedeeld| HttpResponse::Ok().json(&w.convenanten)))
                .route("/v1/toetsen", web::post().to(toetsen))
                .route("/v1/berichten", web::post().to(berichten))
                .route("/v1/postvak", web::get().to(postvak))
                .route("/v1/leveringen/{id}/{wat}", web::post().to(woord))
                .route("/v1/delen/{id}/inzage", web::post().to(inzage))
        })
        .workers(1)
        .disable_signals()
        .bind_rustls_0_23("127.0.0.1:0", tls)
        .unwrap();
        let adres = server.addrs()[0];
        tokio::spawn(server.run());
        Self { stand, adres }
    }

    /// Lies like this from now on.
    pub fn liegt(&self, antwoorder: impl Fn(&Toetsverzoek) -> Toetsantwoord + Send + 'static) {
        *self.stand.antwoorder.lock().unwrap() = Some(Box::new(antwoorder));
    }

    /// Shows the directory as it is now.
    pub fn gids_opnieuw(&self, regio: &Regio) {
        *self.stand.partners.lock().unwrap() = partners(regio);
    }

    /// Refuses every message with this code from now on; before, it does not answer.
    pub fn weigert(&self, code: ProblemCode) {
        *self.stand.weigert.lock().unwrap() = Some(code);
    }

    /// Hands out this key of a part to whoever asks, for whatever it asks it.
    pub fn geeft(&self, deel: DeelId, sleutel: &Inzageantwoord) {
        self.stand.sleutels.lock().unwrap().insert(deel.to_string(), serde_json::to_value(sleutel).unwrap());
    }

    /// Puts deliveries in the mailbox of whoever asks.
    pub fn levert(&self, leveringen: impl IntoIterator<Item = Value>) {
        self.stand.postvak.lock().unwrap().extend(leveringen);
    }

    /// What was sent to it.
    pub fn verstuurd(&self) -> Vec<Value> {
        self.stand.verstuurd.lock().unwrap().clone()
    }

    /// Which word (`ontvangst`, `weigering`) was signed about a delivery.
    pub fn woord(&self, levering: &str) -> Option<(String, String)> {
        self.stand.woorden.lock().unwrap().get(levering).cloned()
    }

    /// How many deliveries nobody has said anything about.
    pub fn open(&self) -> usize {
        self.stand.open().len()
    }
}

impl Stand {
    fn open(&self) -> Vec<Value> {
        let woorden = self.woorden.lock().unwrap();
        let postvak = self.postvak.lock().unwrap();
        postvak.iter().filter(|l| !l["id"].as_str().is_some_and(|id| woorden.contains_key(id))).cloned().collect()
    }
}

async fn token() -> HttpResponse {
    HttpResponse::Ok().json(json!({"access_token": "leugen", "token_type": "Bearer", "expires_in": 300, "scope": "berichten"}))
}

async fn toetsen(waarheid: Gedeeld, vraag: web::Json<Toetsverzoek>) -> HttpResponse {
    match waarheid.stand.antwoorder.lock().unwrap().as_ref() {
        Some(antwoorder) => HttpResponse::Ok().json(antwoorder(&vraag)),
        None => HttpResponse::ServiceUnavailable().finish(),
    }
}

async fn berichten(waarheid: Gedeeld, bericht: web::Json<Value>) -> HttpResponse {
    waarheid.stand.verstuurd.lock().unwrap().push(bericht.into_inner());
    match *waarheid.stand.weigert.lock().unwrap() {
        Some(code) => HttpResponse::build(StatusCode::from_u16(code.status()).unwrap())
            .content_type("application/problem+json")
            .body(serde_json::to_vec(&Problem::new(code)).unwrap()),
        None => HttpResponse::ServiceUnavailable().finish(),
    }
}

async fn gids(waarheid: Gedeeld) -> HttpResponse {
    HttpResponse::Ok().json(Partners { partners: waarheid.stand.partners.lock().unwrap().clone() })
}

async fn inzage(waarheid: Gedeeld, deel: web::Path<String>) -> HttpResponse {
    match waarheid.stand.sleutels.lock().unwrap().get(&*deel) {
        Some(sleutel) => HttpResponse::Ok().json(sleutel),
        None => HttpResponse::NotFound().finish(),
    }
}

fn partners(regio: &Regio) -> Vec<Partnerweergave> {
    let weergave = |p: &Partnerspec| Partnerweergave {
        bezorgschema: None,
        oin: p.oin,
        naam: p.naam.clone(),
        partnertype: p.partnertype,
        gids: regio.pki.gidsvermelding(&p.slug).unwrap(),
    };
    regio.pki.partners().map(weergave).collect()
}

async fn postvak(waarheid: Gedeeld) -> HttpResponse {
    HttpResponse::Ok().json(json!({"leveringen": waarheid.stand.open(), "verder": "hier"}))
}

async fn woord(waarheid: Gedeeld, pad: web::Path<(String, String)>, inhoud: web::Json<Value>) -> HttpResponse {
    let (levering, wat) = pad.into_inner();
    let jws = inhoud["verklaring"].as_str().unwrap_or_default().to_owned();
    waarheid.stand.woorden.lock().unwrap().insert(levering, (wat, jws));
    HttpResponse::NoContent().finish()
}

/// An answer that allows everything to these recipients.
pub fn alles_mag(beleid: Digest, vraag: &Toetsverzoek, ontvangers: Vec<Toetsontvanger>) -> Toetsantwoord {
    let besluit = Besluit {
        uitkomst: Uitkomst::Toestaan,
        regels: Vec::new(),
        grondslag: None,
        verplichtingen: Vec::new(),
        uitleg: Uitleg { afzender: "Dit mag.".to_owned(), ontvanger: "Dit mag.".to_owned() },
        alternatieven: Vec::new(),
        beleid,
    };
    let voor = |oin: Oin| {
        let besluit = besluit.clone();
        vraag.delen.iter().map(move |d| Toetsbesluit { deel: Some(d.labels.id), ontvanger: oin, besluit: besluit.clone() })
    };
    let besluiten = ontvangers.iter().flat_map(|o| voor(o.oin)).collect();
    Toetsantwoord { beleid, ontvangers, besluiten, terugval: None }
}
