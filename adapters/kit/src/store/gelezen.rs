//! What humans have read: kept, because a hub that was put back from a copy does not know it any more.

use inbreng_domain::{Code, LeveringId, Tijdstip};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Opslag, Opslagfout, Post, millis, parsed};

/// A human read a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lezing {
    /// Which.
    pub levering: LeveringId,
    /// The reader's function, not a name (R37).
    pub functie: Code,
    /// When, the first time.
    pub tijd: Tijdstip,
}

fn lezing(row: &SqliteRow) -> Result<Lezing, Opslagfout> {
    Ok(Lezing {
        levering: parsed(row.try_get("levering")?, "levering")?,
        functie: parsed(row.try_get("lezer")?, "functie")?,
        tijd: Tijdstip::from_unix_millis(row.try_get("gelezen_op")?),
    })
}

impl Opslag {
    /// Keeps that a delivery was read. The first reading counts.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn lezing_onthouden(&self, lezing: &Lezing) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE inkomend SET lezer = ?, gelezen_op = ? WHERE levering = ? AND gelezen_op IS NULL")
            .bind(lezing.functie.to_string())
            .bind(millis(lezing.tijd))
            .bind(lezing.levering.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// A delivery that brings nothing new was read when the one before it was.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn lezing_overnemen(&self, post: &Post) -> Result<(), Opslagfout> {
        sqlx::query(
            "UPDATE inkomend SET (lezer, gelezen_op) = (SELECT e.lezer, e.gelezen_op FROM inkomend e WHERE e.bericht = ?2 AND e.van = ?3 \
             AND e.volgorde < ?4 AND e.gelezen_op IS NOT NULL ORDER BY e.gelezen_op LIMIT 1) \
             WHERE levering = ?1 AND gelezen_op IS NULL",
        )
        .bind(post.levering.to_string())
        .bind(post.bericht.to_string())
        .bind(post.van.to_string())
        .bind(post.volgorde)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whether, and by whom, a delivery was read.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn lezing(&self, levering: LeveringId) -> Result<Option<Lezing>, Opslagfout> {
        let row = sqlx::query("SELECT levering, lezer, gelezen_op FROM inkomend WHERE levering = ? AND gelezen_op IS NOT NULL")
            .bind(levering.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(lezing).transpose()
    }

    /// What was read from `sinds` on, whenever it came.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn gelezen_sinds(&self, sinds: Tijdstip) -> Result<Vec<Lezing>, Opslagfout> {
        let rows = sqlx::query("SELECT levering, lezer, gelezen_op FROM inkomend WHERE gelezen_op >= ? ORDER BY gelezen_op")
            .bind(millis(sinds))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(lezing).collect()
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{BerichtId, TypeNaam, vocabulary::Urgentie};
    use inbreng_proof::SystemRandomness;

    use super::*;
    use crate::{
        store::Nieuwkomer,
        testsleutels::{GGZ, nu, oin},
    };

    #[tokio::test]
    async fn what_was_read_counts_once_and_for_the_same_message_under_another_number() {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.sqlite")).await.unwrap();
        let (bericht, soort) = (BerichtId::mint(nu(), &SystemRandomness), TypeNaam::parse("incidentmelding").unwrap());
        let krijgen = async |bericht| {
            let levering = LeveringId::mint(nu(), &SystemRandomness);
            let mut tx = opslag.begin().await.unwrap();
            let nieuw = Nieuwkomer {
                levering,
                bericht,
                zaak: "zaak",
                baan: Urgentie::Acuut,
                soort: &soort,
                van: oin(GGZ),
                digest: inbreng_proof::sha256(b"bericht"),
                over: None,
                na: None,
                ruw: "{}",
                nu: nu(),
            };
            assert!(tx.post_opnemen(&nieuw).await.unwrap());
            tx.vastleggen().await.unwrap();
            opslag.post(levering).await.unwrap().unwrap()
        };
        let (eerst, ander) = (krijgen(bericht).await, krijgen(BerichtId::mint(nu(), &SystemRandomness)).await);
        let gelezen = |functie: &str, na: i64| Lezing {
            levering: eerst.levering,
            functie: Code::parse(functie).unwrap(),
            tijd: nu().plus(time::Duration::minutes(na)),
        };
        assert_eq!(opslag.lezing(eerst.levering).await.unwrap(), None);
        opslag.lezing_onthouden(&gelezen("piketdesk", 1)).await.unwrap();
        opslag.lezing_onthouden(&gelezen("arts", 5)).await.unwrap();
        assert_eq!(opslag.lezing(eerst.levering).await.unwrap(), Some(gelezen("piketdesk", 1)), "the first reading");
        assert_eq!(opslag.gelezen_sinds(nu().plus(time::Duration::minutes(1))).await.unwrap(), [gelezen("piketdesk", 1)]);
        assert!(opslag.gelezen_sinds(nu().plus(time::Duration::minutes(2))).await.unwrap().is_empty());
        let weer = krijgen(bericht).await;
        for post in [&weer, &ander] {
            opslag.lezing_overnemen(post).await.unwrap();
        }
        let verwacht = Lezing { levering: weer.levering, ..gelezen("piketdesk", 1) };
        assert_eq!(opslag.lezing(weer.levering).await.unwrap(), Some(verwacht));
        assert_eq!(opslag.lezing(ander.levering).await.unwrap(), None, "another message");
    }
}
