//! The table of figures: the hub as its own process, measured beside floors of the same run.
//!
//! Nothing here judges: a slow machine gives other numbers, never a failure. What fails is a message that is not accepted,
//! or a figure that cannot be made.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people at a terminal")]

mod accept;
mod activation;
mod client;
mod decision;
mod delivery;
mod floor;
mod grown;
mod messages;
mod process;
mod publish;
mod push;
mod region;
mod small;
mod sustained;
mod table;
mod whole;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use process::{Hub, floor_process};
use region::{Region, Shared};
use table::{Figure, Table};

/// Whatever goes wrong ends the run with its reason.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(name = "inbreng-load", about = "Figures of a hub beside floors that the same run measures")]
struct Cli {
    /// A few seconds in all: shows that every figure can be made, says nothing about speed
    #[arg(long)]
    kort: bool,
    /// One JSON object instead of the table
    #[arg(long)]
    json: bool,
    /// Only accepting under load, of messages of this form, `1x1` or `3x3`: for who looks at one piece
    #[arg(long, value_name = "VORM")]
    alleen: Option<String>,
    /// Only decisions and activation: needs no hub, takes seconds
    #[arg(long)]
    beleid: bool,
    /// Only the whole path, of messages of this form, `1x1` or `3x3`: accepted, delivered, signed for; then the hub at rest on that store
    #[arg(long, value_name = "VORM", conflicts_with = "alleen")]
    heel: Option<String>,
    /// Only the whole path of `1x1`, kept up for so many minutes, and then one minute at half its rate; all messages are made
    /// beforehand and kept in memory (10 KiB each)
    #[arg(long, value_name = "MINUTEN", conflicts_with_all = ["alleen", "heel", "beleid"])]
    aanhoudend: Option<f64>,
    /// Only the whole path of `1x1` on a store of few messages and on one of so many; then a start with 100,000 that nobody has
    /// fetched
    #[arg(long, value_name = "AANTAL", conflicts_with_all = ["alleen", "heel", "beleid", "aanhoudend"])]
    gegroeid: Option<usize>,
    /// Of `--gegroeid`: how many nobody has fetched
    #[arg(long, value_name = "AANTAL", default_value_t = 100_000)]
    wachtend: usize,
    /// The hub keeps its store in this empty PostgreSQL database, and RabbitMQ is its bus
    #[arg(long, value_name = "URL", requires = "rabbitmq")]
    postgres: Option<String>,
    /// The RabbitMQ that `compose/lokaal/rabbitmq.sh` started in this folder
    #[arg(long, value_name = "MAP", requires = "postgres")]
    rabbitmq: Option<PathBuf>,
    /// Of `--aanhoudend`: so many hubs share them
    #[arg(long, value_name = "AANTAL", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    knooppunten: u8,
    /// Messages in a round; they are all made beforehand, and kept in memory
    #[arg(long, value_name = "AANTAL")]
    berichten: Option<usize>,
    /// The hub's program; absent: `inbreng` beside this one
    #[arg(long)]
    inbreng: Option<PathBuf>,
    /// Folder on the disk that is to be measured; absent: that of this program
    #[arg(long)]
    map: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// The bare chain, as a process of its own
    #[command(hide = true)]
    Vloer { pki: PathBuf, database: PathBuf, address_file: PathBuf },
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Messages per round of load.
    messages: usize,
    /// Rounds of load; the median round counts.
    rounds: usize,
    /// Requests under way at a time.
    connections: usize,
    /// Messages sent one by one to an idle hub.
    deliveries: usize,
    /// Starts of the hub.
    starts: usize,
    /// Decisions per batch.
    decisions: usize,
    /// Flushed writes.
    flushes: usize,
    /// Rows of the large covenant.
    rows: usize,
    /// Rows of the largest.
    most_rows: usize,
    /// Messages in a store that is small.
    few: usize,
}

const FULL: Extent = Extent {
    messages: 4000,
    rounds: 3,
    connections: 64,
    deliveries: 300,
    starts: 10,
    decisions: 20_000,
    flushes: 400,
    rows: 10_000,
    most_rows: 99_000,
    few: 1000,
};
const SHORT: Extent = Extent {
    messages: 24,
    rounds: 1,
    connections: 4,
    deliveries: 5,
    starts: 2,
    decisions: 20,
    flushes: 10,
    rows: 1500,
    most_rows: 3000,
    few: 24,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.part {
        Some(Part::Vloer { pki, database, address_file }) => {
            actix_web::rt::System::new().block_on(floor::serve(pki, database, address_file))
        }
        None => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(bench(&cli))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inbreng-load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn bench(cli: &Cli) -> Outcome {
    // jsonwebtoken needs its backend named once per process; whoever was first named the same.
    let _first = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let extent = if cli.kort { SHORT } else { FULL };
    if cli.beleid {
        let mut table = Table::new(cfg!(debug_assertions));
        decision::measure(&mut table, extent).await?;
        println!("{}", if cli.json { table.json()? } else { table.text() });
        return Ok(());
    }
    let extent = Extent { messages: cli.berichten.unwrap_or(extent.messages), ..extent };
    let own = std::env::current_exe()?;
    let beside = own.parent().ok_or("this program lies in no folder")?;
    let inbreng = cli.inbreng.clone().unwrap_or_else(|| beside.join("inbreng"));
    if !inbreng.is_file() {
        return Err(format!("there is no {}: build it with the same profile (cargo build -p inbreng)", inbreng.display()).into());
    }
    let folder = tempfile::tempdir_in(cli.map.as_deref().unwrap_or(beside))?;
    let shared = match (&cli.postgres, &cli.rabbitmq) {
        (Some(postgres), Some(rabbitmq)) => Some(Shared { postgres: postgres.clone(), rabbitmq: rabbitmq.clone() }),
        _ => None,
    };
    let region = Region::make(folder.path(), shared.as_ref())?;
    let table = match (&cli.alleen, &cli.heel, cli.aanhoudend, cli.gegroeid) {
        (Some(shape), ..) => one_shape(&own, &inbreng, &region, extent, (shape, false)).await?,
        (_, Some(shape), ..) => one_shape(&own, &inbreng, &region, extent, (shape, true)).await?,
        (_, _, Some(minutes), _) => {
            let hubs = (1..=cli.knooppunten).map(|n| Hub::start_as(&inbreng, &region, &format!("hub-{n}")));
            sustained::measure((&region, shared.as_ref()), hubs.collect::<Outcome<_>>()?, &own, minutes, extent).await?
        }
        (.., Some(messages)) => {
            grown::measure(&region, &inbreng, grown::Growth { messages, waiting: cli.wachtend }, extent).await?
        }
        _ if shared.is_some() => return Err("the whole table is of one hub with its own file".into()),
        _ => measure(&own, &inbreng, &region, extent).await?,
    };
    println!("{}", if cli.json { table.json()? } else { table.text() });
    Ok(())
}

async fn measure(own: &Path, inbreng: &Path, region: &Region, extent: Extent) -> Outcome<Table> {
    let mut table = Table::new(cfg!(debug_assertions));
    step("flushed writes");
    let flush = small::flush(&region.path("fsync"), extent.flushes)?;
    table.add(Figure::new("fsync", "one flushed write of 4 KiB (floor)", flush.as_secs_f64() * 1e6, "µs"));

    step("decisions");
    decision::measure(&mut table, extent).await?;

    let hub = Hub::start(inbreng, region)?;
    let floor = floor_process(own, region)?;

    step("accept to delivery, one at a time");
    delivery::measure(&mut table, region, &hub, &floor, extent).await?;
    step("accept under load");
    accept::measure(&mut table, region, &hub, &floor, extent).await?;
    step("the whole path");
    whole::measure(&mut table, region, &hub, &floor, messages::ONE, extent).await?;
    table.add(Figure::new("memory-load", "hub memory, peak under load", hub.process.peak_mib()?, "MiB").bar("≤ 300 MiB"));
    let stored = std::fs::metadata(region.path("hub.sqlite"))?.len();
    drop((hub, floor));

    step("starts");
    small::starts(&mut table, inbreng, region, extent, stored)?;
    Ok(table)
}

/// Accepting under load of one shape, or its whole path, and nothing else, against the bare chain of the same run.
async fn one_shape(own: &Path, inbreng: &Path, region: &Region, extent: Extent, (shape, whole): (&str, bool)) -> Outcome<Table> {
    let shape =
        [messages::NINE, messages::ONE].into_iter().find(|s| s.key == shape).ok_or("there is no such form: 1x1 or 3x3")?;
    let mut table = Table::new(cfg!(debug_assertions));
    let hub = Hub::start(inbreng, region)?;
    let floor = floor_process(own, region)?;
    if whole {
        whole::measure(&mut table, region, &hub, &floor, shape, extent).await?;
    } else {
        accept::of_shape(&mut table, region, &hub, &floor, shape, extent).await?;
    }
    table.add(Figure::new("memory-load", "hub memory, peak under load", hub.process.peak_mib()?, "MiB").bar("≤ 300 MiB"));
    if whole {
        hub.process.stop()?;
        step("at rest");
        small::idle(&mut table, inbreng, region)?;
    }
    Ok(table)
}

/// Says on standard error what is being measured.
pub(crate) fn step(what: &str) {
    eprintln!("  … {what}");
}
