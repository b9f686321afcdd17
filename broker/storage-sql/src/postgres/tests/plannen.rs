//! Every statement finds its rows by a key: no table that grows is ever walked.

use std::collections::HashMap;

use serde_json::Value;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Row};

use super::{
    super::{Grenzen, invoegen, openen::schrijfopties, sql},
    contract::Basis,
};
use crate::sql::INVOEGINGEN;

/// Tables that stay small: one row, one row per partner, one row per kind of count, a few per policy version or covenant.
const KLEIN: [&str; 8] = ["stand", "gids", "telling", "terugroep", "versie", "versiestap", "beleidsplan", "partijverklaring"];

/// Makes the statement ready under the name `toets`, with one plan whatever the values. How many values it takes.
async fn voorbereiden(verbinding: &mut PgConnection, zin: &str) -> usize {
    sqlx::raw_sql("DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan").execute(&mut *verbinding).await.unwrap();
    let voorbereiden = format!("PREPARE toets AS {zin}");
    sqlx::raw_sql(AssertSqlSafe(voorbereiden)).execute(&mut *verbinding).await.unwrap_or_else(|e| panic!("{zin}: {e}"));
    (1..=16).rev().find(|n| zin.contains(&format!("${n}"))).unwrap_or(0)
}

/// The steps of what was made ready, as `EXPLAIN` with these options and values says them.
async fn stappen(verbinding: &mut PgConnection, opties: &str, waarden: &[&str]) -> Vec<Value> {
    let haakjes = if waarden.is_empty() { String::new() } else { format!("({})", waarden.join(", ")) };
    let zin = format!("EXPLAIN ({opties}FORMAT JSON) EXECUTE toets{haakjes}");
    let uitleg = sqlx::raw_sql(AssertSqlSafe(zin)).fetch_one(verbinding).await.unwrap();
    let mut open: Vec<Value> = serde_json::from_str(uitleg.get_unchecked(0)).unwrap();
    let mut stappen = Vec::new();
    while let Some(mut stap) = open.pop() {
        for onder in ["Plan", "Plans"] {
            match stap.as_object_mut().unwrap().remove(onder) {
                Some(Value::Array(meer)) => open.extend(meer),
                Some(een) => open.push(een),
                None => {}
            }
        }
        stappen.push(stap);
    }
    assert!(stappen.iter().any(|stap| stap["Node Type"].is_string()), "{stappen:?}");
    stappen
}

/// How the server would run it, whatever the values.
async fn plan(verbinding: &mut PgConnection, zin: &str) -> Vec<Value> {
    let aantal = voorbereiden(verbinding, zin).await;
    stappen(verbinding, "", &vec!["NULL"; aantal]).await
}

fn is(stap: &Value, soort: &str) -> bool {
    stap["Node Type"].as_str().is_some_and(|naam| naam.contains(soort))
}

/// Whether a step reads a table that grows.
fn leest(stap: &Value) -> bool {
    let van = stap["Relation Name"].as_str().or_else(|| stap["Index Name"].as_str());
    is(stap, "Scan") && van.is_some_and(|van| !KLEIN.contains(&van))
}

/// The first column of each index.
async fn eerste_kolommen(verbinding: &mut PgConnection) -> HashMap<String, String> {
    let zin = "SELECT c.relname::text, pg_get_indexdef(c.oid, 1, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
        WHERE c.relnamespace = 'public'::regnamespace";
    sqlx::query_as(zin).fetch_all(verbinding).await.unwrap().into_iter().collect()
}

/// Whether a step reads all of a table that grows, or all of one of its indexes: what is asked of a further column alone leaves all of it to
/// be read.
fn wandelt(stap: &Value, eerste: &HashMap<String, String>) -> bool {
    let gezocht = || {
        let kolom = eerste.get(stap["Index Name"].as_str()?)?;
        Some(stap["Index Cond"].as_str()?.contains(&format!("({kolom} ")))
    };
    leest(stap) && gezocht() != Some(true)
}

/// What a hub has after some time: enough that walking costs more than looking up.
async fn vullen(verbinding: &mut PgConnection) {
    let vullen = "
        INSERT INTO zaak SELECT n, 'zaak' || n, 'x', 0, 'x', 1, n, 0, CASE WHEN n % 9 = 0 THEN n END FROM generate_series(1, 3000) n;
        INSERT INTO bericht SELECT n, 'van' || n % 40, 'bericht' || n, '', '', 'zaak' || n, 'bericht' || n - 7, '', '', '', '', 0, '',
            '', '', n FROM generate_series(1, 3000) n;
        INSERT INTO deel SELECT n, 'deel' || n, n, 'x', '', '', '', 0, '', '' FROM generate_series(1, 3000) n;
        INSERT INTO inhoud SELECT n, 'jwe', '[]' FROM generate_series(1, 3000) n;
        INSERT INTO wrap (deel, ontvanger, wijze, wrap) SELECT n, 'x', 'inzage', '' FROM generate_series(1, 3000) n;
        INSERT INTO besluit (bericht, deel, ontvanger, uitkomst, record) SELECT n, 'deel' || n, 'x', '', '' FROM generate_series(1, 3000) n;
        INSERT INTO terugroep SELECT 'aan' || n, 1, 1, '' FROM generate_series(1, 40) n;
        INSERT INTO levering (nr, id, bericht, ontvanger, baan, staat, omvang, besluiten, tot)
            SELECT n, 'levering' || n, n, 'aan' || n % 40, n % 2, n % 4, 9, '[]', n FROM generate_series(1, 3000) n;
        INSERT INTO leveringsdeel SELECT n, 0, n, '' FROM generate_series(1, 3000) n;
        INSERT INTO leveringsverklaring (levering, soort, tijd, verklaring) SELECT n, 'ontvangst', 0, '' FROM generate_series(1, 3000) n;
        INSERT INTO aangehouden (bericht, deel, ontvanger, wijze, herzien, gids, beleid)
            SELECT n, n, 'aan' || n % 40, '', 0, 0, n % 10 FROM generate_series(1, 3000) n;
        INSERT INTO inzage (deel, ontvanger, functie, doel, tijd, nonce, verklaring)
            SELECT n, 'x', '', '', 0, 'nonce' || n, '' FROM generate_series(1, 3000) n;
        INSERT INTO plicht (bericht, soort, regel, schuldenaar, uiterlijk)
            SELECT n, CASE WHEN n % 100 = 0 THEN 'toets-achteraf' ELSE 'gebruik-staken' END, 1, 'aan' || n % 40, n
            FROM generate_series(1, 3000) n;
        INSERT INTO deelnemer SELECT n, 'x', '', 0 FROM generate_series(1, 3000) n;
        INSERT INTO verantwoordelijkheid SELECT n, 1, 'x', '', 0 FROM generate_series(1, 3000) n;
        INSERT INTO toestemming SELECT n, 'x', 'x', 'x', 1, '{}' FROM generate_series(1, 3000) n;
        INSERT INTO overzicht (zaak, verzoek, organisatie, persoon, gevraagd_op, uiterlijk, verklaring, voldaan_op)
            SELECT n, 'x', 'aan' || n % 40, 'x', '', n, '', CASE WHEN n % 9 > 0 THEN n END FROM generate_series(1, 3000) n;
        INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende, sinds)
            SELECT n, 'aan' || n % 40, 'van' || n % 40, n % 2, n, n % 3, 0, CASE WHEN n % 3 = 0 THEN n END, n FROM generate_series(1, 3000) n
            ON CONFLICT DO NOTHING;
        INSERT INTO vernietigen SELECT n FROM generate_series(1, 3000) n;
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

/// Statements that go along all of an index on purpose, as it holds little else than what they ask: name, and index.
const GEHEEL: [(&str, &str); 8] = [
    // What a restoration left: a few leaves.
    ("HERSTELBLADEN", "blad_herstel"),
    // Wraps of before that are not sealed yet: none, once the store was opened.
    ("OPEN_WRAPS_BIJ_INHOUD", "inhoud_open"),
    ("OPEN_WRAPS", "wrap_open"),
    // Whether there is one whose key was lost: the first will do.
    ("WRAPS_GEVRAAGD", "inhoud_verloren"),
    ("WRAPS_GEVRAAGD", "wrap_verloren"),
    // The dead letters are counted.
    ("AANTAL_DODE_LETTERS", "bezorging_dood"),
    // Reviews of the emergency path, which is used some times a month.
    ("BEKENDE_TOETSEN", "plicht_toets"),
    // What is held, in the order of messages until there is enough for this recipient: where the table is small this is thought cheaper.
    ("TE_HERZIEN", "aangehouden_bericht"),
];

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn no_statement_walks_a_big_table() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let eerste = eerste_kolommen(&mut naast).await;
    let mut wandelingen = Vec::new();
    let bulk = INVOEGINGEN.iter().map(|i| ("INSERT", invoegen::tekst(&[*i])));
    let alle = sql::ALLE.iter().chain(sql::BEZORGEN).map(|(naam, zin)| (*naam, (*zin).into())).chain(bulk);
    for (naam, zin) in alle.filter(|(_, zin)| !["BEGIN", "COMMIT", "ROLLBACK"].contains(&&**zin)) {
        for stap in plan(&mut naast, &zin).await {
            let index = stap["Index Name"].as_str().unwrap_or_default();
            if wandelt(&stap, &eerste) && !GEHEEL.contains(&(naam, index)) {
                wandelingen.push(format!("{naam}: {stap}"));
            }
        }
    }
    assert!(wandelingen.is_empty(), "{wandelingen:#?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn the_mailbox_is_read_in_its_order_without_sorting() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let plan = plan(&mut naast, sql::OPEN_NUMMERS).await;
    assert!(plan.iter().any(|stap| stap["Index Name"] == "levering_open"), "{plan:?}");
    assert!(plan.iter().all(|stap| !is(stap, "Sort")), "{plan:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_walk_would_be_seen() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = gevuld(&basis).await;
    let eerste = eerste_kolommen(&mut naast).await;
    // All of a table, and all of one of its indexes, by what it asks and by the order in which it asks it.
    for zin in [
        "SELECT count(*) FROM bericht WHERE bron = $1",
        "SELECT nr FROM bericht",
        "SELECT id FROM bericht WHERE van = $1",
        "SELECT bericht FROM bericht WHERE bron = $1 ORDER BY nr",
    ] {
        let plan = plan(&mut naast, zin).await;
        assert!(plan.iter().any(|stap| wandelt(stap, &eerste)), "{zin}: {plan:?}");
    }
}

/// How many rows of tables that grow a run of what was made ready looks at; a look that finds nothing is one. Nothing of it stays.
async fn aangeraakt(verbinding: &mut PgConnection, waarden: &[&str]) -> f64 {
    sqlx::raw_sql("BEGIN").execute(&mut *verbinding).await.unwrap();
    let stappen = stappen(verbinding, "ANALYZE, ", waarden).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut *verbinding).await.unwrap();
    let getal = |stap: &Value, naam| stap[naam].as_f64().unwrap_or(0.0);
    let elk = |stap: &Value| {
        let weggelaten = getal(stap, "Rows Removed by Filter") + getal(stap, "Rows Removed by Index Recheck");
        getal(stap, "Actual Loops") * (getal(stap, "Actual Rows") + weggelaten).max(1.0)
    };
    stappen.iter().filter(|stap| leest(stap)).map(elk).sum()
}

/// Bringing and the log on a quiet day, of which the statistics are.
const STIL: &str = "
    ALTER TABLE bezorging SET (autovacuum_enabled = off);
    ALTER TABLE blad SET (autovacuum_enabled = off);
    ALTER TABLE knoop SET (autovacuum_enabled = off);
    SET session_replication_role = replica;
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende) VALUES (1, 'ander', 'van', 1, 1, 0, 0, 0);
    INSERT INTO blad VALUES (0, sha256('0'), sha256('0'), 'toets', 0, '');
    INSERT INTO knoop VALUES (40, 0, sha256('0'));
    ANALYZE;";

/// And on a busy one: 500 lines of one recipient in which forty wait behind each other, and a log whose right edge has a node on each of
/// fourteen levels.
const DRUK: &str = "
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende)
        SELECT n, 'aan', 'van', 1, n % 500, 0, 0, CASE WHEN n < 600 THEN 0 END FROM generate_series(100, 20099) n;
    INSERT INTO blad SELECT n, sha256(n::text::bytea), sha256(n::text::bytea), 'toets', 0, '' FROM generate_series(1, 16382) n;
    INSERT INTO knoop SELECT laag, n, sha256(n::text::bytea) FROM generate_series(1, 13) laag,
        generate_series(0, (16383 >> laag) - 1) n;
    UPDATE stand SET blad = 16383;";

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only postgres"]
async fn a_plan_of_a_quiet_day_looks_at_few_rows_on_a_busy_one() {
    let basis = Basis::nieuw().await;
    basis.store().await.sluiten().await.unwrap();
    let mut naast = basis.naast().await;
    sqlx::raw_sql(STIL).execute(&mut naast).await.unwrap();
    let knopen: Vec<String> = (0..40).map(|n| format!("[{}, {}]", n % 13, n)).collect();
    let knopen = format!("'[{}]'", knopen.join(", "));
    let knopen = [knopen.as_str()];
    let mut vroeg = Vec::new();
    // Statement, values, and how many rows it may look at: in no relation to how many there are.
    let vragen: [(&str, &[&str], f64); 4] = [
        (sql::BEZORGING_NEMEN, &["'aan'", "1", "16", "10", "20"], 100.0),
        (sql::RAND, &[], 28.0),
        (sql::KNOPEN, &knopen, 80.0),
        // What would be seen.
        ("SELECT count(*) FROM bezorging WHERE ontvanger = $1 AND reden IS NULL", &["'aan'"], f64::INFINITY),
    ];
    for (zin, waarden, _) in &vragen {
        let mut sessie = schrijfopties(&basis.hier(), Grenzen::default()).connect().await.unwrap();
        voorbereiden(&mut sessie, zin).await;
        // Its plan is made now, and kept.
        assert!(aangeraakt(&mut sessie, waarden).await < 100.0);
        vroeg.push(sessie);
    }
    sqlx::raw_sql(DRUK).execute(&mut naast).await.unwrap();
    for (sessie, (zin, waarden, hoogstens)) in vroeg.iter_mut().zip(&vragen) {
        let toen = aangeraakt(sessie, waarden).await;
        // And a plan of now, by the statistics of then.
        voorbereiden(sessie, zin).await;
        let nu = aangeraakt(sessie, waarden).await;
        for aantal in [toen, nu] {
            assert!(aantal > 0.0 && aantal <= *hoogstens, "{aantal} rows: {zin}");
            assert!(hoogstens.is_finite() || aantal >= 20_000.0, "{aantal} rows: {zin}");
        }
    }
}
