//! What was prepared and is not shared until a professional opens it (R36).

use inbreng_domain::{Tijdstip, TypeNaam};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Opslag, Opslagfout, Transactie, millis, parsed};

/// A prepared message.
#[derive(Debug, Clone)]
pub struct Klaargezet {
    /// The own system's kenmerk.
    pub kenmerk: String,
    /// Its type.
    pub soort: TypeNaam,
    /// As the own system gave it, encrypted under the own key.
    pub bericht: String,
    /// Since when.
    pub sinds: Tijdstip,
}

fn lezen(row: &SqliteRow) -> Result<Klaargezet, Opslagfout> {
    Ok(Klaargezet {
        kenmerk: row.try_get("kenmerk")?,
        soort: parsed(row.try_get("soort")?, "berichttype")?,
        bericht: row.try_get("bericht")?,
        sinds: Tijdstip::from_unix_millis(row.try_get("sinds")?),
    })
}

impl Transactie {
    /// Keeps it, in the place of what was prepared under the same kenmerk.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn klaarzetten(&mut self, een: &Klaargezet) -> Result<(), Opslagfout> {
        sqlx::query("INSERT OR REPLACE INTO klaargezet (kenmerk, soort, bericht, sinds) VALUES (?, ?, ?, ?)")
            .bind(&een.kenmerk)
            .bind(een.soort.to_string())
            .bind(&een.bericht)
            .bind(millis(een.sinds))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Whether it lies there still, as it was read.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn ligt_klaar(&mut self, een: &Klaargezet) -> Result<bool, Opslagfout> {
        let er = sqlx::query("SELECT 1 FROM klaargezet WHERE kenmerk = ? AND bericht = ?").bind(&een.kenmerk).bind(&een.bericht);
        Ok(er.fetch_optional(&mut *self.0).await?.is_some())
    }

    /// Forgets it: it is sent, or thrown away. Whether it was there.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn klaargezet_weg(&mut self, kenmerk: &str) -> Result<bool, Opslagfout> {
        let weg = sqlx::query("DELETE FROM klaargezet WHERE kenmerk = ?").bind(kenmerk).execute(&mut *self.0).await?;
        Ok(weg.rows_affected() > 0)
    }
}

impl Opslag {
    /// What lies ready under this kenmerk.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn klaargezet(&self, kenmerk: &str) -> Result<Option<Klaargezet>, Opslagfout> {
        let row = sqlx::query("SELECT * FROM klaargezet WHERE kenmerk = ?").bind(kenmerk).fetch_optional(&self.pool).await?;
        row.as_ref().map(lezen).transpose()
    }

    /// All that lies ready, the oldest first.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn alles_klaargezet(&self) -> Result<Vec<Klaargezet>, Opslagfout> {
        let rows = sqlx::query("SELECT * FROM klaargezet ORDER BY sinds, kenmerk").fetch_all(&self.pool).await?;
        rows.iter().map(lezen).collect()
    }
}
