//! What the policy says to us, decided by ourselves: a hub could leave out a duty or write another sentence. Of two terms the
//! earlier counts, of two sets of duties all.

use std::{borrow::Cow, sync::Arc};

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    Besluit, Code, Digest, Labels, RegelId, Tijdstip, Toestemming, Verplichting,
    levering::{Levering, Leveringsbesluit},
    vocabulary::{Deelname, Eigenaarsbesluit, Gebruik, Grondslag, Noodzaak, Ondertekend, Toegangswijze},
};
use inbreng_policy::{Beleid, Deelpartij, Feiten, Namen, Toestemmingsbron, Verzoek, feiten::Toegangsdoel};
use inbreng_proof::Partner;

use super::{
    Omgeving,
    ander_doel::{self, Kader},
    verantwoording,
};
use crate::concept::OntvangenDeel;

/// The sentence of a part of which nobody said anything that we believe.
const GEEN_ZIN: &str = "Over dit deel is geen besluit bekend. Lees het en gebruik het nergens anders voor.";

/// The rule on another purpose: R28.
const ANDER_DOEL: u8 = 28;

/// Decides about the parts of one delivery.
pub(super) struct Eigenbesluit<'a> {
    omgeving: &'a Omgeving,
    levering: &'a Levering,
    soort: &'a Definitie,
    afzender: &'a Partner,
    toestemmingen: Vec<Toestemming>,
    /// Whether a view-only part is being read: then its content is open, and it stays view-only.
    inzage: bool,
}

/// What differs between the hub's decision and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afwijking {
    /// It says nothing about a part that it delivers.
    Ontbreekt,
    /// A duty is missing, or its term.
    Plicht,
    /// A sentence that the policy does not have.
    Zin,
    /// The policy does not let this part come to us.
    MagNiet,
    /// A term is later, and nothing else differs.
    Termijn,
}

impl Afwijking {
    pub(super) const fn uitleg(self) -> &'static str {
        match self {
            Self::Ontbreekt => "bij een deel staat geen besluit",
            Self::Plicht => "er ontbreekt een verplichting, of haar termijn",
            Self::Zin => "een zin staat niet in het beleid",
            Self::MagNiet => "volgens het beleid mocht een deel niet aan u worden geleverd",
            Self::Termijn => "de termijn van een verplichting is later",
        }
    }
}

impl<'a> Eigenbesluit<'a> {
    pub(super) const fn new(
        omgeving: &'a Omgeving,
        levering: &'a Levering,
        soort: &'a Definitie,
        afzender: &'a Partner,
        toestemmingen: Vec<Toestemming>,
    ) -> Self {
        Self { omgeving, levering, soort, afzender, toestemmingen, inzage: false }
    }

    /// The same for a view-only part that is being read now.
    pub(super) fn bij_inzage(self) -> Self {
        Self { inzage: true, ..self }
    }

    /// Puts the stricter of both decisions on a part; says where they differ.
    pub(super) fn toepassen(&self, deel: &mut OntvangenDeel) -> Option<Afwijking> {
        let hub = self.levering.besluiten.iter().find(|b| b.deel == Some(deel.labels.id));
        let Some((beleid, hetzelfde)) = self.beleid(&deel.labels, hub.map(|b| b.beleid)) else {
            tracing::warn!(levering = %self.levering.id, "geen beleid om zelf over de levering te beslissen");
            return None;
        };
        let nu = self.omgeving.clock.now();
        // Terms run from when the hub accepted it; a moment that is still to come is none.
        let toen = self.levering.aangenomen_op.min(nu);
        let mogelijk = self.mogelijk(&beleid, deel, toen);
        let later = self.mogelijk(&beleid, deel, nu);
        let samen = samen(hub, &mogelijk, &later);
        deel.zin.clone_from(&samen.zin);
        deel.verplichtingen = samen.verplichtingen;
        // Under another version than ours the hub may well be right; the stricter of both holds all the same.
        samen.afwijking.filter(|a| hetzelfde || *a == Afwijking::Ontbreekt)
    }

    /// A part that its owner gave us in answer to a request (R4, R28). Who asked, and in which type of message, only hub and owner
    /// know, so we cannot decide the same; what the owner did not give with it is a duty whatever the hub says.
    pub(super) fn doorgegeven(&self, deel: &mut OntvangenDeel) {
        for (soort, regel, gebruik) in
            [("niet-in-dossier", 3, Gebruik::Dossier), ("niet-doorverstrekken", 4, Gebruik::Doorverstrekken)]
        {
            let (Ok(soort), Ok(regel)) = (Code::parse(soort), RegelId::new(regel)) else { continue };
            if !deel.gebruik.contains(&gebruik) && deel.verplichtingen.iter().all(|v| v.soort != soort) {
                deel.verplichtingen.push(Verplichting { soort, regel, uiterlijk: None });
            }
        }
        if deel.zin.is_empty() {
            GEEN_ZIN.clone_into(&mut deel.zin);
        }
    }

    /// Whether a human had to explain why this part is needed for what it is given for, and nobody did (R28): by its owner's answer to a
    /// request (`doorgegeven`), or brought in for that.
    pub(super) fn mist_uitleg(&self, deel: &OntvangenDeel, doorgegeven: bool) -> bool {
        let (Some(_), Some(doel)) = (deel.inhoud.open(), deel.doel) else { return false };
        let Some((beleid, _)) = self.beleid(&deel.labels, None) else { return false };
        let nu = self.omgeving.clock.now();
        if doorgegeven {
            let (wij, eigenaar) = self.deelpartijen();
            let kader = Kader { catalogus: &self.omgeving.catalogus, beleid: &beleid, eigenaar, wij, nu };
            let voor = Toegangsdoel { doel, toegelicht: deel.toelichting.is_some() };
            return ander_doel::mist_uitleg(&kader, &deel.labels, voor);
        }
        let labels = self.zoals_verzegeld(deel);
        let besluiten = self.besluiten(&beleid, &labels, deel, nu);
        if labels.noodzaak == Noodzaak::Toegelicht || besluiten.iter().any(|b| b.uitkomst.levert()) {
            return false;
        }
        let om_uitleg = besluiten.iter().any(|b| b.regels.iter().any(|r| r.nummer() == ANDER_DOEL));
        let met = Labels { noodzaak: Noodzaak::Toegelicht, ..labels.into_owned() };
        om_uitleg && self.besluiten(&beleid, &met, deel, nu).iter().any(|b| b.uitkomst.levert())
    }

    /// The policy that the hub names, or else the one that we hold of this covenant.
    fn beleid(&self, labels: &Labels, genoemd: Option<Digest>) -> Option<(Arc<Beleid>, bool)> {
        let boek = &self.omgeving.boek;
        match genoemd.and_then(|digest| boek.beleid(digest)).filter(|b| b.bundel().convenant == labels.convenant) {
            Some(beleid) => Some((beleid, true)),
            None => boek.beleid_van(&labels.convenant).map(|beleid| (beleid, false)),
        }
    }

    /// Whether this part rests on the covenant and we do not know that both sides signed it: someone may have joined since we last
    /// looked.
    pub(super) fn mist_een_partij(&self, labels: &Labels) -> bool {
        let Some((beleid, _)) = self.beleid(labels, None) else { return false };
        let (wij, zij) = self.deelpartijen();
        let partijen = self.omgeving.boek.partijen(&labels.convenant);
        labels.grondslagen.contains(&Grondslag::Convenant)
            && beleid.ondertekend(&partijen, &zij, &wij, self.omgeving.clock.now()) != Ondertekend::Beide
    }

    fn deelpartijen(&self) -> (Deelpartij, Deelpartij) {
        let wij = Deelpartij { oin: self.omgeving.organisatie.oin, partnertype: self.omgeving.organisatie.partnertype };
        let zij = Deelpartij { oin: self.afzender.vermelding.oin, partnertype: self.afzender.vermelding.partnertype };
        (wij, zij)
    }

    /// The decisions that are possible with what only the hub knows: with consent as we know it, with all consent, and with
    /// the owner's yes or without. The first that delivers is the one that rests on least.
    fn mogelijk(&self, beleid: &Beleid, deel: &OntvangenDeel, nu: Tijdstip) -> Vec<Besluit> {
        let besluiten = self.besluiten(beleid, &self.zoals_verzegeld(deel), deel, nu);
        besluiten.into_iter().filter(|b| b.uitkomst.levert()).collect()
    }

    /// The labels as far as the sealed words bear them out: what a label says and they do not, opens nothing here.
    fn zoals_verzegeld<'d>(&self, deel: &'d OntvangenDeel) -> Cow<'d, Labels> {
        match deel.inhoud.open() {
            Some(inhoud) => {
                let catalogus = &self.omgeving.catalogus;
                let gedekt = verantwoording::gedekt(catalogus, self.soort, deel.labels.categorie, inhoud);
                Cow::Owned(verantwoording::bijgesteld(&deel.labels, gedekt))
            }
            None => Cow::Borrowed(&deel.labels),
        }
    }

    /// Each of them, whether it delivers or not.
    fn besluiten(&self, beleid: &Beleid, labels: &Labels, deel: &OntvangenDeel, nu: Tijdstip) -> [Besluit; 4] {
        let bronnen = [
            (Toestemmingsbron::Register(&self.toestemmingen), Eigenaarsbesluit::Geen),
            (Toestemmingsbron::OordeelKnooppunt, Eigenaarsbesluit::Geen),
            (Toestemmingsbron::Register(&self.toestemmingen), Eigenaarsbesluit::Ja),
            (Toestemmingsbron::OordeelKnooppunt, Eigenaarsbesluit::Ja),
        ];
        let open = deel.inhoud.open().is_some() && !self.inzage;
        bronnen.map(|(toestemmingen, eigenaarsbesluit)| {
            let feiten = Feiten {
                toestemmingen,
                eigenaarsbesluit,
                genoemd: deel.genoemd.is_none_or(|g| g.is_ja()),
                wijze: if open { Toegangswijze::Meegeleverd } else { Toegangswijze::Inzage },
                doel: deel.doel.map(|doel| Toegangsdoel { doel, toegelicht: deel.toelichting.is_some() }),
                ..self.feiten(beleid, labels, nu)
            };
            self.beslissen(beleid, labels, &feiten)
        })
    }

    /// What we can know around a part; of what only the hub knows, what withholds nothing. No consent.
    fn feiten(&self, beleid: &Beleid, labels: &Labels, nu: Tijdstip) -> Feiten<'static> {
        let (wij, zij) = self.deelpartijen();
        let partijen = self.omgeving.boek.partijen(&labels.convenant);
        Feiten {
            van: zij.partnertype,
            van_oin: zij.oin,
            naar: wij.partnertype.into(),
            naar_oin: wij.oin,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            regisseur: true,
            toestemmingen: Toestemmingsbron::Register(&[]),
            toestemming_maanden: beleid.bundel().instellingen.toestemming_maanden,
            ondertekend: beleid.ondertekend(&partijen, &zij, &wij, nu),
            embargo: false,
            scheiding: &[],
            eigenaarsbesluit: Eigenaarsbesluit::Ja,
            bevestigd: true,
            stilgelegd: None,
            genoemd: true,
            wijze: Toegangswijze::Meegeleverd,
            doel: None,
            nu,
        }
    }

    fn beslissen(&self, beleid: &Beleid, labels: &Labels, feiten: &Feiten<'_>) -> Besluit {
        let gids = self.omgeving.boek.gids();
        let wij = &self.omgeving.organisatie;
        let eigen = gids.partner(wij.oin).map_or(wij.naam.as_str(), |p| p.vermelding.naam.as_str());
        let namen = Namen { eigenaar: &self.afzender.vermelding.naam, ontvanger: eigen, betrokkene: None };
        beleid.beslissen(&Verzoek::van_deel(labels, self.soort, feiten), &namen)
    }

    fn draagt_zonder_toestemming(&self, labels: &Labels) -> bool {
        let Some((beleid, _)) = self.beleid(labels, None) else { return false };
        let mut zonder = labels.clone();
        zonder.grondslagen.retain(|g| !matches!(g, Grondslag::Toestemming | Grondslag::Geen));
        let besluit = self.beslissen(&beleid, &zonder, &self.feiten(&beleid, &zonder, self.omgeving.clock.now()));
        besluit.uitkomst.levert() && besluit.grondslag.is_some_and(|g| g != Grondslag::Geen)
    }
}

/// Whether another ground than consent carries this part here (R11): that its label names one does not make it hold (R8, R9). Where we have
/// no policy for it, or do not know its sender or its type any more, we know of none.
pub(super) fn draagt_zonder_toestemming(omgeving: &Omgeving, levering: &Levering, labels: &Labels) -> bool {
    let gids = omgeving.boek.gids();
    let Some(soort) = omgeving.catalogus.soort(&levering.bericht.berichttype) else { return false };
    let Some(afzender) = gids.partner(labels.eigenaar) else { return false };
    Eigenbesluit::new(omgeving, levering, soort, afzender, Vec::new()).draagt_zonder_toestemming(labels)
}

/// Both decisions in one.
#[derive(Debug, PartialEq, Eq)]
struct Samen {
    zin: String,
    verplichtingen: Vec<Verplichting>,
    afwijking: Option<Afwijking>,
}

/// `mogelijk`: what we would decide, counted from when the hub accepted it. `later`: the same from now, so that what was
/// decided again since has later terms and is no difference.
fn samen(hub: Option<&Leveringsbesluit>, mogelijk: &[Besluit], later: &[Besluit]) -> Samen {
    let van_hub = hub.map(|h| h.verplichtingen.clone()).unwrap_or_default();
    let eigen = mogelijk.first();
    let verplichtingen = vereniging(van_hub.clone(), eigen.map(|b| b.verplichtingen.as_slice()).unwrap_or_default());
    let zin_bekend = |zin: &str| mogelijk.iter().any(|b| b.uitleg.ontvanger == zin);
    let zin = match (hub, eigen) {
        (Some(h), _) if zin_bekend(&h.zin) => h.zin.clone(),
        (_, Some(b)) => b.uitleg.ontvanger.clone(),
        // What may not come has no sentence; its reader must not be told that all is well.
        (_, None) => GEEN_ZIN.to_owned(),
    };
    let afwijking = match hub {
        None => Some(Afwijking::Ontbreekt),
        Some(_) if mogelijk.is_empty() => Some(Afwijking::MagNiet),
        Some(_) if !later.iter().any(|b| heeft_alle(&van_hub, &b.verplichtingen)) => Some(Afwijking::Plicht),
        Some(h) if !zin_bekend(&h.zin) => Some(Afwijking::Zin),
        Some(_) if !later.iter().any(|b| omvat(&van_hub, &b.verplichtingen)) => Some(Afwijking::Termijn),
        Some(_) => None,
    };
    Samen { zin, verplichtingen, afwijking }
}

/// All duties of both; of one kind the one with the earlier term.
fn vereniging(mut een: Vec<Verplichting>, ander: &[Verplichting]) -> Vec<Verplichting> {
    for plicht in ander {
        match een.iter_mut().find(|v| v.soort == plicht.soort) {
            None => een.push(plicht.clone()),
            Some(zelfde) if eerder(plicht, zelfde) => zelfde.uiterlijk = plicht.uiterlijk,
            Some(_) => {}
        }
    }
    een
}

/// Whether these duties hold all of those, none with a later term.
fn omvat(deze: &[Verplichting], die: &[Verplichting]) -> bool {
    die.iter().all(|plicht| deze.iter().any(|v| v.soort == plicht.soort && !eerder(plicht, v)))
}

/// Whether these duties hold all of those, each with a term where it has one, whenever that ends.
fn heeft_alle(deze: &[Verplichting], die: &[Verplichting]) -> bool {
    die.iter().all(|plicht| deze.iter().any(|v| v.soort == plicht.soort && (plicht.uiterlijk.is_none() || v.uiterlijk.is_some())))
}

/// Whether the term of one duty ends before that of the other; one without a term ends never.
fn eerder(een: &Verplichting, ander: &Verplichting) -> bool {
    match (een.uiterlijk, ander.uiterlijk) {
        (Some(een), Some(ander)) => een < ander,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{Uitkomst, Uitleg};

    use super::*;

    fn plicht(soort: &str, uiterlijk: Option<i64>) -> Verplichting {
        Verplichting {
            soort: Code::parse(soort).unwrap(),
            regel: RegelId::new(32).unwrap(),
            uiterlijk: uiterlijk.map(Tijdstip::from_unix_millis),
        }
    }

    fn besluit(zin: &str, verplichtingen: Vec<Verplichting>) -> Besluit {
        Besluit {
            uitkomst: Uitkomst::ToestaanMetPlicht,
            regels: vec![],
            grondslag: None,
            verplichtingen,
            uitleg: Uitleg { afzender: String::new(), ontvanger: zin.to_owned() },
            alternatieven: vec![],
            beleid: Digest::from_bytes([1; 32]),
        }
    }

    fn van_hub(zin: &str, verplichtingen: Vec<Verplichting>) -> Leveringsbesluit {
        Leveringsbesluit { deel: None, zin: zin.to_owned(), verplichtingen, beleid: Digest::from_bytes([1; 32]) }
    }

    #[test]
    fn the_stricter_of_both_holds_and_a_difference_shows() {
        let eigen = [besluit("Zo.", vec![plicht("transparantiebericht", Some(100)), plicht("niet-doorverstrekken", None)])];
        let heel = vec![plicht("transparantiebericht", Some(100)), plicht("niet-doorverstrekken", None)];
        let eerlijk = samen(Some(&van_hub("Zo.", heel.clone())), &eigen, &eigen);
        assert_eq!(eerlijk, Samen { zin: "Zo.".to_owned(), verplichtingen: heel.clone(), afwijking: None });

        // A hub may be stricter: it knows more.
        let meer =
            vec![plicht("transparantiebericht", Some(50)), plicht("niet-doorverstrekken", None), plicht("alleen-inzien", None)];
        assert_eq!(
            samen(Some(&van_hub("Zo.", meer.clone())), &eigen, &eigen),
            Samen { zin: "Zo.".to_owned(), verplichtingen: meer, afwijking: None }
        );

        for (wat, hub, verwacht) in [
            ("a duty left out", van_hub("Zo.", vec![plicht("niet-doorverstrekken", None)]), Afwijking::Plicht),
            (
                "a later term",
                van_hub("Zo.", vec![plicht("transparantiebericht", Some(101)), plicht("niet-doorverstrekken", None)]),
                Afwijking::Termijn,
            ),
            (
                "a later term and a duty left out",
                van_hub("Zo.", vec![plicht("transparantiebericht", Some(101))]),
                Afwijking::Plicht,
            ),
            (
                "no term",
                van_hub("Zo.", vec![plicht("transparantiebericht", None), plicht("niet-doorverstrekken", None)]),
                Afwijking::Plicht,
            ),
            ("another sentence", van_hub("U mag dit doorsturen.", heel.clone()), Afwijking::Zin),
            (
                "another sentence and a later term",
                van_hub(
                    "U mag dit doorsturen.",
                    vec![plicht("transparantiebericht", Some(101)), plicht("niet-doorverstrekken", None)],
                ),
                Afwijking::Zin,
            ),
        ] {
            let Samen { zin, verplichtingen, afwijking } = samen(Some(&hub), &eigen, &eigen);
            assert_eq!((zin.as_str(), afwijking), ("Zo.", Some(verwacht)), "{wat}");
            assert!(omvat(&verplichtingen, &heel), "{wat}: {verplichtingen:?}");
        }
        let niets = samen(None, &eigen, &eigen);
        assert_eq!((niets.afwijking, niets.verplichtingen), (Some(Afwijking::Ontbreekt), heel.clone()));
        let verboden = samen(Some(&van_hub("Dit mag.", vec![])), &[], &[]);
        assert_eq!((verboden.afwijking, verboden.zin.as_str()), (Some(Afwijking::MagNiet), GEEN_ZIN));
        // Decided again since: its terms run from later, and that is no difference.
        let nu = [besluit("Zo.", vec![plicht("transparantiebericht", Some(900)), plicht("niet-doorverstrekken", None)])];
        let herzien = van_hub("Zo.", vec![plicht("transparantiebericht", Some(500)), plicht("niet-doorverstrekken", None)]);
        let herzien = samen(Some(&herzien), &eigen, &nu);
        assert_eq!((herzien.afwijking, herzien.verplichtingen), (None, heel));
    }
}
