//! Parties of covenants: one batch's decisions on what they state, and how it is read.

use std::collections::HashMap;

use async_trait::async_trait;
use inbreng_domain::{ConvenantId, Oin};
use inbreng_storage::{
    Convenantpartijen, Partijschrift, Partijuitslag, Partijverklaring, Partijverklaringen, StoreError, StoreResult,
};
use serde_json::json;

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    rijen::{Rijen, Waarde},
    sql,
    stapel::{Stapel, Stapelfout},
    verbinding::{Verbinding, vraag},
};

/// What a batch knows and writes of parties.
#[derive(Debug)]
pub(super) struct Partijstapel<'a> {
    /// Per covenant the number of its last statement.
    standen: HashMap<ConvenantId, u32>,
    /// Per covenant and party the party's highest number.
    hoogste: HashMap<(ConvenantId, Oin), u32>,
    rijen: Rijen<'a>,
}

impl<'a> Partijstapel<'a> {
    /// Looks up the covenants that the works touch; nothing where they touch none.
    pub(super) async fn laden(tx: &mut Verbinding, werken: &[&'a Werk]) -> Result<Self, Stapelfout> {
        let mut stapel = Self { standen: HashMap::new(), hoogste: HashMap::new(), rijen: Rijen::voor(&sql::PARTIJVERKLARING) };
        let schriften = werken.iter().filter_map(|w| if let Werk::Partij(s) = w { Some(s) } else { None });
        let mut convenanten: Vec<_> = schriften.map(|s| s.verklaring.convenant.to_string()).collect();
        if convenanten.is_empty() {
            return Ok(stapel);
        }
        convenanten.sort_unstable();
        convenanten.dedup();
        for rij in vraag(sql::BEKENDE_PARTIJEN).bind(json!(convenanten).to_string()).fetch_all(&mut *tx).await? {
            let convenant: ConvenantId = rij.ontleed("convenant")?;
            let getal = |kolom| -> Result<u32, Stapelfout> {
                Ok(u32::try_from(rij.getal(kolom)?).map_err(|_| StoreError::Corrupt { what: "partijverklaring" })?)
            };
            let stand = stapel.standen.entry(convenant.clone()).or_default();
            *stand = (*stand).max(getal("nummer")?);
            stapel.hoogste.insert((convenant, rij.ontleed("partij")?), getal("volgnummer")?);
        }
        Ok(stapel)
    }

    /// Writes what was gathered.
    pub(super) async fn schrijven(self, tx: &mut Verbinding) -> Result<(), sqlx::Error> {
        self.rijen.schrijven(tx).await
    }
}

impl<'a> Stapel<'a> {
    /// Decides on one statement.
    pub(super) fn partijschrift(&mut self, schrift: &'a Partijschrift) -> Partijuitslag {
        let verklaring = &schrift.verklaring;
        let stand = self.partijen.standen.get(&verklaring.convenant).copied().unwrap_or_default();
        if schrift.verwacht.is_some_and(|verwacht| verwacht != stand) {
            return Partijuitslag::Gewijzigd(stand);
        }
        let sleutel = (verklaring.convenant.clone(), verklaring.partij);
        if self.partijen.hoogste.get(&sleutel).is_some_and(|hoogste| verklaring.volgnummer <= *hoogste) {
            return Partijuitslag::NietNieuwer;
        }
        let nummer = stand + 1;
        self.partijen.rijen.rij([
            Waarde::eigen(&verklaring.convenant),
            Waarde::Getal(nummer.into()),
            Waarde::eigen(&verklaring.partij),
            Waarde::Getal(verklaring.volgnummer.into()),
            Waarde::Tekst(verklaring.soort.as_str()),
            Waarde::Getal(verklaring.tijd.unix_millis()),
            Waarde::Tekst(&verklaring.verklaring),
            Waarde::tekst_of(verklaring.medeondertekening.as_deref()),
        ]);
        self.partijen.standen.insert(verklaring.convenant.clone(), nummer);
        self.partijen.hoogste.insert(sleutel, verklaring.volgnummer);
        // Every decision rests on who the parties are.
        self.stand.beleid += 1;
        self.blad(&schrift.blad);
        Partijuitslag::Vastgelegd(nummer)
    }
}

#[async_trait]
impl Convenantpartijen for SqlStore {
    async fn partijverklaring_schrijven(&self, schrift: Partijschrift) -> StoreResult<Partijuitslag> {
        match self.schrijf(Werk::Partij(Box::new(schrift))).await? {
            Uitslag::Partij(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn partijverklaringen(&self) -> StoreResult<Partijverklaringen> {
        let rijen = vraag(sql::PARTIJVERKLARINGEN).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let stand = rijen.first().ok_or(StoreError::Corrupt { what: "stand" })?.aantal("stand")?;
        let mut alle = Vec::with_capacity(rijen.len());
        for rij in &rijen {
            // Without any statement the state still comes, beside nothing.
            if let Some(convenant) = rij.ontleed_of("convenant")? {
                alle.push(Partijverklaring {
                    convenant,
                    partij: rij.ontleed("partij")?,
                    volgnummer: u32::try_from(rij.getal("volgnummer")?)
                        .map_err(|_| StoreError::Corrupt { what: "partijverklaring.volgnummer" })?,
                    soort: rij.ontleed("soort")?,
                    tijd: rij.tijd("tijd")?,
                    verklaring: rij.tekst("verklaring")?,
                    medeondertekening: rij.tekst_of("medeondertekening")?,
                });
            }
        }
        Ok(Partijverklaringen { stand, alle })
    }
}
