//! Accepting a message: what is compared, and which rows it makes.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, Oin, Tijdstip, Toestemming, Uitkomst,
    vocabulary::{Doel, Urgentie},
    zaak::{Deelnemer, Feitsoort, Terugname, Zaakfeit},
};
use inbreng_storage::{
    Aangehouden, Aanname, Aannameuitslag, Beleidsgrens, Feitenstand, NieuwDeel, NieuweLevering, NieuweWrap, StoreError,
    StoreResult, Zaakgevolg,
};

use super::{
    rijen::Waarde,
    stapel::{Stapel, Zaak},
    wraps,
};

/// Every case that a message touches.
pub(super) fn genoemde_zaken(aanname: &Aanname) -> impl Iterator<Item = CasusRef> + '_ {
    let gevolgen = aanname.zaak.iter().flat_map(zaken_van);
    aanname.bericht.casus.into_iter().chain(gevolgen).chain(aanname.toestemmingen.iter().map(|t| t.casus))
}

/// Every case that an effect touches.
pub(super) fn zaken_van(gevolg: &Zaakgevolg) -> impl Iterator<Item = CasusRef> {
    let (casus, ander) = match gevolg {
        Zaakgevolg::Openen { casus, .. }
        | Zaakgevolg::Deelnemer { casus, .. }
        | Zaakgevolg::Verantwoordelijk { casus, .. }
        | Zaakgevolg::Verbinden { casus, .. }
        | Zaakgevolg::Sluiten { casus }
        | Zaakgevolg::Heropenen { casus } => (*casus, None),
        Zaakgevolg::Feit(feit) => (feit.casus, None),
        Zaakgevolg::Samenvoegen { casus, met } => (*casus, Some(*met)),
    };
    std::iter::once(casus).chain(ander)
}

impl<'a> Stapel<'a> {
    /// Compares, then gathers; nothing is gathered unless all fits.
    pub(super) fn aannemen(&mut self, aanname: &'a Aanname, sleutels: &[i64]) -> StoreResult<Aannameuitslag> {
        let bericht = &aanname.bericht;
        if let Some((digest, bewijs)) = self.berichten.get(&(bericht.id, bericht.van)) {
            let bekend = Aannameuitslag::AlAanwezig { digest: *digest, ontvangstbewijs: bewijs.clone().into_owned() };
            if *digest == bericht.digest && self.verloren {
                self.herwikkelen(aanname, sleutels)?;
            }
            return Ok(bekend);
        }
        if self.feitenstand(bericht.casus)? != aanname.feiten || !self.in_kracht(aanname.beleid) {
            return Ok(Aannameuitslag::Verouderd);
        }
        for gevolg in &aanname.zaak {
            if let Zaakgevolg::Verbinden { casus, stand, .. } = gevolg
                && self.feitenstand(Some(*casus))?.casus != *stand
            {
                return Ok(Aannameuitslag::Verouderd);
            }
        }
        if let Some(deel) = aanname.delen.iter().find(|d| self.delen.contains_key(&d.id)) {
            return Ok(Aannameuitslag::DeelBestaat(deel.id));
        }
        past_in_zichzelf(aanname)?;
        self.zaken_bekend(&aanname.zaak, &aanname.toestemmingen)?;

        self.zaakgevolgen(&aanname.zaak, bericht.aangenomen_op)?;
        self.toestemmingen(aanname)?;
        let nr = self.bericht(aanname);
        let delen = self.delen(aanname, sleutels, nr)?;
        aanname.besluiten.iter().for_each(|b| self.besluit(Some(nr), b));
        aanname.leveringen.iter().for_each(|l| self.levering(aanname, l, nr, &delen));
        self.plichten(&aanname.plichten, nr);
        self.voldoen(aanname);
        let herzien = self.herzienstand(bericht.casus);
        aanname.aangehouden.iter().for_each(|a| self.aanhouden(a, nr, herzien, aanname.beleid));
        aanname.bladen.iter().for_each(|b| self.blad(b));
        Ok(Aannameuitslag::Aangenomen)
    }

    /// The same message again brings the wraps of which the keys are lost.
    fn herwikkelen(&mut self, aanname: &Aanname, sleutels: &[i64]) -> StoreResult<()> {
        for deel in &aanname.delen {
            if let (erbij, Some(sleutel)) = bij_deel(aanname, sleutels, deel.id) {
                let tekst = wraps::tekst(erbij.into_iter())?;
                self.herwikkeld.bij_inhoud.push(serde_json::json!([deel.id, tekst, sleutel]));
            }
        }
        let apart = aanname.wraps.iter().zip(sleutels).filter(|(w, _)| !wraps::bij_inhoud(w));
        self.herwikkeld
            .apart
            .extend(apart.map(|(w, sleutel)| serde_json::json!([w.deel, w.ontvanger, w.wrap, sleutel, w.toegang])));
        self.hoogste_sleutel = self.hoogste_sleutel.max(sleutels.iter().max().copied());
        Ok(())
    }

    pub(super) fn feitenstand(&self, casus: Option<CasusRef>) -> StoreResult<Feitenstand> {
        let casus: i64 = self.groep_van(casus).map(|z| z.stand).sum();
        let getal = |n: i64| u64::try_from(n).map_err(|_| StoreError::Corrupt { what: "stand" });
        Ok(Feitenstand { casus: getal(casus)?, gids: getal(self.stand.gids)? })
    }

    /// What deliveries are compared with later.
    pub(super) fn herzienstand(&self, casus: Option<CasusRef>) -> i64 {
        self.groep_van(casus).map(|z| z.herzien).sum()
    }

    /// The case and those joined with it; the look-up brought them all.
    fn groep_van(&self, casus: Option<CasusRef>) -> impl Iterator<Item = &Zaak> {
        let groep = casus.and_then(|c| self.zaken.get(&c)).map(|z| z.groep);
        self.zaken.values().filter(move |z| Some(z.groep) == groep)
    }

    /// Every effect needs its case, opened earlier or by this message.
    pub(super) fn zaken_bekend(&self, gevolgen: &[Zaakgevolg], toestemmingen: &[Toestemming]) -> StoreResult<()> {
        let mut geopend = HashSet::new();
        for gevolg in gevolgen {
            match gevolg {
                Zaakgevolg::Openen { casus, .. } => {
                    geopend.insert(*casus);
                }
                gevolg => zaken_van(gevolg).try_for_each(|c| bekend(&self.zaken, &geopend, c))?,
            }
        }
        toestemmingen.iter().try_for_each(|t| bekend(&self.zaken, &geopend, t.casus))
    }

    pub(super) fn zaakgevolgen(&mut self, gevolgen: &'a [Zaakgevolg], nu: Tijdstip) -> StoreResult<()> {
        for gevolg in gevolgen {
            match gevolg {
                Zaakgevolg::Openen { casus, door } => self.openen(*casus, *door, nu),
                Zaakgevolg::Deelnemer { casus, deelnemer } => self.deelnemer(*casus, *deelnemer, nu),
                Zaakgevolg::Verantwoordelijk { casus, partner, bericht, overdracht } => {
                    self.verantwoordelijk(*casus, *partner, (*bericht, *overdracht), nu);
                }
                Zaakgevolg::Feit(feit) => self.feit(feit)?,
                Zaakgevolg::Verbinden { casus, van, bericht, .. } => {
                    if let Some(zaak) = self.zaken.get(casus) {
                        self.verbonden.push(serde_json::json!([van, bericht, zaak.nr]));
                    }
                }
                Zaakgevolg::Samenvoegen { casus, met } => self.samenvoegen(*casus, *met),
                Zaakgevolg::Sluiten { casus } => self.sluiten(*casus, Some(nu)),
                Zaakgevolg::Heropenen { casus } => self.sluiten(*casus, None),
            }
        }
        Ok(())
    }

    fn feit(&mut self, feit: &'a Zaakfeit) -> StoreResult<()> {
        let Some(zaak) = self.zaken.get_mut(&feit.casus) else { return Ok(()) };
        zaak.bump_herzien();
        self.uit.feit.rij([
            Waarde::Getal(zaak.nr),
            Waarde::Tekst(feit.soort.as_str()),
            Waarde::Tekst(&feit.onderwerp),
            Waarde::eigen(&feit.door),
            Waarde::Getal(feit.volgnummer.into()),
            Waarde::eigen(&feit.bericht),
            Waarde::Tekst(&feit.record),
        ]);
        if feit.soort == Feitsoort::Terugname {
            let terug: Terugname =
                serde_json::from_str(&feit.record).map_err(|_| StoreError::Conflict { what: "a recall without a form" })?;
            self.teruggenomen.push(serde_json::json!([terug.bericht, feit.door, terug.delen]));
        }
        Ok(())
    }

    /// Both groups become one. Its sums are higher than either was, so whatever rests on one of them is seen as old.
    fn samenvoegen(&mut self, casus: CasusRef, met: CasusRef) {
        let groep = |c| self.zaken.get(&c).map(|z: &Zaak| z.groep);
        let (Some(een), Some(ander)) = (groep(casus), groep(met)) else { return };
        if een == ander {
            return;
        }
        for zaak in self.zaken.values_mut().filter(|z| z.groep == een || z.groep == ander) {
            zaak.groep = een.min(ander);
            zaak.bump_herzien();
        }
    }

    /// Closes from this moment; or opens again.
    fn sluiten(&mut self, casus: CasusRef, vanaf: Option<Tijdstip>) {
        let Some(zaak) = self.zaken.get_mut(&casus) else { return };
        if zaak.gesloten_op.is_none() == vanaf.is_some() {
            zaak.gesloten_op = vanaf.map(|t| t.unix_millis());
            zaak.bump();
        }
    }

    fn openen(&mut self, casus: CasusRef, door: Oin, nu: Tijdstip) {
        let nr = self.stand.zaak + 1;
        self.zaken.entry(casus).or_insert_with(|| {
            self.stand.zaak = nr;
            Zaak {
                nr,
                geopend_door: door,
                geopend_op: nu.unix_millis(),
                verantwoordelijk: None,
                stand: 1,
                groep: nr,
                herzien: 0,
                gesloten_op: None,
                deelnemers: std::collections::BTreeMap::new(),
                gewijzigd: true,
            }
        });
    }

    /// Only a real change moves the facts: otherwise every message of a busy case would make its neighbours decide again.
    fn deelnemer(&mut self, casus: CasusRef, deelnemer: Deelnemer, nu: Tijdstip) {
        let Some(zaak) = self.zaken.get_mut(&casus) else { return };
        if zaak.deelnemers.insert(deelnemer.partner, deelnemer) == Some(deelnemer) {
            return;
        }
        zaak.bump();
        self.uit.deelnemer.rij([
            Waarde::Getal(zaak.nr),
            Waarde::eigen(&deelnemer.partner),
            Waarde::Tekst(deelnemer.rol.as_str()),
            Waarde::Getal(nu.unix_millis()),
            Waarde::eigen_of(deelnemer.vanaf.as_ref()),
            Waarde::eigen_of(deelnemer.tot.as_ref()),
        ]);
    }

    fn verantwoordelijk(&mut self, casus: CasusRef, partner: Oin, (bericht, overdracht): (BerichtId, BerichtId), nu: Tijdstip) {
        let Some(zaak) = self.zaken.get_mut(&casus) else { return };
        if zaak.verantwoordelijk.replace(partner) == Some(partner) {
            return;
        }
        zaak.bump();
        let (nr, stand) = (zaak.nr, zaak.stand);
        self.tellen("overgedragen", "", 1);
        self.uit.verantwoordelijkheid.rij([
            Waarde::Getal(nr),
            Waarde::Getal(stand),
            Waarde::eigen(&partner),
            Waarde::eigen(&bericht),
            Waarde::Getal(nu.unix_millis()),
            Waarde::eigen(&overdracht),
        ]);
    }

    fn toestemmingen(&mut self, aanname: &'a Aanname) -> StoreResult<()> {
        for toestemming in &aanname.toestemmingen {
            let record =
                serde_json::to_string(toestemming).map_err(|_| StoreError::Conflict { what: "consent without a form" })?;
            let Some(zaak) = self.zaken.get_mut(&toestemming.casus) else { continue };
            zaak.bump_herzien();
            self.uit.toestemming.rij([
                Waarde::Getal(zaak.nr),
                Waarde::eigen(&toestemming.geregistreerd_door),
                Waarde::eigen(&toestemming.persoon),
                Waarde::eigen(&toestemming.eigenaar),
                Waarde::Getal(toestemming.volgnummer.into()),
                Waarde::Eigen(record),
            ]);
        }
        Ok(())
    }

    fn bericht(&mut self, aanname: &'a Aanname) -> i64 {
        let b = &aanname.bericht;
        self.stand.bericht += 1;
        self.tellen("berichten", "", 1);
        self.berichten.insert((b.id, b.van), (b.digest, Cow::Borrowed(&b.ontvangstbewijs)));
        self.uit.bericht.rij([
            Waarde::Getal(self.stand.bericht),
            Waarde::eigen(&b.van),
            Waarde::eigen(&b.id),
            Waarde::eigen(&b.digest),
            Waarde::eigen(&b.berichttype),
            Waarde::eigen_of(b.casus.as_ref()),
            Waarde::eigen_of(b.antwoord_op.as_ref()),
            Waarde::Tekst(b.urgentie.as_str()),
            Waarde::eigen(&b.convenant),
            Waarde::eigen_of(b.gemeente.as_ref()),
            Waarde::Tekst(&b.bron),
            Waarde::Getal(b.aangenomen_op.unix_millis()),
            Waarde::Tekst(&b.bericht),
            Waarde::Tekst(&b.ontvangstbewijs),
            Waarde::Tekst(&b.kop),
            b.casus.and_then(|c| self.zaken.get(&c)).map_or(Waarde::Leeg, |z| Waarde::Getal(z.nr)),
        ]);
        self.stand.bericht
    }

    /// Parts and wraps. Ciphertext that nobody gets now and nobody waits for does not come in at all (R40).
    fn delen(
        &mut self,
        aanname: &'a Aanname,
        sleutels: &[i64],
        bericht: i64,
    ) -> StoreResult<HashMap<DeelId, (i64, &'a NieuwDeel)>> {
        let geleverd: HashSet<DeelId> = aanname.leveringen.iter().flat_map(|l| l.delen.iter().map(|(d, _)| *d)).collect();
        let mut nummers = HashMap::new();
        let mut bewaard = HashSet::new();
        for deel in &aanname.delen {
            self.stand.deel += 1;
            let nr = self.stand.deel;
            let wacht = wacht(aanname, deel.id);
            let aangehouden = aanname.aangehouden.iter().any(|a| a.deel == Some(deel.id));
            self.uit.deel.rij([
                Waarde::Getal(nr),
                Waarde::eigen(&deel.id),
                Waarde::Getal(bericht),
                Waarde::eigen(&deel.eigenaar),
                Waarde::Tekst(deel.categorie.as_str()),
                Waarde::Tekst(deel.doel.as_str()),
                Waarde::eigen(&deel.digest),
                Waarde::Getal(wacht.into()),
                Waarde::Tekst(&deel.labels),
                Waarde::Tekst(&deel.eigenaarsbewijs),
            ]);
            if wacht || aangehouden || geleverd.contains(&deel.id) {
                let (erbij, sleutel) = bij_deel(aanname, sleutels, deel.id);
                let erbij = wraps::tekst(erbij.into_iter())?;
                self.uit.inhoud.rij([
                    Waarde::Getal(nr),
                    Waarde::Tekst(&deel.inhoud),
                    Waarde::Eigen(erbij),
                    sleutel.map_or(Waarde::Leeg, Waarde::Getal),
                ]);
                bewaard.insert(deel.id);
            }
            self.delen.insert(deel.id, nr);
            nummers.insert(deel.id, (nr, deel));
        }
        self.hoogste_sleutel = self.hoogste_sleutel.max(sleutels.iter().max().copied());
        let apart = |(w, _): &(&NieuweWrap, &i64)| bewaard.contains(&w.deel) && !wraps::bij_inhoud(w);
        for (wrap, sleutel) in aanname.wraps.iter().zip(sleutels).filter(apart) {
            let Some((nr, _)) = nummers.get(&wrap.deel) else { continue };
            self.uit.wrap.rij([
                Waarde::Getal(*nr),
                Waarde::eigen(&wrap.ontvanger),
                Waarde::Tekst(wrap.wijze.as_str()),
                Waarde::Tekst(&wrap.wrap),
                Waarde::tekst_of(wrap.toegang.as_deref()),
                Waarde::Getal(*sleutel),
                Waarde::Tekst(DOEL_VAN_HET_DEEL),
            ]);
        }
        Ok(nummers)
    }

    fn levering(
        &mut self,
        aanname: &'a Aanname,
        levering: &'a NieuweLevering,
        bericht: i64,
        delen: &HashMap<DeelId, (i64, &NieuwDeel)>,
    ) {
        let herzien = self.herzienstand(aanname.bericht.casus);
        let delen = levering.delen.iter().filter_map(|(id, _)| delen.get(id));
        let omvang: usize = delen.map(|(_, d)| d.labels.len() + d.inhoud.len() + d.eigenaarsbewijs.len()).sum();
        self.leveringsrij(levering, None, (bericht, herzien), aanname.bericht.bericht.len() + omvang);
    }

    /// Gathers a delivery that waits for its recipient. `doel`: for what it is given, where that is another purpose than that of its parts;
    /// `omvang`: bytes that it brings, beside what is decided on it.
    pub(super) fn leveringsrij(
        &mut self,
        levering: &'a NieuweLevering,
        doel: Option<Doel>,
        (bericht, herzien): (i64, i64),
        omvang: usize,
    ) {
        self.stand.levering += 1;
        let nr = self.stand.levering;
        for (volgorde, (id, wijze)) in (0..).zip(&levering.delen) {
            let Some(deel) = self.delen.get(id) else { continue };
            self.uit.leveringsdeel.rij([
                Waarde::Getal(nr),
                Waarde::Getal(volgorde),
                Waarde::Getal(*deel),
                Waarde::Tekst(wijze.as_str()),
                Waarde::Tekst(doel.map_or(DOEL_VAN_HET_DEEL, Doel::as_str)),
            ]);
        }
        let omvang = omvang.saturating_add(levering.besluiten.len());
        self.uit.levering.rij([
            Waarde::Getal(nr),
            Waarde::eigen(&levering.id),
            Waarde::Getal(bericht),
            Waarde::eigen(&levering.ontvanger),
            Waarde::eigen_of(levering.functie.as_ref()),
            Waarde::Getal(baancode(levering.baan)),
            Waarde::Getal(0),
            Waarde::Getal(i64::try_from(omvang).unwrap_or(i64::MAX)),
            Waarde::Tekst(&levering.besluiten),
            Waarde::Getal(herzien),
            Waarde::Getal(levering.bewaren_tot.unix_millis()),
        ]);
        self.tellen("leveringen", "", 1);
        self.tellen("open", "", 1);
    }

    /// Gathers what is held: a row that says on which facts.
    pub(super) fn aanhouden(&mut self, aangehouden: &'a Aangehouden, bericht: i64, herzien: i64, onder: Beleidsgrens) {
        let deel = aangehouden.deel.and_then(|id| self.delen.get(&id).copied());
        self.uit.aangehouden.rij([
            Waarde::Getal(bericht),
            deel.map_or(Waarde::Leeg, Waarde::Getal),
            Waarde::eigen(&aangehouden.ontvanger),
            Waarde::eigen_of(aangehouden.functie.as_ref()),
            Waarde::Tekst(aangehouden.wijze.as_str()),
            Waarde::Getal(herzien),
            Waarde::Getal(self.stand.gids),
            Waarde::Getal(self.stand.beleid),
            onder.tot.map_or(Waarde::Leeg, |tot| Waarde::Getal(tot.unix_millis())),
            aangehouden.vanaf.map_or(Waarde::Leeg, |vanaf| Waarde::Getal(vanaf.unix_millis())),
        ]);
    }
}

impl Zaak {
    const fn bump(&mut self) {
        self.stand += 1;
        self.gewijzigd = true;
    }

    /// Moves the facts that open and held deliveries are decided again for, too.
    const fn bump_herzien(&mut self) {
        self.herzien += 1;
        self.bump();
    }
}

/// How the store says that something is for the purpose of its part.
pub(super) const DOEL_VAN_HET_DEEL: &str = "";

/// The wraps that stand with the content of a part, and the place of the key that they share.
fn bij_deel<'a>(aanname: &'a Aanname, sleutels: &[i64], deel: DeelId) -> (Vec<&'a NieuweWrap>, Option<i64>) {
    let alle = aanname.wraps.iter().zip(sleutels);
    let (erbij, plaatsen): (Vec<_>, Vec<i64>) = alle.filter(|(w, _)| w.deel == deel && wraps::bij_inhoud(w)).unzip();
    (erbij, plaatsen.first().copied())
}

/// As `levering.baan` holds it: acute sorts first.
pub(super) const fn baancode(baan: Urgentie) -> i64 {
    match baan {
        Urgentie::Acuut => 0,
        Urgentie::Normaal => 1,
    }
}

/// Whether someone may still get this part at a later step that no fact and no clock brings about: a human is asked. What is held
/// has rows of its own, and what is kept for a fallback.
fn wacht(aanname: &Aanname, deel: DeelId) -> bool {
    let aangehouden = |ontvanger| aanname.aangehouden.iter().any(|a| a.deel == Some(deel) && a.ontvanger == ontvanger);
    let uitgesteld = |u| matches!(u, Uitkomst::Vragen | Uitkomst::Aanhouden);
    aanname.besluiten.iter().any(|b| b.deel == Some(deel) && uitgesteld(b.uitkomst) && !aangehouden(b.ontvanger))
}

fn bekend(zaken: &HashMap<CasusRef, Zaak>, geopend: &HashSet<CasusRef>, casus: CasusRef) -> StoreResult<()> {
    if zaken.contains_key(&casus) || geopend.contains(&casus) {
        Ok(())
    } else {
        Err(StoreError::Conflict { what: "an effect on an unknown case" })
    }
}

/// Whether parts, wraps, decisions and deliveries of one message name each other rightly.
fn past_in_zichzelf(aanname: &Aanname) -> StoreResult<()> {
    let eis = |goed: bool, what: &'static str| if goed { Ok(()) } else { Err(StoreError::Conflict { what }) };
    let mut delen = HashSet::new();
    eis(aanname.delen.iter().all(|d| delen.insert(d.id)), "a part that stands twice in a message")?;
    let mut wraps = HashSet::new();
    eis(aanname.wraps.iter().all(|w| delen.contains(&w.deel)), "a wrap of a part that is not there")?;
    eis(aanname.wraps.iter().all(|w| wraps.insert((w.deel, w.ontvanger))), "two wraps for one recipient")?;
    eis(aanname.besluiten.iter().filter_map(|b| b.deel).all(|d| delen.contains(&d)), "a decision on a part that is not there")?;
    eis(aanname.aangehouden.iter().filter_map(|a| a.deel).all(|d| delen.contains(&d)), "a held part that is not there")?;
    let (mut ontvangers, mut leveringen) = (HashSet::new(), HashSet::new());
    for levering in &aanname.leveringen {
        eis(ontvangers.insert(levering.ontvanger), "two deliveries for one recipient")?;
        eis(leveringen.insert(levering.id), "two deliveries with one id")?;
        let mut eigen = HashSet::new();
        eis(levering.delen.iter().all(|(d, _)| eigen.insert(*d)), "a part that stands twice in a delivery")?;
        eis(levering.delen.iter().all(|(d, _)| delen.contains(d)), "a delivery of a part that is not there")?;
        let sleutel = |d: &DeelId| wraps.contains(&(*d, levering.ontvanger));
        eis(levering.delen.iter().all(|(d, _)| sleutel(d)), "a delivery of a part without its key")?;
    }
    Ok(())
}
