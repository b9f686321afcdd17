//! Hubs on PostgreSQL. `cargo xtask test --only postgres` starts the server and says where it is; who stops or kills one starts its
//! own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{Regio, script::Script};

static TELLER: AtomicU32 = AtomicU32::new(0);

/// A fresh database on the server of the tests: its URL.
pub fn basis() -> String {
    let server =
        std::env::var("INBRENG_POSTGRES").expect("INBRENG_POSTGRES names the server; run cargo xtask test --only postgres");
    basis_op(&server)
}

fn basis_op(server: &str) -> String {
    let (adres, socket) = server.split_once("?host=").expect("a server on a socket");
    let (adres, _) = adres.rsplit_once('/').expect("a database on it");
    let naam = format!("hub_{}_{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
    let gemaakt = Command::new("createdb").args(["-h", socket, "-U", "postgres", &naam]).status().unwrap();
    assert!(gemaakt.success(), "no database {naam}");
    format!("{adres}/{naam}?host={socket}")
}

/// Where every hub on this database has its erasure keys.
pub fn sleutels(url: &str) -> PathBuf {
    let naam = url.split('?').next().and_then(|adres| adres.rsplit('/').next()).unwrap_or_default();
    std::env::temp_dir().join(format!("inbreng-sleutels-{naam}"))
}

/// A folder for a hub on this database, beside the others of the region.
pub fn kamer(regio: &Regio, naam: &str, url: &str) -> PathBuf {
    let map = regio.kamer(naam, "");
    let config = map.join("hub.toml");
    let tekst = fs::read_to_string(&config).unwrap();
    assert!(tekst.contains("pad = \"hub.sqlite\""), "{tekst}");
    fs::write(
        &config,
        tekst.replace(
            "pad = \"hub.sqlite\"",
            &format!("soort = \"postgres\"\nurl = \"{url}\"\nsleutels = \"{}\"", sleutels(url).display()),
        ),
    )
    .unwrap();
    map
}

/// A server of a test's own. Ends when dropped.
#[derive(Debug)]
pub struct Server {
    script: Script,
    schijf: bool,
}

impl Server {
    /// Starts one, on a disk of its own where we may make one.
    pub fn starten() -> Self {
        let mut script = Script::nieuw("postgres", "postgres");
        let schijf = script.schijf();
        script.doe("start");
        Self { script, schijf }
    }

    /// Whether it has a disk of its own, for [`Self::vol`].
    pub const fn heeft_schijf(&self) -> bool {
        self.schijf
    }

    /// Its disk is full, or has room again; what ended for want of room is started.
    pub fn vol(&self, vol: bool) {
        self.script.vol(vol);
        if !vol {
            self.doe("start");
        }
    }

    /// `start`, `stop`, `kill`, `pause`, `resume`: as `compose/lokaal/postgres.sh` knows them.
    pub fn doe(&self, wat: &str) {
        self.script.doe(wat);
    }

    /// What it has logged.
    pub fn logtekst(&self) -> String {
        fs::read_to_string(self.script.map().join("log")).unwrap_or_default()
    }

    /// A fresh database on it: its URL.
    pub fn basis(&self) -> String {
        basis_op(fs::read_to_string(self.script.map().join("url")).unwrap().trim())
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.script.map().join(SOCKET)
    }

    /// The URL of a database for who reaches it by a socket in another folder.
    pub fn url_via(url: &str, map: &Path) -> String {
        let (adres, _) = url.split_once("?host=").unwrap();
        format!("{adres}?host={}", map.display())
    }
}

/// What PostgreSQL's socket is called in its folder.
pub const SOCKET: &str = ".s.PGSQL.5432";
