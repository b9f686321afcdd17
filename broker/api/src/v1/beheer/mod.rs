//! The endpoints for officers' tools: the life of a policy version, the parties of a covenant, where it is applied more strictly
//! than it asks, and dead letters.

mod activeringen;
mod convenant;
mod convenanten;
mod dode_letters;
mod goedkeuringen;
mod herbezorgen;
mod indienen;
mod inhoud;
mod intrekking;
mod noodgebruik;
mod simulaties;
mod strengheid;
mod toetredingen;
mod toets;
mod uittredingen;
mod versie;
mod versies;
mod wijzigingen;

use actix_web::http::header::{ETag, EntityTag};

use crate::eindpunt::Eindpunt;

/// Every endpoint of this group, in the order of the document.
pub(super) fn eindpunten() -> Vec<Eindpunt> {
    vec![
        versies::eindpunt(),
        indienen::eindpunt(),
        versie::eindpunt(),
        inhoud::eindpunt(),
        toets::eindpunt(),
        simulaties::eindpunt(),
        wijzigingen::eindpunt(),
        goedkeuringen::eindpunt(),
        activeringen::eindpunt(),
        intrekking::eindpunt(),
        convenanten::eindpunt(),
        convenant::eindpunt(),
        toetredingen::eindpunt(),
        uittredingen::eindpunt(),
        strengheid::eindpunt(),
        noodgebruik::eindpunt(),
        dode_letters::eindpunt(),
        herbezorgen::eindpunt(),
    ]
}

/// A number that counts up with every change: of a version its last step, of a statement its own.
pub(super) fn etag(stand: u32) -> ETag {
    ETag(EntityTag::new_strong(stand.to_string()))
}
