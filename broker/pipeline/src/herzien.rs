//! Deciding again: what waits for a recipient and rests on facts that have moved (R11, R20), or is held under a policy that is in
//! force no more. Nothing is handed out before.
//!
//! Taken again is the same request with the facts of now: consent, embargo, flags, confirmation. For what was accepted for a
//! recipient its place in the case stays that of then: leaving ends access to what comes later (R17). What was held is new to
//! its recipient, and asks for its place now.

use inbreng_bus::Werk;
use inbreng_catalogue::{Deelnemersrol, Gevolg};
use inbreng_domain::{
    Labels, LeveringId, Oin, Tijdstip,
    part::Toegangsverklaring,
    problem::ProblemCode,
    vocabulary::{Deelname, Toegangswijze},
    zaak::Deelnemer,
};
use inbreng_policy::{Vastlegging, Verzoek, feiten::Verklaringkop};
use inbreng_storage::{
    Aangehouden, Feitenstand, Herzien, Herziening, Herzieningsuitslag, Leveringsstaat, Leveringstatus, NieuweLevering,
    NieuwePlicht, TeHerzien, TeHerzienDeel, Zaakgevolg,
};

use crate::{
    Fout, Hub,
    accept::{self, effects::overdracht, receipt},
    bewaren,
    decide::{
        Beslissing, Situatie, Voor, case,
        doorgifte::{Doorgifte, Kader},
        feiten,
        routing::Ontvanger,
        view,
    },
    herstel,
};

/// How many deliveries one look brings.
const HOOGSTENS: u32 = 64;
/// How often is looked again when facts move meanwhile. What is left then is not handed out, and found at the next look.
const RONDES: usize = 4;

/// Decides again what waits for these partners. The facts are stored already; a failure is made good at their next look.
pub(crate) async fn zaak(hub: &Hub, partners: impl Iterator<Item = Oin>) {
    for oin in partners {
        if let Err(error) = ontvanger(hub, oin).await {
            tracing::warn!(%error, "deliveries not decided again yet; they wait for their recipient's next look");
        }
    }
}

/// Decides again what is held under a policy that is in force no more: a version came into force, someone joined or left.
pub(crate) async fn onder_ander_beleid(hub: &Hub) -> Result<(), Fout> {
    // A hub that was put back does not know yet what was read, taken back or held since its copy.
    if !herstel::geeft_uit(hub).await? {
        return Ok(());
    }
    let wie = hub.store.aangehouden_onder_ander_beleid(hub.clock.now()).await?;
    zaak(hub, wie.into_iter()).await;
    Ok(())
}

/// Decides again what waits for this recipient.
pub(crate) async fn ontvanger(hub: &Hub, oin: Oin) -> Result<(), Fout> {
    for _ in 0..RONDES {
        let alle = hub.store.te_herzien(oin, HOOGSTENS, hub.clock.now()).await?;
        let mut gedaan = false;
        for een in &alle {
            gedaan |= opnieuw(hub, een).await?;
        }
        if !gedaan {
            break;
        }
    }
    Ok(())
}

/// One delivery, or what is held of one message. False: it cannot be decided now, and stays back.
async fn opnieuw(hub: &Hub, een: &TeHerzien) -> Result<bool, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.herladen(hub.store(), nu).await?;
    // Owner, type or covenant may have gone: then nobody can decide, and nothing is handed out.
    let (Some(soort), Some(van), Some(partner), Ok(geldend)) = (
        hub.catalogus.soort(&een.berichttype),
        gids.gids.partner(een.van),
        gids.gids.partner(een.ontvanger),
        hub.beleid.geldend(hub.store(), &een.convenant, nu, "").await,
    ) else {
        return Ok(false);
    };
    let onderdelen = een.onderdelen.iter().map(Onderdeel::lezen).collect::<Result<Vec<_>, Fout>>()?;
    let variant = onderdelen.first().and_then(|o| o.eerder.verzoek.variant.clone());
    let zaak = match een.casus {
        Some(casus) => case::bestaand(hub.store(), casus, soort.deelname_van(variant.as_ref()), een.van, nu).await?,
        None => case::zonder_zaak(hub.store(), None, een.van, een.bericht_id, nu).await?,
    };
    let situatie = Situatie {
        soort,
        variant: variant.as_ref(),
        convenant: &een.convenant,
        van,
        zaak: &zaak,
        beleid: &geldend.beleid,
        partijen: &geldend.partijen.partijen,
        gids: &gids.gids,
        betreft: None,
        nu,
    };
    let ontvanger = Ontvanger { partner: partner.clone(), functie: een.functie.clone(), geadresseerde: None };
    let kader = Kader {
        catalogus: &hub.catalogus,
        gids: &gids.gids,
        beleid: &geldend.beleid,
        partijen: &geldend.partijen.partijen,
        zaak: &zaak,
        nu,
    };
    let beslissingen: Vec<Beslissing> =
        onderdelen.iter().filter_map(|o| o.beslissen(&situatie, &kader, &ontvanger, een.levering.is_some())).collect();
    if beslissingen.len() != onderdelen.len() {
        return Ok(false);
    }
    let (besluiten, bladen) = receipt::besluiten(een.van, Some(een.bericht_id), &beslissingen, nu, hub.random.as_ref())?;
    let toegangen: Vec<_> = een.onderdelen.iter().filter_map(|o| bewaren::toegang(o.toegang.as_deref()?)).collect();
    let bewaren_tot = bewaren::bewaren_tot(hub, soort, toegangen.iter(), nu);
    let (uitkomst, werk) = if is_overbodig(hub, een, &zaak, &toegangen).await? {
        (Herzien::Aangehouden { blijft: Vec::new(), levering: None }, Vec::new())
    } else {
        uitkomst(hub, een, &beslissingen, bewaren_tot)?
    };
    let geleverd = matches!(&uitkomst, Herzien::Aangehouden { levering: Some(_), .. });
    let herziening = Herziening {
        van: een.van,
        bericht_id: een.bericht_id,
        casus: Some(case::feiten_van(een.casus, een.van, een.bericht_id)),
        ontvanger: een.ontvanger,
        feiten: Feitenstand { casus: zaak.stand, gids: gids.stand },
        beleid: geldend.grens,
        uitkomst,
        besluiten,
        plichten: if geleverd { plichten(&situatie, een, &onderdelen, &beslissingen) } else { Vec::new() },
        zaak: if geleverd { gevolgen(hub, &situatie, een).await? } else { Vec::new() },
        bladen,
    };
    // Where it is too old by now, it is found again.
    if hub.store.herzien(herziening).await? == Herzieningsuitslag::Vastgelegd {
        accept::aanbieden(hub, &werk).await;
    } else {
        // Another version of the policy may have come into force meanwhile.
        hub.beleid.herladen(hub.store(), hub.clock.now()).await?;
    }
    Ok(true)
}

/// Whether it was kept ready for when nobody reads it, and somebody did, or its case has ended. Who says that it was not for it read
/// it for nobody.
async fn is_overbodig(hub: &Hub, een: &TeHerzien, zaak: &case::Zaak, toegangen: &[Toegangsverklaring]) -> Result<bool, Fout> {
    if een.levering.is_some() || !toegangen.iter().any(|t| t.wijze == Toegangswijze::Terugval) {
        return Ok(false);
    }
    if zaak.is_gesloten() {
        return Ok(true);
    }
    let status = hub.store.status(een.van, een.bericht_id).await?;
    let telt = |oin: Oin| oin != een.ontvanger && !zaak.feiten().is_melder(een.van, een.bericht_id, oin);
    let gelezen = |l: &Leveringstatus| telt(l.ontvanger) && (l.gelezen_op.is_some() || l.beantwoord.is_some());
    Ok(status.is_some_and(|s| s.leveringen.iter().any(gelezen)))
}

/// A part, or the statement itself, with what was asked before.
struct Onderdeel<'a> {
    van: &'a TeHerzienDeel,
    labels: Option<Labels>,
    eerder: Vastlegging<'static>,
}

impl<'a> Onderdeel<'a> {
    fn lezen(van: &'a TeHerzienDeel) -> Result<Self, Fout> {
        let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
        let labels = van.labels.as_deref().map(serde_json::from_str).transpose().map_err(intern)?;
        Ok(Self { van, labels, eerder: serde_json::from_str(&van.record).map_err(intern)? })
    }

    fn beslissen(&self, situatie: &Situatie<'_>, kader: &Kader<'_>, ontvanger: &Ontvanger, geleverd: bool) -> Option<Beslissing> {
        let eerder = &*self.eerder.verzoek;
        let voor = Voor { oin: ontvanger.oin(), wijze: self.van.wijze, genoemd: eerder.genoemd.is_ja() };
        // What went further than its message did is decided as it was then: for who asked, and for that purpose.
        let verklaring = self.van.toegang.as_deref().and_then(bewaren::toegang);
        let verder = |l| Some((l, Doorgifte::van_eerder(l, eerder, verklaring.as_ref())?));
        if let Some((labels, verder)) = self.labels.as_ref().and_then(verder) {
            return verder.beslissen(labels, kader, ontvanger, voor).ok();
        }
        let feiten = feiten(situatie, ontvanger, voor, self.labels.as_ref());
        let vers = match &self.labels {
            Some(labels) => Verzoek::van_deel(labels, situatie.soort, &feiten),
            None => {
                let casus = situatie.zaak.casus;
                let kop = Verklaringkop { convenant: situatie.convenant, variant: situatie.variant, casus: casus.as_ref() };
                Verzoek::van_verklaring(&kop, situatie.soort, &feiten)?
            }
        };
        let naar_deelnemer = if geleverd { eerder.naar_deelnemer } else { vers.naar_deelnemer };
        let verzoek = Verzoek { van_deelnemer: eerder.van_deelnemer, naar_deelnemer, ..vers };
        Some(Beslissing::nemen(situatie, ontvanger, self.van.deel, self.van.wijze, verzoek))
    }
}

/// The duties of what is delivered now.
fn plichten(
    situatie: &Situatie<'_>,
    een: &TeHerzien,
    onderdelen: &[Onderdeel<'_>],
    beslissingen: &[Beslissing],
) -> Vec<NieuwePlicht> {
    // What was stated about a message without a case stands with that message.
    let neemt_terug = een.casus.is_none() || situatie.zaak.feiten().neemt_terug(een.bericht_id);
    let mut alle: Vec<NieuwePlicht> =
        neemt_terug.then(|| accept::plichten::staken(situatie, een.ontvanger)).flatten().into_iter().collect();
    for (onderdeel, beslissing) in onderdelen.iter().zip(beslissingen).filter(|(_, b)| b.besluit.uitkomst.levert()) {
        let personen = || onderdeel.labels.iter().flat_map(|l| l.betrokkenen.iter().map(|b| b.persoon.to_string())).collect();
        for plicht in &beslissing.besluit.verplichtingen {
            accept::plichten::erbij(&mut alle, een.van, een.ontvanger, plicht, personen());
        }
    }
    alle
}

/// What becomes of it, and the work that it is for the bus.
fn uitkomst(
    hub: &Hub,
    een: &TeHerzien,
    beslissingen: &[Beslissing],
    bewaren_tot: Tijdstip,
) -> Result<(Herzien, Vec<Werk>), Fout> {
    let levert = |b: &&Beslissing| b.besluit.uitkomst.levert();
    let wacht = |b: &&Beslissing| b.besluit.uitkomst.wacht();
    let verteld: Vec<_> = beslissingen.iter().filter(levert).map(|b| view::voor_ontvanger(b.deel, &b.besluit)).collect();
    let besluiten = serde_json::to_string(&verteld).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    let werk = |id: LeveringId| Werk { ontvanger: een.ontvanger, levering: id, baan: een.urgentie };
    let nieuw = |besluiten: String| NieuweLevering {
        id: LeveringId::mint(hub.clock.now(), hub.random.as_ref()),
        ontvanger: een.ontvanger,
        functie: een.functie.clone(),
        baan: een.urgentie,
        besluiten,
        bewaren_tot,
        delen: beslissingen.iter().filter(levert).filter_map(|b| b.deel.map(|deel| (deel, b.wijze))).collect(),
    };
    if let Some(id) = een.levering {
        let (staat, vervangen_door) = if beslissingen.iter().any(|b| wacht(&b)) {
            (Leveringsstaat::Aangehouden, None)
        } else if verteld.len() == beslissingen.len() {
            (Leveringsstaat::Open, None)
        } else {
            // Not all of it may go: the rest goes under another number, so that nobody signs for what it did not get.
            (Leveringsstaat::Vervallen, (!verteld.is_empty()).then(|| nieuw(besluiten.clone())))
        };
        let mut taken: Vec<Werk> = vervangen_door.iter().map(|l| werk(l.id)).collect();
        if staat == Leveringsstaat::Open {
            taken.push(werk(id));
        }
        return Ok((Herzien::Levering { id, staat, besluiten, bewaren_tot, vervangen_door }, taken));
    }
    let blijft = beslissingen.iter().filter(wacht).map(|b| Aangehouden {
        deel: b.deel,
        ontvanger: een.ontvanger,
        functie: een.functie.clone(),
        wijze: b.wijze,
        vanaf: None,
    });
    let levering = (!verteld.is_empty()).then(|| nieuw(besluiten));
    let werk = levering.iter().map(|l| werk(l.id)).collect();
    Ok((Herzien::Aangehouden { blijft: blijft.collect(), levering }, werk))
}

/// What the delivery of a held message changes: an opening one lets its recipient in, an acceptance moves responsibility.
async fn gevolgen(hub: &Hub, situatie: &Situatie<'_>, een: &TeHerzien) -> Result<Vec<Zaakgevolg>, Fout> {
    let Some(casus) = een.casus else { return Ok(Vec::new()) };
    let mut gevolgen = Vec::new();
    if situatie.zaak.opent && situatie.zaak.deelname(een.ontvanger) == Deelname::Nee {
        let rol = match situatie.soort.opent_als {
            Some(Deelnemersrol::Deskundige) => Deelname::Deskundige,
            None | Some(Deelnemersrol::Deelnemer) => Deelname::Ja,
        };
        gevolgen.push(Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(een.ontvanger, rol) });
    }
    if let Some(overdracht) =
        een.antwoord_op.filter(|_| situatie.soort.gevolgen.contains(&Gevolg::VerantwoordelijkheidVerplaatsen))
    {
        let gever = hub.store.beantwoord(overdracht).await?.into_iter().find(|b| {
            b.casus == een.casus && b.ontvangers.contains(&een.van) && situatie.soort.antwoord_op.contains(b.berichttype.naam())
        });
        if gever.is_some_and(|b| overdracht::geldt(situatie.zaak, overdracht, b.van)) {
            gevolgen.push(Zaakgevolg::Verantwoordelijk { casus, partner: een.van, bericht: een.bericht_id, overdracht });
        }
    }
    Ok(gevolgen)
}
