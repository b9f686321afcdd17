//! A partner's own system, played: for demo, tests and load. Knows nothing of the hub.
//!
//! Six faces: `politie`, `veilig-thuis`, `om`, `ggz`, `wijkteam`, `school`. Each takes messages in its own format on its
//! own paths, files them under its own numbers, keeps them over a restart, does by itself what such an organisation does
//! next, and can send the messages that lie ready. It speaks plain HTTP with one program beside it; both show a secret.
//!
//! | request | does |
//! |---|---|
//! | `POST <own path>` | takes a message; the same `Idempotency-Key` again gets the same answer and nothing more happens |
//! | `GET /ontvangen?pad=…&minstens=n&wacht=s` | what came in, in the own format, with times; waits until there are `n` |
//! | `GET /verzonden` | what went out, and what was answered |
//! | `GET /stuur` · `POST /stuur/{naam}?wacht=s` | what lies ready · sends it, with `{"zet": {"/pointer": value}}` changed; waits for the outcome and gives it: status, number, receipt and decisions, or the refusal with its sentence and what would be allowed |
//! | `POST /inzage/{deel}` | a user opens a view-only part; nothing of it is kept |
//! | `GET /nagaan/{kenmerk}` | what became of a message, as the program beside it says |
//! | `POST /storing` | `{"stand": "aan" \| "uit" \| "traag", "ms": n}`: works, takes nothing, or takes its time |
//! | `GET /gezondheid` | its name and counts |
#![warn(missing_docs)]

mod fixtures;
mod gedrag;
mod geheim;
mod gezicht;
mod http;
mod klok;
mod nummers;
mod opslag;
mod systeem;

use std::{net::SocketAddr, path::PathBuf};

pub use geheim::Geheim;
pub use gezicht::Gezicht;
pub use opslag::{Ontvangen, Verzonden};
pub use systeem::{Antwoord, Stand};

use systeem::Systeem;

/// How a system is set up.
#[derive(Debug, Clone)]
pub struct Instelling {
    /// Which face: see [`Gezicht::namen`].
    pub gezicht: String,
    /// How it calls itself, when not as its face does: `Wijkteam Rijswijk`.
    pub naam: Option<String>,
    /// Where it listens; port 0 takes a free one.
    pub luister: SocketAddr,
    /// Where the program beside it takes its messages: `http://127.0.0.1:8081`.
    pub buur: String,
    /// What it shows to the program beside it.
    pub buur_geheim: Option<Geheim>,
    /// What the program beside it must show on the own paths; absent: nothing.
    pub geheim: Option<Geheim>,
    /// Folder for what it keeps.
    pub opslag: PathBuf,
    /// Folder with messages that lie ready; absent: those built in.
    pub fixtures: Option<PathBuf>,
    /// Whether it does by itself what comes next.
    pub automatisch: bool,
    /// Whether it tells on standard output what it does.
    pub vertelt: bool,
}

impl Instelling {
    /// A system on a free port of this machine that does what comes next and tells it.
    #[must_use]
    pub fn new(gezicht: &str, buur: &str, opslag: impl Into<PathBuf>) -> Self {
        Self {
            gezicht: gezicht.to_owned(),
            naam: None,
            luister: SocketAddr::from(([127, 0, 0, 1], 0)),
            buur: buur.trim_end_matches('/').to_owned(),
            buur_geheim: None,
            geheim: None,
            opslag: opslag.into(),
            fixtures: None,
            automatisch: true,
            vertelt: true,
        }
    }
}

/// Why a system cannot work.
#[derive(Debug, thiserror::Error)]
pub enum Fout {
    /// The face.
    #[error("face: {0}")]
    Gezicht(String),
    /// A message that lies ready.
    #[error("fixture {0}")]
    Fixture(String),
    /// The file of messages.
    #[error("store: {0}")]
    Opslag(#[from] std::io::Error),
    /// The program beside it cannot be reached.
    #[error("neighbour: {0}")]
    Buur(#[from] reqwest::Error),
}

/// A system that runs.
#[derive(Debug)]
pub struct Handle {
    /// Where it listens.
    pub addr: SocketAddr,
    systeem: std::sync::Arc<Systeem>,
    server: actix_web::dev::ServerHandle,
    taak: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Handle {
    /// What came in.
    #[must_use]
    pub fn ontvangen(&self) -> Vec<Ontvangen> {
        self.systeem.ontvangen()
    }

    /// What went out.
    #[must_use]
    pub fn verzonden(&self) -> Vec<Verzonden> {
        self.systeem.verzonden()
    }

    /// Sends a message that lies ready, with what `zet` changes (pointer and value).
    ///
    /// # Errors
    /// [`Fout`] when there is none of this name, or the program beside it cannot be reached.
    pub async fn stuur(&self, naam: &str, zet: &serde_json::Map<String, serde_json::Value>) -> Result<Antwoord, Fout> {
        self.systeem.stuur(naam, zet, systeem::WACHT, None).await
    }

    /// Works, takes nothing, or takes its time.
    pub fn storing(&self, stand: Stand) {
        self.systeem.storing(stand);
    }

    /// Changes where the program beside it is.
    pub fn verhuis(&self, buur: &str) {
        self.systeem.verhuis(buur);
    }

    /// Ends it.
    pub async fn stop(self) {
        self.systeem.sluit();
        self.server.stop(false).await;
        let _ = self.taak.await;
    }
}

/// Starts a system on the present runtime.
///
/// # Errors
/// [`Fout`] when its face, its file or its port cannot be used.
pub fn start(instelling: Instelling) -> Result<Handle, Fout> {
    let luister = instelling.luister;
    let systeem = std::sync::Arc::new(Systeem::openen(instelling)?);
    let (server, addr) = http::luister(std::sync::Arc::clone(&systeem), luister)?;
    let handle = server.handle();
    let taak = tokio::spawn(server);
    gedrag::hervat(&systeem);
    systeem.zeg(&format!("luistert op http://{addr}"));
    Ok(Handle { addr, systeem, server: handle, taak })
}

/// Runs a system until it is told to stop (Ctrl-C, SIGTERM).
///
/// # Errors
/// [`Fout`] as [`start`].
pub async fn run(instelling: Instelling) -> Result<(), Fout> {
    let handle = start(instelling)?;
    let _ = handle.taak.await;
    Ok(())
}
