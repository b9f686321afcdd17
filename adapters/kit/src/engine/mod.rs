//! The engine: workers between the own system, the store and the hub. Each takes one step at a time, and every step starts
//! from the store, so that a restart at any point goes on where it was.

mod aannemen;
mod afleveren;
mod ander_doel;
mod bewijzen;
pub(crate) mod bezorgd;
mod binnenkomst;
mod boek;
mod checkpoint;
mod eigenbesluit;
mod herstel;
mod herwikkelen;
mod inzien;
mod klaarzetten;
mod lus;
mod melden;
mod ondertekenaar;
mod ontvanger;
mod ontvangstbewijs;
mod openen;
mod opnieuw;
mod overzicht;
mod partijen;
mod plaatshouders;
mod plichten;
mod postvak;
mod sleutelbos;
mod sleutelwacht;
mod terugval;
mod toegang;
mod toestemmingen;
mod toetsen;
mod toezien;
mod verantwoording;
mod vernieuwen;
mod veroudering;
mod verzenden;
mod volgen;
mod voorbereiden;
mod vrijetekst;
mod wisselen;
mod woord;
mod zender;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use arc_swap::ArcSwap;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Clock, ConvenantId, Oin, ProblemCode, Randomness,
    gids::{Gidsvermelding, Vermelding},
    vocabulary::Urgentie,
};
use inbreng_proof::{VerifyingKey, jws};
use tokio::sync::{Notify, watch};

pub use aannemen::{Aangenomen, Aanneemfout, Uitslag};
pub use binnenkomst::{Binnenkomst, Gekomen};
pub use boek::{Ankers, Boek, Boekfout, Opgevallen};
pub(crate) use boek::{Gehouden, activeringsnummer, gehouden, volgt_op};
pub use inzien::Leesfout;
pub(crate) use sleutelbos::eigen_sleutels;
pub use sleutelbos::{Bosfout, Sleutelbos, Sleutelbron};
pub(crate) use wisselen::{bewaarde_sleutel, eerste_verklaring, volgende_verklaring};
pub use zender::Wekker;

use crate::{
    concept::{Vertaalfout, Vertaling},
    config::{self, EigenSysteem, Organisatie},
    geheim::Geheim,
    hub::{Hubfout, Knooppunt, Tlsbron, pauze_na},
    inbox::Inbox,
    klok::Klokstand,
    store::{Opslag, Opslagfout, Transactie},
};

pub(crate) use aannemen::{Getoetst, aannemen, aannemen_concept, uitslag, vragen, vragen_concept, wachten};
pub(crate) use afleveren::{afgeleverd, verifieren};
pub(crate) use bewijzen::vergelijken;
pub(crate) use inzien::{gelezen, inzien};
pub(crate) use klaarzetten::{klaarzetten, openen as klaargezet_openen, weggooien};
pub(crate) use opnieuw::opnieuw;
pub(crate) use overzicht::{Gevraagd, overzicht};
pub(crate) use partijen::gehouden as partijverklaringen;
pub(crate) use toezien::{open_plichten, toets_achteraf};

/// How often the store is looked into without being woken.
const KIJKEN: Duration = Duration::from_millis(500);
/// How often directory, policy and revocation lists are fetched again.
const VERVERSEN: Duration = Duration::from_secs(60);
/// How often it is looked whether what we sent was signed for.
const BEWIJZEN: Duration = Duration::from_secs(5);
/// How often it is looked whether a duty of our own is late.
const PLICHTEN: Duration = Duration::from_secs(900);
/// How often it is looked whether a hub that was put back has everything of ours again.
const NAZENDEN: Duration = Duration::from_secs(1);
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
    /// Our keys, as they were last read.
    pub bos: ArcSwap<Sleutelbos>,
    /// Where they lie.
    pub sleutelbron: Sleutelbron,
    /// The catalogue.
    pub catalogus: Arc<Catalogus>,
    /// The mapping.
    pub vertaling: Arc<dyn Vertaling>,
    /// The hub.
    pub hub: Knooppunt,
    /// When a human is told that something waits.
    pub termijnen: config::Termijnen,
    /// Our store.
    pub opslag: Opslag,
    /// Directory and policy.
    pub boek: Boek,
    /// The own system; absent: it fetches.
    pub eigen_systeem: Option<EigenSysteem>,
    /// The inbox page, where there is one.
    pub inbox: Option<Inbox>,
    /// What the own system shows to us.
    pub geheim: Geheim,
    /// What we show to the own system.
    pub eigen_geheim: Option<Geheim>,
    /// The TLS files, as they were last read.
    pub tls: Tlsbron,
    /// The client for the own system.
    pub http: reqwest::Client,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Randomness>,
    /// Wakes who keeps directory, policy and keys: now instead of at the next minute.
    pub wek_bij: Notify,
    /// Wakes who sends.
    pub wek_uit: Wekker,
    /// Wakes the receiver.
    pub wek_in: Notify,
    /// Told after every round, for who waits for an outcome.
    pub veranderd: Notify,
    /// Where our store is; beside it somebody says what time it is.
    pub(crate) opslagpad: PathBuf,
    /// What the store says of the clock.
    pub(crate) klok: Klokstand,
    /// How many messages the own system is being given at this moment.
    pub in_overdracht: AtomicUsize,
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
    /// By a clock that is before what is stored nothing is taken or judged.
    #[error("the clock of this machine is before what is stored")]
    Klok,
    /// What should not happen.
    #[error("internal")]
    Intern(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Werkfout {
    /// Whether the same attempt will get the same answer: an answer of the own system about this message, a mapping that
    /// cannot say it, or the hub's answer to our word. That we may not come in (401, 407; of the hub 403) is about us and not
    /// about the message; 408, 425 and 429 say themselves that it may be otherwise later, 409 that something else is under way.
    fn is_definitief(&self) -> bool {
        let antwoord = |status: u16| (400..500).contains(&status) && !matches!(status, 401 | 407 | 408 | 409 | 425 | 429);
        match self {
            Self::Vertaling(_) => true,
            Self::EigenSysteemWeigert(status) => antwoord(*status),
            Self::Hub(Hubfout::Probleem(problem)) => antwoord(problem.status) && problem.status != 403,
            _ => false,
        }
    }

    /// How long the hub asks to wait, where that is why.
    const fn pas_na(&self) -> Option<Duration> {
        match self {
            Self::Hub(fout) | Self::Boek(Boekfout::Hub(fout)) => fout.pas_na(),
            _ => None,
        }
    }

    fn intern(fout: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Intern(fout.into())
    }
}

impl Omgeving {
    /// Nothing is taken by a clock that is before what is stored.
    pub(crate) fn klok_bij_opslag(&self) -> Result<(), Werkfout> {
        if self.klok.achter(self.clock.now()).is_some() { Err(Werkfout::Klok) } else { Ok(()) }
    }

    /// After how many definite answers of the own system a delivery is refused.
    fn afwijzingen(&self) -> u32 {
        self.eigen_systeem.as_ref().map_or(config::AFWIJZINGEN, |e| e.afwijzingen)
    }

    /// What people call a partner; its number where the directory does not know it.
    pub(crate) fn naam(&self, oin: Oin) -> String {
        self.boek.gids().partner(oin).map_or_else(|| oin.to_string(), |p| p.vermelding.naam.clone())
    }

    /// The same, and of one that is connected no more as the covenant manager last named it.
    pub(crate) async fn naam_ooit(&self, oin: Oin) -> Result<String, Opslagfout> {
        if self.boek.gids().partner(oin).is_none()
            && let Some(tekst) = self.opslag.gids_van(oin).await?
            && let Ok(gids) = serde_json::from_str::<Gidsvermelding>(&tekst)
            && let Ok(vermelding) = jws::unverified_payload::<Vermelding>(&gids.vermelding.verklaring)
        {
            return Ok(vermelding.naam);
        }
        Ok(self.naam(oin))
    }

    /// The covenant that we send under.
    fn convenant(&self) -> Option<ConvenantId> {
        self.organisatie.convenant.clone().or_else(|| self.boek.convenant())
    }

    /// Tells a human: in the log, and where `GET /gezondheid` shows it. Neither says anything about a person.
    pub(crate) async fn alarm(&self, soort: &str, sleutel: impl std::fmt::Display, uitleg: &str) -> Result<(), Werkfout> {
        let mut tx = self.opslag.begin().await?;
        self.alarm_in(&mut tx, soort, sleutel, uitleg).await?;
        Ok(tx.vastleggen().await?)
    }

    /// The same, durable with what it comes of.
    pub(crate) async fn alarm_in(
        &self,
        tx: &mut Transactie,
        soort: &str,
        sleutel: impl std::fmt::Display,
        uitleg: &str,
    ) -> Result<(), Werkfout> {
        let sleutel = sleutel.to_string();
        tracing::error!(soort, over = sleutel, "alarm");
        Ok(tx.alarmeren(soort, &sleutel, uitleg, self.clock.now()).await?)
    }
}

/// Runs the workers until `stop` says so. Each ends between two steps.
pub async fn draaien(omgeving: Arc<Omgeving>, mut stop: watch::Receiver<bool>) {
    // By a clock that is before what is stored nothing is sent, and nothing that came in is judged.
    while omgeving.klok_bij_opslag().is_err() {
        omgeving.klok.gezegd(&omgeving.opslagpad, omgeving.clock.now());
        if gestopt(&mut stop, tokio::time::sleep(KIJKEN)).await {
            return;
        }
    }
    tokio::join!(
        zender::draaien(&omgeving, Urgentie::Acuut, KIJKEN, stop.clone()),
        zender::draaien(&omgeving, Urgentie::Normaal, KIJKEN, stop.clone()),
        zender::erna(&omgeving, KIJKEN, stop.clone()),
        ontvanger::draaien(&omgeving, KIJKEN, stop.clone()),
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

async fn halen(omgeving: &Omgeving, mut stop: watch::Receiver<bool>) {
    let mut mislukt = 0;
    let mut plek = postvak::Plek::begin();
    loop {
        let stap = async {
            match plek.halen(omgeving).await {
                Ok(()) => mislukt = 0,
                // It gives out nothing until we, too, have sent again what it lost.
                Err(Werkfout::Hub(fout)) if fout.code() == Some(ProblemCode::KnooppuntHersteld) => {
                    if let Err(fout) = checkpoint::ophalen(omgeving).await {
                        tracing::warn!(reden = %fout, "nog niet alles nagezonden");
                    }
                    tokio::time::sleep(NAZENDEN).await;
                }
                Err(fout) => {
                    mislukt += 1;
                    tracing::warn!(reden = %fout, "postvak niet opgehaald");
                    tokio::time::sleep(pauze_na(mislukt, fout.pas_na(), &*omgeving.random)).await;
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
    let mut bewijzen = tokio::time::interval(BEWIJZEN);
    let mut plichten = tokio::time::interval(PLICHTEN);
    for klok in [&mut verversen, &mut checkpoint, &mut bewijzen, &mut plichten] {
        klok.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    }
    loop {
        let stap = async {
            tokio::select! {
                () = omgeving.wek_bij.notified() => verversen.reset_immediately(),
                _ = verversen.tick() => {
                    if let Err(fout) = omgeving.verversen().await {
                        tracing::warn!(reden = %fout, "gids en beleid niet ververst");
                        verversen.reset_after(fout.pas_na().unwrap_or_default().max(Duration::from_secs(2)));
                    }
                    let _ = omgeving.opslag.opruimen().await;
                }
                _ = bewijzen.tick() => {
                    if let Err(fout) = bewijzen::ronde(omgeving).await {
                        tracing::warn!(reden = %fout, "ontvangsten niet vergeleken");
                        bewijzen.reset_after(fout.pas_na().unwrap_or_default().max(BEWIJZEN));
                    }
                    if let Err(fout) = volgen::ronde(omgeving).await {
                        tracing::warn!(reden = %fout, "niet nagegaan wie nog moet stoppen");
                    }
                }
                _ = plichten.tick() => {
                    if let Err(fout) = volgen::eigen(omgeving).await {
                        tracing::warn!(reden = %fout, "eigen plichten niet nagegaan");
                    }
                }
                _ = checkpoint.tick() => {
                    if let Err(fout) = checkpoint::ophalen(omgeving).await {
                        tracing::warn!(reden = %fout, "checkpoint niet opgehaald");
                        checkpoint.reset_after(fout.pas_na().unwrap_or_default().max(CHECKPOINT));
                    }
                }
            }
        };
        if gestopt(&mut stop, stap).await {
            return;
        }
    }
}
