//! Figures of one process or one disk: a flushed write, starting, memory at rest.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::process::Hub;
use crate::region::Region;
use crate::table::{Figure, Table, median};
use crate::{Extent, Outcome};

/// How long a hub is left alone before its memory is read.
const REST: Duration = Duration::from_secs(1);

/// Median time of one appended write of a page and its `fdatasync`.
pub fn flush(path: &Path, count: usize) -> Outcome<Duration> {
    let mut file = File::create(path)?;
    let page = [7; 4096];
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let begin = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(begin.elapsed());
    }
    std::fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

/// Starts on the store that the load left, and memory at rest.
pub fn starts(table: &mut Table, inbreng: &Path, region: &Region, extent: Extent, stored: u64) -> Outcome {
    let (mut ready, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..extent.starts {
        bare.push(bare_start(inbreng)?);
        let hub = Hub::start(inbreng, region)?;
        ready.push(hub.ready.as_secs_f64() * 1e3);
        hub.process.stop()?;
    }
    let what = format!("start to ready, store of {} MiB", stored >> 20);
    table.add(Figure::new("start", what, median(ready), "ms").floor("inbreng --version", median(bare)).bar("≤ 300 ms"));
    idle(table, inbreng, region)
}

/// Memory at rest, of a hub that starts on what the load left.
pub fn idle(table: &mut Table, inbreng: &Path, region: &Region) -> Outcome {
    let hub = Hub::start(inbreng, region)?;
    std::thread::sleep(REST);
    table.add(Figure::new("memory-idle", "hub memory, idle", hub.process.memory_mib()?, "MiB").bar("≤ 60 MiB"));
    hub.process.stop()
}

/// What it costs to start the same program for nothing.
fn bare_start(inbreng: &Path) -> Outcome<f64> {
    let begin = Instant::now();
    let status = Command::new(inbreng).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() { Ok(begin.elapsed().as_secs_f64() * 1e3) } else { Err("inbreng --version fails".into()) }
}
