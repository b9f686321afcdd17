//! Rows on their way into a table: few statements, each prepared once.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{Arguments, AssertSqlSafe, PgConnection, SqliteConnection, sqlite::SqliteArguments};

use super::{
    postgres,
    sql::Invoeging,
    verbinding::{Kern, Verbinding},
};

/// How many rows go in one statement. Few sizes, so that the statements stay prepared.
const STAPPEN: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

/// Statements made so far, by their beginning and number of rows.
type Teksten = HashMap<(&'static str, usize), Arc<str>>;

/// A value of a column.
#[derive(Debug, Clone)]
pub(super) enum Waarde<'a> {
    Getal(i64),
    Tekst(&'a str),
    Eigen(String),
    Bytes(&'a [u8; 32]),
    Hash([u8; 32]),
    Blob(Vec<u8>),
    Leeg,
}

impl<'a> Waarde<'a> {
    pub(super) fn tekst_of(tekst: Option<&'a str>) -> Self {
        tekst.map_or(Self::Leeg, Self::Tekst)
    }

    pub(super) fn eigen<T: ToString>(waarde: &T) -> Self {
        Self::Eigen(waarde.to_string())
    }

    pub(super) fn eigen_of<T: ToString>(waarde: Option<&T>) -> Self {
        waarde.map_or(Self::Leeg, Self::eigen)
    }

    pub(super) const fn getal(&self) -> Option<i64> {
        match self {
            Self::Getal(n) => Some(*n),
            _ => None,
        }
    }

    pub(super) fn tekst(&self) -> Option<&str> {
        match self {
            Self::Tekst(t) => Some(t),
            Self::Eigen(t) => Some(t),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(b) => Some(b.as_slice()),
            Self::Hash(h) => Some(h.as_slice()),
            Self::Blob(b) => Some(b),
            _ => None,
        }
    }

    /// In a JSON array; bytes in hexadecimal digits.
    fn json(&self) -> serde_json::Value {
        match self {
            Self::Getal(n) => (*n).into(),
            Self::Tekst(t) => (*t).into(),
            Self::Eigen(t) => t.as_str().into(),
            Self::Bytes(b) => hex(b.as_slice()).into(),
            Self::Hash(h) => hex(h).into(),
            Self::Blob(b) => hex(b).into(),
            Self::Leeg => serde_json::Value::Null,
        }
    }

    fn binden(self, naar: &mut SqliteArguments) -> Result<(), sqlx::Error> {
        match self {
            Self::Getal(n) => naar.add(n),
            Self::Tekst(t) => naar.add(t),
            Self::Eigen(t) => naar.add(t),
            Self::Bytes(b) => naar.add(b.as_slice()),
            Self::Hash(h) => naar.add(h.as_slice()),
            Self::Blob(b) => naar.add(b),
            Self::Leeg => naar.add(None::<i64>),
        }
        .map_err(sqlx::Error::Encode)
    }
}

/// Rows for one table.
#[derive(Debug)]
pub(super) struct Rijen<'a> {
    tabel: &'static Invoeging,
    waarden: Vec<Waarde<'a>>,
}

impl<'a> Rijen<'a> {
    pub(super) const fn voor(tabel: &'static Invoeging) -> Self {
        Self { tabel, waarden: Vec::new() }
    }

    pub(super) const fn is_leeg(&self) -> bool {
        self.waarden.is_empty()
    }

    /// Takes the rows out.
    pub(super) const fn afhalen(&mut self) -> Self {
        std::mem::replace(self, Self::voor(self.tabel))
    }

    pub(super) const fn aantal(&self) -> usize {
        self.waarden.len() / self.tabel.kolommen()
    }

    pub(super) const fn tabel(&self) -> &'static Invoeging {
        self.tabel
    }

    /// Adds its values to those of a statement.
    pub(super) fn binden(self, naar: &mut SqliteArguments) -> Result<(), sqlx::Error> {
        self.waarden.into_iter().try_for_each(|waarde| waarde.binden(naar))
    }

    /// The statement that takes all rows as one JSON array, the same for any number of them, and that array.
    pub(super) fn als_json(self) -> (Arc<str>, String) {
        let rijen: Vec<Vec<serde_json::Value>> =
            self.waarden.chunks(self.tabel.kolommen()).map(|rij| rij.iter().map(Waarde::json).collect()).collect();
        (json_tekst(self.tabel), serde_json::json!(rijen).to_string())
    }

    /// Adds a row. The array's length is the number of columns of its table; the contract suite writes every table.
    pub(super) fn rij<const N: usize>(&mut self, waarden: [Waarde<'a>; N]) {
        debug_assert_eq!(N, self.tabel.kolommen(), "{}", self.tabel.kop);
        self.waarden.extend(waarden);
    }

    /// Adds the rows of the same table behind these.
    pub(super) fn bijvoegen(&mut self, rijen: Self) {
        debug_assert_eq!(self.tabel.kop, rijen.tabel.kop, "rows of another table");
        self.waarden.extend(rijen.waarden);
    }

    /// Takes the rows to PostgreSQL, those of all these tables together. Each table once.
    pub(super) async fn samen(tabellen: Vec<Self>, verbinding: &mut PgConnection) -> Result<(), sqlx::Error> {
        let tabellen: Vec<_> = tabellen.into_iter().filter(|t| !t.is_leeg()).map(|t| (t.tabel, t.waarden)).collect();
        if tabellen.is_empty() { Ok(()) } else { postgres::invoegen(tabellen, verbinding).await }
    }

    /// Writes all rows.
    pub(super) async fn schrijven(self, verbinding: &mut Verbinding) -> Result<(), sqlx::Error> {
        match verbinding.kern() {
            Kern::Sqlite(v) => self.schrijven_sqlite(v).await,
            Kern::Postgres(v) => Self::samen(vec![self], v).await,
        }
    }

    /// The same, where it is SQLite for sure.
    pub(super) async fn schrijven_sqlite(self, verbinding: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let mut waarden = self.waarden.into_iter();
        for stap in STAPPEN {
            while waarden.len() >= stap * self.tabel.kolommen() {
                let mut argumenten = SqliteArguments::default();
                for waarde in waarden.by_ref().take(stap * self.tabel.kolommen()) {
                    waarde.binden(&mut argumenten)?;
                }
                sqlx::query_with(AssertSqlSafe(tekst(self.tabel, stap)), argumenten).execute(&mut *verbinding).await?;
            }
        }
        Ok(())
    }
}

/// The statement for this many rows. Made of constants only.
pub(super) fn tekst(tabel: &'static Invoeging, rijen: usize) -> Arc<str> {
    static TEKSTEN: LazyLock<Mutex<Teksten>> = LazyLock::new(Mutex::default);
    let mut teksten = TEKSTEN.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(teksten.entry((tabel.kop, rijen)).or_insert_with(|| zin(tabel, rijen).into()))
}

/// The statement for rows in one JSON array. Made of constants only.
pub(super) fn json_tekst(tabel: &'static Invoeging) -> Arc<str> {
    static TEKSTEN: LazyLock<Mutex<HashMap<&'static str, Arc<str>>>> = LazyLock::new(Mutex::default);
    let mut teksten = TEKSTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let maak = || {
        let kolommen = tabel.soorten.bytes().enumerate().map(|(nr, soort)| match soort {
            b'b' => format!("unhex(k.value ->> {nr})"),
            _ => format!("k.value ->> {nr}"),
        });
        let kolommen = kolommen.collect::<Vec<_>>().join(", ");
        // Without a condition SQLite would take ON CONFLICT for the condition of a join.
        format!("{} SELECT {kolommen} FROM json_each(?) k WHERE true{}", tabel.kop, tabel.staart).into()
    };
    Arc::clone(teksten.entry(tabel.kop).or_insert_with(maak))
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|cijfer| char::from_digit(cijfer.into(), 16)).collect()
}

/// The statement for this many rows.
pub(super) fn zin(tabel: &Invoeging, rijen: usize) -> String {
    let rij = format!("({})", vec!["?"; tabel.kolommen()].join(", "));
    format!("{} VALUES {}{}", tabel.kop, vec![rij; rijen].join(", "), tabel.staart)
}
