//! The one writer: a task that drains what waits, writes it in one transaction, and only then answers.

use std::{fmt, sync::Arc, time::Duration};

use inbreng_domain::Clock;
use inbreng_storage::{StoreError, StoreResult};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::time::Instant;

use super::{
    fout,
    kast::Kast,
    logstand::Logstand,
    opdracht::{Opdracht, Uitslag, Werk},
    postgres::{Toegang, geduld},
    sqlite::{self, verplaatsen::Verplaatser},
    stapel::{self, Stapelfout, Verslag},
    verbinding::Verbinding,
    wachtrij::Wachtrij,
};

/// How many writes go in one transaction at most.
pub(crate) const STAPEL: usize = 256;
/// About how many bytes go in one transaction at most.
const STAPEL_BYTES: usize = 32 * 1024 * 1024;
/// From this many writes in the last transaction on, the next one waits a moment for company: a transaction has a price of
/// its own (its statements, its flush), and under load that is paid once for many. Who comes alone waits for nobody, and nobody
/// waits where as many are there already.
const DRUK: usize = 4;
/// How long it waits.
const SAMENKOMEN: Duration = Duration::from_millis(2);
/// How long a batch may take, its wait for other processes included, before the server counts as gone. Whether it was written
/// is then unknown, as after any lost answer: asking again under the same number finds out.
const GEDULD: Duration = Duration::from_secs(30);
/// Ciphertext that left the tables still stands in the write-ahead log. It goes when nothing was asked for this long …
const RUST: Duration = Duration::from_millis(200);
/// … and otherwise after this long.
const UITERLIJK: Duration = Duration::from_secs(10);
/// Where someone read just then, it is tried again after this long, however much is asked for.
const NOGMAALS: Duration = Duration::from_millis(500);

/// Where a new connection comes from.
pub(super) enum Bron {
    /// And how long to wait for another process, and who moves its write-ahead log.
    Sqlite {
        opties: Box<SqliteConnectOptions>,
        slot: Duration,
        verplaatser: Box<Verplaatser>,
    },
    Postgres {
        toegang: Arc<Toegang>,
    },
}

/// Without the password that the options hold.
impl fmt::Debug for Bron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite { .. } => "Sqlite",
            Self::Postgres { .. } => "Postgres",
        })
    }
}

impl Bron {
    async fn verbinden(&self) -> Result<Verbinding, sqlx::Error> {
        match self {
            Self::Sqlite { opties, .. } => opties.connect().await.map(Verbinding::Sqlite),
            Self::Postgres { toegang } => toegang.verbinden().await.map(Verbinding::Postgres),
        }
    }

    /// Of a file: who moves its write-ahead log.
    fn verplaatser(&mut self) -> Option<&mut Verplaatser> {
        match self {
            Self::Sqlite { verplaatser, .. } => Some(verplaatser),
            Self::Postgres { .. } => None,
        }
    }
}

/// Owns the writing connection.
#[derive(Debug)]
pub(super) struct Schrijver {
    /// Against which planned activations are held.
    pub(super) clock: Arc<dyn Clock>,
    pub(super) bron: Bron,
    /// Absent after a failure that a new connection may mend.
    pub(super) verbinding: Option<Verbinding>,
    pub(super) wachtrij: Wachtrij,
    /// Since when the write-ahead log holds what should be gone.
    pub(super) vuil: Option<Instant>,
    /// What is being moved out of the write-ahead log is to be cut off it.
    pub(super) snijden: bool,
    /// How many writes the last transaction held.
    pub(super) vorige: usize,
    /// Erasure keys of what it writes.
    pub(super) kast: Arc<Kast>,
    /// How far the log was seen to be.
    pub(super) log: Arc<Logstand>,
    /// So far the store remembers that its key store is in use.
    pub(super) kast_tot: i64,
    /// When the connection was last seen to work.
    pub(super) laatst: Option<Instant>,
}

impl Schrijver {
    /// A writer on this connection.
    pub(super) fn nieuw(
        clock: Arc<dyn Clock>,
        bron: Bron,
        verbinding: Verbinding,
        wachtrij: Wachtrij,
        (kast, log): (Arc<Kast>, Arc<Logstand>),
    ) -> Self {
        // What a killed process left, in the write-ahead log or as keys that were to be destroyed, is cleared away soon.
        let vuil = Some(Instant::now());
        Self {
            clock,
            bron,
            verbinding: Some(verbinding),
            wachtrij,
            vuil,
            snijden: false,
            vorige: 0,
            kast,
            log,
            kast_tot: 0,
            laatst: None,
        }
    }

    /// Works until it is told to stop, or the last store handle is gone.
    pub(super) async fn werken(mut self) {
        let mut sluiters = Vec::new();
        while let Some(opdracht) = self.volgende().await {
            if self.vorige >= DRUK && self.wachtrij.len() < DRUK {
                tokio::time::sleep(SAMENKOMEN).await;
            }
            let stapel = self.aanvullen(opdracht);
            self.vorige = stapel.len();
            let (sluiten, stapel): (Vec<_>, Vec<_>) = stapel.into_iter().partition(|o| matches!(o.werk, Werk::Sluiten));
            if !stapel.is_empty() {
                self.afhandelen(stapel).await;
            }
            if !sluiten.is_empty() {
                // What waits is still done; what comes later is refused.
                self.wachtrij.close();
                sluiters.extend(sluiten);
            }
        }
        if let Some(verplaatser) = self.bron.verplaatser() {
            verplaatser.sluiten().await;
        }
        if self.vuil.is_some() {
            self.opruimen().await;
        }
        if let Some(verbinding) = self.verbinding.take()
            && let Err(oorzaak) = verbinding.sluiten().await
        {
            tracing::warn!(%oorzaak, "store did not close cleanly; it recovers when it is opened");
        }
        for sluiter in sluiters {
            // Who asked may be gone.
            drop(sluiter.antwoord.send(Ok(Uitslag::Klaar)));
        }
    }

    /// The next write; in quiet moments, and when it has grown long, the write-ahead log is emptied.
    async fn volgende(&mut self) -> Option<Opdracht> {
        loop {
            if let Some(verplaatser) = self.bron.verplaatser().filter(|v| v.is_bezig()) {
                // Looked at first: under load there is always a next write.
                if !verplaatser.is_klaar() {
                    tokio::select! {
                        opdracht = self.wachtrij.recv() => return opdracht,
                        () = verplaatser.afwachten() => {}
                    }
                }
                verplaatser.afwachten().await;
                // It began in a quiet moment, or what was erased has stood there for long: then the log is cut off too.
                if self.snijden {
                    self.opruimen().await;
                } else {
                    self.herbeginnen().await;
                }
                continue;
            }
            if let Some(verplaatser) = self.bron.verplaatser()
                && verplaatser.is_toe()
            {
                verplaatser.beginnen();
                self.snijden = self.vuil.is_some_and(|sinds| sinds.elapsed() >= UITERLIJK);
                continue;
            }
            let Some(sinds) = self.vuil else { return self.wachtrij.recv().await };
            if sinds.elapsed() < UITERLIJK
                && let Ok(opdracht) = tokio::time::timeout(RUST, self.wachtrij.recv()).await
            {
                return opdracht;
            }
            match self.bron.verplaatser() {
                Some(verplaatser) if verplaatser.is_groot() => {
                    verplaatser.beginnen();
                    self.snijden = true;
                }
                _ => self.opruimen().await,
            }
        }
    }

    fn aanvullen(&mut self, eerste: Opdracht) -> Vec<Opdracht> {
        let mut omvang = eerste.werk.omvang();
        let mut stapel = vec![eerste];
        while stapel.len() < STAPEL && omvang < STAPEL_BYTES {
            let Some(opdracht) = self.wachtrij.try_recv() else { break };
            omvang = omvang.saturating_add(opdracht.werk.omvang());
            stapel.push(opdracht);
        }
        stapel
    }

    async fn afhandelen(&mut self, stapel: Vec<Opdracht>) {
        let werken: Vec<&Werk> = stapel.iter().map(|o| &o.werk).collect();
        let uitslagen = match self.schrijven(&werken).await {
            Ok(uitslagen) => uitslagen,
            Err(Stapelfout::Tegenspraak) => self.een_voor_een(&werken).await,
            Err(oorzaak) => overal(oorzaak, werken.len()),
        };
        for (opdracht, uitslag) in stapel.into_iter().zip(uitslagen) {
            // Who asked may have gone; what was written stands, and asking again finds it.
            drop(opdracht.antwoord.send(uitslag));
        }
    }

    /// One of a batch contradicts the store in a way that no look-up foresaw: it shall not spoil the others.
    async fn een_voor_een(&mut self, werken: &[&Werk]) -> Vec<StoreResult<Uitslag>> {
        let mut uitslagen = Vec::with_capacity(werken.len());
        for werk in werken {
            let uitslag = match self.schrijven(&[*werk]).await {
                Ok(mut een) => een.pop().unwrap_or(Err(StoreError::Conflict { what: "no answer" })),
                Err(oorzaak) => overal(oorzaak, 1).pop().unwrap_or(Err(StoreError::Conflict { what: "no answer" })),
            };
            uitslagen.push(uitslag);
        }
        uitslagen
    }

    async fn schrijven(&mut self, werken: &[&Werk]) -> Result<Vec<StoreResult<Uitslag>>, Stapelfout> {
        let (clock, log) = (Arc::clone(&self.clock), Arc::clone(&self.log));
        let gedaan = match &self.bron {
            Bron::Sqlite { .. } => stapel::uitvoeren(self.verbonden().await?, werken, &*clock, &log).await,
            Bron::Postgres { .. } => {
                geduld::hoogstens(GEDULD, async { stapel::uitvoeren(self.verbonden().await?, werken, &*clock, &log).await }).await
            }
        };
        match gedaan {
            Ok(Verslag { uitslagen, gewist, hoogste_sleutel }) => {
                if gewist {
                    self.vuil_maken();
                }
                self.laatst = Some(Instant::now());
                if let Some(plaats) = hoogste_sleutel.filter(|p| *p > self.kast_tot) {
                    self.kast_onthouden(plaats).await;
                }
                Ok(uitslagen)
            }
            Err(Stapelfout::Opslag(oorzaak)) => {
                tracing::error!(%oorzaak, "store did not write; the next write opens it again");
                self.verbinding = None;
                // A full disk may have room again once the write-ahead log is cut off.
                self.vuil_maken();
                Err(Stapelfout::Opslag(oorzaak))
            }
            Err(anders) => Err(anders),
        }
    }

    async fn verbonden(&mut self) -> Result<&mut Verbinding, sqlx::Error> {
        // The other end may have gone in a quiet time: that is found out before a batch depends on it.
        let stil = self.laatst.is_none_or(|laatst| laatst.elapsed() > geduld::STIL);
        if stil
            && let Some(verbinding) = &mut self.verbinding
            && verbinding.leeft().await.is_err()
        {
            self.verbinding = None;
        }
        match &mut self.verbinding {
            Some(verbinding) => Ok(verbinding),
            leeg => Ok(leeg.insert(self.bron.verbinden().await?)),
        }
    }

    /// A write-ahead log of one's own is to be emptied (PostgreSQL's is the server's), and keys are to be destroyed.
    fn vuil_maken(&mut self) {
        self.vuil.get_or_insert_with(Instant::now);
    }

    /// Once per block of keys: that it is in use, so that an older key store is known for what it is.
    async fn kast_onthouden(&mut self, plaats: i64) {
        // Of a file this ends by itself.
        let gedaan = geduld::op_tijd(async { Kast::onthouden(self.verbonden().await?, plaats).await });
        match gedaan.await {
            Ok(tot) => self.kast_tot = tot,
            Err(oorzaak) => {
                tracing::warn!(%oorzaak, "how far the key store is could not be written; tried again with the next write");
                self.verbinding = None;
            }
        }
    }

    /// Moves what is left in the write-ahead log, so that it begins again over what it held.
    async fn herbeginnen(&mut self) {
        let Bron::Sqlite { slot, .. } = self.bron else { return };
        let Some(Verbinding::Sqlite(verbinding)) = &mut self.verbinding else { return };
        // Where a reader stands in the way it grows on, and is moved the next time.
        if let Err(oorzaak) = verplaatsen(verbinding, sqlite::sql::HERBEGINNEN, slot).await {
            tracing::warn!(%oorzaak, "write-ahead log could not begin again; the next write opens the store again");
            self.verbinding = None;
        }
    }

    /// Destroys the keys of what was erased, moves the write-ahead log into the database and cuts it off, so that it is nowhere any
    /// more (R40), and in no copy to be read.
    async fn opruimen(&mut self) {
        let (slot, hoogstens) = match self.bron {
            // A file of many pages takes its time, and nobody stands between.
            Bron::Sqlite { slot, .. } => (slot, Duration::MAX),
            Bron::Postgres { .. } => (Duration::ZERO, GEDULD),
        };
        let kast = Arc::clone(&self.kast);
        let gedaan = async {
            let verbinding = self.verbonden().await?;
            let vernietigd = kast.opruimen(verbinding).await?;
            let afgesneden = match verbinding {
                Verbinding::Sqlite(verbinding) => verplaatsen(verbinding, sqlite::sql::AFSNIJDEN, slot).await?,
                _ => true,
            };
            Ok::<_, Stapelfout>(vernietigd && afgesneden)
        };
        self.vuil = match geduld::hoogstens(hoogstens, gedaan).await {
            Ok(true) => None,
            Ok(false) => Some(Instant::now().checked_sub(UITERLIJK.saturating_sub(NOGMAALS)).unwrap_or_else(Instant::now)),
            Err(oorzaak) => {
                tracing::warn!(?oorzaak, "what was erased could not be cleared away yet; tried again later");
                self.verbinding = None;
                Some(Instant::now())
            }
        };
    }
}

/// A reader may stand in the way: the writer hardly waits for it, it tries again later. False where one does.
async fn verplaatsen(verbinding: &mut SqliteConnection, hoe: &'static str, slot: Duration) -> Result<bool, sqlx::Error> {
    let wachten = format!("PRAGMA busy_timeout = {}", slot.as_millis());
    sqlx::query(sqlite::sql::KORT_WACHTEN).execute(&mut *verbinding).await?;
    let bezet: i64 = sqlx::query_scalar(hoe).fetch_one(&mut *verbinding).await?;
    sqlx::query(AssertSqlSafe(wachten)).execute(verbinding).await?;
    Ok(bezet == 0)
}

/// The same failure for everyone in a batch.
fn overal(oorzaak: Stapelfout, aantal: usize) -> Vec<StoreResult<Uitslag>> {
    let maak: Box<dyn Fn() -> StoreError> = match oorzaak {
        Stapelfout::Tegenspraak => Box::new(|| StoreError::Conflict { what: "a row that may stand once, or belongs to none" }),
        Stapelfout::Gelezen(StoreError::Corrupt { what }) => Box::new(move || StoreError::Corrupt { what }),
        Stapelfout::Gelezen(oorzaak) => {
            let gedeeld = Gedeeld(Arc::new(oorzaak));
            Box::new(move || StoreError::Unavailable(Box::new(gedeeld.clone())))
        }
        Stapelfout::Opslag(oorzaak) => match fout::vertaald(oorzaak) {
            StoreError::Full => Box::new(|| StoreError::Full),
            StoreError::Corrupt { what } => Box::new(move || StoreError::Corrupt { what }),
            oorzaak => {
                let gedeeld = Gedeeld(Arc::new(oorzaak));
                Box::new(move || StoreError::Unavailable(Box::new(gedeeld.clone())))
            }
        },
    };
    (0..aantal).map(|_| Err(maak())).collect()
}

/// One cause, told to everyone whose write it stopped.
#[derive(Debug, Clone, thiserror::Error)]
#[error("batch was not written")]
struct Gedeeld(#[source] Arc<StoreError>);
