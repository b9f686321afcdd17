//! The policies in force: bundles signed by the covenant manager, one per covenant, swapped as a whole.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    ConvenantId, Digest, GemeenteCode, Oin, Tijdstip, antwoorden::Convenantweergave, problem::ProblemCode,
    vocabulary::Partnertype,
};
use inbreng_policy::{Beleid, Bundel};
use inbreng_proof::{JwsError, Typ, VerifyingKey, digest_of, jws};
use serde_json::Value;

use crate::Fout;

/// Why a policy bundle is not used.
#[derive(Debug, thiserror::Error)]
pub enum BundelFout {
    /// Not signed by the covenant manager.
    #[error("policy bundle is not signed by the covenant manager")]
    Handtekening(#[source] JwsError),
    /// The bundle itself cannot be used.
    #[error("policy bundle of {convenant} cannot be used")]
    Bundel {
        /// Whose.
        convenant: ConvenantId,
        /// Why.
        #[source]
        bron: inbreng_policy::BeleidFout,
    },
    /// Two bundles for one covenant.
    #[error("two policy bundles for {0}")]
    Dubbel(ConvenantId),
    /// No bundle at all: nothing could be decided.
    #[error("no policy bundle given")]
    Geen,
}

/// A policy with the text it was signed in.
#[derive(Debug)]
pub(crate) struct Geldend {
    pub(crate) beleid: Beleid,
    bundel: String,
}

#[derive(Debug)]
pub(crate) struct Beleidskast(ArcSwap<BTreeMap<ConvenantId, Arc<Geldend>>>);

impl Beleidskast {
    pub(crate) fn laden(bundels: &[String], beheerder: &VerifyingKey, catalogus: &Catalogus) -> Result<Self, BundelFout> {
        Ok(Self(ArcSwap::from_pointee(lezen(bundels, beheerder, catalogus)?)))
    }

    /// Replaces all policies, or none when one of them cannot be used.
    pub(crate) fn vervangen(
        &self,
        bundels: &[String],
        beheerder: &VerifyingKey,
        catalogus: &Catalogus,
    ) -> Result<(), BundelFout> {
        self.0.store(Arc::new(lezen(bundels, beheerder, catalogus)?));
        Ok(())
    }

    /// The policy of a covenant that is in force.
    pub(crate) fn geldend(&self, convenant: &ConvenantId, nu: Tijdstip, pad: &str) -> Result<Arc<Geldend>, Fout> {
        let kast = self.0.load();
        let geldend = kast.get(convenant).ok_or_else(|| Fout::new(ProblemCode::VeldOngeldig).at(pad))?;
        let bundel = geldend.beleid.bundel();
        if nu < bundel.geldig_vanaf || nu >= bundel.geldig_tot {
            return Err(Fout::new(ProblemCode::BeleidVerouderd));
        }
        Ok(Arc::clone(geldend))
    }

    pub(crate) fn weergave(&self) -> Vec<Convenantweergave> {
        let een = |(convenant, geldend): (&ConvenantId, &Arc<Geldend>)| Convenantweergave {
            convenant: convenant.clone(),
            beleid: geldend.beleid.digest(),
            bundel: geldend.bundel.clone(),
        };
        self.0.load().iter().map(een).collect()
    }

    /// Who fills a role in a municipality, whatever the message type, by any covenant.
    pub(crate) fn route(&self, rol: Partnertype, gemeente: GemeenteCode) -> Vec<Oin> {
        let kast = self.0.load();
        let routes = kast.values().flat_map(|geldend| &geldend.beleid.bundel().routes);
        let past = routes.filter(|r| r.rol == rol && r.gemeente.is_none_or(|g| g == gemeente));
        past.flat_map(|r| r.partners.iter().copied()).collect()
    }
}

fn lezen(
    bundels: &[String],
    beheerder: &VerifyingKey,
    catalogus: &Catalogus,
) -> Result<BTreeMap<ConvenantId, Arc<Geldend>>, BundelFout> {
    let mut kast = BTreeMap::new();
    for tekst in bundels {
        // The digest is that of the document as it was signed, not of what a type makes of it.
        let document: Value = jws::verify(tekst, Typ::Beleid, beheerder).map_err(BundelFout::Handtekening)?;
        let digest: Digest = digest_of(&document).map_err(|error| BundelFout::Handtekening(error.into()))?;
        let bundel: Bundel =
            serde_json::from_value(document).map_err(|error| BundelFout::Handtekening(JwsError::Shape(error)))?;
        let convenant = bundel.convenant.clone();
        let beleid =
            Beleid::laden(bundel, digest, catalogus).map_err(|bron| BundelFout::Bundel { convenant: convenant.clone(), bron })?;
        let geldend = Arc::new(Geldend { beleid, bundel: tekst.clone() });
        if kast.insert(convenant.clone(), geldend).is_some() {
            return Err(BundelFout::Dubbel(convenant));
        }
    }
    if kast.is_empty() { Err(BundelFout::Geen) } else { Ok(kast) }
}
