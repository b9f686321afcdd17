//! A hub as its own process.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use crate::Regio;

/// How long a hub may take to get ready, or to do what a test waits for.
const GEDULD: Duration = Duration::from_secs(20);

/// A hub that runs. Killed when dropped.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    /// Where partners connect.
    pub adres: SocketAddr,
    /// Where operators look.
    pub beheer: SocketAddr,
}

impl Hub {
    /// Starts `program serve` for a region, and waits until it is ready. Its log goes to `hub.log` of the region.
    pub fn starten(programma: &Path, regio: &Regio) -> Self {
        let (partners, beheer) = (regio.pad("partners.adres"), regio.pad("beheer.adres"));
        for oud in [&partners, &beheer] {
            let _none = fs::remove_file(oud);
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(regio.pad("hub.log")).unwrap();
        let mut child = Command::new(programma)
            .args(["serve", "--config"])
            .arg(regio.config())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let begin = Instant::now();
        loop {
            if let (Ok(adres), Ok(beheer)) = (fs::read_to_string(&partners), fs::read_to_string(&beheer)) {
                return Self { child, adres: adres.trim().parse().unwrap(), beheer: beheer.trim().parse().unwrap() };
            }
            let ended = child.try_wait().unwrap().is_some();
            assert!(!ended && begin.elapsed() < GEDULD, "hub does not start:\n{}", Self::log(regio));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Runs the program to its end.
    pub fn uitvoeren(programma: &Path, args: &[&str]) -> Output {
        Command::new(programma).args(args).stdin(Stdio::null()).output().unwrap()
    }

    /// Sends a signal.
    pub fn signaal(&self, naam: &str) {
        assert!(Command::new("kill").args([&format!("-{naam}"), &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to stop and waits; true when it ended well.
    pub fn stoppen(mut self) -> bool {
        self.signaal("TERM");
        let begin = Instant::now();
        while begin.elapsed() < GEDULD {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// All that hubs of a region have logged.
    pub fn log(regio: &Regio) -> String {
        fs::read_to_string(regio.pad("hub.log")).unwrap_or_default()
    }

    /// Waits until hubs of a region have logged this event so many times.
    pub async fn wachten_op(regio: &Regio, gebeurtenis: &str, keer: usize) {
        let zoek = format!("\"gebeurtenis\":\"{gebeurtenis}\"");
        let begin = Instant::now();
        while Self::log(regio).matches(&zoek).count() < keer {
            assert!(begin.elapsed() < GEDULD, "no {gebeurtenis} in:\n{}", Self::log(regio));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
