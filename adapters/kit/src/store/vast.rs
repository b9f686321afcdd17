//! What is pinned: directory statements, the policy bundle, the newest log head; and alarms.

use std::collections::BTreeMap;

use inbreng_domain::{Digest, Oin, Tijdstip};
use inbreng_proof::gids::verklaring_digest;
use sqlx::Row;

use super::{Opslag, Opslagfout, Transactie, millis, parsed};

/// The numbers and digests of a partner's newest statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The partner.
    pub oin: Oin,
    /// Number of the directory statement.
    pub vermelding_nummer: u32,
    /// Digest of its compact JWS.
    pub vermelding_digest: Digest,
    /// The key statements: of each number, the digest of its compact JWS.
    pub sleutels: BTreeMap<u32, Digest>,
    /// The newest of them that the covenant manager confirmed; 0 for none.
    pub bevestigd: u32,
}

impl Pin {
    /// Number and digest of the newest key statement; 0 and the digest of nothing where there is none.
    fn nieuwste_sleutel(&self) -> (u32, Digest) {
        self.sleutels.last_key_value().map_or_else(|| (0, verklaring_digest("")), |(nummer, digest)| (*nummer, *digest))
    }

    /// Whether its key statements go on from this one: they hold it, or the covenant manager confirmed one after it. A key that was retired
    /// proves for as long as nobody freezes it; who has one makes another row beside the one that was seen.
    fn gaat_verder(&self, (nummer, digest): (u32, Digest)) -> bool {
        nummer == 0 || self.bevestigd > nummer || self.sleutels.get(&nummer) == Some(&digest)
    }
}

/// A statement that goes back behind one seen before, or another under the same number.
#[derive(Debug, thiserror::Error)]
pub enum Pinfout {
    /// Older than what was seen: replayed.
    #[error("statement of {0} is older than one seen before")]
    Ouder(Oin),
    /// The same number over another text.
    #[error("two statements of {0} under one number")]
    Dubbel(Oin),
    /// Newer key statements that do not go on from the ones that were seen.
    #[error("key statements of {0} do not go on from those seen before")]
    Vertakt(Oin),
    /// The store.
    #[error(transparent)]
    Opslag(#[from] Opslagfout),
}

/// Every kind of alarm that there is.
pub const ALARMSOORTEN: [&str; 33] = [
    "acuut-geweigerd-door-ontvanger",
    "acuut-niet-opgehaald",
    "acuut-ongelezen",
    "besluit-wijkt-af",
    "checkpoint-ongeldig",
    "dode-letter",
    "eigenaarswoord-niet-verwerkt",
    "gids-teruggezet",
    "houder-niet-bereikt",
    "knooppunt-hersteld",
    "levering-geweigerd",
    "levering-geweigerd-door-ontvanger",
    "levering-niet-verwerkt",
    "levering-onleesbaar",
    "levering-vastgelopen",
    "levering-verlopen",
    "logboek-gesplitst",
    "misplaatsing",
    "nazending-geweigerd",
    "niet-opgehaald",
    "ontvangst-wijkt-af",
    "ontvangstbewijs-ongeldig",
    "plicht-te-laat",
    "sleutel-bevroren",
    "sleutel-onbewezen",
    "sleutel-ontbreekt",
    "sleutel-vreemd",
    "sleutels-onleesbaar",
    "sleutelverklaring-geweigerd",
    "terugroep-niet-geplaatst",
    "toegang-niet-gegeven",
    "verantwoording-ontbreekt",
    "verkeerde-ontvanger",
];

/// Something that a human must look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Alarm {
    /// When.
    pub tijd: Tijdstip,
    /// What kind: `logboek-gesplitst`, `gids-teruggezet`, `ontvangstbewijs-ongeldig`, ….
    pub soort: String,
    /// In plain Dutch, without a person's data.
    pub uitleg: String,
    /// How often it was seen; `tijd` is of the last.
    pub aantal: u32,
}

impl Transactie {
    /// Keeps a value.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn vasthouden(&mut self, naam: &str, waarde: &str) -> Result<(), Opslagfout> {
        sqlx::query("INSERT INTO vast (naam, waarde) VALUES (?, ?) ON CONFLICT (naam) DO UPDATE SET waarde = excluded.waarde")
            .bind(naam)
            .bind(waarde)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

impl Opslag {
    /// Compares a partner's statements with what was seen, and remembers them if they are newer. `gids` is the JSON of the
    /// whole entry.
    ///
    /// # Errors
    /// [`Pinfout`]: then they must not be believed.
    pub async fn vastpinnen(&self, pin: &Pin, gids: &str) -> Result<(), Pinfout> {
        let (sleutel_nummer, sleutel_digest) = pin.nieuwste_sleutel();
        let mut tx = self.begin().await?;
        let row = sqlx::query("SELECT * FROM pin WHERE oin = ?")
            .bind(pin.oin.to_string())
            .fetch_optional(&mut *tx.0)
            .await
            .map_err(Opslagfout::from)?;
        if let Some(row) = row {
            let get = |n: &str, d: &str| -> Result<(u32, Digest), Opslagfout> {
                Ok((row.try_get(n)?, parsed(row.try_get(d)?, "digest")?))
            };
            let sleutel = get("sleutel_nummer", "sleutel_digest")?;
            for (gezien, nieuw) in [
                (get("vermelding_nummer", "vermelding_digest")?, (pin.vermelding_nummer, pin.vermelding_digest)),
                (sleutel, (sleutel_nummer, sleutel_digest)),
            ] {
                if nieuw.0 < gezien.0 {
                    return Err(Pinfout::Ouder(pin.oin));
                }
                if nieuw.0 == gezien.0 && nieuw.1 != gezien.1 {
                    return Err(Pinfout::Dubbel(pin.oin));
                }
            }
            if !pin.gaat_verder(sleutel) {
                return Err(Pinfout::Vertakt(pin.oin));
            }
        }
        sqlx::query(
            "INSERT INTO pin (oin, vermelding_nummer, vermelding_digest, sleutel_nummer, sleutel_digest, gids) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (oin) DO UPDATE SET vermelding_nummer = excluded.vermelding_nummer, \
             vermelding_digest = excluded.vermelding_digest, sleutel_nummer = excluded.sleutel_nummer, \
             sleutel_digest = excluded.sleutel_digest, gids = excluded.gids",
        )
        .bind(pin.oin.to_string())
        .bind(pin.vermelding_nummer)
        .bind(pin.vermelding_digest.to_string())
        .bind(sleutel_nummer)
        .bind(sleutel_digest.to_string())
        .bind(gids)
        .execute(&mut *tx.0)
        .await
        .map_err(Opslagfout::from)?;
        Ok(tx.vastleggen().await?)
    }

    /// The pinned directory entries, as JSON.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn gids(&self) -> Result<Vec<String>, Opslagfout> {
        let rows = sqlx::query("SELECT gids FROM pin ORDER BY oin").fetch_all(&self.pool).await?;
        rows.iter().map(|r| Ok(r.try_get("gids")?)).collect()
    }

    /// The pinned directory entry of one organisation, as JSON: also of one that is connected no more.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn gids_van(&self, oin: Oin) -> Result<Option<String>, Opslagfout> {
        let row = sqlx::query("SELECT gids FROM pin WHERE oin = ?").bind(oin.to_string()).fetch_optional(&self.pool).await?;
        Ok(row.map(|r| r.try_get("gids")).transpose()?)
    }

    /// A kept value.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn vast(&self, naam: &str) -> Result<Option<String>, Opslagfout> {
        let row = sqlx::query("SELECT waarde FROM vast WHERE naam = ?").bind(naam).fetch_optional(&self.pool).await?;
        Ok(row.map(|r| r.try_get("waarde")).transpose()?)
    }

    /// Keeps a value.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn vasthouden(&self, naam: &str, waarde: &str) -> Result<(), Opslagfout> {
        let mut tx = self.begin().await?;
        tx.vasthouden(naam, waarde).await?;
        tx.vastleggen().await
    }

    /// The newest alarms.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn alarmen(&self) -> Result<Vec<Alarm>, Opslagfout> {
        let rows = sqlx::query("SELECT tijd, soort, uitleg, aantal FROM alarm ORDER BY tijd DESC, volgorde DESC LIMIT 50")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|r| {
                Ok(Alarm {
                    tijd: Tijdstip::from_unix_millis(r.try_get("tijd")?),
                    soort: r.try_get("soort")?,
                    uitleg: r.try_get("uitleg")?,
                    aantal: r.try_get("aantal")?,
                })
            })
            .collect()
    }
}

impl Transactie {
    /// Raises an alarm about something (`sleutel`), with what it comes of: no crash has one without the other. The same about the same
    /// again is one alarm that was seen more often.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn alarmeren(&mut self, soort: &str, sleutel: &str, uitleg: &str, nu: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query(
            "INSERT INTO alarm (tijd, soort, sleutel, uitleg) VALUES (?, ?, ?, ?) ON CONFLICT (soort, sleutel) \
             WHERE sleutel <> '' DO UPDATE SET tijd = excluded.tijd, uitleg = excluded.uitleg, aantal = aantal + 1",
        )
        .bind(millis(nu))
        .bind(soort)
        .bind(sleutel)
        .bind(uitleg)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
