//! What the hub is told of a delivery, under our signature: that our system has it, or that it is refused and why.

use inbreng_domain::{
    DeelId, Digest, LeveringId,
    levering::Levering,
    receipts::{Gelezen, Ontvangst, Weigering, Weigeringscode},
};
use inbreng_proof::{Typ, digest_of, jws};
use serde_json::Value;

use super::{Omgeving, Werkfout};
use crate::{
    hub::Hubfout,
    store::{Instand, Lezing, Post},
};

/// Tells the hub, under our signature, that our system has it; what is not view-only leaves our store.
pub(super) async fn ontvangst(omgeving: &Omgeving, post: &Post) -> Result<(), Werkfout> {
    let nu = omgeving.clock.now();
    let ruw = post.ruw.as_deref().ok_or_else(|| Werkfout::intern("delivery is gone"))?;
    let ontvangst = Ontvangst {
        levering: post.levering,
        bericht: post.bericht,
        digest: digest_van(ruw)?,
        delen: delen_van(ruw)?,
        ontvanger: omgeving.organisatie.oin,
        tijd: nu,
    };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Ontvangst, &ontvangst).map_err(Werkfout::intern)?;
    afgesloten(omgeving.hub.ontvangst(post.levering, jws).await)?;
    // It was read by then, or under the number that a hub which was put back does not know.
    if let Some(lezing) = omgeving.opslag.lezing(post.levering).await? {
        nogmaals(post.levering, gelezen(omgeving, &lezing).await?)?;
    }
    let rest = alleen_inzage(ruw);
    omgeving.opslag.post_gemeld(post.levering, Instand::Gemeld, rest.as_deref(), nu).await?;
    tracing::info!(levering = %post.levering, soort = %post.soort, "levering afgeleverd en gemeld");
    Ok(())
}

/// Tells the hub, under our signature, that a human read a delivery. Gives what the hub said.
pub(super) async fn gelezen(omgeving: &Omgeving, lezing: &Lezing) -> Result<Result<(), Hubfout>, Werkfout> {
    let Lezing { levering, functie, tijd } = lezing.clone();
    let gelezen = Gelezen { levering, functie, ontvanger: omgeving.organisatie.oin, tijd };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Gelezen, &gelezen).map_err(Werkfout::intern)?;
    Ok(omgeving.hub.gelezen(levering, jws).await)
}

/// What a word that is told again needs not: the hub knows it already, does not know the delivery, or brought other parts of the
/// message. That one it will offer.
pub(super) fn nogmaals(levering: LeveringId, uitslag: Result<(), Hubfout>) -> Result<(), Hubfout> {
    match uitslag {
        Err(Hubfout::Probleem(problem)) if (400..500).contains(&problem.status) && !matches!(problem.status, 401 | 408 | 429) => {
            tracing::info!(%levering, code = %problem.code, "woord over een levering niet opnieuw aangenomen");
            Ok(())
        }
        uitslag => uitslag,
    }
}

/// Digest of the signed `bericht` as it came.
fn digest_van(ruw: &str) -> Result<Digest, Werkfout> {
    let waarde: Value = serde_json::from_str(ruw).map_err(Werkfout::intern)?;
    let bericht = waarde.pointer("/bericht/data/bericht").ok_or_else(|| Werkfout::intern("delivery without message"))?;
    digest_of(bericht).map_err(Werkfout::intern)
}

/// The parts that came, in their order.
fn delen_van(ruw: &str) -> Result<Vec<DeelId>, Werkfout> {
    let levering: Levering = serde_json::from_str(ruw).map_err(Werkfout::intern)?;
    Ok(levering.bericht.data.delen.iter().map(|d| d.labels.id).collect())
}

/// The delivery with its view-only parts only; nothing where there are none.
fn alleen_inzage(ruw: &str) -> Option<String> {
    let mut levering: Levering = serde_json::from_str(ruw).ok()?;
    levering.bericht.data.delen.retain(|d| d.inhoud.recipients.is_empty());
    if levering.bericht.data.delen.is_empty() { None } else { serde_json::to_string(&levering).ok() }
}

pub(super) async fn weigering(omgeving: &Omgeving, post: &Post) -> Result<(), Werkfout> {
    let code = post.code.unwrap_or(Weigeringscode::InhoudOngeldig);
    weigeren(omgeving, post.levering, post.bericht, Some(post.digest), code).await?;
    Ok(omgeving.opslag.post_gemeld(post.levering, Instand::WeigeringGemeld, None, omgeving.clock.now()).await?)
}

/// Tells the hub, under our signature, that a delivery is refused.
pub(super) async fn weigeren(
    omgeving: &Omgeving,
    levering: LeveringId,
    bericht: inbreng_domain::BerichtId,
    digest: Option<Digest>,
    code: Weigeringscode,
) -> Result<(), Werkfout> {
    let weigering =
        Weigering { levering, bericht, digest, code, ontvanger: omgeving.organisatie.oin, tijd: omgeving.clock.now() };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Weigering, &weigering).map_err(Werkfout::intern)?;
    afgesloten(omgeving.hub.weigering(levering, jws).await)
}

/// That the hub knew already is as good as telling it.
fn afgesloten(uitslag: Result<(), Hubfout>) -> Result<(), Werkfout> {
    match uitslag {
        Err(fout) if fout.code() == Some(inbreng_domain::ProblemCode::LeveringAfgesloten) => Ok(()),
        uitslag => Ok(uitslag?),
    }
}
