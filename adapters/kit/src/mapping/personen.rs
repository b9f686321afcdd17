//! Whom a part is about, and to whom it goes, as a mapping file says it.

use inbreng_domain::{
    Code, Geadresseerde,
    envelope::{NaarPartner, NaarRol},
    vocabulary::{Leeftijdsgroep, Partnertype},
};

use super::{
    bouw::Bouw,
    fout::{MappingFout, veld},
    lezer::Lezer,
    pad::{Pad, Plek},
    partner::PartnerNaam,
    voorwaarde::Voorwaarde,
    vullen::Vuller,
    waarde::{Sjabloon, nummer},
    woord::Woorden,
};
use crate::concept::Vertaalfout;

/// A line that counts once, or for each item of a list.
#[derive(Debug, Clone, PartialEq)]
struct Regel<T> {
    per: Option<Pad>,
    wanneer: Voorwaarde,
    wie: T,
}

impl<T> Regel<T> {
    fn lezen(
        waarde: toml::Value,
        plek: &str,
        bouw: &mut Bouw<'_>,
        wie: impl Fn(&mut Lezer, &mut Bouw<'_>) -> Result<T, MappingFout>,
    ) -> Result<Self, MappingFout> {
        let mut lezer = Lezer::new(waarde, plek)?;
        let per = lezer.tekst("per")?;
        let bij_per = lezer.bij("per");
        let binnen = |b: &mut Bouw<'_>| {
            let wanneer = Voorwaarde::misschien(lezer.neem("wanneer"), &lezer.bij("wanneer"), b)?;
            let wie = wie(&mut lezer, b)?;
            lezer.klaar()?;
            Ok((wanneer, wie))
        };
        let (per, (wanneer, wie)) = match per {
            None => (None, binnen(bouw)?),
            Some(per) => bouw.per(&per, &bij_per, binnen).map(|(pad, binnen)| (Some(pad), binnen))?,
        };
        Ok(Self { per, wanneer, wie })
    }

    /// Does `met` at every place where the line counts. A list that is absent counts nowhere.
    fn elk(
        &self,
        vuller: &Vuller<'_>,
        plek: &Plek<'_>,
        mut met: impl FnMut(&T, &Plek<'_>) -> Result<(), Vertaalfout>,
    ) -> Result<(), Vertaalfout> {
        let plekken = match &self.per {
            None => vec![plek.clone()],
            Some(lijst) => vuller.items(lijst, plek)?.unwrap_or_default(),
        };
        for hier in &plekken {
            if vuller.geldt(&self.wanneer, hier)? {
                met(&self.wie, hier)?;
            }
        }
        Ok(())
    }
}

/// The persons concerned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Betrokkenen(Vec<Regel<Wie>>);

#[derive(Debug, Clone, PartialEq)]
struct Wie {
    sleutel: Sjabloon,
    leeftijdsgroep: Woorden<Leeftijdsgroep>,
}

impl Betrokkenen {
    pub(super) fn lezen(lezer: &mut Lezer, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        lezer
            .lijst("betrokkenen")?
            .into_iter()
            .map(|(v, hier)| {
                Regel::lezen(v, &hier, bouw, |l, b| {
                    let sleutel = nummer(Sjabloon::lezen(l.moet("sleutel")?, &l.bij("sleutel"), b)?);
                    let groep = l.moet("leeftijdsgroep")?;
                    Ok(Wie { sleutel, leeftijdsgroep: Woorden::lezen(groep, &l.bij("leeftijdsgroep"), b)? })
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn bepaal(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Vec<(String, Leeftijdsgroep)>, Vertaalfout> {
        let mut gevonden: Vec<(String, Leeftijdsgroep)> = Vec::new();
        for regel in &self.0 {
            regel.elk(vuller, plek, |wie, hier| {
                let leeg = |s: String| veld(s, "Dit veld is verplicht en ontbreekt of is leeg.");
                let sleutel = vuller.tekst(&wie.sleutel, hier)?.ok_or_else(|| leeg(wie.sleutel.aanwijzer(hier)))?;
                let groep = wie.leeftijdsgroep.een(vuller, hier)?.ok_or_else(|| leeg(wie.leeftijdsgroep.aanwijzer(hier)))?;
                match gevonden.iter().find(|(s, _)| *s == sleutel) {
                    None => gevonden.push((sleutel, groep)),
                    Some((_, zelfde)) if *zelfde == groep => {}
                    Some(_) => {
                        let pad = wie.leeftijdsgroep.aanwijzer(hier);
                        return Err(veld(pad, "Deze persoon staat er met twee verschillende leeftijden in."));
                    }
                }
                Ok(())
            })?;
        }
        Ok(gevonden)
    }
}

/// The addressees.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Geadresseerden(Vec<Regel<Naar>>);

#[derive(Debug, Clone, PartialEq)]
struct Naar {
    bestemming: Bestemming,
    functie: Option<Woorden<Code>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Bestemming {
    Rol(Woorden<Partnertype>),
    /// A name of `[partners]`.
    Partner(PartnerNaam),
}

impl Geadresseerden {
    pub(super) fn lezen(lezer: &mut Lezer, sleutel: &'static str, bouw: &mut Bouw<'_>) -> Result<Self, MappingFout> {
        lezer.lijst(sleutel)?.into_iter().map(|(v, hier)| Regel::lezen(v, &hier, bouw, naar)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the mapping names none at all.
    pub(super) const fn is_leeg(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bepaal(&self, vuller: &Vuller<'_>, plek: &Plek<'_>) -> Result<Vec<Geadresseerde>, Vertaalfout> {
        let mut gevonden = Vec::new();
        for regel in &self.0 {
            regel.elk(vuller, plek, |naar, hier| {
                let functie = match &naar.functie {
                    None => None,
                    Some(f) => f.een(vuller, hier)?,
                };
                let Some(gevonden_hier) = naar.bestemming.bepaal(vuller, hier, functie)? else { return Ok(()) };
                if !gevonden.contains(&gevonden_hier) {
                    gevonden.push(gevonden_hier);
                }
                Ok(())
            })?;
        }
        Ok(gevonden)
    }
}

fn naar(lezer: &mut Lezer, bouw: &mut Bouw<'_>) -> Result<Naar, MappingFout> {
    let bestemming = match (lezer.neem("rol"), lezer.neem("partner")) {
        (Some(rol), None) => Bestemming::Rol(Woorden::lezen(rol, &lezer.bij("rol"), bouw)?),
        (None, Some(partner)) => Bestemming::Partner(PartnerNaam::lezen(partner, &lezer.bij("partner"), bouw)?),
        _ => return Err(MappingFout::new(lezer.plek(), "noem een rol, of een partner uit [partners]")),
    };
    let functie = match lezer.neem("functie") {
        None => None,
        Some(f) => Some(Woorden::lezen(f, &lezer.bij("functie"), bouw)?),
    };
    Ok(Naar { bestemming, functie })
}

impl Bestemming {
    fn bepaal(&self, vuller: &Vuller<'_>, plek: &Plek<'_>, functie: Option<Code>) -> Result<Option<Geadresseerde>, Vertaalfout> {
        match self {
            Self::Rol(rol) => Ok(rol.een(vuller, plek)?.map(|rol| Geadresseerde::Rol(NaarRol { rol, functie }))),
            Self::Partner(naam) => Ok(naam.oin(vuller, plek)?.map(|oin| Geadresseerde::Partner(NaarPartner { oin, functie }))),
        }
    }
}
