//! Log lines, and traces where a collector takes them.

use std::{io::Write, sync::Arc};

use inbreng_domain::Clock;
use inbreng_telemetry::{Knop, Niveau};

use crate::{
    bevinding::keten,
    config::Sporen,
    sporen::{self, Spoorknop},
};

/// Writes lines from now on, and traces where a collector takes them; what changes either. The first caller in a process wins.
pub fn beginnen(niveau: Niveau, clock: Arc<dyn Clock>, naar: Option<&Sporen>) -> (Knop, Spoorknop) {
    let (laag, spoorknop) = sporen::laag();
    let knop = inbreng_telemetry::beginnen_naast(niveau, clock, laag);
    if let Err(error) = spoorknop.zetten(naar) {
        let _gone = writeln!(std::io::stderr().lock(), "LET OP sporen.otlp: {}", keten(&error));
    }
    (knop, spoorknop)
}
