//! What monitoring may know of the store: numbers per state, the age of the oldest, alarms by kind. No person's data.

use inbreng_domain::Tijdstip;
use sqlx::Row;

use super::{Instand, Opslag, Opslagfout, Uitstand};

/// How many there are in each state, and since when the oldest of the open ones waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling<S> {
    /// Per state, every state once.
    pub per_stand: Vec<(S, i64)>,
    /// When the oldest that is still open was taken.
    pub oudste: Option<Tijdstip>,
}

/// Numbers of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tellingen {
    /// Messages that we send.
    pub zendingen: Telling<Uitstand>,
    /// Deliveries that we received.
    pub leveringen: Telling<Instand>,
    /// How often each kind of alarm was seen.
    pub alarmen: Vec<(String, i64)>,
}

impl Opslag {
    /// The newest moment at which something was taken or settled; nothing of an empty store.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn nieuwste_moment(&self) -> Result<Option<Tijdstip>, Opslagfout> {
        // What was taken last is not always what was settled last; it is near it.
        let row = sqlx::query(
            "SELECT max(moment) AS moment FROM ( \
             SELECT max(aangenomen_op, coalesce(afgehandeld_op, 0)) AS moment \
             FROM (SELECT * FROM uitgaand ORDER BY volgorde DESC LIMIT 256) \
             UNION ALL SELECT max(opgehaald_op, coalesce(afgehandeld_op, 0)) \
             FROM (SELECT * FROM inkomend ORDER BY volgorde DESC LIMIT 256))",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row.try_get::<Option<i64>, _>("moment")?.map(Tijdstip::from_unix_millis))
    }

    /// Counts.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn tellingen(&self) -> Result<Tellingen, Opslagfout> {
        let uit = sqlx::query("SELECT stand, count(*) AS n, min(aangenomen_op) AS sinds FROM uitgaand GROUP BY stand")
            .fetch_all(&self.pool)
            .await?;
        let r#in = sqlx::query("SELECT stand, count(*) AS n, min(opgehaald_op) AS sinds FROM inkomend GROUP BY stand")
            .fetch_all(&self.pool)
            .await?;
        let alarmen =
            sqlx::query("SELECT soort, sum(aantal) AS n FROM alarm GROUP BY soort ORDER BY soort").fetch_all(&self.pool).await?;
        let alarmen = alarmen.iter().map(|r| Ok((r.try_get("soort")?, r.try_get("n")?))).collect::<Result<_, sqlx::Error>>()?;
        Ok(Tellingen {
            zendingen: telling(&uit, &Uitstand::ALL, |s| s.is_eind())?,
            leveringen: telling(&r#in, &Instand::ALL, |s| s.is_eind())?,
            alarmen,
        })
    }
}

fn telling<S>(rows: &[sqlx::sqlite::SqliteRow], alle: &[S], is_eind: impl Fn(S) -> bool) -> Result<Telling<S>, Opslagfout>
where
    S: Copy + PartialEq + std::str::FromStr<Err = Opslagfout>,
{
    let mut per_stand: Vec<(S, i64)> = alle.iter().map(|s| (*s, 0)).collect();
    let mut oudste: Option<i64> = None;
    for row in rows {
        let stand: S = row.try_get::<&str, _>("stand")?.parse()?;
        let (aantal, sinds): (i64, i64) = (row.try_get("n")?, row.try_get("sinds")?);
        if let Some(plaats) = per_stand.iter_mut().find(|(s, _)| *s == stand) {
            plaats.1 = aantal;
        }
        if !is_eind(stand) {
            oudste = Some(oudste.map_or(sinds, |o| o.min(sinds)));
        }
    }
    Ok(Telling { per_stand, oudste: oudste.map(Tijdstip::from_unix_millis) })
}
