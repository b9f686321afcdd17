//! The table of figures. Every figure stands beside a floor that the same run measures.

use crate::postgres::Durable;
use crate::run::{Outcome, cargo, program, run, target};
use crate::{postgres, rabbitmq};

/// Builds the hub and the bench in release mode, in one go, and runs the bench with these arguments; where hubs are to share what
/// they stand on, on a PostgreSQL and a RabbitMQ of its own.
pub fn bench(args: &[String], shared: bool) -> Outcome {
    run(cargo().args(["build", "--release", "--quiet", "--package", "inbreng", "--package", "inbreng-load"]))?;
    let mut bench = program(target().join("release/inbreng-load"));
    bench.args(args);
    if !shared {
        return run(&mut bench);
    }
    let database = postgres::Server::starten(Durable::Yes)?;
    let broker = rabbitmq::Broker::starten()?;
    run(bench.arg("--postgres").arg(database.url()).arg("--rabbitmq").arg(&broker.map))
}
