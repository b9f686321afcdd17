//! Deliveries: the mailbox, the recipient's words, view-only parts.

use std::collections::HashMap;

use async_trait::async_trait;
use inbreng_domain::{
    DeelId, LeveringId, Oin,
    vocabulary::{Doel, Toegangswijze, Urgentie},
};
use inbreng_storage::{
    Aanvulling, Aanvullingsuitslag, Inzage, Inzagedeel, Inzagegrens, Inzageuitslag, Leveringen, Leveringsbericht, Leveringsdeel,
    Leveringskop, Leveringsuitslag, Liggend, NieuwBlad, OpenLevering, POSTVAK_BYTES, Postvakplek, StoreError, StoreResult,
    Toegangsdeel, Vervangt, Wrap,
};
use serde_json::json;

use super::{
    SqlStore,
    aannemen::DOEL_VAN_HET_DEEL,
    ander_antwoord,
    fout::vertaald,
    kast::{Kast, Wissleutel},
    opdracht::{Leveringswoord, Uitslag, Werk},
    rij::Lezen,
    sql,
    stapel::staat,
    verbinding::{Rij, Verbinding, vraag},
    wraps,
};

#[async_trait]
impl Leveringen for SqlStore {
    async fn open_leveringen_na(&self, ontvanger: Oin, na: Postvakplek, hoogstens: u32) -> StoreResult<Vec<OpenLevering>> {
        let _plaats = self.kijkplaats().await?;
        // One snapshot: a delivery that is received meanwhile keeps its parts here.
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        let nummers = open_nummers(&mut tx, ontvanger, na, hoogstens).await?;
        if nummers.is_empty() {
            return Ok(Vec::new());
        }
        open_van(&mut tx, &self.kast, ontvanger, &nummers).await
    }

    async fn levering(&self, ontvanger: Oin, id: LeveringId) -> StoreResult<Option<Leveringskop>> {
        let rij = vraag(sql::LEVERING_VAN).bind(ontvanger.to_string()).bind(id.to_string());
        let rij = rij.fetch_optional(&self.lezers).await.map_err(vertaald)?;
        let kop = |r: Rij| {
            Ok(Leveringskop {
                van: r.ontleed("van")?,
                bericht_id: r.ontleed("bericht_id")?,
                bericht: r.tekst("bericht")?,
                delen: r.json("delen")?,
                staat: staat(r.getal("staat")?)?,
            })
        };
        rij.map(kop).transpose()
    }

    async fn leveringsbericht(
        &self,
        ontvanger: Oin,
        id: LeveringId,
        wat: Leveringsbericht,
        verklaring: String,
        blad: NieuwBlad,
    ) -> StoreResult<Leveringsuitslag> {
        match self.schrijf(Werk::Levering(Box::new(Leveringswoord { ontvanger, id, wat, verklaring, blad }))).await? {
            Uitslag::Levering(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn inzagedeel_voor(&self, ontvanger: Oin, deel: DeelId, doel: Option<Doel>) -> StoreResult<Option<Inzagedeel>> {
        let rij = vraag(sql::INZAGEDEEL).bind(ontvanger.to_string()).bind(deel.to_string()).bind(doel_of_deel(doel));
        let rij = rij.fetch_optional(&self.lezers).await.map_err(vertaald)?;
        let Some(r) = rij else { return Ok(None) };
        let apart = r.tekst_of("wrap")?.zip(r.tekst_of("toegang")?).map(|(wrap, toegang)| Wrap { wrap, toegang });
        let gevonden = match (apart, r.tekst_of("wraps")?) {
            (Some(dicht), _) => Some((r.ontleed("wijze")?, dicht, r.getal_of("wrapsleutel")?)),
            (None, Some(erbij)) => {
                let plaats = r.getal_of("sleutel")?;
                wraps::van(&erbij, ontvanger)?.map(|dicht| (Toegangswijze::Meegeleverd, dicht, plaats))
            }
            (None, None) => None,
        };
        let Some((wijze, dicht, plaats)) = gevonden else { return Ok(None) };
        let sleutels = self.kast.lezen(plaats.into_iter().collect()).await?;
        // What it was given for counts also when its key is destroyed.
        let wrap = openen(&sleutels, plaats, (deel, ontvanger), &dicht).unwrap_or_default();
        let sleutel = Wrap { wrap, ..dicht };
        Ok(Some(Inzagedeel { van: r.ontleed("van")?, labels: r.tekst("labels")?, wijze, sleutel }))
    }

    async fn liggende_toegang(&self, ontvanger: Oin, deel: DeelId, doel: Option<Doel>) -> StoreResult<Option<Liggend>> {
        let rij = vraag(sql::LIGGENDE_TOEGANG).bind(ontvanger.to_string()).bind(deel.to_string()).bind(doel_of_deel(doel));
        let rij = rij.fetch_optional(&self.lezers).await.map_err(vertaald)?;
        let Some(r) = rij else { return Ok(None) };
        let komt_nog = r.getal("open")? != 0 || r.getal("wacht")? != 0;
        if let Some(toegang) = r.tekst_of("toegang")? {
            return Ok(Some(Liggend { toegang, komt_nog, plek: Vervangt::Wrap }));
        }
        let Some(erbij) = r.tekst_of("wraps")?.filter(|_| doel.is_none()) else { return Ok(None) };
        let dicht = wraps::van(&erbij, ontvanger)?;
        Ok(dicht.map(|Wrap { toegang, .. }| Liggend { toegang, komt_nog, plek: Vervangt::BijInhoud }))
    }

    async fn toegangsdeel(&self, van: Oin, deel: DeelId) -> StoreResult<Option<Toegangsdeel>> {
        let rij = vraag(sql::TOEGANGSDEEL).bind(van.to_string()).bind(deel.to_string());
        let rij = rij.fetch_optional(&self.lezers).await.map_err(vertaald)?;
        let lezen = |r: Rij| {
            Ok(Toegangsdeel {
                bericht: r.ontleed("bericht")?,
                labels: r.tekst("labels")?,
                digest: r.ontleed("digest")?,
                inhoud: r.tekst_of("inhoud")?,
            })
        };
        rij.map(lezen).transpose()
    }

    async fn aanvullen(&self, mut aanvulling: Aanvulling) -> StoreResult<Aanvullingsuitslag> {
        let sleutels = self.kast.verzegelen(std::slice::from_mut(&mut aanvulling.wrap)).await?;
        let sleutel = sleutels.first().copied().ok_or_else(ander_antwoord)?;
        match self.schrijf(Werk::Aanvullen(Box::new(aanvulling), sleutel)).await? {
            Uitslag::Aanvulling(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn inzage(
        &self,
        inzage: Inzage,
        nonce: String,
        verklaring: String,
        blad: NieuwBlad,
        op: Inzagegrens,
    ) -> StoreResult<Inzageuitslag> {
        let werk = Werk::Inzage { inzage: Box::new(inzage), nonce, verklaring, blad: Box::new(blad), op };
        match self.schrijf(werk).await? {
            Uitslag::Inzage(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }
}

/// A purpose as the store holds it.
fn doel_of_deel(doel: Option<Doel>) -> &'static str {
    doel.map_or(DOEL_VAN_HET_DEEL, Doel::as_str)
}

/// These deliveries of one recipient, in this order.
pub(super) async fn open_van(
    tx: &mut Verbinding,
    kast: &Kast,
    ontvanger: Oin,
    nummers: &[i64],
) -> StoreResult<Vec<OpenLevering>> {
    let nummers = json!(nummers).to_string();
    let mut delen = delen(tx, kast, ontvanger, &nummers).await?;
    let rijen = vraag(sql::OPEN_LEVERINGEN).bind(&nummers).fetch_all(tx).await.map_err(vertaald)?;
    let lezen = |r: &Rij| {
        let delen = delen.remove(&r.getal("nr")?).unwrap_or_default();
        Ok(OpenLevering { delen, ..open_levering(r)? })
    };
    rijen.iter().map(lezen).collect()
}

fn open_levering(r: &Rij) -> StoreResult<OpenLevering> {
    Ok(OpenLevering {
        id: r.ontleed("id")?,
        plek: r.getal("nr")?,
        volgnummer: r.getal("volgnummer")?,
        van: r.ontleed("van")?,
        bericht_id: r.ontleed("bericht_id")?,
        berichttype: r.ontleed("berichttype")?,
        casus: r.ontleed_of("casus")?,
        baan: baan(r.getal("baan")?)?,
        bron: r.tekst("bron")?,
        bericht: r.tekst("bericht")?,
        aangenomen_op: r.tijd("aangenomen_op")?,
        besluiten: r.tekst("besluiten")?,
        delen: Vec::new(),
    })
}

/// The lanes as `levering.baan` holds them, in the order of delivery.
const ACUUT: i64 = 0;
const NORMAAL: i64 = 1;

pub(super) const fn baan(code: i64) -> StoreResult<Urgentie> {
    match code {
        ACUUT => Ok(Urgentie::Acuut),
        NORMAAL => Ok(Urgentie::Normaal),
        _ => Err(StoreError::Corrupt { what: "levering.baan" }),
    }
}

/// Which deliveries one look brings, in their order: as many as were asked, and no more bytes than fit.
async fn open_nummers(tx: &mut Verbinding, ontvanger: Oin, na: Postvakplek, hoogstens: u32) -> StoreResult<Vec<i64>> {
    let (mut nummers, mut omvang, mut rest) = (Vec::new(), 0u64, i64::from(hoogstens));
    for (code, plek) in [(ACUUT, na.acuut), (NORMAAL, na.normaal)] {
        let rijen = vraag(sql::OPEN_NUMMERS).bind(ontvanger.to_string()).bind(code).bind(plek).bind(rest);
        for rij in rijen.fetch_all(&mut *tx).await.map_err(vertaald)? {
            omvang = omvang.saturating_add(rij.aantal("omvang")?);
            if omvang > POSTVAK_BYTES && !nummers.is_empty() {
                return Ok(nummers);
            }
            nummers.push(rij.getal("nr")?);
            rest -= 1;
        }
    }
    Ok(nummers)
}

/// A wrap as it was sent; nothing where its key was destroyed.
fn openen(
    sleutels: &HashMap<i64, Wissleutel>,
    plaats: Option<i64>,
    (deel, ontvanger): (DeelId, Oin),
    dicht: &Wrap,
) -> Option<String> {
    sleutels.get(&plaats?)?.openen(deel, ontvanger, &dicht.wrap)
}

/// The parts of these deliveries, each with its wrap where the key travels along. A part of which the erasure key was destroyed is
/// not among them: whatever this store says, it has been recalled or received since (a store that was put back).
async fn delen(tx: &mut Verbinding, kast: &Kast, ontvanger: Oin, nummers: &str) -> StoreResult<HashMap<i64, Vec<Leveringsdeel>>> {
    let rijen = vraag(sql::OPEN_DELEN).bind(nummers).bind(ontvanger.to_string());
    let mut gevonden = Vec::new();
    for rij in rijen.fetch_all(tx).await.map_err(vertaald)? {
        let apart = rij.tekst_of("wrap")?.zip(rij.tekst_of("toegang")?).map(|(wrap, toegang)| Wrap { wrap, toegang });
        let dicht = match (rij.ontleed("wijze")?, apart) {
            (Toegangswijze::Meegeleverd, Some(dicht)) => Some((dicht, rij.getal_of("wrapsleutel")?)),
            (Toegangswijze::Meegeleverd, None) => {
                let plaats = rij.getal_of("sleutel")?;
                wraps::van(rij.tekst_ref("wraps")?, ontvanger)?.map(|dicht| (dicht, plaats))
            }
            _ => None,
        };
        gevonden.push((rij, dicht));
    }
    let plaatsen = gevonden.iter().filter_map(|(_, dicht)| dicht.as_ref()?.1).collect();
    let sleutels = kast.lezen(plaatsen).await?;
    let mut delen: HashMap<i64, Vec<Leveringsdeel>> = HashMap::new();
    for (rij, dicht) in gevonden {
        let sleutel = match dicht {
            None => None,
            Some((dicht, plaats)) => {
                let Some(wrap) = openen(&sleutels, plaats, (rij.ontleed("deel")?, ontvanger), &dicht) else {
                    tracing::warn!(partner = %ontvanger, "a part whose key was destroyed is not delivered");
                    continue;
                };
                Some(Wrap { wrap, ..dicht })
            }
        };
        delen.entry(rij.getal("levering")?).or_default().push(Leveringsdeel {
            labels: rij.tekst("labels")?,
            inhoud: rij.tekst("jwe")?,
            eigenaarsbewijs: rij.tekst("eigenaarsbewijs")?,
            sleutel,
        });
    }
    Ok(delen)
}
