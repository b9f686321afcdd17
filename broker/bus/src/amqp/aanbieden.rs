//! The connection that offers: signs of work with a confirmation each, in a bounded window; calls to wake without.

use std::{sync::atomic::Ordering, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, stream::FuturesUnordered};
use lapin::{
    Channel, Confirmation, Connection,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};

use super::{
    bericht,
    staat::{Richting, Staat, tellen},
    uitbak::Stuk,
    verbinding::{AmqpFout, Sessie, geeindigd, kanaal, uitroepen, wachten},
};

/// How often what was put off is offered again, and the connection is looked at.
const TIK: Duration = Duration::from_secs(1);
/// Recipients in one call to wake.
const PER_WEKROEP: usize = 500;

/// Offers.
pub(super) struct Aanbieder;

/// What the broker said of one offer.
enum Woord {
    Bevestigd,
    Teruggekomen,
    Geweigerd,
    Niets(AmqpFout),
}

#[async_trait]
impl Sessie for Aanbieder {
    const RICHTING: Richting = Richting::Uit;
    const NAAM: &'static str = "aanbieden";

    async fn werken(&self, staat: &Staat, verbinding: &Connection, einde: &mut watch::Receiver<bool>) -> Result<(), AmqpFout> {
        let uitkomst = aanbieden(staat, verbinding, einde).await;
        let onzeker = staat.uitbak.alles_opnieuw();
        staat.tellers.verlopen.fetch_add(onzeker, Ordering::Relaxed);
        uitkomst
    }
}

async fn aanbieden(staat: &Staat, verbinding: &Connection, einde: &mut watch::Receiver<bool>) -> Result<(), AmqpFout> {
    let instellingen = &staat.instellingen;
    let uit = kanaal(staat, verbinding).await?;
    wachten(instellingen, uit.confirm_select(ConfirmSelectOptions::default())).await?;
    let wek = wachten(instellingen, verbinding.create_channel()).await?;
    staat.verbinding(Richting::Uit, true);
    tracing::info!(gebeurtenis = "bus-verbonden", reden = Aanbieder::NAAM);
    let mut onderweg = FuturesUnordered::new();
    let mut tik = tokio::time::interval_at(Instant::now() + TIK, TIK);
    tik.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        roepen(staat, &wek).await?;
        while onderweg.len() < usize::from(instellingen.venster)
            && let Some((nummer, stuk)) = staat.uitbak.volgende()
        {
            let bevestiging = publiceren(staat, &uit, &stuk).await?;
            let hoogstens = instellingen.bevestigen;
            onderweg.push(async move {
                let woord = match tokio::time::timeout(hoogstens, bevestiging).await {
                    Ok(Ok(Confirmation::Ack(None))) => Woord::Bevestigd,
                    // It was acknowledged, and there was no queue for it.
                    Ok(Ok(Confirmation::Ack(Some(_)))) => Woord::Teruggekomen,
                    Ok(Ok(Confirmation::Nack(_) | Confirmation::NotRequested)) => Woord::Geweigerd,
                    Ok(Err(fout)) => Woord::Niets(fout.into()),
                    // After a crash of the broker a confirmation may never come, on a connection that seems to live.
                    Err(_) => Woord::Niets(AmqpFout::Onbevestigd),
                };
                (nummer, woord)
            });
        }
        tokio::select! {
            biased;
            () = geeindigd(einde) => return Ok(()),
            Some((nummer, woord)) = onderweg.next(), if !onderweg.is_empty() => {
                horen(staat, &uit, nummer, woord).await?;
            }
            () = staat.uitbak.nieuw.notified() => {}
            _ = tik.tick() => {
                if !verbinding.status().connected() {
                    return Err(AmqpFout::TeTraag);
                }
                staat.uitbak.opnieuw();
            }
        }
    }
}

/// Puts one sign on its way.
async fn publiceren(staat: &Staat, uit: &Channel, stuk: &Stuk) -> Result<lapin::PublisherConfirm, AmqpFout> {
    let aandeel = match stuk {
        Stuk::Werk(werk) => staat.topologie.aandeel(werk.ontvanger),
        Stuk::Beurt(aandeel) => *aandeel,
    };
    let (inhoud, eigenschappen) = bericht::schrijven(stuk);
    let verplicht = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let (ruil, rij) = (staat.topologie.werk(), staat.topologie.rij(aandeel));
    wachten(&staat.instellingen, uit.basic_publish(ruil, rij, verplicht, &inhoud, eigenschappen)).await
}

/// What the broker said.
async fn horen(staat: &Staat, uit: &Channel, nummer: u64, woord: Woord) -> Result<(), AmqpFout> {
    match woord {
        Woord::Bevestigd => {
            tellen(&staat.tellers.bevestigd);
            staat.uitbak.bevestigd(nummer);
        }
        Woord::Teruggekomen => {
            tellen(&staat.tellers.teruggekomen);
            staat.uitbak.later(nummer);
            tracing::error!(gebeurtenis = "bus-rij-weg");
            // Someone took the queue away: it is made again, and whoever took from it comes back to it.
            uitroepen(staat, uit).await?;
        }
        Woord::Geweigerd => {
            tellen(&staat.tellers.geweigerd);
            staat.uitbak.later(nummer);
        }
        Woord::Niets(fout) => return Err(fout),
    }
    Ok(())
}

/// Tells the other processes what they must hear. What gets lost is found in the store, or said again.
async fn roepen(staat: &Staat, wek: &Channel) -> Result<(), AmqpFout> {
    while let Some(roep) = staat.uitbak.te_roepen(PER_WEKROEP) {
        let (inhoud, eigenschappen) = bericht::roepen(&staat.zelf, roep);
        let (ruil, opties) = (staat.topologie.wek(), BasicPublishOptions::default());
        wachten(&staat.instellingen, wek.basic_publish(ruil, "".into(), opties, &inhoud, eigenschappen)).await?;
    }
    Ok(())
}
