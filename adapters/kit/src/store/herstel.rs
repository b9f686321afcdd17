//! What is sent again to a hub that was put back from a copy: messages that it confirmed and may have lost, and our words about
//! deliveries.

use inbreng_domain::{DeelId, Tijdstip};
use sqlx::Row;

use super::{Opslag, Opslagfout, Post, inkomend, millis, parsed};

/// Under which name it is kept which restoration the outbox was put back for.
const GEZIEN: &str = "herstel";

/// Under which name it is kept how far the outbox was then: what was in it may be a recall of which the answer was lost.
const TOT: &str = "herstel-tot";
/// Under which name it is kept for which restoration the hub did not take everything again.
const ONVOLLEDIG: &str = "herstel-onvolledig";
/// Under which name it is kept for which restoration access is given again.
const TOEGANG: &str = "herstel-toegang";

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
            // What waits for its next attempt goes now too: the hub may have acted on it, and lost it.
            sqlx::query("UPDATE uitgaand SET volgende_poging = 0 WHERE stand NOT IN ('bevestigd', 'geweigerd')")
                .execute(&mut *tx.0)
                .await?;
            sqlx::query(
                "INSERT INTO vast (naam, waarde) SELECT ?1, CAST(coalesce(max(volgorde), 0) AS TEXT) FROM uitgaand WHERE true \
                 ON CONFLICT (naam) DO UPDATE SET waarde = excluded.waarde",
            )
            .bind(TOT)
            .execute(&mut *tx.0)
            .await?;
        }
        tx.vastleggen().await?;
        Ok(nieuw)
    }

    /// How many messages the hub has not answered yet, of those that were in the outbox when it turned out to be put back: those
    /// that it had confirmed, and those of which it may have lost the answer too.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazendingen_open(&self) -> Result<i64, Opslagfout> {
        let sql = "SELECT count(*) AS n FROM uitgaand WHERE stand NOT IN ('bevestigd', 'geweigerd') \
                   AND volgorde <= (SELECT CAST(waarde AS INTEGER) FROM vast WHERE naam = ?)";
        Ok(sqlx::query(sql).bind(TOT).fetch_one(&self.pool).await?.try_get("n")?)
    }

    /// One of them the hub does not take again: it stays what its sender was told, and is sent no more. That not everything is
    /// there is kept for this restoration.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazending_opgeven(&self, volgorde: i64) -> Result<(), Opslagfout> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO vast (naam, waarde) SELECT ?1, waarde FROM vast WHERE naam = ?2 \
             ON CONFLICT (naam) DO UPDATE SET waarde = excluded.waarde",
        )
        .bind(ONVOLLEDIG)
        .bind(GEZIEN)
        .execute(&mut *tx.0)
        .await?;
        sqlx::query(
            "UPDATE uitgaand SET stand = 'bevestigd' \
             WHERE volgorde = ? AND stand IN ('verzegeld', 'verzonden') AND voorbereiding IS NULL AND antwoord IS NOT NULL",
        )
        .bind(volgorde)
        .execute(&mut *tx.0)
        .await?;
        tx.vastleggen().await
    }

    /// Whether the hub did not take everything again after this restoration.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nazending_onvolledig(&self, herstel: &str) -> Result<bool, Opslagfout> {
        Ok(self.vast(ONVOLLEDIG).await?.is_some_and(|h| h == herstel))
    }

    /// Access that was given later, from `sinds` on, is given again; once for each restoration. What was given before that was kept
    /// goes too: the hub knows it.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_opnieuw(&self, herstel: &str, sinds: Tijdstip) -> Result<(), Opslagfout> {
        if self.vast(TOEGANG).await?.is_some_and(|h| h == herstel) {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE toegang SET stand = 'open', opnieuw = 1, pogingen = 0, volgende_poging = 0 \
             WHERE stand = 'gegeven' AND (gegeven_op IS NULL OR gegeven_op >= ?)",
        )
        .bind(millis(sinds))
        .execute(&mut *tx.0)
        .await?;
        tx.vasthouden(TOEGANG, herstel).await?;
        tx.vastleggen().await
    }

    /// How much of that is still to be given.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_nog_opnieuw(&self) -> Result<i64, Opslagfout> {
        let sql = "SELECT count(*) AS n FROM toegang WHERE stand = 'open' AND opnieuw = 1";
        Ok(sqlx::query(sql).fetch_one(&self.pool).await?.try_get("n")?)
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
