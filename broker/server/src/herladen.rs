//! Reload without restart: configuration, certificates, revocation lists, policy, directory and passwords are read again when a
//! file changes or on SIGHUP. What cannot be used leaves what is in use.
//!
//! The same look is where the clock is watched. That it is read again says nothing of the clock: that it is right is a
//! [word of its own](crate::klokwoord).

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use actix_web::web::Data;
use inbreng_api::{Knooppunt, bezorgen::HttpsBezorger};
use inbreng_bus::amqp::AmqpBus;
use inbreng_pipeline::bezorgen::Ruimteknop;
use inbreng_storage_sql::SqlStore;
use inbreng_telemetry::Knop;
use tokio::{signal::unix::Signal, sync::watch};

use crate::{
    bevinding::{Bevinding, keten},
    config::{Config, Partners},
    klokwoord::Gezegd,
    maten,
    opstart::{Materiaal, gids_vullen, partijen_vullen},
    sporen::Spoorknop,
};

/// How often the files are looked at: a handful of `stat` calls.
const KIJKEN: Duration = Duration::from_secs(1);

/// Size and time of change of each file.
type Afdruk = Vec<Option<(u64, SystemTime)>>;

/// What is turned while a hub runs, beside what its [`Knooppunt`] holds.
pub struct Knoppen {
    /// The level of log lines.
    pub log: Knop,
    /// Whereto traces go.
    pub sporen: Spoorknop,
    /// How much is brought at a time.
    pub ruimte: Ruimteknop,
    /// Which networks are called for it.
    pub bezorger: Arc<HttpsBezorger>,
    /// The pause between two sweeps.
    pub elke: watch::Sender<Duration>,
    /// By which password the database is reached.
    pub store: Arc<SqlStore>,
    /// And the broker.
    pub bus: Option<Arc<AmqpBus>>,
}

/// What a hub runs by, and what turns it.
pub struct Herlader {
    bestand: PathBuf,
    /// What it started with: what needs a restart still is as it says.
    begonnen: Config,
    /// The signing certificate that it started with, as the file had it.
    ondertekening: Option<Vec<u8>>,
    /// What counts for the rest.
    geldend: Config,
    knoppen: Knoppen,
}

impl Herlader {
    /// Of a hub that has just started by this file.
    pub fn new(bestand: &Path, config: Config, knoppen: Knoppen) -> Self {
        let ondertekening = ondertekening(&config);
        Self { bestand: bestand.to_owned(), geldend: config.clone(), begonnen: config, ondertekening, knoppen }
    }

    /// Looks for changes until the process ends: at times, when `hup` says so, and when somebody says that the clock is right.
    pub async fn bewaken(mut self, knooppunt: Data<Knooppunt>, hup: io::Result<Signal>, mut gezegd: Gezegd) {
        let Ok(mut hup) = hup else { return };
        let mut in_gebruik = afdruk(&self.paden());
        let mut vorige = in_gebruik.clone();
        let mut klok = tokio::time::interval(KIJKEN);
        klok.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let (gevraagd, bevestigd) = tokio::select! {
                _ = klok.tick() => (false, None),
                gekregen = hup.recv() => (gekregen.is_some(), None),
                Some(klaar) = gezegd.recv() => (true, Some(klaar)),
            };
            if let Err(fout) = knooppunt.hub.klok_bewaken().await {
                tracing::warn!(gebeurtenis = "klok-niet-ingehaald", oorzaak = keten(&fout));
            }
            // A planned policy version is made ready before its instant, and what came into force is written down.
            if let Err(fout) = knooppunt.hub.beleid_bijhouden().await {
                tracing::warn!(gebeurtenis = "beleid-niet-bijgehouden", oorzaak = keten(&fout));
            }
            let bijgezet = knooppunt.hub.klok_bijgezet();
            let nu = afdruk(&self.paden());
            // A change counts when it has rested for one look: several files are replaced one after the other.
            let gerust = nu == vorige && nu != in_gebruik;
            vorige.clone_from(&nu);
            let verkeerd = knooppunt.hub.klok().afwijking != time::Duration::ZERO || knooppunt.hub.klok_achter().is_some();
            if gevraagd || gerust || bijgezet {
                // Looked at before it was read: what changes meanwhile, or is named from now on, is read once more.
                in_gebruik = nu;
                self.herladen(&knooppunt).await;
            }
            // Not before what was read by a wrong clock is read again: until then who seems unknown is asked to come back.
            if bijgezet || (bevestigd.is_some() && verkeerd) {
                knooppunt.hub.klok_staat_goed();
                tracing::warn!(gebeurtenis = "klok-vertrouwd");
            }
            if let Some(klaar) = bevestigd {
                // Who said it may have gone.
                let _gone = klaar.send(());
            }
        }
    }

    /// Reads everything again and puts it in use, or keeps what there is.
    async fn herladen(&mut self, knooppunt: &Knooppunt) {
        match Config::lezen(&self.bestand) {
            // What is as it was, or cannot be used with its files, leaves the files of what is in force to be read.
            Ok(nieuw) if nieuw == self.geldend => {
                bestanden(&self.geldend, knooppunt).await;
            }
            Ok(nieuw) => {
                if self.toepassen(nieuw, knooppunt).await {
                    tracing::info!(gebeurtenis = "configuratie-herladen");
                } else {
                    bestanden(&self.geldend, knooppunt).await;
                }
            }
            Err(bevindingen) => {
                melden(&bevindingen);
                geweigerd();
                bestanden(&self.geldend, knooppunt).await;
            }
        }
        if let Err(bevindingen) = self.toegang(&self.geldend) {
            melden(&bevindingen);
            niet_herladen();
        }
        let ander = (ondertekening(&self.geldend) != self.ondertekening).then_some("pki.ondertekening_certificaat");
        let anders = na_herstart(&self.geldend, &self.begonnen);
        let ander = ander.filter(|sleutel| !anders.contains(sleutel));
        for sleutel in anders.into_iter().chain(ander) {
            tracing::warn!(gebeurtenis = "herstart-nodig", sleutel, wat = "wat hier veranderde, geldt pas na een herstart");
        }
        // Last: a level that says less says this too.
        self.knoppen.log.zetten(self.geldend.log.niveau);
    }

    /// Puts another configuration in force, as far as that goes without a restart; false when it cannot be used.
    async fn toepassen(&mut self, nieuw: Config, knooppunt: &Knooppunt) -> bool {
        let mut bevindingen = maten::controleren(&nieuw);
        // Also of what counts after a restart only: it would not start by it.
        bevindingen.extend(nieuw.opslag.plaats().err());
        bevindingen.extend(nieuw.bus.instellingen().err());
        melden(&bevindingen);
        if bevindingen.iter().any(Bevinding::is_fout) || !bestanden(&nieuw, knooppunt).await {
            geweigerd();
            return false;
        }
        knooppunt.drempels.vervangen(nieuw.maten());
        knooppunt.hub.bewaren(nieuw.bewaren.termijnen());
        // Room before it is asked for.
        knooppunt.ruimte.zetten(nieuw.lichamen());
        knooppunt.antwoorden.zetten(nieuw.lichamen());
        knooppunt.hub.begrenzen(nieuw.grenzen);
        let Knoppen { sporen, ruimte, bezorger, elke, .. } = &self.knoppen;
        ruimte.zetten(nieuw.ruimte());
        if nieuw.bezorgen.netten != self.geldend.bezorgen.netten {
            bezorger.netten_vervangen(nieuw.netten());
        }
        if nieuw.sporen != self.geldend.sporen
            && let Err(fout) = sporen.zetten(nieuw.sporen.as_ref())
        {
            melden([&Bevinding::let_op("sporen.otlp", keten(&fout), "Geef het adres van een ontvanger van sporen.")]);
        }
        let pauze = nieuw.bewaren.elke();
        elke.send_if_modified(|oud| std::mem::replace(oud, pauze) != pauze);
        self.geldend = nieuw;
        true
    }

    /// Reads again how one gets into database and broker, for connections that are made from now on. What is another database, or is used in
    /// another way, waits for a restart, with its password.
    fn toegang(&self, config: &Config) -> Result<(), Vec<Bevinding>> {
        let Knoppen { store, bus, .. } = &self.knoppen;
        let mut bevindingen = Vec::new();
        if config.opslag.zonder_toegang() == self.begonnen.opslag.zonder_toegang() {
            match config.opslag.plaats() {
                Ok(Some(plaats)) => store.toegang_vernieuwen(&plaats),
                Ok(None) => {}
                Err(bevinding) => bevindingen.push(bevinding),
            }
        }
        if let Some(bus) = bus.as_ref().filter(|_| config.bus.zonder_toegang() == self.begonnen.bus.zonder_toegang()) {
            match config.bus.instellingen() {
                Ok(Some(instellingen)) => bus.knopen_vervangen(&instellingen.knopen),
                Ok(None) => {}
                Err(bevinding) => bevindingen.push(bevinding),
            }
        }
        if bevindingen.is_empty() { Ok(()) } else { Err(bevindingen) }
    }

    /// The files that may change while the hub runs, and its signing certificate. That and its key stay what they were: tokens and receipts
    /// rest on them.
    fn paden(&self) -> Vec<PathBuf> {
        let (pki, beleid) = (&self.geldend.pki, &self.geldend.beleid);
        let mut paden = vec![self.bestand.clone()];
        paden.extend(
            [&pki.wortel, &pki.tussen, &pki.crl, &pki.tls_certificaat, &pki.tls_sleutel, &pki.ondertekening_certificaat]
                .into_iter()
                .cloned(),
        );
        paden.extend(beleid.bundels.iter().cloned());
        paden.extend(self.geldend.gids.bestand.clone());
        paden.extend(beleid.toetredingen.clone());
        paden.extend(self.geldend.opslag.toegangsbestanden());
        paden.extend(self.geldend.bus.toegangsbestanden());
        paden
    }
}

/// What differs between two configurations and counts from the next start only; the rest counts from when it is read.
fn na_herstart(een: &Config, ander: &Config) -> Vec<&'static str> {
    let (pki, andere_pki) = (&een.pki, &ander.pki);
    let (beleid, ander_beleid) = (&een.beleid, &ander.beleid);
    let verschilt = [
        ("partners", vast(&een.partners) != vast(&ander.partners)),
        ("beheer", een.beheer != ander.beheer),
        ("pki.ondertekening_certificaat", pki.ondertekening_certificaat != andere_pki.ondertekening_certificaat),
        ("pki.ondertekening_sleutel", pki.ondertekening_sleutel != andere_pki.ondertekening_sleutel),
        ("pki.convenantbeheerder", pki.convenantbeheerder != andere_pki.convenantbeheerder),
        ("opslag", een.opslag.zonder_toegang() != ander.opslag.zonder_toegang()),
        ("bus", een.bus.zonder_toegang() != ander.bus.zonder_toegang()),
        ("beleid.strengheid_dagen", beleid.strengheid_dagen != ander_beleid.strengheid_dagen),
        ("beleid.nood_drempel", beleid.nood_drempel != ander_beleid.nood_drempel),
    ];
    verschilt.into_iter().filter_map(|(sleutel, anders)| anders.then_some(sleutel)).collect()
}

/// What the file of the signing certificate holds.
fn ondertekening(config: &Config) -> Option<Vec<u8>> {
    std::fs::read(&config.pki.ondertekening_certificaat).ok()
}

/// What of the partner listener counts from the next start only: all but the room for bodies.
fn vast(partners: &Partners) -> Partners {
    Partners { mebibytes: 0, ..partners.clone() }
}

/// Reads the files that a configuration names and puts them in use, or keeps what there is. False when they cannot be used.
async fn bestanden(config: &Config, knooppunt: &Knooppunt) -> bool {
    let (materiaal, mut bevindingen) = Materiaal::lezen(config, knooppunt.clock.now());
    let fout = bevindingen.iter().any(Bevinding::is_fout);
    let materiaal = materiaal.filter(|m| !fout && m.oin == knooppunt.oin);
    let bruikbaar = materiaal.is_some();
    if let Some(materiaal) = materiaal {
        knooppunt.vertrouwen.vervangen(materiaal.tls);
        knooppunt.hub.ankers_vervangen(materiaal.anchors);
        if let Err(error) = knooppunt.hub.beleid_vervangen(&materiaal.bundels).await {
            let oplossing = "Het vorige beleid blijft gelden. Geef bundels die pki.convenantbeheerder heeft ondertekend.";
            bevindingen.push(Bevinding::fout("beleid.bundels", keten(&error), oplossing));
        }
        gids_vullen(&knooppunt.hub, materiaal.gids, &mut bevindingen).await;
        partijen_vullen(&knooppunt.hub, materiaal.toetredingen, &mut bevindingen).await;
        if let Err(fout) = knooppunt.hub.gids_verversen().await {
            tracing::error!(gebeurtenis = "gids-niet-ververst", oorzaak = keten(&fout));
        }
        tracing::info!(gebeurtenis = "herladen", tot = %knooppunt.vertrouwen.lijsten_tot());
    } else {
        niet_herladen();
    }
    melden(&bevindingen);
    bruikbaar
}

fn niet_herladen() {
    tracing::error!(gebeurtenis = "niet-herladen", reden = "wat in gebruik was, blijft in gebruik");
}

fn geweigerd() {
    tracing::error!(gebeurtenis = "configuratie-geweigerd", reden = "de configuratie die gold, blijft gelden");
}

/// A line for each finding.
pub fn melden<'a>(bevindingen: impl IntoIterator<Item = &'a Bevinding>) {
    for bevinding in bevindingen {
        tracing::warn!(
            gebeurtenis = "bevinding",
            sleutel = bevinding.sleutel,
            wat = bevinding.wat,
            oplossing = bevinding.oplossing
        );
    }
}

fn afdruk(paden: &[PathBuf]) -> Afdruk {
    paden.iter().map(|pad| std::fs::metadata(pad).ok().and_then(|m| m.modified().ok().map(|tijd| (m.len(), tijd)))).collect()
}
