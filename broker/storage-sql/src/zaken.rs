//! Cases: participation, responsibility, consent, and the statements about them.

use async_trait::async_trait;
use inbreng_domain::{
    BerichtId, CasusRef, Oin, Tijdstip,
    zaak::{Feitsoort, Zaakfeit},
};
use inbreng_storage::{Herziening, Herzieningsuitslag, StoreResult, TeHerzien, Zaakstand, Zaken};

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    herzien,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    sql,
    verbinding::vraag,
};

/// A statement as the query gives it.
type Feitrij = (CasusRef, Feitsoort, String, Oin, u32, BerichtId, String);

#[async_trait]
impl Zaken for SqlStore {
    async fn zaakstand(&self, casus: CasusRef) -> StoreResult<Zaakstand> {
        let rij = vraag(sql::ZAAKSTAND).bind(casus.to_string());
        let Some(rij) = rij.fetch_optional(&self.lezers).await.map_err(vertaald)? else { return Ok(Zaakstand::default()) };
        let feit = |(casus, soort, onderwerp, door, volgnummer, bericht, record): Feitrij| Zaakfeit {
            casus,
            soort,
            onderwerp,
            door,
            volgnummer,
            bericht,
            record,
        };
        Ok(Zaakstand {
            bestaat: true,
            deelnemers: rij.json("deelnemers")?,
            verantwoordelijk: rij.ontleed_of("verantwoordelijk")?,
            overgenomen: rij.json("overgenomen")?,
            toestemmingen: rij.json("toestemmingen")?,
            feiten: rij.json::<Vec<Feitrij>>("feiten")?.into_iter().map(feit).collect(),
            gesloten_op: rij.tijd_of("gesloten_op")?,
            stand: rij.aantal("stand")?,
        })
    }

    async fn geleverde_delen(&self, casus: CasusRef, eigenaar: Oin) -> StoreResult<Vec<(Oin, String, String)>> {
        let rijen = vraag(sql::GELEVERD_VAN).bind(casus.to_string()).bind(eigenaar.to_string());
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        rijen.iter().map(|r| Ok((r.ontleed("ontvanger")?, r.tekst("labels")?, r.tekst("record")?))).collect()
    }

    async fn te_herzien(&self, ontvanger: Oin, hoogstens: u32, nu: Tijdstip) -> StoreResult<Vec<TeHerzien>> {
        herzien::lezen(self, ontvanger, hoogstens, nu).await
    }

    async fn aangehouden_onder_ander_beleid(&self, nu: Tijdstip) -> StoreResult<Vec<Oin>> {
        let rijen = vraag(sql::AANGEHOUDEN_ONDER_ANDER_BELEID).bind(nu.unix_millis());
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        rijen.iter().map(|r| r.ontleed("ontvanger")).collect()
    }

    async fn herzien(&self, herziening: Herziening) -> StoreResult<Herzieningsuitslag> {
        match self.schrijf(Werk::Herzien(Box::new(herziening))).await? {
            Uitslag::Herzien(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }
}
