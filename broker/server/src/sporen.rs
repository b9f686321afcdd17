//! Traces by OTLP: which step of which request took how long. A span is a name from our own code with a beginning and an end, and
//! what it is told from the fixed list of fields of a log line; nothing a partner sent, and no text of an error.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::Duration,
};

use arc_swap::ArcSwapOption;
use inbreng_telemetry::{EIGEN, Laag, VELDEN};
use opentelemetry::{
    Context as Spoorcontext, KeyValue,
    trace::{Link, SpanKind, Status, TraceId, TracerProvider},
};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter as Otlp, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{
        BatchSpanProcessor, Sampler, SamplingResult, SdkTracerProvider, ShouldSample, Span, SpanData, SpanEvents, SpanExporter,
        SpanLinks, SpanProcessor,
    },
};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, Filter, Layered},
    registry::LookupSpan,
    reload,
};

use crate::config::Sporen;

/// How long one batch may take; a collector that hangs costs no request anything, since batches leave from a thread of their own, and
/// what does not fit in its queue is dropped.
const GEDULD: Duration = Duration::from_secs(5);

static BRON: OnceLock<SdkTracerProvider> = OnceLock::new();

/// What stands under the layer of traces: the log.
pub type Onder = Layered<Laag, Registry>;

/// A layer that hands spans of our own code to the collector that its knob names, and nothing to nobody until then.
pub fn laag<S>() -> (impl Layer<S>, Spoorknop<S>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (zeef, hendel) = reload::Layer::new(Zeef { aan: false });
    let gaande = Gaande::default();
    let bron = SdkTracerProvider::builder()
        .with_resource(naam())
        .with_sampler(Sampler::ParentBased(Box::new(gaande.clone())))
        .with_span_processor(gaande.clone())
        .build();
    let laag = tracing_opentelemetry::layer()
        .with_tracer(bron.tracer(EIGEN))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(zeef);
    // A second hub in one process keeps the first one's.
    let _first = BRON.set(bron);
    (laag, Spoorknop { zeef: hendel, gaande })
}

/// Sends what is still there, when the hub stops.
pub fn afsluiten() {
    if let Some(Err(fout)) = BRON.get().map(SdkTracerProvider::shutdown) {
        tracing::warn!(gebeurtenis = "sporen-niet-verstuurd", reden = %fout);
    }
}

fn naam() -> Resource {
    Resource::builder_empty().with_service_name("inbreng").build()
}

/// Says whereto traces go and of how many requests, while the hub runs.
#[derive(Debug)]
pub struct Spoorknop<S = Onder> {
    zeef: reload::Handle<Zeef, S>,
    gaande: Gaande,
}

impl<S> Spoorknop<S> {
    /// From now on to this collector, or to none. What was made before goes where it was to go, in a thread of its own.
    ///
    /// # Errors
    /// An address that is none: it stays as it was.
    pub fn zetten(&self, naar: Option<&Sporen>) -> Result<(), ExporterBuildError> {
        let nieuw = naar.map(verzender).transpose()?;
        if let Some(naar) = naar {
            self.gaande.procent.store(naar.procent.0, Ordering::Relaxed);
        }
        let vorige = self.gaande.verzender.swap(nieuw.map(Arc::new));
        // Nothing is made any more where nobody takes it. An error is that another log was there first.
        let _elsewhere = self.zeef.reload(Zeef { aan: naar.is_some() });
        if let Some(vorige) = vorige {
            thread::spawn(move || {
                if let Err(fout) = vorige.shutdown() {
                    tracing::warn!(gebeurtenis = "sporen-niet-verstuurd", reden = %fout);
                }
            });
        }
        Ok(())
    }
}

/// Sends batches to a collector, from a thread of its own.
fn verzender(naar: &Sporen) -> Result<BatchSpanProcessor, ExporterBuildError> {
    let otlp = Otlp::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(&naar.otlp.0).with_timeout(GEDULD);
    let mut verzender = BatchSpanProcessor::builder(Kaal(otlp.build()?)).build();
    verzender.set_resource(&naam());
    Ok(verzender)
}

/// Which spans are made: those of our own code, while somebody takes them.
#[derive(Debug, Clone, Copy)]
struct Zeef {
    aan: bool,
}

impl Zeef {
    fn laat_door(self, wat: &Metadata<'_>) -> bool {
        self.aan && wat.is_span() && wat.target().starts_with(EIGEN)
    }
}

impl<S> Filter<S> for Zeef {
    fn enabled(&self, wat: &Metadata<'_>, _context: &Context<'_, S>) -> bool {
        self.laat_door(wat)
    }

    fn callsite_enabled(&self, wat: &'static Metadata<'static>) -> Interest {
        if self.laat_door(wat) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(if self.aan { LevelFilter::TRACE } else { LevelFilter::OFF })
    }
}

/// Of how many requests in a hundred, and who sends them now.
#[derive(Debug, Clone, Default)]
struct Gaande {
    procent: Arc<AtomicU8>,
    verzender: Arc<ArcSwapOption<BatchSpanProcessor>>,
}

impl ShouldSample for Gaande {
    fn should_sample(
        &self,
        boven: Option<&Spoorcontext>,
        spoor: TraceId,
        naam: &str,
        soort: &SpanKind,
        kenmerken: &[KeyValue],
        verwijzingen: &[Link],
    ) -> SamplingResult {
        let deel = f64::from(self.procent.load(Ordering::Relaxed)) / 100.0;
        Sampler::TraceIdRatioBased(deel).should_sample(boven, spoor, naam, soort, kenmerken, verwijzingen)
    }
}

impl SpanProcessor for Gaande {
    fn on_start(&self, _span: &mut Span, _context: &Spoorcontext) {}

    fn on_end(&self, span: SpanData) {
        if let Some(verzender) = &*self.verzender.load() {
            verzender.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.verzender.load().as_ref().map_or(Ok(()), |verzender| verzender.force_flush())
    }

    fn shutdown_with_timeout(&self, hoogstens: Duration) -> OTelSdkResult {
        self.verzender.load().as_ref().map_or(Ok(()), |verzender| verzender.shutdown_with_timeout(hoogstens))
    }
}

/// Leaves of a span what is on the list, whoever added what to it.
#[derive(Debug)]
struct Kaal<E>(E);

fn ontdoen(span: &mut SpanData) {
    span.attributes.retain(|a| VELDEN.contains(&a.key.as_str()));
    span.events = SpanEvents::default();
    span.links = SpanLinks::default();
    if let Status::Error { description } = &mut span.status {
        *description = "".into();
    }
}

impl<E: SpanExporter> SpanExporter for Kaal<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(ontdoen);
        self.0.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry::{
        KeyValue,
        trace::{Span, Tracer},
    };

    use super::*;

    #[derive(Debug, Clone, Default)]
    struct Opvang(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Opvang {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    #[test]
    fn a_span_keeps_listed_fields_only() {
        let opvang = Opvang::default();
        let bron = SdkTracerProvider::builder().with_simple_exporter(Kaal(opvang.clone())).build();
        let mut span = bron.tracer(EIGEN).start("aannemen");
        span.set_attribute(KeyValue::new("code", "te-groot"));
        span.set_attribute(KeyValue::new("bsn", "123456782"));
        span.add_event("Testpersoon Appel", vec![]);
        span.set_status(Status::error("Testpersoon Appel"));
        span.end();
        bron.force_flush().unwrap();
        let spans = opvang.0.lock().unwrap().clone();
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!((span.name.as_ref(), span.attributes.len()), ("aannemen", 1));
        let alles = format!("{span:?}");
        assert!(alles.contains("te-groot") && !alles.contains("Appel") && !alles.contains("123456782"), "{alles}");
    }
}
