//! A recipient to which the hub brings: its callback, registered at the hub and signed for by the covenant manager.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use inbreng_certs::Pki;
use inbreng_domain::Code;
use inbreng_domain::clock::SystemClock;
use inbreng_domain::levering::Levering;
use inbreng_domain::terugroep::{Bestemming, Bezorgschema};
use reqwest::StatusCode;
use tokio::sync::{Mutex, mpsc};

use crate::client::{connect, expect, token};
use crate::messages::oin_of;
use crate::region::Region;
use crate::{Outcome, floor};

/// What came, and when its last byte was there.
type Brought = (Levering, Instant);

/// A callback. What it takes is asked for with [`Self::next`].
pub struct Callback {
    handle: ServerHandle,
    take: Mutex<mpsc::Receiver<Brought>>,
    slug: &'static str,
    number: u32,
}

impl Callback {
    /// Listens, and has the hub bring from now on. `number` counts up with every statement of this partner.
    pub async fn open(region: &Region, base: &str, slug: &'static str, number: u32) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let (hand, take) = mpsc::channel::<Brought>(1024);
        let hand = web::Data::new(hand);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(hand.clone())
                .app_data(web::PayloadConfig::new(16 << 20))
                .route("/leveringen", web::post().to(accept))
        })
        .workers(1)
        .tcp_nodelay(true)
        .disable_signals()
        .listen_rustls_0_23(listener, floor::tls(&region.pki(), &region.partner(slug))?)?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        let schema = Bezorgschema::new(vec![1], 15, 100, 3_600)?;
        let destination = Bestemming { adres: format!("https://localhost:{port}/leveringen").parse()?, schema };
        place(region, base, slug, number, Some(destination)).await?;
        Ok(Self { handle, take: Mutex::new(take), slug, number })
    }

    /// The next delivery that was brought.
    pub async fn next(&self) -> Outcome<Brought> {
        self.take.lock().await.recv().await.ok_or_else(|| "the callback has ended".into())
    }

    /// Fetches again from now on.
    pub async fn close(&self, region: &Region, base: &str) -> Outcome {
        place(region, base, self.slug, self.number + 1, None).await?;
        self.handle.stop(false).await;
        Ok(())
    }
}

/// The partner's signed statement, placed at the hub.
async fn place(region: &Region, base: &str, slug: &str, number: u32, destination: Option<Bestemming>) -> Outcome {
    let pki = Pki::open(&region.pki(), Arc::new(SystemClock))?;
    let statement = serde_json::to_vec(&pki.terugroep(&Code::parse(slug)?, number, destination)?)?;
    let client = connect(region, slug)?;
    let token = token(&client, region, base, slug, "gids").await?;
    let request = client.put(format!("{base}/v1/partners/{}/terugroep", oin_of(region, slug)?)).bearer_auth(token);
    let answer = request.header("content-type", "application/json").body(statement).send().await?;
    expect(answer, StatusCode::NO_CONTENT).await.map(drop)
}

/// Takes it; the receipt follows by its own call, as with what is fetched.
async fn accept(body: web::Bytes, hand: web::Data<mpsc::Sender<Brought>>) -> HttpResponse {
    let at = Instant::now();
    let Ok(levering) = serde_json::from_slice(&body) else { return HttpResponse::BadRequest().finish() };
    if hand.send((levering, at)).await.is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Accepted().finish()
}
