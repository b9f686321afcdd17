//! What was stated about a case, as decisions need it: embargoes, flags, who directs it, and what owners say of their parts.

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, Labels, Oin, PersoonRef, Tijdstip,
    problem::ProblemCode,
    vocabulary::{Deelname, Eigenaarsbesluit, Gebruik, Scheiding, Stilgelegd},
    zaak::{
        Deelnameregel, Eigenaarsuitspraak, Embargo, Feitsoort, Misplaatsing, Personenkoppeling, Reikwijdte, Terugname, Vlag,
        Zaakfeit, Zichtbaarheid, ook,
    },
};
use serde::de::DeserializeOwned;

use crate::Fout;

/// The statements that count: of each subject and setter the newest.
#[derive(Debug, Default)]
pub(crate) struct Zaakfeiten {
    embargos: Vec<(Oin, Embargo)>,
    vlaggen: Vec<Scheiding>,
    /// Those of them that keep a pair of persons apart, each with the case in which it was set (R23).
    paarvlaggen: Vec<(CasusRef, Vec<PersoonRef>)>,
    casusregisseur: Option<Oin>,
    /// Who appointed it; of one that was appointed again, the last.
    aangewezen_door: Option<Oin>,
    /// In order of acceptance: of two that are about the same, the later counts.
    uitspraken: Vec<(Oin, Eigenaarsuitspraak)>,
    teruggenomen: Vec<(Oin, Terugname)>,
    /// Each with who reported it; also those that their owner answered with yes.
    misplaatst: Vec<(Oin, Misplaatsing)>,
    /// References of one person, each of another of the joined cases (58).
    paren: Vec<[PersoonRef; 2]>,
    alle: Vec<Zaakfeit>,
}

impl Zaakfeiten {
    /// Whether this message takes something back: a person's own view beside a part (46) does not.
    pub(crate) fn neemt_terug(&self, bericht: BerichtId) -> bool {
        self.alle.iter().any(|feit| feit.soort == Feitsoort::Terugname && feit.bericht == bericht)
    }

    /// From the store, in order of acceptance.
    pub(crate) fn lezen(alle: Vec<Zaakfeit>) -> Result<Self, Fout> {
        let mut embargos = Vec::new();
        let mut vlaggen: Vec<(&Zaakfeit, Vlag)> = Vec::new();
        let (mut casusregisseur, mut aangewezen_door) = (None, None);
        let (mut uitspraken, mut teruggenomen) = (Vec::new(), Vec::new());
        let mut misplaatst: Vec<(&str, Oin, Misplaatsing)> = Vec::new();
        let mut paren = Vec::new();
        for feit in &alle {
            match feit.soort {
                Feitsoort::Embargo => embargos.push((feit.door, record::<Embargo>(feit)?)),
                // Who clears is another than who set: of one flag on one pair the last accepted counts.
                Feitsoort::Vlag => {
                    let vlag: Vlag = record(feit)?;
                    vlaggen.retain(|(vorige, _)| vorige.onderwerp != feit.onderwerp);
                    vlaggen.push((feit, vlag));
                }
                Feitsoort::Eigenaarsbesluit => uitspraken.push((feit.door, record(feit)?)),
                Feitsoort::Terugname => teruggenomen.push((feit.door, record(feit)?)),
                // Who deals with a report is another than who made it: of one report the last word counts.
                Feitsoort::Misplaatsing => {
                    let eerder = misplaatst.iter().position(|(onderwerp, ..)| *onderwerp == feit.onderwerp);
                    let melder = eerder.map_or(feit.door, |plaats| misplaatst.remove(plaats).1);
                    misplaatst.push((&feit.onderwerp, melder, record(feit)?));
                }
                Feitsoort::Personen => paren.extend(record::<Personenkoppeling>(feit)?.paren),
                Feitsoort::Deelname => {
                    let regel: Deelnameregel = record(feit)?;
                    if regel.casusregisseur && regel.rol == Deelname::Ja {
                        // The last word counts: whoever prolongs itself is appointed by nobody else any more.
                        aangewezen_door = Some(feit.door);
                        casusregisseur = Some(regel.partner);
                    } else if casusregisseur == Some(regel.partner) {
                        casusregisseur = None;
                    }
                }
            }
        }
        embargos.retain(|(_, e)| e.geldt);
        vlaggen.retain(|(_, vlag)| vlag.geldt);
        let mut geldend: Vec<Scheiding> = vlaggen.iter().map(|(_, v)| v.soort).collect();
        let paren_apart = vlaggen.into_iter().filter(|(_, v)| v.soort == Scheiding::PlegerSlachtoffer);
        let paarvlaggen = paren_apart.map(|(feit, vlag)| (feit.casus, vlag.personen)).collect();
        geldend.sort_unstable();
        geldend.dedup();
        let misplaatst = misplaatst.into_iter().map(|(_, melder, m)| (melder, m)).collect();
        Ok(Self {
            embargos,
            vlaggen: geldend,
            paarvlaggen,
            casusregisseur,
            aangewezen_door,
            uitspraken,
            teruggenomen,
            misplaatst,
            paren,
            alle,
        })
    }

    /// Whether an embargo of its owner lies on this part; without a part, on the case (R20). It covers parts of its setter
    /// only.
    pub(crate) fn embargo(&self, eigenaar: Oin, labels: Option<&Labels>) -> bool {
        self.geldend(eigenaar, labels).next().is_some()
    }

    /// How far those who may know of an embargo on this part reach: the narrowest of those that lie on it (R21).
    pub(crate) fn zichtbaarheid(&self, eigenaar: Oin, labels: Option<&Labels>) -> Option<Zichtbaarheid> {
        self.geldend(eigenaar, labels).map(|e| e.zichtbaarheid).min()
    }

    fn geldend<'a>(&'a self, eigenaar: Oin, labels: Option<&'a Labels>) -> impl Iterator<Item = &'a Embargo> {
        self.embargos.iter().filter(move |(door, e)| *door == eigenaar && self.dekt(e.over, labels)).map(|(_, e)| e)
    }

    fn dekt(&self, over: Reikwijdte, labels: Option<&Labels>) -> bool {
        match over {
            Reikwijdte::Zaak => true,
            Reikwijdte::Persoon(persoon) => labels.is_some_and(|l| {
                let ook = ook(&self.paren, persoon);
                l.betrokkenen.iter().any(|b| b.persoon == persoon || ook.contains(&b.persoon))
            }),
            Reikwijdte::Deel(deel) => labels.is_some_and(|l| l.id == deel),
        }
    }

    /// References that are one person, by who joined the cases.
    pub(crate) fn zelfde_personen(&self) -> &[[PersoonRef; 2]] {
        &self.paren
    }

    /// The flags in force, each once.
    pub(crate) fn vlaggen(&self) -> &[Scheiding] {
        &self.vlaggen
    }

    /// The flags in force on what this person is told, asked in this case: R23 works on the pair of persons that it names, the others on
    /// the whole case (R22, R25).
    pub(crate) fn vlaggen_over(&self, casus: CasusRef, persoon: PersoonRef) -> Vec<Scheiding> {
        let eigen = self.van_een(persoon);
        let raakt = |(waar, personen): &(CasusRef, Vec<PersoonRef>)| {
            personen.is_empty() || self.is_elders(*waar, casus, personen) || personen.iter().any(|p| eigen.contains(p))
        };
        let apart = self.paarvlaggen.iter().any(raakt);
        let telt = |soort: &Scheiding| *soort != Scheiding::PlegerSlachtoffer || apart;
        self.vlaggen.iter().copied().filter(telt).collect()
    }

    /// Whether a part, of this case, is about another than this person who is kept apart from somebody (R23).
    pub(crate) fn over_gescheidene(&self, casus: CasusRef, persoon: PersoonRef, labels: &Labels) -> bool {
        let eigen = self.van_een(persoon);
        let mut anderen = labels.betrokkenen.iter().map(|b| b.persoon).filter(|p| !eigen.contains(p));
        anderen.any(|ander| {
            let zelfde = self.van_een(ander);
            let raakt = |(waar, personen): &(CasusRef, Vec<PersoonRef>)| {
                self.is_elders(*waar, casus, personen) || personen.iter().any(|p| zelfde.contains(p))
            };
            self.paarvlaggen.iter().any(raakt)
        })
    }

    /// Whether a flag of a joined case names somebody of whom nobody said which reference is its own here: then nobody knows whom it
    /// spares in this case.
    fn is_elders(&self, waar: CasusRef, casus: CasusRef, personen: &[PersoonRef]) -> bool {
        waar != casus && personen.iter().any(|p| ook(&self.paren, *p).is_empty())
    }

    /// Every reference of this person in the joined cases.
    pub(crate) fn van_een(&self, persoon: PersoonRef) -> Vec<PersoonRef> {
        let mut alle = ook(&self.paren, persoon);
        alle.push(persoon);
        alle
    }

    /// Who directs the case.
    pub(crate) const fn casusregisseur(&self) -> Option<Oin> {
        self.casusregisseur
    }

    /// Whether this partner directs the case and another appointed it: who appoints itself is nobody's emergency recipient (R35).
    pub(crate) fn is_aangewezen(&self, oin: Oin) -> bool {
        self.casusregisseur == Some(oin) && self.aangewezen_door.is_some_and(|door| door != oin)
    }

    /// What was done to this part since it was sent, as far as it touches this recipient: the worst of it (R1, R31).
    pub(crate) fn stilgelegd(&self, labels: &Labels, ontvanger: Oin) -> Option<Stilgelegd> {
        let over = |eigenaar: Oin, bericht: BerichtId, delen: &[DeelId]| {
            eigenaar == labels.eigenaar && bericht == labels.bericht && (delen.is_empty() || delen.contains(&labels.id))
        };
        let terug = self.teruggenomen.iter().filter(|(door, t)| over(*door, t.bericht, &t.delen)).map(|(_, t)| t.wijze);
        let raakt = |(melder, m): &&(Oin, Misplaatsing)| {
            let stopt = m.geldt && !m.alleen_verklaring && over(m.eigenaar, m.bericht, &m.delen);
            stopt && (!m.alleen_melder || *melder == ontvanger)
        };
        let gemeld = self.misplaatst.iter().filter(raakt).map(|_| Stilgelegd::Bevroren);
        terug.chain(gemeld).max()
    }

    /// Whether this partner's own report on this message stands: what it read of it, it says, was not for it.
    pub(crate) fn is_melder(&self, eigenaar: Oin, bericht: BerichtId, wie: Oin) -> bool {
        self.meldingen(eigenaar, bericht, wie).any(|m| m.geldt)
    }

    /// What this partner reported of this message, whatever its owner said of it since.
    pub(crate) fn meldingen(&self, eigenaar: Oin, bericht: BerichtId, wie: Oin) -> impl Iterator<Item = &Misplaatsing> {
        let zelfde = move |(melder, m): &&(Oin, Misplaatsing)| *melder == wie && m.eigenaar == eigenaar && m.bericht == bericht;
        self.misplaatst.iter().filter(zelfde).map(|(_, m)| m)
    }

    /// What the owner decided about this part for this recipient and purpose; without an answer `geen`, which is no yes (R3, R4,
    /// R28). A yes to another purpose also carries what the owner itself brings in anew for it, of the same category.
    pub(crate) fn eigenaarsbesluit(&self, labels: &Labels, ontvanger: Oin, nu: Tijdstip) -> Eigenaarsbesluit {
        let over = |u: &Eigenaarsuitspraak| match u.doel {
            None => u.gebruik == Gebruik::Dossier && u.vrager == ontvanger && u.delen.contains(&labels.id),
            Some(doel) => {
                doel == labels.doel
                    && u.ontvangers.contains(&ontvanger)
                    && (u.delen.contains(&labels.id) || u.categorieen.contains(&labels.categorie))
            }
        };
        let geldt = |u: &Eigenaarsuitspraak| u.besluit == Eigenaarsbesluit::Nee || loopt(u, nu);
        let van_eigenaar = self.uitspraken.iter().rev().filter(|(door, _)| *door == labels.eigenaar).map(|(_, u)| u);
        van_eigenaar.into_iter().find(|u| over(u)).filter(|u| geldt(u)).map_or(Eigenaarsbesluit::Geen, |u| u.besluit)
    }

    /// The owner's answer to one request, as it stands.
    pub(crate) fn uitspraak(&self, eigenaar: Oin, verzoek: BerichtId) -> Option<&Eigenaarsuitspraak> {
        self.uitspraken.iter().rev().find(|(door, u)| *door == eigenaar && u.verzoek == verzoek).map(|(_, u)| u)
    }

    /// The report of misdelivery that stands under this subject.
    pub(crate) fn misplaatsing(&self, onderwerp: &str) -> Option<Misplaatsing> {
        let feit = self.alle.iter().rev().find(|f| f.soort == Feitsoort::Misplaatsing && f.onderwerp == onderwerp)?;
        record(feit).ok()
    }

    /// The highest number that this partner used for this subject.
    pub(crate) fn hoogste(&self, soort: Feitsoort, onderwerp: &str, door: Oin) -> Option<u32> {
        let zelfde = |f: &&Zaakfeit| f.soort == soort && f.onderwerp == onderwerp && f.door == door;
        self.alle.iter().filter(zelfde).map(|f| f.volgnummer).max()
    }
}

/// Whether a yes still runs: its last day is included, by the clock of the Netherlands at its widest (UTC+2).
pub(crate) fn loopt(uitspraak: &Eigenaarsuitspraak, nu: Tijdstip) -> bool {
    uitspraak
        .tot
        .and_then(|tot| tot.date().next_day())
        .is_none_or(|einde| nu < Tijdstip::from_unix_millis(einde.midnight().assume_utc().unix_timestamp() * 1000))
}

/// A statement that cannot be read decides nothing: then nothing is decided.
fn record<T: DeserializeOwned>(feit: &Zaakfeit) -> Result<T, Fout> {
    serde_json::from_str(&feit.record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))
}
