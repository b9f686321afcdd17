//! Withdrawal of consent (42): who received something that rests on it hears it from the hub, and stops using it, or learns
//! which other ground carries it (R11). A recall (47) reaches all who got what it takes back.

use std::sync::Arc;

use inbreng_catalogue::{Definitie, Gevolg};
use inbreng_domain::{
    Bericht, Code, ConvenantId, Labels, Oin, RegelId, Tijdstip, Verplichting,
    problem::ProblemCode,
    vocabulary::{Deelname, Grondslag, Ondertekend, Toestemmingsgever, Toestemmingsstand},
};
use inbreng_policy::{Deelpartij, Vastlegging, Verzoek, toestemming};
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
    /// Whether nothing but consent carries some part.
    stopt: bool,
}

/// Who got, or is about to get, a part of this owner about this person for which consent ends by this statement: exactly what it names,
/// but where a yes that was told to another still stands (R10, R11). Who got it on another ground that the policy still carries hears
/// nothing: nothing ends for it. In a case that is joined with this one: whoever of them takes part in this one, since nobody else may
/// learn of it (R16).
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
    let paren = zaak.feiten().zelfde_personen();
    let mut register = zaak.toestemmingen().to_vec();
    register.push(woord.clone());
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let mut verteld: Vec<Verteld> = Vec::new();
    let elders = hub.store().gekoppelde_zaken(casus).await?;
    for waar in std::iter::once(casus).chain(elders) {
        for (oin, labels, record) in hub.store().geleverde_delen(waar, woord.eigenaar).await? {
            let is_hier = waar == casus || zaak.deelname(oin) != Deelname::Nee;
            if oin == bericht.van || !is_hier || gids.partner(oin).is_none() {
                continue;
            }
            let labels: Labels = serde_json::from_str(&labels).map_err(intern)?;
            let eerder: Vastlegging<'_> = serde_json::from_str(&record).map_err(intern)?;
            if !toestemming::trekt_in(&woord, paren, &labels, (oin, eerder.verzoek.doel)) {
                continue;
            }
            let beleid = van_convenant(hub, geldend, &eerder.verzoek.convenant, nu).await?;
            let maanden = beleid.as_ref().map_or(maanden, |b| b.beleid.bundel().instellingen.toestemming_maanden);
            let vraag = toestemming::Vraag {
                casus: labels.casus.as_ref(),
                eigenaar: labels.eigenaar,
                ontvanger: oin,
                categorie: eerder.verzoek.categorie,
                doel: eerder.verzoek.doel,
                nu,
                maanden,
            };
            // A yes of everyone whom the part is about.
            let stand = toestemming::stand_gekoppeld(&register, paren, &labels.betrokkenen, &vraag);
            if stand == Toestemmingsstand::Gegeven {
                continue;
            }
            let andere = beleid.and_then(|b| zonder_toestemming(&b, &eerder, gids, (woord.eigenaar, oin), nu));
            if andere.is_some() && eerder.besluit.grondslag != Some(Grondslag::Toestemming) {
                continue;
            }
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
/// label names grounds; whether one holds, only the policy says (R8, R9). Whether both are parties is a fact of now: the covenant is no
/// ground for who left it (R15).
fn zonder_toestemming(
    geldend: &InKracht,
    eerder: &Vastlegging<'_>,
    gids: &Gids,
    (eigenaar, ontvanger): (Oin, Oin),
    nu: Tijdstip,
) -> Option<Grondslag> {
    let partij = |oin: Oin| gids.partner(oin).map(|p| Deelpartij { oin, partnertype: p.vermelding.partnertype });
    let partijen = &geldend.partijen.partijen;
    let ondertekend = partij(eigenaar)
        .zip(partij(ontvanger))
        .map_or(Ondertekend::Geen, |(van, naar)| geldend.beleid.ondertekend(partijen, &van, &naar, nu));
    let mut verzoek = Verzoek { ondertekend, ..Verzoek::clone(&eerder.verzoek) };
    verzoek.grondslagen.retain(|g| !matches!(g, Grondslag::Toestemming | Grondslag::Geen));
    let besluit = geldend.beleid.beslissen(&verzoek, &eerder.namen.namen());
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
