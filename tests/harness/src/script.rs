//! A service of a test's own, by its script in `compose/lokaal`: in a folder of its own, thrown away afterwards.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::schijf::Schijf;

#[derive(Debug)]
pub struct Script {
    wat: &'static str,
    map: PathBuf,
    schijf: Option<Schijf>,
}

impl Script {
    /// Nothing yet; a folder for the service that `compose/lokaal/<wat>.sh` starts.
    pub fn nieuw(wat: &'static str, naam: &str) -> Self {
        static TELLER: AtomicU32 = AtomicU32::new(0);
        let naam = format!("inbreng-{naam}-hub-{}-{}", process::id(), TELLER.fetch_add(1, Ordering::Relaxed));
        Self { wat, map: std::env::temp_dir().join(naam), schijf: None }
    }

    /// Gives it a disk of its own, in memory, where we may: true when it has one. Before it is started.
    pub fn schijf(&mut self) -> bool {
        self.schijf = Schijf::proberen(&self.map);
        self.schijf.is_some()
    }

    /// Its disk has room for nothing more, or as before.
    pub fn vol(&self, vol: bool) {
        self.schijf.as_ref().expect("a disk of its own").vol(vol);
    }

    /// Runs the script with this word.
    pub fn doe(&self, woord: &str) {
        let _said = self.vragen(&[woord]);
    }

    /// Runs the script with these words; what it said.
    pub fn vragen(&self, woorden: &[&str]) -> String {
        self.proberen(woorden).unwrap_or_else(|waarom| panic!("{} {woorden:?}: {waarom}", self.wat))
    }

    fn proberen(&self, woorden: &[&str]) -> Result<String, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../compose/lokaal/{}.sh", self.wat));
        // What it leaves running would hold a pipe open.
        let uit = self.map.with_extension("uit");
        let bestand = File::create(&uit).map_err(|e| e.to_string())?;
        let ook = bestand.try_clone().map_err(|e| e.to_string())?;
        let mut command = Command::new(script);
        command.arg(&self.map).args(woorden).env("INBRENG_RABBITMQ_NAMEN", "proef[a-z0-9-]*");
        let einde = command.stdin(Stdio::null()).stdout(bestand).stderr(ook).status().map_err(|e| e.to_string())?;
        let gezegd = fs::read_to_string(&uit).unwrap_or_default();
        if einde.success() { Ok(gezegd) } else { Err(gezegd) }
    }

    /// Where it lies.
    pub fn map(&self) -> &Path {
        &self.map
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        if let Some(schijf) = &self.schijf {
            // Room to end in.
            schijf.vol(false);
        }
        let _ended = self.proberen(&["end"]);
        drop(self.schijf.take());
        let _gone = fs::remove_dir_all(&self.map);
        let _gone = fs::remove_file(self.map.with_extension("uit"));
    }
}
