//! What every request needs of the hub: its application, its tokens, its trust, its clock, its limits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{HttpRequest, web};
use inbreng_domain::{Clock, Oin, ProblemCode};
use inbreng_pipeline::Hub;
use tokio::sync::watch;

use crate::{Antwoordfout, drempels::Drempels, invoer::ruimte::Ruimte, metrieken::Metrieken, tls::Vertrouwen, token::Uitgever};

/// How long a request may take and how large its headers may be. How large its body may be the hub says ([`Hub::grenzen`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grenzen {
    /// Bytes of all request headers and the target together.
    pub koppen: usize,
    /// How long a request body may take to arrive, from its first byte.
    pub inlezen: Duration,
    /// The longest that a mailbox request may wait.
    pub wachten: Duration,
}

impl Default for Grenzen {
    fn default() -> Self {
        Self { koppen: 16 * 1024, inlezen: Duration::from_secs(30), wachten: Duration::from_secs(60) }
    }
}

/// The state behind all endpoints.
#[derive(Debug)]
pub struct Knooppunt {
    /// The hub's own OIN: audience of client assertions.
    pub oin: Oin,
    /// The application.
    pub hub: Arc<Hub>,
    /// Issues and checks access tokens.
    pub tokens: Uitgever,
    /// Certificate, anchors and revocation lists in use.
    pub vertrouwen: Arc<Vertrouwen>,
    /// The clock. Tokens and TLS go by the time of the machine.
    pub clock: Arc<dyn Clock>,
    /// The limits.
    pub grenzen: Grenzen,
    /// How often each partner may ask.
    pub drempels: Drempels,
    /// Base URL by which partners know the hub, without a slash at its end; absent: the name that each of them used.
    pub basis: Option<String>,
    /// Turns true when the hub stops: whoever waits then answers at once.
    pub stopt: watch::Receiver<bool>,
    /// Requests in progress.
    pub onderhanden: Onderhanden,
    /// Room for what they bring.
    pub ruimte: Ruimte,
    /// Room for what goes back, until it is read.
    pub antwoorden: Ruimte,
    /// What was asked and how it went, in numbers.
    pub metrieken: Metrieken,
}

/// Counts requests in progress, so that a hub that stops need not wait for idle connections.
#[derive(Debug, Default)]
pub struct Onderhanden {
    aantal: Arc<AtomicUsize>,
    dicht: AtomicBool,
}

/// One request in progress, until its answer was sent.
#[derive(Debug)]
pub(crate) struct Een(Arc<AtomicUsize>);

impl Drop for Een {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Onderhanden {
    /// How many there are.
    #[must_use]
    pub fn aantal(&self) -> usize {
        self.aantal.load(Ordering::SeqCst)
    }

    /// Begins none any more. What still comes over a connection that stays gets no answer until the process ends with its
    /// connections: whoever sent it knows that it was not taken, and goes to another hub; a refusal it would believe.
    pub fn sluiten(&self) {
        self.dicht.store(true, Ordering::SeqCst);
    }

    /// Counts one until the guard is dropped. Never resolves once closed.
    pub(crate) async fn begin(&self) -> Een {
        self.aantal.fetch_add(1, Ordering::SeqCst);
        let een = Een(Arc::clone(&self.aantal));
        // Counted first: whoever closes either sees it counted, or it sees that it is closed.
        if self.dicht.load(Ordering::SeqCst) {
            drop(een);
            return std::future::pending().await;
        }
        een
    }
}

impl Knooppunt {
    /// Resolves when the hub stops.
    pub(crate) async fn gestopt(&self) {
        let mut stopt = self.stopt.clone();
        if stopt.wait_for(|s| *s).await.is_err() {
            // Whoever could have said so is gone; wait with the request's own limit.
            std::future::pending::<()>().await;
        }
    }
}

/// The hub behind a request.
pub(crate) fn knooppunt(req: &HttpRequest) -> Result<&web::Data<Knooppunt>, Antwoordfout> {
    req.app_data::<web::Data<Knooppunt>>().ok_or_else(|| ProblemCode::InterneFout.into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_was_begun_is_waited_for_and_nothing_begins_once_closed() {
        let onderhanden = Onderhanden::default();
        let een = onderhanden.begin().await;
        assert_eq!(onderhanden.aantal(), 1);
        onderhanden.sluiten();
        assert!(tokio::time::timeout(Duration::from_millis(50), onderhanden.begin()).await.is_err(), "no answer, and no refusal");
        assert_eq!(onderhanden.aantal(), 1, "and it is not waited for");
        drop(een);
        assert_eq!(onderhanden.aantal(), 0);
    }
}
