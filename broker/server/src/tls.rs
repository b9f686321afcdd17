//! Reload without restart: certificates, revocation lists, policy and directory are read again when a file changes or on
//! SIGHUP. What cannot be used leaves what is in use.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use actix_web::web::Data;
use inbreng_api::Knooppunt;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    bevinding::{Bevinding, keten},
    config::Config,
    opstart::{Materiaal, gids_vullen, partijen_vullen},
};

/// How often the files are looked at: a handful of `stat` calls.
const KIJKEN: Duration = Duration::from_secs(1);

/// Size and time of change of each file.
type Afdruk = Vec<Option<(u64, SystemTime)>>;

/// Looks for changes until the process ends. From the call on, SIGHUP no longer ends it.
pub fn bewaken(config: Arc<Config>, knooppunt: Data<Knooppunt>) -> impl Future<Output = ()> {
    let hup = signal(SignalKind::hangup());
    async move {
        if let Ok(hup) = hup {
            kijken(config, knooppunt, hup).await;
        }
    }
}

async fn kijken(config: Arc<Config>, knooppunt: Data<Knooppunt>, mut hup: Signal) {
    let paden = paden(&config);
    let mut in_gebruik = afdruk(&paden);
    let mut vorige = in_gebruik.clone();
    let mut klok = tokio::time::interval(KIJKEN);
    klok.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let gevraagd = tokio::select! {
            _ = klok.tick() => false,
            gekregen = hup.recv() => gekregen.is_some(),
        };
        if let Err(fout) = knooppunt.hub.klok_bewaken().await {
            tracing::warn!(gebeurtenis = "klok-niet-ingehaald", oorzaak = keten(&fout));
        }
        // A planned policy version is made ready before its instant, and what came into force is written down.
        if let Err(fout) = knooppunt.hub.beleid_bijhouden().await {
            tracing::warn!(gebeurtenis = "beleid-niet-bijgehouden", oorzaak = keten(&fout));
        }
        let bijgezet = knooppunt.hub.klok_bijgezet();
        let nu = afdruk(&paden);
        // A change counts when it has rested for one look: several files are replaced one after the other.
        let gerust = nu == vorige && nu != in_gebruik;
        vorige.clone_from(&nu);
        let verkeerd = knooppunt.hub.klok().afwijking != time::Duration::ZERO || knooppunt.hub.klok_achter().is_some();
        if gevraagd && verkeerd {
            knooppunt.hub.klok_staat_goed();
        }
        if bijgezet || (gevraagd && verkeerd) {
            tracing::warn!(gebeurtenis = "klok-vertrouwd");
        }
        // What was read by a wrong clock is read again.
        if gevraagd || gerust || bijgezet {
            herladen(&config, &knooppunt).await;
            in_gebruik = nu;
        }
    }
}

/// Reads everything again and puts it in use, or keeps what there is.
async fn herladen(config: &Config, knooppunt: &Knooppunt) {
    let (materiaal, mut bevindingen) = Materiaal::lezen(config, knooppunt.clock.now());
    let fout = bevindingen.iter().any(Bevinding::is_fout);
    if let Some(materiaal) = materiaal.filter(|m| !fout && m.oin == knooppunt.oin) {
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
    for bevinding in &bevindingen {
        tracing::warn!(
            gebeurtenis = "bevinding",
            sleutel = bevinding.sleutel,
            wat = bevinding.wat,
            oplossing = bevinding.oplossing
        );
    }
}

/// The files that may change while the hub runs. The hub's signing key is not among them: tokens and receipts rest on it.
fn paden(config: &Config) -> Vec<PathBuf> {
    let pki = &config.pki;
    let mut paden =
        vec![pki.wortel.clone(), pki.tussen.clone(), pki.crl.clone(), pki.tls_certificaat.clone(), pki.tls_sleutel.clone()];
    paden.extend(config.beleid.bundels.iter().cloned());
    paden.extend(config.gids.bestand.clone());
    paden.extend(config.beleid.toetredingen.clone());
    paden
}

fn afdruk(paden: &[PathBuf]) -> Afdruk {
    paden.iter().map(|pad| std::fs::metadata(pad).ok().and_then(|m| m.modified().ok().map(|tijd| (m.len(), tijd)))).collect()
}
