//! What we were asked to pass on, and the further recipients that our yes gave our parts.

use inbreng_domain::{BerichtId, DeelId, Oin, Tijdstip};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Bewijs, Opslag, Opslagfout, Transactie, millis, parsed};

/// One further recipient to be given one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toegangstaak {
    /// Order of taking.
    pub volgorde: i64,
    /// The part.
    pub deel: DeelId,
    /// For whom.
    pub ontvanger: Oin,
    /// The request that we said yes to.
    pub verzoek: BerichtId,
    /// Failed attempts so far.
    pub pogingen: u32,
    /// Whether it was given before, to a hub that was put back since.
    pub opnieuw: bool,
    /// Why it is needed for another purpose (R28), sealed under our own key.
    pub toelichting: Option<String>,
}

const VERZOEK: &str = "SELECT vrager, record FROM doorgeefverzoek WHERE bericht = ?";

fn verzoek(rij: &SqliteRow) -> Result<(Oin, String), Opslagfout> {
    Ok((parsed(rij.try_get("vrager")?, "oin")?, rij.try_get("record")?))
}

impl Transactie {
    /// As [`Opslag::doorgeefverzoek`], within what is being written: the store has one connection, and this holds it.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doorgeefverzoek(&mut self, bericht: BerichtId) -> Result<Option<(Oin, String)>, Opslagfout> {
        let row = sqlx::query(VERZOEK).bind(bericht.to_string()).fetch_optional(&mut *self.0).await?;
        row.as_ref().map(verzoek).transpose()
    }

    /// Keeps a request to pass parts of ours on: who asked, and its statement as JSON.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doorgeefverzoek_leren(&mut self, bericht: BerichtId, vrager: Oin, record: &str) -> Result<(), Opslagfout> {
        sqlx::query("INSERT INTO doorgeefverzoek (bericht, vrager, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(bericht.to_string())
            .bind(vrager.to_string())
            .bind(record)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Our answer to a request: these parts to these recipients, and what of an earlier answer is still to be given no more.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_opdragen(
        &mut self,
        verzoek: BerichtId,
        paren: &[(DeelId, Oin)],
        toelichting: Option<&str>,
        nu: Tijdstip,
    ) -> Result<(), Opslagfout> {
        sqlx::query("DELETE FROM toegang WHERE verzoek = ? AND stand = 'open'")
            .bind(verzoek.to_string())
            .execute(&mut *self.0)
            .await?;
        for (deel, ontvanger) in paren {
            sqlx::query(
                "INSERT INTO toegang (deel, ontvanger, verzoek, volgende_poging, toelichting) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (deel, ontvanger, verzoek) DO UPDATE SET stand = 'open', pogingen = 0, opnieuw = 0, \
                 volgende_poging = excluded.volgende_poging, toelichting = excluded.toelichting",
            )
            .bind(deel.to_string())
            .bind(ontvanger.to_string())
            .bind(verzoek.to_string())
            .bind(millis(nu))
            .bind(toelichting)
            .execute(&mut *self.0)
            .await?;
        }
        Ok(())
    }
}

impl Opslag {
    /// Who asked, and what, in a request that we received.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn doorgeefverzoek(&self, bericht: BerichtId) -> Result<Option<(Oin, String)>, Opslagfout> {
        let row = sqlx::query(VERZOEK).bind(bericht.to_string()).fetch_optional(&self.pool).await?;
        row.as_ref().map(verzoek).transpose()
    }

    /// What is to be given now.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_aan_de_beurt(&self, nu: Tijdstip, hoogstens: u32) -> Result<Vec<Toegangstaak>, Opslagfout> {
        let rows = sqlx::query(
            "SELECT volgorde, deel, ontvanger, verzoek, pogingen, opnieuw, toelichting FROM toegang WHERE stand = 'open' AND volgende_poging <= ? \
             ORDER BY volgorde LIMIT ?",
        )
        .bind(millis(nu))
        .bind(hoogstens)
        .fetch_all(&self.pool)
        .await?;
        let taak = |r: &SqliteRow| {
            Ok(Toegangstaak {
                volgorde: r.try_get("volgorde")?,
                deel: parsed(r.try_get("deel")?, "deel")?,
                ontvanger: parsed(r.try_get("ontvanger")?, "oin")?,
                verzoek: parsed(r.try_get("verzoek")?, "bericht")?,
                pogingen: r.try_get("pogingen")?,
                opnieuw: r.try_get("opnieuw")?,
                toelichting: r.try_get("toelichting")?,
            })
        };
        rows.iter().map(taak).collect()
    }

    /// Given: the recipient must sign for it, which is looked after from `wanneer`. One that had other parts of the message
    /// already must sign for this one too.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_gegeven(&self, volgorde: i64, verwacht: &Bewijs, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        let mut tx = self.begin().await?;
        tx.bewijs_verwachten(verwacht, wanneer).await?;
        for deel in &verwacht.mag {
            // Of what was only kept for a fallback it may have been said that it went nowhere; what it signed for before it has.
            sqlx::query(
                "UPDATE bewijs SET mag = CASE WHEN EXISTS (SELECT 1 FROM json_each(mag) WHERE value = ?3) THEN mag \
                   ELSE json_insert(mag, '$[#]', ?3) END, \
                 moet = CASE WHEN EXISTS (SELECT 1 FROM json_each(moet) WHERE value = ?3) THEN moet \
                   ELSE json_insert(moet, '$[#]', ?3) END, \
                 stand = iif(EXISTS (SELECT 1 FROM json_each(getekend) WHERE value = ?3), stand, 'open'), \
                 volgende_poging = iif(EXISTS (SELECT 1 FROM json_each(getekend) WHERE value = ?3), volgende_poging, ?4), \
                 sinds = iif(EXISTS (SELECT 1 FROM json_each(getekend) WHERE value = ?3), sinds, ?5) \
                 WHERE bericht = ?1 AND ontvanger = ?2",
            )
            .bind(verwacht.bericht.to_string())
            .bind(verwacht.ontvanger.to_string())
            .bind(deel.to_string())
            .bind(millis(wanneer))
            .bind(verwacht.sinds.map(millis))
            .execute(&mut *tx.0)
            .await?;
        }
        sqlx::query("UPDATE toegang SET stand = 'gegeven', opnieuw = 0, gegeven_op = ?2 WHERE volgorde = ?1 AND stand = 'open'")
            .bind(volgorde)
            .bind(millis(wanneer))
            .execute(&mut *tx.0)
            .await?;
        tx.vastleggen().await
    }

    /// Refused, by the hub or by ourselves.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_geweigerd(&self, volgorde: i64) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE toegang SET stand = 'geweigerd' WHERE volgorde = ? AND stand = 'open'")
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Nothing is to be given: who asked has it for that.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_vervalt(&self, volgorde: i64) -> Result<(), Opslagfout> {
        sqlx::query("DELETE FROM toegang WHERE volgorde = ? AND stand = 'open'").bind(volgorde).execute(&self.pool).await?;
        Ok(())
    }

    /// An attempt failed; the next not before `wanneer`.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn toegang_later(&self, volgorde: i64, wanneer: Tijdstip) -> Result<(), Opslagfout> {
        sqlx::query("UPDATE toegang SET pogingen = pogingen + 1, volgende_poging = ? WHERE volgorde = ?")
            .bind(millis(wanneer))
            .bind(volgorde)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The message, as we sent it, in which this part of ours went.
    ///
    /// # Errors
    /// [`Opslagfout`].
    pub async fn verzonden_met_deel(&self, deel: DeelId) -> Result<Option<String>, Opslagfout> {
        let row = sqlx::query("SELECT u.envelop FROM deel d JOIN uitgaand u ON u.bericht = d.bericht WHERE d.id = ?")
            .bind(deel.to_string())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|r| r.try_get("envelop")).transpose()?.flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_yes_gives_each_part_once_and_a_no_takes_back_what_is_still_to_be_given() {
        let map = tempfile::tempdir().unwrap();
        let opslag = Opslag::openen(&map.path().join("adapter.sqlite")).await.unwrap();
        let id = |text: &str| format!("0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b{text}");
        let (verzoek, oin) = (BerichtId::parse(&id("6a")).unwrap(), Oin::parse("00000001003214345000").unwrap());
        let paren = ["01", "02"].map(|n| (DeelId::parse(&id(n)).unwrap(), oin));
        let nu = Tijdstip::from_unix_millis(1000);
        let antwoord = async |paren: &[(DeelId, Oin)]| {
            let mut tx = opslag.begin().await.unwrap();
            tx.toegang_opdragen(verzoek, paren, Some("verzegeld"), nu).await.unwrap();
            tx.vastleggen().await.unwrap();
            opslag.toegang_aan_de_beurt(nu, 10).await.unwrap()
        };
        let [een, twee] = antwoord(&paren).await.try_into().unwrap();
        let digest = inbreng_proof::sha256(b"bericht");
        let verwacht = |deel: DeelId| Bewijs {
            bericht: verzoek,
            ontvanger: oin,
            digest,
            moet: vec![deel],
            mag: vec![deel],
            stand: crate::store::Bewijsstand::Open,
            pogingen: 0,
            getekend: Vec::new(),
            sinds: Some(nu),
        };
        opslag.toegang_gegeven(een.volgorde, &verwacht(paren[0].0), nu).await.unwrap();
        assert_eq!(opslag.bewijzen(verzoek).await.unwrap(), [verwacht(paren[0].0)], "it must sign for it");
        // One more part for the same recipient, which signed for the first: it must sign for both.
        opslag.bewijs_getekend(verzoek, oin, &[paren[0].0]).await.unwrap();
        opslag.bewijs_stand(verzoek, oin, crate::store::Bewijsstand::Klopt).await.unwrap();
        opslag.toegang_gegeven(een.volgorde, &verwacht(paren[0].0), nu).await.unwrap();
        let stand = async || opslag.bewijzen(verzoek).await.unwrap()[0].stand;
        assert_eq!(stand().await, crate::store::Bewijsstand::Klopt, "the same again");
        opslag.toegang_gegeven(een.volgorde, &verwacht(paren[1].0), nu).await.unwrap();
        let samen = opslag.bewijzen(verzoek).await.unwrap();
        let beide = vec![paren[0].0, paren[1].0];
        assert_eq!((samen.len(), &samen[0].mag, &samen[0].moet, &samen[0].getekend), (1, &beide, &beide, &vec![beide[0]]));
        assert_eq!(stand().await, crate::store::Bewijsstand::Open);
        // What was sealed for it before went nowhere; by our yes it is to be signed for after all.
        opslag.bewijs_stand(verzoek, oin, crate::store::Bewijsstand::Onthouden).await.unwrap();
        opslag.toegang_gegeven(een.volgorde, &verwacht(paren[1].0), nu).await.unwrap();
        assert_eq!(stand().await, crate::store::Bewijsstand::Open);
        opslag.toegang_later(twee.volgorde, Tijdstip::from_unix_millis(2000)).await.unwrap();
        assert!(opslag.toegang_aan_de_beurt(nu, 10).await.unwrap().is_empty());
        assert_eq!(opslag.toegang_aan_de_beurt(Tijdstip::from_unix_millis(2000), 10).await.unwrap()[0].pogingen, 1);
        // To a hub that was put back what was given goes again, once; what was not given is no part of it.
        for keer in 0..2 {
            opslag.toegang_opnieuw("punt", nu).await.unwrap();
            let weer = opslag.toegang_aan_de_beurt(nu, 10).await.unwrap();
            assert_eq!((weer.len(), opslag.toegang_nog_opnieuw().await.unwrap()), if keer == 0 { (1, 1) } else { (0, 0) });
            if let [taak] = &weer[..] {
                assert!(taak.opnieuw && taak.deel == paren[0].0 && taak.toelichting.as_deref() == Some("verzegeld"));
                opslag.toegang_gegeven(taak.volgorde, &verwacht(paren[0].0), nu).await.unwrap();
            }
        }
        assert!(antwoord(&[]).await.is_empty(), "a no");
        assert_eq!(antwoord(&paren).await.len(), 2, "a yes again");
        let mut tx = opslag.begin().await.unwrap();
        tx.doorgeefverzoek_leren(verzoek, oin, "{}").await.unwrap();
        tx.vastleggen().await.unwrap();
        assert_eq!(opslag.doorgeefverzoek(verzoek).await.unwrap(), Some((oin, "{}".to_owned())));
    }
}
