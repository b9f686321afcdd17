//! The connection that takes: this process's place at every shard, and its ear for calls to wake.
//!
//! RabbitMQ does not say who the active consumer of a queue is; it only gives messages to nobody else. So a turn lies in every
//! shard: who gets it has the shard, and keeps it unacknowledged. When its connection ends the broker gives the turn to the
//! next, which so learns that it has the shard now. Everyone puts a turn into every shard now and then; who has one already
//! gives the older back. So a turn that was lost is there again within a minute.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{Stream, StreamExt, stream, stream::SelectAll};
use lapin::{
    Acker, Channel, Connection,
    message::Delivery,
    options::{BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions, BasicRejectOptions},
    types::{FieldTable, ShortString},
};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};

use super::{
    bericht::{self, Gelezen, Roep},
    staat::{Richting, Staat, tellen},
    verbinding::{AmqpFout, Sessie, geeindigd, kanaal, wachten},
};

/// Signs that one shard may have on its way here.
const VOORRAAD: u16 = 64;
/// How often a turn goes into every shard.
const BEURTEN: Duration = Duration::from_secs(60);

/// After how many of those in silence a process counts as gone.
const STILTE: u32 = 4;
/// No more processes than this are believed.
const MEESTE_ANDEREN: usize = 255;

/// Takes.
pub(super) struct Afnemer;

/// Where a message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bron {
    Wek,
    Aandeel(u16),
}

/// What a consumer gives: a message, or that it ended.
type Gekomen = (Bron, Option<lapin::Result<Delivery>>);
type Stroom = std::pin::Pin<Box<dyn Stream<Item = Gekomen> + Send>>;

#[async_trait]
impl Sessie for Afnemer {
    const RICHTING: Richting = Richting::In;
    const NAAM: &'static str = "afnemen";

    async fn werken(&self, staat: &Staat, verbinding: &Connection, einde: &mut watch::Receiver<bool>) -> Result<(), AmqpFout> {
        let kanaal = kanaal(staat, verbinding).await?;
        let instellingen = &staat.instellingen;
        wachten(instellingen, kanaal.basic_qos(VOORRAAD, BasicQosOptions::default())).await?;
        wachten(instellingen, staat.topologie.oor_uitroepen(&kanaal, &staat.zelf)).await?;
        let mut afname = Afname {
            staat,
            kanaal,
            stromen: SelectAll::new(),
            beurten: BTreeMap::new(),
            keren: BTreeMap::new(),
            anderen: BTreeMap::new(),
            afgestaan: BTreeSet::new(),
        };
        afname.luisteren().await?;
        for aandeel in staat.topologie.alle() {
            afname.plaatsnemen(aandeel).await?;
        }
        staat.verbinding(Richting::In, true);
        tracing::info!(gebeurtenis = "bus-verbonden", reden = Self::NAAM);
        afname.nemen(einde).await
    }
}

struct Afname<'a> {
    staat: &'a Staat,
    kanaal: Channel,
    stromen: SelectAll<Stroom>,
    /// The turns that we have; the shards are ours.
    beurten: BTreeMap<u16, Acker>,
    /// How often this process took its place at a shard: each time under another name.
    keren: BTreeMap<u16, u64>,
    /// The other processes, and when they were heard last.
    anderen: BTreeMap<String, Instant>,
    /// Shards that are being given away.
    afgestaan: BTreeSet<u16>,
}

impl Afname<'_> {
    async fn luisteren(&mut self) -> Result<(), AmqpFout> {
        let oor = self.staat.topologie.oor(&self.staat.zelf);
        let opties = BasicConsumeOptions { no_ack: true, exclusive: true, ..BasicConsumeOptions::default() };
        let afnemer = self.kanaal.basic_consume(oor, "wek".into(), opties, FieldTable::default());
        let afnemer = wachten(&self.staat.instellingen, afnemer).await?;
        self.stromen.push(stroom(Bron::Wek, afnemer));
        Ok(())
    }

    /// Joins the end of the row for a shard.
    async fn plaatsnemen(&mut self, aandeel: u16) -> Result<(), AmqpFout> {
        *self.keren.entry(aandeel).or_default() += 1;
        let (rij, merk) = (self.staat.topologie.rij(aandeel), self.merk(aandeel));
        let afnemer = self.kanaal.basic_consume(rij, merk, BasicConsumeOptions::default(), FieldTable::default());
        let afnemer = wachten(&self.staat.instellingen, afnemer).await?;
        self.stromen.push(stroom(Bron::Aandeel(aandeel), afnemer));
        Ok(())
    }

    async fn nemen(mut self, einde: &mut watch::Receiver<bool>) -> Result<(), AmqpFout> {
        let (nu, pauze) = (Instant::now(), self.staat.instellingen.verdelen);
        let (mut beurten, mut verdelen) = (tokio::time::interval_at(nu, BEURTEN), tokio::time::interval_at(nu + pauze, pauze));
        beurten.set_missed_tick_behavior(MissedTickBehavior::Delay);
        verdelen.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = geeindigd(einde) => return Ok(()),
                gekomen = self.stromen.next() => match gekomen {
                    Some((bron, Some(bericht))) => self.bericht(bron, bericht?).await?,
                    Some((Bron::Aandeel(aandeel), None)) if self.afgestaan.remove(&aandeel) => self.afgeven(aandeel).await?,
                    // The queue is gone, or its node: everything begins again.
                    Some((_, None)) | None => return Err(AmqpFout::RijWeg),
                },
                _ = beurten.tick() => self.staat.uitbak.beurten(self.staat.topologie.alle()),
                _ = verdelen.tick() => self.verdelen().await?,
            }
        }
    }

    async fn bericht(&mut self, bron: Bron, bericht: Delivery) -> Result<(), AmqpFout> {
        let Bron::Aandeel(aandeel) = bron else {
            self.horen(bericht);
            return Ok(());
        };
        let staat = self.staat;
        let instellingen = &staat.instellingen;
        // Whatever comes out of a shard, comes to who has it.
        staat.aandeel(aandeel, true);
        match bericht::lezen(bericht.properties.kind().as_ref().map(ShortString::as_str), &bericht.data) {
            Some(Gelezen::Werk(ontvanger)) => {
                staat.brengers.wekken(&[ontvanger].into());
                // The work is in the store: should this process end now, whoever gets the shard looks there.
                wachten(instellingen, bericht.acker.ack(BasicAckOptions::default())).await?;
            }
            Some(Gelezen::Beurt) => {
                if let Some(oude) = self.beurten.insert(aandeel, bericht.acker) {
                    wachten(instellingen, oude.ack(BasicAckOptions::default())).await?;
                }
            }
            None => {
                tellen(&staat.tellers.onleesbaar);
                tracing::error!(gebeurtenis = "bus-onleesbaar");
                wachten(instellingen, bericht.acker.reject(BasicRejectOptions { requeue: false })).await?;
            }
        }
        Ok(())
    }

    /// What another process tells.
    fn horen(&mut self, bericht: Delivery) {
        let (van, soort) = (bericht.properties.message_id().as_ref(), bericht.properties.kind().as_ref());
        let (van, soort) = (van.map(ShortString::as_str), soort.map(ShortString::as_str));
        let Some((van, roep)) = bericht::horen(&self.staat.zelf, van, soort, bericht.data) else { return };
        match roep {
            Roep::Hier if self.anderen.len() < MEESTE_ANDEREN => {
                self.anderen.insert(van, Instant::now());
            }
            Roep::Hier => {}
            Roep::Wek(ontvangers) => self.staat.postvakken.wekken(&ontvangers.into_iter().collect()),
            Roep::Omroep(inhoud) => {
                let _nobody_listens = self.staat.omroep.send(inhoud.into());
            }
        }
    }

    /// Says that this process is there, and gives away what is more than its share among all that said so.
    async fn verdelen(&mut self) -> Result<(), AmqpFout> {
        let staat = self.staat;
        staat.uitbak.melden();
        let kort_geleden = staat.instellingen.verdelen.saturating_mul(STILTE);
        self.anderen.retain(|_, gehoord| gehoord.elapsed() < kort_geleden);
        let processen = self.anderen.len().saturating_add(1);
        let deel = usize::from(staat.instellingen.aandelen).div_ceil(processen);
        for aandeel in staat.aandelen_hier().into_iter().skip(deel) {
            if self.afgestaan.insert(aandeel) {
                let afzeggen = self.kanaal.basic_cancel(self.merk(aandeel), BasicCancelOptions::default());
                wachten(&staat.instellingen, afzeggen).await?;
            }
        }
        Ok(())
    }

    /// Nothing comes out of this shard here any more: its turn goes to the next, and this process to the end of the row.
    async fn afgeven(&mut self, aandeel: u16) -> Result<(), AmqpFout> {
        let staat = self.staat;
        staat.aandeel(aandeel, false);
        if let Some(beurt) = self.beurten.remove(&aandeel) {
            let terug = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
            wachten(&staat.instellingen, beurt.nack(terug)).await?;
        }
        self.plaatsnemen(aandeel).await
    }

    fn merk(&self, aandeel: u16) -> ShortString {
        let keer = self.keren.get(&aandeel).copied().unwrap_or_default();
        format!("aandeel-{aandeel}-{keer}").into()
    }
}

fn stroom(bron: Bron, afnemer: lapin::Consumer) -> Stroom {
    let einde = stream::once(std::future::ready((bron, None)));
    Box::pin(afnemer.map(move |bericht| (bron, Some(bericht))).chain(einde))
}
