//! The whole path under load: accepted, delivered over mutual TLS, and signed for; fetched by recipients in a long poll, and brought.
//!
//! First as fast as it goes, for the rate and for what it costs; then at half that rate, for the times. The second run sends by
//! the clock and not by the answers, and times count from the instant at which a message was due: who is held up is not left out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inbreng_domain::BerichtId;
use inbreng_domain::levering::Levering;
use reqwest::Client;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::accept;
use crate::client::{Target, connect, percentile};
use crate::delivery::Recipient;
use crate::messages::{Sealed, Sealer, Shape};
use crate::process::{Floor, Hub, own_cpu};
use crate::push::Callback;
use crate::region::{Region, SENDER};
use crate::table::{Figure, Table};
use crate::{Extent, Outcome, step};

/// Receipts under way at a time, per recipient.
const RECEIPTS: usize = 64;

/// What a run gave.
#[derive(Debug, Default)]
pub struct Run {
    /// From due to the last byte at a recipient; sorted.
    pub delivered: Vec<Duration>,
    /// From due to the answer to the signed receipt; sorted.
    pub signed: Vec<Duration>,
    /// From the first post to the last receipt.
    pub took: Duration,
}

/// Messages of a run, and when each was due.
#[derive(Debug)]
pub struct Batch {
    bodies: Vec<Vec<u8>>,
    places: HashMap<BerichtId, usize>,
    due: Vec<std::sync::OnceLock<Instant>>,
    /// Receipts that the hub has answered.
    signed: AtomicUsize,
}

impl Batch {
    /// Of what was sealed.
    pub fn new(sealed: Sealed) -> Arc<Self> {
        let places = sealed.ids.into_iter().enumerate().map(|(n, id)| (id, n)).collect();
        let due = sealed.bodies.iter().map(|_| std::sync::OnceLock::new()).collect();
        Arc::new(Self { bodies: sealed.bodies, places, due, signed: AtomicUsize::new(0) })
    }

    /// How many receipts the hub has answered so far.
    pub fn signed(&self) -> usize {
        self.signed.load(Ordering::Relaxed)
    }

    fn since_due(&self, id: BerichtId, at: Instant) -> Option<Duration> {
        let due = self.due.get(*self.places.get(&id)?)?.get()?;
        Some(at.saturating_duration_since(*due))
    }
}

/// What each task adds.
#[derive(Debug)]
enum Share {
    Sent,
    Handed(Vec<Duration>),
    Signed(Vec<Duration>),
}

/// Sender and recipients of a shape.
pub struct Path {
    /// The sender at each hub: its connections take turns.
    senders: Vec<Target>,
    recipients: Vec<Recipiency>,
}

impl Path {
    /// Connects sender and recipients, which fetch. Of several hubs the sender uses all, and recipients begin at the last: what is
    /// accepted by one is delivered by another.
    pub async fn open(region: &Region, hubs: &[Hub], client: &Client, shape: Shape) -> Outcome<Self> {
        let (mut senders, mut recipients) = (Vec::new(), Vec::new());
        for hub in hubs {
            senders.push(Target::hub(client, region, &hub.base, SENDER).await?);
        }
        for (slug, hub) in shape.recipients().iter().zip(hubs.iter().rev().cycle()) {
            recipients.push((Arc::new(Recipient::open(region, &hub.base, slug).await?), None));
        }
        Ok(Self { senders, recipients })
    }

    /// Asks for everyone's next token.
    pub async fn renew(&self, region: &Region) -> Outcome {
        for sender in &self.senders {
            sender.renew(region).await?;
        }
        for (recipient, _) in &self.recipients {
            recipient.renew(region).await?;
        }
        Ok(())
    }
}

/// A recipient, and its callback where the hub brings.
type Recipiency = (Arc<Recipient>, Option<Arc<Callback>>);

/// Adds the figures of one shape.
pub async fn measure(table: &mut Table, region: &Region, hub: &Hub, floor: &Floor, shape: Shape, extent: Extent) -> Outcome {
    let key = shape.key;
    let sealer = Arc::new(Sealer::open(region, shape)?);
    let client = connect(region, SENDER)?;
    let open = async || Path::open(region, std::slice::from_ref(hub), &client, shape).await;

    step(&format!("whole path {key}: sealing"));
    let warm = Batch::new(sealer.seal(extent.connections * 2).await?);
    let full = sealer.seal(extent.messages).await?;
    step(&format!("whole path {key}: the bare chain"));
    let bodies = Arc::new(full.bodies.clone());
    let target = Target::floor(&client, &floor.base);
    let bare = accept::side(&target, &floor.process, &Arc::new(warm.bodies.clone()), &bodies, extent).await?;

    step(&format!("whole path {key}: as fast as it goes"));
    let path = open().await?;
    run(&path, &warm, extent.connections, None).await?;
    let (server, own) = (hub.process.cpu()?, own_cpu()?);
    let fast = run(&path, &Batch::new(full), extent.connections, None).await?;
    let each = 1e3 / extent.messages.max(1) as f64;
    let (server, own) = ((hub.process.cpu()? - server) * each, (own_cpu()? - own) * each);
    let rate = extent.messages as f64 / fast.took.as_secs_f64();

    step(&format!("whole path {key}: at half that rate"));
    let half = Batch::new(sealer.seal(extent.messages / 2).await?);
    // Sealing may have outlived the tokens.
    let path = open().await?;
    let slow = run(&path, &half, extent.connections, Some(Duration::from_secs_f64(2.0 / rate))).await?;

    table.add(
        Figure::new(format!("whole-{key}"), "accepted, delivered and signed for, under load", rate, "/s")
            .floor("bare chain, same bytes", bare.run.rate)
            .bar(region.rate_bar()),
    );
    table.add(
        Figure::new(format!("whole-{key}-cpu"), "processor time of the hub per message, whole path", server, "ms")
            .floor("bare chain", bare.server),
    );
    table.add(
        Figure::new(format!("whole-{key}-client"), "processor time of sender and recipients per message", own, "ms")
            .floor("sender against the bare chain", bare.client),
    );
    for (name, percent) in [("p50", 50), ("p99", 99)] {
        let (handed, signed) = (percentile(&slow.delivered, percent), percentile(&slow.signed, percent));
        table.add(Figure::new(format!("whole-{key}-delivery-{name}"), "due to delivered, at half that rate", handed, "ms"));
        table.add(Figure::new(format!("whole-{key}-receipt-{name}"), "due to signed for, at half that rate", signed, "ms"));
    }
    table.accepted(extent.messages + extent.messages / 2);

    step(&format!("whole path {key}: brought instead of fetched"));
    let batch = Batch::new(sealer.seal(extent.messages).await?);
    let mut path = open().await?;
    for ((_, callback), slug) in path.recipients.iter_mut().zip(shape.recipients().iter().copied()) {
        *callback = Some(Arc::new(Callback::open(region, &hub.base, slug, 1).await?));
    }
    let before = hub.process.cpu()?;
    let brought = run(&path, &batch, extent.connections, None).await?;
    let cost = (hub.process.cpu()? - before) * each;
    for callback in path.recipients.iter().filter_map(|(_, callback)| callback.as_ref()) {
        callback.close(region, &hub.base).await?;
    }
    let brought = extent.messages as f64 / brought.took.as_secs_f64();
    table.add(
        Figure::new(format!("push-{key}"), "accepted, brought and signed for, under load", brought, "/s")
            .floor("the same, fetched", rate),
    );
    table.add(
        Figure::new(format!("push-{key}-cpu"), "processor time of the hub per message, brought", cost, "ms")
            .floor("the same, fetched", server),
    );
    table.accepted(extent.messages);
    Ok(())
}

/// Sends a batch, one message in each `pause` or as fast as answers come, until each recipient has signed for all of it.
pub async fn run(path: &Path, batch: &Arc<Batch>, connections: usize, pause: Option<Duration>) -> Outcome<Run> {
    let mut tasks: JoinSet<Outcome<Share>> = JoinSet::new();
    for (recipient, callback) in &path.recipients {
        let (hand, take) = mpsc::channel(1024);
        match callback {
            Some(callback) => tasks.spawn(take_in(Arc::clone(callback), Arc::clone(batch), hand)),
            None => tasks.spawn(collect(Arc::clone(recipient), Arc::clone(batch), hand)),
        };
        let take = Arc::new(Mutex::new(take));
        for _ in 0..RECEIPTS {
            tasks.spawn(sign(Arc::clone(recipient), Arc::clone(batch), Arc::clone(&take)));
        }
    }
    let begin = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    for sender in path.senders.iter().cycle().take(connections) {
        tasks.spawn(send(sender.clone(), Arc::clone(batch), Arc::clone(&next), begin, pause));
    }
    let mut run = Run::default();
    // The first failure ends all of it.
    while let Some(done) = tasks.join_next().await {
        match done?? {
            Share::Sent => {}
            Share::Handed(times) => run.delivered.extend(times),
            Share::Signed(times) => run.signed.extend(times),
        }
    }
    run.took = begin.elapsed();
    run.delivered.sort_unstable();
    run.signed.sort_unstable();
    Ok(run)
}

async fn send(
    target: Target,
    batch: Arc<Batch>,
    next: Arc<AtomicUsize>,
    begin: Instant,
    pause: Option<Duration>,
) -> Outcome<Share> {
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let (Some(body), Some(due)) = (batch.bodies.get(n), batch.due.get(n)) else { return Ok(Share::Sent) };
        let mut at = Instant::now();
        if let Some(pause) = pause {
            at = begin + pause.mul_f64(n as f64);
            tokio::time::sleep_until(at.into()).await;
        }
        due.get_or_init(|| at);
        target.post(body.clone()).await?;
    }
}

/// The recipient's long poll: one look behind the other, each from the place that the one before gave.
async fn collect(recipient: Arc<Recipient>, batch: Arc<Batch>, hand: mpsc::Sender<Box<Levering>>) -> Outcome<Share> {
    let (mut seen, mut times, mut place) = (HashSet::new(), Vec::new(), None);
    while times.len() < batch.bodies.len() {
        let (mailbox, at) = recipient.look(place.as_deref()).await?;
        // An answer without deliveries asks to begin again.
        place = (!mailbox.leveringen.is_empty()).then_some(mailbox.verder);
        for levering in mailbox.leveringen {
            // What an earlier run left is signed for too, and not counted.
            if seen.insert(levering.id) {
                times.extend(batch.since_due(levering.bericht.id, at));
                hand.send(Box::new(levering)).await.map_err(|_| "nobody signs any more")?;
            }
        }
    }
    Ok(Share::Handed(times))
}

/// What the hub brings: each delivery once, unless an answer was lost.
async fn take_in(callback: Arc<Callback>, batch: Arc<Batch>, hand: mpsc::Sender<Box<Levering>>) -> Outcome<Share> {
    let (mut seen, mut times) = (HashSet::new(), Vec::new());
    while times.len() < batch.bodies.len() {
        let (levering, at) = callback.next().await?;
        if seen.insert(levering.id) {
            times.extend(batch.since_due(levering.bericht.id, at));
            hand.send(Box::new(levering)).await.map_err(|_| "nobody signs any more")?;
        }
    }
    Ok(Share::Handed(times))
}

/// Signs for what was handed out, until nothing follows.
async fn sign(recipient: Arc<Recipient>, batch: Arc<Batch>, take: Arc<Mutex<mpsc::Receiver<Box<Levering>>>>) -> Outcome<Share> {
    let mut times = Vec::new();
    loop {
        let next = take.lock().await.recv().await;
        let Some(levering) = next else { return Ok(Share::Signed(times)) };
        recipient.receive(&levering).await?;
        times.extend(batch.since_due(levering.bericht.id, Instant::now()));
        batch.signed.fetch_add(1, Ordering::Relaxed);
    }
}
