//! A service of a test's own, by its script in `compose/lokaal`: in a folder of its own, thrown away afterwards.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

#[derive(Debug)]
pub struct Script {
    wat: &'static str,
    map: PathBuf,
    schijf: bool,
}

impl Script {
    /// Nothing yet; a folder for the service that `compose/lokaal/<wat>.sh` starts.
    pub fn nieuw(wat: &'static str, naam: &str) -> Self {
        static TELLER: AtomicU32 = AtomicU32::new(0);
        let naam = format!("inbreng-{naam}-hub-{}-{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
        Self { wat, map: std::env::temp_dir().join(naam), schijf: false }
    }

    /// Gives it a disk of its own, in memory, where we may: true when it has one. Before it is started.
    pub fn schijf(&mut self) -> bool {
        fs::create_dir_all(&self.map).unwrap();
        self.schijf = koppelen(&["-t", "tmpfs", "-o", &format!("size={RUIM}"), "tmpfs"], &self.map);
        self.schijf
    }

    /// Its disk has room for nothing more, or as before.
    pub fn vol(&self, vol: bool) {
        let over = if vol { format!("{}k", self.gebruikt() + 16) } else { RUIM.to_owned() };
        assert!(koppelen(&["-o", &format!("remount,size={over}")], &self.map), "{over}");
    }

    /// In KiB.
    fn gebruikt(&self) -> u64 {
        let uit = Command::new("df").arg("--output=used").arg("-k").arg(&self.map).output().unwrap();
        let tekst = String::from_utf8(uit.stdout).unwrap();
        tekst.lines().last().unwrap().trim().parse().unwrap()
    }

    /// Runs the script with this word.
    pub fn doe(&self, woord: &str) {
        let gelukt = self.proberen(woord);
        assert!(gelukt.is_ok(), "{} {woord}: {gelukt:?}", self.wat);
    }

    fn proberen(&self, woord: &str) -> Result<(), String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../compose/lokaal/{}.sh", self.wat));
        // What it leaves running would hold a pipe open.
        let uit = self.map.with_extension("uit");
        let bestand = File::create(&uit).map_err(|e| e.to_string())?;
        let ook = bestand.try_clone().map_err(|e| e.to_string())?;
        let mut command = Command::new(script);
        command.arg(&self.map).arg(woord).env("INBRENG_RABBITMQ_NAMEN", "proef[a-z0-9-]*");
        let einde = command.stdin(Stdio::null()).stdout(bestand).stderr(ook).status().map_err(|e| e.to_string())?;
        if einde.success() { Ok(()) } else { Err(fs::read_to_string(&uit).unwrap_or_default()) }
    }

    /// Where it lies.
    pub fn map(&self) -> &Path {
        &self.map
    }
}

/// More than a service of a test writes; only what it writes is taken from memory.
const RUIM: &str = "4g";

fn koppelen(hoe: &[&str], map: &Path) -> bool {
    let niets = || Stdio::null();
    Command::new("mount").args(hoe).arg(map).stdout(niets()).stderr(niets()).status().is_ok_and(|einde| einde.success())
}

impl Drop for Script {
    fn drop(&mut self) {
        if self.schijf {
            let _room_to_end = koppelen(&["-o", &format!("remount,size={RUIM}")], &self.map);
        }
        let _ended = self.proberen("end");
        if self.schijf {
            let _gone = Command::new("umount").arg(&self.map).status();
        }
        let _gone = fs::remove_dir_all(&self.map);
        let _gone = fs::remove_file(self.map.with_extension("uit"));
    }
}
