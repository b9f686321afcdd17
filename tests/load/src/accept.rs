//! Accepting under load, against the bare chain: rounds that take turns, so that both meet the same machine.

use std::sync::Arc;

use crate::client::{Run, Target, connect, percentile};
use crate::messages::{NINE, ONE, Sealer, Shape};
use crate::process::{Floor, Hub, Running, own_cpu};
use crate::region::{Region, SENDER};
use crate::table::{Figure, Table, median};
use crate::{Extent, Outcome, step};

/// One side in one round.
pub struct Side {
    /// The run.
    pub run: Run,
    /// Processor milliseconds of the server per message.
    pub server: f64,
    /// Processor milliseconds of the load client per message.
    pub client: f64,
}

/// Adds the figures of both shapes.
pub async fn measure(table: &mut Table, region: &Region, hub: &Hub, floor: &Floor, extent: Extent) -> Outcome {
    for shape in [NINE, ONE] {
        of_shape(table, region, hub, floor, shape, extent).await?;
    }
    Ok(())
}

/// Adds the figures of one shape.
pub async fn of_shape(table: &mut Table, region: &Region, hub: &Hub, floor: &Floor, shape: Shape, extent: Extent) -> Outcome {
    let sealer = Arc::new(Sealer::open(region, shape)?);
    let client = connect(region, SENDER)?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let (mut sealing, mut bytes) = (Vec::new(), 0);
    for round in 0..extent.rounds {
        step(&format!("accept {}, round {} of {}", shape.key, round + 1, extent.rounds));
        let target = Target::hub(&client, region, &hub.base, SENDER).await?;
        // Connections are made and caches filled before the clock runs.
        let warm = Arc::new(sealer.seal(extent.connections * 2).await?.bodies);
        let sealed = sealer.seal(extent.messages).await?;
        sealing.push(sealed.each.as_secs_f64() * 1e3);
        bytes = sealed.bodies.iter().map(Vec::len).sum::<usize>() / sealed.bodies.len().max(1);
        let bodies = Arc::new(sealed.bodies);
        let floor_target = Target::floor(&client, &floor.base);
        // Who goes first changes, so that neither always meets the disk that the other left.
        if round % 2 == 0 {
            bare.push(side(&floor_target, &floor.process, &warm, &bodies, extent).await?);
            ours.push(side(&target, &hub.process, &warm, &bodies, extent).await?);
        } else {
            ours.push(side(&target, &hub.process, &warm, &bodies, extent).await?);
            bare.push(side(&floor_target, &floor.process, &warm, &bodies, extent).await?);
        }
    }
    let key = shape.key;
    let of = |sides: &[Side], what: fn(&Side) -> f64| median(sides.iter().map(what).collect());
    table.add(
        Figure::new(format!("accept-{key}"), "accepted under load", of(&ours, |s| s.run.rate), "/s")
            .floor("bare chain, same bytes", of(&bare, |s| s.run.rate))
            .bar("≥ 0.50 × floor"),
    );
    table.add(
        Figure::new(format!("accept-{key}-cpu"), "processor time of the server per message", of(&ours, |s| s.server), "ms")
            .floor("bare chain", of(&bare, |s| s.server)),
    );
    table.add(
        Figure::new(
            format!("accept-{key}-client"),
            "processor time of the load client per message",
            of(&ours, |s| s.client),
            "ms",
        )
        .floor("same, against the bare chain", of(&bare, |s| s.client)),
    );
    for (name, percent) in [("p50", 50), ("p99", 99)] {
        let at = |sides: &[Side]| median(sides.iter().map(|s| percentile(&s.run.times, percent)).collect());
        table.add(
            Figure::new(format!("accept-{key}-{name}"), "time to the 202, saturated", at(&ours), "ms")
                .floor("bare chain", at(&bare)),
        );
    }
    table.add(Figure::new(
        format!("sealing-{key}"),
        "sealing and signing one message, beforehand, one core",
        median(sealing),
        "ms",
    ));
    table.add(Figure::new(format!("size-{key}"), "one message on the wire", bytes as f64 / 1024.0, "KiB"));
    table.accepted(ours.iter().map(|s| s.run.times.len()).sum());
    Ok(())
}

/// Posts all, after a warm-up, and measures what it takes.
pub async fn side(
    target: &Target,
    server: &Running,
    warm: &Arc<Vec<Vec<u8>>>,
    bodies: &Arc<Vec<Vec<u8>>>,
    extent: Extent,
) -> Outcome<Side> {
    target.post_all(warm, extent.connections).await?;
    let (server_before, client_before) = (server.cpu()?, own_cpu()?);
    let run = target.post_all(bodies, extent.connections).await?;
    let per_message = 1e3 / run.times.len().max(1) as f64;
    Ok(Side { run, server: (server.cpu()? - server_before) * per_message, client: (own_cpu()? - client_before) * per_message })
}
