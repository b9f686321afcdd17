//! The door of the inbox: a session for everything but logging in, forms only from our own pages, and headers that leave a
//! browser nothing to run, to frame or to keep.

use actix_web::{
    HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
};

use super::{Gedeeld, naar, sessie::Sessie};

/// The cookie. No `__Host-` before its name: that asks TLS, and this is loopback.
pub(super) const KOEKJE: &str = "inbreng-postvak";

/// Nothing but our own stylesheet, forms to ourselves, and in no frame.
const BELEID: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const KOPPEN: &[(&str, &str)] = &[
    ("content-security-policy", BELEID),
    ("cache-control", "no-store"),
    // To ourselves only. With `no-referrer` a browser sends our own forms with `Origin: null` (Fetch, "append a request Origin
    // header"), which is refused.
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// The middleware around the pages.
pub(super) async fn bewaken<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut antwoord = match weigering(&req) {
        Some(antwoord) => req.into_response(antwoord).map_into_right_body(),
        None => match next.call(req).await {
            Ok(antwoord) => antwoord.map_into_left_body(),
            Err(fout) => return Err(fout),
        },
    };
    for (naam, waarde) in KOPPEN {
        antwoord.headers_mut().insert(HeaderName::from_static(naam), HeaderValue::from_static(waarde));
    }
    Ok(antwoord)
}

fn weigering(req: &ServiceRequest) -> Option<HttpResponse> {
    let Some(omgeving) = req.app_data::<Gedeeld>() else { return Some(kaal(StatusCode::INTERNAL_SERVER_ERROR)) };
    let Some(inbox) = &omgeving.inbox else { return Some(kaal(StatusCode::NOT_FOUND)) };
    if req.method() != Method::GET && req.method() != Method::POST {
        return Some(kaal(StatusCode::METHOD_NOT_ALLOWED));
    }
    if req.method() == Method::POST && !van_onszelf(req) {
        return Some(kaal(StatusCode::FORBIDDEN));
    }
    if matches!(req.path(), "/inbox/aanmelden" | "/inbox/stijl.css") {
        return None;
    }
    match koekje(req.headers())
        .and_then(|sleutel| inbox.sessies.vinden(&sleutel, omgeving.clock.now(), req.query_string() == super::VANZELF))
    {
        Some(sessie) => {
            req.extensions_mut().insert::<Sessie>(sessie);
            None
        }
        None => Some(naar("/inbox/aanmelden")),
    }
}

/// Whether a browser says that a form came from our own pages. The form's own token is asked besides.
fn van_onszelf(req: &ServiceRequest) -> bool {
    let kop = |naam: &str| req.headers().get(naam).and_then(|v| v.to_str().ok());
    let formulier = kop("content-type").is_some_and(|s| s.split(';').next() == Some("application/x-www-form-urlencoded"));
    let site = kop("sec-fetch-site").is_none_or(|s| s == "same-origin" || s == "none");
    let herkomst = kop("origin").is_none_or(|o| kop("host").is_some_and(|h| o == format!("http://{h}")));
    formulier && site && herkomst
}

fn kaal(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body("Dat kan hier niet.")
}

/// What the browser shows.
pub(super) fn koekje(koppen: &header::HeaderMap) -> Option<String> {
    let alle = koppen.get_all(header::COOKIE).filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    alle.filter_map(|paar| paar.trim().split_once('=')).find(|(naam, _)| *naam == KOEKJE).map(|(_, w)| w.to_owned())
}
