//! `inbreng serve`: opens the store, binds the listeners, says that it is ready, and stops in order.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use actix_web::{rt::System, web::Data};
use inbreng_api::{Knooppunt, bezorgen::HttpsBezorger};
use inbreng_domain::{clock::SystemClock, schermtekst};
use inbreng_pipeline::{
    bewaren::Opruimdienst,
    bezorgen::{Bezorgdienst, Bezorger},
};
use inbreng_proof::SystemRandomness;
use inbreng_telemetry::Knop;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    beheer,
    bevinding::{Bevinding, keten},
    bus,
    config::Config,
    herladen::{self, Herlader, Knoppen},
    klokwoord::Deur,
    opstart::{self, Gereed},
    sporen::{self, Spoorknop},
    telemetry,
};

/// Runs a hub until SIGTERM or SIGINT.
pub fn run(bestand: &Path) -> ExitCode {
    let config = match Config::lezen(bestand) {
        Ok(config) => config,
        Err(bevindingen) => return weigeren(&bevindingen),
    };
    let telemetrie = telemetry::beginnen(config.log.niveau, Arc::new(SystemClock), config.sporen.as_ref());
    // The store's writer and the timers run on these threads; each worker of a listener has its own.
    let system = System::with_tokio_rt(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        #[expect(clippy::expect_used, reason = "without threads there is nothing to go on with, and nothing has begun")]
        runtime.expect("the operating system gives threads")
    });
    let einde = match system.block_on(draaien(bestand, config, telemetrie)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(bevindingen) => weigeren(&bevindingen),
    };
    sporen::afsluiten();
    einde
}

fn weigeren(bevindingen: &[Bevinding]) -> ExitCode {
    use io::Write;
    let mut uit = io::stderr().lock();
    for bevinding in bevindingen {
        let _gone = writeln!(uit, "{}", schermtekst::regels(&bevinding.to_string()));
    }
    ExitCode::FAILURE
}

async fn draaien(bestand: &Path, config: Config, (log, sporen): (Knop, Spoorknop)) -> Result<(), Vec<Bevinding>> {
    // Before anything else: from here on a reload, however early it comes, is one and no end.
    let hup = signal(SignalKind::hangup());
    let Gereed { knooppunt, stop, store, bus, certificaat, bevindingen } = opstart::gereedmaken(&config).await?;
    herladen::melden(bevindingen.iter().chain(&opstart::klok(&knooppunt.hub)));
    let knooppunt = Data::new(knooppunt);
    let (partners, partner_adres) = binden("partners.adres", config.partners.adres)?;
    let (operatie, beheer_adres) = binden("beheer.adres", config.beheer.adres)?;
    let start = |sleutel: &'static str| move |e: io::Error| vec![Bevinding::fout(sleutel, keten(&e), "Controleer het adres.")];
    let partner_server =
        inbreng_api::luisteren(knooppunt.clone(), partners, config.netwerk()).map_err(start("partners.adres"))?;
    let (deur, gezegd) = Deur::van(&certificaat).ok_or_else(|| {
        vec![Bevinding::fout("pki.ondertekening_certificaat", "de sleutel erin is niet te gebruiken", "Geef een P-256-sleutel.")]
    })?;
    let meter = beheer::Meter::nieuw(Arc::clone(&store), &config.opslag);
    let beheer_server = beheer::luisteren(knooppunt.clone(), deur, meter, operatie).map_err(start("beheer.adres"))?;
    let transport = Arc::new(HttpsBezorger::new(Arc::clone(&knooppunt.vertrouwen), config.netten()));
    if let Some(bus) = &bus {
        bus.beginnen().await;
        tokio::spawn(bus::drempels_delen(Arc::clone(bus), knooppunt.clone()));
        tokio::spawn(bus::opslag_volgen(Arc::clone(bus), knooppunt.clone()));
    }
    let bezorgdienst =
        Bezorgdienst::new(Arc::clone(&knooppunt.hub), Arc::clone(&transport) as Arc<dyn Bezorger>, config.ruimte());
    let ruimte = bezorgdienst.knop();
    let bezorger = tokio::spawn(bezorgdienst.draaien(knooppunt.stopt.clone()));
    let (elke_zetten, elke) = watch::channel(config.bewaren.elke());
    let opruimdienst = Opruimdienst::new(Arc::clone(&knooppunt.hub), elke, &SystemRandomness);
    let opruimer = tokio::spawn(opruimdienst.draaien(knooppunt.stopt.clone()));
    let knoppen = Knoppen {
        log,
        sporen,
        ruimte,
        bezorger: transport,
        elke: elke_zetten,
        store: Arc::clone(&store),
        bus: bus.as_ref().map(Arc::clone),
    };
    let bewaker = tokio::spawn(Herlader::new(bestand, config.clone(), knoppen).bewaken(knooppunt.clone(), hup, gezegd));
    let (partner_hand, beheer_hand) = (partner_server.handle(), beheer_server.handle());
    let partner_taak = actix_web::rt::spawn(partner_server);
    let beheer_taak = actix_web::rt::spawn(beheer_server);

    // Whoever reads that it is ready may ask it to stop at once.
    let gevraagd = stopteken();
    schrijven("partners.adres_bestand", config.partners.adres_bestand.as_deref(), partner_adres)?;
    schrijven("beheer.adres_bestand", config.beheer.adres_bestand.as_deref(), beheer_adres)?;
    tracing::info!(
        gebeurtenis = "gereed",
        adres = %partner_adres,
        beheer = %beheer_adres,
        partner = %knooppunt.oin,
        pid = std::process::id(),
        versie = env!("CARGO_PKG_VERSION"),
        tot = %knooppunt.vertrouwen.lijsten_tot(),
    );

    let reden = gevraagd.await;
    tracing::info!(gebeurtenis = "stopt", reden);
    bewaker.abort();
    // No new connections; those who wait for their mailbox answer now, the others get the time to finish.
    partner_hand.pause().await;
    let _nobody_waits = stop.send(true);
    // It brings nothing any more: another hub takes over its recipients now, and not when all has been closed here.
    if let Some(bus) = &bus {
        bus.loslaten();
    }
    let hoogstens = Duration::from_secs(config.partners.afronden_seconden.into());
    afronden(&knooppunt, hoogstens).await;
    // What it does not finish in its own time is brought again after the next start.
    let _brought = bezorger.await;
    let _swept = opruimer.await;
    // Over connections that stay, requests came all the while, and were answered. What comes now would find the store closed.
    knooppunt.onderhanden.sluiten();
    afronden(&knooppunt, hoogstens).await;
    bus::sluiten(bus).await;
    partner_hand.stop(false).await;
    beheer_hand.stop(false).await;
    let _stopped = (partner_taak.await, beheer_taak.await);
    if store.sluiten().await.is_err() {
        tracing::warn!(gebeurtenis = "opslag-was-al-dicht");
    }
    tracing::info!(gebeurtenis = "gestopt");
    Ok(())
}

/// Waits until no request is in progress, at most this long, and then for the last answers to leave. Idle connections are
/// not waited for: an adapter keeps one for as long as it lives.
async fn afronden(knooppunt: &Knooppunt, hoogstens: Duration) {
    const KIJKEN: Duration = Duration::from_millis(10);
    const UITGAAN: Duration = Duration::from_millis(100);
    let klaar = async {
        while knooppunt.onderhanden.aantal() > 0 {
            tokio::time::sleep(KIJKEN).await;
        }
    };
    if tokio::time::timeout(hoogstens, klaar).await.is_err() {
        tracing::warn!(gebeurtenis = "niet-afgerond", aantal = knooppunt.onderhanden.aantal());
    }
    tokio::time::sleep(UITGAAN).await;
}

fn binden(sleutel: &str, adres: SocketAddr) -> Result<(TcpListener, SocketAddr), Vec<Bevinding>> {
    let gebonden = TcpListener::bind(adres).and_then(|socket| {
        let adres = socket.local_addr()?;
        Ok((socket, adres))
    });
    gebonden.map_err(|e| {
        let wat = format!("op {adres} kan niet worden geluisterd ({e})");
        vec![Bevinding::fout(sleutel, wat, "Kies een vrij adres en een vrije poort; poort 0 neemt een vrije.")]
    })
}

/// Writes an address, whole or not at all: whoever waits for the file reads it at once.
fn schrijven(sleutel: &str, bestand: Option<&Path>, adres: SocketAddr) -> Result<(), Vec<Bevinding>> {
    let Some(bestand) = bestand else { return Ok(()) };
    let tijdelijk = bestand.with_extension("nieuw");
    std::fs::write(&tijdelijk, format!("{adres}\n")).and_then(|()| std::fs::rename(&tijdelijk, bestand)).map_err(|e| {
        let wat = format!("{} is niet te schrijven ({e})", bestand.display());
        vec![Bevinding::fout(sleutel, wat, "Geef een bestand in een map waar het knooppunt mag schrijven.")]
    })
}

/// Is done when the process is asked to stop, also when that was before it is waited for. From the call on, a signal to stop no longer
/// ends the process by itself.
fn stopteken() -> impl Future<Output = &'static str> {
    let signalen = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut term), Ok(mut int)) = signalen else { return std::future::pending().await };
        tokio::select! {
            _ = term.recv() => "SIGTERM",
            _ = int.recv() => "SIGINT",
        }
    }
}
