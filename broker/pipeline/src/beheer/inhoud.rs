//! The content of a version, as the engine reads it.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Digest, problem::ProblemCode, versie::Versietabel};
use inbreng_policy::{Beleid, BeleidFout, Bundel};

use crate::{Fout, Hub};

/// Builds the version from its stored content, on a blocking thread: `Err` inside where the engine refuses it.
pub(crate) async fn bouwen(hub: &Hub, versie: Digest) -> Result<(Result<Beleid, BeleidFout>, Vec<Versietabel>), Fout> {
    let inhoud = hub.store.versie_inhoud(versie).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    let intern = |fout: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(fout);
    let tabellen: Vec<Versietabel> = serde_json::from_str(&inhoud.tabellen).map_err(intern)?;
    let bundel: Bundel = serde_json::from_str(&inhoud.bundel).map_err(intern)?;
    let catalogus = hub.catalogus.clone();
    let gebouwd = blokkerend(move || laden(bundel, versie, &catalogus)).await?;
    Ok((gebouwd, tabellen))
}

/// As [`bouwen`], of a version whose tables passed.
///
/// # Errors
/// `versie-ongeldig` when the engine refuses it now.
pub(crate) async fn bruikbaar(hub: &Hub, versie: Digest) -> Result<Beleid, Fout> {
    bouwen(hub, versie).await?.0.map_err(|fout| Fout::new(ProblemCode::VersieOngeldig).door(fout))
}

fn laden(bundel: Bundel, versie: Digest, catalogus: &Catalogus) -> Result<Beleid, BeleidFout> {
    Beleid::laden(bundel, versie, catalogus)
}

/// Runs what takes a while beside the threads that answer.
pub(crate) async fn blokkerend<T: Send + 'static>(werk: impl FnOnce() -> T + Send + 'static) -> Result<T, Fout> {
    tokio::task::spawn_blocking(werk).await.map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))
}
