//! The caller's trace (W3C Trace Context), for the records of the decisions that a request leads to.

use actix_web::{HttpRequest, http::header::HeaderName};
use inbreng_pipeline::Spoor;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Does this as part of the caller's trace, where exactly one valid header gives it.
pub(crate) async fn volgen<F: Future>(req: &HttpRequest, werk: F) -> F::Output {
    let mut koppen = req.headers().get_all(TRACEPARENT);
    let spoor = match (koppen.next(), koppen.next()) {
        (Some(een), None) => een.to_str().ok().and_then(Spoor::lezen),
        _ => None,
    };
    Spoor::volgen(spoor, werk).await
}
