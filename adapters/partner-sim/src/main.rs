//! `inbreng-partner-sim`: one partner's own system, until it is told to stop.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, builder::PossibleValuesParser};
use inbreng_partner_sim::{Geheim, Gezicht, Instelling};

/// Speelt het eigen systeem van een partner.
#[derive(Parser)]
#[command(name = "inbreng-partner-sim", version)]
struct Opties {
    /// Welke partner.
    #[arg(value_parser = PossibleValuesParser::new(Gezicht::namen()))]
    gezicht: String,
    /// Hoe het zichzelf noemt.
    #[arg(long)]
    naam: Option<String>,
    /// Waar het luistert; poort 0 neemt een vrije.
    #[arg(long, default_value = "127.0.0.1:0")]
    luister: SocketAddr,
    /// Waar het programma ernaast berichten aanneemt.
    #[arg(long)]
    buur: String,
    /// Bestand met het geheim dat het aan dat programma toont.
    #[arg(long)]
    buur_geheim: Option<PathBuf>,
    /// Bestand met het geheim dat dat programma moet tonen.
    #[arg(long)]
    geheim: Option<PathBuf>,
    /// Map voor wat het bewaart.
    #[arg(long)]
    opslag: PathBuf,
    /// Map met berichten die klaarliggen; zonder: de ingebouwde.
    #[arg(long)]
    fixtures: Option<PathBuf>,
    /// Doet niets vanzelf.
    #[arg(long)]
    met_de_hand: bool,
    /// Vertelt niet wat het doet.
    #[arg(long)]
    stil: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let o = Opties::parse();
    let uitslag = async {
        let gelezen = |pad: Option<PathBuf>| pad.map(|p| Geheim::lezen(&p)).transpose();
        let instelling = Instelling {
            naam: o.naam,
            luister: o.luister,
            buur_geheim: gelezen(o.buur_geheim)?,
            geheim: gelezen(o.geheim)?,
            fixtures: o.fixtures,
            automatisch: !o.met_de_hand,
            vertelt: !o.stil,
            ..Instelling::new(&o.gezicht, &o.buur, o.opslag)
        };
        inbreng_partner_sim::run(instelling).await
    };
    match uitslag.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fout) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr().lock(), "inbreng-partner-sim: {fout}");
            ExitCode::FAILURE
        }
    }
}
