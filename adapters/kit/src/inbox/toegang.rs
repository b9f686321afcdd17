//! Logging in and out.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};
use inbreng_domain::Code;

use super::{
    Gedeeld, Ingevuld, Paginafout, Sessie,
    bewaking::{KOEKJE, koekje},
    bladzijde, eigen_formulier,
    formulier::gekozen,
    html, naar,
};
use crate::engine::Omgeving;

/// A wrong secret costs this much: guessing 32 characters is hopeless, and this keeps it quiet.
const BOETE: Duration = Duration::from_secs(1);

pub(super) async fn pagina(omgeving: Gedeeld) -> HttpResponse {
    html(bladzijde::aanmelden(&omgeving.organisatie.naam, None, &functies(&omgeving)))
}

pub(super) async fn aanmelden(omgeving: Gedeeld, ingevuld: web::Form<Ingevuld>) -> HttpResponse {
    let opnieuw = |fout: &str| {
        let pagina = bladzijde::aanmelden(&omgeving.organisatie.naam, Some(fout), &functies(&omgeving));
        let mut antwoord = html(pagina);
        *antwoord.status_mut() = StatusCode::FORBIDDEN;
        antwoord
    };
    let Some(inbox) = &omgeving.inbox else { return opnieuw("Dit postvak is er niet.") };
    let geheim = gekozen(&ingevuld, "geheim").unwrap_or_default();
    if !inbox.geheim.klopt(Some(&format!("Bearer {geheim}"))) {
        tracing::warn!("postvak: aanmelden met een verkeerd geheim");
        tokio::time::sleep(BOETE).await;
        return opnieuw("Dat geheim klopt niet. Het staat in het bestand dat inbox.geheim in de configuratie noemt.");
    }
    let Some(functie) = gekozen(&ingevuld, "functie").and_then(|f| Code::parse(&f.to_lowercase().replace(' ', "-")).ok()) else {
        return opnieuw("Vul uw functie in met letters, cijfers en streepjes, bijvoorbeeld intern-begeleider. Geen naam.");
    };
    let sleutel = inbox.sessies.beginnen(functie, omgeving.clock.now(), &*omgeving.random);
    let kop = format!("{KOEKJE}={}; Path=/inbox; HttpOnly; SameSite=Strict", *sleutel);
    HttpResponse::SeeOther().insert_header((header::LOCATION, "/inbox")).insert_header((header::SET_COOKIE, kop)).finish()
}

pub(super) async fn afmelden(
    omgeving: Gedeeld,
    req: HttpRequest,
    sessie: web::ReqData<Sessie>,
    ingevuld: web::Form<Ingevuld>,
) -> Result<HttpResponse, Paginafout> {
    eigen_formulier(&sessie, &ingevuld)?;
    if let (Some(inbox), Some(sleutel)) = (&omgeving.inbox, koekje(req.headers())) {
        inbox.sessies.eindigen(&sleutel);
    }
    let mut antwoord = naar("/inbox/aanmelden");
    let weg = format!("{KOEKJE}=; Path=/inbox; HttpOnly; SameSite=Strict; Max-Age=0");
    if let Ok(weg) = header::HeaderValue::from_str(&weg) {
        antwoord.headers_mut().insert(header::SET_COOKIE, weg);
    }
    Ok(antwoord)
}

/// The functions that the directory names for us: to choose from, not to be bound to.
fn functies(omgeving: &Omgeving) -> Vec<Code> {
    let gids = omgeving.boek.gids();
    gids.partner(omgeving.organisatie.oin).map(|p| p.vermelding.functies.clone()).unwrap_or_default()
}
