//! `inbreng-certs`: the development PKI from the command line.

use std::{process::ExitCode, sync::Arc};

use clap::Parser;
use inbreng_certs::cli::{Opdracht, uitvoeren};
use inbreng_domain::clock::SystemClock;

fn main() -> ExitCode {
    let opdracht = Opdracht::parse();
    match uitvoeren(&opdracht, Arc::new(SystemClock), &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fout) => {
            opdracht.melden(&fout, &mut std::io::stderr().lock());
            ExitCode::FAILURE
        }
    }
}
