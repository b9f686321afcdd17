//! Wraps of a store from before there were erasure keys are sealed when it is opened.

use std::sync::Arc;

use inbreng_domain::{DeelId, Oin};
use inbreng_storage::StoreError;
use serde_json::json;

use super::{Kast, Wissleutel};
use crate::{
    rij::Lezen,
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, Zin, vraag},
    wraps,
};

/// How many go together.
const SAMEN: i64 = 256;

impl Kast {
    /// Seals what stands there in clear.
    pub(super) async fn inhalen(self: &Arc<Self>, verbinding: &mut Verbinding) -> Result<(), Stapelfout> {
        if !self.is_er() {
            return Ok(());
        }
        let erbij = |sleutel: &Wissleutel, deel: DeelId, _: Option<Oin>, tekst: &str| wraps::verzegelen(tekst, deel, sleutel);
        while self.reeks(verbinding, (sql::OPEN_WRAPS_BIJ_INHOUD, sql::WRAPS_BIJ_INHOUD_DICHT), erbij).await? {}
        let apart = |sleutel: &Wissleutel, deel: DeelId, ontvanger: Option<Oin>, tekst: &str| {
            sleutel.verzegelen(deel, ontvanger.ok_or(StoreError::Corrupt { what: "wrap.ontvanger" })?, tekst)
        };
        while self.reeks(verbinding, (sql::OPEN_WRAPS, sql::WRAPS_DICHT), apart).await? {}
        Ok(())
    }

    /// One series; false where there was none.
    async fn reeks(
        self: &Arc<Self>,
        verbinding: &mut Verbinding,
        (lezen, schrijven): (Zin, Zin),
        verzegelen: impl Fn(&Wissleutel, DeelId, Option<Oin>, &str) -> Result<String, StoreError>,
    ) -> Result<bool, Stapelfout> {
        let rijen = vraag(lezen).bind(SAMEN).fetch_all(&mut *verbinding).await?;
        if rijen.is_empty() {
            return Ok(false);
        }
        let sleutels = self.nemen(rijen.len()).await.map_err(StoreError::from)?;
        let mut dicht = Vec::with_capacity(rijen.len());
        for (rij, sleutel) in rijen.iter().zip(&sleutels) {
            let tekst = verzegelen(sleutel, rij.ontleed("deel")?, rij.ontleed_of("ontvanger")?, rij.tekst_ref("tekst")?)?;
            dicht.push(json!([rij.getal("nr")?, tekst, sleutel.plaats]));
        }
        if let Some(hoogste) = sleutels.iter().map(|s| s.plaats).max() {
            Self::onthouden(verbinding, hoogste).await?;
        }
        vraag(schrijven).bind(json!(dicht).to_string()).execute(verbinding).await?;
        Ok(true)
    }
}
