//! Handing in a draft: whole, bound to its author's act, and never changed afterwards.

use inbreng_domain::{
    Digest, Oin,
    problem::ProblemCode,
    versie::{Versiehandeling, Versiestaat, Versietabel},
};
use inbreng_policy::Bundel;
use inbreng_proof::{canonical_string, sha256};
use inbreng_storage::{NieuweVersie, Versieuitslag};
use serde::Deserialize;
use serde_json::Value;

use super::{
    handeling::{self, Waarover},
    schrijven::{Schrift, proberen},
    tonen::{self, Versieweergave},
};
use crate::{Fout, Hub, read};

/// The most tables of one version.
const MEESTE_TABELLEN: usize = 200;

/// A draft, as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indieningsverzoek {
    /// The bundle, as the covenant manager will sign it.
    pub bundel: Value,
    /// Its tables.
    pub tabellen: Vec<Versietabel>,
    /// The author's act: compact JWS (`inbreng-beheer+jws`).
    pub verklaring: String,
}

/// Takes a draft; the same draft again gives what stands. True: it is new.
pub(crate) async fn indienen(hub: &Hub, van: Oin, body: &[u8]) -> Result<(Versieweergave, bool), Fout> {
    let (_, verzoek) = read::body::<Indieningsverzoek>(body, hub.grenzen().message_bytes, hub.grenzen().nesting)?;
    let ongeldig = |pad: &str| Fout::new(ProblemCode::VersieOngeldig).at(pad);
    let bundel = canonical_string(&verzoek.bundel).map_err(|fout| ongeldig("/bundel").door(fout))?;
    let gelezen: Bundel = serde_json::from_value(verzoek.bundel).map_err(|fout| ongeldig("/bundel").door(fout))?;
    namen(&verzoek.tabellen)?;
    let tabellen = canonical_string(&verzoek.tabellen).map_err(|fout| ongeldig("/tabellen").door(fout))?;
    let versie: Digest = sha256(bundel.as_bytes());
    let tabellen_digest = sha256(tabellen.as_bytes());

    let nu = hub.clock.now();
    let over =
        Waarover { handeling: Versiehandeling::Indienen, convenant: &gelezen.convenant, versie, tabellen: tabellen_digest };
    let daad = handeling::lezen(hub, van, &verzoek.verklaring, over, nu).await?;
    let bekend = hub.store.versies(Some(gelezen.convenant.clone())).await?;
    if bekend.iter().any(|k| k.versie != versie && k.nummer >= gelezen.versie) {
        return Err(Fout::new(ProblemCode::NietNieuwer).at("/bundel/versie"));
    }
    let nieuw = NieuweVersie {
        versie,
        convenant: gelezen.convenant.clone(),
        nummer: gelezen.versie,
        tabellen_digest,
        bundel,
        tabellen,
        auteur: Some(van),
    };
    let schrift = Schrift {
        convenant: &gelezen.convenant,
        versie,
        nieuw: Some(nieuw),
        verwacht: 0,
        stap: daad.stap(Versiestaat::Concept, nu, None),
        plan: None,
    };
    let uitslag = proberen(hub, schrift).await?;
    let eigen = |kop: &inbreng_storage::Versiekop| kop.auteur == Some(van);
    match uitslag {
        Versieuitslag::Vastgelegd(_) => Ok((tonen::een(hub, versie).await?, true)),
        // Handed in before: by the same author an answer that was lost, by another a draft that is there.
        Versieuitslag::Gewijzigd(_) if bekend.iter().any(|k| k.versie == versie && eigen(k)) => {
            Ok((tonen::een(hub, versie).await?, false))
        }
        _ => Err(Fout::new(ProblemCode::VersieBestaatAnders)),
    }
}

/// Tables have names of their own, so that an answer can point at one.
fn namen(tabellen: &[Versietabel]) -> Result<(), Fout> {
    let fout = |n: usize| Fout::new(ProblemCode::VersieOngeldig).at(format!("/tabellen/{n}/naam"));
    if tabellen.len() > MEESTE_TABELLEN {
        return Err(Fout::new(ProblemCode::TeVeel).at("/tabellen"));
    }
    for (n, tabel) in tabellen.iter().enumerate() {
        let lang = tabel.naam.is_empty() || tabel.naam.chars().count() > 100;
        if lang || tabellen.iter().skip(n + 1).any(|t| t.naam == tabel.naam) {
            return Err(fout(n));
        }
    }
    Ok(())
}
