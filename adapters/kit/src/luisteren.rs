//! What bounds a listener of ours, whoever calls: the headers of a request, the time that it takes to come in, how long a connection rests
//! and how many there are. As a hub's, where it can be: behind ours stands one organisation, which calls itself, and its hub.

use std::time::Duration;

use actix_web::{
    ResponseError,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Bytes,
};
use futures_util::{StreamExt, future::ready, stream};
use inbreng_domain::{Problem, ProblemCode};

use crate::local::Antwoordfout;

/// Bytes of all headers and the target of a request together.
const KOPPEN: usize = 16 * 1024;
/// How long the headers of a request may take to come in, and a connection to ask its first.
pub(crate) const KOPTIJD: Duration = Duration::from_secs(5);
/// How long a body may take to come in.
const INLEZEN: Duration = Duration::from_secs(20);
/// How long a connection of the hub may rest: longer than the hub keeps one, half a minute, so that none ends under a request. One of the own
/// system rests shorter: what was said over it is in memory as long.
pub(crate) const RUST_KNOOPPUNT: Duration = Duration::from_secs(60);
/// See [`RUST_KNOOPPUNT`].
pub(crate) const RUST: Duration = Duration::from_secs(5);
/// How long a connection that ends may take.
pub(crate) const AFSCHEID: Duration = Duration::from_secs(5);
/// Connections at a time; the next waits until one ends.
pub(crate) const VERBINDINGEN: usize = 256;

/// Refuses headers that are longer than any that would be answered. Around everything else.
pub(crate) async fn koppen<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let koppen: usize = req.headers().iter().map(|(naam, waarde)| naam.as_str().len() + waarde.len() + 4).sum();
    let doel = req.uri().path_and_query().map_or(0, |doel| doel.as_str().len());
    if koppen + doel > KOPPEN {
        return Ok(weigeren(req, ProblemCode::KopregelsTeGroot).map_into_right_body());
    }
    Ok(next.call(req).await?.map_into_left_body())
}

/// Reads the body, so that one that does not come takes nobody's time. Within everything that refuses without it.
pub(crate) async fn inlezen<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Ok(lichaam) = tokio::time::timeout(INLEZEN, req.extract::<Bytes>()).await else {
        return Ok(weigeren(req, ProblemCode::TeTraag).map_into_right_body());
    };
    req.set_payload(Payload::Stream { payload: stream::once(ready(Ok(lichaam?))).boxed_local() });
    Ok(next.call(req).await?.map_into_left_body())
}

fn weigeren(req: ServiceRequest, code: ProblemCode) -> ServiceResponse {
    req.into_response(Antwoordfout::from(Problem::new(code)).error_response())
}
