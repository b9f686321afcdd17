//! The inbox: what was taken from the hub, kept sealed, until the own system has it and the hub knows.

use inbreng_domain::{
    BerichtId, DeelId, Digest, LeveringId, Oin, Tijdstip, TypeNaam, receipts::Weigeringscode, vocabulary::Urgentie,
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{LANGSTE_UITSTEL, Opslag, Opslagfout, Stop, Transactie, millis, parsed};
use crate::eigenaar;

/// How long after our word a page of the mailbox may still show a delivery as open, in milliseconds: it was asked before.
const OPNIEUW_AANGEBODEN: i64 = 60_000;

/// How long a word about a whole case (42) holds that case up before it is verified. The hub decides again on its own account; this
/// only spares a recipient what is withdrawn at the same moment, and must not let one partner keep a case of others standing.
pub(super) const ZAAK_WACHT: time::Duration = time::Duration::minutes(1);

/// How far a delivery is on its way to the own system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instand {
    /// Durably here, sealed.
    Opgehaald,
    /// Verified, and it opens.
    Geopend,
    /// The own system has it.
    Afgeleverd,
    /// And the hub has our signed receipt.
    Gemeld,
    /// Does not verify, or does not open.
    Geweigerd,
    /// And the hub has our signed refusal.
    WeigeringGemeld,
    /// The hub does not take our word on it, however often; a human was told.
    Vastgelopen,
}

impl Instand {
    pub(super) const ALL: [Self; 7] = [
        Self::Opgehaald,
        Self::Geopend,
        Self::Afgeleverd,
        Self::Gemeld,
        Self::Geweigerd,
        Self::WeigeringGemeld,
        Self::Vastgelopen,
    ];

    /// The states that it may come from. Two may be at one delivery at a time (the receiver, and who asks for the mailbox): who comes
    /// after the other finds it further on, and moves it nowhere.
    const fn vanuit(self) -> &'static [Self] {
        match self {
            Self::Opgehaald => &[],
            Self::Geopend => &[Self::Opgehaald],
            Self::Afgeleverd | Self::Geweigerd => &[Self::Opgehaald, Self::Geopend],
            Self::Gemeld => &[Self::Afgeleverd],
            Self::WeigeringGemeld => &[Self::Geweigerd],
            Self::Vastgelopen => &[Self::Afgeleverd, Self::Geweigerd],
        }
    }

    /// The same, as a JSON array for a statement.
    fn vanuit_json(self) -> String {
        let woorden: Vec<String> = self.vanuit().iter().map(|stand| format!("\"{}\"", stand.as_str())).collect();
        format!("[{}]", woorden.join(","))
    }

    /// Whether nothing more happens to it.
    #[must_use]
    pub const fn is_eind(self) -> bool {
        matches!(self, Self::Gemeld | Self::WeigeringGemeld | Self::Vastgelopen)
    }

    /// The word in the store and towards the own system.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opgehaald => "opgehaald",
            Self::Geopend => "geopend",
            Self::Afgeleverd => "afgeleverd",
            Self::Gemeld => "gemeld",
            Self::Geweigerd => "geweigerd",
            Self::WeigeringGemeld => "weigering-gemeld",
            Self::Vastgelopen => "vastgelopen",
        }
    }
}

impl std::str::FromStr for Instand {
    type Err = Opslagfout;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|u| u.as_str() == s).ok_or(Opslagfout::Waarde("stand"))
    }
}

/// A delivery to be put into the inbox.
#[derive(Debug)]
pub struct Nieuwkomer<'a> {
    /// The delivery; one that is here already is not taken twice.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Its case, or itself where there is none.
    pub zaak: &'a str,
    /// Its lane.
    pub baan: Urgentie,
    /// Its type.
    pub soort: &'a TypeNaam,
    /// Its sender, as it says.
    pub van: Oin,
    /// Digest of its `bericht` member, for the receipt.
    pub digest: Digest,
    /// Of a word that stops something: the message or the case that it is about, as it says.
    pub over: Option<&'a str>,
    /// The message that it stands beside, as it says: of its sender, handed over before it.
    pub na: Option<BerichtId>,
    /// The delivery as it came.
    pub ruw: &'a str,
    /// When.
    pub nu: Tijdstip,
}

/// Whose turn is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Beurt<'a> {
    /// When.
    pub nu: Tijdstip,
    /// Those that failed before, or those that never did: the former must not take all the places.
    pub herhaald: bool,
    /// The own system fetches and confirms by itself: what opens waits for it, and is nobody's turn.
    pub zelf_ophalen: bool,
    /// Those (by their order of taking) that are being worked on.
    pub bezig: &'a [i64],
    /// How many.
    pub hoogstens: usize,
}

/// A delivery in the inbox.
#[derive(Debug, Clone)]
pub struct Post {
    /// Order of taking.
    pub volgorde: i64,
    /// The delivery.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Its type.
    pub soort: TypeNaam,
    /// Its sender.
    pub van: Oin,
    /// How far it is.
    pub stand: Instand,
    /// Digest of its `bericht` member.
    pub digest: Digest,
    /// The delivery as it came; afterwards only while it has view-only parts.
    pub ruw: Option<String>,
    /// Why it was refused.
    pub code: Option<Weigeringscode>,
    /// Its lane.
    pub baan: Urgentie,
    /// What its owner said of it since.
    pub stop: Option<Stop>,
    /// Whether it is a word that stops something.
    pub is_stopwoord: bool,
    /// Failed attempts so far.
    pub pogingen: u32,
    /// Of these how many with an answer that will be the same again.
    pub afwijzingen: u32,
    /// When it was taken.
    pub opgehaald_op: Tijdstip,
}

pub(super) fn post(row: &SqliteRow) -> Result<Post, Opslagfout> {
    Ok(Post {
        volgorde: row.try_get("volgorde")?,
        levering: parsed(row.try_get("levering")?, "levering")?,
        bericht: parsed(row.try_get("bericht")?, "bericht")?,
        soort: parsed(row.try_get("soort")?, "berichttype")?,
        van: parsed(row.try_get("van")?, "oin")?,
        stand: row.try_get::<&str, _>("stand")?.parse()?,
        digest: parsed(row.try_get("digest")?, "digest")?,
        ruw: row.try_get("ruw")?,
        code: row.try_get::<Option<&str>, _>("code")?.map(|c| parsed(c, "weigeringscode")).transpose()?,
        baan: parsed(row.try_get("baan")?, "baan")?,
        stop: row.try_get::<Option<&str>, _>("stop")?.map(str::parse).transpose()?,
        is_stopwoord: row.try_get::<Option<&str>, _>("over")?.is_some(),
        pogingen: row.try_get("pogingen")?,
        afwijzingen: row.try_get("afwijzingen")?,
        opgehaald_op: Tijdstip::from_unix_millis(row.try_get("opgehaald_op")?),
    })
}

impl Transactie {
    /// Takes a delivery, once. False: it was here already. One that the hub offers again well after it was told of it, has lost
    /// our word on it, as one that was put back from a copy: it will be told again.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_opnemen(&mut self, nieuw: &Nieuwkomer<'_>) -> Result<bool, Opslagfout> {
        let done = sqlx::query(
            "INSERT INTO inkomend (levering, bericht, zaak, baan, soort, van, stand, digest, ruw, opgehaald_op, over, na) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'opgehaald', ?7, ?8, ?9, ?11, ?12) ON CONFLICT (levering) DO UPDATE \
             SET stand = CASE stand WHEN 'gemeld' THEN 'afgeleverd' ELSE 'geweigerd' END, ruw = excluded.ruw, \
             pogingen = 0, afwijzingen = 0, volgende_poging = 0 \
             WHERE stand IN ('gemeld', 'weigering-gemeld') AND digest = excluded.digest AND afgehandeld_op < ?9 - ?10",
        )
        .bind(nieuw.levering.to_string())
        .bind(nieuw.bericht.to_string())
        .bind(nieuw.zaak)
        .bind(nieuw.baan.as_str())
        .bind(nieuw.soort.to_string())
        .bind(nieuw.van.to_string())
        .bind(nieuw.digest.to_string())
        .bind(nieuw.ruw)
        .bind(millis(nieuw.nu))
        .bind(OPNIEUW_AANGEBODEN)
        .bind(nieuw.over)
        .bind(nieuw.na.map(|id| id.to_string()))
        .execute(&mut *self.0)
        .await?;
        // What its owner stopped may come again, or later than the word that stops it.
        self.herzien(nieuw.bericht).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Moves a delivery on, from one of the states before it. False: it is there already, or further on, and stays where it is.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_stand(&mut self, levering: LeveringId, stand: Instand) -> Result<bool, Opslagfout> {
        let gedaan = sqlx::query(
            "UPDATE inkomend SET stand = ?, pogingen = 0, afwijzingen = 0, volgende_poging = 0 \
             WHERE levering = ? AND stand IN (SELECT value FROM json_each(?))",
        );
        let gedaan = gedaan.bind(stand.as_str()).bind(levering.to_string()).bind(stand.vanuit_json());
        Ok(gedaan.execute(&mut *self.0).await?.rows_affected() == 1)
    }

    /// Remembers that a view-only part came with this delivery.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn inzagedeel(&mut self, deel: DeelId, levering: LeveringId) -> Result<(), Opslagfout> {
        sqlx::query(
            "INSERT INTO inzagedeel (deel, levering) VALUES (?, ?) ON CONFLICT (deel) DO UPDATE SET levering = excluded.levering",
        )
        .bind(deel.to_string())
        .bind(levering.to_string())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

impl Opslag {
    /// The deliveries whose turn it is: the first open one of each case and lane, acute first. What only waits for its
    /// receipt to be sent holds nobody up, and neither does what its owner stopped.
    ///
    /// A word that stops something is verified before its turn, and what it is about waits until it is: the message of its sender
    /// that it names, or for a minute the whole case. It is handed on once nothing of that is being handed over any more, so that the
    /// own system never hears of it in the wrong order.
    ///
    /// What stands beside a message waits, in whatever lane, until that is handed over. Where that is frozen it waits too, and holds up
    /// nobody.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_aan_de_beurt(&self, beurt: &Beurt<'_>) -> Result<Vec<Post>, Opslagfout> {
        let bezig = serde_json::to_string(beurt.bezig).map_err(|_| Opslagfout::Waarde("bezig"))?;
        let rows = sqlx::query(
            "SELECT i.* FROM inkomend i WHERE i.stand IN ('opgehaald', 'geopend', 'afgeleverd', 'geweigerd') \
             AND i.volgende_poging NOT BETWEEN ?1 AND ?8 AND (i.pogingen > 0) = ?2 AND NOT (?3 AND i.stand = 'geopend' AND i.stop IS NOT 'terug') \
             AND i.volgorde NOT IN (SELECT value FROM json_each(?4)) \
             AND NOT (i.stop IS 'bevroren' AND i.stand IN ('opgehaald', 'geopend')) \
             AND (i.stop IS 'terug' OR (i.over IS NOT NULL AND i.stand = 'opgehaald') \
               OR NOT EXISTS (SELECT 1 FROM inkomend e WHERE e.zaak = i.zaak AND e.baan = i.baan AND e.volgorde < i.volgorde \
                 AND e.stand IN ('opgehaald', 'geopend') AND e.stop IS NULL AND (i.over IS NULL OR e.over IS NOT NULL) \
                 AND NOT EXISTS (SELECT 1 FROM inkomend f WHERE f.bericht = e.na AND f.van = e.van AND f.stop IS 'bevroren' \
                   AND f.stand IN ('opgehaald', 'geopend')) \
                 AND NOT (e.afwijzingen > 1 AND e.soort IN (SELECT value FROM json_each(?6))))) \
             AND (i.over IS NOT NULL OR i.stand IN ('afgeleverd', 'geweigerd') OR NOT EXISTS (SELECT 1 FROM inkomend w \
               WHERE w.stand = 'opgehaald' AND (w.over = i.bericht AND w.van = i.van OR w.over = i.zaak AND w.opgehaald_op > ?7))) \
             AND NOT (i.over IS NOT NULL AND i.stand = 'geopend' AND EXISTS (SELECT 1 FROM inkomend b WHERE b.over IS NULL \
               AND b.volgorde IN (SELECT value FROM json_each(?4)) AND i.over IN (b.bericht, b.zaak))) \
             AND NOT (i.stand IN ('opgehaald', 'geopend') AND EXISTS (SELECT 1 FROM inkomend b WHERE b.bericht = i.na AND b.van = i.van \
               AND b.stand IN ('opgehaald', 'geopend') AND b.stop IS NOT 'terug')) \
             ORDER BY i.baan = 'acuut' DESC, i.over IS NOT NULL DESC, i.volgende_poging, i.volgorde LIMIT ?5",
        )
        .bind(millis(beurt.nu) + 1)
        .bind(beurt.herhaald)
        .bind(beurt.zelf_ophalen)
        .bind(bezig)
        .bind(i64::try_from(beurt.hoogstens).unwrap_or(i64::MAX))
        .bind(serde_json::to_string(&eigenaar::SOORTEN).map_err(|_| Opslagfout::Waarde("soorten"))?)
        .bind(millis(beurt.nu.plus(-ZAAK_WACHT)))
        .bind(millis(beurt.nu.plus(LANGSTE_UITSTEL)))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(post).collect()
    }

    /// One delivery.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post(&self, levering: LeveringId) -> Result<Option<Post>, Opslagfout> {
        let row = sqlx::query("SELECT * FROM inkomend WHERE levering = ?")
            .bind(levering.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(post).transpose()
    }

    /// The newest deliveries, whatever their state.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn postbus(&self, hoogstens: u32) -> Result<Vec<Post>, Opslagfout> {
        let rows =
            sqlx::query("SELECT * FROM inkomend ORDER BY volgorde DESC LIMIT ?").bind(hoogstens).fetch_all(&self.pool).await?;
        rows.iter().map(post).collect()
    }

    /// The same, with what is acute and still to be read before everything else.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn postbus_acuut_eerst(&self, hoogstens: u32) -> Result<Vec<Post>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT * FROM inkomend ORDER BY (baan = 'acuut' AND stand IN ('opgehaald', 'geopend') AND stop IS NULL) DESC, \
             volgorde DESC LIMIT ?",
        );
        rows.bind(hoogstens).fetch_all(&self.pool).await?.iter().map(post).collect()
    }

    /// Acute deliveries that nobody has taken since before this instant, each named once.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn acuut_blijft_liggen(&self, sinds: Tijdstip) -> Result<Vec<Post>, Opslagfout> {
        let rows = sqlx::query(
            "UPDATE inkomend SET gewaarschuwd = 1 WHERE baan = 'acuut' AND stand IN ('opgehaald', 'geopend') AND stop IS NULL \
             AND gewaarschuwd = 0 AND opgehaald_op < ? RETURNING *",
        );
        rows.bind(millis(sinds)).fetch_all(&self.pool).await?.iter().map(post).collect()
    }

    /// The delivery that brought a view-only part.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_van_deel(&self, deel: DeelId) -> Result<Option<Post>, Opslagfout> {
        let row = sqlx::query("SELECT i.* FROM inkomend i JOIN inzagedeel d ON d.levering = i.levering WHERE d.deel = ?")
            .bind(deel.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(post).transpose()
    }

    /// The newest delivery of a message.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_van_bericht(&self, bericht: BerichtId) -> Result<Option<Post>, Opslagfout> {
        let row = sqlx::query("SELECT * FROM inkomend WHERE bericht = ? ORDER BY volgorde DESC LIMIT 1")
            .bind(bericht.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(post).transpose()
    }

    /// The view-only parts that a delivery brought.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn inzagedelen(&self, levering: LeveringId) -> Result<Vec<DeelId>, Opslagfout> {
        let rows = sqlx::query("SELECT deel FROM inzagedeel WHERE levering = ? ORDER BY deel")
            .bind(levering.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|r| parsed(r.try_get("deel")?, "deel")).collect()
    }

    /// Whether the own system has this message already, by an earlier delivery, with all of these parts. A delivery under a
    /// new number is then the same message again, whoever sends it again and why.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn al_afgeleverd(&self, post: &Post, delen: &[DeelId]) -> Result<bool, Opslagfout> {
        let delen = serde_json::to_string(delen).map_err(|_| Opslagfout::Waarde("delen"))?;
        let row = sqlx::query(
            "SELECT 1 FROM inkomend e WHERE e.bericht = ?1 AND e.van = ?2 AND e.volgorde < ?3 AND e.stand IN ('afgeleverd', 'gemeld') \
             AND NOT EXISTS (SELECT 1 FROM json_each(?4) k WHERE k.value NOT IN (SELECT id FROM deel WHERE bericht = ?1))",
        )
        .bind(post.bericht.to_string())
        .bind(post.van.to_string())
        .bind(post.volgorde)
        .bind(delen)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }

    /// Moves one delivery on, from one of the states before it. False: it is there already, or further on.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_zet(&self, levering: LeveringId, stand: Instand) -> Result<bool, Opslagfout> {
        let mut tx = self.begin().await?;
        let gedaan = tx.post_stand(levering, stand).await?;
        tx.vastleggen().await?;
        Ok(gedaan)
    }

    /// Refuses a delivery that the own system does not have. False: it has it, or it was refused already.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_geweigerd(&self, levering: LeveringId, code: Weigeringscode) -> Result<bool, Opslagfout> {
        let gedaan = sqlx::query(
            "UPDATE inkomend SET stand = 'geweigerd', code = ?, pogingen = 0, afwijzingen = 0, volgende_poging = 0 \
             WHERE levering = ? AND stand IN (SELECT value FROM json_each(?))",
        );
        let gedaan = gedaan.bind(code.as_str()).bind(levering.to_string()).bind(Instand::Geweigerd.vanuit_json());
        Ok(gedaan.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// The hub has our answer; `rest` is what must stay for view-only parts, nothing otherwise. Nothing happens to what is not waiting for
    /// that answer.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_gemeld(
        &self,
        levering: LeveringId,
        stand: Instand,
        rest: Option<&str>,
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        let gedaan = sqlx::query(
            "UPDATE inkomend SET stand = ?, ruw = ?, afgehandeld_op = ? \
             WHERE levering = ? AND stand IN (SELECT value FROM json_each(?))",
        );
        let gedaan = gedaan.bind(stand.as_str()).bind(rest).bind(millis(nu)).bind(levering.to_string());
        gedaan.bind(stand.vanuit_json()).execute(&self.pool).await?;
        Ok(())
    }

    /// A delivery of which the hub was told already, and that somebody who was late put back to where it was before (adapters of former
    /// versions did): nothing of it is here any more, and nobody waits for it. Gives whether it was one.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_was_gemeld(&self, levering: LeveringId) -> Result<bool, Opslagfout> {
        let gedaan = sqlx::query(
            "UPDATE inkomend SET stand = 'gemeld' WHERE levering = ? AND ruw IS NULL AND afgehandeld_op IS NOT NULL \
             AND stand IN ('opgehaald', 'geopend', 'afgeleverd')",
        );
        Ok(gedaan.bind(levering.to_string()).execute(&self.pool).await?.rows_affected() == 1)
    }

    /// An attempt failed; the next not before `wanneer`.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_later(&self, levering: LeveringId, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE inkomend SET pogingen = pogingen + 1, volgende_poging = ? WHERE levering = ?")
            .bind(millis(wanneer))
            .bind(levering.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// An attempt failed with an answer that will be the same again; the next not before `wanneer`. Gives how many there were.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_afgewezen(&self, levering: LeveringId, wanneer: Tijdstip) -> Result<u32, Opslagfout> {
        let row = sqlx::query(
            "UPDATE inkomend SET pogingen = pogingen + 1, afwijzingen = afwijzingen + 1, volgende_poging = ? WHERE levering = ? \
             RETURNING afwijzingen",
        )
        .bind(millis(wanneer))
        .bind(levering.to_string())
        .fetch_one(&self.pool)
        .await?;
        Ok(row.try_get("afwijzingen")?)
    }

    /// How many deliveries are still to be settled.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn post_open(&self) -> Result<i64, Opslagfout> {
        let row =
            sqlx::query("SELECT count(*) AS n FROM inkomend WHERE stand IN ('opgehaald', 'geopend', 'afgeleverd', 'geweigerd')")
                .fetch_one(&self.pool)
                .await?;
        Ok(row.try_get("n")?)
    }
}
