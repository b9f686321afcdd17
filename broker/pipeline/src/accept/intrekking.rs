//! Withdrawal of consent (42): who received something that rests on it hears it from the hub, and stops using it, or learns
//! which other ground carries it (R11). A recall (47) reaches all who got what it takes back.

use std::sync::Arc;

use inbreng_catalogue::{Definitie, Gevolg};
use inbreng_domain::{
    Bericht, Code, ConvenantId, Labels, Oin, PersoonRef, RegelId, Tijdstip, Toestemming, Verplichting,
    problem::ProblemCode,
    vocabulary::{Deelname, Grondslag, Toestemmingsgever, Toestemmingsstand},
    zaak::ook,
};
use inbreng_policy::{Beleid, Vastlegging, Verzoek, toestemming};
use inbreng_proof::Gids;

use crate::{
    Fout, Hub,
    accept::effects::toestemming::intrekking,
    decide::{Situatie, Toegelaten, case::Zaak, reference::Verwijzing, routing::Ontvanger, view},
    policies::InKracht,
};

/// One who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verteld {
    oin: Oin,
    /// The grounds that carry its parts without consent, each once.
    andere: Vec<Grondslag>,
    /// Whether consent was the only ground of some part.
    stopt: bool,
}

/// Who got, or is about to get, a part of this owner about this person on the ground of consent that ends by this statement: whom it
/// names, but for whom a yes that was told to another still stands (R10). In a case that is joined with this one: whoever of them takes
/// part in this one, since nobody else may learn of it (R16).
pub(crate) async fn te_vertellen(
    hub: &Hub,
    soort: &Definitie,
    bericht: &Bericht,
    zaak: &Zaak,
    gids: &Gids,
    (geldend, nu): (&InKracht, Tijdstip),
) -> Result<Vec<Verteld>, Fout> {
    let Some(casus) = bericht.casus.filter(|_| soort.gevolgen.contains(&Gevolg::ToestemmingIntrekken)) else {
        return Ok(Vec::new());
    };
    let woord = intrekking(bericht, casus, nu)?;
    // Who is suspected in the case cannot alone take back what was said for the child (R26): nobody has to stop.
    let maanden = geldend.beleid.bundel().instellingen.toestemming_maanden;
    let alleen_verdachte = toestemming::alleen_verdachte(woord.gezag, woord.incident_op, nu, maanden);
    if woord.door == Toestemmingsgever::Gezaghebbende && alleen_verdachte {
        return Ok(Vec::new());
    }
    let register = Register::met(zaak, &woord);
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let mut verteld: Vec<Verteld> = Vec::new();
    let elders = hub.store().gekoppelde_zaken(casus).await?;
    for waar in std::iter::once(casus).chain(elders) {
        for (oin, labels, record) in hub.store().geleverde_delen(waar, woord.eigenaar).await? {
            let labels: Labels = serde_json::from_str(&labels).map_err(intern)?;
            let eerder: Vastlegging<'_> = serde_json::from_str(&record).map_err(intern)?;
            let hoort = woord.ontvangers.contains(&oin)
                && oin != bericht.van
                && gids.partner(oin).is_some()
                && (waar == casus || zaak.deelname(oin) != Deelname::Nee);
            if !hoort || eerder.besluit.grondslag != Some(Grondslag::Toestemming) || !register.gaat_over(&labels) {
                continue;
            }
            let beleid = van_convenant(hub, geldend, &eerder.verzoek.convenant, nu).await?;
            let maanden = beleid.as_ref().map_or(maanden, |b| b.beleid.bundel().instellingen.toestemming_maanden);
            if register.is_gegeven(&labels, &eerder.verzoek, oin, (maanden, nu)) {
                continue;
            }
            let andere = beleid.and_then(|b| zonder_toestemming(&b.beleid, &eerder));
            if verteld.iter().all(|v| v.oin != oin) {
                verteld.push(Verteld { oin, andere: Vec::new(), stopt: false });
            }
            for een in verteld.iter_mut().filter(|v| v.oin == oin) {
                een.stopt |= andere.is_none();
                let nieuw = andere.filter(|grond| !een.andere.contains(grond));
                een.andere.extend(nieuw);
            }
        }
    }
    Ok(verteld)
}

/// The register of consent with this withdrawal in it.
struct Register<'a> {
    alles: Vec<Toestemming>,
    paren: &'a [[PersoonRef; 2]],
    /// Who withdrew, by every reference in the cases that are joined.
    personen: Vec<PersoonRef>,
}

impl<'a> Register<'a> {
    fn met(zaak: &'a Zaak, woord: &Toestemming) -> Self {
        let mut alles = zaak.toestemmingen().to_vec();
        alles.push(woord.clone());
        let paren = zaak.feiten().zelfde_personen();
        let mut personen = ook(paren, woord.persoon);
        personen.push(woord.persoon);
        Self { alles, paren, personen }
    }

    fn gaat_over(&self, labels: &Labels) -> bool {
        labels.betrokkenen.iter().any(|b| self.personen.contains(&b.persoon))
    }

    /// Whether there is a yes for what was asked then, of everyone whom the part is about.
    fn is_gegeven(&self, labels: &Labels, eerder: &Verzoek, ontvanger: Oin, (maanden, nu): (u16, Tijdstip)) -> bool {
        let vraag = toestemming::Vraag {
            casus: labels.casus.as_ref(),
            eigenaar: labels.eigenaar,
            ontvanger,
            categorie: eerder.categorie,
            doel: eerder.doel,
            nu,
            maanden,
        };
        let stand = toestemming::stand_gekoppeld(&self.alles, self.paren, &labels.betrokkenen, &vraag);
        stand == Toestemmingsstand::Gegeven
    }
}

/// The policy in force of this covenant; nothing where there is none any more, and so nothing that carries a part.
async fn van_convenant(hub: &Hub, geldend: &InKracht, convenant: &ConvenantId, nu: Tijdstip) -> Result<Option<InKracht>, Fout> {
    if geldend.beleid.bundel().convenant == *convenant {
        return Ok(Some(geldend.clone()));
    }
    match hub.beleid.geldend(hub.store(), convenant, nu, "").await {
        Ok(ander) => Ok(Some(ander)),
        Err(fout) if matches!(fout.code(), ProblemCode::BeleidVerouderd | ProblemCode::VeldOngeldig) => Ok(None),
        Err(fout) => Err(fout),
    }
}

/// The ground that carries a part without consent: decided again by the policy in force on the facts of then, without that ground. A
/// label names grounds; whether one holds, only the policy says (R8, R9).
fn zonder_toestemming(beleid: &Beleid, eerder: &Vastlegging<'_>) -> Option<Grondslag> {
    let mut verzoek = Verzoek::clone(&eerder.verzoek);
    verzoek.grondslagen.retain(|g| !matches!(g, Grondslag::Toestemming | Grondslag::Geen));
    let besluit = beleid.beslissen(&verzoek, &eerder.namen.namen());
    besluit.grondslag.filter(|g| besluit.uitkomst.levert() && *g != Grondslag::Geen)
}

/// A recall (47) is for whoever got what it takes back, whomever its sender names: who is not told goes on using it (R1). For whom it is
/// held hears nothing. A correction brings a part, which only its owner can seal for another.
pub(crate) fn alle_houders(
    ontvangers: &mut Vec<Ontvanger>,
    soort: &Definitie,
    verwijzing: Option<&Verwijzing>,
    (van, hub): (Oin, Oin),
    gids: &Gids,
) {
    if !soort.gevolgen.contains(&Gevolg::DelenTerugnemen) || soort.delen.zonder_delen.is_none() {
        return;
    }
    for oin in verwijzing.iter().flat_map(|v| &v.vanzelf).filter(|oin| **oin != van && **oin != hub) {
        erbij(ontvangers, *oin, gids);
    }
}

fn erbij(ontvangers: &mut Vec<Ontvanger>, oin: Oin, gids: &Gids) {
    if let Some(partner) = gids.partner(oin).filter(|_| ontvangers.iter().all(|o| o.oin() != oin)) {
        ontvangers.push(Ontvanger { partner: Arc::clone(partner), functie: None, geadresseerde: None });
    }
}

/// They are recipients, beside those who are named.
pub(crate) fn toevoegen(ontvangers: &mut Vec<Ontvanger>, verteld: &[Verteld], gids: &Gids) {
    verteld.iter().for_each(|een| erbij(ontvangers, een.oin, gids));
}

/// Tells each what it must do now.
pub(crate) fn verplichten(toegelaten: &mut [Toegelaten<'_>], verteld: &[Verteld], situatie: &Situatie<'_>) {
    for een in toegelaten {
        let oin = een.ontvanger().oin();
        let Some(verteld) = verteld.iter().find(|v| v.oin == oin) else { continue };
        if verteld.stopt {
            een.vertellen(view::NIET_MEER_GEBRUIKEN, staken(situatie));
        } else {
            een.vertellen(&view::andere_grond(&verteld.andere), None);
        }
    }
}

fn staken(situatie: &Situatie<'_>) -> Option<Verplichting> {
    Some(Verplichting {
        soort: Code::parse("gebruik-staken").ok()?,
        regel: RegelId::new(11).ok()?,
        uiterlijk: Some(situatie.beleid.stoppen_uiterlijk(situatie.nu)),
    })
}
