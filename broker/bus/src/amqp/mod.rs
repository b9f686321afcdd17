//! The bus between several hub processes, on RabbitMQ. The only place that names its client.
//!
//! What travels is a sign that a recipient has work, never the work: that stands in the store. Signs go into quorum queues, a
//! fixed number of shards by recipient, each with a single active consumer: whoever has a shard brings to its recipients. Who
//! waits for its mailbox is woken in every process, by a queue of that process alone. See `docs/adr/0013`.

mod aanbieden;
mod aandelen;
pub mod bericht;
mod plaats;
mod staat;
#[cfg(test)]
mod tests;
mod topologie;
mod uitbak;
mod verbinding;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use inbreng_domain::{Oin, Randomness};
use tokio::{
    sync::{broadcast, watch},
    task::JoinSet,
};

use crate::{Bus, BusError, Busstand, Luisteraar, Werk};
pub use plaats::{Knoop, KnoopFout, Naam};
use staat::Staat;
pub use verbinding::AmqpFout;

/// How the broker is used.
#[derive(Debug, Clone)]
pub struct Instellingen {
    /// Its nodes, tried in turn.
    pub knopen: Vec<Knoop>,
    /// What every name begins with: two installations on one broker have two.
    pub naam: Naam,
    /// Shards; the same for all processes.
    pub aandelen: u16,
    /// How many offers may wait for their confirmation.
    pub venster: u16,
    /// How long one offer may.
    pub bevestigen: Duration,
    /// How often a process looks whether it has more than its share.
    pub verdelen: Duration,
    /// How long connecting may take, and any other answer of the broker.
    pub antwoorden: Duration,
}

impl Instellingen {
    /// With the usual sizes.
    #[must_use]
    pub const fn new(knopen: Vec<Knoop>, naam: Naam) -> Self {
        let tijd = Duration::from_secs(5);
        Self { knopen, naam, aandelen: 16, venster: 256, bevestigen: tijd, verdelen: tijd, antwoorden: tijd }
    }
}

/// How long ending the connections may take.
const AFSLUITEN: Duration = Duration::from_secs(10);

/// A bus between processes.
#[derive(Debug)]
pub struct AmqpBus {
    staat: Arc<Staat>,
    einde: watch::Sender<bool>,
    /// Of taking from the shards alone.
    losgelaten: watch::Sender<bool>,
    /// Nothing is taken for now.
    rust: watch::Sender<bool>,
    taken: tokio::sync::Mutex<JoinSet<()>>,
}

impl AmqpBus {
    /// A bus that does not connect yet: until [`Self::beginnen`] it is as if the broker is gone.
    #[must_use]
    pub fn new(instellingen: Instellingen, random: Arc<dyn Randomness>) -> Self {
        Self {
            staat: Arc::new(Staat::new(instellingen, random)),
            einde: watch::Sender::new(false),
            losgelaten: watch::Sender::new(false),
            rust: watch::Sender::new(false),
            taken: tokio::sync::Mutex::default(),
        }
    }

    /// Connects, and connects again whenever the connection is lost, until [`Self::sluiten`].
    pub async fn beginnen(&self) {
        let mut taken = self.taken.lock().await;
        if taken.is_empty() {
            taken.spawn(verbinding::bewaken(Arc::clone(&self.staat), self.einde.subscribe(), aanbieden::Aanbieder));
            taken.spawn(afnemen(Arc::clone(&self.staat), self.losgelaten.subscribe(), self.rust.subscribe()));
        }
    }

    /// From now on connections are made to these nodes, with the password and the root that they have. Those that there are stay.
    pub fn knopen_vervangen(&self, knopen: &[Knoop]) {
        self.staat.knopen_vervangen(knopen);
    }

    /// Connects once and declares what is needed, for whoever wants to know whether that goes.
    ///
    /// # Errors
    /// [`AmqpFout`] says how far it came.
    pub async fn proberen(&self) -> Result<(), AmqpFout> {
        verbinding::proberen(&self.staat).await
    }

    /// Tells every other process something of a moment: what is not heard is lost. Waits for nobody; of what cannot go out now the
    /// newest is kept.
    pub fn omroepen(&self, inhoud: Vec<u8>) {
        self.staat.uitbak.omroepen(inhoud);
    }

    /// Hears what the others tell from now on.
    #[must_use]
    pub fn omroep(&self) -> broadcast::Receiver<Arc<[u8]>> {
        self.staat.omroep.subscribe()
    }

    /// Lets go of the shards, so that another process takes over at once; what is accepted meanwhile is still offered.
    pub fn loslaten(&self) {
        self.losgelaten.send_replace(true);
    }

    /// Lets go of the shards for now, or takes part in them again: a process that cannot work shall not keep others from it.
    pub fn rusten(&self, ja: bool) {
        self.rust.send_replace(ja);
    }

    /// Lets go of the shards and ends the connections. A broker that does not answer is not waited for: what it did not confirm is
    /// found in the store.
    pub async fn sluiten(&self) {
        self.loslaten();
        self.einde.send_replace(true);
        let mut taken = self.taken.lock().await;
        let klaar = async { while taken.join_next().await.is_some() {} };
        if tokio::time::timeout(AFSLUITEN, klaar).await.is_err() {
            taken.abort_all();
        }
    }
}

/// Takes from the shards until told to let go of them, but for the times in which this process rests.
async fn afnemen(staat: Arc<Staat>, mut losgelaten: watch::Receiver<bool>, mut rust: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            biased;
            () = verbinding::geeindigd(&mut losgelaten) => return,
            aan_het_werk = rust.wait_for(|rust| !rust) => if aan_het_werk.is_err() { return },
        }
        let einde = watch::Sender::new(false);
        let mut afnemer = std::pin::pin!(verbinding::bewaken(Arc::clone(&staat), einde.subscribe(), aandelen::Afnemer));
        tokio::select! {
            () = &mut afnemer => return,
            () = verbinding::geeindigd(&mut losgelaten) => {}
            _ = rust.wait_for(|rust| *rust) => {}
        }
        einde.send_replace(true);
        afnemer.await;
    }
}

#[async_trait]
impl Bus for AmqpBus {
    async fn aanbieden(&self, werk: &[Werk]) -> Result<(), BusError> {
        let ontvangers: BTreeSet<Oin> = werk.iter().map(|w| w.ontvanger).collect();
        self.staat.postvakken.wekken(&ontvangers);
        if !self.staat.verbonden() {
            // Everyone brings what it accepted itself; the leases in the store keep processes apart.
            self.staat.brengers.wekken(&ontvangers);
        }
        self.staat.uitbak.erbij(werk);
        Ok(())
    }

    fn luisteren(&self, ontvanger: Oin) -> Box<dyn Luisteraar> {
        self.staat.postvakken.luisteren(ontvanger)
    }

    fn luisteren_om_te_brengen(&self, ontvanger: Oin) -> Box<dyn Luisteraar> {
        self.staat.brengers.luisteren(ontvanger)
    }

    fn brengt(&self, ontvanger: Oin) -> bool {
        self.staat.brengt(ontvanger)
    }

    fn stand(&self) -> Option<Busstand> {
        Some(self.staat.stand())
    }
}
