//! Who this adapter holds for the parties of a covenant: by their signatures, verified here. What a party once stated stays known,
//! so that nobody takes a leave back by not showing it.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_domain::{ConvenantId, Oin, Tijdstip, antwoorden::Convenantweergave, convenant::Partijen, gids::Medeondertekend};
use inbreng_proof::{
    Anchors, VerifyingKey,
    jws::unverified_payload,
    partijen::{partijen, verify_toetreding, verify_uittreding},
};
use serde::{Deserialize, Serialize};

use crate::store::{Opslag, Opslagfout};

/// Under which name the statements are kept.
const PARTIJEN: &str = "partijen";

/// What is kept of one covenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bewaard {
    convenant: ConvenantId,
    toetredingen: Vec<Medeondertekend>,
    uittredingen: Vec<String>,
}

/// Whose a statement is and under which number of that party: both kinds have these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Kenmerk {
    partij: Oin,
    volgnummer: u32,
}

/// The parties of every covenant.
#[derive(Debug, Default)]
pub(super) struct Partijboek {
    huidig: ArcSwap<BTreeMap<ConvenantId, Arc<Partijen>>>,
}

impl Partijboek {
    /// The parties of a covenant; of one that nobody is known to have signed, none.
    pub(super) fn van(&self, convenant: &ConvenantId) -> Arc<Partijen> {
        self.huidig.load().get(convenant).cloned().unwrap_or_default()
    }

    /// Reads what is kept, and verifies all of it against the anchors of now.
    pub(super) async fn herladen(
        &self,
        opslag: &Opslag,
        anchors: &Anchors,
        beheerder: &VerifyingKey,
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        self.verifieren(&bewaarde(opslag).await?, anchors, beheerder, nu);
        Ok(())
    }

    /// Takes what the hub shows beside what is known already. A statement that does not verify counts for nothing; one under a
    /// number that its party has used for another is refused.
    pub(super) async fn aannemen(
        &self,
        aangeboden: &[Convenantweergave],
        opslag: &Opslag,
        anchors: &Anchors,
        beheerder: &VerifyingKey,
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        let oud = bewaarde(opslag).await?;
        let mut alle = oud.clone();
        for een in aangeboden {
            let plek = alle.iter().position(|b| b.convenant == een.convenant).unwrap_or_else(|| {
                let convenant = een.convenant.clone();
                alle.push(Bewaard { convenant, toetredingen: Vec::new(), uittredingen: Vec::new() });
                alle.len() - 1
            });
            if let Some(bewaard) = alle.get_mut(plek) {
                bewaard.aanvullen(een, anchors, beheerder, nu);
            }
        }
        if alle != oud {
            let tekst = serde_json::to_string(&alle).map_err(|_| Opslagfout::Waarde("partijen"))?;
            opslag.vasthouden(PARTIJEN, &tekst).await?;
        }
        self.verifieren(&alle, anchors, beheerder, nu);
        Ok(())
    }

    fn verifieren(&self, alle: &[Bewaard], anchors: &Anchors, beheerder: &VerifyingKey, nu: Tijdstip) {
        let een = |b: &Bewaard| {
            let (leden, fouten) = partijen(&b.convenant, &b.toetredingen, &b.uittredingen, anchors, beheerder, nu);
            for fout in fouten {
                tracing::warn!(convenant = %b.convenant, partij = ?fout.partij, reden = %fout.soort, "verklaring van een partij telt niet");
            }
            (b.convenant.clone(), Arc::new(leden))
        };
        self.huidig.store(Arc::new(alle.iter().map(een).collect()));
    }
}

impl Bewaard {
    fn aanvullen(&mut self, een: &Convenantweergave, anchors: &Anchors, beheerder: &VerifyingKey, nu: Tijdstip) {
        let weigeren = |reden: &str| tracing::warn!(convenant = %een.convenant, reden, "verklaring van een partij geweigerd");
        for verklaring in &een.toetredingen {
            if self.toetredingen.contains(verklaring) {
                continue;
            }
            match verify_toetreding(verklaring, anchors, beheerder, nu) {
                // Countersigned anew: the covenant manager has another key.
                Ok(_) if self.toetredingen.iter().any(|t| t.verklaring == verklaring.verklaring) => {
                    self.toetredingen.retain(|t| t.verklaring != verklaring.verklaring);
                    self.toetredingen.push(verklaring.clone());
                }
                Ok(t) if self.gebruikt(Kenmerk { partij: t.partij, volgnummer: t.volgnummer }) => weigeren("number used before"),
                Ok(_) => self.toetredingen.push(verklaring.clone()),
                Err(fout) => weigeren(&fout.soort.to_string()),
            }
        }
        for verklaring in &een.uittredingen {
            if self.uittredingen.contains(verklaring) {
                continue;
            }
            match verify_uittreding(verklaring, anchors) {
                // Of two statements under one number leaving counts: refusing it would keep a party that is none.
                Ok(_) => self.uittredingen.push(verklaring.clone()),
                Err(fout) => weigeren(&fout.soort.to_string()),
            }
        }
    }

    fn gebruikt(&self, kenmerk: Kenmerk) -> bool {
        let teksten = self.toetredingen.iter().map(|t| &t.verklaring).chain(&self.uittredingen);
        let mut bekend = teksten.filter_map(|tekst| unverified_payload::<Kenmerk>(tekst).ok());
        bekend.any(|k| k == kenmerk)
    }
}

/// What this store holds that parties of a covenant stated: who joined, and who left. For who asks beside the running adapter.
///
/// # Errors
/// [`Opslagfout`].
pub(crate) async fn gehouden(
    opslag: &Opslag,
    convenant: &ConvenantId,
) -> Result<(Vec<Medeondertekend>, Vec<String>), Opslagfout> {
    let een = bewaarde(opslag).await?.into_iter().find(|b| b.convenant == *convenant);
    Ok(een.map_or_else(Default::default, |b| (b.toetredingen, b.uittredingen)))
}

async fn bewaarde(opslag: &Opslag) -> Result<Vec<Bewaard>, Opslagfout> {
    let tekst = opslag.vast(PARTIJEN).await?;
    tekst.map_or_else(|| Ok(Vec::new()), |t| serde_json::from_str(&t).map_err(|_| Opslagfout::Waarde("partijen")))
}

#[cfg(test)]
mod tests;
