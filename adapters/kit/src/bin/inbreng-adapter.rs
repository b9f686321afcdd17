//! `inbreng-adapter --config FILE`: the adapter, at the partner.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use inbreng_adapter::{Config, run};

/// The adapter: maps, seals, sends and receives for one partner.
#[derive(Debug, Parser)]
#[command(version)]
struct Opties {
    /// Configuration file (TOML).
    #[arg(long)]
    config: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let opties = Opties::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let uitslag = match Config::lezen(&opties.config) {
        Ok(config) => run(config).await.map_err(|e| Box::new(e) as Box<dyn std::error::Error>),
        Err(fout) => Err(Box::new(fout) as Box<dyn std::error::Error>),
    };
    match uitslag {
        Ok(()) => ExitCode::SUCCESS,
        Err(fout) => {
            let mut regel = fout.to_string();
            let mut bron = fout.source();
            while let Some(b) = bron {
                regel.push_str(": ");
                regel.push_str(&b.to_string());
                bron = b.source();
            }
            tracing::error!(reden = regel, "adapter start niet");
            ExitCode::FAILURE
        }
    }
}
