//! `inbreng log adl`: every decision as a line of JSON, in the form of the NL GOV Authorization Decision Log. In bounded memory.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use inbreng_domain::{Oin, Tijdstip, schermtekst};
use inbreng_pipeline::adl::Beslissingenlog;

use super::{Uitkomst, bron::doel};
use crate::{
    bevinding::keten,
    opslaglezer::{met_runtime, openen},
};

/// Which decisions, and whose.
#[derive(Debug, Clone, Copy)]
pub struct Keuze {
    /// From this moment.
    pub vanaf: Option<Tijdstip>,
    /// Up to this moment.
    pub tot: Option<Tijdstip>,
    /// The hub.
    pub knooppunt: Option<Oin>,
}

/// Writes the decisions.
pub fn run(db: &Path, keuze: &Keuze, uit: &Path) -> ExitCode {
    match met_runtime(schrijven(db, keuze, uit)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(waarom) => {
            let _gone = writeln!(io::stderr(), "{}", schermtekst::regels(&waarom));
            ExitCode::FAILURE
        }
    }
}

async fn schrijven(db: &Path, keuze: &Keuze, uit: &Path) -> Uitkomst<()> {
    let store = openen(db).await?;
    let mut doel = doel(uit)?;
    let mut log = Beslissingenlog::lezen(&store, keuze.vanaf, keuze.tot, keuze.knooppunt);
    while let Some(regels) = log.bladzijde().await.map_err(|e| keten(&e))? {
        for regel in regels {
            let geschreven = serde_json::to_writer(&mut doel, &regel).map_err(io::Error::from);
            match geschreven.and_then(|()| doel.write_all(b"\n")) {
                Ok(()) => {}
                // Who stopped reading (`| head`) has seen enough.
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                Err(e) => return Err(format!("de export is niet te schrijven ({e})")),
            }
        }
    }
    match doel.flush() {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => return Err(format!("de export is niet te schrijven ({e})")),
        _ => {}
    }
    let _closed = store.sluiten().await;
    Ok(())
}
