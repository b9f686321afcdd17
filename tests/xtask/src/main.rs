//! Tasks of the workspace: `cargo xtask test | bench | docs | dist`.
//!
//! Depends on nothing of the product, so that it is built in seconds and can judge the rest.
#![expect(clippy::print_stdout, reason = "a command for people at a terminal")]

mod bench;
mod dist;
mod docs;
mod edges;
mod klok;
mod nextest;
mod opvolging;
mod postgres;
mod rabbitmq;
mod run;
mod schijf;
mod suites;
mod tools;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the Inbreng workspace")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Format, lints, every suite, documentation; installs or starts what is missing
    Test {
        /// Only these steps (names as printed)
        #[arg(long)]
        only: Vec<String>,
        /// Adds the long runs
        #[arg(long)]
        full: bool,
    },
    /// The table of figures: ratios measured in one run; never beside a build
    Bench {
        /// On PostgreSQL and RabbitMQ, which it starts
        #[arg(long)]
        gedeeld: bool,
        /// For the bench itself: `--kort`, `--json`, `--beleid`, `--aanhoudend MINUTEN`, `--gegroeid AANTAL`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Builds the API documentation, warnings are errors
    Docs,
    /// Debian packages of hub and adapter, with checksums and a list of everything in them (SBOM)
    Dist,
}

fn main() -> std::process::ExitCode {
    let outcome = match Cli::parse().task {
        Task::Test { only, full } => suites::test(&only, full),
        Task::Bench { gedeeld, args } => bench::bench(&args, gedeeld),
        Task::Docs => docs::docs(),
        Task::Dist => dist::dist(),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            println!("\nxtask: {why}");
            std::process::ExitCode::FAILURE
        }
    }
}
