//! Log lines, and traces where a collector takes them.

use std::{io::Write, sync::Arc};

use inbreng_domain::Clock;
use inbreng_telemetry::{Knop, Niveau};

use crate::{bevinding::keten, config::Sporen, sporen};

/// Writes lines from now on, and traces where a collector takes them. The first caller in a process wins.
pub fn beginnen(niveau: Niveau, clock: Arc<dyn Clock>, sporen: Option<&Sporen>) -> Knop {
    let sporen = sporen.and_then(|naar| match sporen::laag(naar) {
        Ok(laag) => Some(laag),
        Err(error) => {
            let _gone = writeln!(std::io::stderr().lock(), "LET OP sporen.otlp: {}", keten(&error));
            None
        }
    });
    inbreng_telemetry::beginnen_naast(niveau, clock, sporen)
}
