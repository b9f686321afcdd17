//! Who may call: the own system, on this machine, with the secret that it shares with us. A browser on the same machine must
//! not be used against it: a page from elsewhere cannot post JSON without asking first (which is never answered, and nothing but JSON
//! is taken: `lichaam.rs`), nor reach us under a name of its own.

use actix_web::{
    ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderValue},
    middleware::Next,
};
use inbreng_domain::{Problem, ProblemCode};

use super::{Gedeeld, antwoord::Antwoordfout, eindpunt};

/// The middleware around the local interface.
pub(super) async fn eigen_machine<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    losmaken(req.headers_mut());
    match weigering(&req) {
        Some(code) => {
            let mut problem = Problem::new(code);
            if code == ProblemCode::TokenOngeldig {
                problem.title = "Geheim ontbreekt of klopt niet".to_owned();
                problem.detail =
                    "Stuur het geheim van deze adapter mee, als Authorization: Bearer …. Het staat in het bestand dat \
                                  luister.geheim in de configuratie noemt."
                        .to_owned();
            }
            let mut antwoord = Antwoordfout::from(problem).error_response();
            if code == ProblemCode::TokenOngeldig {
                antwoord.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Ok(req.into_response(antwoord).map_into_right_body())
        }
        None => Ok(next.call(req).await?.map_into_left_body()),
    }
}

/// Gives headers memory of their own. As they come they are slices of what the connection read, and the server keeps a request that is
/// over, with its headers, to use it again: the message that came with it would stay in memory as long.
fn losmaken(koppen: &mut HeaderMap) {
    koppen.retain(|_, waarde| HeaderValue::from_bytes(waarde.as_bytes()).map(|eigen| *waarde = eigen).is_ok());
}

fn weigering(req: &ServiceRequest) -> Option<ProblemCode> {
    // The header itself: `connection_info` would believe a forwarded name.
    let host = req.headers().get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !is_lokaal(host) {
        return Some(ProblemCode::NietGevonden);
    }
    let inbox = req.app_data::<Gedeeld>().is_some_and(|o| o.inbox.is_some()) && crate::inbox::is_hier(req.path());
    // The inbox has a door of its own.
    if inbox || eindpunt::is_open(req.path()) {
        return None;
    }
    let bekend = req.app_data::<Gedeeld>().is_some_and(|omgeving| {
        let kop = req.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        omgeving.geheim.klopt(kop)
    });
    (!bekend).then_some(ProblemCode::TokenOngeldig)
}

fn is_lokaal(host: &str) -> bool {
    let zonder_poort = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    matches!(zonder_poort, "localhost" | "127.0.0.1" | "::1")
}

/// By a clock that is before what is stored, what may change something is answered "not now": whoever brings it keeps it.
pub(super) async fn klok<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let stand = match req.app_data::<Gedeeld>() {
        Some(omgeving) if !req.method().is_safe() => omgeving.klok_bij_opslag(),
        _ => Ok(()),
    };
    match stand {
        Err(fout) => Ok(req.into_response(Antwoordfout::from(fout).error_response()).map_into_right_body()),
        Ok(()) => Ok(next.call(req).await?.map_into_left_body()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine() {
        for goed in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:80"] {
            assert!(is_lokaal(goed), "{goed}");
        }
        for fout in ["", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::2]:80"] {
            assert!(!is_lokaal(fout), "{fout}");
        }
    }
}
