//! A store that has grown: the same load on few messages and on many, and a start on many that nobody has fetched.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;

use crate::client::{Target, connect, percentile};
use crate::messages::{ONE, Sealer};
use crate::process::Hub;
use crate::region::{Region, SENDER};
use crate::table::{Figure, Table, median};
use crate::whole::{Batch, Path, Run, run};
use crate::{Extent, Outcome, step};

/// Messages that are sealed and sent at a time while the store grows: they lie in memory.
const PORTION: usize = 20_000;

/// How far a store grows.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    /// Messages in all.
    pub messages: usize,
    /// Of those at the end that nobody fetches.
    pub waiting: usize,
}

/// The figures.
pub async fn measure(region: &Region, inbreng: &FilePath, growth: Growth, extent: Extent) -> Outcome<Table> {
    if growth.messages < extent.few || growth.waiting == 0 {
        return Err(format!("at least {} messages, and one that waits", extent.few).into());
    }
    let mut table = Table::new(cfg!(debug_assertions));
    let load = Load { region, sealer: Arc::new(Sealer::open(region, ONE)?), client: connect(region, SENDER)?, extent };
    let hub = Hub::start(inbreng, region)?;

    step(&format!("grown: the first {} messages", extent.few));
    load.fill(&hub, extent.few).await?;
    let few = load.rounds(&hub).await?;
    let mut stored = extent.few + load.measured();
    while stored < growth.messages {
        let portion = PORTION.min(growth.messages - stored);
        load.fill(&hub, portion).await?;
        stored += portion;
        step(&format!("grown: {stored} messages"));
    }
    let many = load.rounds(&hub).await?;
    stored += load.measured();

    step(&format!("grown: {} that nobody fetches", growth.waiting));
    let mut left = growth.waiting;
    while left > 0 {
        let portion = PORTION.min(left);
        let bodies = Arc::new(load.sealer.seal(portion).await?.bodies);
        Target::hub(&load.client, region, &hub.base, SENDER).await?.post_all(&bodies, extent.connections).await?;
        left -= portion;
    }
    let memory = hub.process.memory_mib()?;
    hub.process.kill()?;
    let mut ready = Vec::new();
    for _ in 0..3 {
        let hub = Hub::start(inbreng, region)?;
        ready.push(hub.ready.as_secs_f64() * 1e3);
        hub.process.kill()?;
    }

    let beside = format!("with {} stored", extent.few);
    for (key, of) in [("grown-whole", Measured::rate as fn(&Measured) -> f64), ("grown-cpu", Measured::cpu)] {
        let (what, unit) = match key {
            "grown-whole" => (format!("whole path with {stored} stored"), "/s"),
            _ => (format!("processor time of the hub per message with {stored} stored"), "ms"),
        };
        table.add(Figure::new(key, what, of(&many), unit).floor(&beside, of(&few)));
    }
    for percent in [50, 99] {
        let at = |m: &Measured| percentile(&m.slow.delivered, percent);
        let what = format!("due to delivered with {stored} stored, at half the rate");
        let figure = Figure::new(format!("grown-delivery-p{percent}"), what, at(&many), "ms").floor(&beside, at(&few));
        table.add(if percent == 99 { figure.bar("≤ 1.3 × floor") } else { figure });
    }
    table.add(Figure::new("grown-memory", format!("hub memory with {stored} stored"), memory, "MiB").bar("≤ 300 MiB"));
    let what = format!("start to ready after SIGKILL, {} waiting", growth.waiting);
    table.add(Figure::new("restart-waiting", what, median(ready), "ms").bar("≤ 2,000 ms"));
    table.accepted(stored + growth.waiting);
    Ok(table)
}

/// Who loads a hub, and with what.
struct Load<'a> {
    region: &'a Region,
    sealer: Arc<Sealer>,
    client: Client,
    extent: Extent,
}

/// The same load on a store of some size.
struct Measured {
    rate: f64,
    cpu: f64,
    slow: Run,
}

impl Measured {
    const fn rate(&self) -> f64 {
        self.rate
    }

    const fn cpu(&self) -> f64 {
        self.cpu
    }
}

impl Load<'_> {
    /// So many messages along the whole path, as fast as it goes.
    async fn fill(&self, hub: &Hub, count: usize) -> Outcome<Run> {
        let batch = Batch::new(self.sealer.seal(count).await?);
        // Sealing may have outlived the tokens.
        let path = Path::open(self.region, std::slice::from_ref(hub), &self.client, ONE).await?;
        run(&path, &batch, self.extent.connections, None).await
    }

    /// How many messages [`Self::rounds`] sends.
    const fn measured(&self) -> usize {
        self.extent.messages * self.extent.rounds + self.extent.messages / 2
    }

    /// Some rounds as fast as it goes, of which the median counts, and one at half that rate.
    async fn rounds(&self, hub: &Hub) -> Outcome<Measured> {
        let (mut rates, mut costs) = (Vec::new(), Vec::new());
        for _ in 0..self.extent.rounds {
            let batch = Batch::new(self.sealer.seal(self.extent.messages).await?);
            let path = Path::open(self.region, std::slice::from_ref(hub), &self.client, ONE).await?;
            let before = hub.process.cpu()?;
            let fast = run(&path, &batch, self.extent.connections, None).await?;
            rates.push(self.extent.messages as f64 / fast.took.as_secs_f64());
            costs.push((hub.process.cpu()? - before) * 1e3 / self.extent.messages.max(1) as f64);
        }
        let rate = median(rates);
        let batch = Batch::new(self.sealer.seal(self.extent.messages / 2).await?);
        let path = Path::open(self.region, std::slice::from_ref(hub), &self.client, ONE).await?;
        let slow = run(&path, &batch, self.extent.connections, Some(Duration::from_secs_f64(2.0 / rate))).await?;
        Ok(Measured { rate, cpu: median(costs), slow })
    }
}
