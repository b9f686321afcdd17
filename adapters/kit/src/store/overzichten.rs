//! What persons asked about a case (R33), until they were told.

use inbreng_domain::{BerichtId, CasusRef, PersoonRef, Tijdstip, overzicht::Overzichtverzoek};
use sqlx::Row;
use time::Duration;

use super::{Opslag, Opslagfout, Transactie, millis};

/// How long a question is kept that nobody ever answered: as long as the hub knows a case that was closed.
const BEWAARD: Duration = Duration::days(365);

impl Opslag {
    /// Keeps a question that the hub has; the same person on the same day is the same question.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn overzicht_gevraagd(&self, verzoek: &Overzichtverzoek) -> Result<(), Opslagfout> {
        let record = serde_json::to_string(verzoek).map_err(|_| Opslagfout::Waarde("overzichtverzoek"))?;
        let mut tx = self.begin().await?;
        let oud = verzoek.tijd.plus(-BEWAARD);
        sqlx::query("DELETE FROM overzichtvraag WHERE tijd < ?").bind(millis(oud)).execute(&mut *tx.0).await?;
        sqlx::query(
            "INSERT INTO overzichtvraag (verzoek, casus, persoon, gevraagd_op, tijd, record) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT DO NOTHING",
        )
        .bind(verzoek.verzoek.to_string())
        .bind(verzoek.casus.to_string())
        .bind(verzoek.persoon.to_string())
        .bind(verzoek.gevraagd_op.to_string())
        .bind(millis(verzoek.tijd))
        .bind(record)
        .execute(&mut *tx.0)
        .await?;
        tx.vastleggen().await
    }

    /// Questions of `sinds` on that the hub does not have again after this restoration, with how often each was offered.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn overzichten_opnieuw(&self, herstel: &str, sinds: Tijdstip) -> Result<Vec<(Overzichtverzoek, u32)>, Opslagfout> {
        let rijen = sqlx::query("SELECT record, pogingen FROM overzichtvraag WHERE tijd >= ? AND herstel <> ? ORDER BY tijd");
        let rijen = rijen.bind(millis(sinds)).bind(herstel).fetch_all(&self.pool).await?;
        let gelezen = |rij: &sqlx::sqlite::SqliteRow| {
            let verzoek = serde_json::from_str(rij.try_get("record")?).map_err(|_| Opslagfout::Waarde("overzichtverzoek"))?;
            Ok((verzoek, rij.try_get("pogingen")?))
        };
        rijen.iter().map(gelezen).collect()
    }

    /// The hub has it again, or never will.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn overzicht_klaar(&self, verzoek: BerichtId, herstel: &str) -> Result<(), Opslagfout> {
        let zin = sqlx::query("UPDATE overzichtvraag SET herstel = ?, pogingen = 0 WHERE verzoek = ?");
        zin.bind(herstel).bind(verzoek.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// The hub did not take it; it is offered again.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn overzicht_later(&self, verzoek: BerichtId) -> Result<(), Opslagfout> {
        let zin = sqlx::query("UPDATE overzichtvraag SET pogingen = pogingen + 1 WHERE verzoek = ?");
        zin.bind(verzoek.to_string()).execute(&self.pool).await?;
        Ok(())
    }
}

impl Transactie {
    /// This person was told what it had asked up to then.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn overzicht_verteld(&mut self, casus: CasusRef, persoon: PersoonRef, op: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("DELETE FROM overzichtvraag WHERE casus = ? AND persoon = ? AND tijd <= ?")
            .bind(casus.to_string())
            .bind(persoon.to_string())
            .bind(millis(op))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{Code, ConvenantId, Datum, Oin};

    use super::*;

    fn verzoek(persoon: u8, dag: &str, tijd: &str) -> Overzichtverzoek {
        Overzichtverzoek {
            verzoek: BerichtId::mint(Tijdstip::parse(tijd).unwrap(), &inbreng_proof::SystemRandomness),
            casus: CasusRef::from_bytes([1; 32]),
            persoon: PersoonRef::from_bytes([persoon; 16]),
            convenant: ConvenantId::parse("voorbeeldregio").unwrap(),
            gevraagd_op: Datum::parse(dag).unwrap(),
            organisatie: Oin::parse("00000001000000000001").unwrap(),
            functie: Code::parse("casusregisseur").unwrap(),
            tijd: Tijdstip::parse(tijd).unwrap(),
            na: None,
        }
    }

    #[tokio::test]
    async fn what_was_asked_is_brought_again_once_for_each_restoration_until_it_was_told() {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.db")).await.unwrap();
        let [eerste, later] =
            [verzoek(1, "2026-11-20", "2026-11-20T10:00:00.000Z"), verzoek(1, "2026-11-22", "2026-11-22T10:00:00.000Z")];
        let ander = verzoek(2, "2026-11-20", "2026-11-20T11:00:00.000Z");
        for een in [&eerste, &later, &ander, &verzoek(1, "2026-11-20", "2026-11-20T12:00:00.000Z")] {
            opslag.overzicht_gevraagd(een).await.unwrap();
        }
        let sinds = |tijd: &str| Tijdstip::parse(tijd).unwrap();
        let open = async |naam: &str, tijd: &str| opslag.overzichten_opnieuw(naam, sinds(tijd)).await.unwrap();
        let van = "2026-11-20T00:00:00.000Z";
        assert_eq!(open("een", van).await, [(eerste.clone(), 0), (ander.clone(), 0), (later.clone(), 0)], "one for a day");
        assert_eq!(open("een", "2026-11-21T00:00:00.000Z").await, [(later.clone(), 0)], "of after the copy");
        opslag.overzicht_later(eerste.verzoek).await.unwrap();
        opslag.overzicht_klaar(ander.verzoek, "een").await.unwrap();
        assert_eq!(open("een", van).await, [(eerste.clone(), 1), (later.clone(), 0)]);
        assert_eq!(open("twee", van).await.len(), 3, "another restoration");
        // Our word of then, sent again, does not answer what was asked later.
        let mut tx = opslag.begin().await.unwrap();
        tx.overzicht_verteld(eerste.casus, eerste.persoon, sinds("2026-11-21T00:00:00.000Z")).await.unwrap();
        tx.vastleggen().await.unwrap();
        assert_eq!(open("een", van).await, [(later, 0)]);
    }
}
