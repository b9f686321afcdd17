//! What holds for every answer: version header, no caching, no sniffing; and a bound on the headers of every request. What is
//! not found is answered on a beat, whatever was looked at before it was known.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::{
    ResponseError,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::{self, Bytes},
};
use inbreng_domain::ProblemCode;

use crate::{
    Antwoordfout, Ruimte, access,
    antwoordfout::Weigering,
    identity::partner_van,
    invoer::ruimte::Plek,
    knooppunt::Knooppunt,
    verbindingen::Bewaking,
    verzending::{self, Verzending},
};

/// Full version of the API, in every answer (NL GOV API Design Rules, /core/version-header).
pub const API_VERSIE: &str = "1.0.0";
/// The header that carries it.
pub const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// "Not found" is answered at a whole number of these after the request. Whether a thing is not there or is held from whoever
/// asks, must not show in how long the answer took (R16, R21); what is done for the one and not for the other takes some hundreds
/// of microseconds, and goes under in this.
const MAAT: Duration = Duration::from_millis(20);

/// Requests of one connection at a time; HTTP/2 itself knows no bound.
const TEGELIJK: usize = 1024;

/// The middleware around all endpoints.
pub(crate) async fn afspraken<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let knooppunt = req.app_data::<web::Data<Knooppunt>>().cloned();
    let bewaking = req.request().conn_data::<Rc<Bewaking>>().cloned();
    let bezig = bewaking.as_ref().map(|bewaking| bewaking.begint(Instant::now()));
    let onderhanden = match &knooppunt {
        Some(knooppunt) => Some(knooppunt.onderhanden.begin().await),
        None => None,
    };
    let begin = Instant::now();
    let nummer = access::verzoeknummer(&req);
    let hoogstens = knooppunt.as_ref().map_or(usize::MAX, |k| k.grenzen.koppen);
    let vol = knooppunt.as_ref().and_then(|k| k.antwoorden.open(partner_van(req.request())).err());
    let weigering = if omvang(&req) > hoogstens {
        Some(ProblemCode::KopregelsTeGroot)
    } else if bewaking.is_some_and(|bewaking| bewaking.bezig() > TEGELIJK) {
        Some(ProblemCode::TeVaak)
    } else {
        vol
    };
    let antwoord = match weigering {
        Some(code) => req.into_response(Antwoordfout::van(code).error_response()).map_into_right_body(),
        None => next.call(req).await?.map_into_left_body(),
    };
    let (mut antwoord, inhoud, plek) = met_plek(knooppunt.as_deref().map(|k| &k.antwoorden), antwoord);
    vaste_koppen(antwoord.headers_mut());
    if let Some(nummer) = nummer {
        antwoord.headers_mut().insert(access::X_REQUEST_ID, nummer);
    }
    vastleggen(&antwoord);
    if knooppunt.as_ref().is_some_and(|k| *k.stopt.borrow()) {
        // Of HTTP/1.1: whoever asks again does so elsewhere.
        antwoord.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    if let Some(knooppunt) = &knooppunt {
        missers(knooppunt, &antwoord);
        tellen(knooppunt, &antwoord, begin.elapsed());
    }
    if antwoord.status() == StatusCode::NOT_FOUND {
        tokio::time::sleep(tot_de_maat(begin.elapsed())).await;
    }
    Ok(antwoord.map_body(|_, grootte| Verzending::new(inhoud, grootte, plek, onderhanden, bezig)))
}

/// Takes the body out of an answer, with the place that it has; an answer that has none becomes a refusal.
fn met_plek<B: MessageBody>(
    ruimte: Option<&Ruimte>,
    antwoord: ServiceResponse<B>,
) -> (ServiceResponse<BodySize>, Bytes, Option<Plek>) {
    let (req, antwoord) = antwoord.into_parts();
    let (antwoord, inhoud) = antwoord.into_parts();
    let grootte = inhoud.size();
    // Every answer is whole when it begins; one that is not could not be counted.
    let geteld = inhoud.try_into_bytes().map_err(|_| ProblemCode::InterneFout).and_then(|inhoud| {
        let plek = ruimte.map(|r| verzending::plek(r, partner_van(&req), req.method(), inhoud.len())).transpose()?;
        Ok((inhoud, plek))
    });
    match geteld {
        Ok((inhoud, plek)) => (ServiceResponse::new(req, antwoord.set_body(grootte)), inhoud, plek),
        Err(code) => {
            let (weigering, zin) = Antwoordfout::van(code).error_response().into_parts();
            let grootte = zin.size();
            let zin = zin.try_into_bytes().unwrap_or_default();
            (ServiceResponse::new(req, weigering.set_body(grootte)), zin, None)
        }
    }
}

/// How long until the next beat.
fn tot_de_maat(verstreken: Duration) -> Duration {
    let volgende = verstreken.as_nanos() / MAAT.as_nanos() + 1;
    let einde = u32::try_from(volgende).ok().and_then(|n| MAAT.checked_mul(n));
    einde.unwrap_or(verstreken).saturating_sub(verstreken)
}

/// One line for a refusal: which operation (its pattern, never the address itself), which organisation, which code, why.
fn vastleggen<B>(antwoord: &ServiceResponse<B>) {
    let Some(Weigering { code, oorzaak, .. }) = antwoord.response().extensions().get::<Weigering>().cloned() else { return };
    let req = antwoord.request();
    let methode = req.method().as_str();
    let route = req.match_pattern().unwrap_or_default();
    let partner = partner_van(req).map_or_else(String::new, |oin| oin.to_string());
    let status = antwoord.status().as_u16();
    if status >= 500 {
        tracing::error!(gebeurtenis = "geweigerd", code = %code, status, methode, route, partner, oorzaak);
    } else {
        tracing::info!(gebeurtenis = "geweigerd", code = %code, status, methode, route, partner, oorzaak);
    }
}

/// Counts what someone who guesses would get. Proofs are asked by hashes that are no secret, and too early as well.
fn missers<B>(knooppunt: &Knooppunt, antwoord: &ServiceResponse<B>) {
    let misser = antwoord.response().extensions().get::<Weigering>().is_some_and(|w| w.misser);
    let req = antwoord.request();
    if !misser || req.path().starts_with("/v1/logboek/") {
        return;
    }
    if let Some(partner) = partner_van(req)
        && knooppunt.drempels.misser(partner)
    {
        tracing::warn!(gebeurtenis = "te-veel-missers", %partner);
    }
}

/// Counts the request by its operation, never by its address.
fn tellen<B>(knooppunt: &Knooppunt, antwoord: &ServiceResponse<B>, duur: Duration) {
    let req = antwoord.request();
    let code = antwoord.response().extensions().get::<Weigering>().map(|w| w.code.as_str());
    let route = req.match_pattern();
    knooppunt.metrieken.verzoek(req.method(), route.as_deref(), antwoord.status().as_u16(), code, duur);
}

fn omvang(req: &ServiceRequest) -> usize {
    let koppen: usize = req.headers().iter().map(|(naam, waarde)| naam.as_str().len() + waarde.len() + 4).sum();
    koppen + req.uri().path_and_query().map_or(0, |target| target.as_str().len())
}

fn vaste_koppen(koppen: &mut HeaderMap) {
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
    const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
    koppen.insert(API_VERSION, HeaderValue::from_static(API_VERSIE));
    koppen.insert(header::CACHE_CONTROL, NO_STORE);
    koppen.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    koppen.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_found_is_answered_on_a_beat() {
        let ms = Duration::from_millis;
        for (verstreken, einde) in
            [(ms(0), ms(20)), (Duration::from_micros(300), ms(20)), (ms(19), ms(20)), (ms(20), ms(40)), (ms(31), ms(40))]
        {
            assert_eq!(verstreken + tot_de_maat(verstreken), einde);
        }
    }
}
