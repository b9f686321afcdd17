//! From SQLite to PostgreSQL: everything in one transaction, which is committed only when both hold the same.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::TryStreamExt;
use inbreng_domain::{Clock, Digest};
use inbreng_proof::merkle;
use inbreng_storage::StoreError;
use sqlx::{
    Arguments, AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection,
    postgres::PgArguments,
    sqlite::{SqliteConnectOptions, SqliteRow},
};

use super::{
    Kastplaats, OpenFout, knopen,
    postgres::{self, Plaats},
    sqlite,
    verbinding::Verbinding,
};

/// Rows that go in one statement …
const RIJEN: usize = 2_000;
/// … unless they are so large together, in bytes.
const OMVANG: usize = 8 * 1024 * 1024;

/// What was carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overgezet {
    /// Rows per table, in the order in which they were written.
    pub tabellen: Vec<(String, u64)>,
    /// Leaves of the log.
    pub bladen: u64,
    /// The root over them, recomputed from what PostgreSQL holds.
    pub wortel: Digest,
}

/// Why nothing was carried over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OverzetFout {
    /// There is no file to carry over.
    #[error("store file {} is not there", .0.display())]
    GeenBron(PathBuf),
    /// One of both could not be opened.
    #[error("store cannot be opened")]
    Openen(#[from] OpenFout),
    /// The target holds something.
    #[error("the target is not empty: table {0} has rows")]
    NietLeeg(String),
    /// A database refused.
    #[error("database refused")]
    Database(#[from] sqlx::Error),
    /// A table came out of another size than it went in.
    #[error("table {tabel} has {hier} rows, and {daar} in the source")]
    Aantal {
        /// Which.
        tabel: String,
        /// In the target.
        hier: u64,
        /// In the source.
        daar: u64,
    },
    /// The log that came out is another.
    #[error("the root of the log differs from that of the source")]
    Wortel,
    /// What is stored cannot be read.
    #[error("store cannot be read")]
    Gelezen(#[from] StoreError),
}

/// Carries everything from a file to an empty database. The hubs of both must not be running: the source is held while it is
/// read, and what the target gets in between is refused.
///
/// # Errors
/// [`OverzetFout`]; nothing was written then.
pub async fn overzetten(van: &Path, naar: &Plaats, clock: Arc<dyn Clock>) -> Result<Overgezet, OverzetFout> {
    if !van.is_file() {
        return Err(OverzetFout::GeenBron(van.to_owned()));
    }
    // Both in the newest schema, which has the same tables and columns on either.
    // What is sealed goes over as it is; its keys stay where they are.
    let geen = Kastplaats::Geen;
    sqlite::open_met(van, &geen, Arc::clone(&clock), sqlite::Grenzen::default()).await?.sluiten().await?;
    postgres::open(naar, &geen, clock).await?.sluiten().await?;
    let mut bron = SqliteConnectOptions::new().filename(van).disable_statement_logging().connect().await?;
    let mut doel = postgres::beheer(naar).await?;
    sqlx::query(sqlite::sql::BEGIN).execute(&mut bron).await?;
    sqlx::query(postgres::sql::BEGIN).execute(&mut doel).await?;
    sqlx::query(postgres::sql::STAND).fetch_one(&mut doel).await?;
    let tabellen = op_volgorde(&mut bron).await?;
    for tabel in tabellen.iter().filter(|t| t.naam != "stand") {
        if tellen_postgres(&mut doel, &tabel.naam).await? > 0 {
            return Err(OverzetFout::NietLeeg(tabel.naam.clone()));
        }
    }
    schakelaar(&mut doel, "DISABLE").await?;
    sqlx::query("DELETE FROM stand").execute(&mut doel).await?;
    let mut geteld = Vec::new();
    for tabel in &tabellen {
        tabel.overzetten(&mut bron, &mut doel).await?;
        let (hier, daar) = (tellen_postgres(&mut doel, &tabel.naam).await?, tellen_sqlite(&mut bron, &tabel.naam).await?);
        if hier != daar {
            return Err(OverzetFout::Aantal { tabel: tabel.naam.clone(), hier, daar });
        }
        geteld.push((tabel.naam.clone(), hier));
    }
    schakelaar(&mut doel, "ENABLE").await?;
    nummering(&mut doel).await?;
    let (bladen, wortel) = narekenen(&mut doel).await?;
    let mut bron = Verbinding::Sqlite(bron);
    if knopen::wortel(&mut bron, bladen).await? != wortel {
        return Err(OverzetFout::Wortel);
    }
    sqlx::query(postgres::sql::COMMIT).execute(&mut doel).await?;
    doel.close().await?;
    bron.sluiten().await?;
    Ok(Overgezet { tabellen: geteld, bladen, wortel })
}

/// A kind of column.
#[derive(Debug, Clone, Copy)]
enum Soort {
    Getal,
    Tekst,
    Bytes,
}

#[derive(Debug)]
struct Tabel {
    naam: String,
    kolommen: Vec<(String, Soort)>,
}

/// The tables, each behind those that it refers to.
async fn op_volgorde(bron: &mut SqliteConnection) -> Result<Vec<Tabel>, sqlx::Error> {
    let namen: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name",
    )
    .fetch_all(&mut *bron)
    .await?;
    let mut wachten = Vec::new();
    for naam in namen {
        let verwijst: BTreeSet<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?1)")
            .bind(&naam)
            .fetch_all(&mut *bron)
            .await?
            .into_iter()
            .collect();
        wachten.push((naam, verwijst));
    }
    let mut gedaan: Vec<Tabel> = Vec::new();
    while !wachten.is_empty() {
        let klaar = |(_, verwijst): &(String, BTreeSet<String>)| verwijst.iter().all(|v| gedaan.iter().any(|t| t.naam == *v));
        let Some(plaats) = wachten.iter().position(klaar) else {
            return Err(sqlx::Error::Protocol("tables refer to each other in a circle".to_owned()));
        };
        let (naam, _) = wachten.swap_remove(plaats);
        let mut kolommen = Vec::new();
        let vraag = sqlx::query("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid").bind(&naam);
        for rij in vraag.fetch_all(&mut *bron).await? {
            let soort = match rij.try_get::<&str, _>("type")? {
                "INTEGER" => Soort::Getal,
                "BLOB" => Soort::Bytes,
                _ => Soort::Tekst,
            };
            kolommen.push((rij.try_get("name")?, soort));
        }
        gedaan.push(Tabel { naam, kolommen });
    }
    Ok(gedaan)
}

/// What is on its way: a column each.
#[derive(Debug)]
enum Kolom {
    Getallen(Vec<Option<i64>>),
    Teksten(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Kolom {
    const fn leeg(soort: Soort) -> Self {
        match soort {
            Soort::Getal => Self::Getallen(Vec::new()),
            Soort::Tekst => Self::Teksten(Vec::new()),
            Soort::Bytes => Self::Bytes(Vec::new()),
        }
    }

    /// Takes its value from a row; gives how large that is.
    fn bij(&mut self, rij: &SqliteRow, plaats: usize) -> Result<usize, sqlx::Error> {
        Ok(match self {
            Self::Getallen(getallen) => {
                getallen.push(rij.try_get(plaats)?);
                8
            }
            Self::Teksten(teksten) => {
                let tekst: Option<String> = rij.try_get(plaats)?;
                let omvang = tekst.as_ref().map_or(0, String::len);
                teksten.push(tekst);
                omvang
            }
            Self::Bytes(alle) => {
                let bytes: Option<Vec<u8>> = rij.try_get(plaats)?;
                let omvang = bytes.as_ref().map_or(0, Vec::len);
                alle.push(bytes);
                omvang
            }
        })
    }
}

impl Tabel {
    async fn overzetten(&self, bron: &mut SqliteConnection, doel: &mut PgConnection) -> Result<(), sqlx::Error> {
        let namen = self.kolommen.iter().map(|(naam, _)| format!("\"{naam}\"")).collect::<Vec<_>>().join(", ");
        let lezen = format!("SELECT {namen} FROM \"{}\"", self.naam);
        let mut rijen = sqlx::query(AssertSqlSafe(lezen)).fetch(bron);
        let leeg = || self.kolommen.iter().map(|(_, soort)| Kolom::leeg(*soort)).collect::<Vec<_>>();
        let (mut kolommen, mut aantal, mut omvang) = (leeg(), 0, 0);
        while let Some(rij) = rijen.try_next().await? {
            for (plaats, kolom) in kolommen.iter_mut().enumerate() {
                omvang += kolom.bij(&rij, plaats)?;
            }
            aantal += 1;
            if aantal >= RIJEN || omvang >= OMVANG {
                self.schrijven(&namen, std::mem::replace(&mut kolommen, leeg()), doel).await?;
                (aantal, omvang) = (0, 0);
            }
        }
        if aantal > 0 {
            self.schrijven(&namen, kolommen, doel).await?;
        }
        Ok(())
    }

    async fn schrijven(&self, namen: &str, kolommen: Vec<Kolom>, doel: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut argumenten = PgArguments::default();
        let mut soorten = Vec::new();
        for (nr, kolom) in (1..).zip(kolommen) {
            let (gedaan, soort) = match kolom {
                Kolom::Getallen(alle) => (argumenten.add(alle), "bigint"),
                Kolom::Teksten(alle) => (argumenten.add(alle), "text"),
                Kolom::Bytes(alle) => (argumenten.add(alle), "bytea"),
            };
            gedaan.map_err(sqlx::Error::Encode)?;
            soorten.push(format!("${nr}::{soort}[]"));
        }
        let zin = format!("INSERT INTO \"{}\" ({namen}) SELECT * FROM unnest({})", self.naam, soorten.join(", "));
        sqlx::query_with(AssertSqlSafe(zin), argumenten).execute(doel).await.map(drop)
    }
}

async fn tellen_postgres(doel: &mut PgConnection, tabel: &str) -> Result<u64, sqlx::Error> {
    let aantal: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM \"{tabel}\""))).fetch_one(doel).await?;
    Ok(u64::try_from(aantal).unwrap_or(0))
}

async fn tellen_sqlite(bron: &mut SqliteConnection, tabel: &str) -> Result<u64, sqlx::Error> {
    let aantal: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM \"{tabel}\""))).fetch_one(bron).await?;
    Ok(u64::try_from(aantal).unwrap_or(0))
}

/// What follows a delivery was done in the source: it is carried over as it stands.
async fn schakelaar(doel: &mut PgConnection, stand: &str) -> Result<(), sqlx::Error> {
    for tabel in ["levering", "bezorging"] {
        sqlx::query(AssertSqlSafe(format!("ALTER TABLE {tabel} {stand} TRIGGER USER"))).execute(&mut *doel).await?;
    }
    Ok(())
}

/// Rows that are numbered by the database go on where the source was.
async fn nummering(doel: &mut PgConnection) -> Result<(), sqlx::Error> {
    let zin =
        "SELECT table_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'";
    let tabellen: Vec<String> = sqlx::query_scalar(zin).fetch_all(&mut *doel).await?;
    for tabel in tabellen {
        let zin = format!("SELECT setval(pg_get_serial_sequence('{tabel}', 'nr'), coalesce(max(nr), 0) + 1, false) FROM {tabel}");
        sqlx::query(AssertSqlSafe(zin)).execute(&mut *doel).await?;
    }
    Ok(())
}

/// The root over the leaves that stand there.
async fn narekenen(doel: &mut PgConnection) -> Result<(u64, Digest), OverzetFout> {
    let kapot = || StoreError::Corrupt { what: "blad" };
    let (mut bladen, mut knopen) = (0_u64, HashMap::new());
    let mut stapel: Vec<[u8; 32]> = Vec::new();
    let mut rijen = sqlx::query("SELECT nr, hash FROM blad ORDER BY nr").fetch(doel);
    loop {
        let rij = rijen.try_next().await?;
        let klaar = rij.is_none();
        if let Some(rij) = rij {
            let verwacht = bladen + stapel.len() as u64;
            if u64::try_from(rij.try_get::<i64, _>("nr")?) != Ok(verwacht) {
                return Err(kapot().into());
            }
            stapel.push(rij.try_get::<&[u8], _>("hash")?.try_into().map_err(|_| kapot())?);
        }
        if stapel.len() >= 4_096 || klaar && !stapel.is_empty() {
            let nieuw = merkle::append(&knopen, bladen, &stapel).map_err(|_| kapot())?;
            knopen.extend(nieuw.into_iter().map(|k| ((k.level, k.index), k.hash)));
            bladen += stapel.len() as u64;
            // Of what is behind us only the nodes at the edge are needed again.
            let nodig: BTreeSet<_> = merkle::nodes_for_append(bladen).into_iter().chain(merkle::nodes_for_root(bladen)).collect();
            knopen.retain(|plaats, _| nodig.contains(plaats));
            stapel.clear();
        }
        if klaar {
            return Ok((bladen, merkle::root(&knopen, bladen).map_err(|_| kapot())?));
        }
    }
}
