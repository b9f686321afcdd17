//! The system itself: takes, files, sends, tells.

use std::{
    io::Write as _,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::watch;

use crate::{
    Fout, Geheim, Gezicht, Instelling,
    fixtures::Fixtures,
    gedrag, klok, nummers,
    opslag::{Ontvangen, Opslag, Verzonden},
};

/// How long it waits for the outcome of a message that it sends by itself.
pub(crate) const WACHT: Duration = Duration::from_secs(30);

/// How it works at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stand", rename_all = "lowercase", deny_unknown_fields)]
pub enum Stand {
    /// As it should.
    Aan,
    /// Takes nothing.
    Uit,
    /// Takes its time.
    Traag {
        /// Milliseconds before each answer.
        ms: u64,
    },
}

/// What the program beside it answered.
#[derive(Debug, Clone, Serialize)]
pub struct Antwoord {
    /// HTTP status.
    pub status: u16,
    /// The body; null when it is no JSON.
    pub antwoord: Value,
}

/// One system.
pub(crate) struct Systeem {
    pub gezicht: Gezicht,
    pub fixtures: Fixtures,
    naam: String,
    buur: Mutex<String>,
    buur_geheim: Option<Geheim>,
    pub geheim: Option<Geheim>,
    pub automatisch: bool,
    vertelt: bool,
    opslag: Mutex<Opslag>,
    stand: Mutex<Stand>,
    dicht: AtomicBool,
    aantal: watch::Sender<usize>,
    http: reqwest::Client,
}

impl std::fmt::Debug for Systeem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Systeem").field("naam", &self.naam).finish_non_exhaustive()
    }
}

/// A lock that a panic elsewhere poisoned still guards whole data: every change is one push after one write.
fn slot<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Systeem {
    pub(crate) fn openen(i: Instelling) -> Result<Self, Fout> {
        let gezicht = Gezicht::ingebouwd(&i.gezicht)?;
        let fixtures = Fixtures::lezen(&i.gezicht, i.fixtures.as_deref())?;
        let opslag = Opslag::openen(&i.opslag)?;
        let aantal = watch::Sender::new(opslag.ontvangen.len());
        // The neighbour is on this machine; a proxy of the environment is not for it.
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(90)).build()?;
        Ok(Self {
            naam: i.naam.unwrap_or_else(|| gezicht.naam.clone()),
            gezicht,
            fixtures,
            buur: Mutex::new(i.buur),
            buur_geheim: i.buur_geheim,
            geheim: i.geheim,
            automatisch: i.automatisch,
            vertelt: i.vertelt,
            opslag: Mutex::new(opslag),
            stand: Mutex::new(Stand::Aan),
            dicht: AtomicBool::new(false),
            aantal,
            http,
        })
    }

    pub(crate) fn naam(&self) -> &str {
        &self.naam
    }

    pub(crate) fn ontvangen(&self) -> Vec<Ontvangen> {
        slot(&self.opslag).ontvangen.clone()
    }

    pub(crate) fn verzonden(&self) -> Vec<Verzonden> {
        slot(&self.opslag).verzonden.clone()
    }

    pub(crate) fn aantal(&self) -> watch::Receiver<usize> {
        self.aantal.subscribe()
    }

    pub(crate) fn stand(&self) -> Stand {
        *slot(&self.stand)
    }

    pub(crate) fn storing(&self, stand: Stand) {
        *slot(&self.stand) = stand;
    }

    pub(crate) fn verhuis(&self, buur: &str) {
        buur.trim_end_matches('/').clone_into(&mut slot(&self.buur));
    }

    pub(crate) fn sluit(&self) {
        self.dicht.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_dicht(&self) -> bool {
        self.dicht.load(Ordering::Relaxed)
    }

    /// Tells what it does, in its own words.
    pub(crate) fn zeg(&self, wat: &str) {
        if self.vertelt {
            // A closed standard output is no reason to stop working.
            let _ = writeln!(std::io::stdout().lock(), "{}: {wat}", self.naam);
        }
    }

    /// Takes a message. None: it knows no such path.
    pub(crate) fn neem_aan(self: &Arc<Self>, pad: &str, sleutel: Option<String>, bericht: Value) -> Result<Option<Value>, Fout> {
        let Some(ontvangst) = self.gezicht.ontvangst(pad) else { return Ok(None) };
        let nieuw = {
            let mut opslag = slot(&self.opslag);
            if let Some(eerder) = sleutel.as_deref().and_then(|s| opslag.eerder(s)) {
                return Ok(Some(eerder.antwoord.clone()));
            }
            let mut uitgifte = opslag.uitgifte.clone();
            let antwoord = nummers::antwoord(&self.gezicht, ontvangst, &bericht, &mut uitgifte);
            let ontvangen = Ontvangen { nr: 0, tijd: klok::nu(), pad: pad.to_owned(), sleutel, bericht, antwoord };
            let nieuw = opslag.ontvang(ontvangen, uitgifte)?;
            self.aantal.send_replace(opslag.ontvangen.len());
            nieuw
        };
        self.zeg(&nummers::vul(&ontvangst.zeg, &|naam| nummers::gegeven(naam, &nieuw.bericht, &nieuw.antwoord)));
        let antwoord = nieuw.antwoord.clone();
        gedrag::na(self, ontvangst, nieuw);
        Ok(Some(antwoord))
    }

    /// Asks the program beside it something, and shows it the secret.
    pub(crate) async fn vraag(&self, methode: Method, pad: &str, lichaam: Option<&Value>) -> Result<Antwoord, Fout> {
        let verzoek = self.http.request(methode, format!("{}{pad}", slot(&self.buur)));
        let verzoek = match &self.buur_geheim {
            Some(geheim) => verzoek.bearer_auth(geheim.tekst()),
            None => verzoek,
        };
        let antwoord = match lichaam {
            Some(lichaam) => verzoek.json(lichaam),
            None => verzoek,
        };
        let antwoord = antwoord.send().await?;
        let status = antwoord.status().as_u16();
        Ok(Antwoord { status, antwoord: serde_json::from_slice(&antwoord.bytes().await?).unwrap_or(Value::Null) })
    }

    /// Sends a message that lies ready, and waits that long for its outcome.
    pub(crate) async fn stuur(
        &self,
        naam: &str,
        zet: &Map<String, Value>,
        wacht: Duration,
        aanleiding: Option<(u64, usize)>,
    ) -> Result<Antwoord, Fout> {
        let fixture = self.fixtures.zoek(naam).ok_or_else(|| Fout::Fixture(format!("{naam}: does not lie ready")))?;
        let mut bericht = fixture.bericht.clone();
        for (pad, waarde) in zet {
            zetten(&mut bericht, pad, waarde.clone()).ok_or_else(|| Fout::Fixture(format!("{naam}: has no place {pad}")))?;
        }
        let pad = format!("{}?wacht={}", fixture.pad(), wacht.as_secs());
        let Antwoord { status, antwoord } = self.vraag(Method::POST, &pad, Some(&bericht)).await?;
        let gelukt = if (200..300).contains(&status) { "verstuurd" } else { "niet aangenomen" };
        self.zeg(&format!("{} {gelukt}", fixture.naam));
        let verzonden = Verzonden {
            nr: 0,
            tijd: klok::nu(),
            naam: fixture.naam.clone(),
            pad: fixture.pad(),
            aanleiding,
            bericht,
            status,
            antwoord: antwoord.clone(),
        };
        slot(&self.opslag).verzend(verzonden)?;
        Ok(Antwoord { status, antwoord })
    }
}

/// Puts a value in its place; an object gets a member that it did not have.
fn zetten(bericht: &mut Value, pad: &str, waarde: Value) -> Option<()> {
    if let Some(plek) = bericht.pointer_mut(pad) {
        *plek = waarde;
        return Some(());
    }
    let (ouder, naam) = pad.rsplit_once('/')?;
    let naam = naam.replace("~1", "/").replace("~0", "~");
    bericht.pointer_mut(ouder)?.as_object_mut()?.insert(naam, waarde);
    Some(())
}
