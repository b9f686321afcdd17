//! Rows into a table: each column one array, whatever the number of rows, so that one statement stays prepared for all.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{Arguments, AssertSqlSafe, PgConnection, postgres::PgArguments};

use crate::{rijen::Waarde, sql::Invoeging};

/// Writes rows, value after value.
pub(crate) async fn invoegen(
    tabel: &'static Invoeging,
    waarden: Vec<Waarde<'_>>,
    verbinding: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    let rijen: Vec<&[Waarde<'_>]> = laatste(tabel, waarden.chunks_exact(tabel.kolommen()).collect());
    let mut argumenten = PgArguments::default();
    for (kolom, soort) in tabel.soorten.bytes().enumerate() {
        let waarden = rijen.iter().filter_map(|rij| rij.get(kolom));
        match soort {
            b'i' => argumenten.add(waarden.map(Waarde::getal).collect::<Vec<_>>()),
            b'b' => argumenten.add(waarden.map(Waarde::bytes).collect::<Vec<_>>()),
            _ => argumenten.add(waarden.map(Waarde::tekst).collect::<Vec<_>>()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(tekst(tabel)), argumenten).execute(verbinding).await.map(drop)
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

/// The statement. Made of constants only.
pub(super) fn tekst(tabel: &'static Invoeging) -> Arc<str> {
    static TEKSTEN: LazyLock<Mutex<HashMap<&'static str, Arc<str>>>> = LazyLock::new(Mutex::default);
    let mut teksten = TEKSTEN.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(teksten.entry(tabel.kop).or_insert_with(|| zin(tabel).into()))
}

fn zin(tabel: &Invoeging) -> String {
    let kolommen: Vec<String> = (1..)
        .zip(tabel.soorten.bytes())
        .map(|(nr, soort)| match soort {
            b'i' => format!("${nr}::bigint[]"),
            b'b' => format!("${nr}::bytea[]"),
            _ => format!("${nr}::text[]"),
        })
        .collect();
    format!("{} SELECT * FROM unnest({}){}", tabel.kop, kolommen.join(", "), tabel.staart)
}
