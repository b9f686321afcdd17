//! Accepting a message: identify, verify, decide, store and log in one commit, answer with a signed receipt.
//!
//! Each check is its own module with its own refusal. What a refusal tells depends on the message alone, until the
//! sender's participation has been tested.

pub(crate) mod agree;
mod deelnemers;
pub(crate) mod delivery;
pub(crate) mod effects;
pub(crate) mod intrekking;
pub(crate) mod limits;
mod niet_gedeeld;
pub(crate) mod plichten;
pub(crate) mod receipt;
pub(crate) mod refusal;
pub(crate) mod sealing;
pub(crate) mod signature;
pub(crate) mod terugval;

use std::collections::BTreeSet;

use inbreng_bus::Werk;
use inbreng_catalogue::{Definitie, Routering};
use inbreng_domain::{
    Digest, Envelope, Oin, Tijdstip, part::Toegangsverklaring, problem::ProblemCode, vocabulary::Toegangswijze,
};
use inbreng_proof::{CanonicalText, sha256};
use inbreng_storage::{Aanname, Aannameuitslag, Beantwoord, Beleidsgrens, Feitenstand, NieuwBericht};

use crate::{
    Fout, Hub, bewaren,
    decide::{
        Afloop, Besluiten, Deelvraag, Situatie, Voor, answer,
        case::{self, Kennis, Zaakvraag},
        reference,
        routing::{self, Ontvanger, Routevraag},
    },
    herzien,
    policies::InKracht,
    read,
};
use intrekking::Verteld;
pub(crate) use sealing::zegelsleutel;
use sealing::{Omgeving, Verzegeld};
use signature::Ondertekend;
use terugval::Terugval;

/// How often a decision is made again when its facts have moved meanwhile.
const POGINGEN: usize = 5;

/// Accepts a message, or says why not.
pub(crate) async fn aannemen(hub: &Hub, van: Oin, body: &[u8]) -> Result<String, Fout> {
    let (tekst, envelop): (CanonicalText<'_>, Envelope) = read::body(body, hub.grenzen().message_bytes, hub.grenzen().nesting)?;
    limits::delen(envelop.data.delen.len(), &hub.grenzen())?;
    agree::afzender(&envelop, van)?;
    let soort = hub.catalogus.soort(&envelop.berichttype).ok_or_else(|| Fout::new(ProblemCode::TypeOnbekend).at("/type"))?;
    agree::gelijk(&envelop)?;

    let nu = hub.clock.now();
    let ondertekend = {
        let gids = hub.gids.stand(hub.store(), nu).await?;
        let afzender = gids.aangeslotene(van, nu)?;
        signature::controleren(&tekst, &envelop, &afzender.certificaat.key)
    };
    let ondertekend = match ondertekend {
        // Its sender has another certificate by now. What was accepted under the one before, byte for byte, was accepted.
        Err(fout) if fout.code() == ProblemCode::HandtekeningOngeldig => {
            let eerder = hub.store.ontvangstbewijs(van, envelop.id).await?;
            let zelfde = eerder.filter(|(digest, _)| *digest == sha256(tekst.as_str().as_bytes()));
            return zelfde.map(|(_, ontvangstbewijs)| ontvangstbewijs).ok_or(fout);
        }
        ondertekend => ondertekend?,
    };
    let verstuurd = Verstuurd { tekst: &tekst, envelop: &envelop, soort, ondertekend: &ondertekend };
    match nieuw(hub, verstuurd).await {
        // Looked up before it was recorded.
        Err(fout) if fout.code() == ProblemCode::NietToegestaan => Err(fout),
        // The commit finds a message that was accepted before. What refuses it now has changed since, and is nothing to it.
        Err(fout) => eerder(hub, &envelop, &ondertekend).await?.ok_or(fout),
        klaar => klaar,
    }
}

/// Accepts a message, unless it was accepted before and something stands in its way now.
async fn nieuw(hub: &Hub, verstuurd: Verstuurd<'_>) -> Result<String, Fout> {
    let Verstuurd { envelop, soort, ondertekend, .. } = verstuurd;
    inhoudelijk(hub, envelop, soort, ondertekend)?;
    let mut kennis = if envelop.data.kop.opening.is_some() { Kennis::Verwacht } else { Kennis::Gelezen };
    for _ in 0..POGINGEN {
        match poging(hub, verstuurd, kennis).await {
            Ok(Poging::Klaar(antwoord)) => return Ok(antwoord),
            Ok(Poging::Opnieuw) => {
                let nu = hub.clock.now();
                hub.gids.herladen(hub.store(), nu).await?;
                hub.beleid.herladen(hub.store(), nu).await?;
            }
            // What is only expected refuses nothing.
            Err(_) if kennis == Kennis::Verwacht => {}
            Err(fout) => return Err(fout),
        }
        kennis = Kennis::Gelezen;
    }
    Err(Fout::new(ProblemCode::OpslagNietBeschikbaar))
}

/// The receipt, when this message was accepted before.
async fn eerder(hub: &Hub, envelop: &Envelope, ondertekend: &Ondertekend) -> Result<Option<String>, Fout> {
    match hub.store.ontvangstbewijs(envelop.data.bericht.van, envelop.id).await? {
        Some((digest, ontvangstbewijs)) => herhaling(digest, ontvangstbewijs, ondertekend.digest).map(Some),
        None => Ok(None),
    }
}

/// The same message again: the same receipt. Another message under the same number: never.
fn herhaling(eerder: Digest, ontvangstbewijs: String, nu: Digest) -> Result<String, Fout> {
    if eerder == nu { Ok(ontvangstbewijs) } else { Err(Fout::new(ProblemCode::BerichtBestaatAnders)) }
}

/// What can be judged without any state: limits, what the catalogue says, the statement's schema.
fn inhoudelijk(hub: &Hub, envelop: &Envelope, soort: &Definitie, ondertekend: &Ondertekend) -> Result<(), Fout> {
    let bericht = &envelop.data.bericht;
    limits::header(ondertekend.bericht.len() + ondertekend.kop.len(), &hub.grenzen())?;
    limits::personen(envelop.data.delen.iter().map(|d| &d.labels), &hub.grenzen())?;
    limits::variant(bericht.variant.as_ref(), soort, "/data/bericht/variant")?;
    limits::aantal_van_soort(envelop.data.delen.len(), soort, "/data/delen")?;
    hub.catalogus.toets_verklaring(&soort.naam, &bericht.verklaring).map_err(|error| {
        let pad = format!("/data/bericht/verklaring{}", error.pad);
        Fout::new(ProblemCode::VerklaringOngeldig).at(pad).door(error)
    })
}

/// A message whose one signature holds.
#[derive(Debug, Clone, Copy)]
struct Verstuurd<'a> {
    tekst: &'a CanonicalText<'a>,
    envelop: &'a Envelope,
    soort: &'a Definitie,
    ondertekend: &'a Ondertekend,
}

enum Poging {
    Klaar(String),
    /// The facts moved between reading and writing.
    Opnieuw,
}

/// Decides and writes, once.
async fn poging(hub: &Hub, verstuurd: Verstuurd<'_>, kennis: Kennis) -> Result<Poging, Fout> {
    let Verstuurd { tekst, envelop, soort, ondertekend } = verstuurd;
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let van = gids.aangeslotene(envelop.data.bericht.van, nu)?;
    let beleid = beleid(hub, envelop, nu).await?;
    let ondertekenaar = van.certificaat.thumbprint.as_str();
    let geschreven = envelop.data.bericht.tijd;
    let nagezonden = hub.herstel.punt().filter(|punt| geschreven <= punt.op).map(|_| geschreven);
    let omgeving = Omgeving { gids: &gids.gids, ondertekenaar, hub: hub.oin, soort, nu, nagezonden };
    let verzegeld = verzegeling(tekst, envelop, &omgeving)?;

    let bericht = &envelop.data.bericht;
    let kop = &envelop.data.kop;
    let genoemd = reference::delen(&bericht.verklaring).unwrap_or_default();
    let zaakvraag = Zaakvraag {
        soort,
        variant: bericht.variant.as_ref(),
        van: bericht.van,
        casus: bericht.casus,
        opening: kop.opening,
        bevraagd: bericht.antwoord_op.filter(|_| hub.catalogus.antwoordt_van_buiten(soort)),
        ingebracht: case::ingebracht(soort, &bericht.verklaring),
        genoemd: &genoemd,
        afgewezen: case::afgewezen(soort, bericht.antwoord_op, &bericht.verklaring),
        afgedaan: case::afgedaan(soort, bericht.antwoord_op),
        nu,
    };
    let zaak = match case::vinden(hub.store(), &zaakvraag, kennis).await {
        Err(fout) if fout.code() == ProblemCode::NietToegestaan => {
            if let Some(antwoord) = eerder(hub, envelop, ondertekend).await? {
                return Ok(Poging::Klaar(antwoord));
            }
            let vastgelegd = refusal::buitenstaander(hub, envelop, ondertekend.digest, &beleid, nu).await?;
            return if vastgelegd { Err(fout) } else { Ok(Poging::Opnieuw) };
        }
        gevonden => gevonden?,
    };
    let beantwoord =
        answer::vinden(hub.store(), soort, van, bericht.antwoord_op, bericht.casus, "/data/bericht/antwoordOp").await?;
    let verwijzing =
        reference::vinden(hub.store(), soort, bericht.van, bericht.casus, &bericht.verklaring, "/data/bericht/verklaring")
            .await?;
    if let Some(verwijzing) = &verwijzing {
        verwijzing.past_bij(envelop.data.delen.iter().map(|d| &d.labels), "/data/delen")?;
    }
    let mut ontvangers = routing::oplossen(&Routevraag {
        van: bericht.van,
        hub: hub.oin,
        soort,
        gemeente: kop.gemeente,
        geadresseerden: &kop.geadresseerden,
        beantwoord: beantwoord.as_ref(),
        verwijzing: verwijzing.as_ref(),
        gids: &gids.gids,
        beleid: &beleid.beleid,
        pad: "/data/kop/geadresseerden",
    })?;
    let te_vertellen = intrekking::te_vertellen(hub, soort, bericht, &zaak, &gids.gids, (&beleid, nu)).await?;
    intrekking::toevoegen(&mut ontvangers, &te_vertellen, &gids.gids);
    intrekking::alle_houders(&mut ontvangers, soort, verwijzing.as_ref(), (bericht.van, hub.oin), &gids.gids);
    let delen = deelvragen(hub, envelop, &verzegeld, &ontvangers)?;

    let situatie = Situatie {
        soort,
        variant: bericht.variant.as_ref(),
        convenant: &kop.convenant,
        van,
        zaak: &zaak,
        beleid: &beleid.beleid,
        partijen: &beleid.partijen.partijen,
        gids: &gids.gids,
        betreft: effects::betreft(soort, &bericht.verklaring),
        nu,
    };
    let besluiten = Besluiten::nemen(&situatie, &ontvangers, &delen)?;
    let terugval = Terugval::nemen(&situatie, envelop, &verzegeld, &ontvangers, nagezonden.is_some())?;
    iedereen_krijgt_iets(soort, &ontvangers, &besluiten)?;
    if besluiten.afloop() == Afloop::Geweigerd {
        if zaak.is_verwacht {
            return Ok(Poging::Opnieuw);
        }
        if let Some(antwoord) = eerder(hub, envelop, ondertekend).await? {
            return Ok(Poging::Klaar(antwoord));
        }
        return match refusal::vastleggen(hub, envelop, ondertekend.digest, &besluiten, beleid.grens, nu).await? {
            Some(fout) => Err(fout),
            None => Ok(Poging::Opnieuw),
        };
    }
    let feiten = Feitenstand { casus: zaak.stand, gids: gids.stand };
    let op = Opdracht {
        situatie: &situatie,
        beantwoord: beantwoord.as_ref(),
        te_vertellen: &te_vertellen,
        terugval: terugval.as_ref(),
        feiten,
        grens: beleid.grens,
    };
    schrijven(hub, envelop, ondertekend, verzegeld, op, besluiten).await
}

/// What was found, for what is written.
#[derive(Debug, Clone, Copy)]
struct Opdracht<'a> {
    situatie: &'a Situatie<'a>,
    beantwoord: Option<&'a Beantwoord>,
    te_vertellen: &'a [Verteld],
    terugval: Option<&'a Terugval>,
    feiten: Feitenstand,
    grens: Beleidsgrens,
}

/// The policy that decides must be the one that the sender checked against.
async fn beleid(hub: &Hub, envelop: &Envelope, nu: Tijdstip) -> Result<InKracht, Fout> {
    let kop = &envelop.data.kop;
    let geldend = hub.beleid.geldend(hub.store(), &kop.convenant, nu, "/data/kop/convenant").await?;
    if geldend.beleid.digest() == kop.beleid {
        Ok(geldend)
    } else {
        Err(Fout::new(ProblemCode::OpnieuwToetsen).at("/data/kop/beleid"))
    }
}

fn verzegeling(tekst: &CanonicalText<'_>, envelop: &Envelope, omgeving: &Omgeving<'_>) -> Result<Vec<Verzegeld>, Fout> {
    let delen = envelop.data.delen.iter().zip(&envelop.data.kop.delen).zip(signature::delen(tekst)).enumerate();
    delen
        .map(|(i, ((deel, verwijzing), tekst))| {
            sealing::controleren(deel, tekst, verwijzing.digest, omgeving, &format!("/data/delen/{i}"))
        })
        .collect()
}

/// For whom each part is now; everyone must be addressed. What is sealed beforehand for a later step has decisions of its own.
fn deelvragen<'a>(
    hub: &Hub,
    envelop: &'a Envelope,
    verzegeld: &[Verzegeld],
    ontvangers: &[Ontvanger],
) -> Result<Vec<Deelvraag<'a>>, Fout> {
    // Of its sender's choice: how many have what it takes back grows by what it gives further, and must not keep it from being taken back.
    let mut samen: BTreeSet<Oin> = ontvangers.iter().filter(|o| o.is_gekozen()).map(Ontvanger::oin).collect();
    let nu = |t: &&Toegangsverklaring| t.wijze != Toegangswijze::Terugval;
    samen.extend(verzegeld.iter().flat_map(|v| v.voor.iter().filter(nu).map(|t| t.ontvanger)));
    limits::ontvangers(&samen, &hub.grenzen())?;
    let later: BTreeSet<Oin> = verzegeld.iter().flat_map(|v| v.voor.iter().filter(|t| !nu(t)).map(|t| t.ontvanger)).collect();
    limits::ontvangers(&later, &hub.grenzen())?;

    // Who was named is named; a role or the covenant's choice may have moved since the sender checked.
    let genoemd = !envelop.data.kop.geadresseerden.is_empty() && ontvangers.iter().all(Ontvanger::is_genoemd);
    let afwijking = if genoemd { ProblemCode::NietGelijk } else { ProblemCode::OpnieuwToetsen };

    let mut vragen = Vec::with_capacity(verzegeld.len());
    for (i, (deel, verzegeld)) in envelop.data.delen.iter().zip(verzegeld).enumerate() {
        let mut voor = Vec::with_capacity(verzegeld.voor.len());
        for (j, toegang) in verzegeld.voor.iter().enumerate() {
            if toegang.wijze == Toegangswijze::Terugval {
                continue;
            }
            if !ontvangers.iter().any(|o| o.oin() == toegang.ontvanger) {
                return Err(Fout::new(afwijking).at(format!("/data/delen/{i}/toegang/{j}/oin")));
            }
            voor.push(Voor { oin: toegang.ontvanger, wijze: toegang.wijze, genoemd: toegang.genoemd.is_ja() });
        }
        if voor.is_empty() {
            return Err(Fout::new(ProblemCode::VeldOngeldig).at(format!("/data/delen/{i}/toegang")));
        }
        vragen.push(Deelvraag { labels: &deel.labels, voor });
    }
    Ok(vragen)
}

/// Who is named gets a part, or the type says that the statement alone may go; and somebody gets something, where there is somebody.
fn iedereen_krijgt_iets(soort: &Definitie, ontvangers: &[Ontvanger], besluiten: &Besluiten<'_>) -> Result<(), Fout> {
    for ontvanger in ontvangers.iter().filter(|o| o.is_genoemd()) {
        if !besluiten.betreft(ontvanger.oin()) {
            return Err(Fout::new(ProblemCode::NietGelijk).at("/data/kop/geadresseerden"));
        }
    }
    // Nobody has what is taken back: then nobody is told.
    if besluiten.alle().is_empty() && !ontvangers.is_empty() && soort.routering == Routering::Partner {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/data/delen"));
    }
    Ok(())
}

/// One commit, and then the answer.
async fn schrijven(
    hub: &Hub,
    envelop: &Envelope,
    ondertekend: &Ondertekend,
    verzegeld: Vec<Verzegeld>,
    op: Opdracht<'_>,
    besluiten: Besluiten<'_>,
) -> Result<Poging, Fout> {
    let Opdracht { situatie, terugval, feiten, grens, .. } = op;
    let bericht = &envelop.data.bericht;
    let nu = situatie.nu;
    let random = hub.random.as_ref();
    let mut toegelaten = besluiten.toegelaten();
    intrekking::verplichten(&mut toegelaten, op.te_vertellen, situatie);
    let geadresseerd = besluiten.ontvangers();
    let gevolgen = effects::bepalen(hub.store(), situatie, bericht, &geadresseerd, op.beantwoord, &toegelaten).await?;
    let feit = gevolgen.verplaatst_feiten();
    let (mut plichten, voldoeningen) = plichten::van_bericht(situatie, bericht, &gevolgen.zaak);
    plichten.extend(plichten::van_leveringen(situatie, &toegelaten, &envelop.data.delen, &gevolgen.zaak));
    let leveringen = toegelaten.iter().map(|t| {
        let gekregen =
            |v: &&Toegangsverklaring| v.ontvanger == t.ontvanger().oin() && t.delen().iter().any(|(d, _)| *d == v.deel);
        let toegangen = verzegeld.iter().flat_map(|v| &v.voor).filter(gekregen);
        delivery::maken(t, bericht.urgentie, bewaren::bewaren_tot(hub, situatie.soort, toegangen, nu), nu, random)
    });
    let leveringen = leveringen.collect::<Result<Vec<_>, _>>()?;
    let over = receipt::Aangenomen {
        bericht: bericht.id,
        van: bericht.van,
        digest: ondertekend.digest,
        op: nu,
        beleid: situatie.beleid.digest(),
    };
    let (antwoord, blad) = receipt::maken(
        over,
        besluiten.voor_afzender().into_iter().chain(terugval.into_iter().flat_map(Terugval::voor_afzender)).collect(),
        deelnemers::waarschuwen(|n| situatie.beleid.is_veel(n), situatie.zaak, &gevolgen.zaak),
        &hub.sleutel,
        random,
    )?;
    let alle = besluiten.alle().iter().chain(terugval.into_iter().flat_map(Terugval::alle));
    let (opslag, besluitbladen) = receipt::besluiten(bericht.van, Some(bericht.id), alle, nu, random)?;
    let mut bladen = vec![blad];
    bladen.extend(besluitbladen);
    bladen.extend(niet_gedeeld::bladen(situatie, bericht.id, &bericht.verklaring, besluiten.alle(), nu, random)?);

    let werk: Vec<Werk> = leveringen.iter().map(delivery::werk).collect();
    let (delen, wraps): (Vec<_>, Vec<_>) = verzegeld.into_iter().map(|v| (v.deel, v.wraps)).unzip();
    let aanname = Aanname {
        bericht: NieuwBericht {
            van: bericht.van,
            id: bericht.id,
            digest: ondertekend.digest,
            berichttype: bericht.berichttype.clone(),
            casus: bericht.casus,
            antwoord_op: bericht.antwoord_op,
            urgentie: bericht.urgentie,
            convenant: envelop.data.kop.convenant.clone(),
            gemeente: envelop.data.kop.gemeente,
            bron: envelop.source.to_string(),
            bericht: ondertekend.bericht.clone(),
            kop: ondertekend.kop.clone(),
            aangenomen_op: nu,
            ontvangstbewijs: antwoord.clone(),
        },
        delen,
        wraps: wraps.into_iter().flatten().filter(|wrap| terugval::blijft(terugval, wrap)).collect(),
        besluiten: opslag,
        leveringen,
        aangehouden: besluiten.aangehouden().into_iter().chain(terugval.into_iter().flat_map(Terugval::aangehouden)).collect(),
        plichten,
        voldoeningen,
        zaak: gevolgen.zaak,
        toestemmingen: gevolgen.toestemmingen,
        bladen,
        feiten,
        beleid: grens,
    };
    match hub.store.aannemen(aanname).await? {
        Aannameuitslag::Aangenomen => {
            aanbieden(hub, &werk).await;
            if feit {
                // Beside who takes part, who is told: of a message without a case nobody takes part.
                let anderen: BTreeSet<Oin> = situatie.zaak.anderen().chain(geadresseerd).collect();
                herzien::zaak(hub, anderen.into_iter()).await;
            }
            Ok(Poging::Klaar(antwoord))
        }
        Aannameuitslag::AlAanwezig { digest, ontvangstbewijs } => {
            herhaling(digest, ontvangstbewijs, ondertekend.digest).map(Poging::Klaar)
        }
        Aannameuitslag::DeelBestaat(id) => {
            let plaats = envelop.data.delen.iter().position(|d| d.labels.id == id).unwrap_or_default();
            Err(Fout::new(ProblemCode::BerichtBestaatAnders).at(format!("/data/delen/{plaats}/labels/id")))
        }
        Aannameuitslag::Verouderd => Ok(Poging::Opnieuw),
    }
}

/// Tells the bus. What it does not take is found in the store.
pub(crate) async fn aanbieden(hub: &Hub, werk: &[Werk]) {
    if werk.is_empty() {
        return;
    }
    if let Err(error) = hub.bus.aanbieden(werk).await {
        tracing::warn!(error = %error, aantal = werk.len(), "bus did not take deliveries; they wait in the store");
    }
}
