//! `inbreng demo`: a whole region on one machine, and a night of it as a story that checks itself.
//!
//! [`setup`] makes certificates, policy and configurations; [`children`] runs the hub, the adapters and the partners' own
//! systems as separate processes; [`play`] plays the scenes, which are data, on the [`timeline`]; [`look_back`] counts
//! afterwards what arrived, [`audit`] looks at what the hub's disk gives away, and [`report`] makes one page of all of it.

mod audit;
mod balance;
mod children;
mod fixtures;
mod layout;
mod letter;
mod liar;
mod look_back;
mod night;
mod play;
pub mod processes;
mod report;
mod scene;
mod setup;
mod side_by_side;
mod tally;
mod timeline;
mod trials;

use std::process::ExitCode;

use crate::cli::DemoOpties;

/// Plays the night; status 0 only when every scene and every check held.
pub fn run(opties: &DemoOpties) -> ExitCode {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return failed(&why),
    };
    match runtime.block_on(night::night(opties)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => failed(why.as_ref()),
    }
}

fn failed(why: &dyn std::error::Error) -> ExitCode {
    let mut text = format!("de demo kan niet verder: {why}");
    let mut source = why.source();
    while let Some(inner) = source {
        text.push_str(&format!("\n  want: {inner}"));
        source = inner.source();
    }
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
    ExitCode::FAILURE
}
