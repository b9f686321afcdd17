//! The operations listener, loopback by default: alive, ready, and counts. No person, no case, no message.

use std::{fmt::Write, io, net::TcpListener};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    web::{self, Data},
};
use inbreng_api::Knooppunt;
use inbreng_domain::Problem;
use inbreng_storage::Tellingen;
use serde_json::json;

/// Serves on a bound socket.
///
/// # Errors
/// When the socket cannot be used.
pub fn luisteren(knooppunt: Data<Knooppunt>, socket: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(knooppunt.clone())
            .route("/healthz", web::get().to(healthz))
            .route("/readyz", web::get().to(readyz))
            .route("/tellingen", web::get().to(tellingen))
            .route("/metrics-lite", web::get().to(metrics))
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

/// The store answers, and certificates can be judged.
async fn readyz(knooppunt: Data<Knooppunt>) -> HttpResponse {
    let opslag = knooppunt.hub.checkpoint().await.is_ok();
    let certificaten = knooppunt.clock.now() < knooppunt.vertrouwen.lijsten_tot();
    let stand = json!({ "gereed": opslag && certificaten, "opslag": opslag, "certificaten": certificaten });
    if opslag && certificaten { HttpResponse::Ok().json(stand) } else { HttpResponse::ServiceUnavailable().json(stand) }
}

/// Counts, as JSON.
async fn tellingen(knooppunt: Data<Knooppunt>) -> HttpResponse {
    match knooppunt.hub.tellingen().await {
        Ok(tellingen) => HttpResponse::Ok().json(tellingen),
        Err(fout) => probleem(&fout.problem()),
    }
}

/// Counts, as lines that a collector reads.
async fn metrics(knooppunt: Data<Knooppunt>) -> HttpResponse {
    match knooppunt.hub.tellingen().await {
        Ok(tellingen) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(regels(&tellingen)),
        Err(fout) => probleem(&fout.problem()),
    }
}

fn probleem(problem: &Problem) -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type("application/problem+json").json(problem)
}

fn regels(tellingen: &Tellingen) -> String {
    let mut uit = String::new();
    let mut regel = |naam: &str, label: Option<(&str, &str)>, aantal: u64| {
        let label = label.map_or_else(String::new, |(naam, waarde)| format!("{{{naam}=\"{waarde}\"}}"));
        // Writing to a string does not fail.
        let _ = writeln!(uit, "inbreng_{naam}{label} {aantal}");
    };
    regel("berichten", None, tellingen.berichten);
    regel("leveringen", None, tellingen.leveringen);
    regel("leveringen_open", None, tellingen.open);
    regel("dode_letters", None, tellingen.dode_letters);
    regel("verantwoordelijkheid_overgedragen", None, tellingen.overgedragen);
    regel("logboek_bladen", None, tellingen.bladen);
    for (uitkomst, aantal) in &tellingen.besluiten {
        regel("besluiten", Some(("uitkomst", uitkomst)), *aantal);
    }
    for (regel_id, aantal) in &tellingen.weigeringen {
        regel("weigeringen", Some(("regel", regel_id)), *aantal);
    }
    uit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_per_count() {
        let mut tellingen = Tellingen { berichten: 3, ..Tellingen::default() };
        tellingen.weigeringen.insert("R8".into(), 1);
        let text = regels(&tellingen);
        assert!(text.contains("inbreng_berichten 3\n") && text.contains("inbreng_weigeringen{regel=\"R8\"} 1\n"), "{text}");
    }
}
