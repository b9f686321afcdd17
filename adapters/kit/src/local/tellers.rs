//! How often each route was called, and with what status. A route is a pattern (`/verzonden/{kenmerk}`) or one word for all
//! paths of the mapping: what a caller writes in a path never becomes a label.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

/// The counters of one adapter.
#[derive(Debug, Default)]
pub(super) struct Tellers(Mutex<BTreeMap<(String, &'static str), u64>>);

impl Tellers {
    fn tel(&self, route: String, status: u16) {
        let mut tellers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let teller = tellers.entry((route, soort(status))).or_default();
        *teller = teller.saturating_add(1);
    }

    /// What was counted, as labels and values.
    pub(super) fn stand(&self) -> Vec<(Vec<(&'static str, String)>, u64)> {
        let tellers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rij = |((route, status), aantal): (&(String, &'static str), &u64)| {
            (vec![("route", route.clone()), ("status", (*status).to_owned())], *aantal)
        };
        tellers.iter().map(rij).collect()
    }
}

/// One class of statuses.
const fn soort(status: u16) -> &'static str {
    match status {
        0..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// The middleware that counts.
pub(super) async fn tellen<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let route = match req.match_pattern() {
        Some(patroon) => patroon.replace("/{pad:.*}", "/{mapping}"),
        None => "onbekend".to_owned(),
    };
    let tellers = req.app_data::<web::Data<Tellers>>().cloned();
    let antwoord = next.call(req).await;
    if let Some(tellers) = tellers {
        let status = antwoord.as_ref().map_or_else(|fout| fout.as_response_error().status_code(), |a| a.status());
        tellers.tel(route, status.as_u16());
    }
    antwoord
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_per_route_and_class() {
        let tellers = Tellers::default();
        for status in [200, 202, 401, 503] {
            tellers.tel("/postbus".to_owned(), status);
        }
        let stand = tellers.stand();
        assert_eq!(stand.iter().map(|(l, n)| (l[1].1.as_str(), *n)).collect::<Vec<_>>(), [("2xx", 2), ("4xx", 1), ("5xx", 1)]);
    }
}
