//! Rows into tables: each column one array, whatever the number of rows, so that one statement stays prepared for all.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{Arguments, AssertSqlSafe, PgConnection, postgres::PgArguments};

use crate::{rijen::Waarde, sql::Invoeging};

/// Writes the rows of these tables, value after value, in one statement: PostgreSQL and we change places once for all of them, and
/// what refers to a row of another is looked at when all of them stand.
pub(crate) async fn invoegen(
    tabellen: Vec<(&'static Invoeging, Vec<Waarde<'_>>)>,
    verbinding: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    let mut argumenten = PgArguments::default();
    for (tabel, waarden) in &tabellen {
        let rijen = laatste(tabel, waarden.chunks_exact(tabel.kolommen()).collect());
        for (kolom, soort) in tabel.soorten.bytes().enumerate() {
            let waarden = rijen.iter().filter_map(|rij| rij.get(kolom));
            match soort {
                b'i' => argumenten.add(waarden.map(Waarde::getal).collect::<Vec<_>>()),
                b'b' => argumenten.add(waarden.map(Waarde::bytes).collect::<Vec<_>>()),
                _ => argumenten.add(waarden.map(Waarde::tekst).collect::<Vec<_>>()),
            }
            .map_err(sqlx::Error::Encode)?;
        }
    }
    let tabellen: Vec<_> = tabellen.into_iter().map(|(tabel, _)| tabel).collect();
    sqlx::query_with(AssertSqlSafe(tekst(&tabellen)), argumenten).execute(verbinding).await.map(drop)
}

/// Of rows that replace each other the last.
fn laatste<'r, 'w>(tabel: &Invoeging, rijen: Vec<&'r [Waarde<'w>]>) -> Vec<&'r [Waarde<'w>]> {
    if tabel.sleutel == 0 || rijen.len() < 2 {
        return rijen;
    }
    let mut gezien = HashSet::new();
    let mut over: Vec<_> = rijen
        .into_iter()
        .rev()
        .filter(|rij| gezien.insert(rij.iter().take(tabel.sleutel).map(|w| (w.getal(), w.tekst())).collect::<Vec<_>>()))
        .collect();
    over.reverse();
    over
}

/// The statement for rows of these tables. Made of constants only; which tables there are changes little from batch to batch, so that
/// it stays prepared.
pub(super) fn tekst(tabellen: &[&'static Invoeging]) -> Arc<str> {
    static TEKSTEN: LazyLock<Mutex<HashMap<Vec<&'static str>, Arc<str>>>> = LazyLock::new(Mutex::default);
    let mut teksten = TEKSTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let koppen = tabellen.iter().map(|tabel| tabel.kop).collect();
    Arc::clone(teksten.entry(koppen).or_insert_with(|| zin(tabellen).into()))
}

fn zin(tabellen: &[&Invoeging]) -> String {
    let mut nr = 0_usize;
    let mut zinnen: Vec<String> = tabellen
        .iter()
        .map(|tabel| {
            let kolommen: Vec<String> = tabel
                .soorten
                .bytes()
                .map(|soort| {
                    nr += 1;
                    match soort {
                        b'i' => format!("${nr}::bigint[]"),
                        b'b' => format!("${nr}::bytea[]"),
                        _ => format!("${nr}::text[]"),
                    }
                })
                .collect();
            format!("{} SELECT * FROM unnest({}){}", tabel.kop, kolommen.join(", "), tabel.staart)
        })
        .collect();
    let laatste = zinnen.pop().unwrap_or_default();
    if zinnen.is_empty() {
        return laatste;
    }
    let eerdere: Vec<String> = (1..).zip(zinnen).map(|(nr, zin)| format!("t{nr} AS ({zin})")).collect();
    format!("WITH {} {laatste}", eerdere.join(", "))
}
