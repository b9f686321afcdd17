//! What came in.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use inbreng_domain::{receipts::Weigeringscode, vocabulary::Urgentie};
use maud::{Markup, html};

use super::{Gedeeld, Paginafout, Sessie, VANZELF, bladzijde, tijd};
use crate::{
    engine::Omgeving,
    store::{Instand, Post, Stop},
};

/// Messages on the page.
const HOOGSTENS: u32 = 100;
/// How often the page renews itself, in seconds.
const VERVERSEN: u32 = 30;
/// The query of a page that does not: a person can stop what moves by itself (WCAG 2.2.1 and 2.2.2).
const STIL: &str = "stil";

pub(super) async fn pagina(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    req: HttpRequest,
) -> Result<HttpResponse, Paginafout> {
    let stil = req.query_string() == STIL;
    let post = omgeving.opslag.postbus_acuut_eerst(HOOGSTENS).await?;
    let acuut = post.iter().filter(|p| is_nieuw(p) && p.baan == Urgentie::Acuut).count();
    let inhoud = html! {
        h1 { "Berichten" }
        @if acuut > 0 {
            div.melding.fout role="alert" {
                strong { @if acuut == 1 { "Er is 1 acuut bericht ongelezen." } @else { "Er zijn " (acuut) " acute berichten ongelezen." } }
                " Lees dat eerst."
            }
        }
        @if post.is_empty() {
            p { "Er is nog niets binnengekomen." }
        } @else {
            table {
                caption { "Wat acuut is en nog niet is gelezen staat bovenaan, dan de nieuwste. Wat nieuw is, staat vet." }
                thead { tr { th scope="col" { "Bericht" } th scope="col" { "Van" } th scope="col" { "Binnengekomen" } th scope="col" { "Stand" } } }
                tbody { @for een in &post { (rij(&omgeving, een)) } }
            }
        }
        p.klein {
            @if stil {
                "Deze pagina ververst niet vanzelf. " a href={ "/inbox?" (STIL) } { "Nu ophalen" } " · " a href="/inbox" { "Weer vanzelf verversen" }
            } @else {
                "Deze pagina ververst elke halve minuut. " a href="/inbox" { "Nu ophalen" } " · " a href={ "/inbox?" (STIL) } { "Niet vanzelf verversen" }
            }
        }
    };
    // In the title a number and nothing of a message: it shows on a taskbar (R37).
    let titel = if acuut > 0 { format!("({acuut} acuut) Berichten") } else { "Berichten".to_owned() };
    let mut antwoord = HttpResponse::Ok();
    antwoord.content_type("text/html; charset=utf-8");
    if !stil {
        antwoord.insert_header((header::REFRESH, format!("{VERVERSEN}; url=/inbox?{VANZELF}")));
    }
    Ok(antwoord.body(bladzijde::blad(&omgeving.organisatie.naam, Some(&sessie), &titel, &inhoud)))
}

/// Whether a person has yet to read it, and may.
fn is_nieuw(post: &Post) -> bool {
    matches!(post.stand, Instand::Opgehaald | Instand::Geopend) && post.stop.is_none()
}

fn rij(omgeving: &Omgeving, post: &Post) -> Markup {
    html! {
        tr.nieuw[is_nieuw(post)] {
            td { a href={ "/inbox/bericht/" (post.levering) } { (titel(omgeving, post)) } (baan(post)) }
            td { (van(omgeving, post)) }
            td { (tijd::leesbaar(post.opgehaald_op)) }
            td { span.stand { (stand(post)) } }
        }
    }
}

/// The mark of what is acute.
pub(super) fn baan(post: &Post) -> Markup {
    html! { @if post.baan == Urgentie::Acuut { " " span.stand.acuut { "acuut" } } }
}

/// What people call the type of a message.
pub(super) fn titel(omgeving: &Omgeving, post: &Post) -> String {
    omgeving.catalogus.definitie(&post.soort).map_or_else(|| post.soort.to_string(), |d| d.titel.clone())
}

/// Who sent it, by the directory.
pub(super) fn van(omgeving: &Omgeving, post: &Post) -> String {
    omgeving.naam(post.van)
}

/// How far it is, in words.
pub(super) fn stand(post: &Post) -> &'static str {
    match (post.stand, post.stop, post.code) {
        (Instand::Opgehaald | Instand::Geopend, Some(Stop::Bevroren), _) => "bevroren: de afzender besluit nog",
        (Instand::Opgehaald | Instand::Geopend, Some(Stop::Terug), _)
        | (Instand::Geweigerd | Instand::WeigeringGemeld, _, Some(Weigeringscode::Teruggenomen)) => {
            "teruggenomen door de afzender"
        }
        (Instand::Opgehaald | Instand::Geopend, None, _) => "nieuw",
        (Instand::Afgeleverd, ..) => "gelezen, wordt gemeld",
        (Instand::Gemeld, ..) => "gelezen en bevestigd",
        (Instand::Geweigerd | Instand::WeigeringGemeld, ..) => "geweigerd: klopt niet",
        (Instand::Vastgelopen, ..) => "vastgelopen",
    }
}
