//! `inbreng-adapter --config FILE`: the adapter, at the partner. `inbreng-adapter mapping FILE`: tries a mapping out.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use inbreng_adapter::{Config, concept::Vertaling as _, mapping::Mapping, run};
use inbreng_catalogue::Catalogus;

/// The adapter: maps, seals, sends and receives for one partner.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Opties {
    /// Configuration file (TOML).
    #[arg(long, required = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    opdracht: Option<Opdracht>,
}

#[derive(Debug, Subcommand)]
enum Opdracht {
    /// Checks a mapping file, and shows what a message of the own system would become. Needs no hub and no keys.
    Mapping {
        /// The mapping file (TOML).
        bestand: PathBuf,
        /// The path that the own system posts on.
        #[arg(long, requires = "bericht")]
        pad: Option<String>,
        /// The message (JSON).
        #[arg(long, requires = "pad")]
        bericht: Option<PathBuf>,
    },
}

/// What the check found, as text or as what is wrong.
fn mapping(bestand: &Path, proef: Option<(&str, &Path)>) -> Result<String, String> {
    let lezen = |pad: &Path| std::fs::read_to_string(pad).map_err(|e| format!("{}: {e}", pad.display()));
    let regels = |fouten: Vec<_>| fouten.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mapping = Mapping::lezen(&lezen(bestand)?).map_err(|e| e.to_string())?;
    let catalogus = Catalogus::ingebouwd().map_err(|e| e.to_string())?;
    mapping.toetsen(&catalogus).map_err(regels)?;
    let Some((pad, bericht)) = proef else {
        return Ok(format!("De mapping klopt. Paden voor het eigen systeem: {}", mapping.paden().join(", ")));
    };
    let lichaam = serde_json::from_str(&lezen(bericht)?).map_err(|e| format!("{}: {e}", bericht.display()))?;
    let uitkomst = mapping.proef(&catalogus, pad, &lichaam).map_err(regels)?;
    serde_json::to_string_pretty(&uitkomst).map_err(|e| e.to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    let opties = Opties::parse();
    if let Some(Opdracht::Mapping { bestand, pad, bericht }) = &opties.opdracht {
        return match mapping(bestand, pad.as_deref().zip(bericht.as_deref())) {
            Ok(tekst) => {
                let _ = writeln!(std::io::stdout().lock(), "{tekst}");
                ExitCode::SUCCESS
            }
            Err(fouten) => {
                let _ = writeln!(std::io::stderr().lock(), "{fouten}");
                ExitCode::FAILURE
            }
        };
    }
    let Some(config) = opties.config else { return ExitCode::FAILURE };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    let uitslag = match Config::lezen(&config) {
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
