//! Accepting a message: what is compared, and which rows it makes.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, Oin, Tijdstip, Uitkomst,
    vocabulary::{Deelname, Toegangswijze, Urgentie},
};
use inbreng_storage::{Aanname, Aannameuitslag, Feitenstand, NieuwDeel, NieuweLevering, StoreError, StoreResult, Zaakgevolg};

use super::{
    rijen::Waarde,
    stapel::{Stapel, Zaak},
};

/// Every case that a message touches.
pub(super) fn genoemde_zaken(aanname: &Aanname) -> impl Iterator<Item = CasusRef> + '_ {
    let gevolgen = aanname.zaak.iter().map(Zaakgevolg::casus_van);
    aanname.bericht.casus.into_iter().chain(gevolgen).chain(aanname.toestemmingen.iter().map(|t| t.casus))
}

trait CasusVan {
    fn casus_van(&self) -> CasusRef;
}

impl CasusVan for Zaakgevolg {
    fn casus_van(&self) -> CasusRef {
        match self {
            Self::Openen { casus, .. } | Self::Deelnemer { casus, .. } | Self::Verantwoordelijk { casus, .. } => *casus,
        }
    }
}

impl<'a> Stapel<'a> {
    /// Compares, then gathers; nothing is gathered unless all fits.
    pub(super) fn aannemen(&mut self, aanname: &'a Aanname) -> StoreResult<Aannameuitslag> {
        let bericht = &aanname.bericht;
        if let Some((digest, bewijs)) = self.berichten.get(&(bericht.id, bericht.van)) {
            return Ok(Aannameuitslag::AlAanwezig { digest: *digest, ontvangstbewijs: bewijs.clone().into_owned() });
        }
        if self.feitenstand(bericht.casus)? != aanname.feiten {
            return Ok(Aannameuitslag::Verouderd);
        }
        if let Some(deel) = aanname.delen.iter().find(|d| self.delen.contains_key(&d.id)) {
            return Ok(Aannameuitslag::DeelBestaat(deel.id));
        }
        past_in_zichzelf(aanname)?;
        self.zaken_bekend(aanname)?;

        self.zaakgevolgen(&aanname.zaak, bericht.aangenomen_op);
        self.toestemmingen(aanname)?;
        let nr = self.bericht(aanname);
        let delen = self.delen(aanname, nr);
        aanname.besluiten.iter().for_each(|b| self.besluit(Some(nr), b));
        aanname.leveringen.iter().for_each(|l| self.levering(aanname, l, nr, &delen));
        aanname.bladen.iter().for_each(|b| self.blad(b));
        Ok(Aannameuitslag::Aangenomen)
    }

    fn feitenstand(&self, casus: Option<CasusRef>) -> StoreResult<Feitenstand> {
        let casus = casus.and_then(|c| self.zaken.get(&c)).map_or(0, |z| z.stand);
        let getal = |n: i64| u64::try_from(n).map_err(|_| StoreError::Corrupt { what: "stand" });
        Ok(Feitenstand { casus: getal(casus)?, gids: getal(self.stand.gids)? })
    }

    /// Every effect needs its case, opened earlier or by this message.
    fn zaken_bekend(&self, aanname: &Aanname) -> StoreResult<()> {
        let mut geopend = HashSet::new();
        for gevolg in &aanname.zaak {
            match gevolg {
                Zaakgevolg::Openen { casus, .. } => {
                    geopend.insert(*casus);
                }
                gevolg => bekend(&self.zaken, &geopend, gevolg.casus_van())?,
            }
        }
        aanname.toestemmingen.iter().try_for_each(|t| bekend(&self.zaken, &geopend, t.casus))
    }

    fn zaakgevolgen(&mut self, gevolgen: &'a [Zaakgevolg], nu: Tijdstip) {
        for gevolg in gevolgen {
            match gevolg {
                Zaakgevolg::Openen { casus, door } => self.openen(*casus, *door, nu),
                Zaakgevolg::Deelnemer { casus, partner, rol } => self.deelnemer(*casus, *partner, *rol, nu),
                Zaakgevolg::Verantwoordelijk { casus, partner, bericht } => {
                    self.verantwoordelijk(*casus, *partner, *bericht, nu);
                }
            }
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
                deelnemers: std::collections::BTreeMap::new(),
                gewijzigd: true,
            }
        });
    }

    /// Only a real change moves the facts: otherwise every message of a busy case would make its neighbours decide again.
    fn deelnemer(&mut self, casus: CasusRef, partner: Oin, rol: Deelname, nu: Tijdstip) {
        let Some(zaak) = self.zaken.get_mut(&casus) else { return };
        if zaak.deelnemers.insert(partner, rol) == Some(rol) {
            return;
        }
        zaak.bump();
        self.uit.deelnemer.rij([
            Waarde::Getal(zaak.nr),
            Waarde::eigen(&partner),
            Waarde::Tekst(rol.as_str()),
            Waarde::Getal(nu.unix_millis()),
        ]);
    }

    fn verantwoordelijk(&mut self, casus: CasusRef, partner: Oin, bericht: BerichtId, nu: Tijdstip) {
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
        ]);
    }

    fn toestemmingen(&mut self, aanname: &'a Aanname) -> StoreResult<()> {
        for toestemming in &aanname.toestemmingen {
            let record =
                serde_json::to_string(toestemming).map_err(|_| StoreError::Conflict { what: "consent without a form" })?;
            let Some(zaak) = self.zaken.get_mut(&toestemming.casus) else { continue };
            zaak.bump();
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
        ]);
        self.stand.bericht
    }

    /// Parts and wraps. Ciphertext that nobody gets now and nobody waits for does not come in at all (R40).
    fn delen(&mut self, aanname: &'a Aanname, bericht: i64) -> HashMap<DeelId, (i64, &'a NieuwDeel)> {
        let geleverd: HashSet<DeelId> = aanname.leveringen.iter().flat_map(|l| l.delen.iter().map(|(d, _)| *d)).collect();
        let mut nummers = HashMap::new();
        let mut bewaard = HashSet::new();
        for deel in &aanname.delen {
            self.stand.deel += 1;
            let nr = self.stand.deel;
            let wacht = wacht(aanname, deel.id);
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
            if wacht || geleverd.contains(&deel.id) {
                self.uit.inhoud.rij([Waarde::Getal(nr), Waarde::Tekst(&deel.inhoud)]);
                bewaard.insert(deel.id);
            }
            self.delen.insert(deel.id, nr);
            nummers.insert(deel.id, (nr, deel));
        }
        for wrap in aanname.wraps.iter().filter(|w| bewaard.contains(&w.deel)) {
            let Some((nr, _)) = nummers.get(&wrap.deel) else { continue };
            self.uit.wrap.rij([
                Waarde::Getal(*nr),
                Waarde::eigen(&wrap.ontvanger),
                Waarde::Tekst(wrap.wijze.as_str()),
                Waarde::Tekst(&wrap.wrap),
                Waarde::tekst_of(wrap.toegang.as_deref()),
            ]);
        }
        nummers
    }

    fn levering(
        &mut self,
        aanname: &'a Aanname,
        levering: &'a NieuweLevering,
        bericht: i64,
        delen: &HashMap<DeelId, (i64, &NieuwDeel)>,
    ) {
        self.stand.levering += 1;
        let nr = self.stand.levering;
        let mut omvang = aanname.bericht.bericht.len() + levering.besluiten.len();
        for (volgorde, (id, wijze)) in (0..).zip(&levering.delen) {
            let Some((deel, inhoud)) = delen.get(id) else { continue };
            omvang += inhoud.labels.len() + inhoud.inhoud.len() + inhoud.eigenaarsbewijs.len();
            self.uit.leveringsdeel.rij([
                Waarde::Getal(nr),
                Waarde::Getal(volgorde),
                Waarde::Getal(*deel),
                Waarde::Tekst(wijze.as_str()),
            ]);
        }
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
        ]);
        self.tellen("leveringen", "", 1);
        self.tellen("open", "", 1);
    }
}

impl Zaak {
    const fn bump(&mut self) {
        self.stand += 1;
        self.gewijzigd = true;
    }
}

/// As `levering.baan` holds it: acute sorts first.
pub(super) const fn baancode(baan: Urgentie) -> i64 {
    match baan {
        Urgentie::Acuut => 0,
        Urgentie::Normaal => 1,
    }
}

/// Whether someone may still get this part at a later step: it is held, a human is asked, or it is a fallback's.
fn wacht(aanname: &Aanname, deel: DeelId) -> bool {
    let uitgesteld = |u| matches!(u, Uitkomst::Vragen | Uitkomst::Aanhouden);
    aanname.besluiten.iter().any(|b| b.deel == Some(deel) && uitgesteld(b.uitkomst))
        || aanname.wraps.iter().any(|w| w.deel == deel && w.wijze == Toegangswijze::Terugval)
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
