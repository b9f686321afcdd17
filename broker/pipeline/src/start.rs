//! What a hub is made of, and why it would not start.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use inbreng_bus::Bus;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, Oin, Randomness, limits::Limits};
use inbreng_proof::{Anchors, SigningKey, VerifyingKey};
use inbreng_storage::Store;

use crate::{
    BundelFout, Fout, Hub, beheer,
    bezorgen::Terugroepboek,
    cursor::Plekken,
    directory::Gidsboek,
    herstel::Herstel,
    kijkers::Kijkers,
    klok::{self, Klokstand},
    log::Kop,
    policies::Beleidskast,
    strengheid::Maanden,
};

/// The parts of a hub.
#[derive(Debug)]
pub struct Onderdelen {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// Carries work.
    pub bus: Arc<dyn Bus>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// For identifiers and salts.
    pub random: Arc<dyn Randomness>,
    /// The message types.
    pub catalogus: Arc<Catalogus>,
    /// Trust anchors and revocation lists.
    pub anchors: Anchors,
    /// The covenant manager's key: countersigns the directory, signs policy bundles.
    pub beheerder: VerifyingKey,
    /// Policy bundles that come with the installation, one per covenant: compact JWS. They count until the covenant manager
    /// activates a version of that covenant.
    pub beleid: Vec<String>,
    /// The hub's own signing key.
    pub sleutel: SigningKey,
    /// The hub.
    pub oin: Oin,
    /// How much is accepted.
    pub limits: Limits,
}

/// Why a hub cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFout {
    /// A policy bundle that cannot be used.
    #[error("policy cannot be used")]
    Beleid(#[from] BundelFout),
    /// The store does not answer.
    #[error("directory and policy cannot be read from the store")]
    Opslag(#[from] Fout),
}

impl Hub {
    /// Puts a hub together: verifies the policy bundles and the directory in the store.
    ///
    /// # Errors
    /// [`StartFout`].
    pub async fn new(onderdelen: Onderdelen) -> Result<Arc<Self>, StartFout> {
        let Onderdelen { store, bus, clock, random, catalogus, anchors, beheerder, beleid, sleutel, oin, limits } = onderdelen;
        let nu = clock.now();
        let klok = Klokstand::bij_start(klok::nieuwste_moment(store.as_ref()).await.map_err(Fout::from)?, nu);
        let anchors = Arc::new(anchors);
        let kast =
            Beleidskast::openen(store.as_ref(), beheerder.clone(), Arc::clone(&catalogus), Arc::clone(&anchors), nu).await?;
        let gids = Gidsboek::openen(store.as_ref(), anchors, beheerder.clone(), nu).await?;
        let herstel = Herstel::lezen(store.as_ref()).await?;
        let plekken = Plekken::new(Arc::clone(&random))?;
        let hub = Arc::new(Self {
            store,
            bus,
            clock,
            random,
            catalogus,
            gids,
            beleid: kast,
            beheerder,
            sleutel,
            oin,
            limits: ArcSwap::from_pointee(limits),
            kop: Kop::default(),
            plekken,
            maanden: Maanden::default(),
            termijn: OnceLock::new(),
            nooddrempel: OnceLock::new(),
            termijnen: ArcSwap::default(),
            terugroepen: Terugroepboek::default(),
            herstel,
            kijkers: Kijkers::default(),
            klok,
        });
        hub.terugroepen.herladen(hub.store()).await?;
        beheer::inlezen::inlezen(&hub, &beleid).await?;
        Ok(hub)
    }
}
