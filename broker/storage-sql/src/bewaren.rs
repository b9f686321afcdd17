//! Terms (R40): what waited too long, evidence that ends, references of closed cases that end. Each step is one transaction and
//! bounded; hashes and nodes of the log are never touched.

use std::collections::{BTreeSet, VecDeque};

use async_trait::async_trait;
use inbreng_domain::{LeveringId, Tijdstip};
use inbreng_proof::blad::kern;
use inbreng_storage::{Bewaren, Leveringsstaat, NieuwBlad, SNOEIBARE_BLADEN, Snoeisel, StoreError, StoreResult, Verstreken};
use serde_json::json;

use super::{
    SqlStore, ander_antwoord,
    fout::vertaald,
    opdracht::{Uitslag, Werk},
    rij::Lezen,
    rijen::hex,
    sql,
    stapel::{Stapel, Stapelfout, staat},
    verbinding::{Rij, Verbinding, Zin, vraag},
};

/// A step of which the transaction itself finds what is due.
#[derive(Debug)]
pub(super) enum Bewaarwerk {
    Nemen { wie: String, nu: Tijdstip, tot: Tijdstip },
    Wachtend { tot: Tijdstip, hoogstens: u32 },
    Snoeien { tot: Tijdstip, na: u64, nu: Tijdstip, hoogstens: u32, veegblad: Option<Box<NieuwBlad>> },
    Beeindigen { tot: Tijdstip, nu: Tijdstip, hoogstens: u32 },
    Opruimen { hoogstens: u32 },
}

impl Bewaarwerk {
    /// The leaf that says of records of leaves that they ended, where some did.
    pub(super) fn veegblad(&self, uitslag: &Uitslag) -> Option<&NieuwBlad> {
        match (self, uitslag) {
            (Self::Snoeien { veegblad, .. }, Uitslag::Gesnoeid(Snoeisel { bladen: 1.., .. })) => veegblad.as_deref(),
            _ => None,
        }
    }
}

#[async_trait]
impl Bewaren for SqlStore {
    async fn opruimtaak_nemen(&self, wie: &str, nu: Tijdstip, tot: Tijdstip) -> StoreResult<bool> {
        Ok(self.bewaren(Bewaarwerk::Nemen { wie: wie.to_owned(), nu, tot }).await? > 0)
    }

    async fn verstreken(&self, nu: Tijdstip, hoogstens: u32) -> StoreResult<Vec<Verstreken>> {
        let rijen = vraag(sql::VERSTREKEN).bind(nu.unix_millis()).bind(i64::from(hoogstens));
        rijen.fetch_all(&self.lezers).await.map_err(vertaald)?.iter().map(verstreken).collect()
    }

    async fn laten_verlopen(&self, nu: Tijdstip, wat: Vec<(LeveringId, NieuwBlad)>) -> StoreResult<u64> {
        match self.schrijf(Werk::Verlopen { nu, wat }).await? {
            Uitslag::Aantal(aantal) => Ok(aantal),
            _ => Err(ander_antwoord()),
        }
    }

    async fn wachtende_delen_wissen(&self, tot: Tijdstip, hoogstens: u32) -> StoreResult<u64> {
        self.bewaren(Bewaarwerk::Wachtend { tot, hoogstens }).await
    }

    async fn bewijs_snoeien(
        &self,
        tot: Tijdstip,
        na: u64,
        nu: Tijdstip,
        hoogstens: u32,
        veegblad: Option<NieuwBlad>,
    ) -> StoreResult<Snoeisel> {
        let veegblad = veegblad.map(Box::new);
        match self.schrijf(Werk::Bewaren(Bewaarwerk::Snoeien { tot, na, nu, hoogstens, veegblad })).await? {
            Uitslag::Gesnoeid(snoeisel) => Ok(snoeisel),
            _ => Err(ander_antwoord()),
        }
    }

    async fn zaken_beeindigen(&self, tot: Tijdstip, nu: Tijdstip, hoogstens: u32) -> StoreResult<u64> {
        self.bewaren(Bewaarwerk::Beeindigen { tot, nu, hoogstens }).await
    }

    async fn zaken_opruimen(&self, hoogstens: u32) -> StoreResult<u64> {
        self.bewaren(Bewaarwerk::Opruimen { hoogstens }).await
    }
}

impl SqlStore {
    async fn bewaren(&self, werk: Bewaarwerk) -> StoreResult<u64> {
        match self.schrijf(Werk::Bewaren(werk)).await? {
            Uitslag::Aantal(aantal) => Ok(aantal),
            _ => Err(ander_antwoord()),
        }
    }
}

fn verstreken(rij: &Rij) -> StoreResult<Verstreken> {
    Ok(Verstreken {
        levering: rij.ontleed("id")?,
        bericht: rij.ontleed("bericht")?,
        van: rij.ontleed("van")?,
        ontvanger: rij.ontleed("ontvanger")?,
        bewaren_tot: rij.tijd("uiterlijk")?,
        open: staat(rij.getal("staat")?)? == Leveringsstaat::Open,
    })
}

impl<'a> Stapel<'a> {
    /// Ends what is over still: it may have been received, or held, since it was read.
    pub(super) fn verlopen(&mut self, nu: Tijdstip, wat: &'a [(LeveringId, NieuwBlad)]) -> u64 {
        let mut aantal = 0;
        for (id, blad) in wat {
            let Some(levering) = self.leveringen.get_mut(id) else { continue };
            if levering.uiterlijk.is_none_or(|tot| tot > nu.unix_millis()) {
                continue;
            }
            levering.uiterlijk = None;
            levering.gewijzigd = true;
            let nr = levering.nr;
            if levering.staat == Leveringsstaat::Open {
                levering.staat = Leveringsstaat::Verlopen;
                levering.afgehandeld_op = Some(nu.unix_millis());
                self.tellen("open", "", -1);
                self.tellen("verlopen", "", 1);
            }
            self.ontvangen.push(nr);
            self.blad(blad);
            aantal += 1;
        }
        aantal
    }
}

/// What was done and found, in the order of the works, with what is counted of it.
#[derive(Debug, Default)]
pub(super) struct Bewaarstapel {
    uitslagen: VecDeque<(Uitslag, Option<(&'static str, i64)>)>,
    geschreven: bool,
    gewist: bool,
}

impl Bewaarstapel {
    /// Runs those works, in order.
    pub(super) async fn uitvoeren(tx: &mut Verbinding, werken: &[&Werk]) -> Result<Self, Stapelfout> {
        let mut stapel = Self::default();
        for werk in werken.iter().filter_map(|w| if let Werk::Bewaren(b) = w { Some(b) } else { None }) {
            let (uitslag, soort) = match werk {
                Bewaarwerk::Nemen { wie, nu, tot } => {
                    let nemen = vraag(sql::OPRUIMTAAK_NEMEN).bind(wie).bind(nu.unix_millis()).bind(tot.unix_millis());
                    (Uitslag::Aantal(nemen.execute(tx).await?), None)
                }
                Bewaarwerk::Wachtend { tot, hoogstens } => (Uitslag::Aantal(wachtend(tx, *tot, *hoogstens).await?), None),
                Bewaarwerk::Snoeien { tot, na, nu, hoogstens, .. } => {
                    let (snoeisel, geschreven) = snoeien(tx, *tot, *na, *nu, *hoogstens).await?;
                    stapel.geschreven |= geschreven;
                    stapel.gewist |= geschreven;
                    (Uitslag::Gesnoeid(snoeisel), Some("gesnoeid"))
                }
                Bewaarwerk::Beeindigen { tot, nu, hoogstens } => {
                    (Uitslag::Aantal(beeindigen(tx, *tot, *nu, *hoogstens).await?), Some("zaak-einde"))
                }
                Bewaarwerk::Opruimen { hoogstens } => (Uitslag::Aantal(opruimen(tx, *hoogstens).await?), None),
            };
            let aantal = match &uitslag {
                Uitslag::Gesnoeid(snoeisel) => snoeisel.berichten,
                Uitslag::Aantal(aantal) => *aantal,
                _ => 0,
            };
            stapel.geschreven |= aantal > 0;
            stapel.gewist |= aantal > 0 && !matches!(werk, Bewaarwerk::Nemen { .. });
            let geteld = soort.filter(|_| aantal > 0).map(|soort| (soort, i64::try_from(aantal).unwrap_or(i64::MAX)));
            stapel.uitslagen.push_back((uitslag, geteld));
        }
        Ok(stapel)
    }

    /// The answer to the next of them, and what is counted.
    pub(super) fn volgende(&mut self) -> StoreResult<(Uitslag, Option<(&'static str, i64)>)> {
        self.uitslagen.pop_front().ok_or(StoreError::Conflict { what: "no answer" })
    }

    pub(super) const fn heeft_geschreven(&self) -> bool {
        self.geschreven
    }

    /// Whether something left the store; who only takes the task erases nothing.
    pub(super) const fn heeft_gewist(&self) -> bool {
        self.gewist
    }
}

/// Runs statements over one list of numbers; nothing where it is empty.
async fn over(tx: &mut Verbinding, nummers: &[i64], zinnen: &[Zin]) -> Result<(), Stapelfout> {
    if nummers.is_empty() {
        return Ok(());
    }
    let lijst = json!(nummers).to_string();
    for zin in zinnen {
        vraag(*zin).bind(&lijst).execute(&mut *tx).await?;
    }
    Ok(())
}

fn nummers(rijen: &[Rij]) -> StoreResult<Vec<i64>> {
    rijen.iter().map(|r| r.getal("nr")).collect()
}

const fn aantal(nummers: &[i64]) -> u64 {
    nummers.len() as u64
}

async fn wachtend(tx: &mut Verbinding, tot: Tijdstip, hoogstens: u32) -> Result<u64, Stapelfout> {
    let rijen = vraag(sql::WACHTENDE_DELEN).bind(tot.unix_millis()).bind(i64::from(hoogstens)).fetch_all(&mut *tx).await?;
    let delen = nummers(&rijen)?;
    over(tx, &delen, &[sql::WACHTENDE_DELEN_AF, sql::INHOUD_WISSEN, sql::WRAPS_WISSEN]).await?;
    Ok(aantal(&delen))
}

/// In the order in which rows refer to each other.
const ALLES_VAN_BERICHTEN: [Zin; 11] = [
    sql::SNOEI_VERKLARINGEN,
    sql::SNOEI_BEZORGINGEN,
    sql::SNOEI_LEVERINGSDELEN,
    sql::SNOEI_LEVERINGEN,
    sql::SNOEI_INZAGEN,
    sql::SNOEI_WRAPS,
    sql::SNOEI_INHOUD,
    sql::SNOEI_PLICHTEN,
    sql::SNOEI_BESLUITEN,
    sql::SNOEI_DELEN,
    sql::SNOEI_BERICHTEN,
];

/// Gives whether anything was written too: the place in the log moves where nothing had to go as well.
async fn snoeien(
    tx: &mut Verbinding,
    tot: Tijdstip,
    na: u64,
    nu: Tijdstip,
    hoogstens: u32,
) -> Result<(Snoeisel, bool), Stapelfout> {
    let na = i64::try_from(na).unwrap_or(i64::MAX);
    let zoeken = vraag(sql::SNOEIBARE_BERICHTEN).bind(na).bind(tot.unix_millis()).bind(i64::from(hoogstens));
    let (mut berichten, mut zaken, mut verlaten, mut verder) = (Vec::new(), Vec::new(), BTreeSet::new(), None);
    for rij in zoeken.fetch_all(&mut *tx).await? {
        let nr = rij.getal("nr")?;
        // They stand in the order of acceptance: behind the first young one there is nothing.
        verder = (rij.getal("aangenomen_op")? <= tot.unix_millis()).then_some(rij.aantal("nr")?);
        if verder.is_none() {
            break;
        }
        if rij.getal("vrij")? != 0 {
            berichten.push(nr);
            match rij.getal_of("zaak")? {
                Some(zaak) if rij.getal("los")? != 0 => zaken.push(zaak),
                Some(zaak) => drop(verlaten.insert(zaak)),
                None => {}
            }
        }
    }
    if let Some(laatste) = berichten.last() {
        vraag(sql::SNOEI_LOSSE_BESLUITEN).bind(*laatste).execute(&mut *tx).await?;
    }
    over(tx, &berichten, &ALLES_VAN_BERICHTEN).await?;
    if !zaken.is_empty() {
        let einde = vraag(sql::LOSSE_ZAKEN_BEEINDIGEN).bind(json!(zaken).to_string()).bind(nu.unix_millis());
        einde.execute(&mut *tx).await?;
    }
    if !verlaten.is_empty() {
        // All that a case holds came by its messages. Where the last of them goes, nothing is younger.
        let rijen = vraag(sql::VERLATEN_ZAKEN).bind(json!(verlaten).to_string()).fetch_all(&mut *tx).await?;
        ten_einde(tx, &nummers(&rijen)?, nu).await?;
    }
    let (bladen, stappen) = bladen_snoeien(tx, tot, hoogstens).await?;
    // As long as there are older leaves, there is a next step; it goes on with messages where this one left off.
    let verder = verder.or_else(|| stappen.verder.then(|| u64::try_from(na).unwrap_or_default()));
    let geschreven = !berichten.is_empty() || stappen.gezet;
    Ok((Snoeisel { berichten: aantal(&berichten), bladen, verder }, geschreven))
}

/// Of one step along the log.
#[derive(Debug, Clone, Copy)]
struct Stap {
    /// The place moved.
    gezet: bool,
    /// There may be more.
    verder: bool,
}

/// Records of leaves; a message has some, so that a step takes more of them. Gives how many.
async fn bladen_snoeien(tx: &mut Verbinding, grens: Tijdstip, hoogstens: u32) -> Result<(u64, Stap), Stapelfout> {
    const PER_BERICHT: i64 = 8;
    let van = vraag(sql::OPRUIMPLEK).fetch_optional(&mut *tx).await?.map_or(Ok(0), |r| r.getal("bladen"))?;
    let eind = van.saturating_add(i64::from(hoogstens).saturating_mul(PER_BERICHT));
    let tot = vraag(sql::SNOEIBARE_BLADEN_TOT).bind(van).bind(eind).bind(grens.unix_millis()).fetch_one(&mut *tx).await?;
    let tot = tot.getal("tot")?;
    if tot <= van {
        return Ok((0, Stap { gezet: false, verder: false }));
    }
    let soorten = json!(SNOEIBARE_BLADEN).to_string();
    let vorm = vraag(sql::SOORT_VANAF).fetch_one(&mut *tx).await?.getal("soort_vanaf")?.clamp(van, tot);
    let snoeien = vraag(sql::SNOEI_BLADEN).bind(van).bind(vorm).bind(&soorten);
    let bladen = snoeien.execute(&mut *tx).await? + bladen_tot_kern(tx, vorm, tot, &soorten).await?;
    vraag(sql::OPRUIMPLEK_ZETTEN).bind(tot).execute(&mut *tx).await?;
    Ok((bladen, Stap { gezet: true, verder: tot == eind }))
}

/// Of leaves whose hash covers their kind the kernel stays, so that it can still be checked. Gives how many.
async fn bladen_tot_kern(tx: &mut Verbinding, van: i64, tot: i64, soorten: &str) -> Result<u64, Stapelfout> {
    let rijen = vraag(sql::SNOEIBARE_BLADEN).bind(van).bind(tot).bind(soorten).fetch_all(&mut *tx).await?;
    let mut kernen = Vec::with_capacity(rijen.len());
    for rij in &rijen {
        let kern = kern(&rij.bytes32("opening")?, rij.tekst_ref("record")?.as_bytes());
        kernen.push(json!([rij.getal("nr")?, hex(&kern)]));
    }
    if kernen.is_empty() {
        return Ok(0);
    }
    Ok(vraag(sql::SNOEI_BLADEN_TOT_KERN).bind(json!(kernen).to_string()).execute(tx).await?)
}

async fn beeindigen(tx: &mut Verbinding, tot: Tijdstip, nu: Tijdstip, hoogstens: u32) -> Result<u64, Stapelfout> {
    let rijen = vraag(sql::TE_BEEINDIGEN_ZAKEN).bind(tot.unix_millis()).bind(i64::from(hoogstens)).fetch_all(&mut *tx).await?;
    let zaken = nummers(&rijen)?;
    ten_einde(tx, &zaken, nu).await?;
    Ok(aantal(&zaken))
}

/// Their references mean nothing from now on; the rows of them that no message rests on leave.
async fn ten_einde(tx: &mut Verbinding, zaken: &[i64], nu: Tijdstip) -> Result<(), Stapelfout> {
    let weg = [
        sql::ZAAKFEITEN_WEG,
        sql::ZAAKPLEKKEN_WEG,
        sql::ZAAKVERANTWOORDING_WEG,
        sql::ZAAKINHOUD_WEG,
        sql::ZAAKWRAPS_LEEG,
        sql::ZAAKOVERZICHTEN_WEG,
        sql::BERICHTEN_LOSMAKEN,
    ];
    over(tx, zaken, &weg).await?;
    if !zaken.is_empty() {
        vraag(sql::ZAKEN_BEEINDIGEN).bind(json!(zaken).to_string()).bind(nu.unix_millis()).execute(tx).await?;
    }
    Ok(())
}

async fn opruimen(tx: &mut Verbinding, hoogstens: u32) -> Result<u64, Stapelfout> {
    let rijen = vraag(sql::LEGE_ZAKEN).bind(i64::from(hoogstens)).fetch_all(&mut *tx).await?;
    let zaken = nummers(&rijen)?;
    let alles =
        [sql::ZAAKFEITEN_WEG, sql::ZAAKPLEKKEN_WEG, sql::ZAAKVERANTWOORDING_WEG, sql::ZAAKTOESTEMMINGEN_WEG, sql::ZAKEN_WEG];
    over(tx, &zaken, &alles).await?;
    Ok(aantal(&zaken))
}
