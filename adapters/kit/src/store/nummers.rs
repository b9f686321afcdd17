//! Own keys and the references of the wire: cases, persons, messages, parts, series.

use inbreng_domain::{BerichtId, CasusRef, DeelId, Oin, Opening, PersoonRef, Randomness, TypeNaam};
use sqlx::Row;

use super::{Opslag, Opslagfout, Transactie, parsed};

/// A case.
#[derive(Clone, PartialEq, Eq)]
pub struct Zaak {
    /// Its reference.
    pub verwijzing: CasusRef,
    /// The own system's key.
    pub eigen: String,
    /// The nonce, where we minted the case.
    pub opening: Option<Opening>,
    /// Whether the hub accepted its first message.
    pub geopend: bool,
}

impl std::fmt::Debug for Zaak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zaak").field("verwijzing", &self.verwijzing).field("eigen", &"***").finish_non_exhaustive()
    }
}

/// A message by both its names.
#[derive(Clone, PartialEq, Eq)]
pub struct Berichtnummer {
    /// Its id.
    pub id: BerichtId,
    /// The own system's kenmerk.
    pub kenmerk: String,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// Its sender.
    pub van: Oin,
    /// Its type.
    pub soort: TypeNaam,
}

impl std::fmt::Debug for Berichtnummer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Berichtnummer").field("id", &self.id).field("kenmerk", &"***").finish_non_exhaustive()
    }
}

impl Transactie {
    /// The case of an own key (or of a reference), the newest first.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zaak(&mut self, eigen: &str) -> Result<Option<Zaak>, Opslagfout> {
        let row = sqlx::query(
            "SELECT ref, eigen, opening, geopend FROM casus WHERE eigen = ?1 OR ref = ?1 ORDER BY volgorde DESC LIMIT 1",
        )
        .bind(eigen)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let opening: Option<String> = row.try_get("opening")?;
        Ok(Some(Zaak {
            verwijzing: parsed(row.try_get("ref")?, "casus")?,
            eigen: row.try_get("eigen")?,
            opening: opening.map(|o| parsed(&o, "opening")).transpose()?,
            geopend: row.try_get("geopend")?,
        }))
    }

    /// Mints a case for an own key.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zaak_openen(&mut self, eigen: &str, oin: Oin, random: &dyn Randomness) -> Result<Zaak, Opslagfout> {
        let opening = Opening::mint(random);
        let verwijzing = inbreng_proof::casus::casus_ref(oin, opening);
        sqlx::query("INSERT INTO casus (ref, eigen, opening, geopend) VALUES (?, ?, ?, 0)")
            .bind(verwijzing.to_string())
            .bind(eigen)
            .bind(opening.to_string())
            .execute(&mut *self.0)
            .await?;
        Ok(Zaak { verwijzing, eigen: eigen.to_owned(), opening: Some(opening), geopend: false })
    }

    /// Remembers a case that another opened; its key is the reference until the own system gives one.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zaak_leren(&mut self, verwijzing: CasusRef, eigen: Option<&str>) -> Result<(), Opslagfout> {
        let tekst = verwijzing.to_string();
        sqlx::query("INSERT INTO casus (ref, eigen, geopend) VALUES (?, ?, 1) ON CONFLICT (ref) DO UPDATE SET geopend = 1")
            .bind(&tekst)
            .bind(&tekst)
            .execute(&mut *self.0)
            .await?;
        if let Some(eigen) = eigen {
            sqlx::query("UPDATE casus SET eigen = ? WHERE ref = ?").bind(eigen).bind(&tekst).execute(&mut *self.0).await?;
        }
        Ok(())
    }

    /// The person's reference in this case; minted at its first use.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn persoon(&mut self, casus: CasusRef, eigen: &str, random: &dyn Randomness) -> Result<PersoonRef, Opslagfout> {
        let known =
            sqlx::query("SELECT ref FROM persoon WHERE casus = ?1 AND (eigen = ?2 OR ref = ?2) ORDER BY volgorde DESC LIMIT 1")
                .bind(casus.to_string())
                .bind(eigen)
                .fetch_optional(&mut *self.0)
                .await?;
        if let Some(row) = known {
            return parsed(row.try_get("ref")?, "persoon");
        }
        let minted = PersoonRef::mint(random);
        self.persoon_leren(casus, minted, Some(eigen)).await?;
        Ok(minted)
    }

    /// Remembers a person of a case; the key is the reference until the own system gives one.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn persoon_leren(&mut self, casus: CasusRef, persoon: PersoonRef, eigen: Option<&str>) -> Result<(), Opslagfout> {
        let (casus, persoon) = (casus.to_string(), persoon.to_string());
        sqlx::query("INSERT INTO persoon (casus, ref, eigen) VALUES (?, ?, ?) ON CONFLICT (casus, ref) DO NOTHING")
            .bind(&casus)
            .bind(&persoon)
            .bind(eigen.unwrap_or(&persoon))
            .execute(&mut *self.0)
            .await?;
        if let Some(eigen) = eigen {
            sqlx::query("UPDATE persoon SET eigen = ? WHERE casus = ? AND ref = ?")
                .bind(eigen)
                .bind(&casus)
                .bind(&persoon)
                .execute(&mut *self.0)
                .await?;
        }
        Ok(())
    }

    /// A message by its kenmerk or id, the newest first.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bericht(&mut self, kenmerk: &str) -> Result<Option<Berichtnummer>, Opslagfout> {
        let row = sqlx::query(
            "SELECT id, kenmerk, casus, van, soort FROM bericht WHERE kenmerk = ?1 OR id = ?1 ORDER BY id DESC LIMIT 1",
        )
        .bind(kenmerk)
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let casus: Option<String> = row.try_get("casus")?;
        Ok(Some(Berichtnummer {
            id: parsed(row.try_get("id")?, "bericht")?,
            kenmerk: row.try_get("kenmerk")?,
            casus: casus.map(|c| parsed(&c, "casus")).transpose()?,
            van: parsed(row.try_get("van")?, "oin")?,
            soort: parsed(row.try_get("soort")?, "berichttype")?,
        }))
    }

    /// Remembers a message, sent or received, with its parts in order. Of two senders who use one id the first keeps it: the
    /// other changes neither the name nor the parts under which we know it.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bericht_leren(&mut self, bericht: &Berichtnummer, delen: &[DeelId]) -> Result<(), Opslagfout> {
        let id = bericht.id.to_string();
        let geleerd = sqlx::query(
            "INSERT INTO bericht (id, kenmerk, casus, van, soort) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET kenmerk = excluded.kenmerk WHERE van = excluded.van",
        )
        .bind(&id)
        .bind(&bericht.kenmerk)
        .bind(bericht.casus.map(|c| c.to_string()))
        .bind(bericht.van.to_string())
        .bind(bericht.soort.to_string())
        .execute(&mut *self.0)
        .await?;
        if geleerd.rows_affected() == 0 {
            return Ok(());
        }
        for (nummer, deel) in delen.iter().enumerate() {
            sqlx::query("INSERT INTO deel (bericht, nummer, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(&id)
                .bind(i64::try_from(nummer).unwrap_or(i64::MAX))
                .bind(deel.to_string())
                .execute(&mut *self.0)
                .await?;
        }
        Ok(())
    }

    /// Forgets a message that was refused and will come again under another id.
    pub(super) async fn bericht_vergeten(&mut self, id: &str) -> Result<(), Opslagfout> {
        sqlx::query("DELETE FROM deel WHERE bericht = ?").bind(id).execute(&mut *self.0).await?;
        sqlx::query("DELETE FROM bericht WHERE id = ?").bind(id).execute(&mut *self.0).await?;
        Ok(())
    }

    /// The n-th part (from 0) of a message.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn deel(&mut self, bericht: BerichtId, nummer: u32) -> Result<Option<DeelId>, Opslagfout> {
        let row = sqlx::query("SELECT id FROM deel WHERE bericht = ? AND nummer = ?")
            .bind(bericht.to_string())
            .bind(nummer)
            .fetch_optional(&mut *self.0)
            .await?;
        row.map(|r| parsed(r.try_get("id")?, "deel")).transpose()
    }

    /// The next number of an own series, from 1.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn volgnummer(&mut self, reeks: &str) -> Result<u32, Opslagfout> {
        let row = sqlx::query(
            "INSERT INTO reeks (naam, laatste) VALUES (?, 1) \
             ON CONFLICT (naam) DO UPDATE SET laatste = laatste + 1 RETURNING laatste",
        )
        .bind(reeks)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(row.try_get("laatste")?)
    }
}

impl Opslag {
    /// The case by its reference.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zaak(&self, verwijzing: CasusRef) -> Result<Option<Zaak>, Opslagfout> {
        let mut tx = self.begin().await?;
        let zaak = tx.zaak(&verwijzing.to_string()).await?;
        tx.vergeten().await?;
        Ok(zaak)
    }

    /// The case by the own system's key (or by its reference), the newest first.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zaak_van(&self, eigen: &str) -> Result<Option<Zaak>, Opslagfout> {
        let mut tx = self.begin().await?;
        let zaak = tx.zaak(eigen).await?;
        tx.vergeten().await?;
        Ok(zaak)
    }

    /// The person's reference in this case by the own system's key (or by itself); none is minted.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn persoon_van(&self, casus: CasusRef, eigen: &str) -> Result<Option<PersoonRef>, Opslagfout> {
        let row =
            sqlx::query("SELECT ref FROM persoon WHERE casus = ?1 AND (eigen = ?2 OR ref = ?2) ORDER BY volgorde DESC LIMIT 1")
                .bind(casus.to_string())
                .bind(eigen)
                .fetch_optional(&self.pool)
                .await?;
        row.map(|r| parsed(r.try_get("ref")?, "persoon")).transpose()
    }

    /// A message by its kenmerk or id.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bericht(&self, kenmerk: &str) -> Result<Option<Berichtnummer>, Opslagfout> {
        let mut tx = self.begin().await?;
        let bericht = tx.bericht(kenmerk).await?;
        tx.vergeten().await?;
        Ok(bericht)
    }

    /// The parts of a message, in their order.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn delen(&self, bericht: BerichtId) -> Result<Vec<DeelId>, Opslagfout> {
        let rows = sqlx::query("SELECT id FROM deel WHERE bericht = ? ORDER BY nummer")
            .bind(bericht.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|r| parsed(r.try_get("id")?, "deel")).collect()
    }

    /// The own keys of a case's persons: reference and key, where the own system gave one.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn personen(&self, casus: CasusRef) -> Result<Vec<(String, String)>, Opslagfout> {
        let rows = sqlx::query("SELECT ref, eigen FROM persoon WHERE casus = ? AND eigen <> ref ORDER BY volgorde")
            .bind(casus.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|r| Ok((r.try_get("ref")?, r.try_get("eigen")?))).collect()
    }
}
