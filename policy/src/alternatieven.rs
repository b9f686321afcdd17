//! What the sender can do instead: the smallest changes that would be allowed, found by asking again.

use inbreng_domain::{
    Alternatief, Code, RegelId,
    vocabulary::{
        Categorie, Deelname, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Toestemmingsstand,
    },
};

use crate::{Beleid, Effect, Namen, Stap, Verzoek, besluit, zinnen::Invulling};

/// How many are shown; more would be no help.
const HOOGSTENS: usize = 6;
/// The rules whose reason says that the case has a flag.
const OVER_VLAGGEN: [u8; 3] = [22, 23, 25];
/// How many other recipients or categories are shown.
const PER_SOORT: usize = 2;

/// Grounds in the order in which they are proposed: what asks least of people first. Breaking secrecy comes last and only
/// as a question to the professional (R9).
const VOLGORDE: [Grondslag; 5] = [
    Grondslag::Convenant,
    Grondslag::WettelijkeTaak,
    Grondslag::Toestemming,
    Grondslag::ZonderToestemming,
    Grondslag::DoorbrekenBeroepsgeheim,
];

/// A change of the request.
struct Wijziging {
    wat: &'static str,
    zin: String,
    verzoek: Verzoek,
    grondslag: Option<Grondslag>,
    categorie: Option<Categorie>,
    ontvanger: Option<Ontvangersoort>,
}

impl Wijziging {
    fn new(wat: &'static str, verzoek: Verzoek) -> Self {
        Self { wat, zin: wat.to_owned(), verzoek, grondslag: None, categorie: None, ontvanger: None }
    }
}

impl Beleid {
    /// The alternatives of a request that is not delivered.
    ///
    /// Facts that the sender may not know are neutralised first, so that nothing can be learnt from what is proposed: the
    /// embargo, whether others take part, whether they confirmed the rules, and the flags of the case unless the reason
    /// that is shown names them already (R22, R23, R25).
    pub(crate) fn alternatieven(&self, v: &Verzoek, namen: &Namen<'_>, regels: &[RegelId]) -> Vec<Alternatief> {
        let open = Verzoek { embargo: JaNee::Nee, naar_deelnemer: Deelname::Ja, bevestigd: JaNee::Ja, ..v.clone() };
        // The reason as it would be without what may not be known: an embargo may hide one that names a flag.
        let told = besluit::regels(&self.wegen(&open)).iter().any(|r| OVER_VLAGGEN.contains(&r.nummer()));
        let neutral = Verzoek { scheiding: if told { v.scheiding.clone() } else { Vec::new() }, ..open };
        if self.uitkomst(&neutral).levert() {
            // Nothing that the sender could change; only who is not on the list can be put on it (R17).
            let on_list = regels.iter().any(|r| r.nummer() == 17).then(|| Wijziging::new("deelname", neutral));
            return on_list.into_iter().filter_map(|w| self.voorstel(w, &[], namen)).collect();
        }
        let mut found = self.toegelaten(self.wijzigingen(&neutral, regels), &[], namen);
        if found.is_empty() {
            // Two things at once, where one is not enough: the owner's yes, or the reason why, with another ground.
            for (also, base) in eerst_een_ander(&neutral) {
                found = self.toegelaten(self.wijzigingen(&base, regels), &also, namen);
                if !found.is_empty() {
                    break;
                }
            }
        }
        found
    }

    fn toegelaten(&self, wijzigingen: Vec<Wijziging>, ook: &[&str], namen: &Namen<'_>) -> Vec<Alternatief> {
        let mut found: Vec<Alternatief> = Vec::new();
        for wijziging in wijzigingen {
            let alike = found.iter().filter(|a| *a.wijziging.as_str() == *wijziging.wat).count();
            let many = (wijziging.categorie.is_some() || wijziging.ontvanger.is_some()) && alike >= PER_SOORT;
            if found.len() < HOOGSTENS && !many {
                found.extend(self.voorstel(wijziging, ook, namen));
            }
        }
        found
    }

    /// The proposal, if it would be allowed; with what else it takes.
    fn voorstel(&self, w: Wijziging, ook: &[&str], namen: &Namen<'_>) -> Option<Alternatief> {
        let uitkomst = self.uitkomst(&w.verzoek);
        if !uitkomst.levert() {
            return None;
        }
        // That someone may break secrecy is said only where the type knows that ground, never because the emergency path is
        // open to everyone (R9, R34).
        if w.grondslag == Some(Grondslag::DoorbrekenBeroepsgeheim) && !self.rust_op(&w.verzoek, 9) {
            return None;
        }
        let templates = &self.bundel().zinnen.alternatieven;
        let invulling = Invulling { verzoek: &w.verzoek, namen, grondslag: w.grondslag };
        // A version from before the owner's own sentences has the general one.
        let template = |key: &str| templates.get(key).or_else(|| templates.get(key.strip_suffix("-eigen")?));
        let mut zin = self.invullen(template(&w.zin)?, &invulling);
        for extra in ook {
            zin = format!("{zin} {}", self.invullen(template(extra)?, &invulling));
        }
        Some(Alternatief {
            wijziging: Code::parse(w.wat).ok()?,
            grondslag: w.grondslag,
            categorie: w.categorie,
            ontvanger: w.ontvanger,
            uitkomst,
            zin,
        })
    }

    /// Whether a ground of this rule is among the rows that allow.
    fn rust_op(&self, v: &Verzoek, regel: u8) -> bool {
        self.wegen(v)
            .stappen
            .iter()
            .flat_map(|s| &s.rijen)
            .any(|r| r.stap == Stap::Grond && r.effect == Effect::Toelaten && r.regel.is_some_and(|own| own.nummer() == regel))
    }

    /// Single changes, the smallest first.
    fn wijzigingen(&self, v: &Verzoek, regels: &[RegelId]) -> Vec<Wijziging> {
        let mut all = Vec::new();
        if v.noodzaak == Noodzaak::NietToegelicht {
            all.push(Wijziging::new("noodzaak", Verzoek { noodzaak: Noodzaak::Toegelicht, ..v.clone() }));
        }
        if v.genoemd == JaNee::Nee && v.categorie == Categorie::AdresGeheim {
            all.push(Wijziging::new("genoemd", Verzoek { genoemd: JaNee::Ja, ..v.clone() }));
        }
        all.extend(VOLGORDE.iter().filter_map(|g| andere_grond(v, *g)));
        // An owner who said no is not asked again by a machine either.
        if v.eigenaarsbesluit == Eigenaarsbesluit::Geen {
            let mut w = Wijziging::new("eigenaarsbesluit", Verzoek { eigenaarsbesluit: Eigenaarsbesluit::Ja, ..v.clone() });
            if eigen_deel(v) {
                w.zin = "eigenaarsbesluit-eigen".to_owned();
            }
            all.push(w);
        }
        let cap = |numbers: &[u8]| regels.iter().any(|r| numbers.contains(&r.nummer()));
        let set_apart = self.bundel().buiten_convenant.contains(&v.categorie) || v.categorie == Categorie::AdresGeheim;
        if set_apart || cap(&[27, 39]) {
            for categorie in self.categorieen(&v.soort).iter().copied().filter(|c| *c != v.categorie) {
                let mut w = Wijziging::new("categorie", Verzoek { categorie, ..v.clone() });
                if set_apart {
                    w.zin = format!("categorie-zonder-{}", v.categorie);
                }
                w.categorie = Some(categorie);
                all.push(w);
            }
        }
        if !self.ontvangersoorten(&v.soort).contains(&v.naar) {
            for naar in self.ontvangersoorten(&v.soort).iter().copied() {
                let signed = self.bundel().ondertekenaars.typen.iter().any(|p| Ontvangersoort::from(*p) == naar);
                let ondertekend = if signed { v.ondertekend } else { v.ondertekend.max(Ondertekend::Een) };
                let mut w = Wijziging::new("ontvanger", Verzoek { naar, naar_oin: None, ondertekend, ..v.clone() });
                w.ontvanger = Some(naar);
                all.push(w);
            }
        }
        all
    }
}

/// Whether the sender shares its own part: then the owner to be asked is the sender itself (R1).
const fn eigen_deel(v: &Verzoek) -> bool {
    matches!(v.handeling, Handeling::Ontvangen | Handeling::Inzien)
}

/// Another ground, or the one that was given made good.
fn andere_grond(v: &Verzoek, g: Grondslag) -> Option<Wijziging> {
    let base = Verzoek { grondslagen: vec![g], ..v.clone() };
    let given = v.grondslagen.contains(&g);
    let (wat, verzoek) = match g {
        // Who said no is not asked again by a machine (R11).
        Grondslag::Toestemming if matches!(v.toestemming, Toestemmingsstand::NietGevraagd | Toestemmingsstand::OpnieuwVragen) => {
            ("toestemming", Verzoek { toestemming: Toestemmingsstand::Gegeven, ..base })
        }
        Grondslag::ZonderToestemming if !given => ("grondslag", Verzoek { noodzaak: Noodzaak::Toegelicht, ..base }),
        Grondslag::DoorbrekenBeroepsgeheim if !given || v.noodbesluit == JaNee::Nee => {
            ("grondslag", Verzoek { noodbesluit: JaNee::Ja, ..base })
        }
        Grondslag::Convenant | Grondslag::WettelijkeTaak if !given => ("grondslag", base),
        Grondslag::Toestemming if !given && v.toestemming == Toestemmingsstand::Gegeven => ("toestemming", base),
        _ => return None,
    };
    let mut w = Wijziging::new(wat, verzoek);
    w.zin = format!("grondslag-{g}");
    w.grondslag = Some(g);
    Some(w)
}

/// The same request with the owner's yes, or with the reason why, or both; with the sentences that say so.
fn eerst_een_ander(v: &Verzoek) -> Vec<(Vec<&'static str>, Verzoek)> {
    let decided = (v.eigenaarsbesluit == Eigenaarsbesluit::Geen).then(|| {
        (
            vec![if eigen_deel(v) { "ook-eigenaarsbesluit-eigen" } else { "ook-eigenaarsbesluit" }],
            Verzoek { eigenaarsbesluit: Eigenaarsbesluit::Ja, ..v.clone() },
        )
    });
    let explained = |(mut also, base): (Vec<&'static str>, Verzoek)| {
        also.push("ook-noodzaak");
        (also, Verzoek { noodzaak: Noodzaak::Toegelicht, ..base })
    };
    let mut bases: Vec<_> = decided.into_iter().collect();
    if v.noodzaak == Noodzaak::NietToegelicht {
        let both = bases.clone().into_iter().map(explained).collect::<Vec<_>>();
        bases.push(explained((Vec::new(), v.clone())));
        bases.extend(both);
    }
    bases
}
