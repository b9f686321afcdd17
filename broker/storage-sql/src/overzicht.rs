//! What was shared about a person, and the duty to answer whoever asked (R33).

use async_trait::async_trait;
use inbreng_domain::{CasusRef, LeveringId, PersoonRef};
use inbreng_storage::{NieuwOverzicht, OntvangenDeel, Ontvangenplek, Overzichten, StoreError, StoreResult};
use serde_json::json;

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    rijen::Waarde,
    sql,
    stapel::Stapel,
    verbinding::{Rij, vraag},
};

#[async_trait]
impl Overzichten for SqlStore {
    async fn ontvangen_delen(
        &self,
        casus: CasusRef,
        personen: &[PersoonRef],
        na: Ontvangenplek,
        hoogstens: u32,
    ) -> StoreResult<Vec<OntvangenDeel>> {
        let [bericht, levering, volgorde] = [na.bericht, na.levering, na.deel].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let rijen = vraag(sql::ONTVANGEN_OVER).bind(casus.to_string()).bind(json!(personen).to_string());
        let rijen = rijen.bind(bericht).bind(levering).bind(volgorde).bind(hoogstens);
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(deel).collect()
    }

    async fn ontvangen_plek(
        &self,
        casus: CasusRef,
        personen: &[PersoonRef],
        levering: LeveringId,
    ) -> StoreResult<Option<Ontvangenplek>> {
        let rij = vraag(sql::ONTVANGEN_PLEK).bind(casus.to_string()).bind(json!(personen).to_string()).bind(levering.to_string());
        let Some(rij) = rij.fetch_optional(&self.lezers).await.map_err(vertaald)? else { return Ok(None) };
        Ok(Some(Ontvangenplek { bericht: rij.aantal("bericht")?, levering: rij.aantal("levering")?, deel: u64::MAX }))
    }

    async fn gekoppelde_zaken(&self, casus: CasusRef) -> StoreResult<Vec<CasusRef>> {
        let rijen = vraag(sql::GEKOPPELDE_ZAKEN).bind(casus.to_string());
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(|rij| rij.ontleed("casus")).collect()
    }

    async fn overzicht_vastleggen(&self, overzicht: NieuwOverzicht) -> StoreResult<bool> {
        match self.schrijf(Werk::Overzicht(Box::new(overzicht))).await? {
            Uitslag::Overzicht(geschreven) => Ok(geschreven),
            _ => Err(ander_antwoord()),
        }
    }
}

fn deel(rij: &Rij) -> StoreResult<OntvangenDeel> {
    Ok(OntvangenDeel {
        plek: Ontvangenplek { bericht: rij.aantal("bericht")?, levering: rij.aantal("levering")?, deel: rij.aantal("volgorde")? },
        levering: rij.ontleed("id")?,
        berichttype: rij.ontleed("berichttype")?,
        aangenomen_op: rij.tijd("aangenomen_op")?,
        ontvanger: rij.ontleed("ontvanger")?,
        ontvangen_op: rij.tijd("ontvangen_op")?,
        labels: rij.tekst("labels")?,
        doel: rij.ontleed_of("doel")?,
    })
}

impl<'a> Stapel<'a> {
    /// Gathers what was asked, where what was told still holds.
    pub(super) fn overzicht(&mut self, overzicht: &'a NieuwOverzicht) -> StoreResult<bool> {
        let op = overzicht.op;
        if self.feitenstand(Some(op.casus))? != op.feiten || !self.in_kracht(op.beleid) {
            return Ok(false);
        }
        let zaak = self.zaken.get(&op.casus).map(|z| z.nr);
        let zaak = zaak.ok_or(StoreError::Conflict { what: "an overview of an unknown case" })?;
        self.uit.overzicht.rij([
            Waarde::Getal(zaak),
            Waarde::eigen(&overzicht.verzoek),
            Waarde::eigen(&overzicht.organisatie),
            Waarde::eigen(&overzicht.persoon),
            Waarde::eigen(&overzicht.gevraagd_op),
            Waarde::Getal(overzicht.uiterlijk.unix_millis()),
            Waarde::Tekst(&overzicht.verklaring),
        ]);
        overzicht.besluiten.iter().for_each(|b| self.besluit(None, b));
        self.blad(&overzicht.blad);
        Ok(true)
    }
}
