//! Bringing deliveries: what a batch writes of it, and how it is read.
//!
//! Who takes what is settled by the writing transaction itself, so these works run before the others of a batch, each as its
//! own statements; the leaf of one is added with the others.

use std::collections::VecDeque;

use async_trait::async_trait;
use inbreng_domain::{LeveringId, Oin, Tijdstip, terugroep::Dodeletter, vocabulary::Urgentie};
use inbreng_storage::{
    Afronding, Bezorgingen, Bezorgstand, Doodsoorzaak, Genomen, Greep, NieuwBlad, OpenLevering, Pogingsuitslag, StoreError,
    StoreResult, Terugroepregel, Terugroepuitslag, Verlopen, Wachtend,
};
use serde_json::json;
use time::Duration;

use super::{
    SqlStore,
    aannemen::baancode,
    ander_antwoord,
    fout::vertaald,
    leveringen::{baan, open_van},
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    sql,
    stapel::Stapelfout,
    verbinding::{Rij, Verbinding, Zin, vraag},
};

/// No attempt is under way for so long: the longest time for an answer, and what reading and writing take.
const LANGST_ONDERWEG: Duration = Duration::minutes(2);

/// A write about bringing.
#[derive(Debug)]
pub(super) enum Bezorgwerk {
    Terugroep { regel: Terugroepregel, blad: NieuwBlad },
    Nemen(Greep),
    Afronden(Afronding),
    Versnellen { ontvanger: Oin, nu: Tijdstip },
    Inschrijven { ontvanger: Oin, nu: Tijdstip },
    Herbezorgen { wie: Oin, levering: LeveringId, nu: Tijdstip, blad: NieuwBlad },
}

impl Bezorgwerk {
    /// About how many bytes it writes.
    pub(super) const fn omvang(&self) -> usize {
        match self {
            Self::Terugroep { regel, .. } => regel.record.len(),
            _ => 0,
        }
    }

    /// The lane that it is of, where it is of one.
    pub(super) const fn baan(&self) -> Urgentie {
        match self {
            Self::Nemen(greep) => greep.baan,
            _ => Urgentie::Normaal,
        }
    }

    /// Its leaf, where it was done.
    const fn blad(&self) -> Option<&NieuwBlad> {
        match self {
            Self::Terugroep { blad, .. } | Self::Herbezorgen { blad, .. } => Some(blad),
            Self::Afronden(Afronding { uitslag: Pogingsuitslag::Dood(Doodsoorzaak { blad, .. }), .. }) => Some(blad),
            _ => None,
        }
    }
}

/// What the works on bringing of one batch did.
#[derive(Debug, Default)]
pub(super) struct Bezorgstapel {
    uitslagen: VecDeque<Uitslag>,
    geschreven: bool,
}

impl Bezorgstapel {
    /// Runs those works, in order.
    pub(super) async fn uitvoeren(tx: &mut Verbinding, werken: &[&Werk]) -> Result<Self, Stapelfout> {
        let mut stapel = Self::default();
        for werk in werken.iter().filter_map(|w| if let Werk::Bezorgen(b) = w { Some(b) } else { None }) {
            let uitslag = uitvoeren(tx, werk).await?;
            stapel.geschreven |= uitslag.heeft_iets_gedaan();
            stapel.uitslagen.push_back(uitslag);
        }
        Ok(stapel)
    }

    /// The answer to the next of them, and its leaf where it did something.
    pub(super) fn volgende<'a>(&mut self, werk: &'a Bezorgwerk) -> StoreResult<(Uitslag, Option<&'a NieuwBlad>)> {
        let uitslag = self.uitslagen.pop_front().ok_or(StoreError::Conflict { what: "no answer" })?;
        let blad = werk.blad().filter(|_| uitslag.heeft_iets_gedaan());
        Ok((uitslag, blad))
    }

    pub(super) const fn heeft_geschreven(&self) -> bool {
        self.geschreven
    }
}

impl Uitslag {
    const fn heeft_iets_gedaan(&self) -> bool {
        match self {
            Self::Terugroep(uitslag) => matches!(uitslag, Terugroepuitslag::Geplaatst),
            Self::Genomen(genomen) => !genomen.is_empty(),
            Self::Afgerond(gedaan) => *gedaan,
            Self::Herbezorgd(ontvanger) => ontvanger.is_some(),
            _ => true,
        }
    }
}

async fn uitvoeren(tx: &mut Verbinding, werk: &Bezorgwerk) -> Result<Uitslag, Stapelfout> {
    match werk {
        Bezorgwerk::Terugroep { regel, .. } => plaatsen(tx, regel).await.map(Uitslag::Terugroep),
        Bezorgwerk::Nemen(greep) => nemen(tx, greep).await.map(Uitslag::Genomen),
        Bezorgwerk::Afronden(afronding) => afronden(tx, afronding).await.map(Uitslag::Afgerond),
        Bezorgwerk::Versnellen { ontvanger, nu } => {
            let vraag = vraag(sql::BEZORGING_VERSNELLEN).bind(ontvanger.to_string()).bind(nu.unix_millis());
            let vraag = vraag.bind(nu.plus(LANGST_ONDERWEG).unix_millis());
            Ok(Uitslag::Afgerond(vraag.execute(tx).await? > 0))
        }
        Bezorgwerk::Inschrijven { ontvanger, nu } => {
            let vraag = vraag(sql::BEZORGING_INSCHRIJVEN).bind(ontvanger.to_string()).bind(nu.unix_millis());
            Ok(Uitslag::Afgerond(vraag.execute(tx).await? > 0))
        }
        Bezorgwerk::Herbezorgen { wie, levering, nu, .. } => {
            let vraag = vraag(sql::HERBEZORGEN).bind(levering.to_string()).bind(wie.to_string()).bind(nu.unix_millis());
            let rij = vraag.fetch_optional(tx).await?;
            Ok(Uitslag::Herbezorgd(rij.map(|r| r.ontleed("ontvanger")).transpose()?))
        }
    }
}

async fn plaatsen(tx: &mut Verbinding, regel: &Terugroepregel) -> Result<Terugroepuitslag, Stapelfout> {
    let oin = regel.oin.to_string();
    if let Some(staat) = vraag(sql::TERUGROEP).bind(&oin).fetch_optional(&mut *tx).await? {
        let (nummer, record) = (staat.getal("volgnummer")?, staat.tekst("record")?);
        if record == regel.record {
            return Ok(Terugroepuitslag::AlGeplaatst);
        }
        if nummer >= i64::from(regel.volgnummer) {
            return Ok(Terugroepuitslag::Bezet);
        }
    }
    let plaatsen = vraag(sql::TERUGROEP_PLAATSEN).bind(&oin).bind(regel.volgnummer).bind(regel.actief);
    plaatsen.bind(&regel.record).execute(&mut *tx).await?;
    let stappen: &[Zin] = if regel.actief {
        &[sql::BEZORGING_BEGINNEN, sql::BEZORGING_OP_VOLGORDE, sql::BEZORGING_OPNIEUW_AAN_DE_BEURT]
    } else {
        &[sql::BEZORGING_STOPPEN, sql::BEZORGING_DODE_VERGETEN]
    };
    for stap in stappen {
        vraag(*stap).bind(&oin).execute(&mut *tx).await?;
    }
    Ok(Terugroepuitslag::Geplaatst)
}

async fn nemen(tx: &mut Verbinding, greep: &Greep) -> Result<Vec<Genomen>, Stapelfout> {
    let Greep { ontvanger, baan, hoogstens, nu, tot } = greep;
    let greep = vraag(sql::BEZORGING_NEMEN).bind(ontvanger.to_string()).bind(baancode(*baan)).bind(i64::from(*hoogstens));
    let rijen = greep.bind(nu.unix_millis()).bind(tot.unix_millis()).fetch_all(&mut *tx).await?;
    let mut nummers = rijen.iter().map(|r| r.getal("levering")).collect::<StoreResult<Vec<_>>>()?;
    if nummers.is_empty() {
        return Ok(Vec::new());
    }
    nummers.sort_unstable();
    let rijen = vraag(sql::GENOMEN).bind(json!(nummers).to_string()).fetch_all(tx).await?;
    let genomen = |r: &Rij| {
        Ok(Genomen {
            levering: r.ontleed("id")?,
            poging: nummer(r, "pogingen")?,
            omvang: r.aantal("omvang")?,
            vorige: r.ontleed_of("reden")?,
        })
    };
    Ok(rijen.iter().map(genomen).collect::<StoreResult<_>>()?)
}

async fn afronden(tx: &mut Verbinding, afronding: &Afronding) -> Result<bool, Stapelfout> {
    let Afronding { ontvanger, levering, poging, nu, uitslag } = afronding;
    let wie = |zin: Zin| vraag(zin).bind(levering.to_string()).bind(ontvanger.to_string()).bind(*poging);
    let vraag = match uitslag {
        Pogingsuitslag::Bezorgd => wie(sql::BEZORGD).bind(nu.unix_millis()),
        Pogingsuitslag::Opnieuw { op, reden, status } => {
            wie(sql::BEZORGING_OPNIEUW).bind(op.unix_millis()).bind(reden.as_str()).bind(*status)
        }
        Pogingsuitslag::NietGedaan { op } => wie(sql::BEZORGING_NIET_GEDAAN).bind(op.unix_millis()),
        Pogingsuitslag::Dood(Doodsoorzaak { reden, status, grens, .. }) => {
            wie(sql::BEZORGING_DOOD).bind(nu.unix_millis()).bind(reden.as_str()).bind(*status).bind(grens.as_str())
        }
    };
    Ok(vraag.execute(tx).await? > 0)
}

fn nummer(rij: &Rij, kolom: &'static str) -> StoreResult<u32> {
    u32::try_from(rij.getal(kolom)?).map_err(|_| StoreError::Corrupt { what: kolom })
}

fn status(rij: &Rij) -> StoreResult<Option<u16>> {
    rij.getal_of("status")?.map(|s| u16::try_from(s).map_err(|_| StoreError::Corrupt { what: "bezorging.status" })).transpose()
}

/// How bringing goes, from a row that may have none.
pub(super) fn stand(rij: &Rij) -> StoreResult<Option<Bezorgstand>> {
    let Some(pogingen) = rij.getal_of("pogingen")? else { return Ok(None) };
    Ok(Some(Bezorgstand {
        pogingen: u32::try_from(pogingen).map_err(|_| StoreError::Corrupt { what: "bezorging.pogingen" })?,
        laatste_poging: rij.tijd_of("laatste")?,
        reden: rij.ontleed_of("reden")?,
        volgende_poging: rij.getal_of("volgende")?.filter(|v| *v > 0).map(Tijdstip::from_unix_millis),
        bezorgd_op: rij.tijd_of("bezorgd_op")?,
        dood_op: rij.tijd_of("dood_op")?,
        grens: rij.ontleed_of("grens")?,
    }))
}

fn dodeletter(r: &Rij) -> StoreResult<(i64, Dodeletter)> {
    let letter = Dodeletter {
        levering: r.ontleed("id")?,
        bericht: r.ontleed("bericht_id")?,
        berichttype: r.ontleed("berichttype")?,
        van: r.ontleed("van")?,
        ontvanger: r.ontleed("ontvanger")?,
        baan: baan(r.getal("baan")?)?,
        pogingen: nummer(r, "pogingen")?,
        reden: r.ontleed("reden")?,
        status: status(r)?,
        grens: r.ontleed("grens")?,
        dood_op: r.tijd("dood_op")?,
    };
    Ok((r.getal("nr")?, letter))
}

impl SqlStore {
    async fn bezorgwerk(&self, werk: Bezorgwerk) -> StoreResult<Uitslag> {
        self.schrijf(Werk::Bezorgen(Box::new(werk))).await
    }
}

#[async_trait]
impl Bezorgingen for SqlStore {
    async fn terugroep_plaatsen(&self, regel: Terugroepregel, blad: NieuwBlad) -> StoreResult<Terugroepuitslag> {
        match self.bezorgwerk(Bezorgwerk::Terugroep { regel, blad }).await? {
            Uitslag::Terugroep(uitslag) => Ok(uitslag),
            _ => Err(ander_antwoord()),
        }
    }

    async fn terugroepen(&self) -> StoreResult<Vec<Terugroepregel>> {
        let rijen = vraag(sql::TERUGROEPEN).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let regel = |r: &Rij| {
            Ok(Terugroepregel {
                oin: r.ontleed("oin")?,
                volgnummer: nummer(r, "volgnummer")?,
                actief: r.getal("actief")? != 0,
                record: r.tekst("record")?,
            })
        };
        rijen.iter().map(regel).collect()
    }

    async fn wachtende_bezorgingen(&self, nu: Tijdstip) -> StoreResult<Vec<Wachtend>> {
        let vraag = vraag(sql::WACHTENDE_BEZORGINGEN).bind(nu.unix_millis());
        let rijen = vraag.fetch_all(&self.lezers).await.map_err(vertaald)?;
        let mut wachtend = Vec::new();
        for rij in &rijen {
            let ontvanger = rij.ontleed("oin")?;
            for (baan, kolom) in [(Urgentie::Acuut, "acuut"), (Urgentie::Normaal, "normaal")] {
                wachtend.extend(rij.ontleed_of(kolom)?.map(|levering| Wachtend { ontvanger, baan, levering }));
            }
        }
        Ok(wachtend)
    }

    async fn bezorging_nemen(&self, greep: Greep) -> StoreResult<Vec<Genomen>> {
        // A look costs no transaction; most looks find nothing.
        let vraag = vraag(sql::IETS_TE_BEZORGEN).bind(greep.ontvanger.to_string()).bind(baancode(greep.baan));
        if vraag.bind(greep.nu.unix_millis()).fetch_optional(&self.lezers).await.map_err(vertaald)?.is_none() {
            return Ok(Vec::new());
        }
        match self.bezorgwerk(Bezorgwerk::Nemen(greep)).await? {
            Uitslag::Genomen(genomen) => Ok(genomen),
            _ => Err(ander_antwoord()),
        }
    }

    async fn te_bezorgen(&self, ontvanger: Oin, levering: LeveringId) -> StoreResult<Option<OpenLevering>> {
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        let vraag = vraag(sql::TE_BEZORGEN).bind(ontvanger.to_string()).bind(levering.to_string());
        let Some(rij) = vraag.fetch_optional(&mut *tx).await.map_err(vertaald)? else { return Ok(None) };
        Ok(open_van(&mut tx, &self.kast, ontvanger, &[rij.getal("nr")?]).await?.pop())
    }

    async fn bezorging_afronden(&self, afronding: Afronding) -> StoreResult<bool> {
        match self.bezorgwerk(Bezorgwerk::Afronden(afronding)).await? {
            Uitslag::Afgerond(gedaan) => Ok(gedaan),
            _ => Err(ander_antwoord()),
        }
    }

    async fn volgende_bezorging(&self, ontvanger: Oin, na: Tijdstip) -> StoreResult<Option<Tijdstip>> {
        let vraag = vraag(sql::VOLGENDE_BEZORGING).bind(ontvanger.to_string()).bind(na.unix_millis());
        vraag.fetch_one(&self.lezers).await.map_err(vertaald)?.tijd_of("volgende")
    }

    async fn bezorging_versnellen(&self, ontvanger: Oin, nu: Tijdstip) -> StoreResult<()> {
        self.bezorgwerk(Bezorgwerk::Versnellen { ontvanger, nu }).await.map(drop)
    }

    async fn verlopen_bezorgingen(
        &self,
        ontvanger: Oin,
        voor: Tijdstip,
        nu: Tijdstip,
        hoogstens: u32,
    ) -> StoreResult<Vec<Verlopen>> {
        let nieuw = vraag(sql::NIEUW_TE_BEZORGEN).bind(ontvanger.to_string());
        if nieuw.fetch_optional(&self.lezers).await.map_err(vertaald)?.is_some() {
            self.bezorgwerk(Bezorgwerk::Inschrijven { ontvanger, nu }).await?;
        }
        let vraag = vraag(sql::VERLOPEN_BEZORGINGEN).bind(ontvanger.to_string()).bind(voor.unix_millis());
        let rijen = vraag.bind(nu.unix_millis()).bind(i64::from(hoogstens)).fetch_all(&self.lezers).await.map_err(vertaald)?;
        let verlopen = |r: &Rij| {
            Ok(Verlopen {
                levering: r.ontleed("id")?,
                pogingen: nummer(r, "pogingen")?,
                reden: r.ontleed_of("reden")?,
                status: status(r)?,
                bezorgd: r.getal("stand")? == 1,
            })
        };
        rijen.iter().map(verlopen).collect()
    }

    async fn dode_letters(&self, wie: Oin, na: Option<LeveringId>, hoogstens: u32) -> StoreResult<Vec<Dodeletter>> {
        let mut tx = self.lezers.begin().await.map_err(vertaald)?;
        let mut alle = std::collections::BTreeMap::new();
        for zin in [sql::DODE_LETTERS_VAN, sql::DODE_LETTERS_AAN] {
            let vraag = vraag(zin).bind(wie.to_string()).bind(na.map(|id| id.to_string())).bind(i64::from(hoogstens));
            for rij in vraag.fetch_all(&mut *tx).await.map_err(vertaald)? {
                let (nr, letter) = dodeletter(&rij)?;
                alle.insert(nr, letter);
            }
        }
        Ok(alle.into_values().take(usize::try_from(hoogstens).unwrap_or(usize::MAX)).collect())
    }

    async fn herbezorgen(&self, wie: Oin, levering: LeveringId, nu: Tijdstip, blad: NieuwBlad) -> StoreResult<Option<Oin>> {
        match self.bezorgwerk(Bezorgwerk::Herbezorgen { wie, levering, nu, blad }).await? {
            Uitslag::Herbezorgd(ontvanger) => Ok(ontvanger),
            _ => Err(ander_antwoord()),
        }
    }
}
