//! The engine: workers between the own system, the store and the hub. Each takes one step at a time, and every step starts
//! from the store, so that a restart at any point goes on where it was.

mod aannemen;
mod afleveren;
mod boek;
mod checkpoint;
mod inzien;
mod openen;
mod plaatshouders;
mod toetsen;
mod verzenden;
mod voorbereiden;
mod vrijetekst;

use std::{sync::Arc, time::Duration};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, ConvenantId, Oin, Randomness};
use inbreng_proof::{SigningKey, VerifyingKey};
use tokio::sync::{Notify, watch};

pub use aannemen::{Aangenomen, Aanneemfout, Uitslag};
pub use boek::{Ankers, Boek, Boekfout};
pub use inzien::Leesfout;

use crate::{
    concept::{Vertaalfout, Vertaling},
    config::{EigenSysteem, Organisatie},
    hub::{Hubfout, Knooppunt, Tlsbron},
    sealing::Zegelsleutel,
    store::{Opslag, Opslagfout},
};

pub(crate) use aannemen::{aannemen, uitslag, vragen, wachten};
pub(crate) use afleveren::{afgeleverd, verifieren};
pub(crate) use inzien::{gelezen, inzien};

/// How long the mailbox is asked to wait.
const POSTVAK_WACHT: Duration = Duration::from_secs(25);
/// How long after an answer without anything new the mailbox is asked again: it then still holds what we have taken and
/// not yet signed for. Doubles up to the longest while that stays so.
const POSTVAK_PAUZE: Duration = Duration::from_millis(250);
const POSTVAK_LANGSTE_PAUZE: Duration = Duration::from_secs(4);
/// How often the store is looked into without being woken.
const KIJKEN: Duration = Duration::from_millis(500);
/// How often directory, policy and revocation lists are fetched again.
const VERVERSEN: Duration = Duration::from_secs(60);
/// How often the log head is fetched.
const CHECKPOINT: Duration = Duration::from_secs(30);

/// Everything that the workers share.
#[derive(Debug)]
pub struct Omgeving {
    /// Who we are.
    pub organisatie: Organisatie,
    /// The hub's OIN: never a recipient.
    pub knooppunt_oin: Oin,
    /// The hub's signing key: receipts and log heads.
    pub knooppunt_sleutel: VerifyingKey,
    /// Our signing key.
    pub ondertekening: SigningKey,
    /// Our newest encryption key.
    pub sleutel: Zegelsleutel,
    /// All our encryption keys, old ones too.
    pub sleutels: Vec<Zegelsleutel>,
    /// The catalogue.
    pub catalogus: Arc<Catalogus>,
    /// The mapping.
    pub vertaling: Arc<dyn Vertaling>,
    /// The hub.
    pub hub: Knooppunt,
    /// Our store.
    pub opslag: Opslag,
    /// Directory and policy.
    pub boek: Boek,
    /// The own system; absent: it fetches.
    pub eigen_systeem: Option<EigenSysteem>,
    /// The TLS files, as they were last read.
    pub tls: Tlsbron,
    /// The client for the own system.
    pub http: reqwest::Client,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Randomness>,
    /// Wakes the sender.
    pub wek_uit: Notify,
    /// Wakes the receiver.
    pub wek_in: Notify,
    /// Told after every round, for who waits for an outcome.
    pub veranderd: Notify,
}

/// Why a step did not succeed; it will be tried again.
#[derive(Debug, thiserror::Error)]
pub enum Werkfout {
    /// The store.
    #[error(transparent)]
    Opslag(#[from] Opslagfout),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] Hubfout),
    /// Directory or policy.
    #[error(transparent)]
    Boek(#[from] Boekfout),
    /// The mapping cannot say it.
    #[error("mapping: {0}")]
    Vertaling(#[source] Vertaalfout),
    /// The own system cannot be reached.
    #[error("the own system cannot be reached")]
    EigenSysteem(#[source] reqwest::Error),
    /// The own system did not take it.
    #[error("the own system answered {0}")]
    EigenSysteemWeigert(u16),
    /// What should not happen.
    #[error("internal")]
    Intern(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Werkfout {
    fn intern(fout: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Intern(fout.into())
    }
}

impl Omgeving {
    /// The own encryption key that the directory shows now; the newest where it shows none.
    fn eigen_sleutel(&self) -> &Zegelsleutel {
        let gids = self.boek.gids();
        let getoond = gids.partner(self.organisatie.oin).and_then(|p| p.sleutel(self.clock.now()));
        let passend = getoond.and_then(|g| self.sleutels.iter().find(|s| s.kid() == g.kid));
        passend.unwrap_or(&self.sleutel)
    }

    /// The covenant that we send under.
    fn convenant(&self) -> Option<ConvenantId> {
        self.organisatie.convenant.clone().or_else(|| self.boek.convenant())
    }

    async fn alarm(&self, soort: &str, uitleg: &str) -> Result<(), Werkfout> {
        tracing::error!(soort, "alarm");
        Ok(self.opslag.alarmeren(soort, uitleg, self.clock.now()).await?)
    }

    /// Reads the TLS files again, fetches directory and policy again; who put something back is an alarm.
    async fn verversen(&self) -> Result<(), Werkfout> {
        if let Some(tls) = self.tls.veranderd().map_err(Werkfout::intern)? {
            self.hub.vernieuwen(tls)?;
            tracing::info!("TLS opnieuw gelezen");
        }
        for oin in self.boek.verversen(&self.hub, &self.opslag, self.clock.now()).await? {
            let uitleg = format!("De gidsvermelding van {oin} is ouder dan een eerdere. Ze telt niet.");
            self.alarm("gids-teruggezet", &uitleg).await?;
        }
        Ok(())
    }
}

/// Runs the workers until `stop` says so. Each ends between two steps.
pub async fn draaien(omgeving: Arc<Omgeving>, stop: watch::Receiver<bool>) {
    tokio::join!(
        zenden(&omgeving, stop.clone()),
        ontvangen(&omgeving, stop.clone()),
        halen(&omgeving, stop.clone()),
        bijhouden(&omgeving, stop),
    );
}

/// Waits for `stop`, or for what is awaited. True: stop.
async fn gestopt(stop: &mut watch::Receiver<bool>, of: impl Future<Output = ()>) -> bool {
    tokio::select! {
        biased;
        _ = stop.wait_for(|s| *s) => true,
        () = of => false,
    }
}

async fn zenden(omgeving: &Omgeving, mut stop: watch::Receiver<bool>) {
    loop {
        let gedaan = verzenden::ronde(omgeving).await.unwrap_or_else(|fout| {
            tracing::error!(reden = %fout, "verzender hapert");
            0
        });
        let rust = async {
            if gedaan == 0 {
                let _ = tokio::time::timeout(KIJKEN, omgeving.wek_uit.notified()).await;
            }
        };
        if gestopt(&mut stop, rust).await {
            return;
        }
    }
}

async fn ontvangen(omgeving: &Omgeving, mut stop: watch::Receiver<bool>) {
    loop {
        let gedaan = afleveren::ronde(omgeving).await.unwrap_or_else(|fout| {
            tracing::error!(reden = %fout, "ontvanger hapert");
            0
        });
        let rust = async {
            if gedaan == 0 {
                let _ = tokio::time::timeout(KIJKEN, omgeving.wek_in.notified()).await;
            }
        };
        if gestopt(&mut stop, rust).await {
            return;
        }
    }
}

async fn halen(omgeving: &Omgeving, mut stop: watch::Receiver<bool>) {
    let mut mislukt = 0;
    let mut pauze = POSTVAK_PAUZE;
    loop {
        let stap = async {
            match afleveren::ophalen(omgeving, POSTVAK_WACHT).await {
                Ok(0) => {
                    mislukt = 0;
                    if omgeving.opslag.post_open().await.is_ok_and(|n| n > 0) {
                        tokio::time::sleep(pauze).await;
                        pauze = pauze.saturating_mul(2).min(POSTVAK_LANGSTE_PAUZE);
                    } else {
                        pauze = POSTVAK_PAUZE;
                    }
                }
                Ok(_) => {
                    mislukt = 0;
                    pauze = POSTVAK_PAUZE;
                }
                Err(fout) => {
                    mislukt += 1;
                    tracing::warn!(reden = %fout, "postvak niet opgehaald");
                    tokio::time::sleep(crate::hub::pauze(mislukt, &*omgeving.random)).await;
                }
            }
        };
        if gestopt(&mut stop, stap).await {
            return;
        }
    }
}

/// Directory, policy, revocation lists, log head; and the store's own tidying.
async fn bijhouden(omgeving: &Omgeving, mut stop: watch::Receiver<bool>) {
    let mut verversen = tokio::time::interval(VERVERSEN);
    let mut checkpoint = tokio::time::interval(CHECKPOINT);
    for klok in [&mut verversen, &mut checkpoint] {
        klok.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    }
    loop {
        let stap = async {
            tokio::select! {
                _ = verversen.tick() => {
                    if let Err(fout) = omgeving.verversen().await {
                        tracing::warn!(reden = %fout, "gids en beleid niet ververst");
                        verversen.reset_after(Duration::from_secs(2));
                    }
                    let _ = omgeving.opslag.opruimen().await;
                }
                _ = checkpoint.tick() => {
                    if let Err(fout) = checkpoint::ophalen(omgeving).await {
                        tracing::warn!(reden = %fout, "checkpoint niet opgehaald");
                    }
                }
            }
        };
        if gestopt(&mut stop, stap).await {
            return;
        }
    }
}
