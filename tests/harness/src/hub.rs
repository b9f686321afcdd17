//! A hub as its own process.

use std::{
    fs,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::Regio;

/// How long a hub may take to get ready, or to do what a test waits for. A wait ends as soon as there is something to see,
/// so this only says when a test gives up; a busy machine with a slow disk is no fault.
pub(crate) const GEDULD: Duration = Duration::from_secs(180);

/// A hub that runs. Killed when dropped.
#[derive(Debug)]
pub struct Hub {
    programma: PathBuf,
    map: PathBuf,
    child: Child,
    /// Where partners connect; the same again after [`Self::herstarten`].
    pub adres: SocketAddr,
    /// Where operators look.
    pub beheer: SocketAddr,
}

impl Hub {
    /// Starts `program serve` for a region, and waits until it is ready. Its log goes to `hub.log` of the region.
    pub fn starten(programma: &Path, regio: &Regio) -> Self {
        Self::in_map(programma, regio.map())
    }

    /// Starts one more, in a [`Regio::kamer`].
    pub fn in_kamer(programma: &Path, regio: &Regio, naam: &str, tabellen: &str) -> Self {
        Self::in_map(programma, &regio.kamer(naam, tabellen))
    }

    /// Starts one on the `hub.toml` of a folder.
    pub fn in_map(programma: &Path, map: &Path) -> Self {
        let (child, adres, beheer) = draaien(programma, map);
        Self { programma: programma.to_owned(), map: map.to_owned(), child, adres, beheer }
    }

    /// `kill -9`: no goodbye, nothing flushed, nothing finished.
    pub fn kill_9(&mut self) {
        self.child.kill().unwrap();
        let einde = self.child.wait().unwrap();
        assert_eq!(einde.signal(), Some(9), "the hub ended by itself: {einde}\n{}", self.logtekst());
    }

    /// Starts again after its end, on the same files and the same port.
    pub fn herstarten(&mut self) {
        let (config, vast) = (self.map.join("hub.toml"), self.adres.to_string());
        let text = fs::read_to_string(&config).unwrap();
        if !text.contains(&vast) {
            // The first address in the file is that of the partners.
            fs::write(&config, text.replacen("127.0.0.1:0", &vast, 1)).unwrap();
        }
        let (child, adres, beheer) = draaien(&self.programma, &self.map);
        assert_eq!(adres, self.adres);
        (self.child, self.beheer) = (child, beheer);
    }

    /// Asks it to stop, waits, and starts this program in its place: the same folder, the same port. True when it ended well.
    pub fn vervangen(&mut self, programma: &Path) -> bool {
        let goed = self.ten_einde();
        self.programma = programma.to_owned();
        self.herstarten();
        goed
    }

    /// Whether it runs.
    pub fn leeft(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The folder with its configuration, store and log: all that its disk would give away.
    pub fn map(&self) -> &Path {
        &self.map
    }

    /// Everything it has logged, over all its lives.
    pub fn logtekst(&self) -> String {
        fs::read_to_string(self.map.join("hub.log")).unwrap_or_default()
    }

    /// Its log lines with this `gebeurtenis`.
    pub fn logregels(&self, gebeurtenis: &str) -> Vec<Value> {
        let regels = self.logtekst().lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()).collect::<Vec<_>>();
        regels.into_iter().filter(|r| r["gebeurtenis"] == gebeurtenis).collect()
    }

    /// What it counts: messages, deliveries, decisions, leaves.
    pub async fn tellingen(&self) -> Value {
        reqwest::get(format!("http://{}/tellingen", self.beheer)).await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    /// How it says it stands.
    pub async fn readyz(&self) -> Value {
        reqwest::get(format!("http://{}/readyz", self.beheer)).await.unwrap().json().await.unwrap()
    }

    /// What its memory holds that it may write to: heap, stacks, buffers (Linux).
    pub fn geheugen(&self) -> Vec<u8> {
        crate::geheugen::van(self.child.id())
    }

    /// The value of a line without labels on its page of numbers.
    pub async fn getal(&self, naam: &str) -> i64 {
        let bladzijde = reqwest::get(format!("http://{}/metrics", self.beheer)).await.unwrap().text().await.unwrap();
        let regel = bladzijde.lines().find_map(|r| r.strip_prefix(naam)?.strip_prefix(' '));
        regel.unwrap_or_else(|| panic!("no {naam} in\n{bladzijde}")).parse().unwrap()
    }

    /// All that operators see of it, one after the other.
    pub async fn voor_beheerders(&self) -> String {
        let mut alles = String::new();
        for pad in ["healthz", "readyz", "tellingen", "metrics"] {
            let antwoord = reqwest::get(format!("http://{}/{pad}", self.beheer)).await.unwrap();
            alles.push_str(&antwoord.error_for_status().unwrap().text().await.unwrap());
        }
        alles
    }

    /// A copy of its store as it lies on the disk, in a folder of its own. The hub must not be running.
    pub fn opslag_kopieren(&self, naam: &str) -> PathBuf {
        let naar = self.map.join(naam);
        fs::create_dir_all(&naar).unwrap();
        for deel in ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm"] {
            let van = self.map.join(deel);
            if van.exists() {
                fs::copy(van, naar.join(deel)).unwrap();
            }
        }
        naar.join("hub.sqlite")
    }

    /// Runs the program to its end.
    pub fn uitvoeren(programma: &Path, args: &[&str]) -> Output {
        Command::new(programma).args(args).stdin(Stdio::null()).output().unwrap()
    }

    /// Somebody says what time it is, with the rights of this hub and by the same program.
    pub fn klok_bevestigen(&self, tijd: &str) -> Output {
        let config = self.map.join("hub.toml");
        Self::uitvoeren(&self.programma, &["klok", "bevestigen", "--config", config.to_str().unwrap(), "--tijd", tijd])
    }

    /// Sends a signal.
    pub fn signaal(&self, naam: &str) {
        signaal(&self.child, naam);
    }

    /// Asks it to stop and waits; true when it ended well.
    pub fn stoppen(mut self) -> bool {
        self.ten_einde()
    }

    /// Asks it to stop and waits; true when it ended well. [`Self::herstarten`] starts it again.
    pub fn ten_einde(&mut self) -> bool {
        self.signaal("TERM");
        eindigt_goed(&mut self.child)
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

/// Sends a signal to a process.
pub(crate) fn signaal(aan: &Child, naam: &str) {
    assert!(Command::new("kill").args([&format!("-{naam}"), &aan.id().to_string()]).status().unwrap().success());
}

/// Waits for the end of a process; true when it ended well.
pub(crate) fn eindigt_goed(child: &mut Child) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < GEDULD {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// Starts the program on the `hub.toml` of a folder and waits until it says where it is.
fn draaien(programma: &Path, map: &Path) -> (Child, SocketAddr, SocketAddr) {
    let (partners, beheer, logbestand) = (map.join("partners.adres"), map.join("beheer.adres"), map.join("hub.log"));
    for oud in [&partners, &beheer] {
        let _none = fs::remove_file(oud);
    }
    let log = fs::OpenOptions::new().create(true).append(true).open(&logbestand).unwrap();
    let mut child = Command::new(programma)
        .args(["serve", "--config"])
        .arg(map.join("hub.toml"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let begin = Instant::now();
    loop {
        if let (Ok(adres), Ok(beheer)) = (fs::read_to_string(&partners), fs::read_to_string(&beheer)) {
            return (child, adres.trim().parse().unwrap(), beheer.trim().parse().unwrap());
        }
        let ended = child.try_wait().unwrap().is_some();
        let log = || fs::read_to_string(&logbestand).unwrap_or_default();
        assert!(!ended && begin.elapsed() < GEDULD, "hub does not start:\n{}", log());
        std::thread::sleep(Duration::from_millis(5));
    }
}
