//! The Merkle log: leaves, head and proofs. A tree only grows, so what is read after its size was read is never torn.

use async_trait::async_trait;
use inbreng_domain::{Digest, vocabulary::Urgentie};
use inbreng_proof::merkle;
use inbreng_storage::{Blad, Logboek, NieuwBlad, StoreResult};

use super::{
    SqlStore, bladwijzer,
    fout::vertaald,
    knopen::{self, onleesbaar},
    naslag,
    opdracht::Werk,
    rij::Lezen,
    sql,
    verbinding::{Verbinding, vraag},
};

#[async_trait]
impl Logboek for SqlStore {
    async fn bladen_in_baan(&self, bladen: Vec<NieuwBlad>, baan: Urgentie) -> StoreResult<()> {
        self.schrijf(Werk::Bladen(bladen, baan)).await.map(drop)
    }

    async fn soort_vanaf(&self) -> StoreResult<u64> {
        vraag(sql::SOORT_VANAF).fetch_one(&mut self.lezer().await?).await.map_err(vertaald)?.aantal("soort_vanaf")
    }

    async fn hoofd(&self) -> StoreResult<(u64, Digest)> {
        let mut lezer = self.lezer().await?;
        let omvang = omvang(&mut lezer).await?;
        Ok((omvang, knopen::wortel(&mut lezer, omvang).await?))
    }

    async fn bladindex(&self, hash: Digest) -> StoreResult<Option<u64>> {
        // One snapshot: a leaf that is sorted into a run meanwhile is in one of both.
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        bladwijzer::zoeken(&mut tx, hash).await
    }

    async fn insluitingsbewijs(&self, index: u64, tot: u64) -> StoreResult<Option<Vec<Digest>>> {
        let mut lezer = self.lezer().await?;
        let (Ok(welke), true) = (merkle::nodes_for_inclusion(index, tot), tot <= omvang(&mut lezer).await?) else {
            return Ok(None);
        };
        let knopen = knopen::ophalen(&mut lezer, &welke).await?;
        merkle::inclusion_proof(&knopen, index, tot).map(Some).map_err(onleesbaar)
    }

    async fn samenhangbewijs(&self, van: u64, naar: u64) -> StoreResult<Option<Vec<Digest>>> {
        let mut lezer = self.lezer().await?;
        let (Ok(welke), true) = (merkle::nodes_for_consistency(van, naar), naar <= omvang(&mut lezer).await?) else {
            return Ok(None);
        };
        let knopen = knopen::ophalen(&mut lezer, &welke).await?;
        merkle::consistency_proof(&knopen, van, naar).map(Some).map_err(onleesbaar)
    }

    async fn knopen(&self, welke: &[(u8, u64)]) -> StoreResult<Vec<Option<[u8; 32]>>> {
        let mut lezer = self.lezer().await?;
        let knopen = knopen::ophalen(&mut lezer, welke).await?;
        Ok(welke.iter().map(|plaats| knopen.get(plaats).copied()).collect())
    }

    async fn bladen(&self, vanaf: u64, hoogstens: u32) -> StoreResult<Vec<Blad>> {
        let Ok(vanaf) = i64::try_from(vanaf) else { return Ok(Vec::new()) };
        let rijen = vraag(sql::BLADEN).bind(vanaf).bind(i64::from(hoogstens));
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        rijen.iter().map(naslag::blad).collect()
    }
}

impl SqlStore {
    async fn lezer(&self) -> StoreResult<Verbinding> {
        self.lezers.acquire().await.map_err(vertaald)
    }
}

async fn omvang(lezer: &mut Verbinding) -> StoreResult<u64> {
    vraag(sql::OMVANG).fetch_one(lezer).await.map_err(vertaald)?.aantal("blad")
}
