//! Every statement finds its rows by a key: no table that grows is ever walked.

use sqlx::{AssertSqlSafe, Row};

use super::{super::sql, contract::Map};
use crate::{
    SqlStore, rijen,
    sql::INVOEGINGEN,
    verbinding::{Kern, Verbinding},
};

/// Tables that stay small: one row, one row per partner, one row per kind of count, one per policy version; and what a statement
/// picked out by a key itself.
const KLEIN: [&str; 11] = ["stand", "s", "gids", "g", "telling", "v", "p", "beleidsplan", "keuze", "terugroep", "t"];

async fn lezer(store: &SqlStore) -> Verbinding {
    store.lezers.acquire().await.unwrap()
}

async fn plan(verbinding: &mut Verbinding, sql: &str) -> Vec<String> {
    let Kern::Sqlite(verbinding) = verbinding.kern() else { panic!("another database") };
    let uitleg = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(verbinding).await;
    uitleg.unwrap_or_else(|e| panic!("{sql}: {e}")).iter().map(|r| r.get::<String, _>("detail")).collect()
}

#[tokio::test]
async fn no_statement_walks_a_big_table() {
    let map = Map::nieuw();
    let store = map.store().await;
    let mut lezer = lezer(&store).await;
    let bulk = INVOEGINGEN.iter().flat_map(|i| [rijen::tekst(i, 1), rijen::json_tekst(i)]).map(|zin| ("INSERT", zin));
    let alle = sql::ALLE.iter().chain(sql::BEZORGEN).map(|(naam, sql)| (*naam, (*sql).into())).chain(bulk);
    for (naam, sql) in alle.filter(|(_, sql)| !["PRAGMA", "BEGIN", "COMMIT", "ROLLBACK"].iter().any(|w| sql.starts_with(w))) {
        for stap in plan(&mut lezer, &sql).await {
            let tabel = stap.strip_prefix("SCAN ").and_then(|s| s.split(' ').next());
            let mag = tabel.is_none_or(|t| KLEIN.contains(&t)) || stap.contains("VIRTUAL TABLE") || stap.contains("CONSTANT ROW");
            assert!(mag && !stap.contains("AUTOMATIC"), "{naam} walks: {stap}\n{sql}");
        }
    }
}

#[tokio::test]
async fn the_mailbox_is_read_in_its_order_without_sorting() {
    let map = Map::nieuw();
    let store = map.store().await;
    let mut lezer = lezer(&store).await;
    let plan = plan(&mut lezer, sql::OPEN_NUMMERS).await;
    assert!(plan.iter().any(|s| s.contains("levering_open")), "{plan:?}");
    assert!(plan.iter().all(|s| !s.contains("TEMP B-TREE")), "{plan:?}");
}

#[tokio::test]
async fn a_walk_would_be_seen() {
    let map = Map::nieuw();
    let store = map.store().await;
    let mut lezer = lezer(&store).await;
    let plan = plan(&mut lezer, "SELECT count(*) FROM bericht WHERE bron = ?1").await;
    assert!(plan.iter().any(|s| s.starts_with("SCAN bericht")), "{plan:?}");
}
