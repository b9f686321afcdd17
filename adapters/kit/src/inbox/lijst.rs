//! What came in.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::{Gedeeld, Paginafout, Sessie, bladzijde, tijd};
use crate::{
    engine::Omgeving,
    store::{Instand, Post},
};

/// Messages on the page.
const HOOGSTENS: u32 = 100;

pub(super) async fn pagina(omgeving: Gedeeld, sessie: web::ReqData<Sessie>) -> Result<HttpResponse, Paginafout> {
    let post = omgeving.opslag.postbus(HOOGSTENS).await?;
    let inhoud = html! {
        h1 { "Berichten" }
        @if post.is_empty() {
            p { "Er is nog niets binnengekomen. Deze pagina ververst niet vanzelf." }
        } @else {
            table {
                caption { "De nieuwste eerst. Wat nieuw is, staat vet." }
                thead { tr { th scope="col" { "Bericht" } th scope="col" { "Van" } th scope="col" { "Binnengekomen" } th scope="col" { "Stand" } } }
                tbody { @for een in &post { (rij(&omgeving, een)) } }
            }
        }
        p.klein { a href="/inbox" { "Opnieuw ophalen" } }
    };
    Ok(super::html(bladzijde::blad(&omgeving.organisatie.naam, Some(&sessie), "Berichten", &inhoud)))
}

fn rij(omgeving: &Omgeving, post: &Post) -> Markup {
    let nieuw = matches!(post.stand, Instand::Opgehaald | Instand::Geopend);
    html! {
        tr.nieuw[nieuw] {
            td { a href={ "/inbox/bericht/" (post.levering) } { (titel(omgeving, post)) } }
            td { (van(omgeving, post)) }
            td { (tijd::leesbaar(post.opgehaald_op)) }
            td { span.stand { (stand(post.stand)) } }
        }
    }
}

/// What people call the type of a message.
pub(super) fn titel(omgeving: &Omgeving, post: &Post) -> String {
    omgeving.catalogus.definitie(&post.soort).map_or_else(|| post.soort.to_string(), |d| d.titel.clone())
}

/// Who sent it, by the directory.
pub(super) fn van(omgeving: &Omgeving, post: &Post) -> String {
    let gids = omgeving.boek.gids();
    gids.partner(post.van).map_or_else(|| post.van.to_string(), |p| p.vermelding.naam.clone())
}

/// How far it is, in words.
pub(super) const fn stand(stand: Instand) -> &'static str {
    match stand {
        Instand::Opgehaald | Instand::Geopend => "nieuw",
        Instand::Afgeleverd => "gelezen, wordt gemeld",
        Instand::Gemeld => "gelezen en bevestigd",
        Instand::Geweigerd | Instand::WeigeringGemeld => "geweigerd: klopt niet",
        Instand::Vastgelopen => "vastgelopen",
    }
}
