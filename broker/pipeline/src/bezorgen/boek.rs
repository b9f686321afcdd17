//! The callbacks as this process knows them.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_domain::{
    Oin,
    terugroep::{Bestemming, Bezorgschema, Terugroep, Terugroepverzoek},
};
use inbreng_proof::jws::unverified_payload;
use inbreng_storage::{Store, Terugroepregel};
use tokio::sync::Notify;

use crate::Fout;

/// Where deliveries are brought, by recipient.
#[derive(Debug, Default)]
pub(crate) struct Terugroepboek {
    huidig: ArcSwap<BTreeMap<Oin, Arc<Bestemming>>>,
    /// Told when it has changed.
    pub(crate) veranderd: Notify,
}

impl Terugroepboek {
    /// Reads it from the store, where other processes place too.
    pub(crate) async fn herladen(&self, store: &dyn Store) -> Result<(), Fout> {
        let regels = store.terugroepen().await?;
        let nieuw: BTreeMap<_, _> = regels.iter().filter_map(|r| Some((r.oin, Arc::new(bestemming(r)?)))).collect();
        if nieuw != **self.huidig.load() {
            self.huidig.store(Arc::new(nieuw));
            self.veranderd.notify_waiters();
        }
        Ok(())
    }

    /// Where a recipient's deliveries are brought; nothing where it fetches them.
    pub(crate) fn van(&self, oin: Oin) -> Option<Arc<Bestemming>> {
        self.huidig.load().get(&oin).cloned()
    }

    /// How a recipient's deliveries are brought.
    pub(crate) fn schema(&self, oin: Oin) -> Option<Bezorgschema> {
        self.van(oin).map(|b| b.schema.clone())
    }

    /// Who has its deliveries brought.
    pub(crate) fn ontvangers(&self) -> Vec<Oin> {
        self.huidig.load().keys().copied().collect()
    }
}

/// What a stored statement says. It was verified when it was placed; who signed it must still be connected when it is used.
fn bestemming(regel: &Terugroepregel) -> Option<Bestemming> {
    let verzoek: Terugroepverzoek = serde_json::from_str(&regel.record).ok()?;
    let terugroep: Terugroep = unverified_payload(&verzoek.verklaring).ok()?;
    terugroep.bestemming.filter(|_| terugroep.oin == regel.oin)
}
