//! What is brought to one recipient: takes what is due, as much as there is room for, and learns from what comes back.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use inbreng_domain::{
    Oin, Tijdstip,
    terugroep::{Bestemming, Bezorggrens, Bezorgreden},
    vocabulary::Urgentie,
};
use inbreng_storage::{Greep, Verlopen};
use tokio::{sync::OwnedSemaphorePermit, task::JoinSet};

use super::{
    Bezorger, Breker, Doorgang,
    dood::{self, Gestorven},
    poging::{MARGE, Poging},
    ruimte::{Bytes, Kamer, Ruimte, Vakken, in_baan},
    uitslag::{Afloop, LANGSTE_PAS_NA},
};
use crate::{Fout, Hub, herstel, herzien};

/// How often it is looked for what grew too old.
const VEGEN: time::Duration = time::Duration::seconds(5);
/// How often what waits is decided again without anyone asking, as when its recipient looks: what a message changes is decided
/// again at once, and what is about to be brought is looked at by itself.
const HERZIEN: time::Duration = time::Duration::seconds(60);
/// How many dead letters one sweep makes.
const PER_VEEG: u32 = 64;
/// From so many attempts on it is busy.
const DRUK: usize = 4;
/// Acute first.
const BANEN: [Urgentie; 2] = [Urgentie::Acuut, Urgentie::Normaal];

/// One recipient.
#[derive(Debug)]
pub struct Bezorglijn {
    hub: Arc<Hub>,
    bezorger: Arc<dyn Bezorger>,
    vakken: Arc<Vakken>,
    /// As it was at the last round.
    ruimte: Ruimte,
    /// For its bytes, in each lane.
    bytes: [Bytes; 2],
    ontvanger: Oin,
    breker: Breker,
    bezig: JoinSet<(Urgentie, Result<Afloop, Fout>)>,
    onderweg: BTreeMap<Urgentie, u32>,
    geveegd: Option<Tijdstip>,
    herzien: Option<Tijdstip>,
}

/// An attempt that ended.
#[derive(Debug)]
pub(super) struct Klaar(Result<(Urgentie, Result<Afloop, Fout>), tokio::task::JoinError>);

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ronde {
    /// How many attempts began.
    pub(super) begonnen: u32,
    /// When the next round makes sense, unless something happens before.
    pub(super) weer_op: Option<Tijdstip>,
    /// A lane for which there was no room.
    pub(super) geen_ruimte: Option<(Urgentie, Kamer)>,
}

impl Bezorglijn {
    pub(super) fn new(hub: Arc<Hub>, bezorger: Arc<dyn Bezorger>, vakken: Arc<Vakken>, ontvanger: Oin) -> Self {
        let ruimte = vakken.ruimte();
        let bytes = [Bytes::van_een(ruimte), Bytes::van_een(ruimte)];
        let bezig = JoinSet::new();
        let (breker, onderweg) = (Breker::default(), BTreeMap::new());
        Self { hub, bezorger, vakken, ruimte, bytes, ontvanger, breker, bezig, onderweg, geveegd: None, herzien: None }
    }

    /// Begins what may begin now. `plaats` is one that was waited for, in this lane.
    pub(super) async fn ronde(&mut self, mut plaats: Option<(Urgentie, OwnedSemaphorePermit)>) -> Result<Ronde, Fout> {
        let mut ronde = Ronde::default();
        self.meten();
        let Some(bestemming) = self.hub.terugroepen.van(self.ontvanger) else { return Ok(ronde) };
        if !herstel::geeft_uit(&self.hub).await? {
            return Ok(ronde);
        }
        let nu = self.hub.clock.now();
        self.vegen(&bestemming, nu).await?;
        let gids = self.hub.gids.stand(self.hub.store(), nu).await?;
        if gids.aangeslotene(self.ontvanger, nu).is_err() {
            // Not connected any more: nothing is handed out, as when it would fetch.
            return Ok(ronde);
        }
        let doorgang = self.breker.doorgang(nu);
        if let Doorgang::Dicht(tot) = doorgang {
            ronde.weer_op = Some(tot);
            return Ok(ronde);
        }
        let mut vol = true;
        for baan in BANEN {
            let vrij = self.vrij(doorgang, baan);
            vol &= vrij == 0;
            let vak = self.vakken.vak(baan, Kamer::van(doorgang));
            let gewacht = plaats.take_if(|(voor, _)| *voor == baan);
            let mut plaatsen: Vec<_> = gewacht.into_iter().map(|(_, plaats)| plaats).collect();
            plaatsen.extend(std::iter::from_fn(|| vak.plaats()).take(vrij.saturating_sub(plaatsen.len())));
            plaatsen.truncate(vrij);
            if plaatsen.is_empty() {
                if vrij > 0 {
                    ronde.geen_ruimte.get_or_insert((baan, Kamer::van(doorgang)));
                }
                continue;
            }
            ronde.begonnen += self.beginnen(&bestemming, baan, doorgang, plaatsen, nu).await?;
        }
        // Where nothing more may be under way, the next round is when something ends.
        if !vol {
            ronde.weer_op = self.hub.store.volgende_bezorging(self.ontvanger, nu).await?;
        }
        Ok(ronde)
    }

    /// Whether so much is under way that what ends is learned together, and what follows is taken together: each round is a commit.
    pub(super) fn druk(&self) -> bool {
        self.bezig.len() >= DRUK
    }

    /// Takes over how much there may be under way now.
    fn meten(&mut self) {
        let nu = self.vakken.ruimte();
        if nu != self.ruimte {
            self.ruimte = nu;
            self.bytes.iter().for_each(|bytes| bytes.zetten_van_een(nu));
        }
    }

    fn vrij(&self, doorgang: Doorgang, baan: Urgentie) -> usize {
        let onderweg = |baan: Urgentie| self.onderweg.get(&baan).copied().unwrap_or(0);
        let vrij = match doorgang {
            Doorgang::Dicht(_) => 0,
            Doorgang::Proef => 1u32.saturating_sub(BANEN.into_iter().map(onderweg).sum::<u32>()),
            Doorgang::Nieuw | Doorgang::Voorzichtig => 1u32.saturating_sub(onderweg(baan)),
            Doorgang::Vrij => self.ruimte.per_ontvanger.saturating_sub(onderweg(baan)),
        };
        usize::try_from(vrij).unwrap_or(0)
    }

    async fn beginnen(
        &mut self,
        bestemming: &Arc<Bestemming>,
        baan: Urgentie,
        doorgang: Doorgang,
        plaatsen: Vec<OwnedSemaphorePermit>,
        nu: Tijdstip,
    ) -> Result<u32, Fout> {
        let tot = nu.plus(time::Duration::seconds(bestemming.schema.antwoordtijd().into()) + MARGE);
        let hoogstens = u32::try_from(plaatsen.len()).unwrap_or(1);
        let genomen = self.hub.store.bezorging_nemen(Greep { ontvanger: self.ontvanger, baan, hoogstens, nu, tot }).await?;
        let aantal = u32::try_from(genomen.len()).unwrap_or(0);
        for (genomen, plaats) in genomen.into_iter().zip(plaatsen) {
            let (hub, bezorger, bestemming) = (Arc::clone(&self.hub), Arc::clone(&self.bezorger), Arc::clone(bestemming));
            let (ontvanger, vak) = (self.ontvanger, self.vakken.vak(baan, Kamer::van(doorgang)).clone());
            let eigen = in_baan(&self.bytes, baan).clone();
            *self.onderweg.entry(baan).or_default() += 1;
            self.bezig.spawn(async move {
                let poging = Poging { hub: &hub, bezorger: &*bezorger, ontvanger, bestemming: &bestemming, genomen, tot };
                let afloop = poging.doen(&vak, &eigen).await;
                drop(plaats);
                (baan, afloop)
            });
        }
        Ok(aantal)
    }

    /// Waits for one attempt to end. Who stops waiting loses nothing.
    pub(super) async fn klaar(&mut self) -> Option<Klaar> {
        self.bezig.join_next().await.map(Klaar)
    }

    /// One that has ended already.
    pub(super) fn al_klaar(&mut self) -> Option<Klaar> {
        self.bezig.try_join_next().map(Klaar)
    }

    /// Learns from an attempt that ended.
    pub(super) async fn leren(&mut self, Klaar(klaar): Klaar) -> Result<(), Fout> {
        let Ok((baan, afloop)) = klaar else {
            // A task that was stopped: its lease runs out by itself.
            self.onderweg.clear();
            return Ok(());
        };
        if let Some(aantal) = self.onderweg.get_mut(&baan) {
            *aantal = aantal.saturating_sub(1);
        }
        match afloop {
            Ok(Afloop::Bezorgd) => self.gelukt().await?,
            // It answered for itself: what it does not take is another matter.
            Ok(Afloop::Mislukt(misluking)) if !misluking.van_ontvanger => self.gelukt().await?,
            Ok(Afloop::Mislukt(_)) => self.mislukt(),
            Ok(Afloop::NietGedaan) => {}
            Err(fout) => tracing::error!(gebeurtenis = "bezorgen-hapert", partner = %self.ontvanger, code = %fout.code()),
        }
        Ok(())
    }

    async fn gelukt(&mut self) -> Result<(), Fout> {
        if self.breker.gelukt() {
            tracing::info!(gebeurtenis = "ontvanger-terug", partner = %self.ontvanger);
            self.hub.store.bezorging_versnellen(self.ontvanger, self.hub.clock.now()).await?;
        }
        Ok(())
    }

    fn mislukt(&mut self) {
        let Some(bestemming) = self.hub.terugroepen.van(self.ontvanger) else { return };
        let nu = self.hub.clock.now();
        if self.breker.mislukt(nu, &bestemming.schema, self.hub.random.as_ref()) {
            tracing::error!(gebeurtenis = "ontvanger-onbereikbaar", partner = %self.ontvanger);
        }
    }

    /// What waits for longer than its schedule has it wait was put off by a clock that ran ahead, of this process or of another: it is
    /// due.
    async fn teruggezet(&self, bestemming: &Bestemming, nu: Tijdstip) -> Result<(), Fout> {
        let langste = bestemming.schema.pauze_na(u32::MAX).max(LANGSTE_PAS_NA) + bestemming.schema.antwoordtijd();
        let grens = nu.plus(time::Duration::seconds(langste.into()) + MARGE);
        if self.hub.store.volgende_bezorging(self.ontvanger, grens).await?.is_some() {
            self.hub.store.bezorging_versnellen(self.ontvanger, grens).await?;
        }
        Ok(())
    }

    /// Dead letters of what grew too old; and what waits on facts that moved is decided again, as when its recipient looks. Nothing
    /// is too old by a clock that jumped and that nobody has looked at.
    async fn vegen(&mut self, bestemming: &Bestemming, nu: Tijdstip) -> Result<(), Fout> {
        let pas = |toen: Option<Tijdstip>, tijd| toen.is_some_and(|toen| nu.since(toen).abs() < tijd);
        if pas(self.geveegd, VEGEN) {
            return Ok(());
        }
        self.geveegd = Some(nu);
        if !pas(self.herzien, HERZIEN) {
            self.herzien = Some(nu);
            herzien::ontvanger(&self.hub, self.ontvanger).await?;
            self.teruggezet(bestemming, nu).await?;
        }
        if !self.hub.klok_vertrouwd() {
            return Ok(());
        }
        let voor = nu.plus(-time::Duration::seconds(bestemming.schema.eindleeftijd().into()));
        let ontvanger = self.ontvanger;
        for verlopen in self.hub.store.verlopen_bezorgingen(ontvanger, voor, nu, PER_VEEG).await? {
            let Verlopen { levering, pogingen, reden, status, bezorgd } = verlopen;
            let reden = if bezorgd { Bezorgreden::NietBevestigd } else { reden.unwrap_or(Bezorgreden::NietGeprobeerd) };
            let grens = Bezorggrens::Eindleeftijd;
            dood::vastleggen(&self.hub, Gestorven { ontvanger, levering, poging: None, pogingen, reden, status, grens }).await?;
        }
        Ok(())
    }

    /// Takes what is due, waits for the outcomes, and goes on until nothing is due. Gives how many attempts were made. A
    /// process works without end instead ([`super::Bezorgdienst`]); this is for who wants to see one step.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn leegmaken(&mut self) -> Result<u32, Fout> {
        let mut alle = 0;
        loop {
            let begonnen = self.ronde(None).await?.begonnen;
            alle += begonnen;
            if begonnen == 0 {
                return Ok(alle);
            }
            while let Some(klaar) = self.klaar().await {
                self.leren(klaar).await?;
            }
        }
    }

    /// Lets what is under way end, at most so long; what does not is another attempt later.
    pub(super) async fn stoppen(&mut self, hoogstens: Duration) {
        let rest = async { while self.bezig.join_next().await.is_some() {} };
        if tokio::time::timeout(hoogstens, rest).await.is_err() {
            self.bezig.abort_all();
        }
    }
}
