//! Requests in numbers, for monitoring: how many, how they went, how long they took. Labels come from the list of operations and
//! of codes, so that they are bounded; none says anything about a partner, a person, a case or a message.

use std::time::Duration;

use actix_web::http::Method;
use inbreng_domain::ProblemCode;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// The route of an address that is none of ours.
const GEEN: &str = "geen";
/// Upper bounds of the times, in seconds: from one millisecond, doubling, to the longest wait of a mailbox.
const GRENZEN: [f64; 17] =
    [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Verzoek {
    methode: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

/// The numbers of the partner listener since the process began.
#[derive(Debug)]
pub struct Metrieken {
    verzoeken: Family<Verzoek, Counter>,
    geweigerd: Family<Code, Counter>,
    duur: Family<Route, Histogram, fn() -> Histogram>,
}

impl Default for Metrieken {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(GRENZEN);
        let geweigerd = Family::<Code, Counter>::default();
        // From the start at none: of a number that is not there, the first is no increase, and nobody would be told of it.
        geweigerd.get_or_create_owned(&Code { code: ProblemCode::SchijfVol.as_str() });
        Self { verzoeken: Family::default(), geweigerd, duur: Family::new_with_constructor(histogram) }
    }
}

impl Metrieken {
    /// Counts one answer: the pattern of its route, not its address.
    pub(crate) fn verzoek(&self, methode: &Method, route: Option<&str>, status: u16, code: Option<&'static str>, duur: Duration) {
        let route = route.unwrap_or(GEEN).to_owned();
        self.duur.get_or_create(&Route { route: route.clone() }).observe(duur.as_secs_f64());
        self.verzoeken.get_or_create(&Verzoek { methode: bekend(methode), route, status }).inc();
        if let Some(code) = code {
            self.geweigerd.get_or_create(&Code { code }).inc();
        }
    }

    /// Adds these numbers to a page.
    pub fn registreren(&self, registry: &mut Registry) {
        registry.register("verzoeken", "Verzoeken van partners, per route en status", self.verzoeken.clone());
        registry.register("verzoeken_geweigerd", "Geweigerde verzoeken, per code", self.geweigerd.clone());
        registry.register(
            "verzoek_duur_seconden",
            "Hoe lang een verzoek duurde, per route; een postvak wacht zo lang als gevraagd",
            self.duur.clone(),
        );
    }
}

/// A method is whatever a client writes; a label is one of these.
const fn bekend(methode: &Method) -> &'static str {
    match *methode {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "anders",
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text;

    use super::*;

    #[test]
    fn what_a_client_makes_up_makes_no_label() {
        let metrieken = Metrieken::default();
        let vreemd = Method::from_bytes(b"VERZONNEN").unwrap();
        metrieken.verzoek(&vreemd, None, 404, None, Duration::from_millis(3));
        metrieken.verzoek(&Method::POST, Some("/v1/berichten"), 403, Some("niet-toegestaan"), Duration::from_millis(3));
        metrieken.verzoek(&Method::POST, Some("/v1/berichten"), 403, Some("niet-toegestaan"), Duration::from_millis(30));
        let mut registry = Registry::with_prefix("inbreng");
        metrieken.registreren(&mut registry);
        let mut page = String::new();
        text::encode(&mut page, &registry).unwrap();
        for line in [
            "inbreng_verzoeken_total{methode=\"anders\",route=\"geen\",status=\"404\"} 1",
            "inbreng_verzoeken_total{methode=\"POST\",route=\"/v1/berichten\",status=\"403\"} 2",
            "inbreng_verzoeken_geweigerd_total{code=\"niet-toegestaan\"} 2",
            "inbreng_verzoeken_geweigerd_total{code=\"schijf-vol\"} 0",
            "inbreng_verzoek_duur_seconden_bucket{le=\"0.004\",route=\"/v1/berichten\"} 1",
            "inbreng_verzoek_duur_seconden_count{route=\"/v1/berichten\"} 2",
        ] {
            assert!(page.lines().any(|l| l == line), "{line} in\n{page}");
        }
        assert!(!page.contains("VERZONNEN"));
    }
}
