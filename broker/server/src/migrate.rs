//! `inbreng migrate`: from a file to the database that the configuration names.

use std::{io::Write, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use inbreng_domain::{clock::SystemClock, schermtekst};
use inbreng_storage_sql::{Kastplaats, overzetten, sqlite};

use crate::{bevinding::keten, config::Config, opslag::Opslag, opslaglezer::met_runtime};

/// From where to where.
#[derive(Debug, Args)]
pub struct Opties {
    /// De opslag van nu: het bestand van een knooppunt dat is gestopt.
    #[arg(long, value_name = "BESTAND")]
    van: PathBuf,
    /// De configuratie van straks, met soort = "postgres" bij `[opslag]`. De database moet leeg zijn.
    #[arg(long, value_name = "BESTAND")]
    naar: PathBuf,
}

/// Carries everything over; 0 when it was, 2 when nothing was.
pub fn run(opties: &Opties) -> ExitCode {
    match uitvoeren(opties) {
        Ok(verslag) => {
            let _gone = write!(std::io::stdout(), "{verslag}");
            ExitCode::SUCCESS
        }
        Err(waarom) => {
            let _gone = writeln!(std::io::stderr(), "Er is niets overgezet. {}", schermtekst::regels(&waarom));
            ExitCode::from(2)
        }
    }
}

fn uitvoeren(opties: &Opties) -> Result<String, String> {
    let regels =
        |bevindingen: &[crate::bevinding::Bevinding]| bevindingen.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let config = Config::lezen(&opties.naar).map_err(|b| regels(&b))?;
    let Opslag::Postgres(database) = &config.opslag else {
        return Err(format!("{} noemt geen database: zet soort = \"postgres\" bij [opslag].", opties.naar.display()));
    };
    // A second file with keys would keep those that are destroyed from now on.
    if let (Kastplaats::Bestand(hier), false) = (sqlite::naast(&opties.van), database.sleutels.is_file())
        && hier.is_file()
    {
        return Err(format!(
            "Zet {} op de plaats die {} bij opslag.sleutels noemt, of noem die plaats daar: de wissleutels gaan mee, als een en hetzelfde bestand.",
            hier.display(),
            opties.naar.display()
        ));
    }
    let plaats = database.plaats().map_err(|b| b.to_string())?;
    let gedaan = met_runtime(async { overzetten(&opties.van, &plaats, Arc::new(SystemClock)).await.map_err(|e| keten(&e)) })?;
    let mut verslag = String::new();
    for (tabel, aantal) in &gedaan.tabellen {
        verslag.push_str(&format!("{tabel:<22} {aantal:>10}\n"));
    }
    verslag.push_str(&format!(
        "Alles is overgezet. Het logboek heeft {} bladen, en nagerekend dezelfde wortel: {}\n",
        gedaan.bladen, gedaan.wortel
    ));
    verslag.push_str(
        "Laat het oude bestand staan tot een reservekopie van de database is gemaakt, en start er geen knooppunt meer op.\n",
    );
    Ok(verslag)
}
