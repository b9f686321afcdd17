//! Duties: written with what they come with, met by a later message or by a human's reading.

use async_trait::async_trait;
use inbreng_domain::{BerichtId, Code, Oin, RegelId, Tijdstip};
use inbreng_storage::{Aanname, NieuwBlad, NieuwePlicht, Noodtelling, Plicht, Plichten, Plichtuitslag, StoreError, StoreResult};
use serde_json::{Value, json};

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    opdracht::{Toetswoord, Uitslag, Werk},
    rij::Lezen,
    rijen::Waarde,
    sql,
    stapel::{Stapel, Stapelfout},
    verbinding::{Rij, Verbinding, vraag},
};

#[async_trait]
impl Plichten for SqlStore {
    async fn open_plichten(&self, schuldenaar: Oin, hoogstens: u32) -> StoreResult<Vec<Plicht>> {
        let rijen = vraag(sql::OPEN_PLICHTEN).bind(schuldenaar.to_string()).bind(i64::from(hoogstens));
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(plicht).collect()
    }

    async fn plichten_van(&self, van: Oin, bericht: BerichtId) -> StoreResult<Vec<Plicht>> {
        let rijen = vraag(sql::PLICHTEN_VAN).bind(van.to_string()).bind(bericht.to_string());
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(plicht).collect()
    }

    async fn noodgebruik(&self, vanaf: Tijdstip, tot: Tijdstip) -> StoreResult<Vec<Noodtelling>> {
        let rijen = vraag(sql::NOODGEBRUIK).bind(vanaf.unix_millis()).bind(tot.unix_millis());
        let lezen = |r: &Rij| {
            let (organisatie, aantal, getoetst) = (r.ontleed("schuldenaar")?, r.aantal("aantal")?, r.aantal("getoetst")?);
            Ok(Noodtelling { organisatie, aantal, getoetst })
        };
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(lezen).collect()
    }

    async fn toets_vastleggen(
        &self,
        van: Oin,
        bericht: BerichtId,
        uitkomst: Code,
        verklaring: String,
        blad: NieuwBlad,
    ) -> StoreResult<Plichtuitslag> {
        match self.schrijf(Werk::Toets(Box::new(Toetswoord { van, bericht, uitkomst, verklaring, blad }))).await? {
            Uitslag::Toets(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }
}

fn plicht(rij: &Rij) -> StoreResult<Plicht> {
    let regel = u8::try_from(rij.getal("regel")?).ok().and_then(|n| RegelId::new(n).ok());
    Ok(Plicht {
        soort: rij.ontleed("soort")?,
        regel: regel.ok_or(StoreError::Corrupt { what: "plicht.regel" })?,
        bericht: rij.ontleed("bericht")?,
        schuldenaar: rij.ontleed("schuldenaar")?,
        uiterlijk: rij.tijd("uiterlijk")?,
        voldaan_op: rij.tijd_of("voldaan_op")?,
        voldaan_door: rij.ontleed_of("voldaan_door")?,
        uitkomst: rij.ontleed_of("uitkomst")?,
    })
}

impl<'a> Stapel<'a> {
    /// Gathers the duties of a message.
    pub(super) fn plichten(&mut self, plichten: &'a [NieuwePlicht], bericht: i64) {
        for plicht in plichten {
            self.uit.plicht.rij([
                Waarde::Getal(bericht),
                Waarde::eigen(&plicht.soort),
                Waarde::Getal(plicht.regel.nummer().into()),
                Waarde::eigen(&plicht.schuldenaar),
                Waarde::eigen_of(plicht.ontvanger.as_ref()),
                Waarde::tekst_of(plicht.over.as_deref()),
                Waarde::Getal(plicht.uiterlijk.unix_millis()),
            ]);
        }
    }

    /// Gathers what a message meets or puts off of its sender's duties in its case; never its own.
    pub(super) fn voldoen(&mut self, aanname: &Aanname) {
        let b = &aanname.bericht;
        self.voldoeningen.extend(aanname.voldoeningen.iter().map(|v| {
            let uitstel = v.uitstel.map(|u| u.unix_millis());
            json!([b.van, b.casus, v.soort, v.over, uitstel, b.aangenomen_op.unix_millis(), b.id])
        }));
    }
}

impl<'a> Stapel<'a> {
    /// Decides on what a review found, and gathers it. The first counts.
    pub(super) fn toetswoord(&mut self, woord: &'a Toetswoord) -> Plichtuitslag {
        let Some(open) = self.toetsen.get_mut(&(woord.van, woord.bericht)) else { return Plichtuitslag::Onbekend };
        let Some(nr) = open.take() else { return Plichtuitslag::AlVastgelegd };
        self.getoetst.push(json!([nr, woord.blad.tijd.unix_millis(), woord.uitkomst, woord.verklaring]));
        self.blad(&woord.blad);
        Plichtuitslag::Vastgelegd
    }
}

/// Marks what was met, after the duties of this batch are written.
pub(super) async fn voldoen(
    tx: &mut Verbinding,
    door: &[Value],
    gelezen: &[(i64, i64)],
    getoetst: &[Value],
) -> Result<(), Stapelfout> {
    if !getoetst.is_empty() {
        vraag(sql::PLICHTEN_GETOETST).bind(json!(getoetst).to_string()).execute(&mut *tx).await?;
    }
    if !door.is_empty() {
        let door = json!(door).to_string();
        vraag(sql::PLICHTEN_VOLDOEN).bind(&door).execute(&mut *tx).await?;
        vraag(sql::OVERZICHTEN_VOLDOEN).bind(&door).execute(&mut *tx).await?;
    }
    if !gelezen.is_empty() {
        vraag(sql::PLICHTEN_GELEZEN).bind(json!(gelezen).to_string()).execute(&mut *tx).await?;
    }
    Ok(())
}
