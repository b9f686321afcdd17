//! Cases: participation, responsibility, consent.

use async_trait::async_trait;
use inbreng_domain::CasusRef;
use inbreng_storage::{StoreResult, Zaakstand, Zaken};

use super::{SqliteStore, fout::vertaald, rij::Lezen, sql};

#[async_trait]
impl Zaken for SqliteStore {
    async fn zaakstand(&self, casus: CasusRef) -> StoreResult<Zaakstand> {
        let rij = sqlx::query(sql::ZAAKSTAND).bind(casus.to_string());
        let Some(rij) = rij.fetch_optional(&self.lezers).await.map_err(vertaald)? else { return Ok(Zaakstand::default()) };
        Ok(Zaakstand {
            bestaat: true,
            deelnemers: rij.json("deelnemers")?,
            verantwoordelijk: rij.ontleed_of("verantwoordelijk")?,
            toestemmingen: rij.json("toestemmingen")?,
            stand: rij.aantal("stand")?,
        })
    }
}
