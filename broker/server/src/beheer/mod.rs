//! The operations listener, loopback by default: alive, ready, and counts. No person, no case, no message. One word is taken: that the clock
//! is right, of who has the hub's keys.

mod metrieken;
mod ruimte;

use std::{io, net::TcpListener};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    http::StatusCode,
    web::{self, Data},
};
use inbreng_api::Knooppunt;
use inbreng_domain::Problem;
use metrieken::Stand;
pub use ruimte::Meter;
use serde_json::json;

use crate::klokwoord::{self, Deur};

/// Serves on a bound socket.
///
/// # Errors
/// When the socket cannot be used.
pub fn luisteren(knooppunt: Data<Knooppunt>, deur: Deur, meter: Meter, socket: TcpListener) -> io::Result<Server> {
    let (deur, meter) = (Data::new(deur), Data::new(meter));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(knooppunt.clone())
            .app_data(deur.clone())
            .app_data(meter.clone())
            .route(klokwoord::PAD, web::post().to(klok))
            .route("/healthz", web::get().to(healthz))
            .route("/readyz", web::get().to(readyz))
            .route("/tellingen", web::get().to(tellingen))
            .route("/metrics", web::get().to(metrics))
    })
    .workers(1)
    .shutdown_timeout(1)
    .disable_signals()
    .listen(socket)?;
    Ok(server.run())
}

/// The process answers.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "stand": "leeft" }))
}

/// The store answers, certificates can be judged, and the clock is not before the log.
async fn readyz(knooppunt: Data<Knooppunt>) -> HttpResponse {
    let Stand { opslag, certificaten, klok } = stand(&knooppunt).await;
    let gereed = opslag && certificaten && klok;
    let mut stand = json!({ "gereed": gereed, "opslag": opslag, "certificaten": certificaten, "klok": klok });
    if let (Some(bus), Some(stand)) = (knooppunt.hub.bus(), stand.as_object_mut()) {
        // Without it the hub accepts, and brings more slowly: no reason to send partners elsewhere.
        stand.insert("bus".to_owned(), crate::bus::weergave(bus));
    }
    if gereed { HttpResponse::Ok().json(stand) } else { HttpResponse::ServiceUnavailable().json(stand) }
}

async fn stand(knooppunt: &Knooppunt) -> Stand {
    Stand {
        opslag: knooppunt.hub.checkpoint().await.is_ok(),
        certificaten: knooppunt.clock.now() < knooppunt.vertrouwen.lijsten_tot(),
        klok: knooppunt.hub.klok_achter().is_none(),
    }
}

/// Counts, as JSON.
async fn tellingen(knooppunt: Data<Knooppunt>) -> HttpResponse {
    match knooppunt.hub.tellingen().await {
        Ok(tellingen) => HttpResponse::Ok().json(tellingen),
        Err(fout) => probleem(&fout.problem()),
    }
}

/// Somebody looked at the clock.
async fn klok(knooppunt: Data<Knooppunt>, deur: Data<Deur>, woord: web::Bytes) -> HttpResponse {
    match deur.nemen(&woord, &*knooppunt.clock).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            HttpResponse::build(status).content_type("application/problem+json").json(problem)
        }
    }
}

/// The same and more, for a collector: also when the store does not answer, since then somebody must be told.
async fn metrics(knooppunt: Data<Knooppunt>, meter: Data<Meter>) -> HttpResponse {
    let tellingen = knooppunt.hub.tellingen().await.ok();
    let ruimte = meter.ruimte().await;
    match metrieken::bladzijde(&knooppunt, stand(&knooppunt).await, tellingen.as_ref(), ruimte) {
        Ok(bladzijde) => HttpResponse::Ok().content_type(metrieken::SOORT).body(bladzijde),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn probleem(problem: &Problem) -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type("application/problem+json").json(problem)
}
