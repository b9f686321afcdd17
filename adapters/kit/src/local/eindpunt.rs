//! One endpoint of the local interface: where it is, who may call it, what runs, and how it is documented. Routes, guard and
//! document come from the same list, so they cannot differ.

use std::future::ready;

use actix_web::{Route, http::Method, web};

use super::{
    Gedeeld, antwoord, berichten, gezondheid, inzage, klaargezet, metrieken, openapi, openapi::Operatie, overzicht, plichten,
    postbus, verzonden,
};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// Anyone on this machine: only that the adapter lives, or is ready.
    Open,
    /// Who shows the secret of `luister.geheim`.
    Geheim,
}

/// Where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plek {
    /// One path, with parameters as `{naam}`.
    Vast(&'static str),
    /// What the mapping names, below this.
    Mapping(&'static str),
}

/// One endpoint.
pub(super) struct Eindpunt {
    pub(super) methode: Method,
    pub(super) plek: Plek,
    pub(super) slot: Slot,
    pub(super) route: fn() -> Route,
    pub(super) operatie: fn() -> Operatie,
}

/// All of them. What the mapping names comes last: its pattern takes everything.
pub(super) fn alle() -> Vec<Eindpunt> {
    vec![
        gezondheid::eindpunt(),
        gezondheid::leeft(),
        gezondheid::gereed(),
        metrieken::eindpunt(),
        openapi::eindpunt(),
        postbus::eindpunt(),
        postbus::eindpunt_ontvangen(),
        postbus::eindpunt_gelezen(),
        verzonden::eindpunt(),
        verzonden::eindpunt_opnieuw(),
        inzage::eindpunt(),
        klaargezet::eindpunt_lijst(),
        klaargezet::eindpunt_openen(),
        klaargezet::eindpunt_weg(),
        klaargezet::eindpunt_zetten(),
        plichten::eindpunt(),
        plichten::eindpunt_toets(),
        overzicht::eindpunt(),
        berichten::eindpunt_toets(),
        berichten::eindpunt(),
    ]
}

/// Puts them on their paths.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    let mut per_plek: Vec<(Plek, Vec<Eindpunt>)> = Vec::new();
    for eindpunt in alle() {
        match per_plek.iter_mut().find(|(plek, _)| *plek == eindpunt.plek) {
            Some((_, eindpunten)) => eindpunten.push(eindpunt),
            None => per_plek.push((eindpunt.plek, vec![eindpunt])),
        }
    }
    for (plek, eindpunten) in per_plek {
        let methoden = eindpunten.iter().map(|e| e.methode.as_str()).collect::<Vec<_>>().join(", ");
        let resource = match plek {
            Plek::Vast(pad) => web::resource(pad).default_service(web::to(move || ready(antwoord::methode_onbekend(&methoden)))),
            Plek::Mapping(voor) => web::resource(format!("{voor}/{{pad:.*}}")).default_service(web::to(
                move |omgeving: Gedeeld, pad: web::Path<String>| {
                    let bekend = omgeving.vertaling.paden().contains(&format!("/{pad}"));
                    let methoden = methoden.clone();
                    async move { if bekend { antwoord::methode_onbekend(&methoden) } else { antwoord::onbekend().await } }
                },
            )),
        };
        config.service(eindpunten.into_iter().fold(resource, |resource, een| resource.route((een.route)().method(een.methode))));
    }
}

/// Whether this path is open to whoever shows no secret.
pub(super) fn is_open(pad: &str) -> bool {
    alle().iter().any(|e| e.slot == Slot::Open && matches!(e.plek, Plek::Vast(vast) if vast == pad))
}
