//! What is sent again to a hub that was put back from a copy: messages that it confirmed and may have lost, and our words about
//! deliveries.

use inbreng_domain::{DeelId, Tijdstip};
use sqlx::Row;

use super::{Opslag, Opslagfout, Post, inkomend, millis, parsed};

/// Under which name it is kept which restoration the outbox was put back for.
const GEZIEN: &str = "herstel";

/// A message that was confirmed before: what was to be sealed is gone, the bytes and the answer are there.
const NAZENDING: &str = "stand IN ('verzegeld', 'verzonden') AND voorbereiding IS NULL AND antwoord IS NOT NULL";

impl Opslag {
    /// Puts every message that was confirmed from `sinds` on back into the outbox, as it was sent; once for each restoration
    /// (`herstel`). Gives whether this was the first time.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazenden(&self, herstel: &str, sinds: Tijdstip) -> Result<bool, Opslagfout> {
        let mut tx = self.begin().await?;
        let nieuw = sqlx::query(
            "INSERT INTO vast (naam, waarde) VALUES (?1, ?2) ON CONFLICT (naam) DO UPDATE SET waarde = excluded.waarde \
             WHERE vast.waarde <> excluded.waarde",
        )
        .bind(GEZIEN)
        .bind(herstel)
        .execute(&mut *tx.0)
        .await?
        .rows_affected()
            == 1;
        if nieuw {
            sqlx::query(
                "UPDATE uitgaand SET stand = 'verzonden', pogingen = 0, volgende_poging = 0 \
                 WHERE stand = 'bevestigd' AND envelop IS NOT NULL AND afgehandeld_op >= ?",
            )
            .bind(millis(sinds))
            .execute(&mut *tx.0)
            .await?;
        }
        tx.vastleggen().await?;
        Ok(nieuw)
    }

    /// How many of them the hub has not answered yet.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazendingen_open(&self) -> Result<i64, Opslagfout> {
        let sql = format!("SELECT count(*) AS n FROM uitgaand WHERE {NAZENDING}");
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&self.pool).await?.try_get("n")?)
    }

    /// One of them the hub does not take again: it stays what its sender was told, and is sent no more.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazending_opgeven(&self, volgorde: i64) -> Result<(), Opslagfout> {
        let sql = format!("UPDATE uitgaand SET stand = 'bevestigd' WHERE volgorde = ? AND {NAZENDING}");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(volgorde).execute(&self.pool).await?;
        Ok(())
    }

    /// Deliveries that the hub was told of from `sinds` on, with the parts that they brought.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn gemeld_sinds(&self, sinds: Tijdstip) -> Result<Vec<(Post, Vec<DeelId>)>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT * FROM inkomend WHERE stand IN ('gemeld', 'weigering-gemeld') AND afgehandeld_op >= ? ORDER BY volgorde",
        );
        let mut gemeld = Vec::new();
        for row in rows.bind(millis(sinds)).fetch_all(&self.pool).await? {
            let post = inkomend::post(&row)?;
            let delen = sqlx::query("SELECT id FROM deel WHERE bericht = ? ORDER BY nummer").bind(post.bericht.to_string());
            let delen = delen.fetch_all(&self.pool).await?;
            gemeld.push((post, delen.iter().map(|r| parsed(r.try_get("id")?, "deel")).collect::<Result<_, _>>()?));
        }
        Ok(gemeld)
    }
}
