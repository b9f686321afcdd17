//! Looking back: leaves by kind, and what was sent.

use async_trait::async_trait;
use inbreng_domain::Tijdstip;
use inbreng_storage::{Blad, Naslag, StoreError, StoreResult, Zending};
use serde_json::json;

use super::{
    SqlStore,
    fout::vertaald,
    rij::Lezen,
    sql,
    verbinding::{Rij, vraag},
};

#[async_trait]
impl Naslag for SqlStore {
    async fn bladen_van(&self, soorten: &[&str], vanaf: u64, hoogstens: u32) -> StoreResult<Vec<Blad>> {
        let Ok(vanaf) = i64::try_from(vanaf) else { return Ok(Vec::new()) };
        let rijen = vraag(sql::BLADEN_VAN).bind(vanaf).bind(json!(soorten).to_string()).bind(i64::from(hoogstens));
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(blad).collect()
    }

    async fn herstelbladen(&self) -> StoreResult<Vec<Blad>> {
        vraag(sql::HERSTELBLADEN).fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(blad).collect()
    }

    async fn verzonden(&self, zendingen: &[Zending]) -> StoreResult<Vec<Option<Tijdstip>>> {
        let sleutels: Vec<_> = zendingen.iter().map(|z| json!([z.deel, z.eigenaar, z.ontvanger])).collect();
        let rijen = vraag(sql::VERZONDEN).bind(json!(sleutels).to_string());
        let mut gevonden = vec![None; zendingen.len()];
        for rij in rijen.fetch_all(&self.lezers).await.map_err(vertaald)? {
            let plaats = usize::try_from(rij.aantal("plaats")?).map_err(|_| StoreError::Corrupt { what: "plaats" })?;
            if let Some(moment) = gevonden.get_mut(plaats) {
                *moment = rij.tijd_of("tijd")?;
            }
        }
        Ok(gevonden)
    }
}

/// A leaf as it stands in its row.
pub(super) fn blad(r: &Rij) -> StoreResult<Blad> {
    Ok(Blad {
        index: r.aantal("nr")?,
        soort: r.ontleed("soort")?,
        tijd: r.tijd("tijd")?,
        record: r.tekst("record")?,
        zout: r.bytes32("opening")?,
        hash: r.hash("hash")?,
    })
}
