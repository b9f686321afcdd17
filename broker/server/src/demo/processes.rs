//! What this binary is when the demo starts it again: an adapter, or a partner's own system.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use inbreng_domain::clock::SystemClock;
use inbreng_partner_sim::{Geheim, Instelling};
use inbreng_proof::SystemRandomness;
use inbreng_telemetry::Niveau;

/// Runs an adapter until it is told to stop; writes where it listens.
pub fn adapter(config: &Path, adres_bestand: &Path) -> ExitCode {
    let knop = inbreng_telemetry::beginnen(Niveau::default(), Arc::new(SystemClock));
    until_the_end(async {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let config = inbreng_adapter::Config::lezen(config).map_err(|e| e.to_string())?;
        knop.zetten(config.log.niveau);
        let mut handle =
            inbreng_adapter::start(config, Arc::new(SystemClock), Arc::new(SystemRandomness)).await.map_err(|e| chain(&e))?;
        write(adres_bestand, &handle.adres().to_string())?;
        tokio::select! {
            () = handle.wachten() => {}
            () = told_to_stop() => {}
        }
        handle.stoppen().await;
        Ok(())
    })
}

/// Runs a partner's own system until it is told to stop. Its neighbour's address comes later, in a file; the secrets are what
/// it shows its neighbour, and what it wants to see.
pub fn partnersysteem(
    gezicht: &str,
    naam: &str,
    opslag: &Path,
    adres_bestand: &Path,
    buur_bestand: &Path,
    geheimen: (&Path, &Path),
) -> ExitCode {
    until_the_end(async {
        let geheim = |pad: &Path| Geheim::lezen(pad).map(Some).map_err(|e| format!("{}: {e}", pad.display()));
        let instelling = Instelling {
            naam: Some(naam.to_owned()),
            buur_geheim: geheim(geheimen.0)?,
            geheim: geheim(geheimen.1)?,
            ..Instelling::new(gezicht, "http://127.0.0.1:9", opslag.to_owned())
        };
        let handle = inbreng_partner_sim::start(instelling).map_err(|e| chain(&e))?;
        write(adres_bestand, &handle.addr.to_string())?;
        let neighbour = async {
            loop {
                if let Ok(text) = std::fs::read_to_string(buur_bestand)
                    && !text.trim().is_empty()
                {
                    handle.verhuis(&format!("http://{}", text.trim()));
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = async { neighbour.await; std::future::pending::<()>().await } => {}
            () = told_to_stop() => {}
        }
        handle.stop().await;
        Ok(())
    })
}

fn until_the_end(work: impl Future<Output = Result<(), String>>) -> ExitCode {
    let outcome = actix_web::rt::System::with_tokio_rt(|| {
        #[expect(clippy::expect_used, reason = "without threads there is nothing to go on with, and nothing has begun")]
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("the operating system gives threads")
    })
    .block_on(work);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tracing::error!(reden = why);
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{why}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn told_to_stop() {
    let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Whole or not at all: whoever waits for the file reads it at once.
fn write(file: &Path, text: &str) -> Result<(), String> {
    let new = file.with_extension("nieuw");
    std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, file)).map_err(|e| format!("{}: {e}", file.display()))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
