//! Consent that we hold evidence of.

use inbreng_domain::{CasusRef, Toestemming};
use sqlx::Row;

use super::{Opslag, Opslagfout, Transactie};

impl Transactie {
    /// Keeps a statement of consent. Every one stays; the highest number counts (R10, R11).
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toestemming_leren(&mut self, toestemming: &Toestemming) -> Result<(), Opslagfout> {
        let record = serde_json::to_string(toestemming).map_err(|_| Opslagfout::Waarde("toestemming"))?;
        sqlx::query(
            "INSERT INTO toestemming (casus, geregistreerd_door, persoon, eigenaar, volgnummer, bericht, record) \
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(toestemming.casus.to_string())
        .bind(toestemming.geregistreerd_door.to_string())
        .bind(toestemming.persoon.to_string())
        .bind(toestemming.eigenaar.to_string())
        .bind(toestemming.volgnummer)
        .bind(toestemming.bericht.to_string())
        .bind(record)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Opslag {
    /// All statements of consent in a case.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toestemmingen(&self, casus: CasusRef) -> Result<Vec<Toestemming>, Opslagfout> {
        let rows = sqlx::query("SELECT record FROM toestemming WHERE casus = ?").bind(casus.to_string());
        let lezen = |tekst: &str| serde_json::from_str(tekst).map_err(|_| Opslagfout::Waarde("toestemming"));
        rows.fetch_all(&self.pool).await?.iter().map(|r| lezen(r.try_get("record")?)).collect()
    }
}
