//! What was stated about a case, as decisions need it: embargoes, flags, who directs it.

use inbreng_domain::{
    Labels, Oin,
    problem::ProblemCode,
    vocabulary::{Deelname, Scheiding},
    zaak::{Deelnameregel, Embargo, Feitsoort, Reikwijdte, Vlag, Zaakfeit, Zichtbaarheid},
};
use serde::de::DeserializeOwned;

use crate::Fout;

/// The statements that count: of each subject and setter the newest.
#[derive(Debug, Default)]
pub(crate) struct Zaakfeiten {
    embargos: Vec<(Oin, Embargo)>,
    vlaggen: Vec<Scheiding>,
    casusregisseur: Option<Oin>,
    alle: Vec<Zaakfeit>,
}

impl Zaakfeiten {
    /// From the store, in order of acceptance.
    pub(crate) fn lezen(alle: Vec<Zaakfeit>) -> Result<Self, Fout> {
        let mut embargos = Vec::new();
        let mut vlaggen: Vec<(&str, Vlag)> = Vec::new();
        let mut casusregisseur = None;
        for feit in &alle {
            match feit.soort {
                Feitsoort::Embargo => embargos.push((feit.door, record::<Embargo>(feit)?)),
                // Who clears is another than who set: of one flag on one pair the last accepted counts.
                Feitsoort::Vlag => {
                    let vlag: Vlag = record(feit)?;
                    vlaggen.retain(|(onderwerp, _)| *onderwerp != feit.onderwerp);
                    vlaggen.push((&feit.onderwerp, vlag));
                }
                Feitsoort::Deelname => {
                    let regel: Deelnameregel = record(feit)?;
                    if regel.casusregisseur && regel.rol == Deelname::Ja {
                        casusregisseur = Some(regel.partner);
                    } else if casusregisseur == Some(regel.partner) {
                        casusregisseur = None;
                    }
                }
            }
        }
        embargos.retain(|(_, e)| e.geldt);
        let mut geldend: Vec<Scheiding> = vlaggen.into_iter().filter(|(_, v)| v.geldt).map(|(_, v)| v.soort).collect();
        geldend.sort_unstable();
        geldend.dedup();
        Ok(Self { embargos, vlaggen: geldend, casusregisseur, alle })
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
        self.embargos.iter().filter(move |(door, e)| *door == eigenaar && dekt(e.over, labels)).map(|(_, e)| e)
    }

    /// The flags in force, each once.
    pub(crate) fn vlaggen(&self) -> &[Scheiding] {
        &self.vlaggen
    }

    /// Who directs the case.
    pub(crate) const fn casusregisseur(&self) -> Option<Oin> {
        self.casusregisseur
    }

    /// The highest number that this partner used for this subject.
    pub(crate) fn hoogste(&self, soort: Feitsoort, onderwerp: &str, door: Oin) -> Option<u32> {
        let zelfde = |f: &&Zaakfeit| f.soort == soort && f.onderwerp == onderwerp && f.door == door;
        self.alle.iter().filter(zelfde).map(|f| f.volgnummer).max()
    }
}

fn dekt(over: Reikwijdte, labels: Option<&Labels>) -> bool {
    match over {
        Reikwijdte::Zaak => true,
        Reikwijdte::Persoon(persoon) => labels.is_some_and(|l| l.betrokkenen.iter().any(|b| b.persoon == persoon)),
        Reikwijdte::Deel(deel) => labels.is_some_and(|l| l.id == deel),
    }
}

/// A statement that cannot be read decides nothing: then nothing is decided.
fn record<T: DeserializeOwned>(feit: &Zaakfeit) -> Result<T, Fout> {
    serde_json::from_str(&feit.record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))
}
