//! Reload without restart: configuration, certificates, revocation lists, policy and directory are read again when a file changes
//! or on SIGHUP. What cannot be used leaves what is in use.
//!
//! The same look is where the clock is watched. That it is read again says nothing of the clock: that it is right is a
//! [word of its own](crate::klokwoord).

use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use actix_web::web::Data;
use inbreng_api::Knooppunt;
use inbreng_telemetry::Knop;
use tokio::{signal::unix::Signal, sync::watch};

use crate::{
    bevinding::{Bevinding, keten},
    config::Config,
    klokwoord::Gezegd,
    maten,
    opstart::{Materiaal, gids_vullen, partijen_vullen},
};

/// How often the files are looked at: a handful of `stat` calls.
const KIJKEN: Duration = Duration::from_secs(1);

/// Size and time of change of each file.
type Afdruk = Vec<Option<(u64, SystemTime)>>;

/// What a hub runs by, and what turns it.
pub struct Herlader {
    bestand: PathBuf,
    /// What it started with: what needs a restart still is as it says.
    begonnen: Config,
    /// What counts for the rest.
    geldend: Config,
    knop: Knop,
    elke: watch::Sender<Duration>,
}

impl Herlader {
    /// Of a hub that has just started by this file. `elke` hears of the pause between two sweeps.
    pub fn new(bestand: &Path, config: Config, knop: Knop, elke: watch::Sender<Duration>) -> Self {
        Self { bestand: bestand.to_owned(), geldend: config.clone(), begonnen: config, knop, elke }
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
        for sleutel in na_herstart(&self.geldend, &self.begonnen) {
            tracing::warn!(gebeurtenis = "herstart-nodig", sleutel, wat = "wat hier veranderde, geldt pas na een herstart");
        }
        // Last: a level that says less says this too.
        self.knop.zetten(self.geldend.log.niveau);
    }

    /// Puts another configuration in force, as far as that goes without a restart; false when it cannot be used.
    async fn toepassen(&mut self, nieuw: Config, knooppunt: &Knooppunt) -> bool {
        let maten = maten::controleren(&nieuw);
        melden(&maten);
        if maten.iter().any(Bevinding::is_fout) || !bestanden(&nieuw, knooppunt).await {
            geweigerd();
            return false;
        }
        knooppunt.drempels.vervangen(nieuw.maten());
        knooppunt.hub.bewaren(nieuw.bewaren.termijnen());
        let elke = nieuw.bewaren.elke();
        self.elke.send_if_modified(|oud| std::mem::replace(oud, elke) != elke);
        self.geldend = nieuw;
        true
    }

    /// The files that may change while the hub runs. The hub's signing key is not among them: tokens and receipts rest on it.
    fn paden(&self) -> Vec<PathBuf> {
        let (pki, beleid) = (&self.geldend.pki, &self.geldend.beleid);
        let mut paden = vec![self.bestand.clone()];
        paden.extend([&pki.wortel, &pki.tussen, &pki.crl, &pki.tls_certificaat, &pki.tls_sleutel].into_iter().cloned());
        paden.extend(beleid.bundels.iter().cloned());
        paden.extend(self.geldend.gids.bestand.clone());
        paden.extend(beleid.toetredingen.clone());
        paden
    }
}

/// What differs between two configurations and counts from the next start only; the rest counts from when it is read.
fn na_herstart(een: &Config, ander: &Config) -> Vec<&'static str> {
    let (pki, andere_pki) = (&een.pki, &ander.pki);
    let (beleid, ander_beleid) = (&een.beleid, &ander.beleid);
    let verschilt = [
        ("partners", een.partners != ander.partners),
        ("beheer", een.beheer != ander.beheer),
        ("pki.ondertekening_certificaat", pki.ondertekening_certificaat != andere_pki.ondertekening_certificaat),
        ("pki.ondertekening_sleutel", pki.ondertekening_sleutel != andere_pki.ondertekening_sleutel),
        ("pki.convenantbeheerder", pki.convenantbeheerder != andere_pki.convenantbeheerder),
        ("opslag", een.opslag != ander.opslag),
        ("bus", een.bus != ander.bus),
        ("beleid.strengheid_dagen", beleid.strengheid_dagen != ander_beleid.strengheid_dagen),
        ("beleid.nood_drempel", beleid.nood_drempel != ander_beleid.nood_drempel),
        ("bezorgen", een.bezorgen != ander.bezorgen),
        ("grenzen", een.grenzen != ander.grenzen),
        ("sporen", een.sporen != ander.sporen),
    ];
    verschilt.into_iter().filter_map(|(sleutel, anders)| anders.then_some(sleutel)).collect()
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
        tracing::error!(gebeurtenis = "niet-herladen", reden = "wat in gebruik was, blijft in gebruik");
    }
    melden(&bevindingen);
    bruikbaar
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
