//! The verified directory as the hub uses it: read from the store, swapped as a whole, never older than a minute.

use std::{collections::BTreeSet, sync::Arc};

use arc_swap::ArcSwap;
use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Bevriezing, Gidsvermelding},
    problem::ProblemCode,
};
use inbreng_proof::{
    Anchors, Gids, Partner, VerifyingKey,
    gids::{Gidsfout, Gidsfoutsoort, verify_bevriezing},
};
use inbreng_storage::{Gidsregel, Store};
use time::Duration;
use tokio::sync::Mutex;

use crate::Fout;

/// After this long everything is verified again: certificates, revocation lists and statements expire, and another hub
/// process may have stored a newer statement.
const HOUDBAAR: Duration = Duration::seconds(60);

/// One state of the directory. Immutable.
#[derive(Debug)]
pub(crate) struct Gidsstand {
    pub(crate) gids: Gids,
    /// For [`inbreng_storage::Feitenstand::gids`].
    pub(crate) stand: u64,
    gelezen_op: Tijdstip,
    /// Under which all of it was verified.
    pub(crate) anchors: Arc<Anchors>,
}

/// Holds the current state, and replaces it.
#[derive(Debug)]
pub(crate) struct Gidsboek {
    huidig: ArcSwap<Gidsstand>,
    anchors: ArcSwap<Anchors>,
    beheerder: VerifyingKey,
    /// One reads at a time; who comes meanwhile waits for what that one finds.
    lezen: Mutex<()>,
    /// One freezes at a time: each looks at what the one before it wrote.
    pub(crate) bevriezen: Mutex<()>,
}

impl Gidsboek {
    pub(crate) async fn openen(
        store: &dyn Store,
        anchors: Arc<Anchors>,
        beheerder: VerifyingKey,
        nu: Tijdstip,
    ) -> Result<Self, Fout> {
        let (regels, stand) = store.gids().await?;
        let stand = verifieren(regels, stand, &anchors, &beheerder, nu);
        Ok(Self {
            huidig: ArcSwap::from_pointee(stand),
            anchors: ArcSwap::new(anchors),
            beheerder,
            lezen: Mutex::default(),
            bevriezen: Mutex::default(),
        })
    }

    /// The state, read again when it is too old or the anchors have changed.
    pub(crate) async fn stand(&self, store: &dyn Store, nu: Tijdstip) -> Result<Arc<Gidsstand>, Fout> {
        if let Some(vers) = self.vers(nu) {
            return Ok(vers);
        }
        let _een_tegelijk = self.lezen.lock().await;
        match self.vers(nu) {
            Some(vers) => Ok(vers),
            None => self.lezen_uit(store, nu).await,
        }
    }

    fn vers(&self, nu: Tijdstip) -> Option<Arc<Gidsstand>> {
        let huidig = self.huidig.load_full();
        let vers = nu.since(huidig.gelezen_op).abs() < HOUDBAAR && Arc::ptr_eq(&huidig.anchors, &self.anchors.load());
        vers.then_some(huidig)
    }

    /// What is known now, without looking at its age; for views that no decision rests on.
    pub(crate) fn momenteel(&self) -> Arc<Gidsstand> {
        self.huidig.load_full()
    }

    /// Looks whether the statements in the store have changed, and verifies everything again when they have.
    pub(crate) async fn herladen(&self, store: &dyn Store, nu: Tijdstip) -> Result<Arc<Gidsstand>, Fout> {
        let _een_tegelijk = self.lezen.lock().await;
        self.lezen_uit(store, nu).await
    }

    async fn lezen_uit(&self, store: &dyn Store, nu: Tijdstip) -> Result<Arc<Gidsstand>, Fout> {
        let (regels, stand) = store.gids().await?;
        if let Some(vers) = self.vers(nu).filter(|huidig| huidig.stand == stand) {
            return Ok(vers);
        }
        let nieuw = Arc::new(verifieren(regels, stand, &self.anchors.load_full(), &self.beheerder, nu));
        self.huidig.store(Arc::clone(&nieuw));
        Ok(nieuw)
    }

    /// New trust anchors or revocation lists; they count from the next use of the directory.
    pub(crate) fn ankers_vervangen(&self, anchors: Arc<Anchors>) {
        self.anchors.store(anchors);
    }

    /// Verifies a freeze against the present anchors.
    pub(crate) fn bevriezing(&self, jws: &str, nu: Tijdstip) -> Result<Bevriezing, Fout> {
        verify_bevriezing(jws, &self.anchors.load(), &self.beheerder, nu).map_err(|fout| {
            Fout::new(ProblemCode::HandtekeningOngeldig).door(Box::<dyn std::error::Error + Send + Sync>::from(fout))
        })
    }

    /// Verifies statements of one partner against the present anchors; its keys must hold too.
    pub(crate) fn verifieren(&self, gids: &Gidsvermelding, nu: Tijdstip) -> Result<Partner, Fout> {
        let ongeldig = |fout: Gidsfout| {
            let code = match fout.soort {
                Gidsfoutsoort::SleutelOnbewezen | Gidsfoutsoort::Opvolging(_) => ProblemCode::OpvolgingOnbewezen,
                _ => ProblemCode::HandtekeningOngeldig,
            };
            Fout::new(code).door(Box::<dyn std::error::Error + Send + Sync>::from(fout))
        };
        match inbreng_proof::gids::verify_gidsvermelding(gids, &self.anchors.load(), &self.beheerder, nu) {
            Ok((partner, None)) => Ok(partner),
            Ok((_, Some(fout))) | Err(fout) => Err(ongeldig(fout)),
        }
    }
}

impl Gidsstand {
    /// A partner that must be connected: the one who asks.
    pub(crate) fn aangeslotene(&self, oin: Oin, nu: Tijdstip) -> Result<&Arc<Partner>, Fout> {
        self.gids.partner(oin).filter(|p| nu < p.certificaat.geldig_tot).ok_or_else(|| Fout::new(ProblemCode::PartnerOnbekend))
    }
}

fn verifieren(regels: Vec<Gidsregel>, stand: u64, anchors: &Arc<Anchors>, beheerder: &VerifyingKey, nu: Tijdstip) -> Gidsstand {
    let vermeldingen: Vec<Gidsvermelding> = regels.into_iter().map(|regel| regel.gids).collect();
    let (gids, fouten) = Gids::build(&vermeldingen, anchors, beheerder, nu);
    let redenen: BTreeSet<String> = fouten.iter().map(|f| f.soort.to_string()).collect();
    if !redenen.is_empty() {
        tracing::warn!(aantal = fouten.len(), ?redenen, "directory statements refused");
    }
    Gidsstand { gids, stand, gelezen_op: nu, anchors: Arc::clone(anchors) }
}
