//! The processes of the demo: this same binary again as the hub, as each adapter and as each partner's own system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

/// A process that was started, and the file in which it writes the address it listens on.
#[derive(Debug)]
struct Running {
    child: Child,
    log: PathBuf,
}

/// All of them; killed when dropped.
#[derive(Debug, Default)]
pub struct Children(BTreeMap<String, Running>);

/// Why a process is not there.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It cannot be started.
    #[error("cannot start {name}")]
    Start {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It ended before it was ready.
    #[error("{name} ended before it was ready; the end of its log {}:\n{tail}", log.display())]
    Ended {
        /// Which.
        name: String,
        /// Its log.
        log: PathBuf,
        /// The last lines.
        tail: String,
    },
    /// It did not become ready in time.
    #[error("{name} was not ready in {seconds} s; see {}", log.display())]
    Late {
        /// Which.
        name: String,
        /// How long was waited.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
}

const READY_WITHIN: Duration = Duration::from_secs(30);

impl Children {
    /// Starts this binary with these arguments; its output goes to `<dir>/<name>.log`.
    pub fn start(&mut self, name: &str, dir: &Path, args: &[&str]) -> Result<(), ChildError> {
        let failed = |source| ChildError::Start { name: name.to_owned(), source };
        let log = dir.join(format!("{name}.log"));
        let out = std::fs::OpenOptions::new().create(true).append(true).open(&log).map_err(failed)?;
        let err = out.try_clone().map_err(failed)?;
        let child = Command::new(std::env::current_exe().map_err(failed)?)
            .args(args)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        self.0.insert(name.to_owned(), Running { child, log });
        Ok(())
    }

    /// Waits until a process has written the address it listens on.
    pub async fn address(&mut self, name: &str, file: &Path) -> Result<String, ChildError> {
        let started = tokio::time::Instant::now();
        loop {
            if let Ok(text) = std::fs::read_to_string(file)
                && !text.trim().is_empty()
            {
                return Ok(text.trim().to_owned());
            }
            if let Some(running) = self.0.get_mut(name)
                && running.child.try_wait().is_ok_and(|status| status.is_some())
            {
                return Err(ChildError::Ended { name: name.to_owned(), tail: tail(&running.log), log: running.log.clone() });
            }
            if started.elapsed() > READY_WITHIN {
                let log = self.0.get(name).map(|r| r.log.clone()).unwrap_or_default();
                return Err(ChildError::Late { name: name.to_owned(), seconds: READY_WITHIN.as_secs(), log });
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills one, and waits for it.
    pub async fn kill(&mut self, name: &str) {
        if let Some(mut running) = self.0.remove(name) {
            let _ = running.child.kill().await;
        }
    }

    /// How many run.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Ends all, and waits for it.
    pub async fn stop(&mut self) {
        for running in self.0.values_mut() {
            let _ = running.child.start_kill();
        }
        for running in self.0.values_mut() {
            let _ = running.child.wait().await;
        }
        self.0.clear();
    }
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(8)).copied().collect::<Vec<_>>().join("\n")
}
