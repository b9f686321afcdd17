//! The `inbreng` command.

mod beheer;
mod bevinding;
mod bus;
mod check;
mod cli;
mod config;
mod demo;
mod herladen;
mod klokwoord;
mod kopie;
mod logboek;
mod maten;
mod migrate;
mod nederlands;
mod opslag;
mod opslaglezer;
mod opstart;
mod policy;
mod serve;
mod sporen;
mod telemetry;

use std::{io::Write, process::ExitCode};

use clap::{CommandFactory, FromArgMatches};

use cli::{Command, KlokCommand, LogCommand};

/// A message is read, checked and answered in some hundreds of small pieces of memory, which threads hand to each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match nederlands::lezen(cli::Cli::command()).map(|m| cli::Cli::from_arg_matches(&m)) {
        Ok(Ok(cli)) => cli,
        Ok(Err(fout)) => fout.exit(),
        Err((tekst, status)) => {
            let _gone = match status {
                0 => write!(std::io::stdout(), "{tekst}"),
                _ => write!(std::io::stderr(), "{tekst}"),
            };
            return ExitCode::from(status);
        }
    };
    match cli.command {
        Command::Serve { config } => serve::run(&config),
        Command::Check { config, json } => check::run(&config, json),
        Command::Backup(opties) => kopie::backup(&opties),
        Command::Restore(opties) => kopie::restore(&opties),
        Command::Heropen(opties) => kopie::heropen(&opties),
        Command::Klok(KlokCommand::Bevestigen(woord)) => klokwoord::bevestigen(&woord),
        Command::Migrate(opties) => migrate::run(&opties),
        Command::Log(LogCommand::Verify(bron)) => logboek::verify(&bron),
        Command::Log(LogCommand::Export { db, uit }) => logboek::export(&db, &uit),
        Command::Log(LogCommand::Prove(opties)) => logboek::prove(&opties),
        Command::Log(LogCommand::Besluiten { db, uit, organisatie }) => policy::besluiten_exporteren(&db, &uit, organisatie),
        Command::Log(LogCommand::Adl { db, vanaf, tot, knooppunt, uit }) => {
            logboek::adl::run(&db, &logboek::adl::Keuze { vanaf, tot, knooppunt }, &uit)
        }
        Command::Policy(opdracht) => policy::run(&opdracht),
        Command::Demo(opties) => demo::run(&opties),
        Command::Adapter { config, adres_bestand } => demo::processes::adapter(&config, &adres_bestand),
        Command::Partnersysteem { gezicht, naam, opslag, adres_bestand, buur_bestand, buur_geheim, geheim } => {
            let geheimen = (buur_geheim.as_path(), geheim.as_path());
            demo::processes::partnersysteem(&gezicht, &naam, &opslag, &adres_bestand, &buur_bestand, geheimen)
        }
        Command::Openapi { authzen } => openapi(authzen),
    }
}

/// Prints the API document, for rule sets and generators.
fn openapi(authzen: bool) -> ExitCode {
    use inbreng_api::openapi;
    let mut text = if authzen { openapi::authzen_tekst() } else { openapi::tekst() }.to_vec();
    text.push(b'\n');
    match std::io::stdout().write_all(&text) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}
