//! The caller's trace (W3C Trace Context), for the records of the decisions that a request leads to.

use actix_web::HttpRequest;
use inbreng_pipeline::Spoor;

use crate::koppen;

/// Does this as part of the caller's trace, where exactly one valid header gives it.
pub(crate) async fn volgen<F: Future>(req: &HttpRequest, werk: F) -> F::Output {
    Spoor::volgen(koppen::spoor(req.headers()), werk).await
}
