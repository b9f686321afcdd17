//! The seam between what the stores decide and the database that they stand in: a connection, a pool, a question.
//!
//! What a batch looks up, decides and writes is the same on every database. What differs is the text of a statement (the
//! sibling of the same name in `sqlite/sql.rs` and `postgres/sql.rs`), how its values are bound, and how rows come back.

use std::{
    future::Future,
    ops::{Deref, DerefMut},
    sync::{Arc, OnceLock},
};

use futures_util::TryStreamExt;
use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    postgres::{self, geduld},
    sqlite,
};

/// A statement, once for each database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zin {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// A value of a parameter. An absent one has a kind too: PostgreSQL asks for it.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    Getal(Option<i64>),
    Tekst(Option<String>),
    Bytes(Vec<u8>),
}

macro_rules! getallen {
    ($($soort:ty),+) => {
        $(impl From<$soort> for Param {
            fn from(getal: $soort) -> Self {
                Self::Getal(Some(i64::from(getal)))
            }
        }
        impl From<Option<$soort>> for Param {
            fn from(getal: Option<$soort>) -> Self {
                Self::Getal(getal.map(i64::from))
            }
        })+
    };
}
getallen!(i64, u32, u16, bool);

impl From<String> for Param {
    fn from(tekst: String) -> Self {
        Self::Tekst(Some(tekst))
    }
}

impl From<&String> for Param {
    fn from(tekst: &String) -> Self {
        Self::Tekst(Some(tekst.clone()))
    }
}

impl From<&str> for Param {
    fn from(tekst: &str) -> Self {
        Self::Tekst(Some(tekst.to_owned()))
    }
}

impl From<Option<String>> for Param {
    fn from(tekst: Option<String>) -> Self {
        Self::Tekst(tekst)
    }
}

impl From<&[u8]> for Param {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl Param {
    /// Adds it to the values of a statement.
    pub(crate) fn binden(self, naar: &mut SqliteArguments) -> Result<(), sqlx::Error> {
        use sqlx::Arguments;
        match self {
            Self::Getal(getal) => naar.add(getal),
            Self::Tekst(tekst) => naar.add(tekst),
            Self::Bytes(bytes) => naar.add(bytes),
        }
        .map_err(sqlx::Error::Encode)
    }

    /// Keys come as one JSON array; without a key nothing is found.
    fn is_lege_lijst(&self) -> bool {
        matches!(self, Self::Tekst(Some(tekst)) if tekst == "[]")
    }
}

/// A row.
#[derive(Debug)]
pub(crate) enum Rij {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A connection of one's own, or one lent by a pool.
#[derive(Debug)]
pub(crate) enum Verbinding {
    Sqlite(SqliteConnection),
    SqliteLezer(PoolConnection<Sqlite>),
    SqliteLezing(Transaction<'static, Sqlite>),
    Postgres(PgConnection),
    PostgresLezer(PoolConnection<Postgres>),
    PostgresLezing(Transaction<'static, Postgres>),
}

/// The connection itself, whoever owns it.
pub(crate) enum Kern<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Verbinding {
    pub(crate) fn kern(&mut self) -> Kern<'_> {
        match self {
            Self::Sqlite(v) => Kern::Sqlite(v),
            Self::SqliteLezer(v) => Kern::Sqlite(v),
            Self::SqliteLezing(v) => Kern::Sqlite(v),
            Self::Postgres(v) => Kern::Postgres(v),
            Self::PostgresLezer(v) => Kern::Postgres(v),
            Self::PostgresLezing(v) => Kern::Postgres(v),
        }
    }
}

impl Verbinding {
    /// Whether the other end is there. SQLite's is here.
    pub(crate) async fn leeft(&mut self) -> Result<(), sqlx::Error> {
        match self.kern() {
            Kern::Sqlite(_) => Ok(()),
            Kern::Postgres(v) => geduld::leeft(v).await,
        }
    }

    /// Says goodbye.
    pub(crate) async fn sluiten(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(v) => v.close().await,
            // Who does not answer needs no goodbye.
            Self::Postgres(v) => geduld::op_tijd(v.close()).await,
            // A pool's: it goes back.
            _ => Ok(()),
        }
    }
}

/// A snapshot: whatever is read in it belongs together.
#[derive(Debug)]
pub(crate) struct Lezing(Verbinding);

impl Deref for Lezing {
    type Target = Verbinding;

    fn deref(&self) -> &Verbinding {
        &self.0
    }
}

impl DerefMut for Lezing {
    fn deref_mut(&mut self) -> &mut Verbinding {
        &mut self.0
    }
}

/// Connections that read.
#[derive(Debug)]
pub(crate) enum Lezers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Lezers {
    /// How many there are.
    pub(crate) fn aantal(&self) -> usize {
        let aantal = match self {
            Self::Sqlite(pool) => pool.options().get_max_connections(),
            Self::Postgres(pool) => pool.options().get_max_connections(),
        };
        usize::try_from(aantal).unwrap_or(usize::MAX)
    }

    /// A reader.
    pub(crate) async fn acquire(&self) -> Result<Verbinding, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(Verbinding::SqliteLezer),
            Self::Postgres(pool) => pool.acquire().await.map(Verbinding::PostgresLezer),
        }
    }

    /// A reader of one snapshot.
    pub(crate) async fn begin(&self) -> Result<Lezing, sqlx::Error> {
        let verbinding = match self {
            Self::Sqlite(pool) => Verbinding::SqliteLezing(pool.begin().await?),
            Self::Postgres(pool) => {
                let begonnen = geduld::op_tijd(pool.begin_with(postgres::MOMENTOPNAME)).await?;
                Verbinding::PostgresLezing(begonnen)
            }
        };
        Ok(Lezing(verbinding))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Where a question is asked.
pub(crate) enum Aan<'c> {
    Verbinding(&'c mut Verbinding),
    Lezers(&'c Lezers),
}

impl<'c> From<&'c mut Verbinding> for Aan<'c> {
    fn from(verbinding: &'c mut Verbinding) -> Self {
        Self::Verbinding(verbinding)
    }
}

impl<'c> From<&'c mut Lezing> for Aan<'c> {
    fn from(lezing: &'c mut Lezing) -> Self {
        Self::Verbinding(lezing)
    }
}

impl<'c> From<&'c Lezers> for Aan<'c> {
    fn from(lezers: &'c Lezers) -> Self {
        Self::Lezers(lezers)
    }
}

/// A statement with its values.
#[derive(Debug)]
pub(crate) struct Vraag {
    zin: Zin,
    params: Vec<Param>,
}

/// Begins a question.
pub(crate) const fn vraag(zin: Zin) -> Vraag {
    Vraag { zin, params: Vec::new() }
}

impl Vraag {
    pub(crate) fn bind(mut self, param: impl Into<Param>) -> Self {
        self.params.push(param.into());
        self
    }

    /// Every row.
    pub(crate) fn fetch_all<'c>(
        self,
        aan: impl Into<Aan<'c>>,
    ) -> impl Future<Output = Result<Vec<Rij>, sqlx::Error>> + Send + 'c {
        let aan = aan.into();
        async move {
            match aan {
                Aan::Verbinding(verbinding) => self.alle(verbinding).await,
                Aan::Lezers(lezers) => self.alle(&mut lezers.acquire().await?).await,
            }
        }
    }

    /// The first row, if there is one.
    pub(crate) fn fetch_optional<'c>(
        self,
        aan: impl Into<Aan<'c>>,
    ) -> impl Future<Output = Result<Option<Rij>, sqlx::Error>> + Send + 'c {
        let aan = aan.into();
        async move {
            match aan {
                Aan::Verbinding(verbinding) => self.eerste(verbinding).await,
                Aan::Lezers(lezers) => self.eerste(&mut lezers.acquire().await?).await,
            }
        }
    }

    /// The row.
    pub(crate) fn fetch_one<'c>(self, aan: impl Into<Aan<'c>>) -> impl Future<Output = Result<Rij, sqlx::Error>> + Send + 'c {
        let rij = self.fetch_optional(aan);
        async move { rij.await?.ok_or(sqlx::Error::RowNotFound) }
    }

    /// How many rows it touched.
    pub(crate) async fn execute(self, verbinding: &mut Verbinding) -> Result<u64, sqlx::Error> {
        match verbinding.kern() {
            Kern::Sqlite(v) => {
                let gedaan = sqlx::query_with(self.zin.sqlite, sqlite_argumenten(self.params)?).execute(v).await?;
                Ok(gedaan.rows_affected())
            }
            Kern::Postgres(v) => {
                let gedaan = sqlx::query_with(self.zin.postgres, postgres_argumenten(self.params)?).execute(v).await?;
                Ok(gedaan.rows_affected())
            }
        }
    }

    async fn alle(self, verbinding: &mut Verbinding) -> Result<Vec<Rij>, sqlx::Error> {
        match verbinding.kern() {
            Kern::Sqlite(v) => {
                let vraag = sqlx::query_with(self.zin.sqlite, sqlite_argumenten(self.params)?);
                vraag.fetch(v).map_ok(Rij::Sqlite).try_collect().await
            }
            Kern::Postgres(v) => {
                let vraag = sqlx::query_with(self.zin.postgres, postgres_argumenten(self.params)?);
                geduld::op_tijd(vraag.fetch(v).map_ok(Rij::Postgres).try_collect()).await
            }
        }
    }

    async fn eerste(self, verbinding: &mut Verbinding) -> Result<Option<Rij>, sqlx::Error> {
        match verbinding.kern() {
            Kern::Sqlite(v) => {
                let vraag = sqlx::query_with(self.zin.sqlite, sqlite_argumenten(self.params)?);
                Ok(vraag.fetch_optional(v).await?.map(Rij::Sqlite))
            }
            Kern::Postgres(v) => {
                let vraag = sqlx::query_with(self.zin.postgres, postgres_argumenten(self.params)?);
                Ok(geduld::op_tijd(vraag.fetch_optional(v)).await?.map(Rij::Postgres))
            }
        }
    }
}

/// Statements behind each other: in one hop to SQLite's thread, one by one over PostgreSQL's connection.
#[derive(Debug)]
pub(crate) struct Reeks {
    zinnen: &'static [Zin],
    tekst: OnceLock<Arc<str>>,
}

impl Reeks {
    pub(crate) const fn van(zinnen: &'static [Zin]) -> Self {
        Self { zinnen, tekst: OnceLock::new() }
    }

    fn tekst(&self) -> Arc<str> {
        let maak = || sqlite::hop::tekst(self.zinnen.iter().map(|zin| zin.sqlite));
        Arc::clone(self.tekst.get_or_init(maak))
    }

    /// The rows of each. Takes so many values for each as stand in `params`, in order.
    pub(crate) async fn lezen<const N: usize>(
        &self,
        verbinding: &mut Verbinding,
        params: [Vec<Param>; N],
    ) -> Result<[Vec<Rij>; N], sqlx::Error> {
        let mut antwoorden = match verbinding.kern() {
            Kern::Sqlite(v) => {
                let argumenten = sqlite_argumenten(params.into_iter().flatten().collect())?;
                sqlite::hop::lezen(v, self.tekst(), argumenten).await?
            }
            Kern::Postgres(v) => {
                let mut antwoorden = Vec::with_capacity(N);
                for (zin, params) in self.zinnen.iter().zip(params) {
                    if params.iter().any(Param::is_lege_lijst) {
                        antwoorden.push(Vec::new());
                        continue;
                    }
                    let vraag = sqlx::query_with(zin.postgres, postgres_argumenten(params)?);
                    antwoorden.push(geduld::op_tijd(vraag.fetch(&mut *v).map_ok(Rij::Postgres).try_collect()).await?);
                }
                antwoorden
            }
        };
        antwoorden.resize_with(N, Vec::new);
        antwoorden.try_into().map_err(|_| sqlx::Error::Protocol("answers of another number than asked".to_owned()))
    }

    /// Runs them.
    pub(crate) async fn doen<const N: usize>(
        &self,
        verbinding: &mut Verbinding,
        params: [Vec<Param>; N],
    ) -> Result<(), sqlx::Error> {
        match verbinding.kern() {
            Kern::Sqlite(v) => {
                let argumenten = sqlite_argumenten(params.into_iter().flatten().collect())?;
                sqlite::hop::doen(v, self.tekst(), argumenten).await
            }
            Kern::Postgres(v) => {
                for (zin, params) in self.zinnen.iter().zip(params) {
                    sqlx::query_with(zin.postgres, postgres_argumenten(params)?).execute(&mut *v).await?;
                }
                Ok(())
            }
        }
    }
}

fn sqlite_argumenten(params: Vec<Param>) -> Result<SqliteArguments, sqlx::Error> {
    let mut argumenten = SqliteArguments::default();
    params.into_iter().try_for_each(|param| param.binden(&mut argumenten))?;
    Ok(argumenten)
}

/// The values of a statement, for PostgreSQL.
pub(crate) fn postgres_argumenten(params: Vec<Param>) -> Result<PgArguments, sqlx::Error> {
    use sqlx::Arguments;
    let mut argumenten = PgArguments::default();
    for param in params {
        match param {
            Param::Getal(getal) => argumenten.add(getal),
            Param::Tekst(tekst) => argumenten.add(tekst),
            Param::Bytes(bytes) => argumenten.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(argumenten)
}
