//! One attempt: what was taken is looked at again, brought, and its outcome written.

use std::time::Duration;

use inbreng_domain::{
    Oin, Tijdstip,
    receipts::{Ontvangst, Weigering},
    terugroep::{Bestemming, Bezorggrens, Bezorgreden},
};
use inbreng_proof::Typ;
use inbreng_storage::{Afronding, Genomen, OpenLevering, Pogingsuitslag};

use super::{
    Antwoord, Bezorger, Bezorgfout, Zending,
    dood::{self, Gestorven},
    pauze::pauze,
    ruimte::{Bytes, Vak},
    uitslag::{Afloop, Misluking, duiden},
};
use crate::{Fout, Hub, herzien, mailbox, words};

/// Over the time for an answer, before an attempt counts as broken off: for reading and writing the store.
pub(super) const MARGE: time::Duration = time::Duration::seconds(5);
/// How long an attempt waits for room for its bytes.
const OP_RUIMTE: Duration = Duration::from_secs(2);
/// When a delivery is looked at again that may not be handed out now.
const LATER: time::Duration = time::Duration::seconds(10);

/// Who brings what where.
#[derive(Debug)]
pub(super) struct Poging<'a> {
    pub(super) hub: &'a Hub,
    pub(super) bezorger: &'a dyn Bezorger,
    pub(super) ontvanger: Oin,
    pub(super) bestemming: &'a Bestemming,
    pub(super) genomen: Genomen,
    /// Until when it is ours.
    pub(super) tot: Tijdstip,
}

impl Poging<'_> {
    /// Makes the attempt, where there is room for its bytes among its recipient's `eigen` and among those of its lane.
    pub(super) async fn doen(&self, vak: &Vak, eigen: &Bytes) -> Result<Afloop, Fout> {
        let Genomen { levering, poging, omvang, vorige } = self.genomen;
        let schema = &self.bestemming.schema;
        if vorige == Some(Bezorgreden::Afgebroken) && poging > schema.pogingen() {
            let gestorven = self.gestorven(poging - 1, Bezorgreden::Afgebroken, None);
            dood::vastleggen(self.hub, gestorven).await?;
            return Ok(Afloop::NietGedaan);
        }
        let ruimte = async { Some((eigen.nemen(omvang).await?, vak.bytes.nemen(omvang).await?)) };
        let Ok(Some(_ruimte)) = tokio::time::timeout(OP_RUIMTE, ruimte).await else {
            return self.niet_gedaan(time::Duration::SECOND).await;
        };
        let Some(inhoud) = self.inhoud().await? else { return self.niet_gedaan(LATER).await };
        let antwoordtijd = Duration::from_secs(schema.antwoordtijd().into());
        let rest = self.tot.since(self.hub.clock.now());
        if rest < time::Duration::seconds(schema.antwoordtijd().into()) {
            // Too late to be sure that nobody else takes it meanwhile.
            return self.niet_gedaan(time::Duration::ZERO).await;
        }
        let adres = self.bestemming.adres.clone();
        let zending = Zending { ontvanger: self.ontvanger, adres, levering, poging, antwoordtijd, inhoud };
        let bezorgen = self.bezorger.bezorgen(zending);
        let uitkomst = tokio::time::timeout(antwoordtijd, bezorgen).await.unwrap_or(Err(Bezorgfout::TeTraag));
        let afloop = duiden(&uitkomst);
        match afloop {
            Afloop::Bezorgd => {
                // The word first: a process that ends in between brings again, and hears it again. The other way round the
                // delivery would wait for a word that was given.
                if let Ok(antwoord) = &uitkomst {
                    self.woord(antwoord).await;
                }
                self.afronden(Pogingsuitslag::Bezorgd).await?;
            }
            Afloop::Mislukt(misluking) => self.mislukt(misluking).await?,
            Afloop::NietGedaan => {}
        }
        Ok(afloop)
    }

    /// The delivery as it may be handed out now. Where its facts have moved it is decided again first.
    async fn inhoud(&self) -> Result<Option<String>, Fout> {
        let Self { hub, ontvanger, .. } = self;
        let mut open = hub.store.te_bezorgen(*ontvanger, self.genomen.levering).await?;
        if open.is_none() {
            herzien::ontvanger(hub, *ontvanger).await?;
            open = hub.store.te_bezorgen(*ontvanger, self.genomen.levering).await?;
        }
        let tekst = |open: OpenLevering| {
            let mut json = String::new();
            mailbox::levering(&open, *ontvanger, &mut json).map(|()| json)
        };
        open.map(tekst).transpose()
    }

    async fn mislukt(&self, Misluking { reden, status, pas_na, .. }: Misluking) -> Result<(), Fout> {
        let (poging, schema) = (self.genomen.poging, &self.bestemming.schema);
        tracing::warn!(gebeurtenis = "niet-bezorgd", partner = %self.ontvanger, reden = %reden, status, aantal = poging);
        if poging >= schema.pogingen() {
            return dood::vastleggen(self.hub, self.gestorven(poging, reden, status)).await.map(drop);
        }
        let wacht = pauze(schema, poging, self.hub.random.as_ref()).max(Duration::from_secs(pas_na.unwrap_or(0).into()));
        let op = self.hub.clock.now().plus(time::Duration::try_from(wacht).unwrap_or(LATER));
        self.afronden(Pogingsuitslag::Opnieuw { op, reden, status }).await
    }

    fn gestorven(&self, pogingen: u32, reden: Bezorgreden, status: Option<u16>) -> Gestorven {
        let Genomen { levering, poging, .. } = self.genomen;
        let (ontvanger, grens) = (self.ontvanger, Bezorggrens::Pogingen);
        Gestorven { ontvanger, levering, poging: Some(poging), pogingen, reden, status, grens }
    }

    async fn niet_gedaan(&self, over: time::Duration) -> Result<Afloop, Fout> {
        let op = self.hub.clock.now().plus(over);
        self.afronden(Pogingsuitslag::NietGedaan { op }).await.map(|()| Afloop::NietGedaan)
    }

    /// What is not ours any more has ended, or is another's: nothing is to be done about it.
    async fn afronden(&self, uitslag: Pogingsuitslag) -> Result<(), Fout> {
        let (ontvanger, Genomen { levering, poging, .. }) = (self.ontvanger, self.genomen);
        let nu = self.hub.clock.now();
        let afronding = Afronding { ontvanger, levering, poging: Some(poging), nu, uitslag };
        Ok(self.hub.store.bezorging_afronden(afronding).await.map(drop)?)
    }

    /// A signed word may come back in the answer; one that does not hold changes nothing, the recipient can still give it by
    /// the normal call.
    async fn woord(&self, antwoord: &Antwoord) {
        let (hub, van, levering) = (self.hub, self.ontvanger, self.genomen.levering);
        let kid = hub.gids.momenteel().gids.partner(van).map(|p| p.certificaat.thumbprint.clone()).unwrap_or_default();
        let Some((typ, verklaring)) = antwoord.woord(&kid) else { return };
        let vastgelegd = if typ == Typ::Weigering {
            words::vastleggen::<Weigering>(hub, van, levering, &verklaring).await
        } else {
            words::vastleggen::<Ontvangst>(hub, van, levering, &verklaring).await
        };
        if let Err(fout) = vastgelegd {
            tracing::warn!(gebeurtenis = "woord-in-antwoord-geweigerd", partner = %van, code = %fout.code());
        }
    }
}
