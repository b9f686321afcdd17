//! Older heads of the hub's log, fewer the older they are.

use inbreng_domain::{Digest, Tijdstip};
use sqlx::Row;

use super::{Opslag, Opslagfout, millis, parsed};

const UUR: i64 = 3_600_000;
const DAG: i64 = 24 * UUR;

impl Opslag {
    /// Keeps a head that a newer one takes the place of, unless one of the same hour is kept. Of what is older than two days the first
    /// of each day stays. `tijd` is of our own clock: by that of the hub, it would choose which of its heads we keep.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn kop_bewaren(&self, omvang: u64, wortel: Digest, tijd: Tijdstip) -> Result<(), Opslagfout> {
        let omvang = i64::try_from(omvang).map_err(|_| Opslagfout::Waarde("omvang"))?;
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO oudekop (omvang, wortel, tijd) SELECT ?1, ?2, ?3 \
             WHERE NOT EXISTS (SELECT 1 FROM oudekop WHERE tijd / ?4 = ?3 / ?4) ON CONFLICT DO NOTHING",
        )
        .bind(omvang)
        .bind(wortel.to_string())
        .bind(millis(tijd))
        .bind(UUR)
        .execute(&mut *tx.0)
        .await?;
        sqlx::query(
            "DELETE FROM oudekop WHERE tijd < ?1 AND EXISTS (SELECT 1 FROM oudekop o \
             WHERE o.tijd < oudekop.tijd AND o.tijd / ?2 = oudekop.tijd / ?2)",
        )
        .bind(millis(tijd).saturating_sub(2 * DAG))
        .bind(DAG)
        .execute(&mut *tx.0)
        .await?;
        tx.vastleggen().await
    }

    /// The kept heads of a log up to this size.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn koppen_tot(&self, omvang: u64) -> Result<Vec<(u64, Digest)>, Opslagfout> {
        let tot = i64::try_from(omvang).unwrap_or(i64::MAX);
        let rijen = sqlx::query("SELECT omvang, wortel FROM oudekop WHERE omvang > 0 AND omvang <= ? ORDER BY omvang");
        let rijen = rijen.bind(tot).fetch_all(&self.pool).await?;
        let lezen = |rij: &sqlx::sqlite::SqliteRow| {
            let omvang = u64::try_from(rij.try_get::<i64, _>("omvang")?).map_err(|_| Opslagfout::Waarde("omvang"))?;
            Ok((omvang, parsed(rij.try_get("wortel")?, "digest")?))
        };
        rijen.iter().map(lezen).collect()
    }

    /// Forgets the heads of a log beyond this size: it was put back, and goes on otherwise.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn koppen_na_vergeten(&self, omvang: u64) -> Result<(), Opslagfout> {
        let tot = i64::try_from(omvang).unwrap_or(i64::MAX);
        sqlx::query("DELETE FROM oudekop WHERE omvang > ?").bind(tot).execute(&self.pool).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_an_hour_is_kept_of_two_days_and_one_a_day_of_before() {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.sqlite")).await.unwrap();
        let wortel = inbreng_proof::sha256(b"wortel");
        let begin = 1_000 * DAG;
        // Every twenty minutes for five days.
        for nr in 0..5 * 72 {
            let tijd = Tijdstip::from_unix_millis(begin + i64::from(nr) * UUR / 3);
            opslag.kop_bewaren(u64::try_from(nr).unwrap() + 1, wortel, tijd).await.unwrap();
        }
        let koppen = opslag.koppen_tot(u64::MAX).await.unwrap();
        assert!((50..=52).contains(&koppen.len()), "{}", koppen.len());
        assert_eq!(koppen[..3].iter().map(|k| k.0).collect::<Vec<_>>(), [1, 73, 145], "the first of each day");
        assert_eq!(koppen[0].1, wortel);
        opslag.koppen_na_vergeten(100).await.unwrap();
        assert_eq!(opslag.koppen_tot(u64::MAX).await.unwrap().iter().map(|k| k.0).collect::<Vec<_>>(), [1, 73]);
        assert_eq!(opslag.koppen_tot(72).await.unwrap().len(), 1);
    }
}
