//! The rows of many writes, in as few statements as can be.
//!
//! On SQLite each statement is a hop to a thread and back, which costs more than the rows that it brings. Writes of one shape (so
//! many rows in each table) go together: one hop brings their rows for all tables, as statements behind each other. Under
//! load most writes have one of few shapes, so what was prepared is used again.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection, sqlite::SqliteArguments};

use super::{
    rijen::{Rijen, zin},
    verbinding::{Kern, Verbinding},
};

/// Tables that are only ever added to: the order among writes means nothing.
pub(super) const TABELLEN: usize = 13;
/// Rows in one hop at most. A prepared statement takes about a kilobyte and a half for each.
const RIJEN: usize = 256;
/// Texts that are remembered; as many as stay prepared.
const TEKSTEN: usize = 64;

/// What one write adds, table by table.
pub(super) type Bundel<'a> = [Rijen<'a>; TABELLEN];
/// Rows per table.
type Vorm = [usize; TABELLEN];
/// Texts made so far, by shape and number of writes.
type Teksten = HashMap<(Vorm, usize), Arc<str>>;

/// Writes all of them.
pub(super) async fn schrijven(bundels: Vec<Bundel<'_>>, verbinding: &mut Verbinding) -> Result<(), sqlx::Error> {
    match verbinding.kern() {
        Kern::Sqlite(v) => per_vorm(bundels, v).await,
        Kern::Postgres(v) => alle_tabellen(bundels, v).await,
    }
}

/// All rows of all tables in one statement, whatever write they are of: PostgreSQL takes a column as one array of any length.
async fn alle_tabellen(bundels: Vec<Bundel<'_>>, verbinding: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut bundels = bundels.into_iter();
    let Some(mut samen) = bundels.next() else { return Ok(()) };
    for bundel in bundels {
        for (tabel, rijen) in samen.iter_mut().zip(bundel) {
            tabel.bijvoegen(rijen);
        }
    }
    Rijen::samen(samen.into(), verbinding).await
}

/// Writes of one shape together.
async fn per_vorm(bundels: Vec<Bundel<'_>>, verbinding: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut vormen: BTreeMap<Vorm, Vec<Bundel<'_>>> = BTreeMap::new();
    for bundel in bundels {
        vormen.entry(bundel.each_ref().map(Rijen::aantal)).or_default().push(bundel);
    }
    for (vorm, mut bundels) in vormen {
        let rijen: usize = vorm.iter().sum();
        if rijen > RIJEN {
            // A large one: its tables one by one, so that its shape is not remembered.
            for tabel in bundels.into_iter().flatten() {
                tabel.schrijven_sqlite(verbinding).await?;
            }
            continue;
        }
        while !bundels.is_empty() {
            let samen = samen(bundels.len().min(RIJEN / rijen.max(1)).max(1));
            let rest = bundels.split_off(samen);
            een_keer(vorm, std::mem::replace(&mut bundels, rest), verbinding).await?;
        }
    }
    Ok(())
}

/// How many of so many go together: numbers whose three highest bits alone are set, so that few texts are needed for any number,
/// and at most a fifth stays for the next.
const fn samen(aantal: usize) -> usize {
    aantal & (usize::MAX << aantal.ilog2().saturating_sub(2))
}

/// Writes bundles of one shape in one hop.
async fn een_keer(vorm: Vorm, bundels: Vec<Bundel<'_>>, verbinding: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let aantal = bundels.len();
    let mut tabellen: [Vec<Rijen<'_>>; TABELLEN] = std::array::from_fn(|_| Vec::with_capacity(aantal));
    for bundel in bundels {
        for (tabel, rijen) in tabellen.iter_mut().zip(bundel) {
            tabel.push(rijen);
        }
    }
    let tekst = tekst(vorm, aantal, &tabellen);
    let mut argumenten = SqliteArguments::default();
    for rijen in tabellen.into_iter().flatten() {
        rijen.binden(&mut argumenten)?;
    }
    sqlx::query_with(AssertSqlSafe(tekst), argumenten).execute(verbinding).await.map(drop)
}

/// The statements for this many bundles of a shape. Made of constants only.
fn tekst(vorm: Vorm, aantal: usize, tabellen: &[Vec<Rijen<'_>>; TABELLEN]) -> Arc<str> {
    static ONTHOUDEN: LazyLock<Mutex<Teksten>> = LazyLock::new(Mutex::default);
    let mut onthouden = ONTHOUDEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tekst) = onthouden.get(&(vorm, aantal)) {
        return Arc::clone(tekst);
    }
    let zinnen: Vec<String> = tabellen
        .iter()
        .zip(vorm)
        .filter(|(_, rijen)| *rijen > 0)
        .filter_map(|(tabel, rijen)| tabel.first().map(|t| zin(t.tabel(), rijen * aantal)))
        .collect();
    let tekst: Arc<str> = zinnen.join("; ").into();
    if onthouden.len() >= TEKSTEN {
        onthouden.clear();
    }
    onthouden.insert((vorm, aantal), Arc::clone(&tekst));
    tekst
}
