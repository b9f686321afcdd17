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
}

impl Script {
    /// Nothing yet; a folder for the service that `compose/lokaal/<wat>.sh` starts.
    pub fn nieuw(wat: &'static str, naam: &str) -> Self {
        static TELLER: AtomicU32 = AtomicU32::new(0);
        let naam = format!("inbreng-{naam}-hub-{}-{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
        Self { wat, map: std::env::temp_dir().join(naam) }
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

impl Drop for Script {
    fn drop(&mut self) {
        let _ended = self.proberen("end");
        let _gone = fs::remove_dir_all(&self.map);
        let _gone = fs::remove_file(self.map.with_extension("uit"));
    }
}
