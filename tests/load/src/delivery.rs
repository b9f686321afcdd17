//! From post to the recipient's hands on an idle hub: the recipient waits in a long poll, one message at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use inbreng_domain::levering::{Levering, Postvak};
use inbreng_domain::receipts::Ontvangst;
use inbreng_domain::{Clock, Oin, clock::SystemClock};
use inbreng_proof::{SigningKey, Typ, digest_of, jws};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::client::{Bearer, Target, connect, expect, percentile};
use crate::messages::{ONE, Sealer, oin_of, signing_key};
use crate::process::{Floor, Hub};
use crate::region::{Region, SENDER};
use crate::table::{Figure, Table};
use crate::{Extent, Outcome};

/// Of the form that is measured here.
const RECIPIENT: &str = "veilig-thuis";
/// Time in which a poll reaches the hub and waits there.
const SETTLE: Duration = Duration::from_millis(10);
/// Messages before the clock runs.
const WARM: usize = 3;

/// Adds the figures.
pub async fn measure(table: &mut Table, region: &Region, hub: &Hub, floor: &Floor, extent: Extent) -> Outcome {
    let bodies = Arc::new(Sealer::open(region, ONE)?).seal(extent.deliveries + WARM).await?.bodies;
    let client = connect(region, SENDER)?;
    let sender = Target::hub(&client, region, &hub.base, SENDER).await?;
    let recipient = Arc::new(Recipient::open(region, &hub.base, RECIPIENT).await?);
    let bare = Target::floor(&client, &floor.base);

    let (mut accepted, mut delivered, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for (n, body) in bodies.into_iter().enumerate() {
        let bottom = bare.post(body.clone()).await?;
        let poll = tokio::spawn({
            let recipient = Arc::clone(&recipient);
            async move { recipient.next().await }
        });
        tokio::time::sleep(SETTLE).await;
        let begin = Instant::now();
        let until_accepted = sender.post(body).await?;
        let (levering, at) = poll.await??;
        recipient.receive(&levering).await?;
        if n >= WARM {
            floors.push(bottom);
            accepted.push(until_accepted);
            delivered.push(at.duration_since(begin));
        }
    }
    table.accepted(accepted.len());
    for times in [&mut accepted, &mut delivered, &mut floors] {
        times.sort_unstable();
    }
    for (name, percent, bar) in [("p50", 50, ""), ("p99", 99, "≤ 20 ms")] {
        table.add(
            Figure::new(format!("delivery-{name}"), "post to delivery, idle hub", percentile(&delivered, percent), "ms")
                .floor("bare chain, one request", percentile(&floors, percent))
                .bar(bar),
        );
        table.add(
            Figure::new(format!("accept-idle-{name}"), "post to the 202, idle hub", percentile(&accepted, percent), "ms")
                .floor("bare chain, one request", percentile(&floors, percent)),
        );
    }
    Ok(())
}

/// A recipient with its mailbox.
pub struct Recipient {
    client: Client,
    base: String,
    bearer: Bearer,
    oin: Oin,
    key: SigningKey,
}

impl Recipient {
    /// Connects a partner as recipient.
    pub async fn open(region: &Region, base: &str, slug: &'static str) -> Outcome<Self> {
        let client = connect(region, slug)?;
        Ok(Self {
            bearer: Bearer::open(&client, region, base, slug, "postvak").await?,
            client,
            base: base.to_owned(),
            oin: oin_of(region, slug)?,
            key: signing_key(region, slug)?,
        })
    }

    /// Asks for the next token.
    pub async fn renew(&self, region: &Region) -> Outcome {
        self.bearer.renew(&self.client, region).await
    }

    /// One look in the mailbox from a place on, waiting for the first delivery; says when its last byte was there.
    pub async fn look(&self, place: Option<&str>) -> Outcome<(Postvak, Instant)> {
        let after = place.map(|p| format!("&na={p}")).unwrap_or_default();
        let request = self.client.get(format!("{}/v1/postvak?wacht=30{after}", self.base)).bearer_auth(self.bearer.get());
        let body = expect(request.send().await?, StatusCode::OK).await?;
        let at = Instant::now();
        Ok((serde_json::from_slice(&body)?, at))
    }

    /// Waits for the next delivery; says when its last byte was there.
    async fn next(&self) -> Outcome<(Levering, Instant)> {
        let (mailbox, at) = self.look(None).await?;
        match <[Levering; 1]>::try_from(mailbox.leveringen) {
            Ok([levering]) => Ok((levering, at)),
            Err(other) => Err(format!("{} deliveries where one was sent", other.len()).into()),
        }
    }

    /// Signs for it, so that the mailbox is empty again.
    pub async fn receive(&self, levering: &Levering) -> Outcome {
        let word = Ontvangst {
            levering: levering.id,
            bericht: levering.bericht.id,
            digest: digest_of(&levering.bericht.data.bericht)?,
            delen: levering.bericht.data.delen.iter().map(|d| d.labels.id).collect(),
            ontvanger: self.oin,
            tijd: SystemClock.now(),
        };
        let body = json!({"verklaring": jws::sign(&self.key, Typ::Ontvangst, &word)?}).to_string();
        let url = format!("{}/v1/leveringen/{}/ontvangst", self.base, levering.id);
        let request = self.client.post(url).header("content-type", "application/json").body(body).bearer_auth(self.bearer.get());
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        if status.is_success() { Ok(()) } else { Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()) }
    }
}
