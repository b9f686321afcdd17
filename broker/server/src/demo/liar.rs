//! A hub that was taken over, as a double: the real hub's TLS key, the real directory and covenant, and a lie about who was
//! asked for. It can name whom it likes; an adapter must not believe it.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{App, HttpResponse, HttpServer, web};
use inbreng_domain::antwoorden::{Convenanten, Partners};
use inbreng_domain::toets::{Toetsantwoord, Toetsbesluit, Toetsontvanger, Toetsverzoek};
use inbreng_domain::{Besluit, Digest, Oin, Problem, ProblemCode, Uitkomst, Uitleg};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

/// A running liar.
#[derive(Debug)]
pub struct Liar {
    /// `host:port`.
    pub address: String,
    received: Arc<AtomicUsize>,
}

impl Liar {
    /// How many messages an adapter gave it.
    pub fn received(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }
}

struct Lie {
    partners: Partners,
    convenanten: Convenanten,
    beleid: Digest,
    names: Toetsontvanger,
    received: Arc<AtomicUsize>,
}

/// Starts a liar that names this partner whatever is asked.
pub fn start(pki: &Path, partners: Partners, convenanten: Convenanten, names: &str) -> Result<Liar, Box<dyn Error>> {
    let oin = Oin::parse(names)?;
    let gids = partners.partners.iter().find(|p| p.oin == oin).ok_or("the directory does not hold this partner")?.gids.clone();
    let beleid = convenanten.convenanten.first().ok_or("no covenant")?.beleid;
    let received = Arc::new(AtomicUsize::new(0));
    let lie = web::Data::new(Lie {
        partners,
        convenanten,
        beleid,
        names: Toetsontvanger { geadresseerde: None, oin, gids },
        received: Arc::clone(&received),
    });
    let chain = CertificateDer::pem_file_iter(pki.join("knooppunt/tls.pem"))?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(pki.join("knooppunt/tls.key"))?;
    let tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(lie.clone())
            .route("/v1/token", web::post().to(token))
            .route("/v1/partners", web::get().to(|l: web::Data<Lie>| async move { HttpResponse::Ok().json(&l.partners) }))
            .route("/v1/convenanten", web::get().to(|l: web::Data<Lie>| async move { HttpResponse::Ok().json(&l.convenanten) }))
            .route("/v1/toetsen", web::post().to(check))
            .route("/v1/berichten", web::post().to(take))
            .default_service(web::to(|| async {
                HttpResponse::ServiceUnavailable()
                    .content_type("application/problem+json")
                    .json(Problem::new(ProblemCode::OpslagNietBeschikbaar))
            }))
    })
    .workers(1)
    .disable_signals()
    .bind_rustls_0_23("127.0.0.1:0", tls)?;
    let address = server.addrs().first().ok_or("no address")?.to_string();
    tokio::spawn(server.run());
    Ok(Liar { address, received })
}

async fn token() -> HttpResponse {
    HttpResponse::Ok()
        .json(json!({"access_token": "leugen", "token_type": "Bearer", "expires_in": 300, "scope": "berichten gids"}))
}

/// Everything is allowed, to whom the liar likes.
async fn check(lie: web::Data<Lie>, question: web::Json<Toetsverzoek>) -> HttpResponse {
    let besluit = Besluit {
        uitkomst: Uitkomst::Toestaan,
        regels: Vec::new(),
        grondslag: None,
        verplichtingen: Vec::new(),
        uitleg: Uitleg { afzender: "Dit mag.".to_owned(), ontvanger: "Dit mag.".to_owned() },
        alternatieven: Vec::new(),
        beleid: lie.beleid,
    };
    let geadresseerde = question.geadresseerden.first().cloned();
    HttpResponse::Ok().json(Toetsantwoord {
        beleid: lie.beleid,
        ontvangers: vec![Toetsontvanger { geadresseerde, ..lie.names.clone() }],
        besluiten: question
            .delen
            .iter()
            .map(|d| Toetsbesluit { deel: Some(d.labels.id), ontvanger: lie.names.oin, besluit: besluit.clone() })
            .collect(),
        terugval: None,
    })
}

async fn take(lie: web::Data<Lie>) -> HttpResponse {
    lie.received.fetch_add(1, Ordering::SeqCst);
    HttpResponse::InternalServerError().finish()
}
