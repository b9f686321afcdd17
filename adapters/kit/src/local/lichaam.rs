//! The body of a call: JSON, no larger than a message may be. What is neither is refused in the words of the contract.

use actix_web::{FromRequest, HttpRequest, dev::Payload, error::PayloadError, http::header, web};
use futures_util::future::LocalBoxFuture;
use inbreng_domain::{Problem, ProblemCode, limits::Limits};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::antwoord::Antwoordfout;

/// A body as it came, sent as JSON.
pub(super) struct Lichaam(web::Bytes);

impl Lichaam {
    pub(super) fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    /// As JSON, read as strictly as everything from outside.
    pub(super) fn json(&self) -> Result<Value, Antwoordfout> {
        inbreng_proof::parse_strict(&self.0, Limits::default().nesting).map_err(|fout| {
            let code = match fout {
                inbreng_proof::StrictError::TooDeep => ProblemCode::TeDiep,
                _ => ProblemCode::GeenJson,
            };
            Problem::new(code).into()
        })
    }

    /// As a request of this form.
    pub(super) fn als<T: DeserializeOwned>(&self) -> Result<T, Antwoordfout> {
        serde_json::from_value(self.json()?).map_err(|_| Problem::new(ProblemCode::VeldOngeldig).into())
    }
}

impl FromRequest for Lichaam {
    type Error = Antwoordfout;
    type Future = LocalBoxFuture<'static, Result<Self, Antwoordfout>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // A page from elsewhere in a browser on this machine can post anything but JSON without asking first.
        let json = is_json(req);
        let bytes = web::Bytes::from_request(req, payload);
        Box::pin(async move {
            if !json {
                let mut problem = Problem::new(ProblemCode::MediatypeOnbekend);
                "Stuur JSON, met Content-Type: application/json.".clone_into(&mut problem.detail);
                return Err(problem.into());
            }
            bytes.await.map(Self).map_err(|fout| {
                let te_groot = matches!(fout.as_error(), Some(PayloadError::Overflow));
                Problem::new(if te_groot { ProblemCode::TeGroot } else { ProblemCode::GeenJson }).into()
            })
        })
    }
}

fn is_json(req: &HttpRequest) -> bool {
    let soort = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    soort.is_some_and(|s| s.split(';').next().is_some_and(|s| s.trim().eq_ignore_ascii_case("application/json")))
}

#[cfg(test)]
mod tests {
    use actix_web::{ResponseError as _, test::TestRequest};

    use super::*;

    async fn gelezen(soort: &str, lichaam: &'static str) -> Result<Value, u16> {
        let verzoek = TestRequest::post().insert_header((header::CONTENT_TYPE, soort)).app_data(web::PayloadConfig::new(16));
        let (req, mut payload) = verzoek.set_payload(lichaam).to_http_parts();
        let lichaam = Lichaam::from_request(&req, &mut payload).await;
        lichaam.and_then(|l| l.json()).map_err(|fout| fout.status_code().as_u16())
    }

    #[actix_web::test]
    async fn json_within_bounds_and_nothing_else() {
        let een = serde_json::json!({ "a": 1 });
        assert_eq!(gelezen("application/json", "{\"a\":1}").await, Ok(een.clone()));
        assert_eq!(gelezen("Application/JSON; charset=utf-8", "{\"a\":1}").await, Ok(een));
        assert_eq!(gelezen("text/plain", "{\"a\":1}").await, Err(415));
        assert_eq!(gelezen("application/json", "{\"a\":1,\"a\":2}").await, Err(400));
        assert_eq!(gelezen("application/json", "{\"a\":1,\"b\":123456}").await, Err(413));
    }
}
