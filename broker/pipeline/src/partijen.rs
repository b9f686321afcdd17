//! The parties of covenants as the hub knows them: what the store has, with every signature verified.

use std::{collections::BTreeMap, sync::Arc};

use inbreng_domain::{
    ConvenantId, Tijdstip,
    convenant::{Partijen, Partijverklaringsoort},
    gids::Medeondertekend,
    problem::ProblemCode,
};
use inbreng_proof::{Anchors, VerifyingKey, partijen::partijen};
use inbreng_storage::Partijverklaring;

use crate::Fout;

/// What the parties of one covenant stated. Immutable.
#[derive(Debug, Default)]
pub(crate) struct Partijenlijst {
    /// By the statements that hold.
    pub(crate) partijen: Partijen,
    /// As adapters get them, to verify for themselves: those too that do not hold here.
    pub(crate) toetredingen: Vec<Medeondertekend>,
    pub(crate) uittredingen: Vec<String>,
    /// All of them as stored, in order: the first has number 1.
    pub(crate) verklaringen: Vec<Partijverklaring>,
}

impl Partijenlijst {
    fn van(verklaringen: Vec<Partijverklaring>) -> Self {
        let mut lijst = Self::default();
        for een in &verklaringen {
            match (een.soort, &een.medeondertekening) {
                (Partijverklaringsoort::Toetreding, Some(mede)) => lijst
                    .toetredingen
                    .push(Medeondertekend { verklaring: een.verklaring.clone(), medeondertekening: mede.clone() }),
                (Partijverklaringsoort::Uittreding, _) => lijst.uittredingen.push(een.verklaring.clone()),
                // Who joins without the covenant manager, does not.
                (Partijverklaringsoort::Toetreding, None) => {}
            }
        }
        Self { verklaringen, ..lijst }
    }

    /// The number of the last statement: what `ETag` says.
    pub(crate) fn stand(&self) -> u32 {
        u32::try_from(self.verklaringen.len()).unwrap_or(u32::MAX)
    }
}

/// Verifies all statements, beside the threads that answer. What does not hold makes nobody a party, and is told in the log.
pub(crate) async fn lezen(
    alle: Vec<Partijverklaring>,
    anchors: Arc<Anchors>,
    beheerder: VerifyingKey,
    nu: Tijdstip,
) -> Result<BTreeMap<ConvenantId, Arc<Partijenlijst>>, Fout> {
    let werk = move || {
        let mut per_convenant: BTreeMap<ConvenantId, Vec<Partijverklaring>> = BTreeMap::new();
        for een in alle {
            per_convenant.entry(een.convenant.clone()).or_default().push(een);
        }
        let geoordeeld = per_convenant.into_iter().map(|(convenant, verklaringen)| {
            let mut lijst = Partijenlijst::van(verklaringen);
            let (leden, fouten) = partijen(&convenant, &lijst.toetredingen, &lijst.uittredingen, &anchors, &beheerder, nu);
            for fout in fouten {
                tracing::warn!(%convenant, partij = ?fout.partij, reden = %fout.soort, "a party's statement counts no more");
            }
            lijst.partijen = leden;
            (convenant, Arc::new(lijst))
        });
        geoordeeld.collect()
    };
    tokio::task::spawn_blocking(werk).await.map_err(|fout| Fout::new(ProblemCode::InterneFout).door(fout))
}
