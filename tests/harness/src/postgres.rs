//! Hubs on PostgreSQL. `cargo xtask test --only postgres` starts the server and says where it is.

use std::{
    fs,
    path::PathBuf,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::Regio;

/// A fresh database on the server of the tests: its URL.
pub fn basis() -> String {
    static TELLER: AtomicU32 = AtomicU32::new(0);
    let server =
        std::env::var("INBRENG_POSTGRES").expect("INBRENG_POSTGRES names the server; run cargo xtask test --only postgres");
    let (_, socket) = server.split_once("?host=").expect("a server on a socket");
    let naam = format!("hub_{}_{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
    let gemaakt = Command::new("createdb").args(["-h", socket, "-U", "postgres", &naam]).status().unwrap();
    assert!(gemaakt.success(), "no database {naam}");
    server.replace("/postgres?", &format!("/{naam}?"))
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
