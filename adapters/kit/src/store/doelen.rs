//! For what parts of others may be used: each purpose for which an owner's access statement was opened here.

use inbreng_domain::{BerichtId, DeelId, Tijdstip, vocabulary::Doel};
use sqlx::{Row, Sqlite, sqlite::SqliteRow};

use super::{Opslag, Opslagfout, Transactie, millis, parsed};

/// One purpose of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deeldoel {
    /// The part.
    pub deel: DeelId,
    /// For what.
    pub doel: Doel,
    /// Since when we know.
    pub sinds: Tijdstip,
}

async fn onthouden<'c>(
    bij: impl sqlx::Executor<'c, Database = Sqlite>,
    bericht: BerichtId,
    wat: &Deeldoel,
) -> Result<(), Opslagfout> {
    sqlx::query("INSERT INTO deeldoel (deel, doel, bericht, sinds) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(wat.deel.to_string())
        .bind(wat.doel.as_str())
        .bind(bericht.to_string())
        .bind(millis(wat.sinds))
        .execute(bij)
        .await?;
    Ok(())
}

impl Transactie {
    /// Keeps for what a part of this message may be used. The first time counts.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doel_onthouden(&mut self, bericht: BerichtId, wat: &Deeldoel) -> Result<(), Opslagfout> {
        onthouden(&mut *self.0, bericht, wat).await
    }
}

impl Opslag {
    /// The same, by itself.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doel_onthouden(&self, bericht: BerichtId, wat: &Deeldoel) -> Result<(), Opslagfout> {
        onthouden(&self.pool, bericht, wat).await
    }

    /// For what the parts of a message may be used, as far as we know: oldest first.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doelen(&self, bericht: BerichtId) -> Result<Vec<Deeldoel>, Opslagfout> {
        let rows = sqlx::query("SELECT deel, doel, sinds FROM deeldoel WHERE bericht = ? ORDER BY sinds, deel, doel")
            .bind(bericht.to_string())
            .fetch_all(&self.pool)
            .await?;
        let een = |r: &SqliteRow| {
            Ok(Deeldoel {
                deel: parsed(r.try_get("deel")?, "deel")?,
                doel: parsed(r.try_get("doel")?, "doel")?,
                sinds: Tijdstip::from_unix_millis(r.try_get("sinds")?),
            })
        };
        rows.iter().map(een).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_purpose_of_a_part_is_kept_once_with_its_first_instant() {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.sqlite")).await.unwrap();
        let id = |text: &str| format!("0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b{text}");
        let [bericht, ander] = ["6a", "6b"].map(|n| BerichtId::parse(&id(n)).unwrap());
        let deel = DeelId::parse(&id("01")).unwrap();
        let doel = |doel, op| Deeldoel { deel, doel, sinds: Tijdstip::from_unix_millis(op) };
        for wat in [doel(Doel::Plan, 1000), doel(Doel::Strafzaak, 2000), doel(Doel::Plan, 3000)] {
            opslag.doel_onthouden(bericht, &wat).await.unwrap();
        }
        assert_eq!(opslag.doelen(bericht).await.unwrap(), [doel(Doel::Plan, 1000), doel(Doel::Strafzaak, 2000)]);
        assert!(opslag.doelen(ander).await.unwrap().is_empty());
    }
}
