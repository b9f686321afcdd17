//! Weighing one request: every step is asked, the strictest answer stands (`docs/privacy/README.md`, section 0).

use inbreng_domain::{
    RegelId, Uitkomst,
    vocabulary::{Grondslag, Scheiding, Toestemmingsstand},
};

use crate::{Beleid, Effect, Rij, Stap, Verzoek, index::Index, kenmerk::Woorden};

/// The answer of one step.
#[derive(Debug)]
pub(crate) struct Stapuitslag<'a> {
    pub(crate) uitkomst: Uitkomst,
    /// The rows that gave it: those that allow, or those that hold back.
    pub(crate) rijen: Vec<&'a Rij>,
    /// The rule named because no row allows.
    pub(crate) standaard: Option<RegelId>,
}

impl Stapuitslag<'_> {
    /// Whether a row about the ground itself allows; the emergency path alone has rows about every ground.
    /// Nor does consent that must be asked again hold: its row only says that there could be consent (R26).
    fn draagt_zelf(&self, v: &Verzoek, g: Grondslag) -> bool {
        let asked_again = g == Grondslag::Toestemming && v.toestemming == Toestemmingsstand::OpnieuwVragen;
        !asked_again && self.rijen.iter().any(|r| r.effect == Effect::Toelaten && !r.grondslagen.is_empty())
    }
}

/// The answers of all steps.
#[derive(Debug)]
pub(crate) struct Weging<'a> {
    pub(crate) uitkomst: Uitkomst,
    /// The ground that carried it, where it delivers.
    pub(crate) grondslag: Option<Grondslag>,
    /// In the order of the steps; the steps that are asked per ground once for each ground that counts.
    pub(crate) stappen: Vec<Stapuitslag<'a>>,
    /// The sender does not take part in the case: nothing else may be told (R16).
    pub(crate) buitenstaander: bool,
}

const GEEN: [Grondslag; 1] = [Grondslag::Geen];

/// R16: who does not take part learns nothing, not even that there is a case.
pub(crate) const BUITENSTAANDER: u8 = 16;

impl Beleid {
    /// Outcome only.
    pub(crate) fn weeg_uitkomst(&self, v: &Verzoek) -> Uitkomst {
        if !self.gaat_over(v) {
            return Uitkomst::Weigeren;
        }
        let (kring, buitenstaander) = self.stapuitkomst(Stap::Kring, v, Grondslag::Geen);
        if buitenstaander {
            return Uitkomst::Weigeren;
        }
        let mut strictest = kring;
        for stap in [Stap::Scheiding, Stap::Embargo, Stap::Eigenaar] {
            strictest = strictest.max(self.stapuitkomst(stap, v, Grondslag::Geen).0);
        }
        let best = gronden(v)
            .iter()
            .map(|g| self.stapuitkomst(Stap::Grond, v, *g).0.max(self.stapuitkomst(Stap::Plicht, v, *g).0))
            .min();
        strictest.max(best.unwrap_or(Uitkomst::Weigeren))
    }

    /// Everything that reasons and obligations are read from.
    pub(crate) fn wegen(&self, v: &Verzoek) -> Weging<'_> {
        if !self.gaat_over(v) {
            // Nothing in this covenant speaks about it, and so no row, the emergency path included, can allow it (R6).
            let standaard = self.standaard(Stap::Grond, v, Grondslag::Convenant).map(|s| s.regel);
            let none = Stapuitslag { uitkomst: Uitkomst::Weigeren, rijen: Vec::new(), standaard };
            return Weging { uitkomst: Uitkomst::Weigeren, grondslag: None, stappen: vec![none], buitenstaander: false };
        }
        let kring = self.stapuitslag(Stap::Kring, v, Grondslag::Geen);
        if !kring.uitkomst.levert() && kring.rijen.iter().any(|r| is_buitenstaander(r)) {
            return Weging { uitkomst: Uitkomst::Weigeren, grondslag: None, stappen: vec![kring], buitenstaander: true };
        }
        let per_ground: Vec<(Grondslag, Stapuitslag<'_>, Stapuitslag<'_>)> = gronden(v)
            .iter()
            .map(|g| (*g, self.stapuitslag(Stap::Grond, v, *g), self.stapuitslag(Stap::Plicht, v, *g)))
            .collect();
        let best = per_ground.iter().map(|(_, g, p)| g.uitkomst.max(p.uitkomst)).min().unwrap_or(Uitkomst::Weigeren);
        // Of the grounds that deliver, one that holds by itself goes before one that the emergency path carries.
        let holds = per_ground.iter().any(|(own, g, p)| g.uitkomst.max(p.uitkomst) == best && g.draagt_zelf(v, *own));
        let mut grondslag = None;
        let mut gronden = Vec::new();
        let mut plichten = Vec::new();
        for (g, grond, plicht) in per_ground {
            let fits = grond.uitkomst.max(plicht.uitkomst) == best;
            let counts = fits && (!best.levert() || grondslag.is_none() && holds == grond.draagt_zelf(v, g));
            if counts {
                // What the emergency path carries rests on the decision of the professional, not on the ground that was named
                // and does not hold (R9, R35, R41).
                let carrying = if grond.draagt_zelf(v, g) { g } else { Grondslag::DoorbrekenBeroepsgeheim };
                grondslag = grondslag.or(Some(carrying));
                gronden.push(grond);
                plichten.push(plicht);
            }
        }
        let mut stappen = vec![
            self.stapuitslag(Stap::Scheiding, v, Grondslag::Geen),
            self.stapuitslag(Stap::Embargo, v, Grondslag::Geen),
            kring,
        ];
        stappen.extend(gronden);
        stappen.push(self.stapuitslag(Stap::Eigenaar, v, Grondslag::Geen));
        stappen.extend(plichten);
        let uitkomst = stappen.iter().map(|s| s.uitkomst).max().unwrap_or(Uitkomst::Weigeren);
        Weging { uitkomst, grondslag: grondslag.filter(|_| uitkomst.levert()), stappen, buitenstaander: false }
    }

    /// Whether this version speaks about the request: its covenant, its type, its variant.
    pub(crate) fn gaat_over(&self, v: &Verzoek) -> bool {
        v.convenant == self.bundel().convenant && self.index.kent(v)
    }

    /// The outcome of a step, and whether it says that the sender is an outsider.
    pub(crate) fn stapuitkomst(&self, stap: Stap, v: &Verzoek, g: Grondslag) -> (Uitkomst, bool) {
        if self.vragen(stap, v, g) {
            let duty = self.passend(stap, v, g).any(|r| !r.verplichtingen.is_empty());
            return (if duty { Uitkomst::ToestaanMetPlicht } else { Uitkomst::Toestaan }, false);
        }
        let (uitkomst, rijen, _) = self.tegengehouden(stap, v, g);
        (uitkomst, rijen.iter().any(|r| is_buitenstaander(r)))
    }

    pub(crate) fn stapuitslag(&self, stap: Stap, v: &Verzoek, g: Grondslag) -> Stapuitslag<'_> {
        if self.vragen(stap, v, g) {
            let rijen: Vec<&Rij> = self.passend(stap, v, g).collect();
            let duty = rijen.iter().any(|r| !r.verplichtingen.is_empty());
            let uitkomst = if duty { Uitkomst::ToestaanMetPlicht } else { Uitkomst::Toestaan };
            return Stapuitslag { uitkomst, rijen, standaard: None };
        }
        let (uitkomst, rijen, standaard) = self.tegengehouden(stap, v, g);
        Stapuitslag { uitkomst, rijen, standaard }
    }

    /// Asks Casbin: the covenant's question and, where sender or recipient has rows of its own, theirs; under each flag of
    /// the case.
    fn vragen(&self, stap: Stap, v: &Verzoek, g: Grondslag) -> bool {
        self.indexen(v).all(|index| match index.stuk(stap, v, g) {
            Some(stuk) => vlaggen(stap, v).all(|vlag| stuk.stellen(&Woorden::van(v, vlag))),
            None => false,
        })
    }

    /// The rows that fit, read from the questions that were asked.
    pub(crate) fn passend<'s, 'v>(
        &'s self,
        stap: Stap,
        v: &'v Verzoek,
        g: Grondslag,
    ) -> impl Iterator<Item = &'s Rij> + use<'s, 'v> {
        self.indexen(v)
            .filter_map(move |index| index.stuk(stap, v, g))
            .flat_map(move |stuk| vlaggen(stap, v).flat_map(move |vlag| stuk.passend(Woorden::van(v, vlag))))
            .filter_map(|place| self.rij(place))
    }

    /// What a step that does not allow answers: the strictest of the rows that hold back and, where no row allows, of the
    /// step's own answer.
    fn tegengehouden(&self, stap: Stap, v: &Verzoek, g: Grondslag) -> (Uitkomst, Vec<&Rij>, Option<RegelId>) {
        let mut rijen: Vec<&Rij> = Vec::new();
        let mut allowing = false;
        for rij in self.passend(stap, v, g) {
            match rij.effect {
                // A row of an organisation only holds back; what it leaves alone is not an allowance of the covenant.
                Effect::Toelaten => allowing = true,
                Effect::Tegenhouden if !rijen.iter().any(|r| std::ptr::eq(*r, rij)) => rijen.push(rij),
                Effect::Tegenhouden => {}
            }
        }
        let outcome = |r: &Rij| r.uitkomst.map_or(Uitkomst::Weigeren, Uitkomst::from);
        let standaard = (!allowing || rijen.is_empty()).then(|| self.standaard(stap, v, g));
        let strictest = rijen
            .iter()
            .map(|r| outcome(r))
            .chain(standaard.iter().map(|s| s.map_or(Uitkomst::Weigeren, |s| s.uitkomst.into())))
            .max()
            .unwrap_or(Uitkomst::Weigeren);
        rijen.retain(|r| outcome(r) == strictest);
        let rule = standaard.flatten().filter(|s| Uitkomst::from(s.uitkomst) == strictest).map(|s| s.regel);
        (strictest, rijen, rule)
    }

    /// The indexes that a request is put to.
    fn indexen<'s, 'v>(&'s self, v: &'v Verzoek) -> impl Iterator<Item = &'s Index> + use<'s, 'v> {
        let own = v.van_oin.as_ref().and_then(|oin| self.van_organisatie.get(oin));
        let other = v.naar_oin.as_ref().and_then(|oin| self.naar_organisatie.get(oin));
        std::iter::once(&self.index).chain(own).chain(other)
    }
}

/// The grounds to judge, each once.
pub(crate) fn gronden(v: &Verzoek) -> &[Grondslag] {
    if v.grondslagen.is_empty() { &GEEN } else { &v.grondslagen }
}

/// The flags to ask under: only the step of separations depends on them.
fn vlaggen(stap: Stap, v: &Verzoek) -> impl Iterator<Item = Option<Scheiding>> + '_ {
    let flags: &[Scheiding] = if stap == Stap::Scheiding { &v.scheiding } else { &[] };
    let none = flags.is_empty().then_some(None);
    none.into_iter().chain(flags.iter().map(|f| Some(*f)))
}

pub(crate) fn is_buitenstaander(rij: &Rij) -> bool {
    rij.regel.is_some_and(|r| r.nummer() == BUITENSTAANDER)
}
