//! The inbox page: for a partner without a system that can take REST. Server-rendered, Dutch, no script; on this machine
//! only, with a secret of its own.
//!
//! | page | does |
//! |---|---|
//! | `GET /inbox` | what came in |
//! | `GET /inbox/bericht/{levering}` | one message, opened for this page and kept nowhere |
//! | `POST …/bevestigen` | received and read: the hub gets our signed word, and the content goes |
//! | `POST …/inzage/{deel}` | a view-only part, once: asked, decided and logged |
//! | `GET`, `POST …/antwoord/{soort}` | a form from the catalogue's schema: an answer, a request for the dossier (43), a mistake (59) |
//! | `GET /inbox/verzonden/{kenmerk}` | what became of it: decided why, and what would be allowed |

mod antwoord;
mod bericht;
mod bewaking;
mod bladzijde;
mod deelvel;
mod formulier;
mod inhoud;
mod lijst;
mod namen;
mod personen;
mod regels;
mod schema;
mod sessie;
mod tijd;
mod toegang;
mod verzonden;
mod woorden;

use actix_web::{HttpResponse, http::header, middleware::from_fn, web};
use inbreng_domain::{Problem, ProblemCode};

use crate::{
    engine::{Aanneemfout, Leesfout, Omgeving, Werkfout},
    geheim::Geheim,
    local::Antwoordfout,
    store::Opslagfout,
};

pub(crate) use sessie::{Sessie, Sessies};

/// The inbox of one adapter.
#[derive(Debug)]
pub struct Inbox {
    /// What a person shows to log in.
    pub(crate) geheim: Geheim,
    /// Who is logged in.
    pub(crate) sessies: Sessies,
}

impl Inbox {
    /// With this secret.
    #[must_use]
    pub fn new(geheim: Geheim) -> Self {
        Self { geheim, sessies: Sessies::default() }
    }
}

/// The query of a page that renews itself.
const VANZELF: &str = "vanzelf";

type Gedeeld = web::Data<Omgeving>;
/// The largest form: every part full of text, in the letters that a browser writes as three.
const GROOTSTE_FORMULIER: usize = 1024 * 1024;
/// What a form holds, in its order.
type Ingevuld = Vec<(String, String)>;

/// Whether this path is one of the inbox.
pub(crate) fn is_hier(pad: &str) -> bool {
    pad == "/inbox" || pad.starts_with("/inbox/")
}

/// Puts the pages on their paths.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let scope = web::scope("/inbox")
        .wrap(from_fn(bewaking::bewaken))
        .app_data(web::FormConfig::default().limit(GROOTSTE_FORMULIER))
        .route("/stijl.css", web::get().to(stijl))
        .route("/aanmelden", web::get().to(toegang::pagina))
        .route("/aanmelden", web::post().to(toegang::aanmelden))
        .route("/afmelden", web::post().to(toegang::afmelden))
        .route("", web::get().to(lijst::pagina))
        .route("/bericht/{levering}", web::get().to(bericht::pagina))
        .route("/bericht/{levering}/bevestigen", web::post().to(bericht::bevestigen))
        .route("/bericht/{levering}/inzage/{deel}", web::post().to(bericht::inzage))
        .route("/bericht/{levering}/antwoord/{soort}", web::get().to(antwoord::pagina))
        .route("/bericht/{levering}/antwoord/{soort}", web::post().to(antwoord::versturen))
        .route("/verzonden/{kenmerk}", web::get().to(verzonden::pagina))
        .default_service(web::to(onbekend));
    config.service(scope);
}

async fn stijl() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(bladzijde::STIJL)
}

async fn onbekend() -> Result<HttpResponse, Paginafout> {
    Err(Problem::new(ProblemCode::NietGevonden).into())
}

fn html(pagina: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(pagina)
}

/// After a form: another page, so that reloading sends nothing again.
fn naar(pad: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, pad)).finish()
}

/// Refuses a form that no page of this session made.
fn eigen_formulier(sessie: &Sessie, ingevuld: &[(String, String)]) -> Result<(), Paginafout> {
    if sessie.klopt(formulier::gekozen(ingevuld, "formulier")) {
        return Ok(());
    }
    let mut problem = Problem::new(ProblemCode::TokenOngeldig);
    problem.title = "Dit formulier is verlopen".to_owned();
    problem.detail = "Ga terug naar het bericht en vul het formulier opnieuw in. Er is niets verstuurd.".to_owned();
    Err(problem.into())
}

/// Why a page cannot be shown: a page by itself.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.code)]
struct Paginafout(Box<Problem>);

impl From<Problem> for Paginafout {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<Werkfout> for Paginafout {
    fn from(fout: Werkfout) -> Self {
        Self(Antwoordfout::from(fout).in_problem())
    }
}

impl From<Opslagfout> for Paginafout {
    fn from(fout: Opslagfout) -> Self {
        Werkfout::from(fout).into()
    }
}

impl From<Aanneemfout> for Paginafout {
    fn from(fout: Aanneemfout) -> Self {
        Self(Antwoordfout::from(fout).in_problem())
    }
}

impl From<Leesfout> for Paginafout {
    fn from(fout: Leesfout) -> Self {
        Self(Antwoordfout::from(fout).in_problem())
    }
}

impl actix_web::ResponseError for Paginafout {
    fn status_code(&self) -> actix_web::http::StatusCode {
        actix_web::http::StatusCode::from_u16(self.0.status).unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code())
            .content_type("text/html; charset=utf-8")
            .body(bladzijde::probleem("Inbreng", None, &self.0))
    }
}
