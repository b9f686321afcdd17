//! Messages: accepting, and what is read of them.

use async_trait::async_trait;
use inbreng_domain::{BerichtId, DeelId, Digest, Oin, vocabulary::Urgentie};
use inbreng_storage::{
    Aanname, Aannameuitslag, Beantwoord, Beleidsgrens, Berichten, Berichtstatus, Besluitregel, Deelhouders, Inzage,
    Leveringstatus, NieuwBesluit, NieuwBlad, StoreError, StoreResult, Tellingen,
};

use super::{
    SqlStore, ander_antwoord, bezorgen,
    fout::vertaald,
    leveringen::baan,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    sql,
    stapel::staat,
    verbinding::{Rij, Verbinding, vraag},
};

#[async_trait]
impl Berichten for SqlStore {
    async fn aannemen(&self, mut aanname: Aanname) -> StoreResult<Aannameuitslag> {
        let sleutels = self.kast.verzegelen(&mut aanname.wraps).await?;
        match self.schrijf(Werk::Aannemen(Box::new(aanname), sleutels)).await? {
            Uitslag::Aanname(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn besluiten_in_baan(
        &self,
        besluiten: Vec<NieuwBesluit>,
        bladen: Vec<NieuwBlad>,
        beleid: Beleidsgrens,
        baan: Urgentie,
    ) -> StoreResult<bool> {
        match self.schrijf(Werk::Besluiten { besluiten, bladen, beleid, baan }).await? {
            Uitslag::Besluiten(in_kracht) => Ok(in_kracht),
            _ => Err(ander_antwoord()),
        }
    }

    async fn ontvangstbewijs(&self, van: Oin, id: BerichtId) -> StoreResult<Option<(Digest, String)>> {
        let rij = vraag(sql::ONTVANGSTBEWIJS).bind(van.to_string()).bind(id.to_string());
        let rij = rij.fetch_optional(&self.lezers).await.map_err(vertaald)?;
        rij.map(|r| Ok((r.ontleed("digest")?, r.tekst("ontvangstbewijs")?))).transpose()
    }

    async fn status(&self, van: Oin, id: BerichtId) -> StoreResult<Option<Berichtstatus>> {
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        let rij = vraag(sql::STATUS).bind(van.to_string()).bind(id.to_string());
        let Some(rij) = rij.fetch_optional(&mut *tx).await.map_err(vertaald)? else { return Ok(None) };
        Ok(Some(Berichtstatus {
            id,
            aangenomen_op: rij.tijd("aangenomen_op")?,
            ontvangstbewijs: rij.tekst("ontvangstbewijs")?,
            leveringen: leveringen(&mut tx, rij.getal("nr")?).await?,
        }))
    }

    async fn beantwoord(&self, id: BerichtId) -> StoreResult<Vec<Beantwoord>> {
        let rijen = vraag(sql::BEANTWOORD).bind(id.to_string()).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let lezen = |r: &Rij| {
            Ok(Beantwoord {
                van: r.ontleed("van")?,
                berichttype: r.ontleed("berichttype")?,
                casus: r.ontleed_of("casus")?,
                ontvangers: r.json("ontvangers")?,
                bereikt: r.json("bereikt")?,
                baan: r.getal_of("baan")?.map(baan).transpose()?,
            })
        };
        rijen.iter().map(lezen).collect()
    }

    async fn berichttekst(&self, van: Oin, id: BerichtId) -> StoreResult<Option<String>> {
        let vraag = vraag(sql::BERICHTTEKST).bind(van.to_string()).bind(id.to_string());
        vraag.fetch_optional(&self.lezers).await.map_err(vertaald)?.map(|rij| rij.tekst("bericht")).transpose()
    }

    async fn besluiten(&self, na: u64, hoogstens: u32) -> StoreResult<Vec<Besluitregel>> {
        let Ok(na) = i64::try_from(na) else { return Ok(Vec::new()) };
        let rijen = vraag(sql::BESLUITEN).bind(na).bind(i64::from(hoogstens));
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        let lezen = |r: &Rij| {
            Ok(Besluitregel {
                nummer: r.aantal("nr")?,
                bericht: r.ontleed_of("van")?.zip(r.ontleed_of("bericht")?),
                deel: r.ontleed_of("deel")?,
                ontvanger: r.ontleed("ontvanger")?,
                uitkomst: r.ontleed("uitkomst")?,
                record: r.tekst("record")?,
            })
        };
        rijen.iter().map(lezen).collect()
    }

    async fn deelhouders(&self, deel: DeelId) -> StoreResult<Option<Deelhouders>> {
        let rij = vraag(sql::DEELHOUDERS).bind(deel.to_string()).fetch_optional(&self.lezers).await.map_err(vertaald)?;
        rij.map(|r| {
            Ok(Deelhouders {
                van: r.ontleed("van")?,
                bericht: r.ontleed("bericht_id")?,
                casus: r.ontleed_of("casus")?,
                categorie: r.ontleed("categorie")?,
                houders: r.json("houders")?,
                bereikt: r.json("bereikt")?,
            })
        })
        .transpose()
    }

    async fn gekregen_delen(&self, van: Oin, bericht: BerichtId, ontvanger: Oin) -> StoreResult<Vec<DeelId>> {
        let rijen = vraag(sql::GEKREGEN_DELEN).bind(van.to_string()).bind(bericht.to_string()).bind(ontvanger.to_string());
        let rijen = rijen.fetch_all(&self.lezers).await.map_err(vertaald)?;
        rijen.iter().map(|r| r.ontleed("deel")).collect()
    }

    async fn tellingen(&self) -> StoreResult<Tellingen> {
        // Two statements, one snapshot.
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        let bladen = vraag(sql::OMVANG).fetch_one(&mut *tx).await.map_err(vertaald)?.aantal("blad")?;
        let dode_letters = vraag(sql::AANTAL_DODE_LETTERS).fetch_one(&mut *tx).await.map_err(vertaald)?.aantal("aantal")?;
        let mut tellingen = Tellingen { bladen, dode_letters, ..Tellingen::default() };
        for rij in vraag(sql::TELLINGEN).fetch_all(&mut *tx).await.map_err(vertaald)? {
            let (sleutel, aantal) = (rij.tekst("sleutel")?, rij.aantal("aantal")?);
            match rij.tekst("soort")?.as_str() {
                "berichten" => tellingen.berichten = aantal,
                "leveringen" => tellingen.leveringen = aantal,
                "open" => tellingen.open = aantal,
                "overgedragen" => tellingen.overgedragen = aantal,
                "verlopen" => tellingen.verlopen = aantal,
                "gesnoeid" => tellingen.gesnoeid = aantal,
                "zaak-einde" => tellingen.zaken_beeindigd = aantal,
                "besluit" => drop(tellingen.besluiten.insert(sleutel, aantal)),
                "weigering" => drop(tellingen.weigeringen.insert(sleutel, aantal)),
                _ => return Err(StoreError::Corrupt { what: "telling.soort" }),
            }
        }
        Ok(tellingen)
    }
}

async fn leveringen(tx: &mut Verbinding, bericht: i64) -> StoreResult<Vec<Leveringstatus>> {
    let rijen = vraag(sql::STATUS_LEVERINGEN).bind(bericht).fetch_all(&mut *tx).await.map_err(vertaald)?;
    let inzagen = vraag(sql::STATUS_INZAGEN).bind(bericht).fetch_all(tx).await.map_err(vertaald)?;
    let inzagen = inzagen.iter().map(inzage).collect::<StoreResult<Vec<Inzage>>>()?;
    let lezen = |r: &Rij| {
        let ontvanger: Oin = r.ontleed("ontvanger")?;
        Ok(Leveringstatus {
            ontvanger,
            staat: staat(r.getal("staat")?)?,
            afgehandeld_op: r.tijd_of("afgehandeld_op")?,
            ontvangst: r.tekst_of("ontvangst")?,
            gelezen_op: r.tijd_of("gelezen_op")?,
            weigering: r.ontleed_of("weigering")?,
            beantwoord: r.ontleed_of("antwoord")?.zip(r.tijd_of("beantwoord_op")?),
            bezorging: bezorgen::stand(r)?,
            inzagen: inzagen.iter().filter(|i| i.ontvanger == ontvanger).cloned().collect(),
        })
    };
    rijen.iter().map(lezen).collect()
}

fn inzage(r: &Rij) -> StoreResult<Inzage> {
    Ok(Inzage {
        deel: r.ontleed("deel")?,
        ontvanger: r.ontleed("ontvanger")?,
        functie: r.ontleed("functie")?,
        doel: r.ontleed("doel")?,
        tijd: r.tijd("tijd")?,
    })
}
