//! Log lines: one JSON object a line on standard error, with fields from a fixed list and no others, so that a line cannot
//! carry what nobody thought of.

use std::{fmt, io::Write, sync::Arc};

use inbreng_domain::Clock;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::LevelFilter,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::{
    bevinding::keten,
    config::{Niveau, Sporen},
    sporen,
};

/// The fields that may stand in a line. Names of organisations, codes, counts, files and causes; never content, never a
/// person, never a path of a request.
pub const VELDEN: &[&str] = &[
    "aantal",
    "adres",
    "afwijking",
    "beheer",
    "bestand",
    "bladen",
    "code",
    "duur_ms",
    "error",
    "gebeurtenis",
    "jongste",
    "message",
    "methode",
    "nu",
    "oorzaak",
    "opdrachten",
    "oplossing",
    "partner",
    "pid",
    "reden",
    "redenen",
    "route",
    "seconden",
    "sleutel",
    "status",
    "tot",
    "versie",
    "vingerafdruk",
    "wat",
];

/// What our own code writes; of other libraries a line says only where it came from.
pub const EIGEN: &str = "inbreng";

/// Writes lines from now on, and traces where a collector takes them. The first caller in a process wins.
pub fn beginnen(niveau: Niveau, clock: Arc<dyn Clock>, sporen: Option<&Sporen>) {
    let niveau = match niveau {
        Niveau::Error => LevelFilter::ERROR,
        Niveau::Warn => LevelFilter::WARN,
        Niveau::Info => LevelFilter::INFO,
        Niveau::Debug => LevelFilter::DEBUG,
    };
    let regels = Regels { clock }.with_filter(niveau);
    let sporen = sporen.and_then(|naar| match sporen::laag(naar) {
        Ok(laag) => Some(laag),
        Err(error) => {
            let _gone = writeln!(std::io::stderr().lock(), "LET OP sporen.otlp: {}", keten(&error));
            None
        }
    });
    if tracing_subscriber::registry().with(regels).with(sporen).try_init().is_err() {
        tracing::debug!(gebeurtenis = "log-stond-al");
    }
}

struct Regels {
    clock: Arc<dyn Clock>,
}

impl Regels {
    /// The line of an event; none for what other libraries say below a warning.
    fn regel(&self, event: &Event<'_>) -> Option<String> {
        let metadata = event.metadata();
        let eigen = metadata.target().starts_with(EIGEN);
        if !eigen && *metadata.level() > Level::WARN {
            return None;
        }
        let mut regel = Map::new();
        regel.insert("tijd".into(), self.clock.now().to_string().into());
        regel.insert("niveau".into(), metadata.level().as_str().to_lowercase().into());
        regel.insert("bron".into(), metadata.target().into());
        if eigen {
            event.record(&mut Velden(&mut regel));
        } else if let Some(line) = metadata.line() {
            regel.insert("regel".into(), line.into());
        }
        Some(Value::Object(regel).to_string())
    }
}

impl<S: Subscriber> Layer<S> for Regels {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let Some(mut regel) = self.regel(event) else { return };
        regel.push('\n');
        // Nothing can be done when standard error is gone; the hub goes on.
        let _gone = std::io::stderr().lock().write_all(regel.as_bytes());
    }
}

struct Velden<'a>(&'a mut Map<String, Value>);

impl Velden<'_> {
    fn zet(&mut self, field: &Field, waarde: Value) {
        if VELDEN.contains(&field.name()) && waarde != "" {
            self.0.insert(field.name().to_owned(), waarde);
        }
    }
}

impl Visit for Velden<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.zet(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.zet(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.zet(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.zet(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.zet(field, format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use inbreng_domain::{Tijdstip, clock::FixedClock};

    use super::*;

    #[derive(Clone, Default)]
    struct Opvang(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Opvang {
        fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
            let clock = Arc::new(FixedClock::at(Tijdstip::from_unix_millis(0)));
            self.0.lock().unwrap().extend(Regels { clock }.regel(event));
        }
    }

    #[test]
    fn a_line_holds_listed_fields_only() {
        let opvang = Opvang::default();
        let subscriber = tracing_subscriber::registry().with(opvang.clone());
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "inbreng_api", gebeurtenis = "geweigerd", code = "te-groot", bsn = "123456782", naam = "Testpersoon Appel");
            tracing::warn!(target: "sqlx::query", gebeurtenis = "x", "insert into persoon values ('Testpersoon Appel')");
            tracing::info!(target: "h2::server", "header value");
        });
        let lines = opvang.0.lock().unwrap().join("\n");
        assert!(lines.contains("\"code\":\"te-groot\"") && lines.contains("1970-01-01T00:00:00.000Z"), "{lines}");
        assert!(!lines.contains("Appel") && !lines.contains("123456782") && !lines.contains("bsn"), "{lines}");
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert!(lines.contains("sqlx::query"), "{lines}");
    }
}
