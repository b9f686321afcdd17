//! Traces by OTLP: which step of which request took how long. A span is a name from our own code with a beginning and an end, and
//! what it is told from the fixed list of fields of a log line; nothing a partner sent, and no text of an error.

use std::sync::OnceLock;
use std::time::Duration;

use inbreng_telemetry::{EIGEN, VELDEN};
use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter as Otlp, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{Sampler, SdkTracerProvider, SpanData, SpanEvents, SpanExporter, SpanLinks},
};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use crate::config::Sporen;

/// How long one batch may take; a collector that hangs costs no request anything, since batches leave from a thread of their own, and
/// what does not fit in its queue is dropped.
const GEDULD: Duration = Duration::from_secs(5);

static BRON: OnceLock<SdkTracerProvider> = OnceLock::new();

/// A layer that hands spans of our own code to the collector.
///
/// # Errors
/// An address that is none.
pub fn laag<S>(naar: &Sporen) -> Result<impl Layer<S>, ExporterBuildError>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let otlp = Otlp::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(&naar.otlp.0).with_timeout(GEDULD);
    let bron = SdkTracerProvider::builder()
        .with_resource(Resource::builder_empty().with_service_name("inbreng").build())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(f64::from(naar.procent.0) / 100.0))))
        .with_batch_exporter(Kaal(otlp.build()?))
        .build();
    let laag = tracing_opentelemetry::layer()
        .with_tracer(bron.tracer(EIGEN))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(|wat| wat.is_span() && wat.target().starts_with(EIGEN)));
    // A second hub in one process keeps the first one's.
    let _first = BRON.set(bron);
    Ok(laag)
}

/// Sends what is still there, when the hub stops.
pub fn afsluiten() {
    if let Some(Err(fout)) = BRON.get().map(SdkTracerProvider::shutdown) {
        tracing::warn!(gebeurtenis = "sporen-niet-verstuurd", reden = %fout);
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
