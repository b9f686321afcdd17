//! Covenants and their parties as officers' tools see them.

use inbreng_domain::{
    ConvenantId, Digest, Oin, Tijdstip,
    convenant::{Convenanttekst, Partijverklaringsoort, Toetreding, Uittreding},
    problem::ProblemCode,
    versie::{Beheerfunctie, Versiestaat},
    vocabulary::JaNee,
};
use inbreng_policy::{Bundel, Deelpartij};
use inbreng_proof::jws::unverified_payload;
use inbreng_storage::Partijverklaring;
use serde::Serialize;

use super::{partijen::tekst_digest, stand};
use crate::{Fout, Hub, partijen::Partijenlijst};

/// A covenant in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Convenantregel {
    /// The covenant.
    pub convenant: ConvenantId,
    /// What people call it.
    pub titel: String,
    /// From when it is in force.
    pub geldig_vanaf: Tijdstip,
    /// Until when.
    pub geldig_tot: Tijdstip,
    /// How many organisations are a party to it at this moment.
    pub partijen: usize,
    /// The number of the last statement of a party: what `ETag` says.
    pub stand: u32,
}

/// All covenants of which something is or may come into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Convenantlijst {
    /// By name.
    pub convenanten: Vec<Convenantregel>,
}

/// What can be signed of a covenant: one text, and the versions that work it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tekstweergave {
    /// Its digest.
    pub digest: Digest,
    /// What a party signs.
    pub tekst: Convenanttekst,
    /// The versions that work it out: those in force, planned and under way.
    pub versies: Vec<Tekstversie>,
}

/// A version of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tekstversie {
    /// Digest of the bundle.
    pub versie: Digest,
    /// The number that it bears: what `afspraken` names.
    pub nummer: u32,
    /// How far it is.
    pub staat: Versiestaat,
}

/// One organisation under one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Partijweergave {
    /// The organisation.
    pub oin: Oin,
    /// Its name; absent when the directory does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub naam: Option<String>,
    /// Digest of the text that it signed.
    pub tekst: Digest,
    /// The version of the rules that it read.
    pub afspraken: u32,
    /// From when.
    pub vanaf: Tijdstip,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tot: Option<Tijdstip>,
    /// Whether it is a party at this moment, to the text in force.
    pub partij: JaNee,
}

/// A statement as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verklaringweergave {
    /// From 1.
    pub nummer: usize,
    /// What it states.
    pub soort: Partijverklaringsoort,
    /// Who.
    pub partij: Oin,
    /// The party's own number for it.
    pub volgnummer: u32,
    /// From when.
    pub vanaf: Tijdstip,
    /// The function of the person who signed.
    pub functie: Beheerfunctie,
    /// When it was signed.
    pub ondertekend_op: Tijdstip,
    /// When the hub recorded it.
    pub vastgelegd_op: Tijdstip,
    /// The statement: compact JWS.
    pub verklaring: String,
    /// What the covenant manager added: compact JWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medeondertekening: Option<String>,
}

/// A covenant with its parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Convenantinzage {
    /// The covenant.
    pub convenant: ConvenantId,
    /// Digest of the text that is in force; absent when none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_kracht: Option<Digest>,
    /// The texts.
    pub teksten: Vec<Tekstweergave>,
    /// Who is, will be or was a party, by OIN.
    pub partijen: Vec<Partijweergave>,
    /// Every statement, the first in front.
    pub verklaringen: Vec<Verklaringweergave>,
    /// How many there are: what `ETag` says.
    pub stand: u32,
}

/// A version whose text can be signed.
#[derive(Debug)]
pub(super) struct Versietekst {
    pub(super) bundel: Bundel,
    versie: Digest,
    staat: Versiestaat,
}

/// The versions of a covenant that are or may come into force, newest first.
pub(super) async fn teksten(hub: &Hub, convenant: &ConvenantId) -> Result<Vec<Versietekst>, Fout> {
    let plan = hub.store.beleidsplan(hub.clock.now()).await?;
    let mut teksten = Vec::new();
    for kop in hub.store.versies(Some(convenant.clone())).await? {
        let staat = stand::staat(&kop, &plan.regels, hub.clock.now());
        if staat == Versiestaat::Vervallen {
            continue;
        }
        let Some(inhoud) = hub.store.versie_inhoud(kop.versie).await? else { continue };
        let bundel = serde_json::from_str(&inhoud.bundel).map_err(|f| Fout::new(ProblemCode::InterneFout).door(f))?;
        teksten.push(Versietekst { bundel, versie: kop.versie, staat });
    }
    Ok(teksten)
}

/// The covenants, in short.
pub(crate) async fn alle(hub: &Hub) -> Result<Convenantlijst, Fout> {
    let nu = hub.clock.now();
    let mut namen: Vec<ConvenantId> = hub.store.versies(None).await?.into_iter().map(|k| k.convenant).collect();
    namen.sort();
    namen.dedup();
    let mut convenanten = Vec::with_capacity(namen.len());
    for convenant in namen {
        let teksten = teksten(hub, &convenant).await?;
        let Some(toon) = teksten.iter().find(|t| t.staat == Versiestaat::Actief).or_else(|| teksten.first()) else { continue };
        let lijst = hub.beleid.partijen(hub.store(), &convenant, nu).await?;
        let bundel = &toon.bundel;
        convenanten.push(Convenantregel {
            titel: bundel.titel.clone(),
            geldig_vanaf: bundel.geldig_vanaf,
            geldig_tot: bundel.geldig_tot,
            partijen: lijst.partijen.perioden().filter(|(oin, _)| is_partij(hub, bundel, &lijst, *oin, nu)).count(),
            stand: lijst.stand(),
            convenant,
        });
    }
    Ok(Convenantlijst { convenanten })
}

/// One covenant.
pub(crate) async fn een(hub: &Hub, convenant: &ConvenantId) -> Result<Convenantinzage, Fout> {
    let nu = hub.clock.now();
    let versies = teksten(hub, convenant).await?;
    let lijst = hub.beleid.partijen(hub.store(), convenant, nu).await?;
    if versies.is_empty() && lijst.stand() == 0 {
        return Err(Fout::new(ProblemCode::NietGevonden));
    }
    let actief = versies.iter().find(|v| v.staat == Versiestaat::Actief).map(|v| &v.bundel);
    let mut teksten: Vec<Tekstweergave> = Vec::new();
    for v in &versies {
        let tekst = v.bundel.tekst();
        let versie = Tekstversie { versie: v.versie, nummer: v.bundel.versie, staat: v.staat };
        match teksten.iter_mut().find(|t| t.tekst == tekst) {
            Some(zelfde) => zelfde.versies.push(versie),
            None => teksten.push(Tekstweergave { digest: tekst_digest(&tekst)?, tekst, versies: vec![versie] }),
        }
    }
    let gids = hub.gids.momenteel();
    let mut partijen = Vec::new();
    for (oin, perioden) in lijst.partijen.perioden() {
        for periode in perioden {
            let geldt = periode.vanaf <= nu && periode.tot.is_none_or(|tot| nu < tot);
            let in_kracht = actief.is_some_and(|b| b.tekst() == periode.tekst && is_partij(hub, b, &lijst, oin, nu));
            partijen.push(Partijweergave {
                oin,
                naam: gids.gids.partner(oin).map(|p| p.vermelding.naam.clone()),
                tekst: tekst_digest(&periode.tekst)?,
                afspraken: periode.afspraken,
                vanaf: periode.vanaf,
                tot: periode.tot,
                partij: JaNee::from(geldt && in_kracht),
            });
        }
    }
    let verklaringen = lijst.verklaringen.iter().zip(1..).map(|(v, n)| weergave(v, n)).collect::<Result<_, _>>()?;
    let in_kracht = actief.map(|b| tekst_digest(&b.tekst())).transpose()?;
    Ok(Convenantinzage { convenant: convenant.clone(), in_kracht, teksten, partijen, verklaringen, stand: lijst.stand() })
}

/// Whether an organisation of the directory is a party to this version at this moment.
fn is_partij(hub: &Hub, bundel: &Bundel, lijst: &Partijenlijst, oin: Oin, nu: Tijdstip) -> bool {
    let gids = hub.gids.momenteel();
    gids.gids.partner(oin).is_some_and(|p| {
        let partij = Deelpartij { oin, partnertype: p.vermelding.partnertype };
        bundel.staat_open(&partij, nu) && lijst.partijen.lid(&bundel.tekst(), oin, nu).is_some()
    })
}

fn weergave(v: &Partijverklaring, nummer: usize) -> Result<Verklaringweergave, Fout> {
    let intern = |fout| Fout::new(ProblemCode::InterneFout).door(fout);
    let (vanaf, functie, ondertekend_op) = match v.soort {
        Partijverklaringsoort::Toetreding => {
            let t: Toetreding = unverified_payload(&v.verklaring).map_err(intern)?;
            (t.vanaf, t.functie, t.tijd)
        }
        Partijverklaringsoort::Uittreding => {
            let u: Uittreding = unverified_payload(&v.verklaring).map_err(intern)?;
            (u.vanaf, u.functie, u.tijd)
        }
    };
    Ok(Verklaringweergave {
        nummer,
        soort: v.soort,
        partij: v.partij,
        volgnummer: v.volgnummer,
        vanaf,
        functie,
        ondertekend_op,
        vastgelegd_op: v.tijd,
        verklaring: v.verklaring.clone(),
        medeondertekening: v.medeondertekening.clone(),
    })
}
