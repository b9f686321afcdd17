//! What is to be wrapped again, since a recipient's key was frozen.

use inbreng_domain::{DeelId, Oin, Tijdstip};
use sqlx::Row;

use super::{Opslag, Opslagfout, Transactie, millis, parsed};

/// One part to be wrapped again for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Herwikkeltaak {
    /// Order of taking.
    pub volgorde: i64,
    /// The part.
    pub deel: DeelId,
    /// For whom.
    pub ontvanger: Oin,
    /// Thumbprint of the key that was frozen.
    pub bevroren: String,
    /// Failed attempts so far.
    pub pogingen: u32,
}

impl Transactie {
    /// Has these parts wrapped again for a recipient, and gives again what our yes gave it. Each once per key that was frozen.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn herwikkelen(
        &mut self,
        ontvanger: Oin,
        bevroren: &str,
        delen: &[DeelId],
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        for deel in delen {
            sqlx::query(
                "INSERT INTO herwikkeling (deel, ontvanger, bevroren, volgende_poging) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(deel.to_string())
            .bind(ontvanger.to_string())
            .bind(bevroren)
            .bind(millis(nu))
            .execute(&mut *self.0)
            .await?;
        }
        sqlx::query(
            "UPDATE toegang SET stand = 'open', pogingen = 0, opnieuw = 0, volgende_poging = ? WHERE ontvanger = ? AND stand = 'gegeven'",
        )
        .bind(millis(nu))
        .bind(ontvanger.to_string())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Opslag {
    /// The messages that we sent in which something is sealed for this key (thumbprint).
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn verzonden_onder_sleutel(&self, kid: &str) -> Result<Vec<String>, Opslagfout> {
        // Rare: once for each key that is frozen.
        let rows = sqlx::query("SELECT envelop FROM uitgaand WHERE envelop IS NOT NULL AND instr(envelop, ?) > 0")
            .bind(kid)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|r| Ok(r.try_get("envelop")?)).collect()
    }

    /// What is to be wrapped again now.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn herwikkelen_aan_de_beurt(&self, nu: Tijdstip, hoogstens: u32) -> Result<Vec<Herwikkeltaak>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT volgorde, deel, ontvanger, bevroren, pogingen FROM herwikkeling WHERE volgende_poging <= ? ORDER BY volgorde LIMIT ?",
        )
        .bind(millis(nu))
        .bind(hoogstens)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|r| {
                Ok(Herwikkeltaak {
                    volgorde: r.try_get("volgorde")?,
                    deel: parsed(r.try_get("deel")?, "deel")?,
                    ontvanger: parsed(r.try_get("ontvanger")?, "oin")?,
                    bevroren: r.try_get("bevroren")?,
                    pogingen: r.try_get("pogingen")?,
                })
            })
            .collect()
    }

    /// It was wrapped again, or is not to be.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn herwikkeld(&self, volgorde: i64) -> Result<(), Opslagfout> {
        sqlx::query("DELETE FROM herwikkeling WHERE volgorde = ?").bind(volgorde).execute(&self.pool).await?;
        Ok(())
    }

    /// It did not succeed; at this instant again.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn herwikkelen_later(&self, volgorde: i64, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE herwikkeling SET pogingen = pogingen + 1, volgende_poging = ? WHERE volgorde = ?")
            .bind(millis(wanneer))
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
