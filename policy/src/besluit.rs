//! From a weighing to a decision: rules, obligations, sentences, alternatives.

use inbreng_domain::{
    Besluit, RegelId, Uitkomst, Uitleg, Verplichting,
    vocabulary::{Categorie, Eigenaarsbesluit},
};

use crate::{
    Beleid, Effect, Namen, Stap, Verzoek, Zin,
    wegen::{BUITENSTAANDER, Weging},
    werkdag::na_werkdagen,
    zinnen::Invulling,
};

impl Beleid {
    pub(crate) fn besluit(&self, v: &Verzoek, namen: &Namen<'_>) -> Besluit {
        let weging = self.wegen(v);
        if weging.buitenstaander {
            return self.neutraal();
        }
        let invulling = Invulling { verzoek: v, namen, grondslag: weging.grondslag };
        let regels = regels(&weging);
        let verplichtingen = if weging.uitkomst.levert() { self.verplichtingen(&weging, v) } else { Vec::new() };
        let uitleg = self.uitleg(&weging, &regels, &verplichtingen, &invulling);
        let alternatieven = if weging.uitkomst.levert() { Vec::new() } else { self.alternatieven(v, namen, &regels) };
        Besluit {
            uitkomst: weging.uitkomst,
            regels,
            grondslag: weging.grondslag,
            verplichtingen,
            uitleg,
            alternatieven,
            beleid: self.digest(),
        }
    }

    /// The answer to an outsider: the same for an unknown, an existing and an embargoed case (R16, R21).
    fn neutraal(&self) -> Besluit {
        let neutral = self.neutrale_zin();
        Besluit {
            uitkomst: Uitkomst::Weigeren,
            regels: RegelId::new(BUITENSTAANDER).into_iter().collect(),
            grondslag: None,
            verplichtingen: Vec::new(),
            uitleg: Uitleg { afzender: neutral.clone(), ontvanger: neutral },
            alternatieven: Vec::new(),
            beleid: self.digest(),
        }
    }

    /// The duties of every row that allowed, each once.
    fn verplichtingen(&self, weging: &Weging<'_>, v: &Verzoek) -> Vec<Verplichting> {
        let mut all: Vec<Verplichting> = Vec::new();
        for plicht in weging.stappen.iter().flat_map(|s| &s.rijen).flat_map(|r| &r.verplichtingen) {
            if all.iter().any(|known| known.soort == plicht.soort) {
                continue;
            }
            let uiterlijk =
                plicht.werkdagen.zip(v.nu).map(|(n, nu)| na_werkdagen(nu, n, &self.bundel().instellingen.vrije_dagen));
            all.push(Verplichting { soort: plicht.soort.clone(), regel: plicht.regel, uiterlijk });
        }
        all
    }

    /// The sentence of a rule; for a medical part that its owner did not refuse the one about consent, where there is one (R3).
    fn zin_bij(&self, regel: RegelId, uitkomst: Uitkomst, v: &Verzoek) -> Option<&Zin> {
        let medisch = v.categorie == Categorie::Medisch && v.eigenaarsbesluit != Eigenaarsbesluit::Nee && !uitkomst.levert();
        let own = medisch.then(|| self.bundel().zinnen.regels.get(&format!("{regel}-{uitkomst}-medisch"))).flatten();
        own.or_else(|| self.zin(regel, uitkomst))
    }

    fn uitleg(&self, weging: &Weging<'_>, regels: &[RegelId], plichten: &[Verplichting], i: &Invulling<'_>) -> Uitleg {
        let zin = regels.iter().find_map(|r| self.zin_bij(*r, weging.uitkomst, i.verzoek));
        let afzender = zin.map_or_else(|| self.neutrale_zin(), |z| self.invullen(&z.afzender, i));
        // What is delivered may have one fixed sentence for who receives it (R27); what is not, only that of its first rule.
        let fixed = || regels.iter().filter_map(|r| self.zin(*r, weging.uitkomst)).find_map(|z| z.ontvanger.as_deref());
        let own = if weging.uitkomst.levert() { fixed() } else { zin.and_then(|z| z.ontvanger.as_deref()) };
        let ontvanger = match own {
            Some(own) => self.invullen(own, i),
            None if weging.uitkomst.levert() => {
                let key = if plichten.iter().any(|p| p.soort.as_str() == "niet-in-dossier") { "lezen" } else { "dossier" };
                self.bundel()
                    .zinnen
                    .woorden
                    .get(&format!("ontvanger-mag-{key}"))
                    .map_or_else(String::new, |z| self.invullen(z, i))
            }
            None => self.neutrale_zin(),
        };
        Uitleg { afzender, ontvanger }
    }
}

/// The rules that decided, the one shown first in front.
///
/// Where nothing is delivered: those of the steps that gave the strictest answer, in the order of the steps. Where
/// something is: the rule of the ground, then of the other rows that allowed, then of the duties.
pub(crate) fn regels(weging: &Weging<'_>) -> Vec<RegelId> {
    let mut rules: Vec<RegelId> = Vec::new();
    let mut name = |rule: RegelId| {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    };
    if !weging.uitkomst.levert() {
        for stap in weging.stappen.iter().filter(|s| s.uitkomst == weging.uitkomst) {
            stap.rijen.iter().filter_map(|r| r.regel).chain(stap.standaard).for_each(&mut name);
        }
        return rules;
    }
    let allowing = || weging.stappen.iter().flat_map(|s| s.rijen.iter().copied()).filter(|r| r.effect == Effect::Toelaten);
    allowing().filter(|r| r.stap == Stap::Grond).filter_map(|r| r.regel).for_each(&mut name);
    allowing().filter_map(|r| r.regel).for_each(&mut name);
    allowing().flat_map(|r| &r.verplichtingen).map(|p| p.regel).for_each(&mut name);
    rules
}
