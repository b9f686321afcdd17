//! The outbox: what was taken from the own system, in order per case and lane, until the hub's answer is here.

use inbreng_domain::{BerichtId, CasusRef, Tijdstip, TypeNaam, vocabulary::Urgentie};
use sqlx::{Row, sqlite::SqliteRow};

use super::{LANGSTE_UITSTEL, Opslag, Opslagfout, Transactie, millis, parsed};
use crate::eigenaar::{INTREKKING, RECTIFICATIE};

/// How far a message is on its way to the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uitstand {
    /// Durably here.
    Aangenomen,
    /// Checked by the hub and by ourselves.
    Getoetst,
    /// Sealed and signed; from now on the bytes are fixed.
    Verzegeld,
    /// Offered to the hub; its answer is not here yet.
    Verzonden,
    /// Accepted by the hub.
    Bevestigd,
    /// Refused, with the reason.
    Geweigerd,
}

impl Uitstand {
    pub(super) const ALL: [Self; 6] =
        [Self::Aangenomen, Self::Getoetst, Self::Verzegeld, Self::Verzonden, Self::Bevestigd, Self::Geweigerd];

    /// The word in the store and towards the own system.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aangenomen => "aangenomen",
            Self::Getoetst => "getoetst",
            Self::Verzegeld => "verzegeld",
            Self::Verzonden => "verzonden",
            Self::Bevestigd => "bevestigd",
            Self::Geweigerd => "geweigerd",
        }
    }

    /// Whether nothing more happens.
    #[must_use]
    pub const fn is_eind(self) -> bool {
        matches!(self, Self::Bevestigd | Self::Geweigerd)
    }
}

impl std::str::FromStr for Uitstand {
    type Err = Opslagfout;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|u| u.as_str() == s).ok_or(Opslagfout::Waarde("stand"))
    }
}

/// A message to be put into the outbox.
#[derive(Debug)]
pub struct NieuweZending<'a> {
    /// The own system's kenmerk.
    pub kenmerk: &'a str,
    /// Digest of path and body, by which the same message is known again.
    pub vingerafdruk: &'a str,
    /// Its id on the wire.
    pub bericht: BerichtId,
    /// Its case, or itself where there is none: what must stay in order.
    pub zaak: &'a str,
    /// Its lane.
    pub baan: Urgentie,
    /// Its type.
    pub soort: &'a TypeNaam,
    /// What to seal, encrypted under the own key.
    pub voorbereiding: &'a str,
    /// Warnings for the user, as a JSON array.
    pub waarschuwingen: &'a str,
    /// When.
    pub nu: Tijdstip,
}

/// A message in the outbox.
#[derive(Debug, Clone)]
pub struct Zending {
    /// Order of taking.
    pub volgorde: i64,
    /// The own system's kenmerk.
    pub kenmerk: String,
    /// Digest of path and body.
    pub vingerafdruk: String,
    /// Its id on the wire.
    pub bericht: BerichtId,
    /// Its type.
    pub soort: TypeNaam,
    /// How far it is.
    pub stand: Uitstand,
    /// What to seal, encrypted; absent once it is settled.
    pub voorbereiding: Option<String>,
    /// The bytes that are sent, once sealed.
    pub envelop: Option<String>,
    /// The decisions by which something was not even sealed, as a JSON array.
    pub onthouden: String,
    /// The hub's answer (body of the 202, or the problem), as JSON.
    pub antwoord: Option<String>,
    /// Warnings for the user, as a JSON array.
    pub waarschuwingen: String,
    /// Failed attempts so far.
    pub pogingen: u32,
    /// When it was taken.
    pub aangenomen_op: Tijdstip,
    /// When it was settled.
    pub afgehandeld_op: Option<Tijdstip>,
}

impl Zending {
    /// Whether the hub confirmed it before, and lost it perhaps: the bytes are fixed, there is nothing to seal again.
    #[must_use]
    pub const fn is_nazending(&self) -> bool {
        !self.stand.is_eind() && self.voorbereiding.is_none() && self.antwoord.is_some()
    }
}

fn zending(row: &SqliteRow) -> Result<Zending, Opslagfout> {
    Ok(Zending {
        volgorde: row.try_get("volgorde")?,
        kenmerk: row.try_get("kenmerk")?,
        vingerafdruk: row.try_get("vingerafdruk")?,
        bericht: parsed(row.try_get("bericht")?, "bericht")?,
        soort: parsed(row.try_get("soort")?, "berichttype")?,
        stand: row.try_get::<&str, _>("stand")?.parse()?,
        voorbereiding: row.try_get("voorbereiding")?,
        envelop: row.try_get("envelop")?,
        onthouden: row.try_get("onthouden")?,
        antwoord: row.try_get("antwoord")?,
        waarschuwingen: row.try_get("waarschuwingen")?,
        pogingen: row.try_get("pogingen")?,
        aangenomen_op: Tijdstip::from_unix_millis(row.try_get("aangenomen_op")?),
        afgehandeld_op: row.try_get::<Option<i64>, _>("afgehandeld_op")?.map(Tijdstip::from_unix_millis),
    })
}

impl Transactie {
    /// A message of the outbox by the own kenmerk.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending(&mut self, kenmerk: &str) -> Result<Option<Zending>, Opslagfout> {
        let row = sqlx::query("SELECT * FROM uitgaand WHERE kenmerk = ?").bind(kenmerk).fetch_optional(&mut *self.0).await?;
        row.as_ref().map(zending).transpose()
    }

    /// Puts a message at the end of the outbox. One of the same kenmerk that was refused makes room for it.
    ///
    /// # Errors
    /// [`Opslagfout`]; also when the kenmerk is in use.
    pub async fn zending_aannemen(&mut self, nieuw: &NieuweZending<'_>) -> Result<(), Opslagfout> {
        let geweigerd = sqlx::query("DELETE FROM uitgaand WHERE kenmerk = ? AND stand = 'geweigerd' RETURNING bericht")
            .bind(nieuw.kenmerk)
            .fetch_optional(&mut *self.0)
            .await?;
        if let Some(row) = geweigerd {
            self.bericht_vergeten(row.try_get("bericht")?).await?;
        }
        sqlx::query(
            "INSERT INTO uitgaand (kenmerk, vingerafdruk, bericht, zaak, baan, soort, stand, voorbereiding, waarschuwingen, \
             aangenomen_op) VALUES (?, ?, ?, ?, ?, ?, 'aangenomen', ?, ?, ?)",
        )
        .bind(nieuw.kenmerk)
        .bind(nieuw.vingerafdruk)
        .bind(nieuw.bericht.to_string())
        .bind(nieuw.zaak)
        .bind(nieuw.baan.as_str())
        .bind(nieuw.soort.to_string())
        .bind(nieuw.voorbereiding)
        .bind(nieuw.waarschuwingen)
        .bind(millis(nieuw.nu))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Transactie {
    /// Accepted by the hub. What was still readable goes; the case is open.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_bevestigd(
        &mut self,
        volgorde: i64,
        antwoord: &str,
        casus: Option<CasusRef>,
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        afhandelen(self, volgorde, Uitstand::Bevestigd, antwoord, nu).await?;
        if let Some(casus) = casus {
            sqlx::query("UPDATE casus SET geopend = 1 WHERE ref = ?").bind(casus.to_string()).execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

impl Opslag {
    /// What we sent in a case, as it went: our own number and the envelope.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn verzonden_in(&self, casus: CasusRef) -> Result<Vec<(String, String)>, Opslagfout> {
        let rows = sqlx::query("SELECT kenmerk, envelop FROM uitgaand WHERE zaak = ? AND envelop IS NOT NULL ORDER BY volgorde");
        let rows = rows.bind(casus.to_string()).fetch_all(&self.pool).await?;
        rows.iter().map(|r| Ok((r.try_get("kenmerk")?, r.try_get("envelop")?))).collect()
    }

    /// A message of the outbox by the own kenmerk.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending(&self, kenmerk: &str) -> Result<Option<Zending>, Opslagfout> {
        let row = sqlx::query("SELECT * FROM uitgaand WHERE kenmerk = ?").bind(kenmerk).fetch_optional(&self.pool).await?;
        row.as_ref().map(zending).transpose()
    }

    /// The messages of a lane whose turn it is: the first open one of each case, but for those that are under way (`bezig`, by their
    /// order of taking). A case that the hub does not know yet has one lane only, since its first message opens it.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn aan_de_beurt(
        &self,
        nu: Tijdstip,
        baan: Urgentie,
        bezig: &[i64],
        hoogstens: usize,
    ) -> Result<Vec<Zending>, Opslagfout> {
        let bezig = serde_json::to_string(bezig).map_err(|_| Opslagfout::Waarde("bezig"))?;
        let rows = sqlx::query(
            "SELECT u.* FROM uitgaand u WHERE u.stand NOT IN ('bevestigd', 'geweigerd') AND u.volgende_poging NOT BETWEEN ? AND ? \
             AND u.baan = ? AND u.volgorde NOT IN (SELECT value FROM json_each(?)) \
             AND NOT EXISTS (SELECT 1 FROM uitgaand e WHERE e.zaak = u.zaak AND e.volgorde < u.volgorde \
               AND e.stand NOT IN ('bevestigd', 'geweigerd') \
               AND (e.baan = u.baan OR EXISTS (SELECT 1 FROM casus c WHERE c.ref = u.zaak AND c.geopend = 0))) \
             ORDER BY u.volgorde LIMIT ?",
        )
        .bind(millis(nu) + 1)
        .bind(millis(nu.plus(LANGSTE_UITSTEL)))
        .bind(baan.as_str())
        .bind(bezig)
        .bind(i64::try_from(hoogstens).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(zending).collect()
    }

    /// Checked; may be sealed, but for what `onthouden` (a JSON array of decisions) withholds.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_getoetst(&self, volgorde: i64, onthouden: &str) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE uitgaand SET stand = 'getoetst', onthouden = ? WHERE volgorde = ?")
            .bind(onthouden)
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Sealed: these are the bytes, from now on.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_verzegeld(&self, volgorde: i64, envelop: &str) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE uitgaand SET stand = 'verzegeld', envelop = ? WHERE volgorde = ?")
            .bind(envelop)
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// About to be offered: whether it arrived will be known from the answer only.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_verzonden(&self, volgorde: i64) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE uitgaand SET stand = 'verzonden' WHERE volgorde = ?").bind(volgorde).execute(&self.pool).await?;
        Ok(())
    }

    /// The hub wants it checked and sealed again: the bytes so far are void.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_opnieuw(&self, volgorde: i64, nu: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query(
            "UPDATE uitgaand SET stand = 'aangenomen', envelop = NULL, pogingen = pogingen + 1, volgende_poging = ? \
             WHERE volgorde = ?",
        )
        .bind(millis(nu))
        .bind(volgorde)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// An attempt failed; the next not before `wanneer`.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_later(&self, volgorde: i64, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE uitgaand SET pogingen = pogingen + 1, volgende_poging = ? WHERE volgorde = ?")
            .bind(millis(wanneer))
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Refused, by the hub or by ourselves, with the problem as JSON.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zending_geweigerd(&self, volgorde: i64, probleem: &str, nu: Tijdstip) -> Result<(), Opslagfout> {
        let mut tx = self.begin().await?;
        afhandelen(&mut tx, volgorde, Uitstand::Geweigerd, probleem, nu).await?;
        tx.vastleggen().await
    }

    /// Whether we ourselves took something back, or corrected it, in the case of a message of ours.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zelf_teruggenomen(&self, bericht: BerichtId) -> Result<bool, Opslagfout> {
        let row = sqlx::query(
            "SELECT 1 FROM uitgaand b JOIN uitgaand w ON w.zaak = b.zaak AND w.volgorde > b.volgorde \
             WHERE b.bericht = ? AND w.soort IN (?, ?)",
        )
        .bind(bericht.to_string())
        .bind(INTREKKING)
        .bind(RECTIFICATIE)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }

    /// Whether a message of ours is acute.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn is_acuut(&self, bericht: BerichtId) -> Result<bool, Opslagfout> {
        let row = sqlx::query("SELECT 1 FROM uitgaand WHERE bericht = ? AND baan = 'acuut'")
            .bind(bericht.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// Own words of these types, accepted, of which somebody may still have to stop using what they are about.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn te_volgen(&self, soorten: &[&str], nu: Tijdstip, hoogstens: u32) -> Result<Vec<Zending>, Opslagfout> {
        let soorten = serde_json::to_string(soorten).map_err(|_| Opslagfout::Waarde("soorten"))?;
        let rows = sqlx::query(
            "SELECT * FROM uitgaand WHERE stand = 'bevestigd' AND volgen_na <= ? \
             AND soort IN (SELECT value FROM json_each(?)) ORDER BY volgen_na, volgorde LIMIT ?",
        );
        rows.bind(millis(nu)).bind(soorten).bind(hoogstens).fetch_all(&self.pool).await?.iter().map(zending).collect()
    }

    /// The next look at such a word not before then; none: everyone has stopped.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn volgen_na(&self, volgorde: i64, wanneer: Option<Tijdstip>) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE uitgaand SET volgen_na = ? WHERE volgorde = ?")
            .bind(wanneer.map_or(i64::MAX, millis))
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// How many messages are still to be settled.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn zendingen_open(&self) -> Result<i64, Opslagfout> {
        let row = sqlx::query("SELECT count(*) AS n FROM uitgaand WHERE stand NOT IN ('bevestigd', 'geweigerd')")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get("n")?)
    }
}

async fn afhandelen(tx: &mut Transactie, volgorde: i64, stand: Uitstand, antwoord: &str, nu: Tijdstip) -> Result<(), Opslagfout> {
    sqlx::query("UPDATE uitgaand SET stand = ?, antwoord = ?, voorbereiding = NULL, afgehandeld_op = ? WHERE volgorde = ?")
        .bind(stand.as_str())
        .bind(antwoord)
        .bind(millis(nu))
        .bind(volgorde)
        .execute(&mut *tx.0)
        .await?;
    Ok(())
}
