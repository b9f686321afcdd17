//! Log lines of hub and adapter: one JSON object a line on standard error, with fields from a fixed list and no others, so that
//! a line cannot carry what nobody thought of.

#![warn(missing_docs)]

mod velden;

use std::{fmt, io::Write, sync::Arc};

use inbreng_domain::Clock;
use serde::Deserialize;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer, Registry,
    filter::{Filtered, LevelFilter},
    layer::{Context, Identity, Layered, SubscriberExt},
    reload,
    util::SubscriberInitExt,
};

pub use self::velden::VELDEN;

/// What our own code writes; of other libraries a line says only where it came from.
pub const EIGEN: &str = "inbreng";

/// From which level on a line is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Niveau {
    /// Only what failed.
    Error,
    /// And what looks wrong.
    Warn,
    /// And what happened.
    #[default]
    Info,
    /// And how.
    Debug,
}

impl From<Niveau> for LevelFilter {
    fn from(niveau: Niveau) -> Self {
        match niveau {
            Niveau::Error => Self::ERROR,
            Niveau::Warn => Self::WARN,
            Niveau::Info => Self::INFO,
            Niveau::Debug => Self::DEBUG,
        }
    }
}

/// The table `[log]` of a configuration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// From which level.
    pub niveau: Niveau,
}

/// By which the level is changed while the process runs.
#[derive(Debug, Clone)]
pub struct Knop(Option<reload::Handle<LevelFilter, Registry>>);

impl Knop {
    /// From now on lines of this level; nothing where another log was there first.
    pub fn zetten(&self, niveau: Niveau) {
        let gezet = self.0.as_ref().map(|hendel| hendel.reload(LevelFilter::from(niveau)));
        if let Some(Err(error)) = gezet {
            tracing::warn!(gebeurtenis = "niveau-niet-gezet", %error);
        }
    }
}

/// Writes lines from now on. The first caller in a process wins: the knob of a later one does nothing.
pub fn beginnen(niveau: Niveau, clock: Arc<dyn Clock>) -> Knop {
    beginnen_naast(niveau, clock, Identity::new())
}

/// The same, with a layer beside it that makes traces of spans.
pub fn beginnen_naast<L>(niveau: Niveau, clock: Arc<dyn Clock>, ernaast: L) -> Knop
where
    L: Layer<Layered<Laag, Registry>> + Send + Sync,
{
    let (zeef, hendel) = reload::Layer::new(LevelFilter::from(niveau));
    let regels: Laag = Regels { clock }.with_filter(zeef);
    if tracing_subscriber::registry().with(regels).with(ernaast).try_init().is_err() {
        tracing::debug!(gebeurtenis = "log-stond-al");
        return Knop(None);
    }
    Knop(Some(hendel))
}

/// The layer of log lines, as what stands beside it sees it.
pub type Laag = Filtered<Regels, reload::Layer<LevelFilter, Registry>, Registry>;

/// Writes each event as a line.
#[derive(Debug)]
pub struct Regels {
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
        // Nothing can be done when standard error is gone; the process goes on.
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

    #[test]
    fn a_level_counts_from_the_moment_that_it_is_set() {
        let opvang = Opvang::default();
        let (zeef, hendel) = reload::Layer::new(LevelFilter::from(Niveau::Warn));
        let subscriber = tracing_subscriber::registry().with(opvang.clone().with_filter(zeef));
        let knop = Knop(Some(hendel));
        tracing::subscriber::with_default(subscriber, || {
            for (niveau, nummer) in [(Niveau::Error, 1), (Niveau::Info, 2), (Niveau::Warn, 3), (Niveau::Debug, 4)] {
                knop.zetten(niveau);
                tracing::info!(target: "inbreng_api", aantal = nummer);
            }
        });
        let regels = opvang.0.lock().unwrap().clone();
        assert_eq!(regels.len(), 2, "{regels:?}");
        assert!(regels[0].contains("\"aantal\":2") && regels[1].contains("\"aantal\":4"), "{regels:?}");
    }
}
