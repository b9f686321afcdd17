//! The receiver: fetches the mailbox, hands each delivery to the own system, and tells the hub.

use std::time::Duration as StdDuration;

use inbreng_domain::{
    LeveringId,
    levering::Levering,
    receipts::{Ontvangst, Weigering, Weigeringscode},
};
use inbreng_proof::{Typ, canonical_string, digest_of, jws};
use serde_json::Value;

use super::{
    Omgeving, Werkfout, checkpoint,
    openen::{Leverfout, openen},
    verzenden::later,
};
use crate::{
    concept::{Eigennummers, Ontvangen, Vertaalfout},
    hub::Hubfout,
    store::{Berichtnummer, Instand, Nieuwkomer, Post},
};

/// Deliveries handed on at one time, each of another case or lane.
const TEGELIJK: u32 = 8;
/// Largest answer of the own system that is read, in bytes.
const GROOTSTE_ANTWOORD: usize = 1024 * 1024;

/// Fetches once. Gives how many deliveries were new.
pub(super) async fn ophalen(omgeving: &Omgeving, wacht: StdDuration) -> Result<usize, Werkfout> {
    let mut nieuw = 0;
    for waarde in omgeving.hub.postvak(wacht).await? {
        nieuw += usize::from(opnemen(omgeving, &waarde).await?);
    }
    if nieuw > 0 {
        omgeving.wek_in.notify_one();
    }
    Ok(nieuw)
}

/// Takes a delivery into the store, sealed as it came. What cannot even be read has no id to refuse it by; it is logged.
async fn opnemen(omgeving: &Omgeving, waarde: &Value) -> Result<bool, Werkfout> {
    let Ok(levering) = serde_json::from_value::<Levering>(waarde.clone()) else {
        let id = waarde.get("id").and_then(Value::as_str).and_then(|id| LeveringId::parse(id).ok());
        tracing::error!(levering = ?id, "levering heeft een onbekende vorm");
        if let Some(id) = id {
            onleesbaar(omgeving, id, waarde).await?;
        }
        return Ok(false);
    };
    let bericht = waarde.get("bericht").ok_or_else(|| Werkfout::intern("delivery without message"))?;
    let digest = digest_of(bericht).map_err(Werkfout::intern)?;
    let ruw = canonical_string(waarde).map_err(Werkfout::intern)?;
    let envelop = &levering.bericht;
    let zaak = envelop.subject.map_or_else(|| envelop.id.to_string(), |c| c.to_string());
    let nieuw = Nieuwkomer {
        levering: levering.id,
        bericht: envelop.id,
        zaak: &zaak,
        baan: levering.baan,
        soort: envelop.berichttype.naam(),
        van: envelop.source.oin(),
        digest,
        ruw: &ruw,
        nu: omgeving.clock.now(),
    };
    let mut tx = omgeving.opslag.begin().await?;
    let opgenomen = tx.post_opnemen(&nieuw).await?;
    tx.vastleggen().await?;
    Ok(opgenomen)
}

/// A delivery that we cannot read is refused at once, once.
async fn onleesbaar(omgeving: &Omgeving, levering: LeveringId, waarde: &Value) -> Result<(), Werkfout> {
    let bericht = waarde.pointer("/bericht/id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(bericht) = bericht else { return Ok(()) };
    weigeren(omgeving, levering, bericht, Weigeringscode::InhoudOngeldig).await
}

/// Does one round: every delivery whose turn it is, as far as it gets. Gives how many.
pub(super) async fn ronde(omgeving: &Omgeving) -> Result<usize, Werkfout> {
    let beurt = omgeving.opslag.post_aan_de_beurt(omgeving.clock.now(), TEGELIJK).await?;
    let uitslagen = futures_util::future::join_all(beurt.iter().map(|post| een(omgeving, post))).await;
    omgeving.veranderd.notify_waiters();
    let mut vooruit = 0;
    for uitslag in uitslagen {
        vooruit += usize::from(uitslag?);
    }
    Ok(vooruit)
}

/// One delivery, to its end or to a pause. True when it moved.
async fn een(omgeving: &Omgeving, post: &Post) -> Result<bool, Werkfout> {
    let stap = match post.stand {
        Instand::Opgehaald | Instand::Geopend => afleveren(omgeving, post).await,
        Instand::Afgeleverd => melden(omgeving, post).await.map(|()| true),
        Instand::Geweigerd => weigering_melden(omgeving, post).await.map(|()| true),
        Instand::Gemeld | Instand::WeigeringGemeld => Ok(false),
    };
    match stap {
        Ok(vooruit) => Ok(vooruit),
        Err(fout @ Werkfout::Opslag(_)) => Err(fout),
        Err(fout) => {
            tracing::warn!(levering = %post.levering, reden = %fout, pogingen = post.pogingen, "levering wacht");
            let wanneer = later(omgeving, post.pogingen, omgeving.clock.now());
            omgeving.opslag.post_later(post.levering, wanneer).await?;
            Ok(false)
        }
    }
}

async fn afleveren(omgeving: &Omgeving, post: &Post) -> Result<bool, Werkfout> {
    // Where the own system fetches and confirms by itself, a delivery that opens waits for it.
    if omgeving.eigen_systeem.is_none() && post.stand == Instand::Geopend {
        return Ok(false);
    }
    let Some(ontvangen) = verifieren(omgeving, post).await? else { return Ok(true) };
    let Some(eigen) = &omgeving.eigen_systeem else { return Ok(true) };
    let bericht = match omgeving.vertaling.inkomend(&ontvangen) {
        Ok(bericht) => bericht,
        Err(Vertaalfout::SoortOnbekend(_)) => {
            omgeving.opslag.post_geweigerd(post.levering, Weigeringscode::TypeOnbekend).await?;
            return Ok(true);
        }
        Err(fout) => return Err(Werkfout::Vertaling(fout)),
    };
    let antwoord = omgeving
        .http
        .post(format!("{}{}", eigen.adres.trim_end_matches('/'), bericht.pad))
        .header("Idempotency-Key", post.levering.to_string())
        .json(&bericht.lichaam)
        .send()
        .await
        .map_err(Werkfout::EigenSysteem)?;
    if !antwoord.status().is_success() {
        return Err(Werkfout::EigenSysteemWeigert(antwoord.status().as_u16()));
    }
    let antwoord = antwoord_lezen(antwoord).await;
    let nummers = omgeving.vertaling.eigennummers(&ontvangen, &antwoord);
    afgeleverd(omgeving, &ontvangen, nummers).await?;
    omgeving.wek_in.notify_one();
    Ok(true)
}

/// Verifies and opens; refuses what does not hold. Nothing: it was refused, must wait, or the own system has it already.
pub(crate) async fn verifieren(omgeving: &Omgeving, post: &Post) -> Result<Option<Ontvangen>, Werkfout> {
    let ruw = post.ruw.as_deref().ok_or_else(|| Werkfout::intern("delivery is gone"))?;
    let uitslag = match openen(omgeving, ruw).await {
        Err(Leverfout::AfzenderOnbekend) => {
            omgeving.verversen().await?;
            openen(omgeving, ruw).await
        }
        uitslag => uitslag,
    };
    match uitslag {
        Ok(ontvangen) => {
            if post.stand == Instand::Opgehaald {
                let delen: Vec<_> = ontvangen.delen.iter().map(|d| d.labels.id).collect();
                if omgeving.opslag.al_afgeleverd(post, &delen).await? {
                    tracing::warn!(levering = %post.levering, van = %post.van, "levering brengt niets nieuws; niet nog eens doorgegeven");
                    omgeving.opslag.post_zet(post.levering, Instand::Afgeleverd).await?;
                    return Ok(None);
                }
                geopend(omgeving, &ontvangen).await?;
                checkpoint::van_ander(omgeving, ruw).await;
            }
            Ok(Some(ontvangen))
        }
        Err(Leverfout::Werk(fout)) => Err(fout),
        Err(Leverfout::AfzenderOnbekend) => {
            tracing::warn!(levering = %post.levering, van = %post.van, "levering geweigerd: afzender niet in de gids");
            omgeving.opslag.post_geweigerd(post.levering, Weigeringscode::HandtekeningOngeldig).await?;
            Ok(None)
        }
        Err(Leverfout::Geweigerd(code, waarom)) => {
            tracing::warn!(levering = %post.levering, van = %post.van, %code, waarom, "levering geweigerd");
            omgeving.opslag.post_geweigerd(post.levering, code).await?;
            Ok(None)
        }
    }
}

/// Remembers case, message, parts and persons, so that answers can name them.
async fn geopend(omgeving: &Omgeving, ontvangen: &Ontvangen) -> Result<(), Werkfout> {
    let mut tx = omgeving.opslag.begin().await?;
    leren(&mut tx, ontvangen, &Eigennummers::default()).await?;
    for deel in ontvangen.delen.iter().filter(|d| d.inhoud.open().is_none()) {
        tx.inzagedeel(deel.labels.id, ontvangen.levering).await?;
    }
    tx.post_stand(ontvangen.levering, Instand::Geopend).await?;
    Ok(tx.vastleggen().await?)
}

/// The own system has it, and said under which numbers.
pub(crate) async fn afgeleverd(omgeving: &Omgeving, ontvangen: &Ontvangen, nummers: Eigennummers) -> Result<(), Werkfout> {
    let mut tx = omgeving.opslag.begin().await?;
    leren(&mut tx, ontvangen, &nummers).await?;
    tx.post_stand(ontvangen.levering, Instand::Afgeleverd).await?;
    Ok(tx.vastleggen().await?)
}

async fn leren(tx: &mut crate::store::Transactie, ontvangen: &Ontvangen, nummers: &Eigennummers) -> Result<(), Werkfout> {
    let delen: Vec<_> = ontvangen.delen.iter().map(|d| d.labels.id).collect();
    let bericht = Berichtnummer {
        id: ontvangen.bericht,
        kenmerk: nummers.kenmerk.clone().unwrap_or_else(|| ontvangen.bericht.to_string()),
        casus: ontvangen.casus.as_ref().map(|c| c.verwijzing),
        van: ontvangen.van.oin,
        soort: ontvangen.soort.clone(),
    };
    tx.bericht_leren(&bericht, &delen).await?;
    let Some(casus) = &ontvangen.casus else { return Ok(()) };
    tx.zaak_leren(casus.verwijzing, nummers.casus.as_deref()).await?;
    for betrokkene in ontvangen.delen.iter().flat_map(|d| &d.labels.betrokkenen) {
        tx.persoon_leren(casus.verwijzing, betrokkene.persoon, None).await?;
    }
    for (persoon, eigen) in &nummers.personen {
        tx.persoon_leren(casus.verwijzing, *persoon, Some(eigen)).await?;
    }
    Ok(())
}

/// Tells the hub, under our signature, that our system has it; what is not view-only leaves our store.
async fn melden(omgeving: &Omgeving, post: &Post) -> Result<(), Werkfout> {
    let nu = omgeving.clock.now();
    let ontvangst = Ontvangst {
        levering: post.levering,
        bericht: post.bericht,
        digest: post.digest,
        ontvanger: omgeving.organisatie.oin,
        tijd: nu,
    };
    let jws = jws::sign(&omgeving.ondertekening, Typ::Ontvangst, &ontvangst).map_err(Werkfout::intern)?;
    afgesloten(omgeving.hub.ontvangst(post.levering, jws).await)?;
    let rest = post.ruw.as_deref().and_then(alleen_inzage);
    omgeving.opslag.post_gemeld(post.levering, Instand::Gemeld, rest.as_deref(), nu).await?;
    tracing::info!(levering = %post.levering, soort = %post.soort, "levering afgeleverd en gemeld");
    Ok(())
}

/// The delivery with its view-only parts only; nothing where there are none.
fn alleen_inzage(ruw: &str) -> Option<String> {
    let mut levering: Levering = serde_json::from_str(ruw).ok()?;
    levering.bericht.data.delen.retain(|d| d.inhoud.recipients.is_empty());
    if levering.bericht.data.delen.is_empty() { None } else { serde_json::to_string(&levering).ok() }
}

async fn weigering_melden(omgeving: &Omgeving, post: &Post) -> Result<(), Werkfout> {
    let code = post.code.unwrap_or(Weigeringscode::InhoudOngeldig);
    weigeren(omgeving, post.levering, post.bericht, code).await?;
    Ok(omgeving.opslag.post_gemeld(post.levering, Instand::WeigeringGemeld, None, omgeving.clock.now()).await?)
}

async fn weigeren(
    omgeving: &Omgeving,
    levering: LeveringId,
    bericht: inbreng_domain::BerichtId,
    code: Weigeringscode,
) -> Result<(), Werkfout> {
    let weigering = Weigering { levering, bericht, code, ontvanger: omgeving.organisatie.oin, tijd: omgeving.clock.now() };
    let jws = jws::sign(&omgeving.ondertekening, Typ::Weigering, &weigering).map_err(Werkfout::intern)?;
    afgesloten(omgeving.hub.weigering(levering, jws).await)
}

/// That the hub knew already is as good as telling it.
fn afgesloten(uitslag: Result<(), Hubfout>) -> Result<(), Werkfout> {
    match uitslag {
        Err(fout) if fout.code() == Some(inbreng_domain::ProblemCode::LeveringAfgesloten) => Ok(()),
        uitslag => Ok(uitslag?),
    }
}

/// The own system's answer: JSON where it gave some, nothing otherwise. It says numbers only, so nothing hangs on it.
async fn antwoord_lezen(mut antwoord: reqwest::Response) -> Value {
    let mut bytes = Vec::new();
    while let Ok(Some(stuk)) = antwoord.chunk().await {
        if bytes.len() + stuk.len() > GROOTSTE_ANTWOORD {
            return Value::Null;
        }
        bytes.extend_from_slice(&stuk);
    }
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}
