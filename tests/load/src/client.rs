//! A partner as the hub meets it, and the load client: many requests under way, every answer looked at.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use inbreng_domain::{Clock, Randomness, clock::SystemClock, envelope::MEDIA_TYPE};
use inbreng_proof::{SystemRandomness, certificate::thumbprint};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Certificate, Client, Identity, Response, StatusCode};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};

use crate::Outcome;
use crate::messages::oin_of;
use crate::region::Region;

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    /// Accepted per second.
    pub rate: f64,
    /// Time to each answer, sorted.
    pub times: Vec<Duration>,
}

/// A client with a partner's TLS certificate, over HTTP/1.1: a connection for each request under way.
pub fn connect(region: &Region, slug: &str) -> Outcome<Client> {
    let folder = region.partner(slug);
    let mut pem = std::fs::read(folder.join("tls.pem"))?;
    pem.extend(std::fs::read(folder.join("tls.key"))?);
    Ok(Client::builder()
        .tls_backend_rustls()
        .tls_certs_only([Certificate::from_pem(&std::fs::read(region.pki().join("root.pem"))?)?])
        .identity(Identity::from_pem(&pem)?)
        .http1_only()
        .tcp_nodelay(true)
        .pool_max_idle_per_host(1024)
        .no_proxy()
        .build()?)
}

/// An access token for this scope (`private_key_jwt`).
pub async fn token(client: &Client, region: &Region, base: &str, slug: &str, scope: &str) -> Outcome<String> {
    let folder = region.partner(slug);
    let oin = oin_of(region, slug)?;
    let hub = std::fs::read_to_string(region.pki().join("knooppunt/oin.txt"))?;
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(thumbprint(&CertificateDer::from_pem_file(folder.join("ondertekening.pem"))?));
    let mut jti = [0; 16];
    SystemRandomness.fill(&mut jti);
    let now = SystemClock.now().unix_millis() / 1000;
    let claims = json!({
        "iss": oin, "sub": oin, "aud": format!("urn:nld:oin:{}", hub.trim()),
        "jti": uuid::Builder::from_random_bytes(jti).into_uuid(), "iat": now, "exp": now + 50,
    });
    let key = EncodingKey::from_ec_pem(&std::fs::read(folder.join("ondertekening.key"))?)?;
    // Every value is made of characters that a form leaves as they are, but for the colons.
    let form = format!(
        "grant_type=client_credentials&scope={scope}&client_assertion_type={}&client_assertion={}",
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        encode(&header, &claims, &key)?
    );
    let request = client.post(format!("{base}/v1/token")).header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer: Value = serde_json::from_slice(&expect(request.send().await?, StatusCode::OK).await?)?;
    Ok(answer.get("access_token").and_then(Value::as_str).ok_or("a token answer without a token")?.to_owned())
}

/// A partner's token for one scope. Five minutes is its life: who sends for longer asks for the next one in time.
#[derive(Debug)]
pub struct Bearer {
    base: String,
    slug: &'static str,
    scope: &'static str,
    current: RwLock<String>,
}

impl Bearer {
    /// Asks for the first one.
    pub async fn open(client: &Client, region: &Region, base: &str, slug: &'static str, scope: &'static str) -> Outcome<Self> {
        let current = RwLock::new(token(client, region, base, slug, scope).await?);
        Ok(Self { base: base.to_owned(), slug, scope, current })
    }

    /// Asks for the next one; requests that are under way keep the old.
    pub async fn renew(&self, client: &Client, region: &Region) -> Outcome {
        let next = token(client, region, &self.base, self.slug, self.scope).await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// As it is now.
    pub fn get(&self) -> String {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The body of an answer that must have this status.
pub async fn expect(answer: Response, status: StatusCode) -> Outcome<Vec<u8>> {
    let got = answer.status();
    let body = answer.bytes().await?;
    if got == status { Ok(body.to_vec()) } else { Err(format!("{got}: {}", String::from_utf8_lossy(&body)).into()) }
}

/// Where messages go.
#[derive(Debug, Clone)]
pub struct Target {
    client: Client,
    url: String,
    bearer: Option<Arc<Bearer>>,
}

impl Target {
    /// The hub.
    pub async fn hub(client: &Client, region: &Region, base: &str, slug: &'static str) -> Outcome<Self> {
        let bearer = Some(Arc::new(Bearer::open(client, region, base, slug, "berichten").await?));
        Ok(Self { client: client.clone(), url: format!("{base}/v1/berichten"), bearer })
    }

    /// The bare chain.
    pub fn floor(client: &Client, base: &str) -> Self {
        Self { client: client.clone(), url: format!("{base}/kaal"), bearer: None }
    }

    /// Asks for the next token.
    pub async fn renew(&self, region: &Region) -> Outcome {
        match &self.bearer {
            Some(bearer) => bearer.renew(&self.client, region).await,
            None => Ok(()),
        }
    }

    /// Posts one message, which must be accepted: 202.
    pub async fn post(&self, body: Vec<u8>) -> Outcome<Duration> {
        let begin = Instant::now();
        let mut request = self.client.post(&self.url).header("content-type", MEDIA_TYPE).body(body);
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer.get());
        }
        expect(request.send().await?, StatusCode::ACCEPTED).await?;
        Ok(begin.elapsed())
    }

    /// Posts every body once, so many at a time; the first that is not accepted ends the run with what was answered.
    pub async fn post_all(&self, bodies: &Arc<Vec<Vec<u8>>>, connections: usize) -> Outcome<Run> {
        let next = Arc::new(AtomicUsize::new(0));
        let begin = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                let (target, bodies, next) = (self.clone(), Arc::clone(bodies), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                        times.push(target.post(body.clone()).await?);
                    }
                    Outcome::Ok(times)
                })
            })
            .collect();
        let mut times = Vec::with_capacity(bodies.len());
        for task in tasks {
            times.extend(task.await??);
        }
        let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
        times.sort_unstable();
        Ok(Run { rate, times })
    }
}

/// A percentile of sorted times, in milliseconds.
pub fn percentile(times: &[Duration], percent: usize) -> f64 {
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).copied().unwrap_or_default().as_secs_f64() * 1e3
}
