//! The local REST interface, for the partner's own system: on loopback only, in the partner's own format, and only for who
//! shows the secret that both share (`Authorization: Bearer …`).
//!
//! | call | does |
//! |---|---|
//! | `POST /<mapped path>` | takes a message; 202 once it is durable; `?wacht=n` waits that many seconds for the hub |
//! | `POST /toets/<mapped path>` | "mag dit?", without sending |
//! | `POST /klaar/<mapped path>` | prepares it without sharing (R36) |
//! | `GET /klaargezet`, `POST /klaargezet/{kenmerk}/openen`, `DELETE /klaargezet/{kenmerk}` | what lies ready; sends it; throws it away |
//! | `GET /verzonden/{kenmerk}` | how far it is, who received and read it when |
//! | `POST /verzonden/{kenmerk}/opnieuw` | has what the hub could not bring (a dead letter) brought again |
//! | `GET /postbus` | what came in; in the own format where the own system must still take it |
//! | `POST /postbus/{levering}/ontvangen` | the own system has it (where it fetches by itself) |
//! | `POST /postbus/{levering}/gelezen` | a human has read it |
//! | `POST /inzage/{deel}` | reads a view-only part, once, now |
//! | `GET /plichten` | what the own organisation still has to do |
//! | `POST /overzichten` | what was shared about a person, for that person (R33) |
//! | `POST /verzonden/{kenmerk}/toets-achteraf` | what its privacy officer found of a decision in an emergency |
//! | `GET /gezondheid` | whether store and hub answer, what waits, what alarms there are |
//! | `GET /healthz`, `GET /readyz` | the same in a word, without a secret |
//! | `GET /metrics` | numbers for Prometheus |
//! | `GET /openapi.json` | all of this as an OpenAPI document |

mod antwoord;
mod berichten;
mod bewaking;
mod eindpunt;
mod gezondheid;
mod inzage;
mod klaargezet;
mod lichaam;
mod metrieken;
mod openapi;
mod overzicht;
mod plichten;
mod postbus;
mod tellers;
mod verzonden;

use std::{net::SocketAddr, sync::Arc};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};
use inbreng_domain::{ProblemCode, limits::Limits};

use crate::{engine::Omgeving, luisteren as grenzen};

pub use antwoord::Antwoordfout;

type Gedeeld = web::Data<Omgeving>;

/// Binds the listener. The server does nothing until it is awaited.
///
/// # Errors
/// When the address is taken.
pub fn luisteren(omgeving: Arc<Omgeving>, adres: SocketAddr) -> std::io::Result<(Server, SocketAddr)> {
    let gedeeld = web::Data::from(omgeving);
    let tellers = web::Data::new(tellers::Tellers::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(gedeeld.clone())
            .app_data(tellers.clone())
            .wrap(from_fn(grenzen::inlezen))
            .wrap(from_fn(bewaking::klok))
            .wrap(from_fn(bewaking::eigen_machine))
            .wrap(from_fn(grenzen::koppen))
            .wrap(from_fn(tellers::tellen))
            .app_data(web::PayloadConfig::new(Limits::default().message_bytes))
            .app_data(web::QueryConfig::default().error_handler(|_, _| antwoord::adres_ongeldig(ProblemCode::VeldOngeldig)))
            .app_data(web::PathConfig::default().error_handler(|_, _| antwoord::adres_ongeldig(ProblemCode::NietGevonden)))
            .configure(crate::inbox::routes)
            .configure(eindpunt::routes)
            .default_service(web::to(antwoord::onbekend))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(5)
    .keep_alive(grenzen::RUST)
    .client_request_timeout(grenzen::KOPTIJD)
    .client_disconnect_timeout(grenzen::AFSCHEID)
    .max_connections(grenzen::VERBINDINGEN)
    .bind(adres)?;
    let gebonden = server.addrs().first().copied().unwrap_or(adres);
    Ok((server.run(), gebonden))
}
