//! What the recipients of our messages must sign for, and the keys that they have signed with.

use inbreng_domain::{BerichtId, DeelId, Digest, Oin, Tijdstip};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Opslag, Opslagfout, Transactie, millis, parsed};

/// What one recipient of a message must sign for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bewijs {
    /// The message.
    pub bericht: BerichtId,
    /// Who.
    pub ontvanger: Oin,
    /// Digest of the signed `bericht`.
    pub digest: Digest,
    /// The parts that were allowed to it.
    pub moet: Vec<DeelId>,
    /// The parts that were sealed for it: some may be held, and come later or not at all.
    pub mag: Vec<DeelId>,
    /// How far it is.
    pub stand: Bewijsstand,
    /// How often was looked.
    pub pogingen: u32,
    /// The parts that it signed for, in whatever delivery: it has them.
    pub getekend: Vec<DeelId>,
    /// Since when there is something to fetch, where that is later than the message: what waited, or was given further.
    pub sinds: Option<Tijdstip>,
}

/// Whether a recipient signed for what we sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bewijsstand {
    /// Not yet.
    Open,
    /// Signed for exactly that.
    Klopt,
    /// Signed for less, and the hub says openly that it withholds the rest.
    Onthouden,
    /// Signed for something else, or the hub has no signature for what it says.
    WijktAf,
    /// The hub says that it was refused.
    Geweigerd,
    /// It was not fetched within its term, and has left the hub (R40).
    NietOpgehaald,
}

impl Bewijsstand {
    const ALL: [Self; 6] = [Self::Open, Self::Klopt, Self::Onthouden, Self::WijktAf, Self::Geweigerd, Self::NietOpgehaald];

    /// The word in the store and towards the own system.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Klopt => "klopt",
            Self::Onthouden => "onthouden",
            Self::WijktAf => "wijkt-af",
            Self::Geweigerd => "geweigerd",
            Self::NietOpgehaald => "niet-opgehaald",
        }
    }
}

impl std::str::FromStr for Bewijsstand {
    type Err = Opslagfout;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|b| b.as_str() == s).ok_or(Opslagfout::Waarde("bewijs"))
    }
}

fn bewijs(row: &SqliteRow) -> Result<Bewijs, Opslagfout> {
    let delen = |naam: &str| -> Result<Vec<DeelId>, Opslagfout> {
        serde_json::from_str(row.try_get(naam)?).map_err(|_| Opslagfout::Waarde("delen"))
    };
    Ok(Bewijs {
        bericht: parsed(row.try_get("bericht")?, "bericht")?,
        ontvanger: parsed(row.try_get("ontvanger")?, "oin")?,
        digest: parsed(row.try_get("digest")?, "digest")?,
        moet: delen("moet")?,
        mag: delen("mag")?,
        stand: row.try_get::<&str, _>("stand")?.parse()?,
        pogingen: row.try_get("pogingen")?,
        getekend: delen("getekend")?,
        sinds: row.try_get::<Option<i64>, _>("sinds")?.map(Tijdstip::from_unix_millis),
    })
}

impl Transactie {
    /// Remembers what a recipient must sign for; looked after from `wanneer`.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_verwachten(&mut self, verwacht: &Bewijs, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        let tekst = |delen: &[DeelId]| serde_json::to_string(delen).map_err(|_| Opslagfout::Waarde("delen"));
        sqlx::query(
            "INSERT INTO bewijs (bericht, ontvanger, digest, moet, mag, stand, volgende_poging, sinds) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(verwacht.bericht.to_string())
        .bind(verwacht.ontvanger.to_string())
        .bind(verwacht.digest.to_string())
        .bind(tekst(&verwacht.moet)?)
        .bind(tekst(&verwacht.mag)?)
        .bind(verwacht.stand.as_str())
        .bind(millis(wanneer))
        .bind(verwacht.sinds.map(millis))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Opslag {
    /// What the recipients of a message must sign for.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijzen(&self, bericht: BerichtId) -> Result<Vec<Bewijs>, Opslagfout> {
        let rows = sqlx::query("SELECT * FROM bewijs WHERE bericht = ? ORDER BY ontvanger").bind(bericht.to_string());
        rows.fetch_all(&self.pool).await?.iter().map(bewijs).collect()
    }

    /// Who got a message of ours, or is to get it; and to whom a part of it went further at our own yes. Of one part alone where it
    /// is named.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn houders(&self, bericht: BerichtId, deel: Option<DeelId>) -> Result<Vec<Oin>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT ontvanger FROM bewijs WHERE bericht = ?1 AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(mag) WHERE value = ?2) \
               OR EXISTS (SELECT 1 FROM json_each(moet) WHERE value = ?2)) \
             UNION SELECT t.ontvanger FROM toegang t JOIN deel d ON d.id = t.deel \
             WHERE d.bericht = ?1 AND t.stand = 'gegeven' AND (?2 IS NULL OR t.deel = ?2)",
        );
        let rows = rows.bind(bericht.to_string()).bind(deel.map(|d| d.to_string())).fetch_all(&self.pool).await?;
        rows.iter().map(|r| parsed(r.try_get("ontvanger")?, "oin")).collect()
    }

    /// Messages of which it is time to look whether they were signed for.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijzen_aan_de_beurt(&self, nu: Tijdstip, hoogstens: u32) -> Result<Vec<BerichtId>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT bericht FROM bewijs WHERE stand = 'open' AND volgende_poging <= ? GROUP BY bericht \
             ORDER BY min(volgende_poging) LIMIT ?",
        );
        let rows = rows.bind(millis(nu)).bind(hoogstens).fetch_all(&self.pool).await?;
        rows.iter().map(|r| parsed(r.try_get("bericht")?, "bericht")).collect()
    }

    /// What was found.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_stand(&self, bericht: BerichtId, ontvanger: Oin, stand: Bewijsstand) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE bewijs SET stand = ? WHERE bericht = ? AND ontvanger = ?")
            .bind(stand.as_str())
            .bind(bericht.to_string())
            .bind(ontvanger.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// It signed for these parts.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_getekend(&self, bericht: BerichtId, ontvanger: Oin, delen: &[DeelId]) -> Result<(), Opslagfout> {
        sqlx::query(
            "UPDATE bewijs SET getekend = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(getekend) UNION \
             SELECT value FROM json_each(?3))) WHERE bericht = ?1 AND ontvanger = ?2",
        )
        .bind(bericht.to_string())
        .bind(ontvanger.to_string())
        .bind(serde_json::to_string(delen).map_err(|_| Opslagfout::Waarde("delen"))?)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// From now on there is something for it to fetch.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_sinds(&self, bericht: BerichtId, ontvanger: Oin, sinds: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE bewijs SET sinds = ? WHERE bericht = ? AND ontvanger = ?")
            .bind(millis(sinds))
            .bind(bericht.to_string())
            .bind(ontvanger.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Not yet: the next look at what is open of this message not before `wanneer`.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_later(&self, bericht: BerichtId, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE bewijs SET pogingen = pogingen + 1, volgende_poging = ? WHERE bericht = ? AND stand = 'open'")
            .bind(millis(wanneer))
            .bind(bericht.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Whether a human is still to be told that this recipient does not come for this message. Once told, not again.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn bewijs_waarschuwen(&self, bericht: BerichtId, ontvanger: Oin) -> Result<bool, Opslagfout> {
        let done = sqlx::query("UPDATE bewijs SET gewaarschuwd = 1 WHERE bericht = ? AND ontvanger = ? AND gewaarschuwd = 0")
            .bind(bericht.to_string())
            .bind(ontvanger.to_string())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Remembers a verified signing certificate (base64 of DER) of a partner.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn ondertekenaar_leren(&self, oin: Oin, kid: &str, certificaat: &str) -> Result<(), Opslagfout> {
        sqlx::query("INSERT INTO ondertekenaar (oin, kid, certificaat) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(oin.to_string())
            .bind(kid)
            .bind(certificaat)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The signing certificates (base64 of DER) that were ever verified of a partner.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn ondertekenaars(&self, oin: Oin) -> Result<Vec<String>, Opslagfout> {
        let rows = sqlx::query("SELECT certificaat FROM ondertekenaar WHERE oin = ?").bind(oin.to_string());
        rows.fetch_all(&self.pool).await?.iter().map(|r| Ok(r.try_get("certificaat")?)).collect()
    }
}
