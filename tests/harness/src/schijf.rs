//! A disk of a test's own, in memory, that can be full.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// More than a test writes; only what it writes is taken from memory.
const RUIM: &str = "4g";

/// A file system in memory. Gone when dropped.
#[derive(Debug)]
pub struct Schijf {
    map: PathBuf,
}

impl Schijf {
    /// One at this place, where we may make one.
    pub fn proberen(map: &Path) -> Option<Self> {
        fs::create_dir_all(map).unwrap();
        let gelukt = koppelen(&["-t", "tmpfs", "-o", &format!("size={RUIM}"), "tmpfs"], map);
        gelukt.then(|| Self { map: map.to_owned() })
    }

    /// One at this place.
    ///
    /// # Panics
    /// Where none may be mounted.
    pub fn maken(map: &Path) -> Self {
        Self::proberen(map).expect("a file system of its own: only root may mount one (cargo xtask test --only schijf)")
    }

    /// It has room for nothing more, or as before.
    pub fn vol(&self, vol: bool) {
        let omvang = || if vol { format!("{}k", self.gebruikt() + 16) } else { RUIM.to_owned() };
        // Who writes meanwhile may have taken more than was measured.
        let gelukt = (0..50).any(|_| koppelen(&["-o", &format!("remount,size={}", omvang())], &self.map));
        assert!(gelukt, "{}", omvang());
    }

    /// In KiB.
    fn gebruikt(&self) -> u64 {
        let uit = Command::new("df").arg("--output=used").arg("-k").arg(&self.map).output().unwrap();
        let tekst = String::from_utf8(uit.stdout).unwrap();
        tekst.lines().last().unwrap().trim().parse().unwrap()
    }
}

fn koppelen(hoe: &[&str], map: &Path) -> bool {
    let niets = || Stdio::null();
    Command::new("mount").args(hoe).arg(map).stdout(niets()).stderr(niets()).status().is_ok_and(|einde| einde.success())
}

impl Drop for Schijf {
    fn drop(&mut self) {
        // At once for who looks, and for good when the last file in it is closed.
        let _gone = Command::new("umount").arg("--lazy").arg(&self.map).status();
    }
}
