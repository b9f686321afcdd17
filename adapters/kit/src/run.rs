//! Builds an adapter from its configuration and runs it.

use std::{net::SocketAddr, path::Path, sync::Arc};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, Randomness};
use inbreng_proof::VerifyingKey;
use inbreng_telemetry::Knop;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    check,
    concept::Vertaling,
    config::Config,
    eigenaar::Eigenaarswoord,
    engine::{Ankers, Boek, Omgeving, Sleutelbron, Wekker, draaien},
    geheim::Geheim,
    hub::{Knooppunt, Tlsbron, Verbinding},
    inbox::Inbox,
    klok::Klokstand,
    local,
    mapping::Mapping,
    store::Opslag,
    terugroep::{self, Bestanden, Terugroep, Terugroepfout},
};

/// Why an adapter does not start. Says what to mend.
#[derive(Debug, thiserror::Error)]
pub enum Startfout {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Bestand(String, #[source] std::io::Error),
    /// A file holds something else than it should.
    #[error("{0} cannot be used: {1}")]
    Inhoud(String, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The listener cannot be had.
    #[error("cannot listen on {0}")]
    Luisteren(SocketAddr, #[source] std::io::Error),
    /// The callback cannot be had.
    #[error("callback cannot be used")]
    Terugroep(#[from] Terugroepfout),
}

/// A running adapter.
#[derive(Debug)]
pub struct Handle {
    adres: SocketAddr,
    stop: watch::Sender<bool>,
    werk: JoinHandle<()>,
    server: JoinHandle<std::io::Result<()>>,
    greep: actix_web::dev::ServerHandle,
    omgeving: Arc<Omgeving>,
    terugroep: Option<Terugroep>,
}

impl Handle {
    /// Where the own system reaches it.
    #[must_use]
    pub const fn adres(&self) -> SocketAddr {
        self.adres
    }

    /// Reads certificates, keys, directory and policy again, now instead of at the next minute. Of the clock it says nothing.
    pub fn verversen(&self) {
        self.omgeving.wek_bij.notify_one();
    }

    /// Stops between two steps; what is open goes on at the next start.
    pub async fn stoppen(self) {
        self.greep.stop(true).await;
        self.stop.send_replace(true);
        if let Some(terugroep) = self.terugroep {
            terugroep.stoppen().await;
        }
        // One that has ended was awaited already, or ended badly; its result says no more than the log does.
        if !self.werk.is_finished() {
            let _ = self.werk.await;
        }
        if !self.server.is_finished() {
            let _ = self.server.await;
        }
        self.omgeving.opslag.sluiten().await;
    }

    /// Waits until it stops by itself.
    pub async fn wachten(&mut self) {
        tokio::select! {
            _ = &mut self.werk => {}
            _ = &mut self.server => {}
        }
    }
}

/// Starts an adapter with the mapping file of its configuration.
///
/// # Errors
/// [`Startfout`].
pub async fn start(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Result<Handle, Startfout> {
    let mapping = Mapping::lezen(&tekst(&config.mapping)?).map_err(|e| inhoud(&config.mapping, e))?;
    let catalogus = Catalogus::ingebouwd().map_err(|e| inhoud(Path::new("catalogue"), e))?;
    if let Err(fouten) = mapping.toetsen(&catalogus) {
        let redenen: Vec<_> = fouten.iter().map(ToString::to_string).collect();
        return Err(inhoud(&config.mapping, redenen.join("; ")));
    }
    start_met(config, Arc::new(mapping), clock, random).await
}

/// Starts an adapter with a translation of its own.
///
/// # Errors
/// [`Startfout`].
pub async fn start_met(
    config: Config,
    vertaling: Arc<dyn Vertaling>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
) -> Result<Handle, Startfout> {
    let adres = config.luister.adres;
    let terugroep = config.terugroep.clone().map(|t| (t, bestanden(&config)));
    let omgeving = Arc::new(omgeving(config, vertaling, clock, random).await?);
    let (server, adres) = local::luisteren(Arc::clone(&omgeving), adres).map_err(|e| Startfout::Luisteren(adres, e))?;
    let greep = server.handle();
    let (stop, gestopt) = watch::channel(false);
    let terugroep = terugroep.map(|(t, bestanden)| terugroep::beginnen(&omgeving, t, bestanden, gestopt.clone())).transpose()?;
    let werk = tokio::spawn(draaien(Arc::clone(&omgeving), gestopt));
    let server = tokio::spawn(server);
    tracing::info!(%adres, "adapter luistert");
    Ok(Handle { adres, stop, werk, server, greep, omgeving, terugroep })
}

async fn omgeving(
    config: Config,
    vertaling: Arc<dyn Vertaling>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
) -> Result<Omgeving, Startfout> {
    let Config {
        organisatie, knooppunt, vertrouwen, sleutels, opslag, luister, eigen_systeem, inbox, bestand, termijnen, ..
    } = config;
    let gedeeld = |pad: &Path| Geheim::lezen(pad).map_err(|e| inhoud(pad, e));
    let geheim_lokaal = gedeeld(&luister.geheim)?;
    let inbox = inbox.map(|i| gedeeld(&i.geheim)).transpose()?.map(Inbox::new);
    let eigen_geheim = eigen_systeem.as_ref().map(|e| gedeeld(&e.geheim)).transpose()?;
    let tlsbron = Tlsbron::new(
        vertrouwen.root.clone(),
        vertrouwen.crl.clone(),
        sleutels.tls_certificaat.clone(),
        sleutels.tls_sleutel.clone(),
    );
    let tls = tlsbron
        .veranderd()
        .map_err(|e| inhoud(&sleutels.tls_certificaat, e))?
        .ok_or_else(|| inhoud(&sleutels.tls_certificaat, "nothing read"))?;
    let sleutelbron = Sleutelbron::new(bestand, sleutels);
    let bos = sleutelbron.veranderd().map_err(|e| inhoud(Path::new("sleutels"), e))?;
    let bos = bos.ok_or_else(|| inhoud(Path::new("sleutels"), "nothing read"))?;
    let tekenaar = bos.tekenaar(None).ok_or_else(|| inhoud(Path::new("sleutels"), "no signing key"))?;

    let catalogus = Arc::new(Catalogus::ingebouwd().map_err(|e| inhoud(Path::new("catalogue"), e))?);
    let opgeslagen = Opslag::openen(&opslag.pad).await.map_err(|e| inhoud(&opslag.pad, e))?;
    let nieuwste = opgeslagen.nieuwste_moment().await.map_err(|e| inhoud(&opslag.pad, e))?;
    let klok = Klokstand::bij_start(nieuwste, clock.now());
    if let Some(achter) = klok.achter(clock.now()) {
        tracing::error!(minuten = achter.whole_minutes(), "{}", check::KLOK_ACHTER);
    }
    let ankers = Ankers { root: vertrouwen.root, tussen: vertrouwen.tussen, crl: vertrouwen.crl };
    let beheerder = certificaatsleutel(&vertrouwen.convenantbeheerder)?;
    let bron = ankers.root.clone();
    let boek =
        Boek::openen(ankers, beheerder, Arc::clone(&catalogus), &opgeslagen, clock.now()).await.map_err(|e| inhoud(&bron, e))?;
    let verbinding = Verbinding {
        adres: knooppunt.adres,
        knooppunt: knooppunt.oin,
        eigen: organisatie.oin,
        tls,
        kid: tekenaar.sleutel.kid().to_owned(),
        ondertekening_pem: tekenaar.pem.clone(),
    };
    let hub = Knooppunt::new(verbinding, Arc::clone(&clock), Arc::clone(&random))
        .map_err(|e| inhoud(Path::new("sleutels.ondertekening_sleutel"), e))?;
    let http = eigen_client().map_err(|e| inhoud(Path::new("eigen_systeem"), e))?;
    Ok(Omgeving {
        opslagpad: opslag.pad,
        organisatie,
        knooppunt_oin: knooppunt.oin,
        knooppunt_sleutel: certificaatsleutel(&knooppunt.certificaat)?,
        bos: arc_swap::ArcSwap::from_pointee(bos),
        sleutelbron,
        catalogus,
        vertaling: Arc::new(Eigenaarswoord::om(vertaling)),
        hub,
        opslag: opgeslagen,
        boek,
        eigen_systeem,
        inbox,
        termijnen,
        geheim: geheim_lokaal,
        eigen_geheim,
        tls: tlsbron,
        http,
        clock,
        random,
        wek_bij: tokio::sync::Notify::new(),
        wek_uit: Wekker::default(),
        wek_in: tokio::sync::Notify::new(),
        veranderd: tokio::sync::Notify::new(),
        klok,
        in_overdracht: std::sync::atomic::AtomicUsize::new(0),
    })
}

/// What the callback's TLS is made of: the same certificate with which we go to the hub.
fn bestanden(config: &Config) -> Bestanden {
    Bestanden {
        root: config.vertrouwen.root.clone(),
        crl: config.vertrouwen.crl.clone(),
        certificaat: config.sleutels.tls_certificaat.clone(),
        sleutel: config.sleutels.tls_sleutel.clone(),
        knooppunt: config.knooppunt.oin,
    }
}

/// The client for the own system, which stands beside the adapter.
fn eigen_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(std::time::Duration::from_secs(30))
        .connect_timeout(std::time::Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

fn tekst(pad: &Path) -> Result<String, Startfout> {
    std::fs::read_to_string(pad).map_err(|e| Startfout::Bestand(pad.display().to_string(), e))
}

fn inhoud(pad: &Path, fout: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Startfout {
    Startfout::Inhoud(pad.display().to_string(), fout.into())
}

/// The first certificate of a PEM file, DER.
fn blad(pad: &Path) -> Result<Vec<u8>, Startfout> {
    let der = CertificateDer::from_pem_slice(tekst(pad)?.as_bytes()).map_err(|e| inhoud(pad, e.to_string()))?;
    Ok(der.to_vec())
}

fn certificaatsleutel(pad: &Path) -> Result<VerifyingKey, Startfout> {
    VerifyingKey::from_certificate_der(&blad(pad)?).map_err(|e| inhoud(pad, e))
}

/// Runs an adapter until the process is told to stop (SIGTERM, SIGINT). `knop` turns what its log says, also while it runs.
///
/// # Errors
/// [`Startfout`].
pub async fn run(config: Config, knop: Knop) -> Result<(), Startfout> {
    knop.zetten(config.log.niveau);
    let bestand = config.bestand.clone();
    // One crypto provider in the process; that one is installed already is fine.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let clock: Arc<dyn Clock> = Arc::new(inbreng_domain::clock::SystemClock);
    // Before anyone can read that it is ready: from here on a signal to stop no longer ends the process by itself.
    let [mut term, mut int, mut opnieuw] =
        [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(|soort| signal(soort).ok());
    let mut handle = start(config, clock, Arc::new(inbreng_proof::SystemRandomness)).await?;
    loop {
        tokio::select! {
            () = handle.wachten() => break,
            () = gekregen(&mut term) => break,
            () = gekregen(&mut int) => break,
            // SIGHUP: read again what lies on disk.
            () = gekregen(&mut opnieuw) => {
                if let Some(bestand) = &bestand {
                    log_herlezen(bestand, &knop);
                }
                handle.verversen();
            }
        }
    }
    handle.stoppen().await;
    Ok(())
}

/// Reads `[log]` again. A configuration that cannot be read leaves what counted.
fn log_herlezen(bestand: &Path, knop: &Knop) {
    match Config::lezen(bestand) {
        Ok(config) => {
            tracing::info!("configuratie opnieuw gelezen");
            // Last: a level that says less says this too.
            knop.zetten(config.log.niveau);
        }
        Err(fout) => tracing::error!(reden = %fout, "configuratie niet opnieuw gelezen"),
    }
}

/// Is done at the next signal of this kind; never where none can be had.
async fn gekregen(signalen: &mut Option<Signal>) {
    let gekomen = match signalen {
        Some(signalen) => signalen.recv().await,
        None => None,
    };
    if gekomen.is_none() {
        std::future::pending::<()>().await;
    }
}
