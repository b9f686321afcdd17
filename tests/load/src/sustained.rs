//! The whole path kept up for minutes: a rate that lasts, memory that does not grow, and the times at half of that rate.
//!
//! A short run tells how many messages so many minutes take; those are sealed beforehand. The figure is what was signed for, over the
//! time that it took: a hub that becomes slower takes longer, and its slowest part is shown beside it.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::{connect, percentile};
use crate::messages::{ONE, Sealer};
use crate::process::{Hub, floor_process, own_cpu};
use crate::publish;
use crate::region::{Region, SENDER, Shared};
use crate::table::{Figure, Table};
use crate::whole::{Batch, Path, run};
use crate::{Extent, Outcome, accept, step};

/// A token lives five minutes; the next one is asked for long before.
const RENEW: Duration = Duration::from_secs(120);
/// How often it is looked how far the run is and how much memory the hub has.
const SAMPLE: Duration = Duration::from_secs(1);
/// Over how much of a run the slowest part is looked for.
const PART: usize = 10;

/// One look at a run.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at: Duration,
    signed: usize,
    memory: f64,
}

/// The figures, of one hub or of several that share what they stand on.
pub async fn measure(
    (region, shared): (&Region, Option<&Shared>),
    hubs: Vec<Hub>,
    own: &FilePath,
    minutes: f64,
    extent: Extent,
) -> Outcome<Table> {
    if !(minutes > 0.0 && minutes <= 60.0) {
        return Err("between 0 and 60 minutes".into());
    }
    let mut table = Table::new(cfg!(debug_assertions));
    let sealer = Arc::new(Sealer::open(region, ONE)?);
    let client = connect(region, SENDER)?;
    let connections = extent.connections;

    step("sustained: the bare chain");
    let floor = floor_process(own, region)?;
    let warm = sealer.seal(connections * 2).await?;
    let first = sealer.seal(extent.messages).await?;
    let target = crate::client::Target::floor(&client, &floor.base);
    let bare =
        accept::side(&target, &floor.process, &Arc::new(warm.bodies.clone()), &Arc::new(first.bodies.clone()), extent).await?;
    drop(floor);
    let confirmed = if let Some(shared) = shared {
        step("sustained: the broker alone");
        Some(publish::measure(&mut table, shared, extent).await?)
    } else {
        None
    };

    step("sustained: how fast it goes");
    let path = Path::open(region, &hubs, &client, ONE).await?;
    run(&path, &Batch::new(warm), connections, None).await?;
    let short = run(&path, &Batch::new(first), connections, None).await?;
    let count = (extent.messages as f64 / short.took.as_secs_f64() * minutes * 60.0).ceil() as usize;

    step(&format!("sustained: sealing {count} messages"));
    let sealed = sealer.seal(count).await?;
    let sealing = sealed.each.as_secs_f64() * 1e3;
    let batch = Batch::new(sealed);

    step(&format!("sustained: {minutes} minutes"));
    // Sealing may have outlived the tokens.
    path.renew(region).await?;
    let (server, client_cpu) = (cpu(&hubs)?, own_cpu()?);
    let (long, samples) = watched(&path, &batch, connections, None, region, &hubs).await?;
    let each = 1e3 / count.max(1) as f64;
    let (server, client_cpu) = ((cpu(&hubs)? - server) * each, (own_cpu()? - client_cpu) * each);
    let rate = count as f64 / long.took.as_secs_f64();
    drop(batch);

    step("sustained: one minute at half that rate");
    let half = (rate / 2.0 * 60.0_f64.min(minutes * 60.0)).ceil() as usize;
    let batch = Batch::new(sealer.seal(half).await?);
    path.renew(region).await?;
    let pause = Duration::from_secs_f64(2.0 / rate);
    let (slow, _) = watched(&path, &batch, connections, Some(pause), region, &hubs).await?;

    let lasted = long.took.as_secs_f64() / 60.0;
    table.add(
        Figure::new("sustained-1x1", format!("whole path, kept up for {lasted:.1} minutes"), rate, "/s")
            .floor("bare chain, same bytes, short", bare.run.rate)
            .bar(region.rate_bar()),
    );
    if let Some(confirmed) = confirmed {
        let share = Figure::new("sustained-1x1-broker", "the same beside what the broker alone confirms", rate, "/s");
        table.add(share.floor("the broker alone", confirmed));
    }
    table.add(
        Figure::new("sustained-1x1-slowest", "the slowest tenth of that time", slowest(&samples), "/s").floor("all of it", rate),
    );
    table.add(
        Figure::new("sustained-1x1-cpu", "processor time of the hubs per message", server, "ms").floor("bare chain", bare.server),
    );
    table.add(
        Figure::new("sustained-1x1-client", "processor time of sender and recipients per message", client_cpu, "ms")
            .floor("sender against the bare chain", bare.client),
    );
    for (name, percent) in [("p50", 50), ("p99", 99), ("max", 100)] {
        let (handed, signed) = (percentile(&slow.delivered, percent), percentile(&slow.signed, percent));
        let delivery = Figure::new(format!("sustained-1x1-delivery-{name}"), "due to delivered, at half that rate", handed, "ms");
        table.add(if region.shares() && percent == 99 { delivery.bar("≤ 50 ms") } else { delivery });
        table.add(Figure::new(format!("sustained-1x1-receipt-{name}"), "due to signed for, at half that rate", signed, "ms"));
    }
    let (begin, end) = (of_tenth(&samples, 1), of_tenth(&samples, PART - 1));
    table.add(Figure::new("sustained-memory", "hub memory in the last tenth", end, "MiB").floor("in the second tenth", begin));
    let peak = of_all(&hubs, |hub| hub.process.peak_mib())?.fold(0.0, f64::max);
    table.add(Figure::new("memory-load", "hub memory, peak under load", peak, "MiB").bar("≤ 300 MiB"));
    table.add(Figure::new("sealing-1x1", "sealing and signing one message, beforehand, one core", sealing, "ms"));
    table.accepted(count + half + extent.messages);
    Ok(table)
}

/// What each hub says.
fn of_all<T>(hubs: &[Hub], what: impl Fn(&Hub) -> Outcome<T>) -> Outcome<impl Iterator<Item = T>> {
    Ok(hubs.iter().map(what).collect::<Outcome<Vec<T>>>()?.into_iter())
}

/// Processor time of all hubs so far, in seconds.
fn cpu(hubs: &[Hub]) -> Outcome<f64> {
    Ok(of_all(hubs, |hub| hub.process.cpu())?.sum())
}

/// A run that is looked at every second, with tokens that do not end under way.
async fn watched(
    path: &Path,
    batch: &Arc<Batch>,
    connections: usize,
    pause: Option<Duration>,
    region: &Region,
    hubs: &[Hub],
) -> Outcome<(crate::whole::Run, Vec<Sample>)> {
    let (begin, mut renewed) = (Instant::now(), Instant::now());
    let sample = || -> Outcome<Sample> {
        let memory = of_all(hubs, |hub| hub.process.memory_mib())?.fold(0.0, f64::max);
        Ok(Sample { at: begin.elapsed(), signed: batch.signed(), memory })
    };
    let mut samples = vec![sample()?];
    let mut running = std::pin::pin!(run(path, batch, connections, pause));
    loop {
        tokio::select! {
            done = &mut running => {
                samples.push(sample()?);
                return Ok((done?, samples));
            }
            () = tokio::time::sleep(SAMPLE) => samples.push(sample()?),
        }
        if renewed.elapsed() > RENEW {
            renewed = Instant::now();
            path.renew(region).await?;
        }
    }
}

/// The lowest rate over a tenth of the run.
fn slowest(samples: &[Sample]) -> f64 {
    let width = (samples.len() / PART).max(1);
    samples
        .iter()
        .zip(samples.iter().skip(width))
        .map(|(from, to)| (to.signed - from.signed) as f64 / (to.at - from.at).as_secs_f64())
        .fold(f64::INFINITY, f64::min)
}

/// Memory in the middle of a tenth of the run, in MiB.
fn of_tenth(samples: &[Sample], tenth: usize) -> f64 {
    samples.get((samples.len() * tenth + samples.len() / 2) / PART).map_or(0.0, |s| s.memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_part_of_a_run_is_found() {
        let mut signed = 0;
        let samples: Vec<Sample> = (1..=40)
            .map(|second| {
                signed += if (20..24).contains(&second) { 10 } else { 100 };
                Sample { at: Duration::from_secs(second), signed, memory: second as f64 }
            })
            .collect();
        assert!((slowest(&samples) - 10.0).abs() < 1e-9, "four seconds at a tenth of the rate");
        assert!((of_tenth(&samples, 1) - 7.0).abs() < 1e-9 && (of_tenth(&samples, 9) - 39.0).abs() < 1e-9);
    }
}
