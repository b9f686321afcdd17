//! How long things are kept (R40): what nobody fetches leaves, evidence ends, the reference of a closed case ends.
//!
//! One process of a hub sweeps at a time, in bounded steps that may be cut off anywhere. A hub that was put back from a copy and
//! still waits for its partners sweeps nothing: what looks unfetched may have been fetched after the copy was made.

use std::{sync::Arc, time::Duration as Wachttijd};

use inbreng_catalogue::Definitie;
use inbreng_domain::{BerichtId, LeveringId, Oin, Randomness, Tijdstip, part::Toegangsverklaring};
use inbreng_proof::{encoding, jws::unverified_payload};
use inbreng_storage::{Snoeisel, Verstreken};
use serde::Serialize;
use time::Duration;
use tokio::sync::watch;

use crate::{
    Fout, Hub, herstel,
    leaf::{self, Soort},
};

/// How much one step takes.
const STAP: u32 = 256;
/// For how long a process has the task; it takes it again at every step.
const GREEP: Duration = Duration::minutes(5);

/// How long evidence stays: five years, which no hub shortens. Who holds a reader to account finds what it did (R40, R41).
pub(crate) const BEWIJS: Duration = Duration::days(1826);

/// The terms of a hub. They may be shorter than the project's, never longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Termijnen {
    onbezorgd: Duration,
    verwijzing: Duration,
}

/// A term that is longer than R40 has it, or so short that a case ends under those who still work in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{termijn} must be {laagst} to {hoogst} days")]
pub struct TermijnOngeldig {
    /// Which.
    pub termijn: &'static str,
    /// At least.
    pub laagst: u16,
    /// At most.
    pub hoogst: u16,
}

impl Termijnen {
    /// Days that an undelivered part stays, and that the reference of a closed case stays.
    pub const HOOGSTENS: [u16; 2] = [30, 365];
    const MINSTENS: [u16; 2] = [1, 92];
    const NAMEN: [&'static str; 2] = ["onbezorgd_dagen", "verwijzing_dagen"];

    /// Of days, as [`Self::HOOGSTENS`] has them.
    ///
    /// # Errors
    /// The first that is no term.
    pub fn van_dagen(dagen: [u16; 2]) -> Result<Self, TermijnOngeldig> {
        let grenzen = Self::MINSTENS.into_iter().zip(Self::HOOGSTENS).zip(Self::NAMEN);
        for (dagen, ((laagst, hoogst), termijn)) in dagen.into_iter().zip(grenzen) {
            if dagen < laagst || dagen > hoogst {
                return Err(TermijnOngeldig { termijn, laagst, hoogst });
            }
        }
        let [onbezorgd, verwijzing] = dagen.map(|d| Duration::days(d.into()));
        Ok(Self { onbezorgd, verwijzing })
    }
}

impl Default for Termijnen {
    fn default() -> Self {
        let [onbezorgd, verwijzing] = Self::HOOGSTENS.map(|d| Duration::days(d.into()));
        Self { onbezorgd, verwijzing }
    }
}

/// What one sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opgeruimd {
    /// Deliveries whose term was over.
    pub verlopen: u64,
    /// Parts that waited for a later step that did not come.
    pub gewist: u64,
    /// Messages of which the evidence ended.
    pub berichten: u64,
    /// Leaves of which the record went.
    pub bladen: u64,
    /// Cases of which the reference ended.
    pub zaken: u64,
}

/// What the log keeps of a delivery that nobody fetched. Its sender sees it in the status of its message.
#[derive(Serialize)]
struct Verlooprecord {
    levering: LeveringId,
    bericht: BerichtId,
    van: Oin,
    ontvanger: Oin,
    #[serde(rename = "bewarenTot")]
    bewaren_tot: Tijdstip,
    tijd: Tijdstip,
}

/// What the log keeps of a sweep from the moment on at which it empties a first leaf: up to when. Written with that leaf, so that
/// no leaf is ever empty without it, wherever the sweep is cut off.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Veegrecord {
    bewijs_tot: Tijdstip,
    tijd: Tijdstip,
}

/// What the log keeps of a sweep by which evidence or a case ended: up to when, and how much.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Opruimrecord {
    bewijs_tot: Tijdstip,
    verwijzing_tot: Tijdstip,
    berichten: u64,
    bladen: u64,
    zaken: u64,
    tijd: Tijdstip,
}

/// Until when a delivery that is open from `nu` on waits: the shortest of what its type, this hub and the owner of a part say.
pub(crate) fn bewaren_tot<'a>(
    hub: &Hub,
    soort: &Definitie,
    toegangen: impl Iterator<Item = &'a Toegangsverklaring>,
    nu: Tijdstip,
) -> Tijdstip {
    let dagen = Duration::days(soort.bewaren.onbezorgd_dagen.into());
    let tot = nu.plus(dagen.min(termijnen(hub).onbezorgd));
    toegangen.filter_map(|t| t.bewaren_tot).fold(tot, Tijdstip::min)
}

/// What the owner said when it gave access; verified by who gets it, and here no more than a term.
pub(crate) fn toegang(jws: &str) -> Option<Toegangsverklaring> {
    unverified_payload(jws).ok()
}

fn termijnen(hub: &Hub) -> Termijnen {
    **hub.termijnen.load()
}

/// One sweep by the process of this name; `None` while another has the task, the hub gives nothing out, or its
/// clock jumped and nobody has looked yet.
pub(crate) async fn ronde(hub: &Hub, wie: &str) -> Result<Option<Opgeruimd>, Fout> {
    // What is too old by a clock that jumped may be no such thing, and what is swept does not come back.
    if !hub.klok_vertrouwd() || !herstel::geeft_uit(hub).await? || !nemen(hub, wie).await? {
        return Ok(None);
    }
    let Termijnen { onbezorgd, verwijzing } = termijnen(hub);
    let store = hub.store();
    let mut gedaan = Opgeruimd::default();
    while nemen(hub, wie).await? {
        let nu = hub.clock.now();
        let verlopen = verlopen(hub, nu).await?;
        let gewist = store.wachtende_delen_wissen(nu.plus(-onbezorgd), STAP).await?;
        let zaken = store.zaken_beeindigen(nu.plus(-verwijzing), nu, STAP).await?;
        gedaan.verlopen += verlopen;
        gedaan.gewist += gewist;
        gedaan.zaken += zaken;
        if [verlopen, gewist, zaken].into_iter().all(|n| n < u64::from(STAP)) {
            break;
        }
    }
    let begin = hub.clock.now();
    let bewijs_tot = begin.plus(-BEWIJS);
    let mut veegblad = Some(leaf::maken(Soort::Opgeruimd, &Veegrecord { bewijs_tot, tijd: begin }, begin, hub.random.as_ref())?);
    let mut plaats = Some(0);
    while let Some(na) = plaats
        && nemen(hub, wie).await?
    {
        let nu = hub.clock.now();
        let Snoeisel { berichten, bladen, verder } = store.bewijs_snoeien(bewijs_tot, na, nu, STAP, veegblad.clone()).await?;
        if bladen > 0 {
            veegblad = None;
        }
        gedaan.berichten += berichten;
        gedaan.bladen += bladen;
        plaats = verder;
    }
    while nemen(hub, wie).await? && store.zaken_opruimen(STAP).await? == u64::from(STAP) {}
    let Opgeruimd { berichten, bladen, zaken, .. } = gedaan;
    if berichten + bladen + zaken > 0 {
        let nu = hub.clock.now();
        let verwijzing_tot = nu.plus(-verwijzing);
        let record = Opruimrecord { bewijs_tot, verwijzing_tot, berichten, bladen, zaken, tijd: nu };
        hub.store.bladen_toevoegen(vec![leaf::maken(Soort::Opgeruimd, &record, nu, hub.random.as_ref())?]).await?;
    }
    Ok(Some(gedaan))
}

async fn nemen(hub: &Hub, wie: &str) -> Result<bool, Fout> {
    let nu = hub.clock.now();
    Ok(hub.store.opruimtaak_nemen(wie, nu, nu.plus(GREEP)).await?)
}

async fn verlopen(hub: &Hub, nu: Tijdstip) -> Result<u64, Fout> {
    let mut wat = Vec::new();
    for Verstreken { levering, bericht, van, ontvanger, bewaren_tot, open } in hub.store.verstreken(nu, STAP).await? {
        let record = Verlooprecord { levering, bericht, van, ontvanger, bewaren_tot, tijd: nu };
        wat.push((levering, leaf::maken(Soort::Verlopen, &record, nu, hub.random.as_ref())?));
        if open {
            tracing::warn!(gebeurtenis = "niet-opgehaald", partner = %ontvanger);
        }
    }
    if wat.is_empty() { Ok(0) } else { Ok(hub.store.laten_verlopen(nu, wat).await?) }
}

/// Sweeps now and then, for as long as the process lives.
#[derive(Debug)]
pub struct Opruimdienst {
    hub: Arc<Hub>,
    elke: watch::Receiver<Wachttijd>,
    wie: String,
}

impl Opruimdienst {
    /// A sweeper for this process, with this pause between two sweeps. It does nothing until it is told to.
    #[must_use]
    pub fn new(hub: Arc<Hub>, elke: watch::Receiver<Wachttijd>, random: &dyn Randomness) -> Self {
        let mut wie = [0; 16];
        random.fill(&mut wie);
        Self { hub, elke, wie: encoding::encode(&wie) }
    }

    /// Works until `stopt` says so.
    pub async fn draaien(mut self, mut stopt: watch::Receiver<bool>) {
        loop {
            match self.hub.opruimen(&self.wie).await {
                Ok(Some(gedaan)) if gedaan != Opgeruimd::default() => {
                    let Opgeruimd { verlopen, gewist, berichten, bladen, zaken } = gedaan;
                    tracing::info!(gebeurtenis = "opgeruimd", verlopen, gewist, berichten, bladen, zaken);
                }
                Ok(_) => {}
                Err(fout) => tracing::error!(gebeurtenis = "opruimen-hapert", code = %fout.code()),
            }
            let begin = tokio::time::Instant::now();
            loop {
                // Another pause counts from the last sweep; where nobody can change it any more, the last one said stays.
                let tot = begin + *self.elke.borrow_and_update();
                tokio::select! {
                    _ = stopt.wait_for(|s| *s) => return,
                    () = tokio::time::sleep_until(tot) => break,
                    Ok(()) = self.elke.changed() => {}
                }
            }
        }
    }
}
