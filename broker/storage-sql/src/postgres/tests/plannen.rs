//! Every statement finds its rows by a key: no table that grows is ever walked.

use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Row};

use super::{
    super::{Grenzen, invoegen, openen::schrijfopties, sql},
    contract::Basis,
};
use crate::sql::INVOEGINGEN;

/// Tables that stay small: one row, one row per partner, one row per kind of count, a few per policy version or covenant.
const KLEIN: [&str; 8] = ["stand", "gids", "telling", "terugroep", "versie", "versiestap", "beleidsplan", "partijverklaring"];

/// How the server would run it, whatever the values.
async fn plan(verbinding: &mut PgConnection, zin: &str) -> Vec<String> {
    let aantal = (1..=16).rev().find(|n| zin.contains(&format!("${n}"))).unwrap_or(0);
    let niets = vec!["NULL"; aantal].join(", ");
    let haakjes = if aantal == 0 { String::new() } else { format!("({niets})") };
    sqlx::raw_sql("DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan").execute(&mut *verbinding).await.unwrap();
    let voorbereiden = format!("PREPARE toets AS {zin}");
    sqlx::raw_sql(AssertSqlSafe(voorbereiden)).execute(&mut *verbinding).await.unwrap_or_else(|e| panic!("{zin}: {e}"));
    let uitleg = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE toets{haakjes}"))).fetch_all(verbinding).await;
    uitleg.unwrap_or_else(|e| panic!("{zin}: {e}")).iter().map(|r| r.get::<String, _>(0)).collect()
}

fn wandelt(stap: &str) -> bool {
    let Some((_, rest)) = stap.split_once("Seq Scan on ") else { return false };
    !rest.split(' ').next().is_some_and(|tabel| KLEIN.contains(&tabel))
}

/// What a hub has after some time: enough that walking costs more than looking up.
async fn vullen(verbinding: &mut PgConnection) {
    let vullen = "
        INSERT INTO zaak SELECT n, 'zaak' || n, 'x', 0, 'x', 1, n, 0, NULL FROM generate_series(1, 3000) n;
        INSERT INTO bericht SELECT n, 'van' || n % 40, 'bericht' || n, '', '', 'zaak' || n, 'bericht' || n - 7, '', '', '', '', 0, '',
            '', '', n FROM generate_series(1, 3000) n;
        INSERT INTO deel SELECT n, 'deel' || n, n, 'x', '', '', '', 0, '', '' FROM generate_series(1, 3000) n;
        INSERT INTO inhoud SELECT n, 'jwe', '[]' FROM generate_series(1, 3000) n;
        INSERT INTO wrap (deel, ontvanger, wijze, wrap) SELECT n, 'x', 'inzage', '' FROM generate_series(1, 3000) n;
        INSERT INTO besluit (bericht, deel, ontvanger, uitkomst, record) SELECT n, 'deel' || n, 'x', '', '' FROM generate_series(1, 3000) n;
        INSERT INTO terugroep SELECT 'aan' || n, 1, 1, '' FROM generate_series(1, 40) n;
        INSERT INTO levering (nr, id, bericht, ontvanger, baan, staat, omvang, besluiten)
            SELECT n, 'levering' || n, n, 'aan' || n % 40, n % 2, n % 4, 9, '[]' FROM generate_series(1, 3000) n;
        INSERT INTO leveringsdeel SELECT n, 0, n, '' FROM generate_series(1, 3000) n;
        INSERT INTO leveringsverklaring (levering, soort, tijd, verklaring) SELECT n, 'ontvangst', 0, '' FROM generate_series(1, 3000) n;
        INSERT INTO aangehouden (bericht, deel, ontvanger, wijze, herzien, gids)
            SELECT n, n, 'aan' || n % 40, '', 0, 0 FROM generate_series(1, 3000) n;
        INSERT INTO inzage (deel, ontvanger, functie, doel, tijd, nonce, verklaring)
            SELECT n, 'x', '', '', 0, 'nonce' || n, '' FROM generate_series(1, 3000) n;
        INSERT INTO plicht (bericht, soort, regel, schuldenaar, uiterlijk) SELECT n, 'toets-achteraf', 1, 'aan' || n % 40, n
            FROM generate_series(1, 3000) n;
        INSERT INTO deelnemer SELECT n, 'x', '', 0 FROM generate_series(1, 3000) n;
        INSERT INTO verantwoordelijkheid SELECT n, 1, 'x', '', 0 FROM generate_series(1, 3000) n;
        INSERT INTO toestemming SELECT n, 'x', 'x', 'x', 1, '{}' FROM generate_series(1, 3000) n;
        INSERT INTO feit (zaak, soort, onderwerp, door, volgnummer, bericht, record) SELECT n, 'x', 'x', 'x', 1, '', '{}'
            FROM generate_series(1, 3000) n;
        INSERT INTO jti SELECT 'x', 'jti' || n, n FROM generate_series(1, 3000) n;
        INSERT INTO blad SELECT n, sha256(n::text::bytea), sha256(n::text::bytea), 'toets', 0, '' FROM generate_series(0, 3000) n;
        INSERT INTO bladwijzer SELECT n, sha256(n::text::bytea) FROM generate_series(0, 3000) n;
        INSERT INTO knoop SELECT 1, n, sha256(n::text::bytea) FROM generate_series(0, 1500) n;
        ANALYZE;";
    sqlx::raw_sql(vullen).execute(verbinding).await.unwrap();
}

/// A session as the store has it (what it walks cannot be found by any index), on a database with rows.
async fn gevuld(basis: &Basis) -> PgConnection {
    vullen(&mut basis.naast().await).await;
    schrijfopties(&basis.hier(), Grenzen::default()).connect().await.unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn no_statement_walks_a_big_table() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let bulk = INVOEGINGEN.iter().map(|i| ("INSERT", invoegen::tekst(&[*i])));
    let alle = sql::ALLE.iter().chain(sql::BEZORGEN).map(|(naam, zin)| (*naam, (*zin).into())).chain(bulk);
    for (naam, zin) in alle.filter(|(_, zin)| !["BEGIN", "COMMIT", "ROLLBACK"].contains(&&**zin)) {
        for stap in plan(&mut naast, &zin).await {
            assert!(!wandelt(&stap), "{naam} walks: {stap}\n{zin}");
        }
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn the_mailbox_is_read_in_its_order_without_sorting() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let plan = plan(&mut naast, sql::OPEN_NUMMERS).await;
    assert!(plan.iter().any(|s| s.contains("levering_open")), "{plan:?}");
    assert!(plan.iter().all(|s| !s.contains("Sort")), "{plan:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_walk_would_be_seen() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let plan = plan(&mut naast, "SELECT count(*) FROM bericht WHERE bron = $1").await;
    assert!(plan.iter().any(|s| wandelt(s)), "{plan:?}");
}
