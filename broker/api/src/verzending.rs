//! An answer on its way: it counts, and keeps its place in the room for answers, until its last byte was taken or nobody takes it any
//! more. It is handed over in small pieces, so that what is not read stays here, where it is counted.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{
    body::{BodySize, MessageBody},
    http::Method,
    web::Bytes,
};
use inbreng_domain::{Oin, ProblemCode};

use crate::{
    invoer::ruimte::{Plek, Ruimte},
    knooppunt::Een,
    verbindingen::Bezig,
};

/// Bytes that are handed over at a time.
const STUK: usize = 16 * 1024;

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct Verzending {
    rest: Bytes,
    grootte: BodySize,
    /// What it keeps until it is gone.
    _plek: Option<Plek>,
    _onderhanden: Option<Een>,
    _bezig: Option<Bezig>,
}

impl Verzending {
    /// An answer with its place: a request in progress, of the process and of its connection, as long as it is not sent.
    pub(crate) fn new(
        inhoud: Bytes,
        grootte: BodySize,
        plek: Option<Plek>,
        onderhanden: Option<Een>,
        mut bezig: Option<Bezig>,
    ) -> Self {
        if let Some(bezig) = &mut bezig {
            bezig.antwoordt(inhoud.len(), Instant::now());
        }
        Self { rest: inhoud, grootte, _plek: plek, _onderhanden: onderhanden, _bezig: bezig }
    }
}

/// A place for the answer to a request of this method. What was asked without doing anything may be asked again, and is refused
/// where there is no room; so is what is long, which nothing is that says that a thing was done.
///
/// # Errors
/// `te-vaak` where the organisation has its part on its way, `opslag-niet-beschikbaar` where all together have everything.
pub(crate) fn plek(ruimte: &Ruimte, van: Option<Oin>, methode: &Method, bytes: usize) -> Result<Plek, ProblemCode> {
    let mut plek = ruimte.plek(van, bytes);
    plek.antwoord(bytes, !methode.is_safe())?;
    Ok(plek)
}

impl MessageBody for Verzending {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.grootte
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let stuk = self.rest.len().min(STUK);
        Poll::Ready(Some(Ok(self.rest.split_to(stuk))))
    }
}
