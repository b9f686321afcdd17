//! Deciding again: what is looked up for it, and what a new decision writes.

use std::collections::BTreeSet;

use inbreng_domain::{DeelId, LeveringId, Oin, Tijdstip, vocabulary::Doel};
use inbreng_storage::{
    Aangehouden, Beleidsgrens, Herzien, Herziening, Herzieningsuitslag, Leveringsstaat, NieuweLevering, StoreError, StoreResult,
    TeHerzien, TeHerzienDeel,
};
use serde_json::json;

use super::{
    SqlStore,
    fout::vertaald,
    rij::Lezen,
    sql,
    stapel::{Stapel, Stapelfout},
    verbinding::{Param, Reeks, Rij, Verbinding, vraag},
    wraps,
};

/// When nothing was found for a recipient, and what the counters were: until they move, or something held runs out, nothing is.
#[derive(Debug, Clone, Copy)]
pub(super) struct NietsGevonden {
    stand: [i64; 3],
    op: Tijdstip,
}

/// What is held runs out by the clock of the process that wrote it, which may be behind ours: this much of the past is looked
/// at again, in milliseconds.
const KLOKVERSCHIL: i64 = 60_000;

/// What waits for a recipient and rests on facts, or on a policy, that have moved.
pub(super) async fn lezen(store: &SqlStore, ontvanger: Oin, hoogstens: u32, nu: Tijdstip) -> StoreResult<Vec<TeHerzien>> {
    let bladen = store.log.gezien();
    // One snapshot, so that a delivery and its parts belong together.
    let mut tx = store.lezers.begin().await.map_err(vertaald)?;
    let gezien = store.niets_te_herzien().get(&ontvanger).copied();
    let sinds = gezien.map_or(nu, |g| g.op).unix_millis().saturating_sub(KLOKVERSCHIL);
    let rij = vraag(sql::HERZIENSTAND).bind(sinds).bind(nu.unix_millis()).fetch_one(&mut *tx).await.map_err(vertaald)?;
    // Whoever gets something asks this first.
    store.log.toetsen(bladen, rij.getal("blad")?)?;
    let stand = [rij.getal("herzien")?, rij.getal("gids")?, rij.getal("beleid")?];
    // Finding nothing takes a walk along all that waits, which may be long.
    if rij.getal("verlopen")? == 0 && gezien.is_some_and(|g| g.stand == stand) {
        return Ok(Vec::new());
    }
    let wachtend = vraag(sql::TE_HERZIEN).bind(ontvanger.to_string()).bind(i64::from(hoogstens)).bind(nu.unix_millis());
    let (mut leveringen, mut aangehouden) = (Vec::new(), BTreeSet::new());
    for rij in wachtend.fetch_all(&mut *tx).await.map_err(vertaald)? {
        match rij.tekst("wat")?.as_str() {
            "levering" => leveringen.push(rij.getal("nr")?),
            _ => drop(aangehouden.insert(rij.getal("nr")?)),
        }
    }
    let mut alle = Vec::new();
    if !leveringen.is_empty() {
        let rijen = vraag(sql::HERZIENBARE_LEVERINGEN).bind(json!(leveringen).to_string());
        groeperen(&rijen.fetch_all(&mut *tx).await.map_err(vertaald)?, &mut alle)?;
    }
    if !aangehouden.is_empty() {
        let rijen = vraag(sql::HERZIENBARE_AANGEHOUDEN).bind(json!(aangehouden).to_string()).bind(ontvanger.to_string());
        groeperen(&rijen.fetch_all(&mut *tx).await.map_err(vertaald)?, &mut alle)?;
    }
    if alle.is_empty() && hoogstens > 0 {
        store.niets_te_herzien().insert(ontvanger, NietsGevonden { stand, op: nu });
    }
    Ok(alle)
}

/// Rows of one delivery, or of what is held of one message, stand together.
fn groeperen(rijen: &[Rij], alle: &mut Vec<TeHerzien>) -> StoreResult<()> {
    let mut huidig = None;
    for rij in rijen {
        let groep = rij.getal("groep")?;
        if huidig.replace(groep) != Some(groep) {
            alle.push(kop(rij)?);
        }
        if let Some(een) = alle.last_mut() {
            let erbij = rij.tekst_of("wraps")?.map_or(Ok(None), |erbij| wraps::van(&erbij, een.ontvanger))?;
            een.onderdelen.push(TeHerzienDeel {
                deel: rij.ontleed_of("deel")?,
                labels: rij.tekst_of("labels")?,
                wijze: rij.ontleed("wijze")?,
                toegang: rij.tekst_of("toegang")?.or(erbij.map(|w| w.toegang)),
                record: rij.tekst("record")?,
            });
        }
    }
    Ok(())
}

fn kop(rij: &Rij) -> StoreResult<TeHerzien> {
    Ok(TeHerzien {
        van: rij.ontleed("van")?,
        bericht_id: rij.ontleed("bericht_id")?,
        berichttype: rij.ontleed("berichttype")?,
        casus: rij.ontleed_of("casus")?,
        antwoord_op: rij.ontleed_of("antwoord_op")?,
        convenant: rij.ontleed("convenant")?,
        urgentie: rij.ontleed("urgentie")?,
        ontvanger: rij.ontleed("ontvanger")?,
        functie: rij.ontleed_of("functie")?,
        levering: rij.ontleed_of("levering")?,
        onderdelen: Vec::new(),
    })
}

impl<'a> Stapel<'a> {
    /// Compares, then gathers; nothing is gathered unless all fits.
    pub(super) fn herzien(&mut self, h: &'a Herziening) -> StoreResult<Herzieningsuitslag> {
        if self.feitenstand(h.casus)? != h.feiten || !self.in_kracht(h.beleid) {
            return Ok(Herzieningsuitslag::Verouderd);
        }
        let onbekend = || StoreError::Conflict { what: "a message that is decided again and is not there" };
        let nr = *self.berichtnummers.get(&(h.bericht_id, h.van)).ok_or_else(onbekend)?;
        let delen_bekend = h.besluiten.iter().filter_map(|b| b.deel).all(|d| self.delen.contains_key(&d));
        if !delen_bekend {
            return Err(StoreError::Conflict { what: "a decision on a part that is not there" });
        }
        if let Herzien::Levering { id, .. } = &h.uitkomst
            && !self.leveringen.get(id).is_some_and(|l| {
                l.ontvanger == h.ontvanger && matches!(l.staat, Leveringsstaat::Open | Leveringsstaat::Aangehouden)
            })
        {
            // It was received or refused meanwhile: it has been handed out, and there is nothing left to decide.
            return Ok(Herzieningsuitslag::Verouderd);
        }
        self.zaken_bekend(&h.zaak, &[])?;
        if let Herzien::Aangehouden { blijft, .. } = &h.uitkomst {
            let nummers = |d: Option<DeelId>| d.and_then(|d| self.delen.get(&d).copied());
            let (gelezen, blijft): (BTreeSet<_>, _) =
                (h.besluiten.iter().map(|b| nummers(b.deel)).collect(), blijft.iter().map(|a| nummers(a.deel)).collect());
            let huidig = self.aangehouden.entry((nr, h.ontvanger)).or_default();
            if *huidig != gelezen {
                // Another process decided on it since it was read: what has gone does not go twice.
                return Ok(Herzieningsuitslag::Verouderd);
            }
            *huidig = blijft;
        }

        let nu = h.bladen.first().map_or_else(|| Tijdstip::from_unix_millis(0), |b| b.tijd);
        self.zaakgevolgen(&h.zaak, nu)?;
        let stand = self.herzienstand(h.casus);
        match &h.uitkomst {
            Herzien::Levering { id, staat, besluiten, bewaren_tot, vervangen_door } => {
                self.levering_herzien(*id, *staat, besluiten, (stand, h.beleid), nu);
                self.bewaren_tot(*id, *bewaren_tot);
                if let Some(levering) = vervangen_door {
                    self.latere_levering(levering, None, nr, stand);
                }
            }
            Herzien::Aangehouden { blijft, levering } => self.aangehouden_herzien(h, nr, blijft, levering.as_ref(), stand),
        }
        self.plichten(&h.plichten, nr);
        h.besluiten.iter().for_each(|b| self.besluit(Some(nr), b));
        h.bladen.iter().for_each(|b| self.blad(b));
        Ok(Herzieningsuitslag::Vastgelegd)
    }

    fn levering_herzien(
        &mut self,
        id: LeveringId,
        staat: Leveringsstaat,
        besluiten: &str,
        (stand, beleid): (i64, Beleidsgrens),
        nu: Tijdstip,
    ) {
        let Some(levering) = self.leveringen.get_mut(&id) else { return };
        levering.staat = staat;
        levering.herzien = stand;
        levering.onder = Some((self.stand.beleid, beleid.tot.map(Tijdstip::unix_millis)));
        levering.besluiten = Some(besluiten.to_owned());
        levering.gewijzigd = true;
        if staat == Leveringsstaat::Vervallen {
            levering.afgehandeld_op = Some(nu.unix_millis());
            let nr = levering.nr;
            self.ontvangen.push(nr);
            self.tellen("open", "", -1);
        }
    }

    /// The term of what is open again counts anew, that of what waited on goes on, and what is held or ended has none (R40).
    fn bewaren_tot(&mut self, id: LeveringId, tot: Tijdstip) {
        let Some(levering) = self.leveringen.get_mut(&id) else { return };
        levering.uiterlijk = match levering.staat {
            Leveringsstaat::Open => Some(levering.uiterlijk.unwrap_or_else(|| tot.unix_millis())),
            _ => None,
        };
    }

    fn aangehouden_herzien(
        &mut self,
        h: &'a Herziening,
        bericht: i64,
        blijft: &'a [Aangehouden],
        levering: Option<&'a NieuweLevering>,
        stand: i64,
    ) {
        self.niet_meer_aangehouden.push((bericht, h.ontvanger));
        self.losgelaten.extend(h.besluiten.iter().filter_map(|b| b.deel).filter_map(|d| self.delen.get(&d)));
        blijft.iter().for_each(|a| self.aanhouden(a, bericht, stand, h.beleid));
        if let Some(levering) = levering {
            self.latere_levering(levering, None, bericht, stand);
        }
    }

    /// A delivery of a message that was accepted before; `doel` as [`Stapel::leveringsrij`] has it.
    pub(super) fn latere_levering(&mut self, levering: &'a NieuweLevering, doel: Option<Doel>, bericht: i64, stand: i64) {
        // Its size is known to the tables only; a mailbox takes this as a guess.
        self.leveringsrij(levering, doel, (bericht, stand), GESCHAT.saturating_mul(levering.delen.len()));
    }

    /// Removes what new decisions replace, before their rows are written.
    pub(super) async fn loslaten(&self, tx: &mut Verbinding) -> Result<(), Stapelfout> {
        static INRUILEN: Reeks = Reeks::van(&[sql::TERUGVAL_WEG, sql::TERUGVALWRAPS_WEG]);
        if !self.niet_meer_aangehouden.is_empty() {
            let wie: Vec<_> = self.niet_meer_aangehouden.iter().map(|(nr, oin)| json!([nr, oin])).collect();
            vraag(sql::AANGEHOUDEN_WEG).bind(json!(wie).to_string()).execute(&mut *tx).await?;
        }
        if !self.ingeruild.is_empty() {
            let wat = Param::from(json!(self.ingeruild).to_string());
            INRUILEN.doen(tx, [vec![wat.clone()], vec![wat]]).await?;
        }
        Ok(())
    }
}

/// Bytes that a part of a later delivery is taken for.
const GESCHAT: usize = 64 * 1024;
