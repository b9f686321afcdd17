//! One round: what goes to the database behind each other, in its order.
//!
//! On SQLite a round is one hop to its thread and back, whatever it holds: on a busy machine each hop waits twice for its turn on a
//! core, which is longer than most statements take. On PostgreSQL it is one statement after another, where rows that stand behind each
//! other are one.

use sqlx::{Arguments, AssertSqlSafe, PgConnection, SqliteConnection, sqlite::SqliteArguments};

use super::{
    rijen::Rijen,
    verbinding::{Kern, Param, Verbinding, Zin, postgres_argumenten},
};

#[derive(Debug)]
enum Stap<'a> {
    Rijen(Rijen<'a>),
    Zin(Zin, Vec<Param>),
}

/// Statements and rows on their way.
#[derive(Debug, Default)]
pub(super) struct Ronde<'a> {
    stappen: Vec<Stap<'a>>,
}

impl<'a> Ronde<'a> {
    /// Adds rows of one table: few and small ones, because on SQLite they go as JSON. None is nothing to do.
    pub(super) fn rijen(&mut self, rijen: Rijen<'a>) {
        if !rijen.is_leeg() {
            self.stappen.push(Stap::Rijen(rijen));
        }
    }

    /// Adds a statement. On SQLite its parameters bear no numbers, because several share one text.
    pub(super) fn zin<const N: usize>(&mut self, zin: Zin, params: [Param; N]) {
        debug_assert!(!zin.sqlite.contains("?1"), "numbered parameters in a round: {}", zin.sqlite);
        self.stappen.push(Stap::Zin(zin, params.into()));
    }

    /// Runs them.
    pub(super) async fn doen(self, verbinding: &mut Verbinding) -> Result<(), sqlx::Error> {
        match verbinding.kern() {
            _ if self.stappen.is_empty() => Ok(()),
            Kern::Sqlite(v) => self.in_een_keer(v).await,
            Kern::Postgres(v) => self.na_elkaar(v).await,
        }
    }

    /// Rows that stand behind each other go in one statement.
    async fn na_elkaar(self, verbinding: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut samen = Vec::new();
        for stap in self.stappen {
            match stap {
                Stap::Rijen(rijen) => samen.push(rijen),
                Stap::Zin(zin, params) => {
                    Rijen::samen(std::mem::take(&mut samen), verbinding).await?;
                    let argumenten = postgres_argumenten(params)?;
                    sqlx::query_with(zin.postgres, argumenten).execute(&mut *verbinding).await?;
                }
            }
        }
        Rijen::samen(samen, verbinding).await
    }

    /// Which of them there are changes little from batch to batch, so that the text stays prepared.
    async fn in_een_keer(self, verbinding: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let (mut teksten, mut argumenten) = (Vec::with_capacity(self.stappen.len()), SqliteArguments::default());
        for stap in self.stappen {
            match stap {
                Stap::Rijen(rijen) => {
                    let (tekst, json) = rijen.als_json();
                    argumenten.add(json).map_err(sqlx::Error::Encode)?;
                    teksten.push(tekst.to_string());
                }
                Stap::Zin(zin, params) => {
                    params.into_iter().try_for_each(|param| param.binden(&mut argumenten))?;
                    teksten.push(zin.sqlite.to_owned());
                }
            }
        }
        // Made of constants only.
        sqlx::query_with(AssertSqlSafe(teksten.join("; ")), argumenten).execute(verbinding).await.map(drop)
    }
}
