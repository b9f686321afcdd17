//! Whether a bundle can be used: closed, whole, without contradiction. Whether it keeps to the national minimum: `minimum`.

use inbreng_catalogue::Catalogus;
use inbreng_domain::TypeNaam;

use crate::{BeleidFout, Bundel, Effect, Laag, Rij, Stap, VORM, kenmerk::Maskers};

/// The most rows of one bundle.
const MEESTE_RIJEN: usize = 100_000;

/// Checks everything that can be checked before the questions are built.
pub(crate) fn bundel(b: &Bundel, catalogus: &Catalogus) -> Result<(), BeleidFout> {
    if b.vorm != VORM {
        return Err(BeleidFout::Onleesbaar {
            wat: "the bundle".to_owned(),
            waarom: format!("it has form {}, this version reads form {VORM}: generate it anew", b.vorm),
        });
    }
    if b.geldig_vanaf >= b.geldig_tot {
        return Err(BeleidFout::Tegenspraak {
            wat: "it ends before it begins".to_owned(),
            herstel: "set geldig_tot after geldig_vanaf".to_owned(),
        });
    }
    if b.rijen.len() > MEESTE_RIJEN {
        return Err(BeleidFout::Onleesbaar {
            wat: "the bundle".to_owned(),
            waarom: format!("it has {} rows, more than {MEESTE_RIJEN}", b.rijen.len()),
        });
    }
    b.zinnen.toetsen()?;
    for (rij, n) in b.rijen.iter().zip(1..) {
        losse_rij(b, rij, catalogus).map_err(|e| e.fout(n, rij))?;
    }
    stappen(b)?;
    register(b)?;
    routes(b, catalogus)
}

/// Every row says why it may be there: a privacy officer approves no line without its legal note. A version of before this was asked is
/// read as it was.
pub(crate) fn toelichtingen(rijen: &[Rij]) -> Result<(), BeleidFout> {
    let zonder = (1..).zip(rijen).find(|(_, rij)| rij.toelichting.as_ref().is_none_or(|t| t.trim().is_empty()));
    zonder.map_or(Ok(()), |(rij, _)| Err(BeleidFout::ZonderToelichting { rij }))
}

/// What is wrong with a row.
enum Rijfout {
    Waarom(String),
    Soort(TypeNaam),
    Verruiming(String),
}

impl Rijfout {
    fn fout(self, n: usize, rij: &Rij) -> BeleidFout {
        match self {
            Self::Waarom(waarom) => BeleidFout::Rij { rij: n, stap: rij.stap.as_str(), waarom },
            Self::Soort(soort) => BeleidFout::OnbekendeSoort { soort: soort.to_string(), waar: format!("row {n}") },
            Self::Verruiming(waarom) => BeleidFout::Verruiming { laag: rij.laag.as_str(), waarom: format!("row {n} {waarom}") },
        }
    }
}

fn losse_rij(b: &Bundel, rij: &Rij, catalogus: &Catalogus) -> Result<(), Rijfout> {
    let wrong = |waarom: &str| Err(Rijfout::Waarom(waarom.to_owned()));
    match rij.effect {
        Effect::Tegenhouden => {
            let (Some(regel), Some(uitkomst)) = (rij.regel, rij.uitkomst) else {
                return wrong("a row that holds back needs `regel` and `uitkomst`");
            };
            if !rij.verplichtingen.is_empty() {
                return wrong("a row that holds back has no duties: remove `verplichtingen`");
            }
            if b.zinnen.zin(regel, uitkomst.into()).is_none() {
                return Err(Rijfout::Waarom(format!("there is no sentence for {regel}: add it to zinnen.regels")));
            }
        }
        Effect::Toelaten => {
            if rij.uitkomst.is_some() {
                return wrong("a row that allows has no `uitkomst`: remove it, or set `effect` to tegenhouden");
            }
            if rij.wijkt_voor_nood {
                return wrong("only a row that holds back gives way to an emergency: remove `wijkt_voor_nood`");
            }
            if rij.stap == Stap::Grond {
                let Some(regel) = rij.regel else { return wrong("a ground needs its `regel`") };
                if b.zinnen.zin(regel, inbreng_domain::Uitkomst::Toestaan).is_none() {
                    return Err(Rijfout::Waarom(format!("there is no sentence for {regel}-toestaan: add it to zinnen.regels")));
                }
                if rij.grondslagen.is_empty() && !rij.voorwaarden.noodbesluit.iter().all(|n| n.is_ja())
                    || rij.grondslagen.is_empty() && rij.voorwaarden.noodbesluit.is_empty()
                {
                    return wrong("only the emergency path carries every ground: name `grondslagen`");
                }
            }
        }
    }
    if !matches!(rij.stap, Stap::Grond | Stap::Plicht) && !rij.grondslagen.is_empty() {
        return wrong("this step is not asked per ground: remove `grondslagen`");
    }
    if let Some(k) = Maskers::van(&rij.voorwaarden).gebonden().find(|k| !k.hoort_bij(rij.stap)) {
        return Err(Rijfout::Waarom(format!(
            "this step does not know the condition `{}`: move the row or the condition",
            k.as_str()
        )));
    }
    if !rij.soorten.is_empty() && !rij.behalve_soorten.is_empty()
        || !rij.varianten.is_empty() && !rij.behalve_varianten.is_empty()
    {
        return wrong("name what it is about or what it is not about, not both");
    }
    if !rij.varianten.is_empty() && rij.soorten.is_empty() {
        return wrong("a variant belongs to a type: name `soorten`");
    }
    if let Some(soort) = rij.soorten.iter().chain(&rij.behalve_soorten).find(|s| catalogus.definitie(s).is_none()) {
        return Err(Rijfout::Soort(soort.clone()));
    }
    laag(rij)
}

/// A region may be stricter than the nation, an organisation than its region; neither may loosen (R6, Q28).
fn laag(rij: &Rij) -> Result<(), Rijfout> {
    let organisation = rij.van_oin.is_some() || rij.naar_oin.is_some();
    if rij.van_oin.is_some() && rij.naar_oin.is_some() {
        return Err(Rijfout::Waarom("a row is about what one organisation gives or what one takes: keep one OIN".to_owned()));
    }
    if organisation != (rij.laag == Laag::Organisatie) {
        return Err(Rijfout::Waarom("rows of one organisation, and only those, are in layer organisatie".to_owned()));
    }
    if organisation && rij.effect == Effect::Toelaten {
        return Err(Rijfout::Verruiming("allows: an organisation's row only holds back".to_owned()));
    }
    Ok(())
}

/// Every step has its own answer, so that a request never falls through; the emergency path never touches the first two.
fn stappen(b: &Bundel) -> Result<(), BeleidFout> {
    for stap in Stap::ALL {
        let general = b.standaarden.iter().filter(|s| s.stap == stap && s.grondslag.is_none() && s.handeling.is_none()).count();
        if general != 1 {
            return Err(BeleidFout::Ontbreekt {
                wat: format!("one answer of step {} for when no row allows (there are {general})", stap.as_str()),
                herstel: "keep one line in standaarden without grondslag and handeling".to_owned(),
            });
        }
    }
    for (s, n) in b.standaarden.iter().zip(1..) {
        if b.zinnen.zin(s.regel, s.uitkomst.into()).is_none() {
            return Err(BeleidFout::Ontbreekt {
                wat: format!("a sentence for {} of standaarden line {n}", s.regel),
                herstel: "add it to zinnen.regels".to_owned(),
            });
        }
    }
    Ok(())
}

/// One line per organisation and period, and one route per question.
fn register(b: &Bundel) -> Result<(), BeleidFout> {
    for (n, line) in b.ondertekenaars.organisaties.iter().enumerate() {
        if line.vanaf.zip(line.tot).is_some_and(|(from, to)| from >= to) {
            return Err(BeleidFout::Tegenspraak {
                wat: format!("the membership of {} ends before it begins", line.oin),
                herstel: "set tot after vanaf".to_owned(),
            });
        }
        if let Some(other) = b.ondertekenaars.organisaties.iter().skip(n + 1).find(|o| o.oin == line.oin && overlap(line, o)) {
            return Err(BeleidFout::Tegenspraak {
                wat: format!("the register has two lines at once for {}", other.oin),
                herstel: "keep one line per organisation and period".to_owned(),
            });
        }
    }
    Ok(())
}

fn overlap(a: &crate::Lidmaatschap, b: &crate::Lidmaatschap) -> bool {
    let before = |end: Option<inbreng_domain::Tijdstip>, start: Option<inbreng_domain::Tijdstip>| {
        end.zip(start).is_some_and(|(end, start)| end <= start)
    };
    !before(a.tot, b.vanaf) && !before(b.tot, a.vanaf)
}

fn routes(b: &Bundel, catalogus: &Catalogus) -> Result<(), BeleidFout> {
    for (n, route) in b.routes.iter().enumerate() {
        let same = |r: &crate::Route| (&r.soort, r.rol, r.gemeente) == (&route.soort, route.rol, route.gemeente);
        if b.routes.iter().skip(n + 1).any(same) {
            return Err(BeleidFout::Tegenspraak {
                wat: format!("two routes for {} in one place", route.rol),
                herstel: "join their partners in one route".to_owned(),
            });
        }
        if route.partners.is_empty() {
            return Err(BeleidFout::Ontbreekt {
                wat: format!("partners of a route for {}", route.rol),
                herstel: "name at least one OIN, or remove the route".to_owned(),
            });
        }
    }
    let named = b.routes.iter().filter_map(|r| r.soort.as_ref()).chain(b.ontvangers.iter().map(|o| &o.soort));
    match named.into_iter().find(|s| catalogus.definitie(s).is_none()) {
        Some(soort) => Err(BeleidFout::OnbekendeSoort { soort: soort.to_string(), waar: "routes or ontvangers".to_owned() }),
        None => Ok(()),
    }
}
