//! Directory statements.

use async_trait::async_trait;
use inbreng_domain::{Digest, Oin, gids::Gidsvermelding};
use inbreng_storage::{Gidsen, Gidsregel, NieuwBlad, StoreError, StoreResult};

use super::{SqlStore, fout::vertaald, opdracht::Werk, rij::Lezen, sql, verbinding::vraag};

#[async_trait]
impl Gidsen for SqlStore {
    async fn gids_bijwerken(&self, regel: Gidsregel, blad: NieuwBlad) -> StoreResult<()> {
        // What is frozen stands apart, and no statement takes it away.
        let gids = Gidsvermelding { bevriezingen: Vec::new(), ..regel.gids };
        let record = serde_json::to_string(&gids).map_err(|_| StoreError::Conflict { what: "a statement without a form" })?;
        self.schrijf(Werk::Gids { oin: regel.oin, record, blad: Box::new(blad) }).await.map(drop)
    }

    async fn sleutel_bevriezen(&self, oin: Oin, digest: Digest, verklaring: String, blad: NieuwBlad) -> StoreResult<()> {
        self.schrijf(Werk::Bevriezing { oin, digest, verklaring, blad: Box::new(blad) }).await.map(drop)
    }

    async fn gids(&self) -> StoreResult<(Vec<Gidsregel>, u64)> {
        let rijen = vraag(sql::GIDSEN).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let stand = rijen.first().ok_or(StoreError::Corrupt { what: "stand" })?.aantal("stand")?;
        let mut regels = Vec::with_capacity(rijen.len());
        for rij in &rijen {
            if let Some(oin) = rij.ontleed_of("oin")? {
                let mut gids: Gidsvermelding = rij.json("record")?;
                gids.bevriezingen = rij.json("bevroren")?;
                regels.push(Gidsregel { oin, gids });
            }
        }
        Ok((regels, stand))
    }
}
