//! One endpoint: where it is, who may use it, what runs, and how it is documented. The routes, the answers to wrong methods
//! and the API document all come from the same list, so they cannot differ.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, Route, Scope,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    web,
};
use inbreng_domain::ProblemCode;

use crate::{Antwoordfout, access, identity::Bereik, openapi::Operatie, v1};

/// Who may use an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Anyone: the API document.
    Open,
    /// A partner by its certificate: the token endpoint.
    Certificaat,
    /// A partner with a token that carries this scope.
    Token(Bereik),
}

/// One endpoint.
pub(crate) struct Eindpunt {
    /// The method.
    pub(crate) methode: Method,
    /// The path below the base of its API, with parameters as `{naam}`.
    pub(crate) pad: &'static str,
    /// Who may use it.
    pub(crate) slot: Slot,
    /// What runs.
    pub(crate) route: fn() -> Route,
    /// Its documentation.
    pub(crate) operatie: fn() -> Operatie,
}

/// Where the API lives.
pub(crate) const BASIS: &str = "/v1";

/// Puts all endpoints under their base; what is not there is a problem too.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    for (basis, eindpunten) in
        [(BASIS, v1::eindpunten()), (access::BASIS, access::eindpunten()), (access::BEKEND, access::vindplaatsen())]
    {
        config.service(onder(basis, eindpunten));
    }
    config.default_service(web::to(niet_gevonden));
}

fn onder(basis: &str, eindpunten: Vec<Eindpunt>) -> Scope {
    let mut per_pad: BTreeMap<&'static str, Vec<Eindpunt>> = BTreeMap::new();
    for eindpunt in eindpunten {
        per_pad.entry(eindpunt.pad).or_default().push(eindpunt);
    }
    let mut scope = web::scope(basis);
    for (pad, eindpunten) in per_pad {
        let methoden = eindpunten.iter().map(|e| e.methode.as_str()).collect::<Vec<_>>().join(", ");
        let mut resource = web::resource(pad);
        for eindpunt in eindpunten {
            resource = resource.route((eindpunt.route)().method(eindpunt.methode));
        }
        scope = scope.service(resource.default_service(web::to(move || methode_onbekend(methoden.clone()))));
    }
    scope.default_service(web::to(niet_gevonden))
}

async fn methode_onbekend(methoden: String) -> Result<&'static str, Antwoordfout> {
    let fout = Antwoordfout::van(ProblemCode::MethodeOnbekend);
    Err(match HeaderValue::from_str(&methoden) {
        Ok(allow) => fout.kop(ALLOW, allow),
        Err(_) => fout,
    })
}

async fn niet_gevonden(_req: HttpRequest) -> Result<&'static str, Antwoordfout> {
    Err(ProblemCode::NietGevonden.into())
}
